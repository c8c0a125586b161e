// SPDX-License-Identifier: BSL-1.0
// Interfaces, addresses and root devices that come and go, through the whole runtime, without a socket.
#include "support/golden.hpp"
#include "support/lamp_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace onlink::test {
namespace {

using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr std::size_t set_size = 5; ///< Hall Lamp: a root device with two service types

network_interface eth(unsigned index, std::vector<char const*> const& addresses)
{
    network_interface i{.index = index,
                        .name = "eth" + std::to_string(index - 2),
                        .up = true,
                        .multicast = true,
                        .loopback = false,
                        .addresses = {}};
    for (auto const* text : addresses)
        i.addresses.push_back({ip(text), ip(text).is_v4() ? 24U : 64U});
    return i;
}

/// What an address sent, a letter for each run of equal messages and its BOOTID behind the first:
/// `b123` byebyes, `u123>124` updates, `a124` advertisements.
std::string story(lamp_host const& host, char const* from)
{
    std::string text;
    std::string last;
    for (auto const& [when, what] : host.sent) {
        if (!same_address(what.from, ip(from)))
            continue;
        auto const nts = field(what.bytes, "NTS");
        auto const boot_id = field(what.bytes, "BOOTID.UPNP.ORG");
        auto const next = field(what.bytes, "NEXTBOOTID.UPNP.ORG");
        auto const now = nts.substr(nts.find(':') + 1, 1) + boot_id.substr(7) + (next.empty() ? "" : ">") +
                         (next.empty() ? "" : next.substr(7));
        if (now != last)
            text += (text.empty() ? "" : " ") + now;
        last = now;
    }
    return text;
}

std::size_t sent_from(lamp_host const& host, char const* from, std::string const& nts)
{
    return static_cast<std::size_t>(
        std::count_if(host.sent.begin(), host.sent.end(), [&](lamp_host::sent_at const& one) {
            return same_address(one.what.from, ip(from)) && field(one.what.bytes, "NTS") == nts;
        }));
}

/// One that serves these interfaces and has announced itself there.
struct settled_host : lamp_host {
    explicit settled_host(std::vector<network_interface> const& interfaces,
                          host_options options = golden_options())
        : lamp_host(std::move(options))
    {
        set_interfaces(interfaces);
        auto wanted = runtime.wanted_endpoints().endpoints;
        for (auto& at : wanted)
            at.http_port = static_cast<std::uint16_t>(49300 + at.interface_index - lamp_host::eth);
        start_at(wanted);
        pass(5s);
        sent.clear();
    }
    /// The network is this from now on; everything that follows from it happens.
    void change_to(std::vector<network_interface> interfaces)
    {
        sent.clear();
        others.clear();
        set_interfaces(std::move(interfaces));
        pass(5s);
    }
};

TEST(network_change, N_53_IP_08_a_new_interface_is_told_to_the_old_one_and_then_announced_on_both)
{
    settled_host host{{eth(2, {"192.168.20.5"})}};
    host.change_to({eth(2, {"192.168.20.5"}), eth(3, {"10.8.0.1"})});
    EXPECT_EQ(story(host, "192.168.20.5"), "u123>124 a124");
    EXPECT_EQ(story(host, "10.8.0.1"), "a124");
    EXPECT_EQ(sent_from(host, "192.168.20.5", "ssdp:update"), set_size);
    EXPECT_EQ(sent_from(host, "10.8.0.1", "ssdp:alive"), 3 * set_size);
    EXPECT_EQ(sent_from(host, "192.168.20.5", "ssdp:alive"), 3 * set_size);
    auto const first_alive = std::find_if(host.sent.begin(), host.sent.end(), [](auto const& one) {
        return field(one.what.bytes, "NTS") == "ssdp:alive";
    });
    for (auto at = first_alive; at != host.sent.end(); ++at)
        EXPECT_NE(field(at->what.bytes, "NTS"), "ssdp:update") << "SSDP-40";
    for (auto const& [when, what] : host.sent)
        EXPECT_EQ(field(what.bytes, "LOCATION"), what.interface_index == 2
                                                     ? "http://192.168.20.5:49300/desc.xml"
                                                     : "http://10.8.0.1:49301/desc.xml")
            << "SSDP-39";
}

TEST(network_change, SSDP_39_updates_are_equal_on_all_interfaces_but_for_HOST_and_LOCATION)
{
    settled_host host{{eth(2, {"192.168.20.5"}), eth(3, {"10.8.0.1"})}};
    host.change_to({eth(2, {"192.168.20.5"}), eth(3, {"10.8.0.1"}), eth(4, {"10.9.0.1"})});
    std::map<unsigned, std::multiset<std::string>> by_interface;
    for (auto const& [when, what] : host.sent)
        if (field(what.bytes, "NTS") == "ssdp:update") {
            auto text = what.bytes;
            auto const location = field(text, "LOCATION");
            by_interface[what.interface_index].insert(text.replace(text.find(location), location.size(), ""));
        }
    EXPECT_THAT(by_interface, SizeIs(2));
    EXPECT_THAT(by_interface[2], SizeIs(set_size));
    EXPECT_EQ(by_interface[2], by_interface[3]);
}

TEST(network_change, SSDP_32_an_interface_that_goes_is_nobody_elses_business)
{
    settled_host host{{eth(2, {"192.168.20.5"}), eth(3, {"10.8.0.1"})}};
    host.change_to({eth(2, {"192.168.20.5"})});
    EXPECT_THAT(host.sent, IsEmpty());
    EXPECT_THAT(host.runtime.served(), SizeIs(1));
}

TEST(network_change, IP_10_SSDP_37_lost_and_regained_is_as_if_it_were_new)
{
    settled_host host{{eth(2, {"192.168.20.5"}), eth(3, {"10.8.0.1"})}};
    host.change_to({eth(2, {"192.168.20.5"})});
    host.change_to({eth(2, {"192.168.20.5"}), eth(3, {"10.8.0.1"})});
    EXPECT_EQ(story(host, "192.168.20.5"), "u123>124 a124");
    EXPECT_EQ(story(host, "10.8.0.1"), "a124");
}

TEST(network_change, IP_09_SSDP_34_another_address_is_byebye_for_the_old_and_an_update_for_the_others)
{
    settled_host host{{eth(2, {"192.168.20.5"}), eth(3, {"10.8.0.1"})}};
    host.change_to({eth(2, {"192.168.20.5"}), eth(3, {"10.9.0.1"})});
    EXPECT_EQ(story(host, "10.9.0.1"), "b123 a124") << "the old address cannot speak any more";
    EXPECT_EQ(story(host, "192.168.20.5"), "u123>124 a124");
    EXPECT_EQ(story(host, "10.8.0.1"), "");
}

TEST(network_change, IP_33_an_address_that_still_works_but_is_not_served_says_byebye_itself)
{
    settled_host host{{eth(2, {"192.168.20.5"}), eth(3, {"10.8.0.1"})}};
    host.change_to(
        {eth(2, {"192.168.20.5"}), eth(3, {"10.8.0.1", "203.0.113.7"})}); // public: not ours to serve
    EXPECT_EQ(story(host, "10.8.0.1"), "b123");
    EXPECT_EQ(story(host, "192.168.20.5"), "") << "SSDP-32";
}

TEST(network_change, GENA_22_IP_11_IP_06_the_only_address_changes_and_the_subscriptions_are_void)
{
    settled_host host{{eth(2, {"169.254.7.7"})}};
    connection const from{2, "eth0", {ip("169.254.7.7"), 49300}, {ip("169.254.7.9"), 40000}};
    http_request subscribe;
    subscribe.method = http_method::subscribe;
    subscribe.target = "/sp/event";
    subscribe.fields.add("HOST", "169.254.7.7:49300");
    subscribe.fields.add("NT", "upnp:event");
    subscribe.fields.add("CALLBACK", "<http://169.254.7.9:50200/>");
    host.runtime.on_request(host.now(), from, subscribe);
    ASSERT_EQ(host.runtime.events().subscriptions(), 1U);

    host.change_to({eth(2, {"192.168.20.5"})});
    EXPECT_EQ(story(host, "192.168.20.5"), "b123 a124");
    EXPECT_EQ(host.runtime.events().subscriptions(), 0U);
    std::vector<subscription_change> changes;
    for (auto const& item : host.others)
        if (auto const* one = std::get_if<subscription_note>(&item))
            changes.push_back(one->change);
    EXPECT_THAT(changes, Contains(subscription_change::segment_left));
}

TEST(network_change, SSDP_42_subscriptions_survive_what_an_update_announced)
{
    settled_host host{{eth(2, {"192.168.20.5"})}};
    EXPECT_THAT(host.http("SUBSCRIBE /sp/event HTTP/1.1\r\nHOST: 192.168.20.5:49300\r\nNT: upnp:event\r\n"
                          "CALLBACK: <http://192.168.20.9:50200/>\r\n\r\n")
                    .bytes,
                HasSubstr("200 OK"));
    host.change_to({eth(2, {"192.168.20.5"}), eth(3, {"10.8.0.1"})});
    EXPECT_EQ(host.runtime.events().subscriptions(), 1U);
}

TEST(network_change, limits_interfaces_settle_time_what_is_back_before_it_was_never_gone)
{
    settled_host host{{eth(2, {"192.168.20.5"})}};
    host.set_interfaces({eth(2, {})});
    host.pass(limits{}.interfaces.settle_time - 1ms);
    host.set_interfaces({eth(2, {"192.168.20.5"})});
    host.pass(60s);
    EXPECT_THAT(host.sent, IsEmpty());
    EXPECT_THAT(host.runtime.served(), SizeIs(1));
}

TEST(network_change, limits_interfaces_settle_time_a_network_that_never_rests_is_followed_all_the_same)
{
    settled_host host{{eth(2, {"192.168.20.5"})}};
    for (unsigned i = 0; i < 100; ++i) { // a neighbour makes up a prefix every 100 ms
        auto changed = eth(2, {"192.168.20.5"});
        changed.addresses.push_back({ip(("2001:db8:" + std::to_string(i + 1) + "::5").c_str()), 64});
        host.set_interfaces({changed});
        host.pass(100ms);
    }
    EXPECT_GT(host.sent.size(), 0U);
    // 10 seconds: so many changes at most, each with no more than an update and a set for two addresses
    // before the next one overtakes it; and never faster than the pace.
    auto const& bounds = limits{}.ssdp;
    EXPECT_LE(host.sent.size(), bounds.announcement_burst + 10 * bounds.announcements_per_second);
    std::set<std::string> boot_ids;
    for (auto const& bytes : host.sent_bytes())
        boot_ids.insert(field(bytes, "BOOTID.UPNP.ORG"));
    EXPECT_LE(boot_ids.size(), 1 + 10s / limits{}.interfaces.settle_time);
}

TEST(network_change, a_host_that_starts_without_a_network_waits_for_it)
{
    lamp_host host;
    host.set_interfaces({});
    host.start_at({});
    host.pass(60s);
    EXPECT_THAT(host.sent, IsEmpty());
    EXPECT_EQ(host.runtime.next_deadline(), std::nullopt) << "and costs nothing";
    host.set_interfaces({eth(2, {"192.168.20.5"})});
    host.pass(3s);
    EXPECT_EQ(story(host, "192.168.20.5"), "a123") << "its first BOOTID: nobody has seen it";
    EXPECT_EQ(host.sent.size(), 3 * set_size);
}

TEST(network_change, all_lost_and_regained_is_a_new_BOOTID)
{
    settled_host host{{eth(2, {"192.168.20.5"})}};
    host.change_to({});
    EXPECT_THAT(host.sent, IsEmpty());
    host.datagram("M-SEARCH * HTTP/1.1\r\n");
    host.change_to({eth(2, {"192.168.20.5"})});
    EXPECT_EQ(story(host, "192.168.20.5"), "a124");
}

TEST(network_change, limits_interfaces_retry_period_what_the_system_refuses_is_tried_again)
{
    settled_host host{{eth(2, {"192.168.20.5"})}};
    host.refused = {ip("10.8.0.1")};
    host.change_to({eth(2, {"192.168.20.5"}), eth(3, {"10.8.0.1"})});
    EXPECT_THAT(host.sent, IsEmpty());
    host.refused.clear();
    host.pass(limits{}.interfaces.retry_period);
    EXPECT_EQ(story(host, "10.8.0.1"), "a124");
}

TEST(network_change, UDA_1_0_knows_no_updates)
{
    auto options = lamp_host::golden_options();
    options.policies.uda = uda_version::v1_0;
    settled_host host{{eth(2, {"192.168.20.5"})}, options};
    host.change_to({eth(2, {"192.168.20.5"}), eth(3, {"10.8.0.1"})});
    EXPECT_EQ(sent_from(host, "192.168.20.5", "ssdp:update"), 0U);
    EXPECT_EQ(sent_from(host, "192.168.20.5", "ssdp:alive"), 3 * set_size);
    EXPECT_EQ(sent_from(host, "10.8.0.1", "ssdp:alive"), 3 * set_size);
}

// ---- IPv6

TEST(network_change, IP_14_IP_16_IP_19_IP_20_one_copy_for_each_address_from_that_address_to_its_scope)
{
    settled_host host{{}};
    host.change_to({eth(2, {"192.168.20.5", "fe80::5", "fd00:1::5", "2001:db8::5"})});
    std::map<std::string, std::size_t> copies;
    for (auto const& [when, what] : host.sent) {
        auto const& from = what.from;
        auto const expected = from.is_v4()          ? "239.255.255.250"
                              : is_link_local(from) ? "ff02::c"
                                                    : "ff05::c"; // IP-17: and no other scope
        EXPECT_EQ(what.to, (endpoint{ip(expected), 1900}));
        EXPECT_EQ(field(what.bytes, "LOCATION"), "http://" + to_url_host(from) + ":49300/desc.xml");
        EXPECT_EQ(field(what.bytes, "HOST"), from.is_v4()          ? "239.255.255.250:1900"
                                             : is_link_local(from) ? "[FF02::C]:1900"
                                                                   : "[FF05::C]:1900")
            << "IP-29";
        EXPECT_EQ(field(what.bytes, "01-NLS"), from.is_v4() ? "" : "1700000123") << "IP-24";
        EXPECT_EQ(field(what.bytes, "CACHE-CONTROL"), "max-age=1800") << "IP-22";
        ++copies[from.to_string()];
    }
    EXPECT_THAT(copies, SizeIs(4));
    for (auto const& [from, count] : copies)
        EXPECT_EQ(count, 3 * set_size) << from;
}

TEST(network_change, IP_21_all_copies_of_a_message_leave_at_the_same_moment_however_slow_the_pace)
{
    auto options = lamp_host::golden_options();
    options.limits.ssdp.announcement_burst = 1;
    options.limits.ssdp.announcements_per_second = 2;
    lamp_host host{options};
    host.set_interfaces({eth(2, {"192.168.20.5", "fe80::5", "fd00:1::5"})});
    host.start_at({{2, "eth0", ip("192.168.20.5"), 49300},
                   {2, "eth0", ip("fe80::5"), 49300},
                   {2, "eth0", ip("fd00:1::5"), 49300}});
    host.pass(60s);
    ASSERT_EQ(host.sent.size(), 3 * 3 * set_size);
    for (std::size_t i = 0; i < host.sent.size(); i += 3) {
        EXPECT_EQ(host.sent[i].when, host.sent[i + 2].when);
        EXPECT_EQ(field(host.sent[i].what.bytes, "NT"), field(host.sent[i + 2].what.bytes, "NT"));
    }
}

TEST(network_change, IP_24_an_IPv6_address_that_only_goes_changes_the_NLS_and_not_the_BOOTID)
{
    settled_host host{{eth(2, {"192.168.20.5", "fe80::5", "fd00:1::5", "2001:db8::5"})}};
    host.change_to({eth(2, {"192.168.20.5", "fe80::5", "fd00:1::5"})});
    EXPECT_EQ(sent_from(host, "fe80::5", "ssdp:alive"), set_size)
        << "who heard of it hears of those that stay";
    EXPECT_EQ(sent_from(host, "fe80::5", "ssdp:byebye"), 0U);
    for (auto const& [when, what] : host.sent) {
        EXPECT_EQ(field(what.bytes, "BOOTID.UPNP.ORG"), "1700000123");
        EXPECT_EQ(field(what.bytes, "01-NLS"), what.from.is_v4() ? "" : "1700000123-1");
    }
}

TEST(network_change, IP_27_IP_28_a_search_is_answered_by_the_address_that_fits_the_asker)
{
    settled_host host{{eth(2, {"192.168.20.5", "fe80::5", "fd00:1::5", "2001:db8::5"})}};
    struct row {
        char const* from;
        char const* group; ///< nullptr: unicast
        char const* local;
        char const* answers;
    };
    for (auto const& [from, group, local, answers] :
         {row{"192.168.20.9", "239.255.255.250:1900", "0.0.0.0", "192.168.20.5"},
          row{"fe80::9", "[FF02::C]:1900", "0.0.0.0", "fe80::5"},
          row{"fd00:1::9", "[FF05::C]:1900", "0.0.0.0", "fd00:1::5"},
          row{"2001:db8::9", "[FF05::C]:1900", "0.0.0.0", "2001:db8::5"},
          row{"2001:db8::9", nullptr, "2001:db8::5", "2001:db8::5"},
          row{"fd00:1::9", nullptr, "fe80::5", "fe80::5"}}) {
        host.sent.clear();
        auto const text = std::string{"M-SEARCH * HTTP/1.1\r\nHOST: "} + (group ? group : "[::]:1900") +
                          "\r\nMAN: \"ssdp:discover\"\r\n" + (group ? "MX: 1\r\n" : "") +
                          "ST: upnp:rootdevice\r\n\r\n";
        host.runtime.on_datagram(host.now(), {2, group != nullptr, {ip(from), 50123}, text, 2, ip(local)});
        host.pass(1s);
        ASSERT_THAT(host.sent, SizeIs(1)) << from;
        EXPECT_EQ(host.sent[0].what.from, ip(answers)) << from;
        EXPECT_EQ(field(host.sent[0].what.bytes, "LOCATION"),
                  "http://" + to_url_host(ip(answers)) + ":49300/desc.xml");
        EXPECT_EQ(field(host.sent[0].what.bytes, "01-NLS"), ip(from).is_v4() ? "" : "1700000123");
    }
}

TEST(network_change, an_answer_whose_address_is_gone_meanwhile_leaves_by_another_of_the_interface)
{
    settled_host host{{eth(2, {"192.168.20.6", "192.168.20.5"})}};
    host.datagram("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 5\r\n"
                  "ST: ssdp:all\r\n\r\n");
    host.set_interfaces({eth(2, {"192.168.20.5"})});
    host.pass(10s);
    for (auto const& [when, what] : host.sent)
        if (what.to.port == 50123 && when > host.clock - 9s)
            EXPECT_EQ(what.from, ip("192.168.20.5"));
    EXPECT_THAT(host.sent_bytes(), Contains(HasSubstr("HTTP/1.1 200 OK")));
}

// ---- Root devices

device shed(char const* name = "Shed Lamp")
{
    device_description d{.type = "urn:schemas-upnp-org:device:BinaryLight:1"_device_type,
                         .udn = "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5ff"_udn,
                         .friendly_name = name,
                         .manufacturer = "Example Lamps",
                         .model_name = "CL-2"};
    return device{d};
}

constexpr auto shed_udn = "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5ff"_udn;

/// The messages about the shed lamp; the others are about the hall lamp.
std::size_t about_shed(lamp_host const& host, std::string const& nts)
{
    std::size_t count = 0;
    for (auto const& bytes : host.sent_bytes())
        count += bytes.find("718293a4b5ff") != bytes.npos && field(bytes, "NTS") == nts;
    return count;
}

TEST(root_devices, SSDP_62_one_that_is_added_is_announced_and_the_others_are_not_disturbed)
{
    settled_host host{{eth(2, {"192.168.20.5"})}};
    ASSERT_TRUE(host.runtime.add(host.now(), shed()));
    host.obey();
    host.pass(3s);
    EXPECT_EQ(about_shed(host, "ssdp:alive"), 9U);
    EXPECT_EQ(host.sent.size(), 9U);
    for (auto const& bytes : host.sent_bytes()) {
        EXPECT_EQ(field(bytes, "BOOTID.UPNP.ORG"), "1700000124") << "nobody knows when it was last seen";
        EXPECT_EQ(field(bytes, "LOCATION"),
                  "http://192.168.20.5:49300/6d0a1f2e-3b4c-4d5e-8f60-718293a4b5ff/desc.xml");
    }
    EXPECT_THAT(host.http("GET /6d0a1f2e-3b4c-4d5e-8f60-718293a4b5ff/desc.xml HTTP/1.1\r\n"
                          "HOST: 192.168.20.5:49300\r\n\r\n")
                    .bytes,
                HasSubstr("Shed Lamp"));
    host.sent.clear();
    host.datagram("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n"
                  "ST: upnp:rootdevice\r\n\r\n");
    host.pass(1s);
    EXPECT_THAT(host.sent, SizeIs(2)) << "each answers for itself";
}

TEST(root_devices, SSDP_30_one_that_is_removed_says_byebye_and_is_gone)
{
    settled_host host{{eth(2, {"192.168.20.5"})}};
    ASSERT_TRUE(host.runtime.add(host.now(), shed()));
    host.pass(3s);
    host.sent.clear();
    ASSERT_TRUE(host.runtime.remove(host.now(), shed_udn));
    host.obey();
    host.datagram("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n"
                  "ST: upnp:rootdevice\r\n\r\n");
    host.pass(3s);
    EXPECT_EQ(about_shed(host, "ssdp:byebye"), 3U);
    EXPECT_THAT(host.sent, SizeIs(4)) << "and the answer of the other";
    EXPECT_THAT(host.http("GET /6d0a1f2e-3b4c-4d5e-8f60-718293a4b5ff/desc.xml HTTP/1.1\r\n"
                          "HOST: 192.168.20.5:49300\r\n\r\n")
                    .bytes,
                HasSubstr("404"));
    EXPECT_EQ(host.runtime.remove(host.now(), shed_udn).error(), errc::not_found);
    host.pass(4000s);
    EXPECT_EQ(about_shed(host, "ssdp:alive"), 0U);
}

TEST(root_devices, the_subscriptions_of_one_that_is_removed_end)
{
    settled_host host{{eth(2, {"192.168.20.5"})}};
    host.http("SUBSCRIBE /sp/event HTTP/1.1\r\nHOST: 192.168.20.5:49300\r\nNT: upnp:event\r\n"
              "CALLBACK: <http://192.168.20.9:50200/>\r\n\r\n");
    ASSERT_EQ(host.runtime.events().subscriptions(), 1U);
    ASSERT_TRUE(host.runtime.remove(host.now(), "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6"_udn));
    host.obey();
    EXPECT_EQ(host.runtime.events().subscriptions(), 0U);
    bool told = false;
    for (auto const& item : host.others)
        if (auto const* one = std::get_if<subscription_note>(&item))
            told = told || (one->change == subscription_change::device_removed &&
                            one->service_type == "urn:schemas-upnp-org:service:SwitchPower:1");
    EXPECT_TRUE(told);
    host.settle(0); // the initial event that was under way: nobody's any more
    EXPECT_THAT(host.http("GET /desc.xml HTTP/1.1\r\nHOST: 192.168.20.5:49300\r\n\r\n").bytes,
                HasSubstr("404"));
}

TEST(root_devices, N_54_SSDP_35_another_description_is_byebyes_and_then_a_new_CONFIGID_and_BOOTID)
{
    settled_host host{{eth(2, {"192.168.20.5"})}};
    auto lamp = lamp_host::lamp(host.power, host.health).description();
    lamp.friendly_name = "Stairs Lamp";
    device changed{lamp};
    changed.add(host.power).add(host.health);
    ASSERT_TRUE(host.runtime.replace(host.now(), changed));
    host.obey();
    host.pass(3s);
    EXPECT_EQ(story(host, "192.168.20.5"), "b123 a124");
    EXPECT_EQ(sent_from(host, "192.168.20.5", "ssdp:byebye"), set_size);
    EXPECT_EQ(sent_from(host, "192.168.20.5", "ssdp:alive"), 3 * set_size);
    for (auto const& bytes : host.sent_bytes())
        EXPECT_EQ(field(bytes, "CONFIGID.UPNP.ORG"), field(bytes, "NTS") == "ssdp:byebye" ? "42" : "43");
    auto const document = host.http("GET /desc.xml HTTP/1.1\r\nHOST: 192.168.20.5:49300\r\n\r\n").bytes;
    EXPECT_THAT(document, HasSubstr("Stairs Lamp"));
    EXPECT_THAT(document, HasSubstr("configId=\"43\""));
    EXPECT_THAT(host.http("GET /sp/scpd.xml HTTP/1.1\r\nHOST: 192.168.20.5:49300\r\n\r\n").bytes,
                HasSubstr("configId=\"43\""));
}

TEST(root_devices, SSDP_35_a_large_tree_says_all_its_byebyes_before_it_comes_back)
{
    auto options = lamp_host::golden_options();
    options.limits.ssdp.announcement_burst = 1;
    options.limits.ssdp.announcements_per_second = 4;
    settled_host host{{eth(2, {"192.168.20.5"})}, options};
    host.pass(10s);
    host.sent.clear();
    ASSERT_TRUE(host.runtime.replace(host.now(), lamp_host::lamp(host.power, host.health)));
    host.obey();
    host.pass(10s);
    EXPECT_EQ(story(host, "192.168.20.5"), "b123 a124");
    EXPECT_EQ(sent_from(host, "192.168.20.5", "ssdp:byebye"), set_size);
}

TEST(root_devices, what_cannot_be_hosted_changes_nothing)
{
    settled_host host{{eth(2, {"192.168.20.5"})}};
    auto const taken = host.runtime.add(host.now(), lamp_host::lamp(host.power, host.health));
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, errc::duplicate);
    EXPECT_EQ(host.runtime.replace(host.now(), shed()).error().code, errc::not_found);
    auto bad = lamp_host::lamp(host.power, host.health).description();
    bad.friendly_name.clear();
    EXPECT_FALSE(host.runtime.replace(host.now(), device{bad}));
    auto dead = shed().description();
    dead.presentation_url = "/nowhere";
    EXPECT_EQ(host.runtime.add(host.now(), device{dead}).error().code, errc::missing);
    host.obey();
    host.pass(60s);
    EXPECT_THAT(host.sent, IsEmpty());
    EXPECT_THAT(host.http("GET /desc.xml HTTP/1.1\r\nHOST: 192.168.20.5:49300\r\n\r\n").bytes,
                HasSubstr("Hall Lamp"));
}

