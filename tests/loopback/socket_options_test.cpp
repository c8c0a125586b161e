// SPDX-License-Identifier: BSL-1.0
#include "net/socket_options.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <string>

namespace onlink {
namespace {

using boost::asio::ip::tcp;
using boost::asio::ip::udp;
using testing::IsEmpty;
using testing::SizeIs;

int option_of(int socket, int level, int name)
{
    int value = -1;
    socklen_t size = sizeof value;
    EXPECT_EQ(::getsockopt(socket, level, name, &value, &size), 0);
    return value;
}

std::string device_of(int socket)
{
    std::array<char, IF_NAMESIZE> name{};
    auto size = static_cast<socklen_t>(name.size());
    EXPECT_EQ(::getsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, name.data(), &size), 0);
    return name.data();
}

class sockets : public testing::Test {
protected:
    boost::asio::io_context io;
    unsigned const lo = ::if_nametoindex("lo");
};

TEST_F(sockets, contained_to_the_link_have_hop_limit_1_no_routing_and_their_device)
{
    tcp::socket v4{io, tcp::v4()};
    EXPECT_THAT(contain(v4.native_handle(), false, {"lo", true}), IsEmpty());
    EXPECT_EQ(option_of(v4.native_handle(), IPPROTO_IP, IP_TTL), 1);
    EXPECT_EQ(option_of(v4.native_handle(), SOL_SOCKET, SO_DONTROUTE), 1);
    EXPECT_EQ(device_of(v4.native_handle()), "lo");

    udp::socket v6{io, udp::v6()};
    EXPECT_THAT(contain(v6.native_handle(), true, {"lo", true}), IsEmpty());
    EXPECT_EQ(option_of(v6.native_handle(), IPPROTO_IPV6, IPV6_UNICAST_HOPS), 1);
    EXPECT_EQ(option_of(v6.native_handle(), SOL_SOCKET, SO_DONTROUTE), 1);
    EXPECT_EQ(device_of(v6.native_handle()), "lo");
}

TEST_F(sockets, a_widened_segment_keeps_the_device_and_may_be_routed)
{
    tcp::socket socket{io, tcp::v4()};
    EXPECT_THAT(contain(socket.native_handle(), false, {"lo", false}), IsEmpty());
    EXPECT_GT(option_of(socket.native_handle(), IPPROTO_IP, IP_TTL), 1);
    EXPECT_EQ(option_of(socket.native_handle(), SOL_SOCKET, SO_DONTROUTE), 0);
    EXPECT_EQ(device_of(socket.native_handle()), "lo");
}

TEST_F(sockets, what_the_system_refuses_is_said_and_the_rest_is_done)
{
    tcp::socket socket{io, tcp::v4()};
    auto const gaps = contain(socket.native_handle(), false, {"no-such-device", true});
    ASSERT_THAT(gaps, SizeIs(1));
    EXPECT_EQ(gaps[0].what, containment::bound_to_device);
    EXPECT_EQ(gaps[0].why, "No such device");
    EXPECT_EQ(option_of(socket.native_handle(), IPPROTO_IP, IP_TTL), 1);

    socket.close();
    EXPECT_THAT(contain(socket.native_handle(), false, {"lo", true}), SizeIs(3)) << "no socket, nothing done";
}

TEST_F(sockets, a_connection_tells_the_interface_it_came_in_on)
{
    for (auto const& address : {boost::asio::ip::address{boost::asio::ip::address_v4::loopback()},
                                boost::asio::ip::address{boost::asio::ip::address_v6::loopback()}}) {
        tcp::acceptor acceptor{io};
        boost::system::error_code ec;
        tcp::endpoint const at{address, 0};
        acceptor.open(at.protocol(), ec);
        if (!ec)
            acceptor.bind(at, ec);
        if (ec && address.is_v6())
            continue; // a system without IPv6
        ASSERT_FALSE(ec);
        acceptor.listen();
        tcp::socket client{io};
        client.connect(acceptor.local_endpoint());
        auto accepted = acceptor.accept();
        EXPECT_EQ(arrival_of_connection(accepted.native_handle(), address.is_v6()), lo) << address;
    }
}

TEST_F(sockets, a_datagram_tells_the_interface_it_arrived_on_and_is_cut_to_the_buffer)
{
    udp::socket receiver{io, udp::endpoint{boost::asio::ip::address_v4::loopback(), 0}};
    udp::socket sender{io, udp::v4()};
    std::array<char, 4> buffer{};
    udp::endpoint from;
    unsigned arrived_on = 99;
    boost::system::error_code ec;

    sender.send_to(boost::asio::buffer("hello", 5), receiver.local_endpoint());
    receiver.wait(udp::socket::wait_read);
    EXPECT_EQ(receive_datagram(receiver.native_handle(), buffer, from, arrived_on, ec), 4U);
    EXPECT_FALSE(ec);
    EXPECT_EQ(arrived_on, 0U) << "nobody asked";
    EXPECT_EQ(from.port(), sender.local_endpoint().port());

    ask_for_arrival(receiver.native_handle(), false);
    sender.send_to(boost::asio::buffer("x", 1), receiver.local_endpoint());
    receiver.wait(udp::socket::wait_read);
    EXPECT_EQ(receive_datagram(receiver.native_handle(), buffer, from, arrived_on, ec), 1U);
    EXPECT_EQ(arrived_on, lo);

    receiver.non_blocking(true);
    EXPECT_EQ(receive_datagram(receiver.native_handle(), buffer, from, arrived_on, ec), 0U);
    EXPECT_EQ(ec, boost::asio::error::would_block);
}

} // namespace
} // namespace onlink
