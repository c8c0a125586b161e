// SPDX-License-Identifier: BSL-1.0
#include "eventing/multicast_event.hpp"

#include "base/joined.hpp"

namespace onlink {

endpoint multicast_event_group(address const& own) noexcept
{
    constexpr std::uint16_t port = 7900; // UDA 2.0, 4.3.3
    if (own.is_v4())
        return {boost::asio::ip::address_v4{0xeffffff6U}, port}; // 239.255.255.246
    boost::asio::ip::address_v6::bytes_type group{};             // FF02::130 and FF05::130 (A.7)
    group[0] = 0xff;
    group[1] = is_link_local(own) ? 2 : 5;
    group[14] = 0x01;
    group[15] = 0x30;
    return {boost::asio::ip::address_v6{group}, port};
}

std::string write_multicast_event(multicast_event const& event, endpoint const& group, udn const& device,
                                  service_identity const& identity, std::uint32_t boot_id)
{
    return joined({"NOTIFY * HTTP/1.1",
                   "\r\nHOST: ",
                   to_authority(group),
                   "\r\nCONTENT-TYPE: text/xml; charset=\"utf-8\"",
                   "\r\nUSN: ",
                   device.to_string(),
                   "::",
                   identity.type.to_string(),
                   "\r\nSVCID: ",
                   identity.id.to_string(),
                   "\r\nNT: upnp:event",
                   "\r\nNTS: upnp:propchange",
                   "\r\nSEQ: ",
                   std::to_string(event.key.value()),
                   "\r\nLVL: ",
                   event.level,
                   "\r\nBOOTID.UPNP.ORG: ",
                   std::to_string(boot_id),
                   "\r\nCONTENT-LENGTH: ",
                   std::to_string(event.body->size()),
                   "\r\n\r\n",
                   *event.body});
}

} // namespace onlink
