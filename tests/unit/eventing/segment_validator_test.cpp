// SPDX-License-Identifier: BSL-1.0
#include "eventing/segment_validator.hpp"

#include "unit/eventing/segment.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>

namespace onlink {
namespace {

using namespace test;

using reason = refusal_reason;

/// What becomes of one URL: admitted, or the reason why not. Prints as a phrase.
struct outcome {
    std::optional<refusal_reason> refused;

    outcome() = default;
    outcome(refusal_reason r) : refused(r) {}
    template <class T>
    outcome(callback_result<T> const& verdict)
        : refused(verdict ? std::nullopt : std::optional{verdict.error()})
    {}

    friend bool operator==(outcome const&, outcome const&) = default;
    friend void PrintTo(outcome const& o, std::ostream* out)
    {
        *out << (o.refused ? to_string(*o.refused) : "admitted");
    }
};
outcome const ok;

policies with(callback_admission rule)
{
    policies policy;
    policy.callback = rule;
    return policy;
}
policies const same_segment = with(callback_admission::same_segment);
policies const same_host = with(callback_admission::same_host);
policies const same_family = [] {
    policies policy;
    policy.cross_family = false;
    return policy;
}();

outcome verdict(std::string const& target, std::string const& requester, interface_table const& table,
                unsigned index = eth0, policies const& policy = same_segment, std::uint16_t port = 50200)
{
    return segment_validator{policy}.admit(table, request_on(table, index, requester),
                                           candidate("http://" + to_authority({ip(target), port}) + "/ev"));
}

outcome at_home(std::string const& target, std::string const& requester = "192.168.20.9",
                unsigned index = eth0, policies const& policy = same_segment)
{
    return verdict(target, requester, home(), index, policy);
}

/// A host with only that address on eth0; the request comes from `requester`.
outcome behind(std::string const& own, unsigned length, std::string const& requester,
               std::string const& target)
{
    return verdict(target, requester, interface_table{{interface_with(eth0, "eth0", {{ip(own), length}})}});
}

/// eth0 with one interface_address as given.
interface_table only(interface_address own) { return interface_table{{interface_with(eth0, "eth0", {own})}}; }

TEST(segment_validator, GENA_10_an_address_on_the_segment_of_the_request_is_admitted)
{
    for (auto const* target : {"192.168.20.9", "192.168.20.1", "192.168.20.254", "192.168.20.10"})
        EXPECT_EQ(at_home(target), ok) << target;
    EXPECT_EQ(at_home("10.8.255.254", "10.8.3.4", eth1), ok);
}

TEST(segment_validator, GENA_10_off_segment_is_refused)
{
    for (auto const* target :
         {"203.0.113.7", "8.8.8.8", "1.1.1.1", "192.168.21.9", "192.168.19.9", "192.169.20.9", "172.16.0.1",
          "169.254.1.1", "100.64.0.1", "223.255.255.255", "1.0.0.0"})
        EXPECT_EQ(at_home(target), reason::callback_off_segment) << target;
}

TEST(segment_validator, GENA_10_private_addresses_of_other_segments_are_off_segment)
{
    // The mistake of PR 577: one device on 192.168.20.0/24 probes 10.0.0.5:22 across the VLAN.
    for (auto const* target : {"10.0.0.5", "172.16.0.5", "192.168.1.5", "10.8.0.9"})
        EXPECT_EQ(at_home(target), reason::callback_off_segment) << target;
}

TEST(segment_validator, GENA_10_the_segment_is_that_of_the_interface_asked_not_any)
{
    EXPECT_EQ(at_home("10.8.0.9", "192.168.20.9", eth0), reason::callback_off_segment);
    EXPECT_EQ(at_home("192.168.20.9", "10.8.0.9", eth1), reason::callback_off_segment);
    EXPECT_EQ(at_home("10.8.0.9", "10.8.0.9", eth1), ok);
}

TEST(segment_validator, GENA_11_addresses_of_nobody_in_particular_are_special)
{
    struct row {
        char const* target;
        refusal_reason why;
    };
    for (auto const& [target, why] : {
             row{"0.0.0.0", reason::callback_reserved},
             row{"0.1.2.3", reason::callback_reserved},
             row{"240.0.0.1", reason::callback_reserved},
             row{"255.255.255.254", reason::callback_reserved},
             row{"224.0.0.1", reason::callback_multicast},
             row{"239.255.255.250", reason::callback_multicast},
             row{"239.255.255.246", reason::callback_multicast},
             row{"255.255.255.255", reason::callback_broadcast},
             row{"::", reason::callback_reserved},
             row{"::2", reason::callback_reserved},
             row{"::192.168.20.9", reason::callback_reserved},
             row{"ff02::c", reason::callback_multicast},
             row{"ff05::c", reason::callback_multicast},
             row{"ff02::1", reason::callback_multicast},
         })
        for (auto const* requester : {"192.168.20.9", "fe80::9%2"})
            EXPECT_EQ(at_home(target, requester), why) << target << " for " << requester;
}

TEST(segment_validator, GENA_11_an_IPv4_mapped_address_is_judged_as_the_IPv4_address_that_it_means)
{
    for (auto const* requester : {"192.168.20.9", "fe80::9%2"}) {
        EXPECT_EQ(at_home("::ffff:192.168.20.9", requester), ok);
        EXPECT_EQ(at_home("::ffff:192.168.21.9", requester), reason::callback_off_segment);
        EXPECT_EQ(at_home("::ffff:192.168.20.5", requester), reason::callback_own_address);
        EXPECT_EQ(at_home("::ffff:192.168.20.255", requester), reason::callback_broadcast);
        EXPECT_EQ(at_home("::ffff:255.255.255.255", requester), reason::callback_broadcast);
        EXPECT_EQ(at_home("::ffff:127.0.0.1", requester), reason::callback_loopback);
        EXPECT_EQ(at_home("::ffff:239.255.255.250", requester), reason::callback_multicast);
        EXPECT_EQ(at_home("::ffff:0.0.0.0", requester), reason::callback_reserved);
        EXPECT_EQ(at_home("::ffff:8.8.8.8", requester), reason::callback_off_segment);
    }
    EXPECT_EQ(at_home("::ffff:192.168.20.9", "192.168.20.9", eth0, same_family), ok) << "it is IPv4";
    EXPECT_EQ(at_home("::ffff:192.168.20.9", "192.168.20.9", eth0, same_host), ok);
    EXPECT_EQ(at_home("::ffff:192.168.20.9", "fe80::9%2", eth0, same_family), reason::callback_other_family);
}

TEST(segment_validator, GENA_11_special_addresses_stay_special_even_inside_a_prefix)
{
    // A host whose network says that everything is on-link.
    struct row {
        char const* target;
        refusal_reason why;
    };
    for (unsigned const length : {0U, 1U, 8U})
        for (auto const& [target, why] : {
                 row{"0.0.0.1", reason::callback_reserved},
                 row{"224.0.0.1", reason::callback_multicast},
                 row{"255.255.255.255", reason::callback_broadcast},
                 row{"127.0.0.1", reason::callback_loopback},
                 row{"240.0.0.1", reason::callback_reserved},
             })
            EXPECT_EQ(behind(target, length, "192.168.20.9", target), why) << target << '/' << length;
}

TEST(segment_validator, GENA_11_loopback_is_special_unless_the_request_came_over_it)
{
    for (auto const* requester : {"192.168.20.9", "192.168.20.5", "127.0.0.1"})
        for (auto const* target : {"127.0.0.1", "127.0.0.2", "127.255.255.254"})
            EXPECT_EQ(at_home(target, requester, eth0), reason::callback_loopback)
                << target << " for " << requester;
    EXPECT_EQ(at_home("::1", "fe80::9%2", eth0), reason::callback_loopback);
    EXPECT_EQ(at_home("127.0.0.1", "127.0.0.1", lo), ok);
    EXPECT_EQ(at_home("127.0.0.2", "127.0.0.2", lo), ok);
    EXPECT_EQ(at_home("::1", "::1", lo), ok);
    EXPECT_EQ(at_home("127.0.0.1", "127.0.0.2", lo), reason::callback_own_address)
        << "an own address, for another one";
    EXPECT_EQ(at_home("127.255.255.255", "127.0.0.1", lo), reason::callback_broadcast) << "its broadcast";
    EXPECT_EQ(at_home("192.168.20.9", "127.0.0.1", lo), reason::callback_off_segment);
}

TEST(segment_validator, GENA_11_an_address_of_this_host_only_for_that_very_address)
{
    EXPECT_EQ(at_home("192.168.20.5", "192.168.20.9"), reason::callback_own_address);
    EXPECT_EQ(at_home("192.168.20.5", "192.168.20.5"), ok) << "a program on this host";
    EXPECT_EQ(at_home("10.8.0.1", "192.168.20.9"), reason::callback_own_address)
        << "that of another interface";
    EXPECT_EQ(at_home("10.8.0.1", "192.168.20.5"), reason::callback_own_address);
    EXPECT_EQ(at_home("10.8.0.1", "10.8.0.1", eth0), reason::callback_off_segment);
    EXPECT_EQ(at_home("fe80::5", "fe80::9%2"), reason::callback_own_address);
    EXPECT_EQ(at_home("fe80::5", "192.168.20.5"), reason::callback_own_address)
        << "the other family of this host is another address";
}

TEST(segment_validator, GENA_11_a_zone_does_not_make_another_address)
{
    // A socket reports the zone of a link-local peer; that of a URL is read over.
    EXPECT_EQ(at_home("fe80::5", "fe80::5%2"), ok) << "a program on this host";
    EXPECT_EQ(at_home("fe80::9", "fe80::9%2", eth0, same_host), ok);
    EXPECT_EQ(at_home("fe80::a", "fe80::9%2", eth0, same_host), reason::callback_not_requester);
    auto const table = home();
    auto const at = request_on(table, eth0, "fe80::9%2");
    auto const url = segment_validator{same_host}.admit(table, at, candidate("http://[fe80::9%25eth1]/"));
    ASSERT_TRUE(url) << "the zone is the writer's own matter";
    EXPECT_EQ(url->where().address, ip("fe80::9"));
    EXPECT_EQ(url->interface_index(), eth0) << "events go over the interface of the request";
}

TEST(segment_validator, GENA_11_directed_broadcast_and_network_address_are_special)
{
    EXPECT_EQ(at_home("192.168.20.255"), reason::callback_broadcast);
    EXPECT_EQ(at_home("192.168.20.0"), reason::callback_broadcast);
    EXPECT_EQ(at_home("10.8.255.255", "10.8.3.4", eth1), reason::callback_broadcast);
    EXPECT_EQ(at_home("10.8.0.0", "10.8.3.4", eth1), reason::callback_broadcast);
    EXPECT_EQ(at_home("10.8.1.255", "10.8.3.4", eth1), ok) << "a host of a /16";
    EXPECT_EQ(at_home("10.8.1.0", "10.8.3.4", eth1), ok);
}

TEST(segment_validator, GENA_11_prefixes_are_compared_bit_by_bit)
{
    struct row {
        char const* own;
        unsigned length;
        char const* target;
        outcome expected;
    };
    for (auto const& [own, length, target, expected] : {
             row{"192.168.20.5", 25, "192.168.20.126", ok},
             row{"192.168.20.5", 25, "192.168.20.127", reason::callback_broadcast},
             row{"192.168.20.5", 25, "192.168.20.128", reason::callback_off_segment},
             row{"192.168.20.5", 25, "192.168.20.0", reason::callback_broadcast},
             row{"192.168.20.133", 25, "192.168.20.127", reason::callback_off_segment},
             row{"192.168.20.133", 25, "192.168.20.129", ok},
             row{"192.168.20.5", 23, "192.168.20.255", ok},
             row{"192.168.20.5", 23, "192.168.21.0", ok},
             row{"192.168.20.5", 23, "192.168.21.254", ok},
             row{"192.168.20.5", 23, "192.168.21.255", reason::callback_broadcast},
             row{"192.168.20.5", 23, "192.168.20.0", reason::callback_broadcast},
             row{"192.168.20.5", 23, "192.168.22.1", reason::callback_off_segment},
             row{"192.168.20.5", 23, "192.168.19.255", reason::callback_off_segment},
             row{"192.168.20.5", 22, "192.168.23.254", ok},
             row{"192.168.20.5", 22, "192.168.24.1", reason::callback_off_segment},
             row{"192.168.20.5", 29, "192.168.20.6", ok},
             row{"192.168.20.5", 29, "192.168.20.7", reason::callback_broadcast},
             row{"192.168.20.5", 29, "192.168.20.8", reason::callback_off_segment},
             row{"192.168.20.5", 30, "192.168.20.6", ok},
             row{"192.168.20.5", 30, "192.168.20.7", reason::callback_broadcast},
             row{"192.168.20.5", 30, "192.168.20.4", reason::callback_broadcast},
             row{"192.168.20.5", 30, "192.168.20.3", reason::callback_off_segment},
             row{"192.168.20.5", 31, "192.168.20.4", ok}, // RFC 3021: two hosts, no broadcast
             row{"192.168.20.4", 31, "192.168.20.5", ok},
             row{"192.168.20.5", 31, "192.168.20.6", reason::callback_off_segment},
             row{"192.168.20.5", 31, "192.168.20.3", reason::callback_off_segment},
             row{"10.9.8.7", 9, "10.127.255.254", ok},
             row{"10.9.8.7", 9, "10.127.255.255", reason::callback_broadcast},
             row{"10.9.8.7", 9, "10.128.0.1", reason::callback_off_segment},
             row{"10.9.8.7", 8, "10.255.255.254", ok},
             row{"10.9.8.7", 8, "10.255.255.255", reason::callback_broadcast},
             row{"10.9.8.7", 8, "11.0.0.1", reason::callback_off_segment},
         })
        EXPECT_EQ(behind(own, length, own, target), expected) << own << '/' << length << ' ' << target;
}

TEST(segment_validator, GENA_11_a_32_address_is_a_segment_of_its_own_and_never_anything)
{
    for (auto const* target : {"10.9.9.8", "10.9.9.10", "192.168.20.9", "203.0.113.7"})
        EXPECT_EQ(behind("10.9.9.9", 32, "10.9.9.8", target), reason::callback_off_segment) << target;
    EXPECT_EQ(behind("10.9.9.9", 32, "10.9.9.9", "10.9.9.9"), ok);
    EXPECT_EQ(behind("10.9.9.9", 32, "10.9.9.8", "10.9.9.9"), reason::callback_own_address);
    EXPECT_EQ(behind("fd00::9", 128, "fd00::8", "fd00::8"), reason::callback_off_segment);
    EXPECT_EQ(behind("10.9.9.9", 33, "10.9.9.8", "10.9.9.8"), reason::callback_off_segment)
        << "a length that is none";
}

TEST(segment_validator, GENA_11_every_address_of_the_interface_counts)
{
    interface_table const table{{interface_with(
        eth0, "eth0", {{ip("192.168.20.5"), 24}, {ip("192.168.30.5"), 25}, {ip("169.254.7.7"), 16}})}};
    EXPECT_EQ(verdict("192.168.20.9", "192.168.30.9", table), ok);
    EXPECT_EQ(verdict("192.168.30.9", "192.168.20.9", table), ok);
    EXPECT_EQ(verdict("169.254.3.4", "192.168.20.9", table), reason::callback_not_private)
        << "asked at an RFC 1918 address, it names no RFC 1918 address";
    auto const at = ingress{eth0, ip("169.254.7.7"), ip("169.254.3.4")};
    EXPECT_EQ(outcome{segment_validator{same_segment}.admit(table, at, candidate("http://169.254.3.4/"))},
              ok);
    EXPECT_EQ(verdict("192.168.30.127", "192.168.20.9", table), reason::callback_broadcast);
    EXPECT_EQ(verdict("192.168.30.128", "192.168.20.9", table), reason::callback_off_segment);
    EXPECT_EQ(verdict("192.168.30.5", "192.168.20.9", table), reason::callback_own_address);
    EXPECT_EQ(verdict("169.254.255.255", "169.254.3.4", table), reason::callback_broadcast);
}

TEST(segment_validator, an_interface_without_address_admits_nobody)
{
    interface_table const table{{interface_with(eth0, "eth0", {})}};
    EXPECT_EQ(verdict("192.168.20.9", "192.168.20.9", table), reason::callback_off_segment);
}

TEST(segment_validator, GENA_11_a_prefix_wider_than_a_segment_counts_for_nothing)
{
    // 0.0.0.0/0 is the default route, 0.0.0.0/1 what tunnels put over it.
    for (unsigned const length : {0U, 1U, 7U}) {
        EXPECT_EQ(behind("10.9.8.7", length, "10.9.8.8", "10.9.8.8"), reason::callback_off_segment) << length;
        EXPECT_EQ(behind("10.9.8.7", length, "10.9.8.7", "10.9.8.7"), ok) << "a program on this host";
    }
    EXPECT_EQ(behind("10.9.8.7", 8, "10.9.8.8", "10.9.8.8"), ok);
    for (unsigned const length : {0U, 3U, 31U})
        EXPECT_EQ(behind("2001:db8::5", length, "2001:db8::9", "2001:db8::9"), reason::callback_off_segment)
            << length;
    EXPECT_EQ(behind("2001:db8::5", 32, "2001:db8::9", "2001:db8::9"), ok);
    EXPECT_EQ(behind("fe80::5%2", 10, "fe80::9%2", "febf::9"), ok);
    EXPECT_EQ(behind("fe80::5%2", 9, "fe80::9%2", "fe80::9"), reason::callback_off_segment);
}

TEST(segment_validator, GENA_11_routes_without_gateway_are_on_link_and_the_default_route_is_not)
{
    auto eth = interface_with(eth0, "eth0", {{ip("192.168.20.5"), 24}, {ip("2001:db8::5"), 128}});
    eth.routes = {{ip("192.168.40.0"), 25},   {ip("0.0.0.0"), 0}, {ip("128.0.0.0"), 1},
                  {ip("2001:db8:0:7::"), 64}, {ip("::"), 0},      {ip("203.0.113.0"), 24}};
    interface_table const table{{eth}};
    EXPECT_EQ(verdict("192.168.40.1", "192.168.20.9", table), ok);
    EXPECT_EQ(verdict("192.168.40.127", "192.168.20.9", table), reason::callback_broadcast);
    EXPECT_EQ(verdict("192.168.40.128", "192.168.20.9", table), reason::callback_off_segment);
    EXPECT_EQ(verdict("198.51.100.7", "192.168.20.9", table), reason::callback_off_segment);
    EXPECT_EQ(verdict("203.0.113.7", "192.168.20.9", table), reason::callback_not_private)
        << "on the link, and still not private";
    EXPECT_EQ(verdict("2001:db8:0:7::9", "2001:db8::5", table), ok) << "what a router says is on the link";
    EXPECT_EQ(verdict("2001:db8::9", "2001:db8:0:7::9", table), reason::callback_off_segment);
    EXPECT_EQ(verdict("2001:db8:0:7::", "2001:db8:0:7::9", table), reason::callback_broadcast);
}

TEST(segment_validator, GENA_11_the_other_end_of_a_point_to_point_address_is_on_link)
{
    auto const tun = only({.address = ip("10.9.9.1"), .prefix_length = 32, .peer = ip("10.9.9.2")});
    EXPECT_EQ(verdict("10.9.9.2", "10.9.9.2", tun), ok);
    EXPECT_EQ(verdict("10.9.9.3", "10.9.9.2", tun), reason::callback_off_segment);
    EXPECT_EQ(verdict("10.9.9.1", "10.9.9.2", tun), reason::callback_own_address);
    // The prefix counts from the peer's address.
    auto const wide = only({.address = ip("10.9.9.1"), .prefix_length = 24, .peer = ip("10.50.0.2")});
    EXPECT_EQ(verdict("10.50.0.9", "10.50.0.2", wide), ok);
    EXPECT_EQ(verdict("10.9.9.9", "10.50.0.2", wide), reason::callback_off_segment);
}

TEST(segment_validator, GENA_11_an_address_without_prefix_route_is_alone)
{
    auto const alone = only({.address = ip("192.168.20.5"), .prefix_length = 24, .prefix_on_link = false});
    EXPECT_EQ(verdict("192.168.20.9", "192.168.20.9", alone), reason::callback_off_segment);
    EXPECT_EQ(verdict("192.168.20.5", "192.168.20.5", alone), ok);
    auto const point = only(
        {.address = ip("10.9.9.1"), .prefix_length = 24, .peer = ip("10.50.0.2"), .prefix_on_link = false});
    EXPECT_EQ(verdict("10.50.0.2", "10.50.0.2", point), ok) << "the peer itself";
    EXPECT_EQ(verdict("10.50.0.9", "10.50.0.2", point), reason::callback_off_segment);
}

TEST(segment_validator, GENA_11_asked_at_a_private_address_the_delivery_URL_is_private_too)
{
    interface_table const table{
        {interface_with(eth0, "eth0", {{ip("192.168.20.5"), 24}, {ip("203.0.113.5"), 24}})}};
    auto const asked_at = [&](char const* local, char const* requester, std::string const& target) {
        return outcome{segment_validator{same_segment}.admit(table, {eth0, ip(local), ip(requester)},
                                                             candidate("http://" + target + "/"))};
    };
    EXPECT_EQ(asked_at("192.168.20.5", "192.168.20.9", "203.0.113.9"), reason::callback_not_private);
    EXPECT_EQ(asked_at("203.0.113.5", "203.0.113.9", "203.0.113.9"), ok);
    EXPECT_EQ(asked_at("203.0.113.5", "203.0.113.9", "192.168.20.9"), ok);
    EXPECT_EQ(asked_at("192.168.20.5", "192.168.20.9", "203.0.113.255"), reason::callback_broadcast);
    EXPECT_EQ(asked_at("192.168.20.5", "192.168.20.9", "198.51.100.9"), reason::callback_off_segment)
        << "the segment is judged first, and is never replaced";
}

TEST(segment_validator, GENA_11_extra_segments_widen_their_own_interface_only)
{
    auto const table = home();
    segment_validator const validator{same_segment, segment_map{{{"eth0", {ip("192.168.30.0"), 24}},
                                                                 {"eth0", {ip("2001:db8:30::"), 64}},
                                                                 {"eth1", {ip("10.77.0.0"), 16}},
                                                                 {"gone0", {ip("172.16.0.0"), 12}}}}};
    auto const of = [&](std::string const& target, unsigned index, std::string const& requester) {
        return outcome{validator.admit(table, request_on(table, index, requester),
                                       candidate("http://" + to_url_host(ip(target)) + ":50200/"))};
    };
    EXPECT_EQ(of("192.168.30.9", eth0, "192.168.30.9"), ok);
    EXPECT_EQ(of("192.168.20.9", eth0, "192.168.30.9"), ok) << "the link itself still is";
    EXPECT_EQ(of("192.168.30.255", eth0, "192.168.30.9"), reason::callback_broadcast);
    EXPECT_EQ(of("192.168.30.0", eth0, "192.168.30.9"), reason::callback_broadcast);
    EXPECT_EQ(of("192.168.31.9", eth0, "192.168.30.9"), reason::callback_off_segment);
    EXPECT_EQ(of("2001:db8:30::9", eth0, "192.168.20.9"), ok);
    EXPECT_EQ(of("2001:db8:30::", eth0, "192.168.20.9"), reason::callback_broadcast);
    EXPECT_EQ(of("192.168.30.9", eth1, "10.8.0.9"), reason::callback_off_segment);
    EXPECT_EQ(of("10.77.1.9", eth1, "10.8.0.9"), ok);
    EXPECT_EQ(of("10.77.1.9", eth0, "192.168.20.9"), reason::callback_off_segment);
    EXPECT_EQ(of("172.16.0.9", eth0, "192.168.20.9"), reason::callback_off_segment);
    EXPECT_EQ(of("10.8.0.1", eth1, "10.77.1.9"), reason::callback_own_address);
}

TEST(segment_validator, GENA_11_a_refused_port_is_refused_on_every_address)
{
    auto const port = [](std::uint16_t number, policies const& policy = same_segment) {
        return verdict("192.168.20.9", "192.168.20.9", home(), eth0, policy, number);
    };
    for (auto const refused : well_known_refused_ports())
        EXPECT_EQ(port(refused), reason::callback_port) << refused;
    for (auto const open : std::vector<std::uint16_t>{2, 24, 80, 443, 1900, 5999, 6001, 8080, 49152, 65535})
        EXPECT_EQ(port(open), ok) << open;
    policies own;
    own.refused_callback_ports = {9100, 631, 80}; // in any order
    for (auto const refused : std::vector<std::uint16_t>{80, 631, 9100})
        EXPECT_EQ(port(refused, own), reason::callback_port) << refused;
    EXPECT_EQ(port(22, own), ok);
    own.refused_callback_ports.clear();
    EXPECT_EQ(port(80, own), ok);
    EXPECT_EQ(verdict("203.0.113.7", "192.168.20.9", home(), eth0, same_segment, 22), reason::callback_port);
}

TEST(segment_validator, GENA_10_a_request_from_an_interface_that_is_gone_admits_nothing)
{
    EXPECT_EQ(at_home("192.168.20.9", "192.168.20.9", 99), reason::callback_interface_gone);
    EXPECT_EQ(verdict("192.168.20.9", "192.168.20.9", interface_table{}), reason::callback_interface_gone);
}

TEST(segment_validator, GENA_11_IPv6_prefixes_are_compared_bit_by_bit)
{
    struct row {
        char const* own;
        unsigned length;
        char const* target;
        outcome expected;
    };
    for (auto const& [own, length, target, expected] : {
             row{"fe80::5%2", 64, "fe80::9", ok},
             row{"fe80::5%2", 64, "fe80::1:0:0:0:9", reason::callback_off_segment},
             row{"fe80::5%2", 64, "fe81::9", reason::callback_off_segment},
             row{"fe80::5%2", 64, "fd00::9", reason::callback_off_segment},
             row{"fd12:3456:789a:1::5", 64, "fd12:3456:789a:1::9", ok},
             row{"fd12:3456:789a:1::5", 64, "fd12:3456:789a:2::9", reason::callback_off_segment},
             row{"2001:db8:0:10::5", 60, "2001:db8:0:1f::9", ok},
             row{"2001:db8:0:10::5", 60, "2001:db8:0:20::9",
                 reason::callback_off_segment}, // a /56 to who counts bytes
             row{"2001:db8:0:10::5", 60, "2001:db8:0:f::9", reason::callback_off_segment},
             row{"2001:db8:0:8000::5", 49, "2001:db8:0:ffff::9", ok},
             row{"2001:db8:0:8000::5", 49, "2001:db8:0:7fff::9", reason::callback_off_segment},
             row{"2001:db8::4", 127, "2001:db8::5", ok},
             row{"2001:db8::5", 127, "2001:db8::4", ok}, // RFC 6164, 5.1: none of those in a /127
             row{"2001:db8::4", 127, "2001:db8::6", reason::callback_off_segment},
             row{"2001:db8::5", 64, "2001:db8::", reason::callback_broadcast}, // RFC 4291, 2.6.1: any router
             row{"2001:db8::5", 64, "2001:db8::1", ok},
             row{"2001:db8::5", 64, "2001:db8::ffff:ffff:ffff:ffff", ok}, // no broadcast in IPv6
             row{"fe80::5%2", 64, "fe80::", reason::callback_broadcast},
             row{"2001:db8::5", 129, "2001:db8::9", reason::callback_off_segment},
         })
        EXPECT_EQ(behind(own, length, "fe80::9%2", target), expected)
            << own << '/' << length << ' ' << target;
}

TEST(segment_validator, N_52_IP_31_a_target_of_the_other_family_is_admitted_if_it_is_on_the_link)
{
    EXPECT_EQ(at_home("fe80::9", "192.168.20.9"), ok) << "a control point with both families";
    EXPECT_EQ(at_home("192.168.20.9", "fe80::9%2"), ok);
    EXPECT_EQ(at_home("fe80:0:0:1::9", "192.168.20.9"), reason::callback_off_segment);
    EXPECT_EQ(at_home("192.168.21.9", "fe80::9%2"), reason::callback_off_segment);
    EXPECT_EQ(at_home("10.8.0.9", "fe80::9%2"), reason::callback_off_segment);
}

TEST(segment_validator, N_52_IP_31_policies_cross_family_off_the_URL_keeps_to_the_family_of_the_request)
{
    EXPECT_EQ(at_home("fe80::9", "192.168.20.9", eth0, same_family), reason::callback_other_family);
    EXPECT_EQ(at_home("192.168.20.9", "fe80::9%2", eth0, same_family), reason::callback_other_family);
    EXPECT_EQ(at_home("fe80::9", "fe80::9%2", eth0, same_family), ok);
    EXPECT_EQ(at_home("192.168.20.9", "192.168.20.9", eth0, same_family), ok);
}

TEST(segment_validator, GENA_11_same_host_admits_only_the_requester)
{
    EXPECT_EQ(at_home("192.168.20.9", "192.168.20.9", eth0, same_host), ok);
    EXPECT_EQ(at_home("192.168.20.10", "192.168.20.9", eth0, same_host), reason::callback_not_requester);
    EXPECT_EQ(at_home("fe80::9", "192.168.20.9", eth0, same_host), reason::callback_not_requester)
        << "nobody knows that it is the same host";
    EXPECT_EQ(at_home("192.168.20.5", "192.168.20.5", eth0, same_host), ok);
    EXPECT_EQ(at_home("192.168.20.5", "192.168.20.9", eth0, same_host), reason::callback_own_address);
    EXPECT_EQ(at_home("127.0.0.1", "127.0.0.1", lo, same_host), ok);
    EXPECT_EQ(at_home("203.0.113.7", "203.0.113.7", eth0, same_host), reason::callback_off_segment)
        << "in addition to the segment, not instead of it";
}

TEST(segment_validator, GENA_11_same_host_knows_a_host_by_its_hardware_address_too)
{
    link_layer_address const station{2, 0, 0, 0, 0, 9};
    interface_table const table{home().all(),
                                {{eth0, ip("192.168.20.9"), station},
                                 {eth0, ip("fe80::9"), station},
                                 {eth0, ip("192.168.20.10"), {2, 0, 0, 0, 0, 10}},
                                 {eth1, ip("fe80::a"), station},
                                 {eth0, ip("fe80::b"), {}},
                                 {eth0, ip("192.168.20.11"), {}},
                                 {eth0, ip("203.0.113.9"), station}}};
    EXPECT_EQ(verdict("fe80::9", "192.168.20.9", table, eth0, same_host), ok);
    EXPECT_EQ(verdict("192.168.20.9", "fe80::9%2", table, eth0, same_host), ok);
    EXPECT_EQ(verdict("192.168.20.10", "192.168.20.9", table, eth0, same_host),
              reason::callback_not_requester);
    EXPECT_EQ(verdict("fe80::a", "192.168.20.9", table, eth0, same_host), reason::callback_not_requester)
        << "seen on another interface";
    EXPECT_EQ(verdict("fe80::b", "192.168.20.11", table, eth0, same_host), reason::callback_not_requester)
        << "no hardware address is not one in common";
    EXPECT_EQ(verdict("203.0.113.9", "192.168.20.9", table, eth0, same_host), reason::callback_off_segment);
    EXPECT_EQ(verdict("192.168.20.10", "192.168.20.9", table), ok) << "same_segment does not ask";
}

TEST(segment_validator, N_41_GENA_11_each_URL_is_judged_by_itself)
{
    // One refusal spoils the request; that is the engine's part: event_engine_test.
    auto const table = home();
    segment_validator const validator{same_segment};
    auto const at = request_on(table, eth0, "192.168.20.9");
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(outcome{validator.admit(table, at, candidate("http://192.168.20.9:50200/ev/1"))}, ok);
        EXPECT_EQ(outcome{validator.admit(table, at, candidate("http://203.0.113.7/x"))},
                  reason::callback_off_segment);
        EXPECT_EQ(outcome{validator.admit(table, at, candidate("http://192.168.20.5/"))},
                  reason::callback_own_address);
        EXPECT_EQ(outcome{validator.admit(table, at, candidate("http://192.168.20.10/"))}, ok);
    }
}

TEST(segment_validator, GENA_06_what_is_admitted_is_what_was_asked_for)
{
    auto const urls = admitted({"http://192.168.20.9:50200/a?b", "http://192.168.20.10"});
    ASSERT_EQ(urls.size(), 2U);
    EXPECT_EQ(urls[0].where(), (endpoint{ip("192.168.20.9"), 50200}));
    EXPECT_EQ(urls[0].target(), "/a?b");
    EXPECT_EQ(urls[0].authority(), "192.168.20.9:50200");
    EXPECT_EQ(urls[0].to_string(), "http://192.168.20.9:50200/a?b");
    EXPECT_EQ(urls[0].interface_index(), eth0);
    EXPECT_EQ(urls[1].where(), (endpoint{ip("192.168.20.10"), 80}));
    EXPECT_EQ(urls[1].target(), "/");
}

// ---- check_again()

/// What becomes of 192.168.20.9, admitted at home(), when the host then looks like this.
outcome later(interface_table const& now, policies const& policy = same_segment)
{
    auto const url = admitted({"http://192.168.20.9:50200/ev"}).front();
    return segment_validator{policy}.check_again(now, url);
}
outcome later(std::vector<network_interface> interfaces, policies const& policy = same_segment)
{
    return later(interface_table{std::move(interfaces)}, policy);
}

bool still_there(std::vector<network_interface> interfaces)
{
    auto const url = admitted({"http://192.168.20.9:50200/ev"}).front();
    return segment_validator{same_segment}.still_on_segment(interface_table{std::move(interfaces)}, url);
}

TEST(segment_validator, GENA_10_the_same_interfaces_lead_to_the_same_verdict_again)
{
    EXPECT_EQ(later(home()), ok);
    EXPECT_EQ(later(home(), same_host), ok);
    EXPECT_TRUE(still_there(home().all()));
}

TEST(segment_validator, GENA_39_an_interface_that_is_gone_or_down_gets_nothing)
{
    EXPECT_EQ(later(interface_table{}), reason::callback_interface_gone);
    EXPECT_EQ(later({interface_with(eth1, "eth1", {{ip("192.168.20.5"), 24}})}),
              reason::callback_interface_gone)
        << "another one with the same addresses is another one";
    auto down = interface_with(eth0, "eth0", {{ip("192.168.20.5"), 24}});
    down.up = false;
    EXPECT_EQ(later({down}), reason::callback_interface_gone);
    EXPECT_TRUE(still_there({down})) << "an unplugged cable changes no segment";
    EXPECT_FALSE(still_there({}));
    EXPECT_FALSE(still_there({interface_with(eth1, "eth1", {{ip("192.168.20.5"), 24}})}));
}

TEST(segment_validator, GENA_10_after_renumbering_the_old_segment_is_off)
{
    EXPECT_EQ(later({interface_with(eth0, "eth0", {{ip("10.20.30.40"), 24}})}), reason::callback_off_segment);
    EXPECT_FALSE(still_there({interface_with(eth0, "eth0", {{ip("10.20.30.40"), 24}})}));
    EXPECT_EQ(later({interface_with(eth0, "eth0", {})}), reason::callback_off_segment);
    EXPECT_EQ(later({interface_with(eth0, "eth0", {{ip("192.168.20.5"), 30}})}), reason::callback_off_segment)
        << "narrower";
    EXPECT_EQ(later({interface_with(eth0, "eth0", {{ip("192.168.20.77"), 24}})}), ok) << "a new lease on it";
    EXPECT_EQ(later({interface_with(eth0, "eth0", {{ip("10.20.30.40"), 24}, {ip("192.168.20.5"), 24}})}), ok);
}

TEST(segment_validator, GENA_11_what_has_become_special_gets_nothing)
{
    EXPECT_EQ(later({interface_with(eth0, "eth0", {{ip("192.168.20.10"), 29}})}), ok);
    EXPECT_EQ(later({interface_with(eth0, "eth0", {{ip("192.168.20.8"), 30}, {ip("192.168.20.9"), 24}})}), ok)
        << "the requester itself is allowed its own address";
    auto const url = admitted({"http://192.168.20.11/"}).front();
    auto const again = [&](std::vector<network_interface> interfaces) {
        return outcome{
            segment_validator{same_segment}.check_again(interface_table{std::move(interfaces)}, url)};
    };
    EXPECT_EQ(again({interface_with(eth0, "eth0", {{ip("192.168.20.11"), 24}})}),
              reason::callback_own_address)
        << "it is ours now";
    EXPECT_EQ(again({interface_with(eth0, "eth0", {{ip("192.168.20.5"), 24}}),
                     interface_with(eth1, "eth1", {{ip("192.168.20.11"), 24}})}),
              reason::callback_own_address);
    EXPECT_EQ(again({interface_with(eth0, "eth0", {{ip("192.168.20.10"), 30}})}), reason::callback_broadcast)
        << "it is the broadcast address now";
}

TEST(segment_validator, GENA_11_same_host_is_asked_of_the_neighbours_of_that_moment)
{
    auto const interfaces = home().all();
    link_layer_address const station{2, 0, 0, 0, 0, 9};
    interface_table const then{interfaces,
                               {{eth0, ip("192.168.20.9"), station}, {eth0, ip("fe80::9"), station}}};
    segment_validator const validator{same_host};
    auto const url =
        validator.admit(then, request_on(then, eth0, "192.168.20.9"), candidate("http://[fe80::9]/")).value();
    EXPECT_EQ(outcome{validator.check_again(then, url)}, ok);
    interface_table const other{
        interfaces, {{eth0, ip("192.168.20.9"), station}, {eth0, ip("fe80::9"), {2, 0, 0, 0, 0, 7}}}};
    EXPECT_EQ(outcome{validator.check_again(other, url)}, reason::callback_not_requester);
}

} // namespace
} // namespace onlink
