// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_DESCRIPTION_DOCUMENT_FILE_HPP
#define ONLINK_DESCRIPTION_DOCUMENT_FILE_HPP

#include "xml/xml_budget.hpp"

#include <onlink/error.hpp>

#include <array>
#include <fstream>
#include <string>

namespace onlink {

/// The content of a file, as far as xml_budget::for_documents() allows. Errors: missing, too_large.
inline checked<std::string> read_document_file(std::string const& path)
{
    auto const most = xml_budget::for_documents().max_bytes;
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

/// Reads a file and hands its content to `parse`; a defect also names the file.
template <class T>
checked<T> parse_document_file(std::string const& path, checked<T> (*parse)(std::string_view))
{
    auto const content = read_document_file(path);
    if (!content)
        return content.error();
    auto parsed = parse(*content);
    if (!parsed)
        return defect{parsed.error().code, path + ", " + parsed.error().where};
    return parsed;
}

} // namespace onlink

#endif
