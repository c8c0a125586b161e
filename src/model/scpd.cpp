// SPDX-License-Identifier: BSL-1.0
#include <onlink/scpd.hpp>

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "model/integer_text.hpp"
#include "model/value_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <unordered_set>

namespace onlink {

namespace {

// ---- Values of a variable

bool is_in_integer_range(allowed_range const& range, value const& v)
{
    auto const least = integer_of(range.minimum);
    auto const at = integer_of(v);
    if (at < least || at > integer_of(range.maximum))
        return false;
    auto const step = range.step ? integer_of(*range.step) : wide_integer{1};
    if (step <= wide_integer{0})
        return false;
    // Both are of one type, so their distance has 64 bits at most.
    return (at.bits - least.bits) % step.bits == 0;
}

/// How far real numbers of a type may lie apart and still count as equal: decimal steps have no exact binary
/// form, so a few units in the last place are let pass (UDA 2.0, 2.5, "allowedValueRange").
double slack_among(data_type type, std::initializer_list<double> numbers)
{
    auto const precision = type == data_type::r4 ? double{std::numeric_limits<float>::epsilon()}
                                                 : std::numeric_limits<double>::epsilon();
    double greatest = 0;
    for (auto const d : numbers)
        greatest = std::max(greatest, std::abs(d));
    return 4 * precision * greatest;
}

/// Whether a number is a whole number of steps, which may be none, above the least.
bool is_on_step(data_type type, double least, double step, double at)
{
    auto const steps = std::round((at - least) / step);
    return std::abs(least + steps * step - at) <= slack_among(type, {least, at});
}

bool is_in_real_range(data_type type, allowed_range const& range, double at)
{
    auto const least = *range.minimum.get<double>();
    auto const greatest = *range.maximum.get<double>();
    auto const slack = slack_among(type, {least, greatest, at});
    if (at < least - slack || at > greatest + slack)
        return false;
    return !range.step || is_on_step(type, least, *range.step->get<double>(), at);
}

bool is_in_range(data_type type, allowed_range const& range, value const& v)
{
    for (auto const* bound : {&range.minimum, &range.maximum, range.step ? &*range.step : nullptr})
        if (bound && bound->kind() != v.kind())
            return false;
    if (v.kind() == value_kind::integer)
        return is_in_integer_range(range, v);
    if (v.kind() == value_kind::real)
        return is_in_real_range(type, range, *v.get<double>());
    return false;
}

/// The least value of a type, or the one that says the least.
value first_of(data_type type)
{
    constexpr std::chrono::local_days epoch{};
    switch (kind_of(type)) {
    case value_kind::boolean:
        return false;
    case value_kind::integer:
        return 0;
    case value_kind::real:
        return 0.0;
    case value_kind::binary:
        return bytes{};
    case value_kind::date:
        return std::chrono::year_month_day{epoch};
    case value_kind::date_time:
        return local_date_time{epoch};
    case value_kind::time:
        return time_of_day{};
    case value_kind::text:
        break;
    }
    if (type == data_type::character)
        return "0";
    return type == data_type::uuid ? "00000000-0000-0000-0000-000000000000" : "";
}

// ---- Names

struct code_range {
    char32_t first;
    char32_t last;
};

template <std::size_t N>
bool is_in(std::array<code_range, N> const& ranges, char32_t c) noexcept
{
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](code_range const& r) { return c >= r.first && c <= r.last; });
}

/// A character that may begin a name. UDA 2.0, 2.5, "name" would also have a digit; but the names of
/// arguments and variables become those of XML elements, and so these are the letters of XML 1.0, 2.3
/// "NameStartChar".
bool begins_name(char32_t c) noexcept
{
    static constexpr std::array<code_range, 15> letters{{{'A', 'Z'},
                                                         {'_', '_'},
                                                         {'a', 'z'},
                                                         {0xC0, 0xD6},
                                                         {0xD8, 0xF6},
                                                         {0xF8, 0x2FF},
                                                         {0x370, 0x37D},
                                                         {0x37F, 0x1FFF},
                                                         {0x200C, 0x200D},
                                                         {0x2070, 0x218F},
                                                         {0x2C00, 0x2FEF},
                                                         {0x3001, 0xD7FF},
                                                         {0xF900, 0xFDCF},
                                                         {0xFDF0, 0xFFFD},
                                                         {0x10000, 0xEFFFF}}};
    return is_in(letters, c);
}

