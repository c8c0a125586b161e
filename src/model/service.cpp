// SPDX-License-Identifier: BSL-1.0
#include <onlink/service.hpp>

#include "base/ascii.hpp"
#include "model/integer_text.hpp"

#include <cmath>
#include <map>

namespace onlink {

struct service::body {
    body(service_identity called, scpd agreed)
        : identity(std::move(called)),
          contract(std::move(agreed)),
          state(std::make_shared<state_table>(contract.variables()))
    {}

    service_identity identity;
    scpd contract;
    std::shared_ptr<state_table> state; ///< of its own: handles that handlers hold must not hold these
    /// Empty for an action left unimplemented.
    std::map<std::string, std::optional<action_handler>, std::less<>> handlers;
    /// The version that brought an action, where that was stated.
    std::map<std::string, unsigned, std::less<>> versions;
    /// Of the multicast events of a variable, where it is not the general one.
    std::map<std::string, std::string, std::less<>> levels;
    std::map<std::string, event_moderation, std::less<>> moderations;
};

namespace {

integer_bounds legal_integers(state_variable const& variable)
{
    if (variable.range)
        return {integer_of(variable.range->minimum), integer_of(variable.range->maximum)};
    // UDA 2.0, 2.5 gives `int` no range. Handlers are held to that of i4; a larger number ends in 501.
    return bounds_of(variable.type == data_type::integer ? data_type::i4 : variable.type);
}

/// What a variable asks of the C++ type that carries its values; `all_legal`: every one that the SCPD allows.
std::optional<errc> find_mismatch(state_variable const& variable, carried_type const& carried, bool all_legal)
{
    auto const kind = kind_of(variable.type);
    bool const is_moment =
        kind == value_kind::date || kind == value_kind::date_time || kind == value_kind::time;
    bool const as_text = is_moment && carried.kind == value_kind::text; // its lexical form
    if ((carried.kind != kind && !as_text) || (carried.only && *carried.only != variable.type))
        return errc::wrong_type;
    // What a handler returns is checked value by value.
    if (kind == value_kind::integer && all_legal &&
        !integer_bounds{carried.least, carried.greatest}.contains(legal_integers(variable)))
        return errc::out_of_range;
    return std::nullopt;
}

/// A C++ type of a handler, in words.
std::string describe(carried_type const& carried)
{
    switch (carried.kind) {
    case value_kind::boolean:
        return "bool";
    case value_kind::integer:
        return "an integer from " + to_string(carried.least) + " to " + to_string(carried.greatest);
    case value_kind::real:
        return "a floating-point number";
    case value_kind::text:
        return "std::string";
    case value_kind::binary:
        return "onlink::bytes";
    case value_kind::date:
        return "std::chrono::year_month_day";
    case value_kind::date_time:
        return carried.only ? "onlink::local_date_time" : "onlink::zoned_date_time";
    case value_kind::time:
        return carried.only ? "onlink::time_of_day" : "onlink::zoned_time_of_day";
    }
    return {};
}

/// What the SCPD wants it to hold.
std::string describe(state_variable const& variable)
{
    std::string type{to_string(variable.type)};
    if (kind_of(variable.type) != value_kind::integer)
        return type;
    auto const legal = legal_integers(variable);
    return type + " from " + to_string(legal.least) + " to " + to_string(legal.greatest);
}

std::string count_defect(std::string const& where, std::string_view side, std::size_t in_cpp,
                         std::size_t declared)
{
    return where + ", " + std::string{side} + " arguments (handler has " + std::to_string(in_cpp) +
           ", SCPD has " + std::to_string(declared) + ")";
}

checked<void> check_signature(action const& declared, scpd const& contract,
                              action_handler::contract const& cpp)
{
    auto const where = "action " + declared.name;
    std::size_t ins = 0;
    for (auto const& argument : declared.arguments)
        ins += argument.direction == direction::in;
    auto const outs = declared.arguments.size() - ins;
    if (cpp.in.size() != ins)
        return defect{errc::wrong_type, count_defect(where, "in", cpp.in.size(), ins)};
    if (cpp.out.size() != outs)
        return defect{errc::wrong_type, count_defect(where, "out", cpp.out.size(), outs)};

    for (std::size_t i = 0; i < declared.arguments.size(); ++i) {
        auto const& argument = declared.arguments[i];
        auto const& variable = contract.variables()[argument.variable];
        auto const& carried = i < ins ? cpp.in[i] : cpp.out[i - ins];
        if (auto const bad = find_mismatch(variable, carried, argument.direction == direction::in))
            return defect{*bad, where + ", argument " + argument.name + " (handler has " + describe(carried) +
                                    ", SCPD has " + describe(variable) + ")"};
    }
    return {};
}

/// UDA 2.0, 4.3.3: a level of the architecture, or `vendor.domain:/level`.
bool is_level(std::string_view level)
{
    auto const colon = level.find(":/");
    if (colon == level.npos || colon == 0 || level.size() == colon + 2)
        return false;
    auto const domain = level.substr(0, colon);
    auto const name = level.substr(colon + 2);
    if (domain == "upnp")
        return name == "emergency" || name == "fault" || name == "warning" || name == "info" ||
               name == "debug" || name == "general";
    return domain.find('.') != domain.npos && ascii::printable(level) == level &&
           level.find(' ') == level.npos;
}

checked<void> check_moderation(scpd const& contract, std::string const& name, event_moderation const& how)
{
    constexpr std::chrono::hours longest{24};
    auto const where = "variable " + name + ", moderation";
    auto const index = contract.find_variable(name);
    if (!index)
        return defect{errc::unknown_name, where};
    auto const& variable = contract.variables()[*index];
    if (!variable.evented)
        return defect{errc::contradictory, where + " (it is not evented)"};
    if (how.maximum_rate.count() < 0 || how.maximum_rate > longest)
        return defect{errc::out_of_range, where + ", maximum_rate"};
    if (!(how.minimum_delta >= 0) || std::isinf(how.minimum_delta))
        return defect{errc::out_of_range, where + ", minimum_delta"};
    auto const kind = kind_of(variable.type);
    if (how.minimum_delta != 0 && kind != value_kind::integer && kind != value_kind::real)
        return defect{errc::wrong_type, where + ", minimum_delta (it is no number)"};
    return {};
}

} // namespace

service::service(service_identity identity, scpd contract)
    : body_(std::make_shared<body>(std::move(identity), std::move(contract)))
{}

service_identity const& service::identity() const noexcept { return body_->identity; }
scpd const& service::contract() const noexcept { return body_->contract; }
state_table& service::state() const noexcept { return *body_->state; }
std::shared_ptr<state_table> const& service::shared_state() const noexcept { return body_->state; }

service& service::leave_unimplemented(std::string_view action)
{
    body_->handlers.insert_or_assign(std::string{action}, std::nullopt);
    return *this;
}

service& service::since(std::string_view action, unsigned version)
{
    body_->versions.insert_or_assign(std::string{action}, version);
    return *this;
}

unsigned service::introduced_in(std::string_view action) const noexcept
{
    auto const stated = body_->versions.find(action);
    return stated == body_->versions.end() ? 1 : stated->second;
}

service& service::event_level(std::string_view variable, std::string level)
{
    body_->levels.insert_or_assign(std::string{variable}, std::move(level));
    return *this;
}

std::string const& service::level_of(std::string_view variable) const noexcept
{
    static std::string const general = "upnp:/general";
    auto const given = body_->levels.find(variable);
    return given == body_->levels.end() ? general : given->second;
}

service& service::moderate(std::string_view variable, event_moderation how)
{
    body_->moderations.insert_or_assign(std::string{variable}, how);
    return *this;
}

event_moderation service::moderation_of(std::string_view variable) const noexcept
{
    auto const given = body_->moderations.find(variable);
    return given == body_->moderations.end() ? event_moderation{} : given->second;
}

state_batch service::batch() const { return state_batch{body_->state}; }

std::size_t service::index_for(std::string_view variable, carried_type const& carried) const
{
    auto const where = "variable " + std::string{variable};
    auto const index = body_->contract.find_variable(variable);
    if (!index)
        throw configuration_error{defect{errc::unknown_name, where}};
    auto const& declared = body_->contract.variables()[*index];
    if (auto const bad = find_mismatch(declared, carried, true))
        throw configuration_error{defect{*bad, where + " (C++ has " + describe(carried) + ", SCPD has " +
                                                   describe(declared) + ")"}};
    return *index;
}

service& service::bind(std::string_view action, action_handler handler)
{
    body_->handlers.insert_or_assign(std::string{action}, std::move(handler));
    return *this;
}

checked<void> service::check() const
{
    for (auto const& [name, handler] : body_->handlers)
        if (!body_->contract.find_action(name))
            return defect{errc::unknown_name, "action " + name};
    for (auto const& [name, version] : body_->versions) {
        auto const where = "action " + name + ", version";
        if (!body_->contract.find_action(name))
            return defect{errc::unknown_name, where};
        if (version == 0 || version > body_->identity.type.version())
            return defect{errc::out_of_range, where};
    }
    for (auto const& [name, level] : body_->levels) {
        auto const where = "variable " + name + ", event level";
        auto const index = body_->contract.find_variable(name);
        if (!index)
            return defect{errc::unknown_name, where};
        if (!body_->contract.variables()[*index].multicast)
            return defect{errc::contradictory, where + " (it is not multicast)"};
        if (!is_level(level))
            return defect{errc::malformed, where};
    }
    for (auto const& [name, how] : body_->moderations)
        if (auto const fits = check_moderation(body_->contract, name, how); !fits)
            return fits.error();
    for (auto const& action : body_->contract.actions()) {
        auto const bound = body_->handlers.find(action.name);
        if (bound == body_->handlers.end())
            return defect{errc::missing, "action " + action.name + ", handler"};
        if (bound->second && bound->second->signature)
            if (auto const agreed = check_signature(action, body_->contract, *bound->second->signature);
                !agreed)
                return agreed.error();
    }
    return {};
}

action_handler const* service::find_handler(std::string_view action) const noexcept
{
    auto const bound = body_->handlers.find(action);
    return bound == body_->handlers.end() || !bound->second ? nullptr : &*bound->second;
}

} // namespace onlink
