// SPDX-License-Identifier: BSL-1.0
#include "netlink/rtnetlink_decoder.hpp"

#include "support/guarded_buffer.hpp"
#include "unit/netlink/rtnetlink_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using state = rtnetlink_decoder::state;

address ip(char const* text) { return boost::asio::ip::make_address(text); }

ip_prefix prefix(char const* text) { return ip_prefix::parse(text).value(); }

interface_table decoded(std::string const& dump, limits::interface_limits const& bounds = {})
{
    rtnetlink_decoder decoder{bounds};
    guarded_buffer const buffer{dump + done()};
    EXPECT_EQ(decoder.feed(buffer.view(), sequence), state::done);
    return decoder.take();
}

/// The only interface of a dump, eth0 with index 2, and what is said of it.
network_interface eth0(std::string const& more)
{
    auto const table = decoded(link(2, "eth0") + more);
    EXPECT_THAT(table.all(), SizeIs(1));
    return table.all().at(0);
}

interface_address only_address(std::string const& more)
{
    auto const interface = eth0(more);
    EXPECT_THAT(interface.addresses, SizeIs(1));
    return interface.addresses.at(0);
}

TEST(rtnetlink_decoder, a_dump_becomes_interfaces_in_the_order_of_their_indices)
{
    auto const table = decoded(link(3, "wlan0", IFF_UP | IFF_MULTICAST) +
                               link(1, "lo", IFF_UP | IFF_RUNNING | IFF_LOOPBACK) + link(2, "eth0") +
                               link(4, "tun0", IFF_UP | IFF_RUNNING | IFF_POINTOPOINT) +
                               own(1, "127.0.0.1", 8, 0, RT_SCOPE_HOST) + own(2, "192.168.20.5", 24) +
                               own(2, "fe80::5", 64, 0, RT_SCOPE_LINK));
    ASSERT_THAT(table.all(), SizeIs(4));
    auto const& all = table.all();
    EXPECT_EQ(all[0].name, "lo");
    EXPECT_TRUE(all[0].loopback);
    EXPECT_FALSE(all[0].multicast);
    EXPECT_THAT(all[0].addresses,
                ElementsAre(interface_address{
                    .address = ip("127.0.0.1"), .prefix_length = 8, .scope = address_scope::host}));
    EXPECT_EQ(all[1].name, "eth0");
    EXPECT_EQ(all[1].index, 2U);
    EXPECT_TRUE(all[1].up);
    EXPECT_TRUE(all[1].multicast);
    EXPECT_FALSE(all[1].loopback);
    EXPECT_FALSE(all[1].point_to_point);
    EXPECT_THAT(all[1].addresses,
                ElementsAre(interface_address{.address = ip("192.168.20.5"), .prefix_length = 24},
                            interface_address{.address = ip("fe80::5"),
                                              .prefix_length = 64,
                                              .scope = address_scope::link,
                                              .prefix_on_link = false}));
    EXPECT_EQ(all[2].name, "wlan0");
    EXPECT_FALSE(all[2].up) << "switched on, but no carrier";
    EXPECT_TRUE(all[3].point_to_point);
    EXPECT_THAT(table.neighbours(), IsEmpty());
}

TEST(rtnetlink_decoder, a_dump_may_come_in_several_buffers)
{
    rtnetlink_decoder decoder{{}};
    EXPECT_EQ(decoder.feed(link(2, "eth0"), sequence), state::more);
    EXPECT_EQ(decoder.feed({}, sequence), state::more);
    EXPECT_EQ(decoder.feed(done(), sequence), state::done);
    EXPECT_EQ(decoder.feed(own(2, "192.168.20.5", 24) + done(), sequence), state::done);
    EXPECT_THAT(decoder.take().all().at(0).addresses, SizeIs(1));
    EXPECT_THAT(decoder.take().all(), IsEmpty()) << "taken";
}

// ---- The frame of a dump

