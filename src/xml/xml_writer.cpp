// SPDX-License-Identifier: BSL-1.0
#include "xml/xml_writer.hpp"

#include "base/utf8.hpp"

#include <algorithm>

namespace onlink {

namespace {

enum class place { text, attribute };

/// The escaped form of a character, empty if it stands for itself.
std::string_view escape(char c, place where) noexcept
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\r':
        return "&#13;"; // a reader takes CR LF for LF (XML 1.0, 2.11)
    default:
        break;
    }
    if (where == place::text)
        return {};
    switch (c) {
    case '"':
        return "&quot;";
    case '\n':
        return "&#10;"; // a reader takes it for a blank (XML 1.0, 3.3.3)
    case '\t':
        return "&#9;";
    default:
        return {};
    }
}

bool is_printable(char c) noexcept { return (c >= ' ' && c <= '~') || c == '\t' || c == '\n' || c == '\r'; }

void append(std::string& out, std::string_view content, place where)
{
    auto const plain = [&](char c) { return c >= ' ' && c <= '~' && escape(c, where).empty(); };
    if (std::all_of(content.begin(), content.end(), plain)) {
        out += content;
        return;
    }
    // Some characters have no form in XML at all, and a stray byte would spoil the whole document.
    bool const legal = is_xml_text(content);
    for (char const c : content) {
        if (auto const escaped = escape(c, where); !escaped.empty())
            out += escaped;
        else
            out += legal || is_printable(c) ? c : '?';
    }
}

} // namespace

xml_writer::xml_writer()
{
    out_.reserve(512); // most answers and events are no longer
    out_ += "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n";
}

xml_writer xml_writer::fragment() { return xml_writer{std::string{}}; }

xml_writer& xml_writer::open(std::string_view name, std::initializer_list<attribute> attributes)
{
    return open(name, std::span{attributes.begin(), attributes.size()});
}

xml_writer& xml_writer::open(std::string_view name, std::span<attribute const> attributes)
{
    out_ += '<';
    out_ += name;
    for (auto const& a : attributes) {
        out_ += ' ';
        out_ += a.name;
        out_ += "=\"";
        append(out_, a.value, place::attribute);
        out_ += '"';
    }
    out_ += '>';
    return *this;
}

xml_writer& xml_writer::close(std::string_view name)
{
    out_ += "</";
    out_ += name;
    out_ += '>';
    return *this;
}

xml_writer& xml_writer::text(std::string_view content)
{
    append(out_, content, place::text);
    return *this;
}

xml_writer& xml_writer::element(std::string_view name, std::string_view content)
{
    return open(name).text(content).close(name);
}

xml_writer& xml_writer::copied(std::string_view element)
{
    out_ += element;
    return *this;
}

xml_writer& xml_writer::line()
{
    out_ += "\r\n";
    return *this;
}

} // namespace onlink
