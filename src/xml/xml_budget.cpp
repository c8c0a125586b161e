// SPDX-License-Identifier: BSL-1.0
#include "xml/xml_budget.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <vector>

namespace onlink {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view white_space = " \t\r\n";                                // XML 1.0, production 3
constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace"; // Namespaces, 3
constexpr std::string_view xmlns_namespace = "http://www.w3.org/2000/xmlns/";      // the same

bool is_white_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// A little wider than XML 1.0, production 4: beyond ASCII every character passes. The parser behind us sees
/// names the same way.
constexpr bool is_name_char_by_rule(char c) noexcept
{
    return ascii::is_alpha(c) || ascii::is_digit(c) || c == '_' || c == '-' || c == '.' || c == ':' ||
           static_cast<unsigned char>(c) >= 0x80;
}

/// Looked up, as every character of every name is asked about.
bool is_name_char(char c) noexcept
{
    static constexpr auto table = [] {
        std::array<bool, 256> all{};
        for (std::size_t byte = 0; byte < all.size(); ++byte)
            all[byte] = is_name_char_by_rule(static_cast<char>(byte));
        return all;
    }();
    return table[static_cast<unsigned char>(c)];
}

bool is_name_start(char c) noexcept { return is_name_char(c) && !ascii::is_digit(c) && c != '-' && c != '.'; }

/// A name split at its colon.
struct qualified_name {
    std::string_view prefix;
    std::string_view local;
};

/// Namespaces in XML 1.0, production 7: at most one colon, and something on both sides of it.
result<qualified_name> split(std::string_view name)
{
    auto const colon = name.find(':');
    if (colon == name.npos)
        return qualified_name{{}, name};
    qualified_name const parts{name.substr(0, colon), name.substr(colon + 1)};
    if (parts.prefix.empty() || parts.local.empty() || !is_name_start(parts.local.front()) ||
        parts.local.find(':') != parts.local.npos)
        return errc::malformed;
    return parts;
}

class scanner {
public:
    scanner(std::string_view text, xml_budget const& budget) : text_(text), rest_(text), budget_(budget) {}

    result<void> scan()
    {
        skip(byte_order_mark);
        if (rest_.size() > 5 && rest_.starts_with("<?xml") && is_white_space(rest_[5])) {
            if (auto const ok = declaration(); !ok)
                return ok;
        }
        while (!rest_.empty()) {
            if (auto const ok = next(); !ok)
                return ok;
        }
        if (!open_.empty())
            return refuse_at(open_.back());
        return has_root_ ? result<void>{} : result<void>{errc::malformed};
    }

    /// The place in the text at which reading ended.
    std::size_t offset() const noexcept { return at_.value_or(text_.size() - rest_.size()); }

private:
    struct attribute {
        std::string_view name;
        std::string_view value; // as written
        /// Of a name with a prefix; without one it is in no namespace.
        std::string_view name_space = {};
    };
    struct prefix_declaration {
        std::string_view prefix;
        std::string_view name_space;
        std::size_t depth; // of the element it stands on
    };

    /// `place` is a part of the text, and begins with what is wrong.
    errc refuse_at(std::string_view place) noexcept
    {
        at_ = static_cast<std::size_t>(place.data() - text_.data());
        return errc::malformed;
    }

    bool skip(std::string_view expected) noexcept
    {
        if (!rest_.starts_with(expected))
            return false;
        rest_.remove_prefix(expected.size());
        return true;
    }

    bool skip_white_space() noexcept
    {
        auto const before = rest_.size();
        while (!rest_.empty() && is_white_space(rest_.front()))
            rest_.remove_prefix(1);
        return rest_.size() != before;
    }

    /// Everything up to `end`, which is skipped too.
    result<std::string_view> until(std::string_view end)
    {
        auto const at = rest_.find(end);
        if (at == rest_.npos)
            return errc::malformed;
        auto const found = rest_.substr(0, at);
        rest_.remove_prefix(at + end.size());
        return found;
    }

    result<std::string_view> name()
    {
        if (rest_.empty() || !is_name_start(rest_.front()))
            return errc::malformed;
        auto const end = std::find_if_not(rest_.begin(), rest_.end(), is_name_char);
        auto const found = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(found.size());
        return found;
    }

    /// `name = "value"`
    result<attribute> pair()
    {
        auto const n = name();
        if (!n)
            return n.error();
        skip_white_space();
        if (!skip("="))
            return errc::malformed;
        skip_white_space();
        if (rest_.empty() || (rest_.front() != '"' && rest_.front() != '\''))
            return errc::malformed;
        auto const quote = rest_.substr(0, 1);
        rest_.remove_prefix(1);
        auto const v = until(quote);
        if (!v)
            return v.error();
        return attribute{*n, *v, {}};
    }

