// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_DESCRIPTION_FAULT_COLLECTOR_HPP
#define ONLINK_DESCRIPTION_FAULT_COLLECTOR_HPP

#include "xml/xml_document.hpp"

#include <onlink/error.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onlink {

/// What is found wrong in a document while it is read, and the lines of its elements, for what is found wrong
/// later in what was read.
class fault_collector {
public:
    /// `clause`: where the architecture says what such a document is to be.
    fault_collector(xml_document const& document, std::string clause)
        : document_(&document), clause_(std::move(clause))
    {}

    /// Of several elements of one name the last counts: it is the one too many.
    void know(std::string const& where, xml_element const& element)
    {
        lines_.insert_or_assign(where, document_->line_of(element));
    }

    void add(errc code, std::string where, xml_element const& element)
    {
        auto const line = document_->line_of(element);
        if (std::none_of(found_.begin(), found_.end(), [&](defect const& d) {
                return d.code == code && d.line == line && d.where == where;
            })) // what is read twice is not wrong twice
            found_.push_back({code, std::move(where), {}, line, clause_});
    }
    /// Found in what was read: each is looked up by its name. What was amiss there before needs no second
    /// word.
    void add(std::vector<defect> const& others)
    {
        for (auto const& d : others)
            if (std::none_of(found_.begin(), found_.end(),
                             [&](defect const& before) { return before.where == d.where; }))
                found_.push_back({d.code, d.where, {}, line_of(d.where), clause_});
    }

    bool empty() const noexcept { return found_.empty(); }
    /// In the order of the document. Only if there are any.
    document_faults take() &&
    {
        std::stable_sort(found_.begin(), found_.end(),
                         [](defect const& a, defect const& b) { return a.line < b.line; });
        return document_faults{std::move(found_)};
    }

private:
    /// Of the innermost element known by that name: `action A, argument B, name` may be in the line of
    /// `action A, argument B`.
    std::size_t line_of(std::string_view where) const
    {
        for (;;) {
            if (auto const known = lines_.find(where); known != lines_.end())
                return known->second;
            auto const comma = where.rfind(", ");
            auto const blank = where.rfind(' '); // `where (remark)`, `where value`
            auto const end = comma == where.npos                        ? blank
                             : blank != where.npos && blank > comma + 1 ? blank
                                                                        : comma;
            if (where.empty())
                return document_->line_of(document_->root());
            where = where.substr(0, end == where.npos ? 0 : end);
        }
    }
    xml_document const* document_;
    std::string clause_;
    std::map<std::string, std::size_t, std::less<>> lines_;
    std::vector<defect> found_;
};

} // namespace onlink

#endif
