// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_XML_XML_BUDGET_HPP
#define ONLINK_XML_XML_BUDGET_HPP

#include <onlink/error.hpp>
#include <onlink/limits.hpp>

#include <cstddef>
#include <string_view>

namespace onlink {

/// What a document may cost before a tree is built from it.
struct xml_budget {
    std::size_t max_depth = 16;
    std::size_t max_elements = 256;  ///< and comments, instructions and CDATA sections
    std::size_t max_attributes = 16; ///< of one element
    std::size_t max_bytes = 64 * 1024;

    static xml_budget for_peers(limits const& l)
    {
        return {l.xml.max_depth, l.xml.max_elements, l.xml.max_attributes, l.http.max_body};
    }
    /// Descriptions that the application brings: trusted, yet finite.
    static xml_budget for_documents() { return {16, 16384, 32, 256 * 1024}; }
};

/// Reads a document once, left to right, without recursion and without building anything, and says whether it
/// is worth a tree: well-formed XML 1.0 (matching tags, unique attributes, declared prefixes, one root, known
/// entities), UTF-8 (a byte-order mark is fine, another declared encoding is not), no document type
/// declaration, within budget. Comments, processing instructions and CDATA are fine. Errors: malformed,
/// not_utf8, doctype_refused, too_large, unsupported (declared encoding). `stopped_at`, if given, becomes the
/// place in the text at which reading ended.
result<void> scan_xml(std::string_view text, xml_budget const& budget, std::size_t* stopped_at = nullptr);

} // namespace onlink

#endif
