// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_DESCRIPTION_DOCUMENT_FILE_HPP
#define ONLINK_DESCRIPTION_DOCUMENT_FILE_HPP

#include "xml/xml_budget.hpp"
#include "xml/xml_document.hpp"

#include <onlink/error.hpp>

#include <array>
#include <fstream>
#include <string>

namespace onlink {

/// The content of a file that has at most so many bytes. Errors: missing, too_large.
inline checked<std::string> read_file(std::string const& path, std::size_t most)
{
    std::ifstream file{path, std::ios::binary};
    std::string content;
    std::array<char, 4096> block;
    while (file.read(block.data(), block.size()) || file.gcount() > 0) {
        content.append(block.data(), static_cast<std::size_t>(file.gcount()));
        if (content.size() > most)
            return defect{errc::too_large, path};
    }
    if (!file.eof()) // it could not be opened, or reading broke off
        return defect{errc::missing, path};
    return content;
}

/// Reads a file and hands its content to `parse`; each fault also names the file.
template <class T, class Parse>
loaded<T> parse_document_file(std::string const& path, Parse parse)
{
    auto const content = read_file(path, xml_budget::for_documents().max_bytes);
    if (!content)
        return document_faults{{{content.error().code, {}, path}}};
    loaded<T> parsed = parse(*content);
    if (!parsed)
        return parsed.error().in_file(path);
    return parsed;
}

/// The root element of a document, or what keeps it from being read. `kind`: what the document is; `clause`:
/// where the architecture says how it is to be.
inline loaded<xml_document> read_xml(std::string_view xml, std::string_view kind, std::string_view clause)
{
    std::size_t line = 0;
    auto document = xml_document::parse(xml, xml_budget::for_documents(), &line);
    if (document)
        return *std::move(document);
    auto const code = static_cast<errc>(document.error().value());
    // Only for how it is encoded the architecture has words of its own; limits and no DOCTYPE are ours.
    auto const offended = code == errc::not_utf8 || code == errc::unsupported ? clause
                          : code == errc::malformed                           ? "XML 1.0"
                                                                              : "";
    return document_faults{{{code, std::string{kind}, {}, line, std::string{offended}}}};
}

} // namespace onlink

#endif