TEST(rtnetlink_decoder, what_changed_while_it_was_read_is_to_be_read_again)
{
    rtnetlink_decoder decoder{{}};
    ifinfomsg head{};
    EXPECT_EQ(decoder.feed(message(RTM_NEWLINK, bytes_of(head), NLM_F_MULTI | NLM_F_DUMP_INTR), sequence),
              state::more);
    EXPECT_EQ(decoder.feed(done(), sequence), state::interrupted);
}

TEST(rtnetlink_decoder, an_error_ends_it)
{
    rtnetlink_decoder decoder{{}};
    EXPECT_EQ(decoder.feed(message(NLMSG_ERROR, bytes_of(nlmsgerr{})), sequence), state::failed);
}

TEST(rtnetlink_decoder, answers_to_other_questions_are_skipped)
{
    rtnetlink_decoder decoder{{}};
    auto const other = message(NLMSG_ERROR, bytes_of(nlmsgerr{}), 0, sequence + 1);
    EXPECT_EQ(decoder.feed(other + message(NLMSG_NOOP, {}) + link(2, "eth0") + done(), sequence),
              state::done);
    EXPECT_THAT(decoder.take().all(), SizeIs(1));
}

TEST(rtnetlink_decoder, a_message_that_is_not_all_there_fails)
{
    auto const whole = link(2, "eth0") + own(2, "192.168.20.5", 24) + route("172.16.9.0", 24, 2) +
                       neighbour_at(2, "192.168.20.9", "\x02\x11\x22\x33\x44\x55") + done();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        rtnetlink_decoder decoder{{}};
        guarded_buffer const cut{std::string_view{whole}.substr(0, size)};
        EXPECT_NE(decoder.feed(cut.view(), sequence), state::done) << size;
    }
    for (std::uint32_t const length : {0U, 1U, 15U, 0xffffffffU}) {
        nlmsghdr head{};
        head.nlmsg_len = length;
        rtnetlink_decoder decoder{{}};
        guarded_buffer const buffer{bytes_of(head)};
        EXPECT_EQ(decoder.feed(buffer.view(), sequence), state::failed) << length;
    }
}

TEST(rtnetlink_decoder, every_byte_changed_is_read_or_refused)
{
    auto const whole = link(2, "eth0") + own(2, "fe80::5", 64) + route("172.16.9.0", 24, 2) +
                       neighbour_at(2, "192.168.20.9", "\x02\x11\x22\x33\x44\x55") + done();
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (int const change : {1, 0x7f, 0x80, 0xff}) {
            auto changed = whole;
            changed[at] = static_cast<char>(changed[at] ^ change);
            rtnetlink_decoder decoder{{}};
            guarded_buffer const buffer{changed};
            decoder.feed(buffer.view(), sequence);
            auto const table = decoder.take();
            for (auto const& interface : table.all())
                EXPECT_LT(interface.name.size(), std::size_t{IFNAMSIZ});
        }
}

TEST(rtnetlink_decoder, an_attribute_that_is_not_all_there_fails)
{
    // Whatever it hides, a gateway perhaps, is not guessed.
    auto const fed = [](std::string const& broken) {
        rtnetlink_decoder decoder{{}};
        guarded_buffer const buffer{link(2, "eth0") + broken + done()};
        return decoder.feed(buffer.view(), sequence);
    };
    auto const sound = attribute(IFLA_MTU, "abcd");
    ifinfomsg link_head{};
    link_head.ifi_index = 3;
    ndmsg neighbour_head{};
    neighbour_head.ndm_family = AF_INET;
    neighbour_head.ndm_ifindex = 2;
    neighbour_head.ndm_state = NUD_REACHABLE;
    for (int const length : {0, 1, 3, 0xffff}) {
        auto const odd = attribute(IFA_LOCAL, "abcd", length);
        EXPECT_EQ(fed(own(2, "192.168.20.5", 24, 0, 0, odd + sound)), state::failed) << length;
        EXPECT_EQ(fed(route("172.16.9.0", 24, 2, odd + attribute(RTA_GATEWAY, "abcd"))), state::failed)
            << length;
        EXPECT_EQ(fed(message(RTM_NEWLINK, bytes_of(link_head) + odd)), state::failed) << length;
        EXPECT_EQ(fed(message(RTM_NEWNEIGH, bytes_of(neighbour_head) + odd)), state::failed) << length;
    }
    for (auto const type : {RTM_NEWLINK, RTM_NEWADDR, RTM_NEWROUTE, RTM_NEWNEIGH})
        EXPECT_EQ(fed(message(static_cast<std::uint16_t>(type), "abc")), state::failed) << type;
    EXPECT_EQ(fed(own(2, "192.168.20.5", 24, 0, 0, sound)), state::done);
}