    /// XML 1.0, production 23. UPnP sends UTF-8 only (UDA 2.0, 2.2).
    result<void> declaration()
    {
        skip("<?xml");
        constexpr std::string_view order[] = {"version", "encoding", "standalone"};
        std::size_t at = 0;
        for (;;) {
            bool const separated = skip_white_space();
            if (skip("?>"))
                return at == 0 ? result<void>{errc::malformed} : result<void>{};
            auto const item = separated ? pair() : result<attribute>{errc::malformed};
            if (!item)
                return item.error();
            auto const found = std::find(std::begin(order) + at, std::end(order), item->name);
            if (found == std::end(order) || (at == 0 && item->name != "version"))
                return errc::malformed;
            if (auto const ok = declared(item->name, item->value); !ok)
                return ok;
            at = static_cast<std::size_t>(found - std::begin(order)) + 1;
        }
    }

    static result<void> declared(std::string_view name, std::string_view value)
    {
        if (name == "encoding")
            return ascii::equal_ignoring_case(value, "utf-8") ? result<void>{} : errc::unsupported;
        if (name == "standalone")
            return value == "yes" || value == "no" ? result<void>{} : errc::malformed;
        bool const one_point_something = value.size() > 2 && value.starts_with("1.") &&
                                         std::all_of(value.begin() + 2, value.end(), ascii::is_digit);
        return one_point_something ? result<void>{} : errc::malformed;
    }

    /// One piece of markup, or the text before it.
    result<void> next()
    {
        if (rest_.front() != '<')
            return text();
        if (skip("<!--"))
            return take_piece() ? comment() : errc::too_large;
        if (skip("<![CDATA[")) {
            if (!take_piece())
                return errc::too_large;
            return open_.empty() ? result<void>{errc::malformed} : ignore_until("]]>");
        }
        if (rest_.starts_with("<!"))
            return ascii::equal_ignoring_case(rest_.substr(2, 7), "doctype") ? errc::doctype_refused
                                                                             : errc::malformed;
        if (skip("<?"))
            return take_piece() ? instruction() : errc::too_large;
        if (skip("</"))
            return end_tag();
        skip("<");
        return start_tag();
    }

    /// Whether there may be another element, or what else parts one text from the next.
    bool take_piece() noexcept { return ++pieces_ <= budget_.max_elements; }

    result<void> ignore_until(std::string_view end)
    {
        auto const ignored = until(end);
        return ignored ? result<void>{} : ignored.error();
    }

    result<void> text()
    {
        auto const found = rest_.substr(0, rest_.find('<'));
        rest_.remove_prefix(found.size());
        // XML 1.0, 2.4: no "]]>" in a text
        auto const bad = open_.empty() ? found.find_first_not_of(white_space) : found.find("]]>");
        return bad == found.npos ? references(found) : refuse_at(found.substr(bad));
    }

    result<void> comment()
    {
        auto const content = until("--");
        if (!content || !skip(">")) // XML 1.0, 2.5: no "--" within
            return errc::malformed;
        return {};
    }

    result<void> instruction()
    {
        auto const target = name();
        if (!target || ascii::equal_ignoring_case(*target, "xml") ||
            target->find(':') != target->npos) // Namespaces in XML 1.0, 7
            return errc::malformed;
        if (!rest_.starts_with("?>") && !skip_white_space())
            return errc::malformed;
        return ignore_until("?>");
    }

    result<void> start_tag()
    {
        auto const element = name();
        if (!element)
            return element.error();
        if (open_.empty() && has_root_)
            return errc::malformed; // a second root
        has_root_ = true;
        if (!take_piece() || open_.size() == budget_.max_depth)
            return errc::too_large;
        open_.push_back(*element);

        attributes_.clear();
        bool empty = false;
        for (;;) {
            bool const separated = skip_white_space();
            if (skip(">"))
                break;
            if (skip("/>")) {
                empty = true;
                break;
            }
            if (!separated)
                return errc::malformed;
            if (auto const ok = add_attribute(); !ok)
                return ok;
        }
        if (auto const ok = check_prefixes(*element); !ok)
            return ok;
        if (empty)
            close();
        return {};
    }

    result<void> add_attribute()
    {
        auto const found = pair();
        if (!found)
            return found.error();
        if (attributes_.size() == budget_.max_attributes)
            return errc::too_large;
        for (auto const& other : attributes_)
            if (other.name == found->name)
                return errc::malformed;
        if (found->value.find('<') != found->value.npos)
            return errc::malformed;
        attributes_.push_back(*found);
        return references(found->value);
    }

    /// Takes up the declarations of an element, then looks whether its names can be resolved, and whether an
    /// attribute is there twice under two prefixes.
    result<void> check_prefixes(std::string_view element)
    {
        if (auto const ok = take_declarations(); !ok)
            return ok;
        auto const e = split(element);
        if (!e || (!e->prefix.empty() && !name_space_of(e->prefix)))
            return errc::malformed;
        for (auto& a : attributes_) {
            auto const n = split(a.name);
            if (n->prefix.empty() || n->prefix == "xmlns")
                continue;
            auto const found = name_space_of(n->prefix);
            if (!found || is_repeated(*found, n->local))
                return errc::malformed;
            a.name_space = *found;
        }
        return {};
    }

