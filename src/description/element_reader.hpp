// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_DESCRIPTION_ELEMENT_READER_HPP
#define ONLINK_DESCRIPTION_ELEMENT_READER_HPP

#include "xml/xml_document.hpp"

#include <onlink/error.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onlink {

/// The first thing found wrong in a document; whatever follows from it is not of interest.
class first_defect {
public:
    void add(errc code, std::string where)
    {
        if (!found_)
            found_ = defect{code, std::move(where)};
    }

    explicit operator bool() const noexcept { return found_.has_value(); }
    defect const& operator*() const noexcept { return *found_; }

private:
    std::optional<defect> found_;
};

inline std::string_view trim_xml_space(std::string_view text) noexcept
{
    constexpr std::string_view white = " \t\r\n"; // XML 1.0, 2.3 "S"
    auto const first = text.find_first_not_of(white);
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(white) - first + 1);
}

/// Reads the children of an element of a description document. Elements it is not asked for are ignored, with
/// all they hold (UDA 2.0, 2.3). What is wrong goes to the first_defect, and reading goes on with empty
/// texts.
class element_reader {
public:
    /// `where` names the element in defects; empty for the root.
    element_reader(xml_element element, std::string where, first_defect& defects)
        : element_(element), where_(std::move(where)), defects_(&defects)
    {}

    void rename(std::string where) { where_ = std::move(where); }
    std::string where(std::string_view child) const
    {
        return where_.empty() ? std::string{child} : where_ + ", " + std::string{child};
    }
    void refuse(errc code, std::string_view child) const { defects_->add(code, where(child)); }

    xml_element const& element() const noexcept { return element_; }

    /// The only child of that name, if there is one; two are refused.
    std::optional<element_reader> child(std::string_view name) const
    {
        auto const found = each(name);
        if (found.size() > 1)
            refuse(errc::duplicate, name);
        if (found.empty())
            return std::nullopt;
        return element_reader{found.front(), where(name), *defects_};
    }

    /// All children of that name.
    std::vector<xml_element> each(std::string_view name) const
    {
        std::vector<xml_element> found;
        for (auto const& c : element_.children())
            if (c.is(element_.name_space(), name))
                found.push_back(c);
        return found;
    }

    /// The text of the element itself, without white space at the ends.
    std::string text() const { return std::string{trim_xml_space(element_.text())}; }

    std::optional<std::string> optional_text(std::string_view name) const
    {
        auto const found = child(name);
        if (!found)
            return std::nullopt;
        return found->text();
    }

    /// Refused if it is absent or empty.
    std::string required_text(std::string_view name) const
    {
        auto text = optional_text(name).value_or(std::string{});
        if (text.empty())
            refuse(errc::missing, name);
        return text;
    }

private:
    xml_element element_;
    std::string where_;
    first_defect* defects_;
};

} // namespace onlink

#endif
