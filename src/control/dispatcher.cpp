// SPDX-License-Identifier: BSL-1.0
#include "control/dispatcher.hpp"

#include "control/argument_validator.hpp"

namespace onlink {

action_outcome<invocation> dispatch(device_tree const& tree, std::size_t service,
                                    soap_action_header const& header, soap_request request,
                                    caller const& from, policies const& policy)
{
    auto const& hosted = tree.services.at(service).service;
    if (header.type_uri != request.type_uri || header.action != request.action)
        return upnp_error::invalid_action();
    // Any version up to ours may be called (UDA 2.0, 3.2.1); QueryStateVariable's namespace is no type at
    // all.
    auto const asked = service_type::parse(request.type_uri);
    if (!asked || !hosted.identity().type.serves(*asked))
        return upnp_error::invalid_action();
    auto const* called = hosted.contract().find_action(request.action);
    if (!called || asked->version() < hosted.introduced_in(request.action))
        return upnp_error::invalid_action();
    if (!hosted.find_handler(request.action))
        return upnp_error::optional_action_not_implemented();

    auto arguments =
        validate_arguments(hosted.contract(), *called, request.arguments, policy.accept_unordered_arguments);
    if (!arguments)
        return arguments.error();
    return invocation{
        hosted, std::move(request.type_uri),
        action_call{std::move(request.action), *std::move(arguments), from.peer, from.interface_name}};
}

} // namespace onlink
