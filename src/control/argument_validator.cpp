// SPDX-License-Identifier: BSL-1.0
#include "control/argument_validator.hpp"

#include <algorithm>
#include <optional>

namespace onlink {

action_outcome<std::vector<named_value>> validate_arguments(scpd const& contract, action const& called,
                                                            std::vector<text_argument> const& given,
                                                            bool accept_unordered)
{
    auto const first_out = std::find_if(called.arguments.begin(), called.arguments.end(),
                                        [](argument const& a) { return a.direction == direction::out; });
    auto const expected = static_cast<std::size_t>(first_out - called.arguments.begin());

    std::vector<text_argument const*> in_order(expected, nullptr);
    std::size_t found = 0;
    for (auto const& text : given) {
        auto const known = std::find_if(called.arguments.begin(), first_out,
                                        [&](argument const& a) { return a.name == text.name; });
        if (known == first_out)
            continue;
        auto const place = static_cast<std::size_t>(known - called.arguments.begin());
        if (in_order[place] || (place != found && !accept_unordered) || text.has_elements)
            return upnp_error::invalid_args();
        in_order[place] = &text;
        ++found;
    }
    if (found != expected)
        return upnp_error::invalid_args();

    std::vector<named_value> values;
    values.reserve(expected);
    for (std::size_t i = 0; i < expected; ++i) {
        auto const& declared = called.arguments[i];
        auto parsed = contract.variables()[declared.variable].parse(in_order[i]->text);
        if (!parsed && parsed.error() == errc::unsupported)
            return upnp_error::argument_value_invalid();
        if (!parsed)
            return parsed.error() == errc::out_of_range ? upnp_error::argument_value_out_of_range()
                                                        : upnp_error::invalid_args();
        values.push_back({declared.name, *std::move(parsed)});
    }
    return values;
}

} // namespace onlink