TEST(rtnetlink_decoder, an_end_with_an_error_is_no_end)
{
    rtnetlink_decoder decoder{{}};
    EXPECT_EQ(decoder.feed(link(2, "eth0") + message(NLMSG_DONE, bytes_of(int{-5})), sequence),
              state::failed);
    EXPECT_EQ(decoder.feed(message(NLMSG_DONE, {}), sequence), state::done);
}

// ---- Links

TEST(rtnetlink_decoder, a_link_without_a_name_or_index_or_known_already_is_left_out)
{
    EXPECT_THAT(decoded(link(0, "zero") + link(-1, "minus") + link(5, "")).all(), IsEmpty());
    auto const twice = decoded(link(2, "eth0") + link(2, "eth1"));
    ASSERT_THAT(twice.all(), SizeIs(1));
    EXPECT_EQ(twice.all()[0].name, "eth0");
    EXPECT_EQ(decoded(link(2, std::string(40, 'n'))).all().at(0).name, std::string(IFNAMSIZ - 1, 'n'));
}

TEST(rtnetlink_decoder, limits_interfaces_what_is_beyond_is_as_if_it_were_not_there)
{
    limits::interface_limits bounds;
    bounds.max_known_interfaces = 2;
    bounds.max_addresses = 1;
    bounds.max_routes = 1;
    bounds.max_neighbours = 1;
    auto const table =
        decoded(link(2, "eth0") + link(3, "eth1") + link(4, "eth2") + own(2, "192.168.20.5", 24) +
                    own(2, "192.168.21.5", 24) + own(4, "192.168.22.5", 24) + route("172.16.1.0", 24, 2) +
                    route("172.16.2.0", 24, 2) + route("172.16.3.0", 24, 4) +
                    neighbour_at(2, "192.168.20.9", "abcdef") + neighbour_at(2, "192.168.20.10", "abcdef"),
                bounds);
    ASSERT_THAT(table.all(), SizeIs(2));
    EXPECT_THAT(table.all()[0].addresses, SizeIs(1));
    EXPECT_THAT(table.all()[0].routes, ElementsAre(prefix("172.16.1.0/24")));
    EXPECT_THAT(table.neighbours(), SizeIs(1));
}

// ---- Addresses

TEST(rtnetlink_decoder, the_flags_of_an_address)
{
    EXPECT_FALSE(only_address(own(2, "fe80::5", 64)).deprecated);
    EXPECT_TRUE(only_address(own(2, "fe80::5", 64, IFA_F_DEPRECATED)).deprecated);
    EXPECT_TRUE(only_address(own(2, "fe80::5", 64, IFA_F_TENTATIVE)).tentative);
    EXPECT_FALSE(only_address(own(2, "fe80::5", 64, IFA_F_TENTATIVE | IFA_F_OPTIMISTIC)).tentative);
    EXPECT_TRUE(only_address(own(2, "fe80::5", 64, IFA_F_DADFAILED | IFA_F_OPTIMISTIC)).tentative);
    EXPECT_TRUE(only_address(own(2, "2001:db8::5", 64, IFA_F_TEMPORARY)).temporary);
    EXPECT_FALSE(only_address(own(2, "192.168.20.5", 24, IFA_F_SECONDARY)).temporary);
    EXPECT_TRUE(only_address(own(2, "192.168.20.5", 24)).prefix_on_link);
    EXPECT_FALSE(only_address(own(2, "2001:db8::5", 64)).prefix_on_link) << "a route says it, or nobody";
    auto const flags = attribute(IFA_FLAGS, bytes_of(std::uint32_t{IFA_F_NOPREFIXROUTE | IFA_F_PERMANENT}));
    EXPECT_FALSE(only_address(own(2, "192.168.20.5", 24, IFA_F_PERMANENT, 0, flags)).prefix_on_link);
    auto const short_flags = attribute(IFA_FLAGS, "ab");
    EXPECT_TRUE(only_address(own(2, "fe80::5", 64, IFA_F_DEPRECATED, 0, short_flags)).deprecated);
}

