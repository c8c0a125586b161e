// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_DATA_TYPE_HPP
#define ONLINK_DATA_TYPE_HPP

#include <onlink/calendar.hpp>
#include <onlink/error.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

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

using bytes = std::vector<std::byte>;

/// The C++ families a UPnP value can be held in.
enum class value_kind : std::uint8_t { boolean, integer, real, text, binary };

/// In which family values of a type are held.
ONLINK_EXPORT value_kind kind_of(data_type type) noexcept;

/// A UPnP value in C++ form: bool, a 64-bit integer, a double, UTF-8 text or bytes. Dates and times are held
/// as text, and made from and read as the types of calendar.hpp.
class value {
public:
    template <std::same_as<bool> T>
    value(T b) : held_(b)
    {}
    template <std::signed_integral T>
    value(T i) : held_(std::int64_t{i})
    {}
    template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>) value(T u) : held_(std::uint64_t{u}) {}
    template <std::floating_point T>
    value(T d) : held_(static_cast<double>(d))
    {}
    value(std::string text) : held_(std::move(text)) {}
    value(std::string_view text) : held_(std::string{text}) {}
    value(char const* text) : held_(std::string{text}) {}
    value(bytes data) : held_(std::move(data)) {}
    /// One out of its range makes a text that is legal for no type.
    template <calendar_value T>
    value(T const& when) : held_(to_text(when))
    {}

    ONLINK_EXPORT value_kind kind() const noexcept;

    /// The value as a T: bool, any integer type, float or double, std::string, bytes, or a type of
    /// calendar.hpp. Errors: wrong_type for another family, out_of_range for an integer that T cannot hold,
    /// malformed for a text that is no such date or time.
    template <class T>
    result<T> get() const;

    /// Same family and equal; integers compare by value whether they are held signed or unsigned.
    ONLINK_EXPORT friend bool operator==(value const& a, value const& b) noexcept;

private:
    std::variant<bool, std::int64_t, std::uint64_t, double, std::string, bytes> held_;
};

/// Reads the lexical form of a type (UDA 2.0, 2.5). White space around numbers is not allowed.
/// Errors: malformed, out_of_range (beyond what the data type itself can hold), not_utf8.
ONLINK_EXPORT result<value> parse_value(data_type type, std::string_view text);

/// Writes the one form we emit: shortest integers, `0` or `1` for booleans. Not XML-escaped.
/// Errors: wrong_type, out_of_range, malformed (a text that is not legal for the type).
ONLINK_EXPORT result<std::string> format_value(data_type type, value const& v);

// ------------------------------------------------------------------------------------------------------

template <class T>
result<T> value::get() const
{
    if constexpr (std::same_as<T, bool>) {
        if (auto const* b = std::get_if<bool>(&held_))
            return *b;
    } else if constexpr (std::integral<T>) {
        if (auto const* i = std::get_if<std::int64_t>(&held_)) {
            if (!std::in_range<T>(*i))
                return errc::out_of_range;
            return static_cast<T>(*i);
        }
        if (auto const* u = std::get_if<std::uint64_t>(&held_)) {
            if (!std::in_range<T>(*u))
                return errc::out_of_range;
            return static_cast<T>(*u);
        }
    } else if constexpr (std::floating_point<T>) {
        if (auto const* d = std::get_if<double>(&held_))
            return static_cast<T>(*d);
    } else if constexpr (std::same_as<T, std::string>) {
        if (auto const* s = std::get_if<std::string>(&held_))
            return *s;
    } else if constexpr (std::same_as<T, bytes>) {
        if (auto const* s = std::get_if<bytes>(&held_))
            return *s;
    } else if constexpr (calendar_value<T>) {
        if (auto const* s = std::get_if<std::string>(&held_)) {
            T when{};
            if (auto const read = from_text(*s, when); !read)
                return read.error();
            return when;
        }
    } else {
        static_assert(!sizeof(T), "a UPnP value is read as bool, an integer, a floating-point number, "
                                  "std::string, onlink::bytes or a type of onlink/calendar.hpp");
    }
    return errc::wrong_type;
}

} // namespace onlink

#endif
