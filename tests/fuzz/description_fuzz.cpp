// SPDX-License-Identifier: BSL-1.0
#include "description/device_document.hpp"
#include "description/scpd_document.hpp"
#include "fuzz/expect.hpp"
#include "model/device_tree.hpp"

#include <onlink/device.hpp>
#include <onlink/device_description.hpp>
#include <onlink/scpd.hpp>

namespace {

using namespace onlink;
using test::expect;

/// A contract that was read is written so that it reads as the same contract.
void judge_scpd(std::string_view text)
{
    auto const contract = scpd::parse(text);
    if (!contract)
        return;
    auto const again = scpd::parse(render_scpd_document(*contract, uda_version::v2_0, 7));
    expect(again.has_value() && *again == *contract);
}

/// With a service bound for each that the description has.
device bind_all(device_description const& description)
{
    static auto const contract =
        scpd::build().state("Status", data_type::boolean, {.evented = true}).done().value();
    device all{description};
    auto const bind = [&](device& d, auto const& self) -> void {
        for (auto const& identity : d.description().services)
            d.add(service{identity, contract});
        for (auto const& child : d.description().embedded)
            if (auto* embedded = d.find(child.udn); embedded && embedded != &d)
                self(*embedded, self);
    };
    bind(all, bind);
    return all;
}

/// A device that can be hosted is written so that it reads as the same device.
void judge_device(std::string_view text)
{
    auto const description = device_description::parse(text);
    if (!description)
        return;
    expect(description->check().has_value());
    auto const tree = device_tree::of({bind_all(*description)});
    if (!tree) // an icon without its picture, a path twice: for who hosts it
        return;
    auto const written = render_device_document(*tree, tree->roots.front(), uda_version::v2_0, 7);
    auto const again = device_description::parse(written);
    expect(again.has_value());
    expect(again->type == description->type && again->udn == description->udn);
    expect(again->friendly_name == description->friendly_name && again->upc == description->upc);
    expect(again->services.size() == description->services.size());
    expect(again->embedded.size() == description->embedded.size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const text = test::as_text(data, size);
    judge_scpd(text);
    judge_device(text);
    return 0;
}