TEST(rtnetlink_decoder, the_scope_of_an_address)
{
    for (auto const& [raw_scope, scope] :
         {std::pair{RT_SCOPE_UNIVERSE, address_scope::universe},
          std::pair{RT_SCOPE_SITE, address_scope::site}, std::pair{RT_SCOPE_LINK, address_scope::link},
          std::pair{RT_SCOPE_HOST, address_scope::host}, std::pair{RT_SCOPE_NOWHERE, address_scope::host}})
        EXPECT_EQ(only_address(own(2, "192.168.20.5", 24, 0, static_cast<unsigned char>(raw_scope))).scope,
                  scope);
}

TEST(rtnetlink_decoder, a_point_to_point_address_has_another_end)
{
    auto const far_end = own(2, "10.9.0.2", 32, 0, 0, attribute(IFA_LOCAL, raw("10.9.0.1")));
    auto const own_end = only_address(far_end);
    EXPECT_EQ(own_end.address, ip("10.9.0.1"));
    EXPECT_EQ(own_end.peer, ip("10.9.0.2"));
    auto const plain = only_address(own(2, "10.9.0.1", 24, 0, 0, attribute(IFA_LOCAL, raw("10.9.0.1"))));
    EXPECT_EQ(plain.address, ip("10.9.0.1"));
    EXPECT_EQ(plain.peer, std::nullopt);
    ifaddrmsg head{};
    head.ifa_family = AF_INET;
    head.ifa_prefixlen = 24;
    head.ifa_index = 2;
    auto const alone =
        only_address(message(RTM_NEWADDR, bytes_of(head) + attribute(IFA_LOCAL, raw("10.9.0.1"))));
    EXPECT_EQ(alone, plain);
}

TEST(rtnetlink_decoder, an_address_that_cannot_be_one_is_left_out)
{
    EXPECT_THAT(eth0(own(2, "192.168.20.5", 33)).addresses, IsEmpty());
    EXPECT_THAT(eth0(own(2, "fe80::5", 129)).addresses, IsEmpty());
    EXPECT_THAT(eth0(own(3, "192.168.20.5", 24)).addresses, IsEmpty()) << "of an unknown interface";
    EXPECT_THAT(eth0(own(2, "239.1.1.1", 32)).addresses, IsEmpty()) << "a group, joined in passing";
    ifaddrmsg head{};
    head.ifa_index = 2;
    for (int const family : {AF_INET, AF_INET6, AF_UNSPEC, AF_PACKET}) {
        head.ifa_family = static_cast<unsigned char>(family);
        EXPECT_THAT(eth0(message(RTM_NEWADDR, bytes_of(head))).addresses, IsEmpty()) << "without address";
        EXPECT_THAT(eth0(message(RTM_NEWADDR, bytes_of(head) + attribute(IFA_ADDRESS, "abcde"))).addresses,
                    IsEmpty());
    }
}

// ---- Routes

