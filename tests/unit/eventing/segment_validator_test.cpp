// SPDX-License-Identifier: BSL-1.0
#include "eventing/segment_validator.hpp"

#include "unit/eventing/segment.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace test;

constexpr auto ok = errc{};
constexpr auto same_segment = callback_admission::same_segment;
constexpr auto same_host = callback_admission::same_host;

/// What becomes of one URL; errc{} if it is admitted.
errc verdict(std::string const& target, std::string const& requester, interface_table const& table,
             unsigned ingress = eth0, callback_admission rule = same_segment)
{
    auto const urls =
        segment_validator{rule}.admit(candidates({"http://" + to_url_host(ip(target)) + ":50200/ev"}),
                                      *table.find(ingress), ip(requester), table);
    return urls ? ok : static_cast<errc>(urls.error().value());
}

errc at_home(std::string const& target, std::string const& requester = "192.168.20.9",
             unsigned ingress = eth0, callback_admission rule = same_segment)
{
    return verdict(target, requester, home(), ingress, rule);
}

/// A host with only that address on eth0; the request comes from `requester`.
errc behind(std::string const& own, unsigned length, std::string const& requester, std::string const& target)
{
    return verdict(target, requester, interface_table{{interface_with(eth0, "eth0", {{ip(own), length}})}});
}

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
        EXPECT_EQ(at_home(target), errc::off_segment) << target;
}

TEST(segment_validator, GENA_10_private_addresses_of_other_segments_are_off_segment)
{
    // The mistake of PR 577: one device on 192.168.20.0/24 probes 10.0.0.5:22 across the VLAN.
    for (auto const* target : {"10.0.0.5", "172.16.0.5", "192.168.1.5", "10.8.0.9"})
        EXPECT_EQ(at_home(target), errc::off_segment) << target;
}

TEST(segment_validator, GENA_10_the_segment_is_that_of_the_interface_asked_not_any)
{
    EXPECT_EQ(at_home("10.8.0.9", "192.168.20.9", eth0), errc::off_segment);
    EXPECT_EQ(at_home("192.168.20.9", "10.8.0.9", eth1), errc::off_segment);
    EXPECT_EQ(at_home("10.8.0.9", "10.8.0.9", eth1), ok);
}

TEST(segment_validator, GENA_11_addresses_of_nobody_in_particular_are_special)
{
    for (auto const* target : {"0.0.0.0", "0.1.2.3", "224.0.0.1", "239.255.255.250", "239.255.255.246",
                               "240.0.0.1", "255.255.255.255", "255.255.255.254"})
        EXPECT_EQ(at_home(target), errc::special_address) << target;
    for (auto const* target :
         {"::", "ff02::c", "ff05::c", "ff02::1", "::ffff:192.168.20.9", "::ffff:127.0.0.1", "::192.168.20.9"})
        EXPECT_EQ(at_home(target, "fe80::9%2"), errc::special_address) << target;
}

TEST(segment_validator, GENA_11_special_addresses_stay_special_even_inside_a_prefix)
{
    // A host whose network says that everything is on-link.
    for (auto const* target : {"0.0.0.1", "224.0.0.1", "255.255.255.255", "127.0.0.1", "240.0.0.1"})
        EXPECT_EQ(behind("192.168.20.5", 0, "192.168.20.9", target), errc::special_address) << target;
}

TEST(segment_validator, GENA_11_loopback_is_special_unless_the_request_came_over_it)
{
    for (auto const* requester : {"192.168.20.9", "192.168.20.5", "127.0.0.1"})
        for (auto const* target : {"127.0.0.1", "127.0.0.2", "127.255.255.254"})
            EXPECT_EQ(at_home(target, requester, eth0), errc::special_address)
                << target << " for " << requester;
    EXPECT_EQ(at_home("::1", "fe80::9%2", eth0), errc::special_address);
    EXPECT_EQ(at_home("127.0.0.1", "127.0.0.1", lo), ok);
    EXPECT_EQ(at_home("127.0.0.2", "127.0.0.2", lo), ok);
    EXPECT_EQ(at_home("::1", "::1", lo), ok);
    EXPECT_EQ(at_home("127.0.0.1", "127.0.0.2", lo), errc::special_address)
        << "an own address, for another one";
    EXPECT_EQ(at_home("127.255.255.255", "127.0.0.1", lo), errc::special_address) << "its broadcast";
    EXPECT_EQ(at_home("192.168.20.9", "127.0.0.1", lo), errc::off_segment);
}

