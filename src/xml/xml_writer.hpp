// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_XML_XML_WRITER_HPP
#define ONLINK_XML_XML_WRITER_HPP

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace onlink {

/// Writes XML front to back. Escaping happens here and nowhere else: every text and attribute value goes
/// through it, names are ours. Lines end in CR LF, as in the rest of the protocol.
class xml_writer {
public:
    struct attribute {
        std::string_view name;
        std::string_view value;
    };

    /// Begins with the declaration `<?xml version="1.0" encoding="utf-8"?>` and a line end.
    xml_writer();
    /// Begins with nothing: for a part of a document.
    static xml_writer fragment();

    xml_writer& open(std::string_view name, std::initializer_list<attribute> attributes = {});
    xml_writer& open(std::string_view name, std::span<attribute const> attributes);
    xml_writer& close(std::string_view name);
    /// Character data, escaped (`&`, `<`, `>`, and CR as a character reference, so that it survives).
    xml_writer& text(std::string_view content);
    /// open, text, close.
    xml_writer& element(std::string_view name, std::string_view content);
    /// An element as xml_element::copy() made it.
    xml_writer& copied(std::string_view element);
    /// CR LF between elements.
    xml_writer& line();

    /// The document; the writer is done.
    std::string take() && { return std::move(out_); }

private:
    explicit xml_writer(std::string beginning) : out_(std::move(beginning)) {}

    std::string out_;
};

} // namespace onlink

#endif