/// A character that may follow: XML 1.0, 2.3 "NameChar" without the hyphen and the colon.
bool continues_name(char32_t c) noexcept
{
    static constexpr std::array<code_range, 5> others{
        {{'.', '.'}, {'0', '9'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}}};
    return begins_name(c) || is_in(others, c);
}

/// Takes the first character off a text for which is_xml_text() holds.
char32_t take_character(std::string_view& text) noexcept
{
    auto const lead = static_cast<unsigned char>(text.front());
    std::size_t const length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t c = length == 1 ? lead : lead & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i)
        c = (c << 6) | (static_cast<unsigned char>(text[i]) & 0x3Fu);
    text.remove_prefix(length);
    return c;
}

/// UDA 2.0, 2.5: "name" of actions, arguments and variables.
bool is_name(std::string_view text) noexcept
{
    if (text.empty() || !is_xml_text(text) || ascii::equal_ignoring_case(text.substr(0, 3), "xml"))
        return false;
    if (!begins_name(take_character(text)))
        return false;
    while (!text.empty())
        if (!continues_name(take_character(text)))
            return false;
    return true;
}

/// Finds names that are ill-formed or occur twice in one scope.
class name_check {
public:
    std::optional<errc> operator()(std::string_view name)
    {
        if (name.empty())
            return errc::missing;
        if (!is_name(name))
            return errc::malformed;
        if (!seen_.insert(name).second)
            return errc::duplicate;
        return std::nullopt;
    }

private:
    std::unordered_set<std::string_view> seen_;
};

// ---- Contracts

/// What a part of a contract is called in a defect, e.g. `action SetTarget`.
std::string called(char const* kind, std::string const& name)
{
    return name.empty() ? kind : std::string{kind} + ' ' + ascii::printable(name);
}

std::optional<defect> find_defect(data_type type, allowed_range const& range, std::string const& where)
{
    auto const kind = kind_of(type);
    if (kind != value_kind::integer && kind != value_kind::real)
        return defect{errc::wrong_type, where};
    auto const bad = [&](std::string_view element, value const& v) -> std::optional<defect> {
        if (auto const legal = check_value(type, v); !legal)
            return defect{static_cast<errc>(legal.error().value()), where + ", " + std::string{element}};
        return std::nullopt;
    };
    if (auto d = bad("minimum", range.minimum))
        return d;
    if (auto d = bad("maximum", range.maximum))
        return d;
    if (range.step)
        if (auto d = bad("step", *range.step))
            return d;

    // UDA 2.0, 2.5, "maximum": above minimum, by n steps
    if (kind == value_kind::real) {
        auto const least = *range.minimum.get<double>();
        auto const greatest = *range.maximum.get<double>();
        if (!(least < greatest))
            return defect{errc::contradictory, where};
        if (!range.step)
            return std::nullopt;
        auto const step = *range.step->get<double>();
        if (!(step > 0) || step > greatest - least + slack_among(type, {least, greatest}) ||
            !is_on_step(type, least, step, greatest))
            return defect{errc::out_of_range, where + ", step"};
        return std::nullopt;
    }
    auto const least = integer_of(range.minimum);
    auto const greatest = integer_of(range.maximum);
    if (least >= greatest)
        return defect{errc::contradictory, where};
    if (range.step) {
        auto const step = integer_of(*range.step);
        if (step <= wide_integer{0} || (greatest.bits - least.bits) % step.bits != 0)
            return defect{errc::out_of_range, where + ", step"};
    }
    return std::nullopt;
}

bool has_white_ends(std::string_view text) noexcept
{
    constexpr std::string_view white = " \t\r\n";
    return white.find(text.front()) != white.npos || white.find(text.back()) != white.npos;
}