TEST(root_devices, limits_max_root_devices_is_reached)
{
    auto options = lamp_host::golden_options();
    options.limits.max_root_devices = 1;
    settled_host host{{eth(2, {"192.168.20.5"})}, options};
    auto const refused = host.runtime.add(host.now(), shed());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::full);
    ASSERT_TRUE(host.runtime.remove(host.now(), "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6"_udn));
    EXPECT_TRUE(host.runtime.add(host.now(), shed()));
}

TEST(root_devices, a_host_without_any_is_silent)
{
    settled_host host{{eth(2, {"192.168.20.5"})}};
    ASSERT_TRUE(host.runtime.remove(host.now(), "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6"_udn));
    host.obey();
    host.pass(3s);
    host.change_to({eth(2, {"192.168.20.5"}), eth(3, {"10.8.0.1"})});
    EXPECT_THAT(host.sent, IsEmpty());
    ASSERT_TRUE(host.runtime.add(host.now(), shed()));
    host.obey();
    host.pass(3s);
    EXPECT_EQ(about_shed(host, "ssdp:alive"), 2U * 9U);
}

// ---- BOOTID over reboots

TEST(boot_id, SSDP_21_the_number_that_was_kept_is_passed_and_a_greater_one_is_kept_first)
{
    auto options = lamp_host::golden_options();
    options.boot_id.reset();
    options.random = std::make_shared<seeded_random>(1);
    for (auto const& [kept, first] : {std::pair<std::uint32_t, char const*>{1800000000, "1800000001"},
                                      {5, "1700035200"},
                                      {0x7fffffff, "1700035200"}}) {
        moment const now{time_point{100h}, std::chrono::sys_seconds{1700035200s}};
        device_runtime runtime{
            {lamp_host::lamp(lamp_host::switch_power(), lamp_host::lamp_health())}, options, now, kept};
        runtime.serve(now, {{2, "eth0", ip("192.168.20.5"), 49300}});
        runtime.start(now);
        runtime.advance({now.at + 1s, now.date});
        auto const items = runtime.drain({now.at + 1s, now.date});
        std::size_t sent = 0;
        bool kept_first = false;
        for (auto const& item : items) {
            if (auto const* keep = std::get_if<keep_boot_id>(&item)) {
                kept_first = sent == 0;
                EXPECT_EQ(std::to_string(keep->value - 15), first);
            }
            if (auto const* datagram = std::get_if<send_datagram>(&item)) {
                ++sent;
                EXPECT_EQ(field(datagram->bytes, "BOOTID.UPNP.ORG"), first);
            }
        }
        EXPECT_TRUE(kept_first);
        EXPECT_GT(sent, 0U);
    }
}

