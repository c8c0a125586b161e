// SPDX-License-Identifier: BSL-1.0
#include <onlink/udn.hpp>

namespace onlink {

namespace {

void append_uuid(std::string& out, udn::bytes_type const& octets)
{
    constexpr std::string_view digits = "0123456789abcdef";
    auto at = out.size();
    out += "00000000-0000-0000-0000-000000000000";
    for (auto const byte : octets) {
        if (out[at] == '-')
            ++at;
        out[at++] = digits[byte >> 4];
        out[at++] = digits[byte & 15];
    }
}

} // namespace

std::string udn::uuid() const
{
    std::string text;
    append_uuid(text, bytes_);
    return text;
}

std::string udn::to_string() const
{
    std::string text;
    append_to(text);
    return text;
}

void udn::append_to(std::string& out) const
{
    out += "uuid:";
    append_uuid(out, bytes_);
}

} // namespace onlink
