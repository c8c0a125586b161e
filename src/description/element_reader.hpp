// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_DESCRIPTION_ELEMENT_READER_HPP
#define ONLINK_DESCRIPTION_ELEMENT_READER_HPP

#include "description/fault_collector.hpp"
#include "xml/xml_document.hpp"

#include <onlink/error.hpp>
#include <onlink/vendor_element.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onlink {

inline std::string_view trim_xml_space(std::string_view text) noexcept
{
    constexpr std::string_view white = " \t\r\n"; // XML 1.0, 2.3 "S"
    auto const first = text.find_first_not_of(white);
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(white) - first + 1);
}

inline std::string trimmed(std::string const& text) { return std::string{trim_xml_space(text)}; }

/// UDA 2.0, 2.7: one that its vendor owns.
inline bool is_vendor_namespace(std::string_view name_space) noexcept
{
    return !name_space.empty() && !name_space.starts_with("urn:schemas-upnp-org:");
}

/// Reads the children of an element of a description document. Elements it is not asked for are ignored, with
/// all they hold (UDA 2.0, 2.3). What is wrong goes to the fault_collector, and reading goes on with empty
/// texts.
class element_reader {
public:
    /// `where` names the element in defects; empty for the root.
    element_reader(xml_element element, std::string where, fault_collector& faults)
        : element_(element), where_(std::move(where)), faults_(&faults)
    {
        faults_->know(where_, element_);
    }

    /// By what makes it known among others of its kind.
    void rename(std::string where)
    {
        where_ = std::move(where);
        faults_->know(where_, element_);
    }
    std::string const& where_itself() const noexcept { return where_; }
    std::string where(std::string_view child) const
    {
        return where_.empty() ? std::string{child} : where_ + ", " + std::string{child};
    }
    /// Something is wrong with a child, or with what should be one.
    void refuse(errc code, std::string_view child) const
    {
        auto const found = each(child);
        faults_->add(code, where(child), found.empty() ? element_ : found.front());
    }

    xml_element const& element() const noexcept { return element_; }
    fault_collector& faults() const noexcept { return *faults_; }

    /// The only child of that name, if there is one; two are refused.
    std::optional<element_reader> child(std::string_view name) const
    {
        auto const found = each(name);
        if (found.size() > 1)
            faults_->add(errc::duplicate, where(name), found[1]);
        if (found.empty())
            return std::nullopt;
        return element_reader{found.front(), where(name), *faults_};
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
    std::string text() const { return trimmed(element_.text()); }

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

    /// The elements of vendors among the children, wherever they stand and whatever they are called.
    std::vector<vendor_element> extensions() const
    {
        std::vector<vendor_element> found;
        for (auto const& c : element_.children()) {
            if (!is_vendor_namespace(c.name_space()))
                continue;
            if (auto read = vendor_element::parse(c.copy(), vendor_naming::any))
                found.push_back(*std::move(read));
            else
                faults_->add(read.error().code, where(c.name()), c);
        }
        return found;
    }

private:
    xml_element element_;
    std::string where_;
    fault_collector* faults_;
};

} // namespace onlink

#endif