TEST(boot_id, SSDP_21_a_network_that_changes_seldom_has_its_number_written_once)
{
    settled_host host{{eth(2, {"192.168.20.5"})}};
    for (unsigned i = 0; i < 10; ++i) {
        host.change_to({eth(2, {"192.168.20.5"}), eth(3, {"10.8.0.1"})});
        host.change_to({eth(2, {"192.168.20.5"})});
    }
    EXPECT_THAT(host.kept_boot_ids, testing::ElementsAre(1700000138));
}

TEST(boot_id, SSDP_21_a_number_that_was_not_kept_is_given_to_the_store_again_each_minute)
{
    settled_host host{{eth(2, {"192.168.20.5"})}};
    ASSERT_EQ(host.kept_boot_ids.size(), 1U);
    for (std::size_t times = 2; times < 5; ++times) {
        host.runtime.on_boot_id_not_kept(host.now(), "the disk is full");
        host.pass(50s);
        EXPECT_EQ(host.kept_boot_ids.size(), times - 1);
        host.pass(11s);
        EXPECT_EQ(host.kept_boot_ids.size(), times);
    }
    host.pass(1h);
    EXPECT_EQ(host.kept_boot_ids, std::vector<std::uint32_t>(4, host.kept_boot_ids.front()));

    host.runtime.on_boot_id_not_kept(host.now(), "the disk is full");
    host.runtime.stop(host.now());
    host.pass(1h);
    EXPECT_EQ(host.kept_boot_ids.size(), 4U) << "a host that has stopped writes nothing";
}

