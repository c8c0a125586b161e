// SPDX-License-Identifier: BSL-1.0
#include <onlink/last_change.hpp>

#include "base/ascii.hpp"
#include "xml/xml_writer.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <map>

namespace onlink {

/// AVTransport:1 and RenderingControl:1, 2.3: `<Event>` with an `<InstanceID>` for each instance, and in it
/// an element for each value.
class last_change::log final : public change_log {
public:
    log(std::string name_space, std::size_t max_values)
        : name_space_(std::move(name_space)), max_values_(max_values)
    {}

    std::string take_changes() override
    {
        auto text = render(true);
        for (auto& [number, values] : instances_)
            for (auto& one : values)
                one.told = true;
        return text;
    }

    std::string everything() const override { return render(false); }

    /// Whether it differs from the one before. Errors: full.
    result<bool> hold(std::uint32_t instance, std::string_view name, std::string text, attributes more)
    {
        auto const known = instances_.find(instance);
        if (known != instances_.end())
            for (auto& one : known->second)
                if (one.name == name && one.more == more) {
                    bool const differs = one.text != text;
                    one.text = std::move(text);
                    one.told = one.told && !differs;
                    return differs;
                }
        if (held_ >= max_values_)
            return errc::full;
        instances_[instance].push_back({std::string{name}, std::move(more), std::move(text)});
        ++held_;
        return true;
    }

    void remove(std::uint32_t instance)
    {
        auto const known = instances_.find(instance);
        if (known == instances_.end())
            return;
        held_ -= known->second.size();
        instances_.erase(known);
    }

private:
    struct held_value {
        std::string name;
        attributes more;
        std::string text;
        bool told = false;
    };

    std::string render(bool untold_only) const
    {
        auto xml = xml_writer::fragment();
        xml.open("Event", {{"xmlns", name_space_}});
        for (auto const& [number, values] : instances_) {
            auto const wanted = [&](held_value const& one) { return !untold_only || !one.told; };
            if (std::none_of(values.begin(), values.end(), wanted))
                continue;
            xml.open("InstanceID", {{"val", std::to_string(number)}});
            for (auto const& one : values) {
                if (!wanted(one))
                    continue;
                std::vector<xml_writer::attribute> written;
                for (auto const& [name, text] : one.more)
                    written.push_back({name, text});
                written.push_back({"val", one.text});
                xml.open(one.name, written).close(one.name);
            }
            xml.close("InstanceID");
        }
        xml.close("Event");
        return std::move(xml).take();
    }

    std::string name_space_;
    std::size_t max_values_;
    std::map<std::uint32_t, std::vector<held_value>> instances_;
    std::size_t held_ = 0;
};

namespace {

bool is_attribute_name(std::string_view text) noexcept
{
    return !text.empty() && ascii::is_alpha(text.front()) &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return ascii::is_alpha(c) || ascii::is_digit(c) || c == '-' || c == '_';
           });
}

} // namespace

last_change::last_change(service& owner, std::string name_space, std::string_view variable,
                         std::size_t max_values)
    : state_(owner.shared_state()), index_(0), log_(std::make_shared<log>(std::move(name_space), max_values))
{
    auto const where = "variable " + std::string{variable} + ", last_change";
    auto const index = owner.contract().find_variable(variable);
    if (!index)
        throw configuration_error{defect{errc::unknown_name, where}};
    auto const& declared = owner.contract().variables()[*index];
    if (declared.type != data_type::string || !declared.evented || !declared.allowed_values.empty())
        throw configuration_error{defect{errc::wrong_type, where + " (not an evented string)"}};
    index_ = *index;
    state_->tell_by(variable, log_);
    if (owner.moderation_of(variable) == event_moderation{})
        owner.moderate(variable, {.maximum_rate = std::chrono::milliseconds{200}});
}

result<bool> last_change::try_set(std::uint32_t instance, std::string_view name, value const& v,
                                  attributes more)
{
    auto const index = state_->find(name);
    if (!index)
        return errc::unknown_name;
    auto const& variable = state_->variables()[*index];
    if (auto const legal = variable.check(v); !legal)
        return {boost::system::in_place_error, legal.error()};
    for (auto const& [attribute, text] : more)
        if (!is_attribute_name(attribute) || attribute == "val")
            return errc::malformed;
    auto text = format_value(variable.type, v);
    if (!text)
        return {boost::system::in_place_error, text.error()};
    auto const differs = log_->hold(instance, name, *std::move(text), std::move(more));
    if (differs && *differs)
        state_->touch(index_);
    return differs;
}

void last_change::set(std::uint32_t instance, std::string_view name, value const& v, attributes more)
{
    if (auto const done = try_set(instance, name, v, std::move(more)); !done)
        throw boost::system::system_error(done.error(), "value " + std::string{name});
}

void last_change::remove(std::uint32_t instance) { log_->remove(instance); }

} // namespace onlink
