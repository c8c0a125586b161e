// SPDX-License-Identifier: BSL-1.0
#include "net/socket_options.hpp"

#include "base/ascii.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace onlink {

namespace {

template <class T>
void set(int socket, int level, int name, T const& value, boost::system::error_code& ec)
{
    if (::setsockopt(socket, level, name, &value, sizeof value) != 0)
        ec.assign(errno, boost::system::system_category());
    else
        ec.clear();
}

std::string last_error()
{
    return boost::system::error_code{errno, boost::system::system_category()}.message();
}

/// Calls `f` with each control message of what was received.
template <class F>
void for_each_control(msghdr& message, F const& f)
{
    for (auto* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c))
        f(*c);
}

/// The data of a control message, if it is as long as a T.
template <class T>
bool read_control(cmsghdr& c, int level, int type, T& value)
{
    if (c.cmsg_level != level || c.cmsg_type != type || c.cmsg_len < CMSG_LEN(sizeof value))
        return false;
    std::memcpy(&value, CMSG_DATA(&c), sizeof value);
    return true;
}

/// Room for what we ask for, aligned as the macros want it.
struct control_buffer {
    alignas(cmsghdr) std::array<char, 256> bytes{};
};

in_addr to_in_addr(boost::asio::ip::address_v4 const& a)
{
    in_addr raw{};
    raw.s_addr = htonl(a.to_uint());
    return raw;
}

void join_v6_group(int socket, boost::asio::ip::address_v6 const& group, unsigned interface_index,
                   boost::system::error_code& ec)
{
    ipv6_mreq membership{};
    auto const bytes = group.to_bytes();
    std::memcpy(&membership.ipv6mr_multiaddr, bytes.data(), bytes.size());
    membership.ipv6mr_interface = interface_index;
    set(socket, IPPROTO_IPV6, IPV6_JOIN_GROUP, membership, ec);
}

void contain_to_link(int socket, bool ipv6, containment_wish const& wish, std::vector<containment_gap>& gaps)
{
    if (!wish.link_only)
        return;
    boost::system::error_code ec;
    if (ipv6)
        set(socket, IPPROTO_IPV6, IPV6_UNICAST_HOPS, int{1}, ec);
    else
        set(socket, IPPROTO_IP, IP_TTL, int{1}, ec);
    if (ec)
        gaps.push_back({containment::hop_limit, ec.message()});
    set(socket, SOL_SOCKET, SO_DONTROUTE, int{1}, ec);
    if (ec)
        gaps.push_back({containment::no_routing, ec.message()});
}

} // namespace

void ask_for_arrival(int socket, bool ipv6)
{
    boost::system::error_code ignored;
    if (ipv6)
        set(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, int{1}, ignored);
#ifdef IP_PKTINFO
    else
        set(socket, IPPROTO_IP, IP_PKTINFO, int{1}, ignored);
#endif
}

std::size_t receive_datagram(int socket, std::span<char> buffer, boost::asio::ip::udp::endpoint& from,
                             unsigned& arrived_on, boost::system::error_code& ec)
{
    iovec part{buffer.data(), buffer.size()};
    control_buffer room;
    msghdr message{};
    message.msg_name = from.data();
    message.msg_namelen = static_cast<socklen_t>(from.capacity());
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = room.bytes.data();
    message.msg_controllen = room.bytes.size();
    auto const size = ::recvmsg(socket, &message, 0);
    if (size < 0) {
        ec.assign(errno, boost::system::system_category());
        return 0;
    }
    ec.clear();
    from.resize(message.msg_namelen);
    arrived_on = 0;
    for_each_control(message, [&](cmsghdr& c) {
        in6_pktinfo v6{};
        if (read_control(c, IPPROTO_IPV6, IPV6_PKTINFO, v6))
            arrived_on = v6.ipi6_ifindex;
#ifdef IP_PKTINFO
        in_pktinfo v4{};
        if (read_control(c, IPPROTO_IP, IP_PKTINFO, v4))
            arrived_on = static_cast<unsigned>(v4.ipi_ifindex);
#endif
    });
    return static_cast<std::size_t>(size);
}

#ifdef __linux__

void join_group(int socket, boost::asio::ip::address const& group, unsigned interface_index,
                boost::asio::ip::address const& own, boost::system::error_code& ec)
{
    if (group.is_v6()) {
#    ifdef IPV6_MULTICAST_ALL
        boost::system::error_code ignored; // Linux 4.20 and newer; bound to the device as well
        set(socket, IPPROTO_IPV6, IPV6_MULTICAST_ALL, int{0}, ignored);
#    endif
        return join_v6_group(socket, group.to_v6(), interface_index, ec);
    }
    // Without this, Linux hands a socket the group's datagrams of every interface that any program joined on.
    set(socket, IPPROTO_IP, IP_MULTICAST_ALL, int{0}, ec);
    if (ec)
        return;
    ip_mreqn membership{};
    membership.imr_multiaddr = to_in_addr(group.to_v4());
    membership.imr_address = to_in_addr(own.to_v4());
    membership.imr_ifindex = static_cast<int>(interface_index);
    set(socket, IPPROTO_IP, IP_ADD_MEMBERSHIP, membership, ec);
}

