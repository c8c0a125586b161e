// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SSDP_SSDP_WRITER_HPP
#define ONLINK_SSDP_SSDP_WRITER_HPP

#include "ssdp/search_target.hpp"
#include "ssdp/ssdp_group.hpp"

#include <onlink/policies.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace onlink {

/// What all messages of a root device have in common.
struct ssdp_identity {
    std::string server;
    uda_version uda = uda_version::v2_0;
    std::chrono::seconds max_age{1800};
    std::uint32_t boot_id = 0;
    std::uint32_t config_id = 0;
    std::optional<std::uint16_t> search_port = std::nullopt; ///< only if it is not 1900
    /// How often the network has changed without a new BOOTID.
    unsigned silent_changes = 0;
};

/// Who a message is about.
struct ssdp_subject {
    search_target target; ///< NT or ST
    onlink::udn device;
    std::string_view location;
    std::string_view path = {}; ///< behind `location`, if that is not all of it
};

// `group`: where it goes; decides HOST and whether the fields of Annex A are there. `buffer`: a text whose
// memory is used for the message.
std::string write_alive(ssdp_identity const& id, ssdp_group group, ssdp_subject const& subject,
                        std::string buffer = {});
std::string write_byebye(ssdp_identity const& id, ssdp_group group, ssdp_subject const& subject,
                         std::string buffer = {});
std::string write_update(ssdp_identity const& id, ssdp_group group, ssdp_subject const& subject,
                         std::uint32_t next_boot_id, std::string buffer = {});
/// `ipv6`: whether the answer goes out over IPv6 (UDA 2.0, A.4.1).
std::string write_search_response(ssdp_identity const& id, bool ipv6, ssdp_subject const& subject,
                                  std::string_view date, std::string buffer = {});

} // namespace onlink

#endif