TEST(segment_validator, GENA_11_an_address_of_this_host_only_for_that_very_address)
{
    EXPECT_EQ(at_home("192.168.20.5", "192.168.20.9"), errc::special_address);
    EXPECT_EQ(at_home("192.168.20.5", "192.168.20.5"), ok) << "a program on this host";
    EXPECT_EQ(at_home("10.8.0.1", "192.168.20.9"), errc::special_address) << "that of another interface";
    EXPECT_EQ(at_home("10.8.0.1", "192.168.20.5"), errc::special_address);
    EXPECT_EQ(at_home("10.8.0.1", "10.8.0.1", eth0), errc::off_segment);
    EXPECT_EQ(at_home("fe80::5", "fe80::9%2"), errc::special_address);
}

TEST(segment_validator, GENA_11_a_zone_does_not_make_another_address)
{
    // A socket reports the zone of a link-local peer; a URL never has one.
    EXPECT_EQ(at_home("fe80::5", "fe80::5%2"), ok) << "a program on this host";
    EXPECT_EQ(at_home("fe80::9", "fe80::9%2", eth0, same_host), ok);
    EXPECT_EQ(at_home("fe80::a", "fe80::9%2", eth0, same_host), errc::bad_state);
}

TEST(segment_validator, GENA_11_directed_broadcast_and_network_address_are_special)
{
    EXPECT_EQ(at_home("192.168.20.255"), errc::special_address);
    EXPECT_EQ(at_home("192.168.20.0"), errc::special_address);
    EXPECT_EQ(at_home("10.8.255.255", "10.8.3.4", eth1), errc::special_address);
    EXPECT_EQ(at_home("10.8.0.0", "10.8.3.4", eth1), errc::special_address);
    EXPECT_EQ(at_home("10.8.1.255", "10.8.3.4", eth1), ok) << "a host of a /16";
    EXPECT_EQ(at_home("10.8.1.0", "10.8.3.4", eth1), ok);
}

TEST(segment_validator, GENA_11_prefixes_are_compared_bit_by_bit)
{
    struct row {
        char const* own;
        unsigned length;
        char const* target;
        errc expected;
    };
    for (auto const& [own, length, target, expected] : {
             row{"192.168.20.5", 25, "192.168.20.126", ok},
             row{"192.168.20.5", 25, "192.168.20.127", errc::special_address},
             row{"192.168.20.5", 25, "192.168.20.128", errc::off_segment},
             row{"192.168.20.5", 25, "192.168.20.0", errc::special_address},
             row{"192.168.20.133", 25, "192.168.20.127", errc::off_segment},
             row{"192.168.20.133", 25, "192.168.20.129", ok},
             row{"192.168.20.5", 23, "192.168.20.255", ok},
             row{"192.168.20.5", 23, "192.168.21.0", ok},
             row{"192.168.20.5", 23, "192.168.21.254", ok},
             row{"192.168.20.5", 23, "192.168.21.255", errc::special_address},
             row{"192.168.20.5", 23, "192.168.20.0", errc::special_address},
             row{"192.168.20.5", 23, "192.168.22.1", errc::off_segment},
             row{"192.168.20.5", 23, "192.168.19.255", errc::off_segment},
             row{"192.168.20.5", 22, "192.168.23.254", ok},
             row{"192.168.20.5", 22, "192.168.24.1", errc::off_segment},
             row{"192.168.20.5", 29, "192.168.20.6", ok},
             row{"192.168.20.5", 29, "192.168.20.7", errc::special_address},
             row{"192.168.20.5", 29, "192.168.20.8", errc::off_segment},
             row{"192.168.20.5", 30, "192.168.20.6", ok},
             row{"192.168.20.5", 30, "192.168.20.7", errc::special_address},
             row{"192.168.20.5", 30, "192.168.20.4", errc::special_address},
             row{"192.168.20.5", 30, "192.168.20.3", errc::off_segment},
             row{"192.168.20.5", 31, "192.168.20.4", ok}, // RFC 3021: two hosts, no broadcast
             row{"192.168.20.4", 31, "192.168.20.5", ok},
             row{"192.168.20.5", 31, "192.168.20.6", errc::off_segment},
             row{"192.168.20.5", 31, "192.168.20.3", errc::off_segment},
             row{"10.9.8.7", 9, "10.127.255.254", ok},
             row{"10.9.8.7", 9, "10.127.255.255", errc::special_address},
             row{"10.9.8.7", 9, "10.128.0.1", errc::off_segment},
             row{"10.9.8.7", 1, "127.0.0.1", errc::special_address},
             row{"10.9.8.7", 1, "128.0.0.1", errc::off_segment},
         })
        EXPECT_EQ(behind(own, length, own, target), expected) << own << '/' << length << ' ' << target;
}

