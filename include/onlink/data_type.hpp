// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_DATA_TYPE_HPP
#define ONLINK_DATA_TYPE_HPP

#include <onlink/error.hpp>

#include <cstdint>
#include <string_view>

namespace onlink {

/// The data types of state variables and arguments (UDA 2.0, 2.5).
enum class data_type : std::uint8_t {
    ui1,
    ui2,
    ui4,
    ui8, ///< UDA 2.0 only
    i1,
    i2,
    i4,
    i8,      ///< UDA 2.0 only
    integer, ///< `int`: no range stated; 64 bits are accepted
    r4,
    r8,
    number, ///< synonym of r8
    fixed_14_4,
    floating, ///< `float`
    boolean,
    character, ///< `char`: one Unicode code point
    string,
    date,
    date_time,
    date_time_tz,
    time,
    time_tz,
    bin_base64,
    bin_hex,
    uri,
    uuid,
};

/// The spelling in `<dataType>`, e.g. `dateTime.tz`.
ONLINK_EXPORT std::string_view to_string(data_type type) noexcept;

/// Errors: unsupported for a word that is no UPnP data type.
ONLINK_EXPORT result<data_type> parse_data_type(std::string_view text) noexcept;

/// The C++ families a UPnP value can be held in.
enum class value_kind : std::uint8_t {
    boolean,
    integer,
    real,
    text,
    binary,
    date,      ///< std::chrono::year_month_day
    date_time, ///< onlink::zoned_date_time; without offset for `dateTime`
    time,      ///< onlink::zoned_time_of_day; without offset for `time`
};

/// In which family values of a type are held.
ONLINK_EXPORT value_kind kind_of(data_type type) noexcept;

} // namespace onlink

#endif
