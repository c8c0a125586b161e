// SPDX-License-Identifier: BSL-1.0
#include "http/selected_part.hpp"

#include "base/ascii.hpp"
#include "base/decimal.hpp"
#include "http/entity_tag.hpp"
#include "http/http_date.hpp"

#include <algorithm>

namespace onlink {

namespace {

constexpr int not_modified = 304;
constexpr int precondition_failed = 412;
constexpr int range_not_satisfiable = 416;

/// A list may come in several fields (RFC 9110, 5.3): one of them is enough.
template <class Matches>
bool any_field(http_request const& request, std::string_view name, Matches&& matches)
{
    auto const fields = request.fields.all();
    return std::any_of(fields.begin(), fields.end(), [&](header_field const& f) {
        return ascii::equal_ignoring_case(f.name, name) && matches(f.value);
    });
}

std::optional<std::chrono::sys_seconds> date_field(http_request const& request, std::string_view name)
{
    auto const text = request.fields.one(name);
    return text ? parse_http_date(*text) : std::nullopt;
}

/// RFC 9110, 14.1.2: `bytes=0-499`, `bytes=500-`, `bytes=-500`
struct byte_range {
    std::optional<std::uint64_t> first;
    std::optional<std::uint64_t> last; ///< or, without first, how many from the end

    static std::optional<byte_range> parse(std::string_view text)
    {
        auto const equals = text.find('=');
        if (equals == text.npos || !ascii::equal_ignoring_case(ascii::trim(text.substr(0, equals)), "bytes"))
            return std::nullopt;
        text = ascii::trim(text.substr(equals + 1));
        auto const hyphen = text.find('-');
        if (hyphen == text.npos) // also several ranges end here, or at a number that is none
            return std::nullopt;
        byte_range range;
        if (!read(text.substr(0, hyphen), range.first) || !read(text.substr(hyphen + 1), range.last))
            return std::nullopt;
        if (!range.first && !range.last)
            return std::nullopt;
        if (range.first && range.last && *range.last < *range.first)
            return std::nullopt;
        return range;
    }

    selected_part of(std::uint64_t size) const
    {
        selected_part const none{range_not_satisfiable, 0, 0};
        if (!first) {
            auto const length = std::min(*last, size);
            return length == 0 ? none : selected_part{206, size - length, length};
        }
        if (*first >= size)
            return none;
        auto const end = last ? std::min(*last, size - 1) : size - 1;
        return {206, *first, end - *first + 1};
    }

private:
    static bool read(std::string_view text, std::optional<std::uint64_t>& number)
    {
        text = ascii::trim(text);
        if (text.empty())
            return true;
        auto const parsed = parse_decimal<std::uint64_t>(text);
        if (!parsed && parsed.error() != errc::out_of_range)
            return false;
        number = parsed ? *parsed : ~std::uint64_t{0};
        return true;
    }
};

/// RFC 9110, 13.1.5: whether the part still belongs to what the client has.
bool range_is_wanted(http_request const& request, content_facts const& facts)
{
    auto const count = request.fields.count("IF-RANGE");
    if (count == 0)
        return true;
    auto const validator = request.fields.one("IF-RANGE");
    if (!validator)
        return false;
    if (validator->starts_with('"') || validator->starts_with("W/"))
        return *validator == facts.etag;
    auto const date = parse_http_date(*validator);
    return date && facts.modified && *date == *facts.modified;
}

} // namespace

std::optional<int> failed_condition(http_request const& request, content_facts const& facts)
{
    auto const& fields = request.fields;
    if (fields.has("IF-MATCH")) {
        if (!any_field(request, "IF-MATCH", [&](auto& v) { return matches_strongly(v, facts.etag); }))
            return precondition_failed;
    } else if (auto const since = date_field(request, "IF-UNMODIFIED-SINCE"); since && facts.modified) {
        if (*facts.modified > *since)
            return precondition_failed;
    }
    if (fields.has("IF-NONE-MATCH")) {
        if (any_field(request, "IF-NONE-MATCH", [&](auto& v) { return matches_weakly(v, facts.etag); }))
            return not_modified;
    } else if (auto const since = date_field(request, "IF-MODIFIED-SINCE"); since && facts.modified) {
        if (*facts.modified <= *since)
            return not_modified;
    }
    return std::nullopt;
}

selected_part select_part(http_request const& request, content_facts const& facts)
{
    if (auto const status = failed_condition(request, facts))
        return {*status, 0, 0};
    auto const wanted = request.fields.one("RANGE");
    auto const range = wanted ? byte_range::parse(*wanted) : std::nullopt;
    // RFC 9110, 14.2: only for GET
    if (!range || request.method != http_method::get || !range_is_wanted(request, facts))
        return {200, 0, facts.size};
    return range->of(facts.size);
}

} // namespace onlink
