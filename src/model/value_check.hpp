// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_MODEL_VALUE_CHECK_HPP
#define ONLINK_MODEL_VALUE_CHECK_HPP

#include <onlink/value.hpp>

namespace onlink {

/// Whether a type can hold a value. A text also stands for a day or a time that it is the lexical form of.
/// Errors: wrong_type, out_of_range, malformed.
result<void> check_value(data_type type, value const& v);

/// The value as a variable of the type holds it, so that two that are written alike are equal: texts of days
/// and times as these, UUIDs in lower case, real numbers as precise as the type. Errors: as check_value().
result<value> as_held(data_type type, value v);

} // namespace onlink

#endif