TEST(segment_validator, GENA_11_a_32_address_is_a_segment_of_its_own_and_never_anything)
{
    for (auto const* target : {"10.9.9.8", "10.9.9.10", "192.168.20.9", "203.0.113.7"})
        EXPECT_EQ(behind("10.9.9.9", 32, "10.9.9.8", target), errc::off_segment) << target;
    EXPECT_EQ(behind("10.9.9.9", 32, "10.9.9.9", "10.9.9.9"), ok);
    EXPECT_EQ(behind("10.9.9.9", 32, "10.9.9.8", "10.9.9.9"), errc::special_address);
    EXPECT_EQ(behind("fd00::9", 128, "fd00::8", "fd00::8"), errc::off_segment);
    EXPECT_EQ(behind("10.9.9.9", 33, "10.9.9.8", "10.9.9.8"), errc::off_segment) << "a length that is none";
}

TEST(segment_validator, GENA_11_every_address_of_the_interface_counts)
{
    interface_table const table{{interface_with(
        eth0, "eth0", {{ip("192.168.20.5"), 24}, {ip("192.168.30.5"), 25}, {ip("169.254.7.7"), 16}})}};
    EXPECT_EQ(verdict("192.168.20.9", "192.168.30.9", table), ok);
    EXPECT_EQ(verdict("192.168.30.9", "192.168.20.9", table), ok);
    EXPECT_EQ(verdict("169.254.3.4", "169.254.3.4", table), ok);
    EXPECT_EQ(verdict("192.168.30.127", "192.168.20.9", table), errc::special_address);
    EXPECT_EQ(verdict("192.168.30.128", "192.168.20.9", table), errc::off_segment);
    EXPECT_EQ(verdict("192.168.30.5", "192.168.20.9", table), errc::special_address);
    EXPECT_EQ(verdict("169.254.255.255", "169.254.3.4", table), errc::special_address);
}

TEST(segment_validator, an_interface_without_address_admits_nobody)
{
    interface_table const table{{interface_with(eth0, "eth0", {})}};
    EXPECT_EQ(verdict("192.168.20.9", "192.168.20.9", table), errc::off_segment);
}

TEST(segment_validator, GENA_11_IPv6_prefixes_are_compared_bit_by_bit)
{
    struct row {
        char const* own;
        unsigned length;
        char const* target;
        errc expected;
    };
    for (auto const& [own, length, target, expected] : {
             row{"fe80::5%2", 64, "fe80::9", ok},
             row{"fe80::5%2", 64, "fe80::1:0:0:0:9", errc::off_segment},
             row{"fe80::5%2", 64, "fe81::9", errc::off_segment},
             row{"fe80::5%2", 64, "fd00::9", errc::off_segment},
             row{"fd12:3456:789a:1::5", 64, "fd12:3456:789a:1::9", ok},
             row{"fd12:3456:789a:1::5", 64, "fd12:3456:789a:2::9", errc::off_segment},
             row{"2001:db8:0:10::5", 60, "2001:db8:0:1f::9", ok},
             row{"2001:db8:0:10::5", 60, "2001:db8:0:20::9", errc::off_segment}, // a /56 to who counts bytes
             row{"2001:db8:0:10::5", 60, "2001:db8:0:f::9", errc::off_segment},
             row{"2001:db8:0:8000::5", 49, "2001:db8:0:ffff::9", ok},
             row{"2001:db8:0:8000::5", 49, "2001:db8:0:7fff::9", errc::off_segment},
             row{"2001:db8::4", 127, "2001:db8::5", ok},
             row{"2001:db8::4", 127, "2001:db8::6", errc::off_segment},
             row{"2001:db8::5", 64, "2001:db8::", ok}, // no broadcast in IPv6
             row{"2001:db8::5", 64, "2001:db8::ffff:ffff:ffff:ffff", ok},
             row{"2001:db8::5", 129, "2001:db8::9", errc::off_segment},
         })
        EXPECT_EQ(behind(own, length, "fe80::9%2", target), expected)
            << own << '/' << length << ' ' << target;
}

