// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_CALLBACK_AUDIT_HPP
#define ONLINK_CALLBACK_AUDIT_HPP

#include <boost/asio/ip/address.hpp>
#include <onlink/error.hpp>
#include <onlink/host_options.hpp>
#include <onlink/ip_prefix.hpp>
#include <onlink/observer.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace onlink {

/// What a host with those options would make of one delivery URL.
struct callback_verdict {
    /// Why it would be refused; nullopt: it would be admitted.
    std::optional<refusal_reason> refused;
    boost::asio::ip::address address; ///< where events would go; unspecified if the URL names none
    std::uint16_t port = 0;
    std::vector<ip_prefix> segment; ///< of the interface
};

/// Asks the segment validator, for the interfaces of this moment, what it would make of a SUBSCRIBE that
/// comes in on `interface_name` from `requester` and names `url` (without angle brackets). Nothing is sent.
/// Without a requester, one is assumed that names itself. Errors: unknown_interface.
ONLINK_EXPORT result<callback_verdict>
audit_callback(std::string_view interface_name, std::string_view url,
               std::optional<boost::asio::ip::address> const& requester = std::nullopt,
               host_options const& options = {});

} // namespace onlink

#endif