    result<void> take_declarations()
    {
        for (auto const& a : attributes_) {
            auto const n = split(a.name);
            if (!n)
                return n.error();
            bool const is_default = a.name == "xmlns";
            if (!is_default && n->prefix != "xmlns")
                continue;
            if (!may_declare(is_default ? std::string_view{} : n->local, a.value))
                return errc::malformed;
            if (!is_default)
                prefixes_.push_back({n->local, a.value, open_.size()});
        }
        return {};
    }

    /// Namespaces in XML 1.0, 3 and 5: `xmlns` is not declared, `xml` only as itself, nothing else as either
    /// of them, and a prefix cannot be taken back. The empty prefix is the default.
    static bool may_declare(std::string_view prefix, std::string_view name_space) noexcept
    {
        if (prefix == "xmlns" || name_space == xmlns_namespace)
            return false;
        if ((prefix == "xml") != (name_space == xml_namespace))
            return false;
        // No name is written with what is escaped or no part of a URI (RFC 3986, 2): each of ours has one
        // spelling, so that two can be compared as they stand.
        return (prefix.empty() || !name_space.empty()) &&
               std::none_of(name_space.begin(), name_space.end(), [](char c) {
                   return c == '&' || c == '>' || c == '"' || c == '\t' || c == '\r' || c == '\n';
               });
    }

    /// Looks through at most max_depth * max_attributes declarations, whatever the document is like.
    std::optional<std::string_view> name_space_of(std::string_view prefix) const noexcept
    {
        if (prefix == "xml")
            return xml_namespace;
        auto const found = std::find_if(prefixes_.rbegin(), prefixes_.rend(),
                                        [&](prefix_declaration const& d) { return d.prefix == prefix; });
        return found == prefixes_.rend() ? std::nullopt : std::optional{found->name_space};
    }

    /// Whether an earlier attribute of the element has that name in that namespace.
    bool is_repeated(std::string_view name_space, std::string_view local) const
    {
        return std::any_of(attributes_.begin(), attributes_.end(), [&](attribute const& other) {
            return other.name_space == name_space && split(other.name)->local == local;
        });
    }

    result<void> end_tag()
    {
        auto const element = name();
        if (!element || open_.empty() || open_.back() != *element)
            return errc::malformed;
        skip_white_space();
        if (!skip(">"))
            return errc::malformed;
        close();
        return {};
    }

    void close()
    {
        while (!prefixes_.empty() && prefixes_.back().depth == open_.size())
            prefixes_.pop_back();
        open_.pop_back();
    }

    /// Checks the entity and character references of a text or an attribute value.
    result<void> references(std::string_view content)
    {
        for (auto at = content.find('&'); at != content.npos; at = content.find('&', at)) {
            content.remove_prefix(at);
            at = content.find(';');
            if (at == content.npos || !is_reference(content.substr(1, at - 1)))
                return refuse_at(content);
        }
        return {};
    }

    /// `reference` is what stands between `&` and `;`. Without a DOCTYPE there are five entities.
    static bool is_reference(std::string_view reference) noexcept
    {
        if (!reference.starts_with('#'))
            return reference == "lt" || reference == "gt" || reference == "amp" || reference == "quot" ||
                   reference == "apos";
        reference.remove_prefix(1);
        std::uint32_t const base = reference.starts_with('x') ? 16 : 10;
        if (base == 16)
            reference.remove_prefix(1);
        if (reference.empty())
            return false;
        std::uint32_t c = 0;
        for (char const digit : reference) {
            char const lower = ascii::to_lower(digit);
            std::uint32_t value = base;
            if (ascii::is_digit(digit))
                value = static_cast<std::uint32_t>(digit - '0');
            else if (lower >= 'a' && lower <= 'f')
                value = static_cast<std::uint32_t>(lower - 'a') + 10;
            if (value >= base)
                return false;
            c = c * base + value;
            if (c > 0x10FFFF)
                return false;
        }
        return is_xml_char(c);
    }

    std::string_view text_;
    std::string_view rest_;
    std::optional<std::size_t> at_; // where what is wrong does not begin with rest_
    xml_budget const& budget_;
    std::size_t pieces_ = 0; ///< elements, comments, instructions, CDATA sections
    bool has_root_ = false;
    // Enough for a call; what takes more comes from the heap.
    std::array<std::byte, 1024> room_;
    std::pmr::monotonic_buffer_resource memory_{room_.data(), room_.size()};
    std::pmr::vector<std::string_view> open_{&memory_}; // at most max_depth
    std::pmr::vector<attribute> attributes_{&memory_};  // of the present element; at most max_attributes
    std::pmr::vector<prefix_declaration> prefixes_{&memory_}; // of the open elements
};

} // namespace

result<void> scan_xml(std::string_view text, xml_budget const& budget, std::size_t* stopped_at)
{
    auto const stop = [&](std::size_t at) {
        if (stopped_at)
            *stopped_at = at;
    };
    stop(0);
    if (text.size() > budget.max_bytes)
        return errc::too_large;
    if (auto const legal = xml_text_length(text); legal != text.size()) {
        stop(legal);
        return errc::not_utf8;
    }
    scanner reader{text, budget};
    auto const found = reader.scan();
    stop(reader.offset());
    return found;
}

} // namespace onlink