void check_list(state_variable const& variable, std::string const& where, std::vector<defect>& found)
{
    constexpr std::size_t too_long = 32; // UDA 2.0, 2.5, "allowedValue": less than 32 characters
    if (variable.type != data_type::string)
        found.push_back({errc::wrong_type, where});
    std::unordered_set<std::string_view> seen;
    for (auto const& allowed : variable.allowed_values) {
        auto const here = where + ", " + called("allowedValue", allowed);
        // White space at the ends is lost on the way, as it looks like layout.
        if (allowed.empty() || !is_xml_text(allowed) || has_white_ends(allowed))
            found.push_back({errc::malformed, here});
        else if (count_code_points(allowed) >= too_long)
            found.push_back({errc::too_large, here});
        else if (!seen.insert(allowed).second)
            found.push_back({errc::duplicate, here});
    }
}

void check_variable(state_variable const& variable, std::string const& where, std::vector<defect>& found)
{
    // UDA 2.0, 2.5, "multicast": multicast events also go out unicast
    if (variable.multicast && !variable.evented)
        found.push_back({errc::contradictory, where + ", multicast"});
    if (!variable.allowed_values.empty() && variable.range)
        found.push_back({errc::contradictory, where + ", allowedValueRange"});
    auto const before = found.size();
    if (!variable.allowed_values.empty())
        check_list(variable, where + ", allowedValueList", found);
    if (variable.range)
        if (auto d = find_defect(variable.type, *variable.range, where + ", allowedValueRange"))
            found.push_back(*std::move(d));
    // A default is not judged by a list or range that is wrong itself.
    if (variable.default_value && found.size() == before)
        if (auto const legal = variable.check(*variable.default_value); !legal)
            found.push_back({static_cast<errc>(legal.error().value()), where + ", defaultValue"});
}

} // namespace

result<void> state_variable::check(value const& v) const
{
    if (auto const legal = check_value(type, v); !legal)
        return legal.error();
    if (range && !is_in_range(type, *range, v))
        return errc::out_of_range;
    if (!allowed_values.empty()) {
        auto const text = v.get<std::string>();
        if (!text || std::find(allowed_values.begin(), allowed_values.end(), *text) == allowed_values.end())
            return errc::out_of_range;
    }
    return {};
}

result<value> state_variable::parse(std::string_view text) const
{
    auto parsed = parse_value(type, text);
    if (!parsed)
        return parsed.error() == errc::unsupported ? errc::unsupported : errc::malformed;
    if (auto const legal = check(*parsed); !legal)
        return legal.error();
    return parsed;
}

value state_variable::initial() const
{
    if (default_value) {
        auto held = as_held(type, *default_value);
        return held ? *std::move(held) : *default_value; // done() has seen to it that it is legal
    }
    if (!allowed_values.empty())
        return allowed_values.front();
    if (range)
        return range->minimum;
    return first_of(type);
}

scpd_builder scpd::build() { return {}; }

action const* scpd::find_action(std::string_view name) const noexcept
{
    auto const found =
        std::find_if(actions_.begin(), actions_.end(), [&](action const& a) { return a.name == name; });
    return found == actions_.end() ? nullptr : &*found;
}

std::optional<std::size_t> scpd::find_variable(std::string_view name) const noexcept
{
    auto const found = std::find_if(variables_.begin(), variables_.end(),
                                    [&](state_variable const& v) { return v.name == name; });
    if (found == variables_.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - variables_.begin());
}

bool scpd::has_events() const noexcept
{
    return std::any_of(variables_.begin(), variables_.end(),
                       [](state_variable const& v) { return v.evented; });
}

scpd_builder& scpd_builder::state(std::string name, data_type type, state_options options)
{
    return state(state_variable{.name = std::move(name),
                                .type = type,
                                .evented = options.evented,
                                .multicast = options.multicast,
                                .default_value = std::move(options.initial),
                                .allowed_values = std::move(options.allowed_values),
                                .range = std::move(options.range)});
}

scpd_builder& scpd_builder::state(std::string name, data_type type)
{
    return state(state_variable{.name = std::move(name), .type = type});
}

