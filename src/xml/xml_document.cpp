// SPDX-License-Identifier: BSL-1.0
#include "xml/xml_document.hpp"

#include "xml/xml_writer.hpp"

#include <pugixml.hpp>

#include <algorithm>
#include <set>

namespace onlink {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Keeps every character of the content: white space may be the value of an argument. Comments, processing
/// instructions and the declaration make no nodes.
constexpr unsigned parse_options = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol |
                                   pugi::parse_wconv_attribute | pugi::parse_ws_pcdata;

std::string_view prefix_of(std::string_view name) noexcept
{
    auto const colon = name.find(':');
    return colon == name.npos ? std::string_view{} : name.substr(0, colon);
}

std::string_view local_part(std::string_view name) noexcept
{
    auto const colon = name.find(':');
    return colon == name.npos ? name : name.substr(colon + 1);
}

/// Whether an attribute declares the prefix; `xmlns` declares the empty one.
bool declares(std::string_view attribute, std::string_view prefix) noexcept
{
    return prefix.empty() ? attribute == "xmlns"
                          : prefix_of(attribute) == "xmlns" && local_part(attribute) == prefix;
}

bool is_declaration(std::string_view attribute) noexcept
{
    return attribute == "xmlns" || prefix_of(attribute) == "xmlns";
}

/// Whether the prefix is declared on `node`, or on one around it up to `top`.
bool is_declared_within(pugi::xml_node top, pugi::xml_node node, std::string_view prefix)
{
    for (;; node = node.parent()) {
        for (auto const a : node.attributes())
            if (declares(a.name(), prefix))
                return true;
        if (node == top)
            return false;
    }
}

/// Prefixes that are used in `node` and declared outside `top`. As deep as xml_budget::max_depth allows.
void find_outer_prefixes(pugi::xml_node top, pugi::xml_node node, std::set<std::string_view>& found)
{
    auto const use = [&](std::string_view prefix) {
        if (prefix != "xml" && !is_declared_within(top, node, prefix))
            found.insert(prefix);
    };
    use(prefix_of(node.name()));
    for (auto const a : node.attributes())
        if (!prefix_of(a.name()).empty() && !is_declaration(a.name()))
            use(prefix_of(a.name()));
    for (auto const child : node.children())
        if (child.type() == pugi::node_element)
            find_outer_prefixes(top, child, found);
}

void write_copy(xml_writer& out, pugi::xml_node node, std::vector<xml_writer::attribute> attributes)
{
    for (auto const a : node.attributes())
        attributes.push_back({a.name(), a.value()});
    out.open(node.name(), attributes);
    for (auto const child : node.children()) {
        if (child.type() == pugi::node_element)
            write_copy(out, child, {});
        else
            out.text(child.value());
    }
    out.close(node.name());
}

} // namespace

struct xml_document::tree {
    pugi::xml_document pugi;
    std::vector<std::size_t> line_ends; ///< places of `\n` in what pugi was given
};

xml_document::xml_document(std::unique_ptr<tree> t) : tree_(std::move(t)) {}
xml_document::xml_document(xml_document&&) noexcept = default;
xml_document& xml_document::operator=(xml_document&&) noexcept = default;
xml_document::~xml_document() = default;

result<xml_document> xml_document::parse(std::string_view text, xml_budget const& budget,
                                         std::size_t* failed_line)
{
    std::size_t stopped_at = 0;
    if (auto const ok = scan_xml(text, budget, &stopped_at); !ok) {
        if (failed_line)
            *failed_line =
                1 + static_cast<std::size_t>(std::count(
                        text.begin(), text.begin() + static_cast<std::ptrdiff_t>(stopped_at), '\n'));
        return ok.error();
    }
    if (text.starts_with(byte_order_mark))
        text.remove_prefix(byte_order_mark.size());
    auto t = std::make_unique<tree>();
    if (failed_line) // whoever asks for lines of faults asks for those of elements
        for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1))
            t->line_ends.push_back(at);
    auto const parsed = t->pugi.load_buffer(text.data(), text.size(), parse_options, pugi::encoding_utf8);
    if (parsed.status == pugi::status_out_of_memory)
        return errc::too_large;
    if (!parsed || !t->pugi.document_element())
        return errc::malformed;
    return xml_document{std::move(t)};
}

