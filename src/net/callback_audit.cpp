// SPDX-License-Identifier: BSL-1.0
#include <onlink/callback_audit.hpp>

#include "eventing/segment_validator.hpp"
#include "host/endpoint_selection.hpp"
#include "net/interface_monitor.hpp"

#include <boost/asio/io_context.hpp>

namespace onlink {

namespace {

/// The address of ours at which such a requester would have asked.
address address_asked(interface_table const& table, network_interface const& interface,
                      address const& requester, host_options options)
{
    options.interfaces = {interface.name};
    options.policies.allow_public_addresses = true;
    auto const served = select_endpoints(table, options).endpoints;
    if (auto const* at = choose_source(served, interface.index, requester))
        return at->address;
    auto const* own = interface.source_for(requester);
    return own ? *own : address{};
}

} // namespace

result<callback_verdict> audit_callback(std::string_view interface_name, std::string_view url,
                                        std::optional<address> const& requester, host_options const& options)
{
    boost::asio::io_context unused; // nothing is waited for
    interface_monitor monitor{unused.get_executor(), options.limits.interfaces,
                              options.policies.callback == callback_admission::same_host};
    auto const table = monitor.read();
    auto const* interface = table ? table->find(interface_name) : nullptr;
    if (!interface)
        return errc::unknown_interface;

    segment_map const segments{options.extra_segments};
    callback_verdict verdict;
    verdict.segment = segments.segment(*interface);
    if (url.size() > options.limits.eventing.max_callback_length) {
        verdict.refused = refusal_reason::callback_too_long;
        return verdict;
    }
    auto candidate = callback_candidate::parse(url);
    if (!candidate) {
        verdict.refused = candidate.error();
        return verdict;
    }
    auto const target = candidate->url().where();
    verdict.address = target.address;
    verdict.port = target.port;

    // Without a requester, somebody who names himself; which this host is not.
    bool const names_us = table->is_own(target.address) && !interface->loopback;
    auto const from = requester ? unmapped(*requester) : names_us ? address{} : target.address;
    if (requester && !segments.on_segment(*interface, from) && !table->is_own(from)) {
        verdict.refused = refusal_reason::connection_off_segment;
        return verdict;
    }
    ingress const at{interface->index, address_asked(*table, *interface, from, options), from};
    if (auto const admitted = segment_validator{options.policies, segments}.admit(*table, at, *candidate);
        !admitted)
        verdict.refused = admitted.error();
    return verdict;
}

} // namespace onlink