// ---- Answers by TCP

std::string tcp_search(std::string const& port, std::string const& st = "ssdp:all")
{
    return "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 2\r\nST: " +
           st + "\r\nTCPPORT.UPNP.ORG: " + port + "\r\n\r\n";
}

TEST(tcp_answers, SSDP_60_go_all_on_one_connection_to_the_sender_and_nothing_by_UDP)
{
    settled_host host{{eth(2, {"192.168.20.5"})}};
    for (unsigned copy = 0; copy < 3; ++copy)
        host.datagram(tcp_search("50200"));
    host.pass(5s);
    EXPECT_THAT(host.sent, IsEmpty());
    ASSERT_THAT(host.tcp_answers, SizeIs(1)) << "repetitions are merged";
    auto const& [what, by] = host.tcp_answers[0];
    EXPECT_EQ(what.to, (endpoint{ip("192.168.20.9"), 50200}));
    EXPECT_EQ(by.from, ip("192.168.20.5"));
    EXPECT_EQ(by.interface_name, "eth0");
    EXPECT_TRUE(by.contained);
    std::size_t messages = 0;
    for (auto at = what.bytes.find("HTTP/1.1 200 OK\r\n"); at != what.bytes.npos;
         at = what.bytes.find("HTTP/1.1 200 OK\r\n", at + 1))
        ++messages;
    EXPECT_EQ(messages, set_size);
    EXPECT_TRUE(what.bytes.ends_with("\r\n\r\n"));
}