xml_element xml_document::root() const
{
    return xml_element{tree_->pugi.document_element().internal_object()};
}

std::size_t xml_document::line_of(xml_element const& element) const
{
    auto const at =
        static_cast<std::size_t>(std::max<std::ptrdiff_t>(pugi::xml_node{element.node_}.offset_debug(), 0));
    auto const& ends = tree_->line_ends;
    return 1 + static_cast<std::size_t>(std::lower_bound(ends.begin(), ends.end(), at) - ends.begin());
}

std::string_view xml_element::name() const noexcept { return local_part(pugi::xml_node{node_}.name()); }

std::string_view xml_element::prefix() const noexcept { return prefix_of(pugi::xml_node{node_}.name()); }

std::string_view xml_element::name_space() const { return resolve(prefix()); }

bool xml_element::is(std::string_view name_space, std::string_view name) const
{
    return this->name() == name && this->name_space() == name_space;
}

namespace {

/// The first element among these nodes; null if there is none.
pugi::xml_node_struct* first_element(pugi::xml_node node) noexcept
{
    while (node && node.type() != pugi::node_element)
        node = node.next_sibling();
    return node.internal_object();
}

} // namespace

std::vector<xml_element> xml_element::children() const
{
    std::vector<xml_element> found;
    for (auto child = first_child(); child; child = child->next_sibling())
        found.push_back(*child);
    return found;
}

std::optional<xml_element> xml_element::first_child() const noexcept
{
    auto* const found = first_element(pugi::xml_node{node_}.first_child());
    return found ? std::optional{xml_element{found}} : std::nullopt;
}

std::optional<xml_element> xml_element::next_sibling() const noexcept
{
    auto* const found = first_element(pugi::xml_node{node_}.next_sibling());
    return found ? std::optional{xml_element{found}} : std::nullopt;
}

std::optional<xml_element> xml_element::child(std::string_view name) const
{
    auto const own = name_space();
    for (auto element = first_child(); element; element = element->next_sibling())
        if (element->is(own, name))
            return element;
    return std::nullopt;
}

std::string xml_element::text() const
{
    std::string out;
    for (auto const node : pugi::xml_node{node_}.children())
        if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata)
            out += node.value();
    return out;
}

std::optional<std::string> xml_element::attribute(std::string_view name) const
{
    for (auto const a : pugi::xml_node{node_}.attributes())
        if (name == a.name())
            return a.value();
    return std::nullopt;
}

std::optional<std::string> xml_element::attribute(std::string_view name_space, std::string_view name) const
{
    for (auto const a : pugi::xml_node{node_}.attributes()) {
        // Namespaces in XML 1.0, 6.2: the default namespace does not apply to attributes.
        auto const prefix = prefix_of(a.name());
        if (!prefix.empty() && local_part(a.name()) == name && resolve(prefix) == name_space)
            return a.value();
    }
    return std::nullopt;
}

std::string xml_element::copy() const
{
    pugi::xml_node const node{node_};
    std::set<std::string_view> outer;
    find_outer_prefixes(node, node, outer);
    std::vector<std::string> names;
    names.reserve(outer.size()); // the attributes point at them
    std::vector<xml_writer::attribute> declarations;
    for (auto const prefix : outer) {
        names.push_back(prefix.empty() ? "xmlns" : "xmlns:" + std::string{prefix});
        declarations.push_back({names.back(), resolve(prefix)});
    }
    auto out = xml_writer::fragment();
    write_copy(out, node, std::move(declarations));
    return std::move(out).take();
}

std::string_view xml_element::resolve(std::string_view prefix) const
{
    if (prefix == "xml")
        return "http://www.w3.org/XML/1998/namespace"; // Namespaces in XML 1.0, 3
    for (pugi::xml_node node{node_}; node.type() == pugi::node_element; node = node.parent())
        for (auto const a : node.attributes())
            if (declares(a.name(), prefix))
                return a.value();
    return {};
}

} // namespace onlink
