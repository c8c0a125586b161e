// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_UNIT_NETLINK_RTNETLINK_MESSAGE_HPP
#define ONLINK_TESTS_UNIT_NETLINK_RTNETLINK_MESSAGE_HPP

#include "base/ip.hpp"

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace onlink::test {

constexpr std::uint32_t sequence = 7;

template <class T>
std::string bytes_of(T const& value)
{
    return {reinterpret_cast<char const*>(&value), sizeof value};
}

inline std::string padded(std::string text)
{
    text.resize(NLMSG_ALIGN(text.size()));
    return text;
}

/// A whole message.
inline std::string message(std::uint16_t type, std::string const& body, std::uint16_t flags = NLM_F_MULTI,
                           std::uint32_t number = sequence)
{
    nlmsghdr head{};
    head.nlmsg_len = static_cast<std::uint32_t>(NLMSG_HDRLEN + body.size());
    head.nlmsg_type = type;
    head.nlmsg_flags = flags;
    head.nlmsg_seq = number;
    return padded(bytes_of(head) + body);
}

inline std::string done() { return message(NLMSG_DONE, bytes_of(int{0})); }

/// An attribute, whose length may be a lie.
inline std::string attribute(std::uint16_t type, std::string const& data, int length = -1)
{
    rtattr head{};
    head.rta_len = static_cast<std::uint16_t>(length >= 0 ? length : RTA_LENGTH(data.size()));
    head.rta_type = type;
    return padded(bytes_of(head) + data);
}

inline std::string raw(address const& a)
{
    if (a.is_v4()) {
        auto const bytes = a.to_v4().to_bytes();
        return {bytes.begin(), bytes.end()};
    }
    auto const bytes = a.to_v6().to_bytes();
    return {bytes.begin(), bytes.end()};
}

inline std::string raw(char const* text) { return raw(boost::asio::ip::make_address(text)); }

inline unsigned char family_of(char const* text)
{
    return boost::asio::ip::make_address(text).is_v4() ? AF_INET : AF_INET6;
}

inline std::string link(int index, std::string const& name,
                        unsigned flags = IFF_UP | IFF_RUNNING | IFF_MULTICAST | IFF_BROADCAST)
{
    ifinfomsg head{};
    head.ifi_index = index;
    head.ifi_flags = flags;
    return message(RTM_NEWLINK, padded(bytes_of(head)) + attribute(IFLA_MTU, bytes_of(1500)) +
                                    attribute(IFLA_IFNAME, name + '\0'));
}

inline std::string own(unsigned index, char const* text, unsigned char length, std::uint8_t flags = 0,
                       unsigned char scope = RT_SCOPE_UNIVERSE, std::string const& more = {})
{
    ifaddrmsg head{};
    head.ifa_family = family_of(text);
    head.ifa_prefixlen = length;
    head.ifa_flags = flags;
    head.ifa_scope = scope;
    head.ifa_index = index;
    return message(RTM_NEWADDR, padded(bytes_of(head)) + attribute(IFA_ADDRESS, raw(text)) + more);
}

/// A unicast route of the main table without gateway.
inline rtmsg direct(char const* destination, unsigned char length)
{
    rtmsg head{};
    head.rtm_family = family_of(destination);
    head.rtm_dst_len = length;
    head.rtm_table = RT_TABLE_MAIN;
    head.rtm_type = RTN_UNICAST;
    return head;
}

inline std::string route(rtmsg const& head, char const* destination, std::uint32_t out,
                         std::string const& more = {})
{
    return message(RTM_NEWROUTE,
                   padded(bytes_of(head)) + attribute(RTA_TABLE, bytes_of(std::uint32_t{head.rtm_table})) +
                       attribute(RTA_DST, raw(destination)) + attribute(RTA_OIF, bytes_of(out)) + more);
}

inline std::string route(char const* destination, unsigned char length, std::uint32_t out,
                         std::string const& more = {})
{
    return route(direct(destination, length), destination, out, more);
}

inline std::string neighbour_at(int index, char const* text, std::string const& station,
                                std::uint16_t state = NUD_REACHABLE)
{
    ndmsg head{};
    head.ndm_family = family_of(text);
    head.ndm_ifindex = index;
    head.ndm_state = state;
    return message(RTM_NEWNEIGH,
                   padded(bytes_of(head)) + attribute(NDA_DST, raw(text)) + attribute(NDA_LLADDR, station));
}

} // namespace onlink::test

#endif
