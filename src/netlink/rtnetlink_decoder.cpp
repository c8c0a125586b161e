// SPDX-License-Identifier: BSL-1.0
#include "netlink/rtnetlink_decoder.hpp"

#include <linux/if.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

namespace onlink {

namespace {

namespace ip = boost::asio::ip;

/// The structure at the start of `text`; nullopt if it is not all there. Copied, as nothing is aligned.
template <class T>
std::optional<T> read(std::string_view text) noexcept
{
    T value;
    if (text.size() < sizeof value)
        return std::nullopt;
    std::memcpy(&value, text.data(), sizeof value);
    return value;
}

/// What follows a structure and its padding.
template <class T>
std::string_view behind(std::string_view text) noexcept
{
    return text.substr(std::min(text.size(), std::size_t{NLMSG_ALIGN(sizeof(T))}));
}

struct message {
    nlmsghdr head{};
    std::string_view body;
};

/// Takes the first message off `rest`; nullopt if there is none that is whole.
std::optional<message> take_message(std::string_view& rest) noexcept
{
    auto const head = read<nlmsghdr>(rest);
    if (!head || head->nlmsg_len < sizeof *head || head->nlmsg_len > rest.size())
        return std::nullopt;
    auto const body = rest.substr(NLMSG_HDRLEN, head->nlmsg_len - std::size_t{NLMSG_HDRLEN});
    rest.remove_prefix(std::min(rest.size(), std::size_t{NLMSG_ALIGN(head->nlmsg_len)}));
    return message{*head, body};
}

/// Calls `f` with type and data of each attribute. False if one is not whole: what it and those behind it
/// would have said (of a gateway, for example) is not known then.
template <class F>
bool for_each_attribute(std::string_view rest, F const& f)
{
    while (auto const head = read<rtattr>(rest)) {
        if (head->rta_len < sizeof *head || head->rta_len > rest.size())
            return false;
        f(head->rta_type & NLA_TYPE_MASK,
          rest.substr(RTA_LENGTH(0), head->rta_len - std::size_t{RTA_LENGTH(0)}));
        rest.remove_prefix(std::min(rest.size(), std::size_t{RTA_ALIGN(head->rta_len)}));
    }
    return rest.empty();
}

std::optional<address> to_address(unsigned char family, std::string_view data)
{
    if (family == AF_INET && data.size() == 4) {
        ip::address_v4::bytes_type bytes;
        std::memcpy(bytes.data(), data.data(), bytes.size());
        return ip::address_v4{bytes};
    }
    if (family == AF_INET6 && data.size() == 16) {
        ip::address_v6::bytes_type bytes;
        std::memcpy(bytes.data(), data.data(), bytes.size());
        return ip::address_v6{bytes}; // without zone: the interface's index says it
    }
    return std::nullopt;
}

bool is_length(unsigned char family, unsigned length) noexcept
{
    return (family == AF_INET && length <= 32) || (family == AF_INET6 && length <= 128);
}

address_scope to_scope(unsigned char scope) noexcept
{
    if (scope >= RT_SCOPE_HOST)
        return address_scope::host;
    if (scope >= RT_SCOPE_LINK)
        return address_scope::link;
    return scope >= RT_SCOPE_SITE ? address_scope::site : address_scope::universe;
}

} // namespace

rtnetlink_decoder::state rtnetlink_decoder::feed(std::string_view buffer, std::uint32_t sequence)
{
    while (!buffer.empty()) {
        auto const next = take_message(buffer);
        if (!next)
            return state::failed;
        if (next->head.nlmsg_seq != sequence)
            continue;
        interrupted_ = interrupted_ || (next->head.nlmsg_flags & NLM_F_DUMP_INTR) != 0;
        bool whole = true;
        switch (next->head.nlmsg_type) {
        case NLMSG_DONE: // with an error, or 0
            if (read<std::int32_t>(next->body).value_or(0) < 0)
                return state::failed;
            return interrupted_ ? state::interrupted : state::done;
        case NLMSG_ERROR:
            return state::failed;
        case RTM_NEWLINK:
            whole = on_link(next->body);
            break;
        case RTM_NEWADDR:
            whole = on_address(next->body);
            break;
        case RTM_NEWROUTE:
            whole = on_route(next->body);
            break;
        case RTM_NEWNEIGH:
            whole = on_neighbour(next->body);
            break;
        default:
            break;
        }
        if (!whole)
            return state::failed;
    }
    return state::more;
}

network_interface* rtnetlink_decoder::find(unsigned index) noexcept
{
    auto const found = std::find_if(interfaces_.begin(), interfaces_.end(),
                                    [&](network_interface const& i) { return i.index == index; });
    return found == interfaces_.end() ? nullptr : &*found;
}

bool rtnetlink_decoder::on_link(std::string_view message)
{
    auto const link = read<ifinfomsg>(message);
    if (!link)
        return false;
    if (link->ifi_index <= 0)
        return true;
    network_interface fresh;
    fresh.index = static_cast<unsigned>(link->ifi_index);
    fresh.up = (link->ifi_flags & IFF_UP) != 0 && (link->ifi_flags & IFF_RUNNING) != 0;
    fresh.multicast = (link->ifi_flags & IFF_MULTICAST) != 0;
    fresh.loopback = (link->ifi_flags & IFF_LOOPBACK) != 0;
    fresh.point_to_point = (link->ifi_flags & IFF_POINTOPOINT) != 0;
    bool const whole =
        for_each_attribute(behind<ifinfomsg>(message), [&](unsigned type, std::string_view data) {
            if (type == IFLA_IFNAME)
                fresh.name = data.substr(0, std::min(data.find('\0'), std::size_t{IFNAMSIZ - 1}));
        });
    if (!fresh.name.empty() && !find(fresh.index) && interfaces_.size() < bounds_.max_known_interfaces) {
        make_room(interfaces_, bounds_.max_known_interfaces);
        interfaces_.push_back(std::move(fresh));
    }
    return whole;
}

bool rtnetlink_decoder::on_address(std::string_view message)
{
    auto const head = read<ifaddrmsg>(message);
    if (!head)
        return false;
    if (!is_length(head->ifa_family, head->ifa_prefixlen))
        return true;
    std::optional<address> local;
    std::optional<address> other; // our address too, but on a point-to-point link that of the other end
    std::uint32_t flags = head->ifa_flags;
    bool const whole =
        for_each_attribute(behind<ifaddrmsg>(message), [&](unsigned type, std::string_view data) {
            if (type == IFA_LOCAL)
                local = to_address(head->ifa_family, data);
            else if (type == IFA_ADDRESS)
                other = to_address(head->ifa_family, data);
            else if (type == IFA_FLAGS)
                flags = read<std::uint32_t>(data).value_or(flags);
        });
    auto* interface = find(head->ifa_index);
    if (!interface || (!local && !other))
        return whole;
    interface_address own;
    own.address = local ? *local : *other;
    if (own.address.is_multicast()) // joined in passing (IFA_F_MCAUTOJOIN)
        return whole;
    own.prefix_length = head->ifa_prefixlen;
    if (local && other && *local != *other)
        own.peer = other;
    own.scope = to_scope(head->ifa_scope);
    own.deprecated = (flags & IFA_F_DEPRECATED) != 0;
    // An optimistic address may be used while it is tested (RFC 4429); one that failed the test never.
    own.tentative =
        (flags & IFA_F_DADFAILED) != 0 || ((flags & IFA_F_TENTATIVE) != 0 && (flags & IFA_F_OPTIMISTIC) == 0);
    // The same bit means "secondary" for IPv4.
    own.temporary = head->ifa_family == AF_INET6 && (flags & IFA_F_TEMPORARY) != 0;
    // For IPv6 the routes alone say what is on-link: an address that came by a router's advertisement looks
    // the same whether its prefix was advertised as on-link or not (RFC 4861, 6.3.4), and only one has a
    // route.
    own.prefix_on_link = head->ifa_family == AF_INET && (flags & IFA_F_NOPREFIXROUTE) == 0;
    interface->add_address(std::move(own), bounds_.max_addresses);
    return whole;
}

bool rtnetlink_decoder::on_route(std::string_view message)
{
    auto const route = read<rtmsg>(message);
    // Length 0 is the default route; one with a source prefix does not hold for everyone.
    if (!route)
        return false;
    if (route->rtm_type != RTN_UNICAST || !is_length(route->rtm_family, route->rtm_dst_len) ||
        route->rtm_dst_len == 0 || route->rtm_src_len != 0 ||
        (route->rtm_flags & (RTM_F_CLONED | RTNH_F_DEAD)) != 0)
        return true;
    std::optional<address> destination;
    std::uint32_t out = 0;
    std::uint32_t table = route->rtm_table;
    bool direct = true;
    bool const whole = for_each_attribute(behind<rtmsg>(message), [&](unsigned type, std::string_view data) {
        switch (type) {
        case RTA_DST:
            destination = to_address(route->rtm_family, data);
            break;
        case RTA_OIF:
            out = read<std::uint32_t>(data).value_or(0);
            break;
        case RTA_TABLE:
            table = read<std::uint32_t>(data).value_or(0);
            break;
        case RTA_GATEWAY:
        case RTA_VIA:
        case RTA_ENCAP:
        case RTA_ENCAP_TYPE:
        case RTA_MULTIPATH: // some of its ways may have a gateway
            direct = false;
            break;
        default:
            break;
        }
    });
    auto* interface = find(out);
    if (whole && direct && destination && table == RT_TABLE_MAIN && interface)
        interface->add_route({*destination, route->rtm_dst_len}, bounds_.max_routes);
    return whole;
}

bool rtnetlink_decoder::on_neighbour(std::string_view message)
{
    constexpr unsigned known = NUD_PERMANENT | NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE;
    auto const head = read<ndmsg>(message);
    if (!head)
        return false;
    if ((head->ndm_state & known) == 0 || head->ndm_ifindex <= 0)
        return true;
    neighbour fresh;
    fresh.interface_index = static_cast<unsigned>(head->ndm_ifindex);
    std::optional<address> who;
    bool found = false;
    bool const whole = for_each_attribute(behind<ndmsg>(message), [&](unsigned type, std::string_view data) {
        if (type == NDA_DST)
            who = to_address(head->ndm_family, data);
        if (type == NDA_LLADDR && !data.empty() && data.size() <= fresh.station.size()) {
            std::memcpy(fresh.station.data(), data.data(), data.size());
            found = true;
        }
    });
    if (!who || !found || !find(fresh.interface_index) || neighbours_.size() >= bounds_.max_neighbours)
        return whole;
    fresh.address = *who;
    make_room(neighbours_, bounds_.max_neighbours);
    neighbours_.push_back(fresh);
    return whole;
}

interface_table rtnetlink_decoder::take()
{
    std::sort(interfaces_.begin(), interfaces_.end(),
              [](network_interface const& a, network_interface const& b) { return a.index < b.index; });
    return interface_table{std::exchange(interfaces_, {}), std::exchange(neighbours_, {})};
}

bool concerns_interfaces(std::string_view buffer, bool with_neighbours) noexcept
{
    while (!buffer.empty()) {
        auto const next = take_message(buffer);
        if (!next)
            return true;
        switch (next->head.nlmsg_type) {
        case RTM_NEWLINK:
        case RTM_DELLINK:
        case RTM_NEWADDR:
        case RTM_DELADDR:
        case RTM_NEWROUTE:
        case RTM_DELROUTE:
            return true;
        case RTM_NEWNEIGH:
        case RTM_DELNEIGH:
            if (with_neighbours)
                return true;
            break;
        default:
            break;
        }
    }
    return false;
}

} // namespace onlink
