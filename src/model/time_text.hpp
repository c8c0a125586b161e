// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_MODEL_TIME_TEXT_HPP
#define ONLINK_MODEL_TIME_TEXT_HPP

#include <onlink/data_type.hpp>

#include <string_view>

namespace onlink {

/// Whether a text is of one of the types `date`, `dateTime`, `dateTime.tz`, `time`, `time.tz`: ISO 8601 in
/// its extended format, a day that exists, a zone only where the type has one (UDA 2.0, 2.5).
bool is_time_text(data_type type, std::string_view text) noexcept;

} // namespace onlink

#endif