TEST(rtnetlink_decoder, routes_without_a_gateway_are_on_link)
{
    auto const interface = eth0(route("172.16.9.0", 24, 2) + route("2001:db8:20::", 64, 2) +
                                route("10.7.7.7", 32, 2) + route("172.16.9.0", 24, 2));
    EXPECT_THAT(interface.routes,
                ElementsAre(prefix("172.16.9.0/24"), prefix("2001:db8:20::/64"), prefix("10.7.7.7/32")))
        << "each once";
}

TEST(rtnetlink_decoder, a_route_through_somebody_else_is_not)
{
    for (std::uint16_t const type : {RTA_GATEWAY, RTA_VIA, RTA_ENCAP, RTA_ENCAP_TYPE, RTA_MULTIPATH})
        EXPECT_THAT(eth0(route("172.16.9.0", 24, 2, attribute(type, "abcd"))).routes, IsEmpty()) << type;
}

TEST(rtnetlink_decoder, what_is_no_plain_route_of_the_main_table_is_not)
{
    auto const with = [](auto const& change) {
        auto head = direct("172.16.9.0", 24);
        change(head);
        return eth0(route(head, "172.16.9.0", 2)).routes;
    };
    EXPECT_THAT(with([](rtmsg&) {}), SizeIs(1));
    EXPECT_THAT(with([](rtmsg& r) { r.rtm_dst_len = 0; }), IsEmpty()) << "the default route";
    EXPECT_THAT(with([](rtmsg& r) { r.rtm_dst_len = 33; }), IsEmpty());
    EXPECT_THAT(with([](rtmsg& r) { r.rtm_src_len = 8; }), IsEmpty());
    for (unsigned char const type : {RTN_LOCAL, RTN_BROADCAST, RTN_BLACKHOLE, RTN_UNREACHABLE, RTN_MULTICAST})
        EXPECT_THAT(with([&](rtmsg& r) { r.rtm_type = type; }), IsEmpty()) << int{type};
    EXPECT_THAT(with([](rtmsg& r) { r.rtm_table = RT_TABLE_LOCAL; }), IsEmpty());
    EXPECT_THAT(with([](rtmsg& r) { r.rtm_flags = RTM_F_CLONED; }), IsEmpty());
    EXPECT_THAT(with([](rtmsg& r) { r.rtm_flags = RTNH_F_DEAD; }), IsEmpty());
    EXPECT_THAT(with([](rtmsg& r) { r.rtm_family = AF_INET6; }), IsEmpty()) << "4 bytes are no IPv6 address";
    EXPECT_THAT(eth0(route("172.16.9.0", 24, 3)).routes, IsEmpty()) << "over an unknown interface";
    EXPECT_THAT(eth0(route("172.16.9.0", 24, 2, attribute(RTA_TABLE, bytes_of(std::uint32_t{51820})))).routes,
                IsEmpty())
        << "the long number of the table counts";
    EXPECT_THAT(eth0(route("172.16.9.0", 24, 2, attribute(RTA_TABLE, "a"))).routes, IsEmpty());
    EXPECT_THAT(eth0(route("172.16.9.0", 24, 2, attribute(RTA_OIF, "a"))).routes, IsEmpty());
    auto const without_table = direct("172.16.9.0", 24);
    EXPECT_THAT(eth0(message(RTM_NEWROUTE, bytes_of(without_table) + attribute(RTA_DST, raw("172.16.9.0")) +
                                               attribute(RTA_OIF, bytes_of(std::uint32_t{2}))))
                    .routes,
                SizeIs(1));
}

