// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_XML_XML_DOCUMENT_HPP
#define ONLINK_XML_XML_DOCUMENT_HPP

#include "xml/xml_budget.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pugi {
struct xml_node_struct;
}

namespace onlink {

/// An element of an xml_document, with its namespace resolved. A cursor: valid while the document lives.
class xml_element {
public:
    /// The name without its prefix.
    std::string_view name() const noexcept;
    std::string_view prefix() const noexcept;
    /// The namespace the element is in; empty for none (or for an undeclared prefix).
    std::string_view name_space() const;

    bool is(std::string_view name_space, std::string_view name) const;

    /// Child elements in document order; comments and processing instructions are not there.
    std::vector<xml_element> children() const;
    /// The same one after the other.
    std::optional<xml_element> first_child() const noexcept;
    std::optional<xml_element> next_sibling() const noexcept;
    /// The first child element of that name in the same namespace as this element.
    std::optional<xml_element> child(std::string_view name) const;

    /// All character data directly in the element, CDATA included, entities resolved; untrimmed.
    std::string text() const;

    /// The value of an attribute without prefix.
    std::optional<std::string> attribute(std::string_view name) const;
    /// The value of an attribute in a namespace.
    std::optional<std::string> attribute(std::string_view name_space, std::string_view name) const;

    /// The element as a text that stands alone: the namespaces it uses are declared on it, comments and
    /// processing instructions are dropped, CDATA is text. A copy of a copy is the same text.
    std::string copy() const;

private:
    friend class xml_document;
    explicit xml_element(pugi::xml_node_struct* node) : node_(node) {}
    std::string_view resolve(std::string_view prefix) const;

    pugi::xml_node_struct* node_;
};

/// A parsed document. Only made from text that scan_xml() let through.
class xml_document {
public:
    /// Errors: those of scan_xml(); `failed_line`, if given, becomes the line at which reading ended, from 1.
    static result<xml_document> parse(std::string_view text, xml_budget const& budget,
                                      std::size_t* failed_line = nullptr);
    xml_document(xml_document&&) noexcept;
    xml_document& operator=(xml_document&&) noexcept;
    ~xml_document();

    xml_element root() const;

    /// The line in which an element of this document begins, counted from 1.
    std::size_t line_of(xml_element const& element) const;

private:
    struct tree;
    explicit xml_document(std::unique_ptr<tree> t);
    std::unique_ptr<tree> tree_;
};

} // namespace onlink

#endif
