// SPDX-License-Identifier: BSL-1.0
#include "net/socket_options.hpp"

#include "base/ascii.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cerrno>

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

in_addr to_in_addr(boost::asio::ip::address_v4 a)
{
    in_addr raw{};
    raw.s_addr = htonl(a.to_uint());
    return raw;
}

} // namespace

#ifdef __linux__

void join_group(int socket, boost::asio::ip::address_v4 group, unsigned interface_index,
                boost::asio::ip::address_v4 interface_address, boost::system::error_code& ec)
{
    // Without this, Linux hands a socket the group's datagrams of every interface that any program joined on.
    set(socket, IPPROTO_IP, IP_MULTICAST_ALL, int{0}, ec);
    if (ec)
        return;
    ip_mreqn membership{};
    membership.imr_multiaddr = to_in_addr(group);
    membership.imr_address = to_in_addr(interface_address);
    membership.imr_ifindex = static_cast<int>(interface_index);
    set(socket, IPPROTO_IP, IP_ADD_MEMBERSHIP, membership, ec);
}

void send_multicast_by(int socket, unsigned interface_index, boost::asio::ip::address_v4 interface_address,
                       boost::system::error_code& ec)
{
    ip_mreqn choice{};
    choice.imr_address = to_in_addr(interface_address);
    choice.imr_ifindex = static_cast<int>(interface_index);
    set(socket, IPPROTO_IP, IP_MULTICAST_IF, choice, ec);
}

#else

void join_group(int socket, boost::asio::ip::address_v4 group, unsigned,
                boost::asio::ip::address_v4 interface_address, boost::system::error_code& ec)
{
    ip_mreq membership{};
    membership.imr_multiaddr = to_in_addr(group);
    membership.imr_interface = to_in_addr(interface_address);
    set(socket, IPPROTO_IP, IP_ADD_MEMBERSHIP, membership, ec);
}

void send_multicast_by(int socket, unsigned, boost::asio::ip::address_v4 interface_address,
                       boost::system::error_code& ec)
{
    set(socket, IPPROTO_IP, IP_MULTICAST_IF, to_in_addr(interface_address), ec);
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