TEST(rtnetlink_decoder,
     limits_interfaces_max_routes_prefixes_that_a_neighbour_advertises_do_not_crowd_ours_out)
{
    // As the system says it: addresses first, routes in the order of their prefixes.
    auto dump = own(2, "fd00:1::5", 64) + own(2, "fe80::5", 64, 0, RT_SCOPE_LINK);
    for (int n = 1; n <= 80; ++n)
        dump += route(("2001:db8:" + std::to_string(n) + "::").c_str(), 64, 2);
    dump += route("fd00:1::", 64, 2) + route("fe80::", 64, 2);
    for (auto const& bounds : {limits{}.interfaces, limits::small().interfaces}) {
        auto const table = decoded(link(2, "eth0") + dump, bounds);
        auto const& interface = table.all().at(0);
        EXPECT_THAT(interface.routes, SizeIs(bounds.max_routes));
        EXPECT_TRUE(interface.on_segment(ip("fd00:1::9")));
        EXPECT_TRUE(interface.on_segment(ip("fe80::9")));
        EXPECT_TRUE(interface.on_segment(ip("2001:db8:1::9")));
    }
}

// ---- Neighbours

TEST(rtnetlink_decoder, neighbours_that_answer_are_known_by_their_hardware_address)
{
    std::string const mac = "\x02\x11\x22\x33\x44\x55";
    auto const table = decoded(link(2, "eth0") + neighbour_at(2, "192.168.20.9", mac) +
                               neighbour_at(2, "fe80::9", mac, NUD_STALE));
    ASSERT_THAT(table.neighbours(), SizeIs(2));
    EXPECT_EQ(table.neighbours()[0],
              (neighbour{2, ip("192.168.20.9"), {0x02, 0x11, 0x22, 0x33, 0x44, 0x55, 0, 0}}));
    EXPECT_TRUE(table.same_host(2, ip("192.168.20.9"), ip("fe80::9")));
}

TEST(rtnetlink_decoder, neighbours_that_do_not_answer_or_have_no_address_are_left_out)
{
    auto const none = [](std::string const& neighbours) {
        return decoded(link(2, "eth0") + neighbours).neighbours();
    };
    for (int const reached : {NUD_INCOMPLETE, NUD_FAILED, NUD_NOARP, NUD_NONE})
        EXPECT_THAT(none(neighbour_at(2, "192.168.20.9", "abcdef", static_cast<std::uint16_t>(reached))),
                    IsEmpty())
            << reached;
    EXPECT_THAT(none(neighbour_at(2, "192.168.20.9", "")), IsEmpty());
    EXPECT_THAT(none(neighbour_at(2, "192.168.20.9", "123456789")), IsEmpty()) << "longer than any we know";
    EXPECT_THAT(none(neighbour_at(3, "192.168.20.9", "abcdef")), IsEmpty());
    EXPECT_THAT(none(neighbour_at(0, "192.168.20.9", "abcdef")), IsEmpty());
    ndmsg head{};
    head.ndm_family = AF_BRIDGE;
    head.ndm_ifindex = 2;
    head.ndm_state = NUD_REACHABLE;
    EXPECT_THAT(none(message(RTM_NEWNEIGH, bytes_of(head) + attribute(NDA_LLADDR, "abcdef"))), IsEmpty());
}

// ---- Notifications

TEST(rtnetlink_decoder, notifications_that_concern_interfaces)
{
    auto const of_type = [](std::uint16_t type) { return message(type, {}); };
    for (std::uint16_t const type :
         {RTM_NEWLINK, RTM_DELLINK, RTM_NEWADDR, RTM_DELADDR, RTM_NEWROUTE, RTM_DELROUTE}) {
        EXPECT_TRUE(concerns_interfaces(of_type(type), false)) << type;
        EXPECT_TRUE(concerns_interfaces(of_type(RTM_NEWNEIGH) + of_type(type), false)) << type;
    }
    for (std::uint16_t const type : {RTM_NEWNEIGH, RTM_DELNEIGH}) {
        EXPECT_FALSE(concerns_interfaces(of_type(type), false)) << type;
        EXPECT_TRUE(concerns_interfaces(of_type(type), true)) << type;
    }
    EXPECT_FALSE(concerns_interfaces(of_type(NLMSG_NOOP), true));
    EXPECT_FALSE(concerns_interfaces({}, true));
    EXPECT_TRUE(concerns_interfaces("not netlink", false)) << "better one reading too many";
}

} // namespace
} // namespace onlink