TEST(segment_validator, N_52_IP_31_the_delivery_URL_keeps_to_the_family_of_the_request)
{
    EXPECT_EQ(at_home("fe80::9", "192.168.20.9"), errc::off_segment);
    EXPECT_EQ(at_home("192.168.20.9", "fe80::9%2"), errc::off_segment);
    EXPECT_EQ(at_home("fe80::9", "fe80::9%2"), ok);
}

TEST(segment_validator, GENA_11_same_host_admits_only_the_requester)
{
    EXPECT_EQ(at_home("192.168.20.9", "192.168.20.9", eth0, same_host), ok);
    EXPECT_EQ(at_home("192.168.20.10", "192.168.20.9", eth0, same_host), errc::bad_state);
    EXPECT_EQ(at_home("203.0.113.7", "192.168.20.9", eth0, same_host), errc::bad_state);
    EXPECT_EQ(at_home("192.168.20.5", "192.168.20.5", eth0, same_host), ok);
    EXPECT_EQ(at_home("192.168.20.5", "192.168.20.9", eth0, same_host), errc::special_address);
    EXPECT_EQ(at_home("127.0.0.1", "127.0.0.1", lo, same_host), ok);
    EXPECT_EQ(at_home("203.0.113.7", "203.0.113.7", eth0, same_host), errc::off_segment)
        << "in addition to the segment, not instead of it";
}

TEST(segment_validator, N_41_GENA_11_one_bad_URL_refuses_all)
{
    auto const table = home();
    segment_validator const validator{same_segment};
    auto const admit = [&](std::vector<std::string> const& urls) {
        return validator.admit(candidates(urls), *table.find(eth0), ip("192.168.20.9"), table);
    };
    std::string const good = "http://192.168.20.9:50200/ev/1";
    EXPECT_EQ(admit({good, "http://203.0.113.7/x"}).error(), errc::off_segment);
    EXPECT_EQ(admit({"http://203.0.113.7/x", good}).error(), errc::off_segment);
    EXPECT_EQ(admit({good, good, "http://192.168.20.5:22/"}).error(), errc::special_address);
    EXPECT_EQ(admit({good, "http://192.168.20.10/"}).value().size(), 2U);
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
errc later(std::vector<network_interface> interfaces, callback_admission rule = same_segment)
{
    auto const url = admitted({"http://192.168.20.9:50200/ev"}).front();
    auto const still = segment_validator{rule}.check_again(url, interface_table{std::move(interfaces)});
    return still ? ok : static_cast<errc>(still.error().value());
}

TEST(segment_validator, GENA_10_the_same_interfaces_lead_to_the_same_verdict_again)
{
    EXPECT_EQ(later(home().all()), ok);
    EXPECT_EQ(later(home().all(), same_host), ok);
}

TEST(segment_validator, GENA_39_an_interface_that_is_gone_or_down_gets_nothing)
{
    EXPECT_EQ(later({}), errc::unknown_interface);
    EXPECT_EQ(later({interface_with(eth1, "eth1", {{ip("192.168.20.5"), 24}})}), errc::unknown_interface)
        << "another one with the same addresses is another one";
    auto down = interface_with(eth0, "eth0", {{ip("192.168.20.5"), 24}});
    down.up = false;
    EXPECT_EQ(later({down}), errc::unknown_interface);
}

TEST(segment_validator, GENA_10_after_renumbering_the_old_segment_is_off)
{
    EXPECT_EQ(later({interface_with(eth0, "eth0", {{ip("10.20.30.40"), 24}})}), errc::off_segment);
    EXPECT_EQ(later({interface_with(eth0, "eth0", {})}), errc::off_segment);
    EXPECT_EQ(later({interface_with(eth0, "eth0", {{ip("192.168.20.5"), 30}})}), errc::off_segment)
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
        return segment_validator{same_segment}
            .check_again(url, interface_table{std::move(interfaces)})
            .error();
    };
    EXPECT_EQ(again({interface_with(eth0, "eth0", {{ip("192.168.20.11"), 24}})}), errc::special_address)
        << "it is ours now";
    EXPECT_EQ(again({interface_with(eth0, "eth0", {{ip("192.168.20.5"), 24}}),
                     interface_with(eth1, "eth1", {{ip("192.168.20.11"), 24}})}),
              errc::special_address);
    EXPECT_EQ(again({interface_with(eth0, "eth0", {{ip("192.168.20.10"), 30}})}), errc::special_address)
        << "it is the broadcast address now";
}

} // namespace
} // namespace onlink
