// SPDX-License-Identifier: BSL-1.0
#include "http/entity_tag.hpp"

#include "base/joined.hpp"
#include "http/list_field.hpp"

namespace onlink {

std::string entity_tag_of(std::string_view content)
{
    std::uint64_t hash = 14695981039346656037u; // FNV-1a
    for (char const c : content) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 1099511628211u;
    }
    return joined({"\"", hexadecimal(hash, 16), "-", hexadecimal(content.size()), "\""});
}

std::string entity_tag_of_file(std::uint64_t written, std::uint64_t size)
{
    return joined({"\"", hexadecimal(written), "-", hexadecimal(size), "\""});
}

bool matches_weakly(std::string_view list, std::string_view tag)
{
    return any_member(list, [&](std::string_view member) {
        if (member.starts_with("W/"))
            member.remove_prefix(2);
        return member == "*" || member == tag;
    });
}

bool matches_strongly(std::string_view list, std::string_view tag)
{
    return any_member(list, [&](std::string_view member) { return member == "*" || member == tag; });
}

} // namespace onlink
