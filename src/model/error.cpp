// SPDX-License-Identifier: BSL-1.0
#include <onlink/error.hpp>

namespace onlink {

namespace {

char const* text_of(int code) noexcept
{
    switch (static_cast<errc>(code)) {
    case errc::malformed:
        return "does not follow its grammar";
    case errc::not_utf8:
        return "not UTF-8, or a character that XML forbids";
    case errc::missing:
        return "missing";
    case errc::duplicate:
        return "occurs twice";
    case errc::contradictory:
        return "contradicts another part";
    case errc::unknown_name:
        return "a name that nothing declares";
    case errc::wrong_type:
        return "of another type than declared";
    case errc::out_of_range:
        return "outside its range or list";
    case errc::too_large:
        return "too large";
    case errc::unsupported:
        return "not supported";
    case errc::doctype_refused:
        return "has a document type declaration";
    case errc::host_not_literal:
        return "names a host instead of an address";
    case errc::special_address:
        return "an address that is no single other host's";
    case errc::off_segment:
        return "an address outside the network segment";
    case errc::unknown_interface:
        return "no such interface is served";
    case errc::public_address:
        return "only public addresses";
    case errc::no_interface:
        return "no interface to serve";
    case errc::not_found:
        return "not found";
    case errc::full:
        return "no room left";
    case errc::bad_state:
        return "does not fit the present state";
    }
    return "unknown error";
}

class onlink_category final : public boost::system::error_category {
public:
    char const* name() const noexcept override { return "onlink"; }
    std::string message(int code) const override { return text_of(code); }
    char const* message(int code, char*, std::size_t) const noexcept override { return text_of(code); }
};

} // namespace

boost::system::error_category const& error_category() noexcept
{
    static onlink_category const category;
    return category;
}

std::string defect::message() const
{
    std::string text;
    if (!file.empty())
        text += file + ':';
    if (line != 0)
        text.append(file.empty() ? "line " : "").append(std::to_string(line)).append(": ");
    else if (!file.empty())
        text += ' ';
    if (!where.empty())
        text += where + ": ";
    text += text_of(static_cast<int>(code));
    if (!clause.empty())
        text += " (" + clause + ')';
    return text;
}

document_faults::document_faults(std::vector<defect> found)
    : kept_(std::move(found)), more_(kept_.size() > most ? kept_.size() - most : 0)
{
    kept_.resize(kept_.size() - more_);
}

document_faults document_faults::in_file(std::string const& name) const
{
    auto named = *this;
    for (auto& fault : named.kept_)
        fault.file = name;
    return named;
}

std::string document_faults::message() const
{
    std::string text;
    for (auto const& fault : kept_)
        text.append(text.empty() ? "" : "\n").append(fault.message());
    if (more_ != 0)
        text.append("\nand ").append(std::to_string(more_)).append(" more");
    return text;
}

configuration_error::configuration_error(defect d) : std::invalid_argument(d.message()), defect_(std::move(d))
{}

configuration_error::configuration_error(document_faults const& faults)
    : std::invalid_argument(faults.message()), defect_(faults.front())
{}

void throw_exception_from_error(document_faults const& f, boost::source_location const&)
{
    throw configuration_error{f};
}

void throw_exception_from_error(defect const& d, boost::source_location const&)
{
    throw configuration_error{d};
}

} // namespace onlink