TEST(tcp_answers, N_13_SSDP_60_by_UDP_where_the_port_is_none_the_policy_is_off_or_the_level_is_older)
{
    auto const by_udp = [](std::string const& port, auto change) {
        auto options = lamp_host::golden_options();
        change(options);
        settled_host host{{eth(2, {"192.168.20.5"})}, options};
        host.datagram(tcp_search(port));
        host.pass(5s);
        return host.tcp_answers.empty() && host.sent.size() == set_size;
    };
    EXPECT_TRUE(by_udp("80", [](auto&) {}));
    EXPECT_TRUE(by_udp("50200", [](auto& o) { o.policies.answer_over_tcp = false; }));
    EXPECT_TRUE(by_udp("50200", [](auto& o) { o.policies.uda = uda_version::v1_1; }));
    EXPECT_FALSE(by_udp("50200", [](auto&) {}));
}

TEST(tcp_answers, SSDP_60_limits_ssdp_max_tcp_answers_beyond_it_by_UDP)
{
    settled_host host{{eth(2, {"192.168.20.5"})}};
    auto const most = limits{}.ssdp.max_tcp_answers;
    for (std::size_t i = 0; i <= most; ++i)
        host.datagram(tcp_search(std::to_string(50200 + i), "upnp:rootdevice"));
    EXPECT_THAT(host.tcp_answers, SizeIs(most));
    host.pass(3s);
    EXPECT_THAT(host.sent, SizeIs(1));
    host.runtime.on_search_answers_sent(host.tcp_answers[0].what.interface_index, host.tcp_answers[0].what.to,
                                        false, "refused");
    host.obey();
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::search_tcp_undelivered], 1U);
    host.datagram(tcp_search("51000", "upnp:rootdevice"));
    EXPECT_THAT(host.tcp_answers, SizeIs(most + 1)) << "room again";
}

TEST(tcp_answers, who_says_to_be_this_host_is_connected_to_only_over_loopback)
{
    lamp_host host;
    host.start_and_settle();
    auto const search = tcp_search("50200", "upnp:rootdevice");
    host.datagram(search, "192.168.20.5");
    EXPECT_THAT(host.tcp_answers, IsEmpty()) << "a neighbour may have forged it";
    host.pass(3s);
    EXPECT_THAT(host.sent, SizeIs(1));
    host.runtime.on_datagram(host.now(), {lamp_host::eth, true, {ip("192.168.20.5"), 50123}, search, 1});
    host.obey();
    EXPECT_THAT(host.tcp_answers, SizeIs(1));
}

TEST(tcp_answers, SSDP_52_off_the_segment_nobody_is_connected_to)
{
    settled_host host{{eth(2, {"192.168.20.5"})}};
    host.datagram(tcp_search("50200"), "203.0.113.7");
    host.pass(3s);
    EXPECT_THAT(host.tcp_answers, IsEmpty());
    EXPECT_THAT(host.sent, IsEmpty());
}

} // namespace
} // namespace onlink::test
