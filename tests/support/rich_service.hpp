// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_SUPPORT_RICH_SERVICE_HPP
#define ONLINK_TESTS_SUPPORT_RICH_SERVICE_HPP

#include <onlink/scpd.hpp>
#include <onlink/service.hpp>

#include <array>
#include <functional>
#include <string>

namespace onlink::test {

inline constexpr std::array all_data_types{
    data_type::ui1,        data_type::ui2,      data_type::ui4,        data_type::ui8,
    data_type::i1,         data_type::i2,       data_type::i4,         data_type::i8,
    data_type::integer,    data_type::r4,       data_type::r8,         data_type::number,
    data_type::fixed_14_4, data_type::floating, data_type::boolean,    data_type::character,
    data_type::string,     data_type::date,     data_type::date_time,  data_type::date_time_tz,
    data_type::time,       data_type::time_tz,  data_type::bin_base64, data_type::bin_hex,
    data_type::uri,        data_type::uuid};

/// A contract with an action for each data type, `Set<type>`, which takes a value and gives one; and
/// `SetMany`, whose arguments have ranges and a list.
inline scpd rich_contract()
{
    auto contract = scpd::build();
    for (auto const type : all_data_types) {
        std::string const name{to_string(type)};
        contract.state(name, type, {.evented = false});
        contract.action("Set" + name).in("Value", name).out("Was", name);
    }
    contract
        .state("Level", data_type::ui1, {.evented = true, .initial = 10, .range = allowed_range{10, 100, 5}})
        .state("Share", data_type::r4, {.evented = true, .range = allowed_range{-1.0, 1.0}})
        .state("Mode", data_type::string,
               {.evented = true, .initial = "DAY", .allowed_values = {"DAY", "NIGHT", "\xc3\xa9t\xc3\xa9"}})
        .action("SetMany")
        .in("NewLevel", "Level")
        .in("NewShare", "Share")
        .in("NewMode", "Mode")
        .in("NewName", "string")
        .retval("OldLevel", "Level");
    return contract.done().value();
}

/// Every action answers with what `judge` has let pass, or with the state of now.
inline service rich_service(std::function<void(action_call const&)> judge = {})
{
    using namespace literals;
    service rich{{.type = "urn:example-com:service:Workshop:1"_service_type,
                  .id = "urn:example-com:serviceId:Workshop"_service_id,
                  .paths = {"/ws/scpd.xml", "/ws/control", "/ws/event"}},
                 rich_contract()};
    for (auto const type : all_data_types) {
        std::string const name{to_string(type)};
        rich.on("Set" + name, [judge](action_call const& call) -> action_result {
            if (judge)
                judge(call);
            return outputs::in_order({call.arguments().front().value});
        });
    }
    rich.on("SetMany", [judge](action_call const& call) -> action_result {
        if (judge)
            judge(call);
        return outputs::in_order({call.arguments().front().value});
    });
    return rich;
}

} // namespace onlink::test

#endif