scpd_builder& scpd_builder::state(state_variable variable)
{
    variables_.push_back(std::move(variable));
    last_ = part::variable;
    return *this;
}

scpd_builder& scpd_builder::action(std::string name)
{
    actions_.push_back({.name = std::move(name), .arguments = {}});
    last_ = part::action;
    return *this;
}

scpd_builder& scpd_builder::in(std::string name, std::string related)
{
    return argument_of_last(
        {.name = std::move(name), .direction = direction::in, .related = std::move(related)});
}

scpd_builder& scpd_builder::out(std::string name, std::string related)
{
    return argument_of_last(
        {.name = std::move(name), .direction = direction::out, .related = std::move(related)});
}

scpd_builder& scpd_builder::retval(std::string name, std::string related)
{
    return argument_of_last({.name = std::move(name),
                             .direction = direction::out,
                             .related = std::move(related),
                             .retval = true});
}

scpd_builder& scpd_builder::argument_of_last(argument a)
{
    if (actions_.empty()) {
        argument_without_action_ = true;
        return *this;
    }
    actions_.back().arguments.push_back(std::move(a));
    last_ = part::argument;
    return *this;
}

scpd_builder& scpd_builder::extend(vendor_element element)
{
    auto& extended = last_ == part::variable   ? variables_.back().extensions
                     : last_ == part::action   ? actions_.back().extensions
                     : last_ == part::argument ? actions_.back().arguments.back().extensions
                                               : extensions_;
    extended.push_back(std::move(element));
    return *this;
}

namespace {

void check_arguments(action const& action, std::string const& where,
                     std::vector<state_variable> const& variables, std::vector<defect>& found)
{
    name_check names;
    std::size_t outs = 0;
    for (auto const& argument : action.arguments) {
        auto const here = where + ", " + called("argument", argument.name);
        if (auto const bad = names(argument.name))
            found.push_back({*bad, here + ", name"});
        // UDA 2.0, 2.5, "argument" and "retval"
        if (argument.direction == direction::in && outs > 0)
            found.push_back({errc::contradictory, here + ", direction (in after out)"});
        if (argument.retval && (argument.direction == direction::in || outs > 0))
            found.push_back({errc::contradictory, here + ", retval"});
        outs += argument.direction == direction::out;
        if (argument.related.empty())
            found.push_back({errc::missing, here + ", relatedStateVariable"});
        else if (std::none_of(variables.begin(), variables.end(),
                              [&](state_variable const& v) { return v.name == argument.related; }))
            found.push_back(
                {errc::unknown_name, here + ", relatedStateVariable " + ascii::printable(argument.related)});
    }
}

} // namespace

std::vector<defect> scpd_builder::defects() const
{
    std::vector<defect> found;
    if (argument_without_action_)
        found.push_back({errc::missing, "action"});
    if (variables_.empty()) // UDA 2.0, 2.5, "serviceStateTable": a service without variables is prohibited
        found.push_back({errc::missing, "serviceStateTable"});
    name_check variable_names;
    for (auto const& variable : variables_) {
        auto const where = called("stateVariable", variable.name);
        if (auto const bad = variable_names(variable.name))
            found.push_back({*bad, where + ", name"});
        check_variable(variable, where, found);
    }
    name_check action_names;
    for (auto const& action : actions_) {
        auto const where = called("action", action.name);
        if (auto const bad = action_names(action.name))
            found.push_back({*bad, where + ", name"});
        check_arguments(action, where, variables_, found);
    }
    return found;
}

checked<scpd> scpd_builder::done() const
{
    auto const found = defects();
    if (!found.empty())
        return found.front();
    scpd contract;
    // Copied first: to assign element by element is code of its own, for all that they hold.
    contract.variables_ = std::vector{variables_};
    contract.actions_ = std::vector{actions_};
    contract.extensions_ = std::vector{extensions_};
    for (auto& action : contract.actions_)
        for (auto& argument : action.arguments)
            argument.variable = contract.find_variable(argument.related).value();
    return contract;
}

} // namespace onlink
