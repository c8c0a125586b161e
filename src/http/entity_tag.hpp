// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_ENTITY_TAG_HPP
#define ONLINK_HTTP_ENTITY_TAG_HPP

#include <cstdint>
#include <string>
#include <string_view>

namespace onlink {

/// A strong ETag of the bytes (RFC 9110, 8.8.3), quotes included. The same bytes have the same one, here and
/// after a restart. Nobody attacks it: it only has to notice that the application changed something.
std::string entity_tag_of(std::string_view content);

/// One of a file, by when it was last written, in nanoseconds since 1970, and its size.
std::string entity_tag_of_file(std::uint64_t written, std::uint64_t size);

/// Whether a tag stands in the list of an IF-NONE-MATCH; `*` stands for every one. Weak tags match strong
/// ones (RFC 9110, 8.8.3.2).
bool matches_weakly(std::string_view list, std::string_view tag);
/// The same for IF-MATCH, where weak tags match nothing.
bool matches_strongly(std::string_view list, std::string_view tag);

} // namespace onlink

#endif