void send_multicast_by(int socket, unsigned interface_index, boost::asio::ip::address const& own,
                       boost::system::error_code& ec)
{
    if (own.is_v6())
        return set(socket, IPPROTO_IPV6, IPV6_MULTICAST_IF, static_cast<int>(interface_index), ec);
    ip_mreqn choice{};
    choice.imr_address = to_in_addr(own.to_v4());
    choice.imr_ifindex = static_cast<int>(interface_index);
    set(socket, IPPROTO_IP, IP_MULTICAST_IF, choice, ec);
}

unsigned arrival_of_connection(int socket, bool ipv6)
{
    // Linux keeps, with a connection, the interface of its handshake, and tells it to those who ask for
    // packet information.
    boost::system::error_code ec;
    if (ipv6)
        set(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, int{1}, ec);
    else
        set(socket, IPPROTO_IP, IP_PKTINFO, int{1}, ec);
    if (ec)
        return 0;
    control_buffer room;
    auto size = static_cast<socklen_t>(room.bytes.size());
    if (::getsockopt(socket, ipv6 ? static_cast<int>(IPPROTO_IPV6) : static_cast<int>(IPPROTO_IP),
                     ipv6 ? IPV6_2292PKTOPTIONS : IP_PKTOPTIONS, room.bytes.data(), &size) != 0)
        return 0;
    msghdr message{};
    message.msg_control = room.bytes.data();
    message.msg_controllen = size;
    unsigned index = 0;
    for_each_control(message, [&](cmsghdr& c) {
        in_pktinfo v4{};
        in6_pktinfo v6{};
        if (read_control(c, IPPROTO_IP, IP_PKTINFO, v4))
            index = static_cast<unsigned>(v4.ipi_ifindex);
        else if (read_control(c, IPPROTO_IPV6, IPV6_PKTINFO, v6) ||
                 read_control(c, IPPROTO_IPV6, IPV6_2292PKTINFO, v6))
            index = v6.ipi6_ifindex;
    });
    return index;
}

void close_on_exec(int socket) noexcept { ::fcntl(socket, F_SETFD, FD_CLOEXEC); }

std::vector<containment_gap> contain(int socket, bool ipv6, containment_wish const& wish)
{
    std::vector<containment_gap> gaps;
    // Linux 5.7 and newer let everyone do it; older ones want CAP_NET_RAW.
    if (!wish.device.empty() && ::setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, wish.device.data(),
                                             static_cast<socklen_t>(wish.device.size())) != 0)
        gaps.push_back({containment::bound_to_device, last_error()});
    contain_to_link(socket, ipv6, wish, gaps);
    return gaps;
}

#else

unsigned arrival_of_connection(int, bool) { return 0; }

std::vector<containment_gap> contain(int socket, bool ipv6, containment_wish const& wish)
{
    std::vector<containment_gap> gaps;
    if (!wish.device.empty())
        gaps.push_back({containment::bound_to_device, "not on this system"});
    contain_to_link(socket, ipv6, wish, gaps);
    return gaps;
}

void join_group(int socket, boost::asio::ip::address const& group, unsigned interface_index,
                boost::asio::ip::address const& own, boost::system::error_code& ec)
{
    if (group.is_v6())
        return join_v6_group(socket, group.to_v6(), interface_index, ec);
    ip_mreq membership{};
    membership.imr_multiaddr = to_in_addr(group.to_v4());
    membership.imr_interface = to_in_addr(own.to_v4());
    set(socket, IPPROTO_IP, IP_ADD_MEMBERSHIP, membership, ec);
}

void send_multicast_by(int socket, unsigned interface_index, boost::asio::ip::address const& own,
                       boost::system::error_code& ec)
{
    if (own.is_v6())
        return set(socket, IPPROTO_IPV6, IPV6_MULTICAST_IF, interface_index, ec);
    set(socket, IPPROTO_IP, IP_MULTICAST_IF, to_in_addr(own.to_v4()), ec);
}

#endif

product_token system_product()
{
    utsname system{};
    if (::uname(&system) != 0)
        return {"OS", "0"};
    auto const cleaned = [](std::string text, char const* otherwise) {
        std::erase_if(text, [](char c) { return !ascii::is_token(c); });
        return text.empty() ? std::string{otherwise} : text;
    };
    return {cleaned(system.sysname, "OS"), cleaned(system.release, "0")};
}

} // namespace onlink
