// SPDX-License-Identifier: BSL-1.0
#include "host/device_runtime.hpp"

#include "support/lamp_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace onlink {
namespace {

using namespace std::chrono_literals;
using namespace literals;
using test::ip;
using test::lamp_host;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr std::size_t switch_power = 0;
constexpr std::size_t set_size = 3 + 2; ///< Hall Lamp: a root device with two service types
std::string const type = "urn:schemas-upnp-org:service:SwitchPower:1";

std::string search(std::string const& st, std::string const& mx = "1")
{
    return "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: " + mx +
           "\r\nST: " + st + "\r\n\r\n";
}

http_request request(http_method method, std::string target,
                     std::vector<std::pair<std::string, std::string>> const& fields = {},
                     std::string body = {})
{
    http_request r;
    r.method = method;
    r.target = std::move(target);
    r.fields.add("HOST", "192.168.20.5:49300");
    for (auto const& [name, value] : fields)
        r.fields.add(name, value);
    r.body = std::move(body);
    return r;
}

http_request action(std::string const& name, std::string const& arguments)
{
    return request(http_method::post, "/sp/control",
                   {{"CONTENT-TYPE", "text/xml"}, {"SOAPACTION", '"' + type + '#' + name + '"'}},
                   "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><u:" + name +
                       " xmlns:u=\"" + type + "\">" + arguments + "</u:" + name + "></s:Body></s:Envelope>");
}

http_request set_target() { return action("SetTarget", "<newTargetValue>1</newTargetValue>"); }

http_request subscribe(std::string const& url = "http://192.168.20.9:50200/")
{
    return request(http_method::subscribe, "/sp/event",
                   {{"NT", "upnp:event"}, {"CALLBACK", '<' + url + '>'}});
}

interface_table two_segments()
{
    return interface_table{{{.index = 2,
                             .name = "eth0",
                             .up = true,
                             .multicast = true,
                             .loopback = false,
                             .addresses = {{ip("192.168.20.5"), 24}}},
                            {.index = 3,
                             .name = "eth1",
                             .up = true,
                             .multicast = true,
                             .loopback = false,
                             .addresses = {{ip("10.8.0.1"), 24}}}}};
}

std::vector<served_endpoint> two_served()
{
    return {{2, "eth0", ip("192.168.20.5"), 49300}, {3, "eth1", ip("10.8.0.1"), 49301}};
}

/// The notes of one kind, of all that was asked of the shell.
template <class T>
std::vector<T> of_kind(std::vector<action_item> const& items)
{
    std::vector<T> found;
    for (auto const& item : items)
        if (auto const* one = std::get_if<T>(&item))
            found.push_back(*one);
    return found;
}

std::vector<std::string> bytes_of(std::vector<send_datagram> const& datagrams)
{
    std::vector<std::string> all;
    for (auto const& d : datagrams)
        all.push_back(d.bytes);
    return all;
}

std::string line(std::string const& message, std::string const& name)
{
    auto const at = message.find("\r\n" + name + ": ");
    return at == message.npos ? "" : message.substr(at + 2, message.find("\r\n", at + 2) - at - 2);
}

// ---- Building

TEST(device_runtime, options_that_cannot_work_are_refused_at_once)
{
    auto options = lamp_host::golden_options();
    options.limits.ssdp.max_mx = 6s;
    EXPECT_THROW(lamp_host{options}, configuration_error);
}

TEST(device_runtime, SSDP_21_BOOTID_is_the_one_given_or_the_time_and_always_31_bits)
{
    struct row {
        std::optional<std::uint32_t> given;
        std::chrono::sys_seconds date;
        std::string expected;
    };
    for (auto const& [given, date, expected] : {
             row{7, std::chrono::sys_seconds{1700000123s}, "7"},
             row{std::nullopt, std::chrono::sys_seconds{1700000123s}, "1700000123"},
             row{std::nullopt, std::chrono::sys_seconds{1700000124s}, "1700000124"},
             row{std::nullopt, std::chrono::sys_seconds{2147483647s}, "2147483647"},
             row{std::nullopt, std::chrono::sys_seconds{2147483648s + 5s}, "5"},
         }) {
        auto options = lamp_host::golden_options();
        options.boot_id = given;
        options.random = std::make_shared<test::seeded_random>(1);
        moment const now{time_point{100h}, date};
        device_runtime runtime{
            {lamp_host::lamp(lamp_host::switch_power(), lamp_host::lamp_health())}, options, now};
        runtime.serve(now, {{2, "eth0", ip("192.168.20.5"), 49300}});
        runtime.start(now);
        runtime.advance({now.at + 1s, now.date});
        auto const sent = bytes_of(of_kind<send_datagram>(runtime.drain({})));
        ASSERT_FALSE(sent.empty());
        EXPECT_THAT(sent, Each(HasSubstr("\r\nBOOTID.UPNP.ORG: " + expected + "\r\n")));
    }
}

// ---- What its descriptions point at

/// The defect of a host whose lamp was changed, if there is one.
std::optional<defect> defect_with(std::function<void(device_description&)> const& change,
                                  web_content web = {})
{
    using namespace literals;
    auto options = lamp_host::golden_options();
    options.random = std::make_shared<test::seeded_random>(1);
    options.web = std::move(web);
    auto description = lamp_host::lamp(lamp_host::switch_power(), lamp_host::lamp_health()).description();
    description.presentation_url.clear();
    change(description);
    device box{{.type = "urn:schemas-upnp-org:device:Basic:1"_device_type,
                .udn = "uuid:00000000-0000-4000-8000-000000000001"_udn,
                .friendly_name = "Box",
                .manufacturer = "Example",
                .model_name = "B1"}};
    box.add(device{description});
    try {
        device_runtime const runtime{{box}, options, {}};
        return std::nullopt;
    } catch (configuration_error const& e) {
        return e.what_is_wrong();
    }
}

TEST(device_runtime, DESC_47_an_icon_without_a_picture_is_refused)
{
    auto const without_data = [](device_description& d) {
        d.description_path.clear();
        d.icons[0].data.clear();
    };
    auto const found = defect_with(without_data);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->code, errc::missing);
    EXPECT_EQ(found->where, "device Hall Lamp, icon 1, data (web has no /icon48.png)");
    EXPECT_FALSE(defect_with(without_data, {.files = {{"/icon48.png", "image/png", "x"}}}));
    EXPECT_FALSE(defect_with(without_data, {.folders = {{"/", "/usr/share"}}}));
}

TEST(device_runtime, DESC_80_a_presentation_page_that_nobody_serves_is_refused)
{
    auto const with_page = [](std::string url) {
        return [url](device_description& d) {
            d.description_path.clear();
            d.presentation_url = url;
        };
    };
    auto const found = defect_with(with_page("/ui/?a=1"));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->code, errc::missing);
    EXPECT_EQ(found->where, "device Hall Lamp, presentationURL (web has no /ui/)");
    EXPECT_FALSE(defect_with(with_page("/ui/?a=1"), {.files = {{"/ui/", "text/html", "x"}}}));
    for (auto const* elsewhere : {"", "http://192.0.2.1/", "//192.0.2.1/"})
        EXPECT_FALSE(defect_with(with_page(elsewhere))) << elsewhere;
}

// ---- Announcing

TEST(device_runtime, start_tells_where_each_device_is_served)
{
    lamp_host host;
    host.start();
    auto const serving = of_kind<serving_note>(host.others);
    ASSERT_THAT(serving, SizeIs(1));
    EXPECT_EQ(serving[0].interface_name, "eth0");
    EXPECT_EQ(serving[0].address, ip("192.168.20.5"));
    EXPECT_EQ(serving[0].friendly_name, "Hall Lamp");
    EXPECT_EQ(serving[0].location, "http://192.168.20.5:49300/desc.xml");
}

TEST(device_runtime, SSDP_12_SSDP_25_SSDP_26_the_whole_set_a_few_times_after_a_short_wait)
{
    lamp_host host;
    host.start();
    EXPECT_LE(*host.runtime.next_deadline(), host.clock + limits{}.ssdp.announcement_delay);
    host.pass(3s);
    EXPECT_THAT(host.sent, SizeIs(set_size * limits{}.ssdp.announcements));
    EXPECT_THAT(host.sent_bytes(),
                Each(AllOf(StartsWith("NOTIFY * HTTP/1.1\r\n"), HasSubstr("NTS: ssdp:alive\r\n"))));
}

TEST(device_runtime, SSDP_14_SSDP_18_SSDP_29_each_interface_gets_the_set_with_its_own_LOCATION)
{
    lamp_host host;
    host.runtime.set_interfaces(host.now(), two_segments());
    host.start_at(two_served());
    host.pass(200ms);
    std::map<unsigned, std::multiset<std::string>> usns;
    for (auto const& [when, what] : host.sent) {
        EXPECT_EQ(what.to, (endpoint{ip("239.255.255.250"), 1900}));
        EXPECT_EQ(line(what.bytes, "LOCATION"), what.interface_index == 2
                                                    ? "LOCATION: http://192.168.20.5:49300/desc.xml"
                                                    : "LOCATION: http://10.8.0.1:49301/desc.xml");
        usns[what.interface_index].insert(line(what.bytes, "USN"));
    }
    EXPECT_THAT(usns[2], SizeIs(set_size));
    EXPECT_EQ(usns[2], usns[3]);
}

// ---- Datagrams

TEST(device_runtime, SSDP_53_SSDP_54_SSDP_59_a_search_is_answered_to_its_sender)
{
    lamp_host host;
    host.start_and_settle();
    host.datagram(search("upnp:rootdevice"));
    EXPECT_THAT(host.sent, IsEmpty()) << "SSDP-48: not at once";
    host.pass(1s);
    ASSERT_THAT(host.sent, SizeIs(1));
    EXPECT_EQ(host.sent[0].what.to, (endpoint{ip("192.168.20.9"), 50123}));
    EXPECT_EQ(host.sent[0].what.interface_index, lamp_host::eth);
    EXPECT_THAT(host.sent[0].what.bytes,
                AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("\r\nST: upnp:rootdevice\r\n"),
                      HasSubstr("\r\nLOCATION: http://192.168.20.5:49300/desc.xml\r\n"),
                      HasSubstr("\r\nBOOTID.UPNP.ORG: 1700000123\r\n"),
                      HasSubstr("\r\nCONFIGID.UPNP.ORG: 42\r\n")));
    EXPECT_THAT(host.refusals, IsEmpty());
}

TEST(device_runtime, SSDP_43_SSDP_50_a_unicast_search_is_answered_within_a_second)
{
    lamp_host host;
    host.start_and_settle();
    host.datagram("M-SEARCH * HTTP/1.1\r\nHOST: 192.168.20.5:1900\r\nMAN: \"ssdp:discover\"\r\nST: "
                  "upnp:rootdevice\r\n\r\n",
                  "192.168.20.9", 50123, false);
    host.pass(limits{}.ssdp.unicast_answer_window);
    EXPECT_THAT(host.sent, SizeIs(1));
}

TEST(device_runtime, SSDP_51_what_is_refused_is_counted_told_and_never_answered)
{
    struct row {
        std::string bytes;
        char const* from;
        refusal_reason reason;
    };
    auto const good = search("upnp:rootdevice");
    for (auto const& [bytes, from, reason] : {
             row{good + std::string(limits{}.ssdp.max_datagram, ' '), "192.168.20.9",
                 refusal_reason::datagram_too_large},
             row{good, "203.0.113.7", refusal_reason::datagram_off_segment},
             row{good, "192.168.20.255", refusal_reason::datagram_off_segment},
             row{good.substr(0, good.size() - 2), "192.168.20.9", refusal_reason::datagram_malformed},
             row{search("nonsense"), "192.168.20.9", refusal_reason::search_invalid},
             row{search("upnp:rootdevice", "0"), "192.168.20.9", refusal_reason::search_invalid},
         }) {
        lamp_host host;
        host.start_and_settle();
        host.datagram(bytes, from);
        ASSERT_THAT(host.refusals, SizeIs(1));
        EXPECT_EQ(host.refusals[0].reason, reason);
        EXPECT_EQ(host.refusals[0].peer, ip(from));
        EXPECT_EQ(host.refusals[0].interface_name, "eth0");
        EXPECT_EQ(host.refusals[0].status, 0) << "silence";
        EXPECT_EQ(host.runtime.refusals()[reason], 1U);
        host.pass(6s);
        EXPECT_THAT(host.sent, IsEmpty());
    }
}

TEST(device_runtime, SSDP_20_SSDP_51_what_is_nobodys_fault_is_not_even_counted)
{
    lamp_host host;
    host.start_and_settle();
    for (auto const& bytes :
         {std::string{"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNTS: ssdp:alive\r\n\r\n"},
          std::string{"HTTP/1.1 200 OK\r\n\r\n"}, std::string{}, std::string{"noise"},
          search("urn:schemas-upnp-org:device:MediaServer:1")})
        host.datagram(bytes);
    host.pass(6s);
    EXPECT_THAT(host.sent, IsEmpty());
    EXPECT_THAT(host.refusals, IsEmpty());
}

TEST(device_runtime, a_datagram_from_an_interface_that_is_unknown_or_not_served_is_nobodys)
{
    lamp_host host;
    host.start_and_settle();
    for (unsigned const index : {1U, 99U}) { // lo is known, and not served
        host.runtime.on_datagram(host.now(), {index, true, {ip("127.0.0.1"), 50123}, search("ssdp:all")});
        host.obey();
    }
    host.pass(6s);
    EXPECT_THAT(host.sent, IsEmpty());
    EXPECT_THAT(host.refusals, IsEmpty());
}

TEST(device_runtime, N_12_SSDP_52_limits_ssdp_search_burst_is_told)
{
    lamp_host host;
    host.start_and_settle();
    for (std::uint16_t i = 0; i < 200; ++i)
        host.datagram(search("upnp:rootdevice"), "192.168.20.9", static_cast<std::uint16_t>(50000 + i));
    auto const burst = limits{}.ssdp.search_burst;
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::search_rate], 200U - burst);
    host.pass(1s);
    EXPECT_THAT(host.sent, SizeIs(burst));
}

TEST(device_runtime, SSDP_52_limits_ssdp_max_pending_searches_is_told)
{
    auto options = lamp_host::golden_options();
    options.limits.ssdp.max_pending_searches = 2;
    lamp_host host{options};
    host.start_and_settle();
    for (std::uint16_t port = 1; port <= 3; ++port)
        host.datagram(search("upnp:rootdevice"), "192.168.20.9", port);
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::search_queue_full], 1U);
    EXPECT_EQ(host.runtime.snapshot().pending_searches, 2U);
    host.pass(1s);
    EXPECT_THAT(host.sent, SizeIs(2));
}

TEST(device_runtime, the_words_of_a_peer_are_printable_in_a_note)
{
    lamp_host host;
    host.start_and_settle();
    host.datagram(search("caf\xc3\xa9\t" + std::string(1000, 'a')));
    ASSERT_THAT(host.refusals, SizeIs(1));
    EXPECT_THAT(host.refusals[0].detail, StartsWith("caf???aaa"));
    EXPECT_LE(host.refusals[0].detail.size(), 256U);
}

// ---- Connections and requests

TEST(device_runtime, VU_357851_a_connection_from_off_the_segment_is_not_admitted)
{
    lamp_host host;
    host.start_and_settle();
    for (auto const* peer : {"192.168.20.9", "192.168.20.1", "192.168.20.5"})
        EXPECT_TRUE(host.runtime.admit_connection(host.from(peer))) << peer;
    host.obey();
    EXPECT_THAT(host.refusals, IsEmpty());
    for (auto const* peer : {"203.0.113.7", "192.168.21.9", "10.0.0.1", "127.0.0.1", "127.0.0.2", "fe80::9"})
        EXPECT_FALSE(host.runtime.admit_connection(host.from(peer))) << peer;
    host.obey();
    EXPECT_THAT(host.refusals, SizeIs(6));
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::connection_off_segment], 6U);
}

TEST(device_runtime, loopback_serves_loopback_only)
{
    lamp_host host;
    host.start_at({{1, "lo", ip("127.0.0.1"), 49300}});
    connection from{1, "lo", {ip("127.0.0.1"), 49300}, {ip("127.0.0.1"), 40000}};
    EXPECT_TRUE(host.runtime.admit_connection(from));
    for (auto const* peer : {"192.168.20.5", "192.168.20.9", "203.0.113.7"}) {
        from.peer.address = ip(peer);
        EXPECT_FALSE(host.runtime.admit_connection(from)) << peer;
    }
}

TEST(device_runtime, what_arrives_on_another_interface_is_not_for_this_one)
{
    lamp_host host;
    host.runtime.set_interfaces(host.now(), [] {
        auto all = two_segments().all();
        all.push_back(*lamp_host::golden_interfaces().find("lo"));
        return interface_table{all};
    }());
    host.start_at(two_served());
    host.pass(3s);
    host.sent.clear();

    auto from = host.from();
    for (unsigned const arrived_on : {0U, 2U}) { // unknown, or its own
        from.arrived_on = arrived_on;
        EXPECT_TRUE(host.runtime.admit_connection(from)) << arrived_on;
    }
    for (unsigned const arrived_on : {1U, 3U, 77U}) {
        from.arrived_on = arrived_on;
        EXPECT_FALSE(host.runtime.admit_connection(from)) << arrived_on;
    }
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::connection_wrong_interface], 3U);
    from.peer.address = ip("192.168.20.5"); // a program on this host
    from.arrived_on = 1;
    EXPECT_TRUE(host.runtime.admit_connection(from));
    from.arrived_on = 3;
    EXPECT_FALSE(host.runtime.admit_connection(from)) << "its packets never take a wire";

    auto const text = search("upnp:rootdevice");
    received_datagram datagram{2, false, {ip("192.168.20.9"), 50123}, text, 3};
    host.runtime.on_datagram(host.now(), datagram);
    host.obey();
    host.pass(5s);
    EXPECT_THAT(host.sent, IsEmpty());
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::datagram_wrong_interface], 1U);
    datagram.arrived_on = 2;
    host.runtime.on_datagram(host.now(), datagram);
    host.pass(5s);
    EXPECT_THAT(host.sent, SizeIs(1));
}

// ---- Exposure

bool has_multicasts(exposed_endpoint const& where)
{
    return where.function == exposed_function::discovery ||
           where.function == exposed_function::multicast_events;
}

TEST(device_runtime, exposure_names_every_function_with_its_segment_and_what_contains_it)
{
    lamp_host host;
    EXPECT_THAT(host.runtime.exposure(), IsEmpty());
    host.start_at({{2, "eth0", ip("192.168.20.5"), 49300}, {2, "eth0", ip("fe80::5"), 49301}});
    std::vector<std::string> lines;
    for (auto const& where : host.runtime.exposure())
        lines.push_back(to_string(where));
    std::string const held = "; contained by interface, hop limit, no routing";
    EXPECT_THAT(
        lines,
        ElementsAre(
            "discovery at 192.168.20.5:1900 on eth0 for 192.168.20.0/24; contained by interface, no "
            "routing; not in force: hop limit (multicasts have TTL 2)",
            "description at 192.168.20.5:49300 on eth0 for 192.168.20.0/24" + held,
            "control at 192.168.20.5:49300 on eth0 for 192.168.20.0/24" + held,
            "subscription at 192.168.20.5:49300 on eth0 for 192.168.20.0/24" + held,
            "event delivery from 192.168.20.5 on eth0 to 192.168.20.0/24" + held,
            "multicast events from 192.168.20.5 on eth0 to 192.168.20.0/24; contained by interface, no "
            "routing; not in force: hop limit (multicasts have TTL 2)",
            "discovery at [fe80::5]:1900 on eth0 for 192.168.20.0/24; contained by interface, no "
            "routing; not in force: hop limit (multicasts have TTL 2)",
            "description at [fe80::5]:49301 on eth0 for 192.168.20.0/24" + held,
            "control at [fe80::5]:49301 on eth0 for 192.168.20.0/24" + held,
            "subscription at [fe80::5]:49301 on eth0 for 192.168.20.0/24" + held,
            "event delivery from [fe80::5] on eth0 to 192.168.20.0/24" + held,
            "multicast events from [fe80::5] on eth0 to 192.168.20.0/24; contained by interface, no "
            "routing; not in force: hop limit (multicasts have TTL 2)"));
    ASSERT_THAT(host.exposures, SizeIs(1));
    EXPECT_EQ(*host.exposures[0].all, host.runtime.exposure());
    host.runtime.on_closed();
    host.obey();
    EXPECT_THAT(host.runtime.exposure(), IsEmpty());
    ASSERT_THAT(host.exposures, SizeIs(2));
    EXPECT_THAT(*host.exposures[1].all, IsEmpty());
}

TEST(device_runtime, multicast_events_are_exposed_while_a_device_has_them)
{
    lamp_host host;
    host.start();
    auto const multicasts = [&] {
        auto const all = host.runtime.exposure();
        return std::count_if(all.begin(), all.end(), [](exposed_endpoint const& where) {
            return where.function == exposed_function::multicast_events;
        });
    };
    EXPECT_EQ(multicasts(), 1) << "the lamp has one";
    ASSERT_TRUE(host.runtime.remove(host.now(), host.runtime.tree().devices[0].description.udn));
    host.obey();
    EXPECT_EQ(multicasts(), 0);
    EXPECT_THAT(host.exposures, SizeIs(2));
    device alarm{{.type = "urn:schemas-upnp-org:device:Alarm:1"_device_type,
                  .udn = "uuid:00000000-0000-0000-0000-0000000000a1"_udn,
                  .friendly_name = "Alarm",
                  .manufacturer = "Example",
                  .model_name = "Alarm"}};
    alarm.add(service{{.type = "urn:schemas-upnp-org:service:Siren:1"_service_type,
                       .id = "urn:upnp-org:serviceId:Siren"_service_id},
                      scpd::build()
                          .state("Sounds", data_type::boolean, {.evented = true, .multicast = true})
                          .done()
                          .value()});
    ASSERT_TRUE(host.runtime.add(host.now(), alarm));
    host.obey();
    EXPECT_EQ(multicasts(), 1);
    ASSERT_THAT(host.exposures, SizeIs(3));
    EXPECT_EQ(host.exposures[2].all->back().function, exposed_function::multicast_events);
}

TEST(device_runtime, of_what_is_exposed_only_the_last_is_told_where_nobody_was_told_in_between)
{
    lamp_host host;
    host.start();
    for (auto const what : {containment::bound_to_device, containment::hop_limit, containment::no_routing})
        host.runtime.on_containment_gap(lamp_host::eth, what, "not permitted");
    host.obey();
    ASSERT_THAT(host.exposures, SizeIs(2));
    EXPECT_EQ(*host.exposures[1].all, host.runtime.exposure());
    EXPECT_THAT(host.exposures[1].all->front().gaps, SizeIs(3));
}

TEST(device_runtime, a_containment_that_the_system_refuses_is_told_once)
{
    lamp_host host;
    host.start();
    for (int i = 0; i < 3; ++i)
        host.runtime.on_containment_gap(lamp_host::eth, containment::bound_to_device, "not permitted");
    host.obey();
    ASSERT_THAT(host.exposures, SizeIs(2));
    for (auto const& where : *host.exposures[1].all) {
        if (has_multicasts(where))
            continue; // they have a TTL of their own
        EXPECT_THAT(where.gaps, ElementsAre(containment_gap{containment::bound_to_device, "not permitted"}));
        EXPECT_THAT(where.contained_by, ElementsAre(containment::hop_limit, containment::no_routing));
    }
}

TEST(device_runtime, an_extra_segment_is_served_and_reported_and_lifts_the_containment_there_only)
{
    auto options = lamp_host::golden_options();
    options.extra_segments = {{"eth0", ip_prefix::parse("192.168.77.0/24").value()}};
    lamp_host host{options};
    host.runtime.set_interfaces(host.now(), two_segments());
    host.start_at(two_served());
    host.pass(3s);
    host.sent.clear();
    EXPECT_FALSE(host.runtime.contained(2));
    EXPECT_TRUE(host.runtime.contained(3));
    for (auto const& where : host.runtime.exposure()) {
        bool const widened = where.interface_name == "eth0";
        if (!has_multicasts(where)) // they have a TTL of their own
            EXPECT_THAT(where.gaps, SizeIs(widened ? 2 : 0));
        EXPECT_THAT(where.segment, SizeIs(widened ? 2 : 1));
    }
    EXPECT_TRUE(host.runtime.admit_connection(host.from("192.168.77.9")));
    EXPECT_FALSE(host.runtime.admit_connection(host.from("192.168.78.9")));
    host.datagram(search("upnp:rootdevice"), "192.168.77.9");
    host.pass(5s);
    EXPECT_THAT(host.sent, SizeIs(1));
}

// ---- Switched off and on again

TEST(device_runtime, SSDP_21_who_comes_back_has_a_greater_BOOTID_and_no_subscriptions)
{
    lamp_host host;
    host.start_and_settle();
    for (std::uint32_t round = 1; round <= 3; ++round) {
        host.runtime.on_request(host.now(), host.from(), subscribe());
        EXPECT_EQ(host.runtime.events().subscriptions(), 1U);
        host.runtime.stop(host.now());
        host.obey();
        EXPECT_EQ(host.runtime.events().subscriptions(), 0U);
        host.pass(3s);
        host.runtime.on_closed();
        host.obey();
        host.datagram(search("upnp:rootdevice"));
        host.sent.clear();
        host.start();
        host.pass(3s);
        ASSERT_THAT(host.sent, SizeIs(set_size * limits{}.ssdp.announcements)) << "and no answer from before";
        EXPECT_EQ(line(host.sent[0].what.bytes, "BOOTID.UPNP.ORG"),
                  "BOOTID.UPNP.ORG: " + std::to_string(1700035200 + round - 1))
            << "the clock's, as it is ahead of the last one; then counted on";
    }
}

TEST(device_runtime, a_connection_on_an_interface_that_is_gone_is_not_admitted)
{
    lamp_host host;
    host.start_and_settle();
    host.runtime.set_interfaces(host.now(), interface_table{});
    EXPECT_FALSE(host.runtime.admit_connection(host.from()));
    EXPECT_FALSE(host.runtime.admit_connection(host.from("192.168.20.5")));
}

TEST(device_runtime, connections_are_judged_by_the_interfaces_of_now)
{
    lamp_host host;
    host.start_and_settle();
    auto renumbered = host.from("10.8.0.9");
    EXPECT_FALSE(host.runtime.admit_connection(renumbered));
    host.runtime.set_interfaces(host.now(), interface_table{{{.index = 2,
                                                              .name = "eth0",
                                                              .up = true,
                                                              .multicast = true,
                                                              .loopback = false,
                                                              .addresses = {{ip("10.8.0.1"), 24}}}}});
    EXPECT_TRUE(host.runtime.admit_connection(renumbered));
    EXPECT_FALSE(host.runtime.admit_connection(host.from()));
}

TEST(device_runtime, a_refused_request_is_counted_and_told_with_its_status)
{
    lamp_host host;
    host.start_and_settle();
    auto const reply =
        host.runtime.on_request(host.now(), host.from(), request(http_method::get, "/nothing"));
    host.obey();
    EXPECT_EQ(std::get<http_response>(reply.what).status, 404);
    ASSERT_THAT(host.refusals, SizeIs(1));
    EXPECT_EQ(host.refusals[0].reason, refusal_reason::not_found);
    EXPECT_EQ(host.refusals[0].status, 404);
    EXPECT_EQ(host.refusals[0].detail, "/nothing");
    EXPECT_EQ(host.refusals[0].peer, ip("192.168.20.9"));
    EXPECT_EQ(host.refusals[0].interface_name, "eth0");
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::not_found], 1U);
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::xml_refused], 0U);
}

TEST(device_runtime, on_refusal_counts_and_tells_what_the_shell_refused)
{
    lamp_host host;
    host.runtime.on_refusal(host.from(), refusal_reason::request_timeout, 408, "slow\r\npeer");
    host.obey();
    ASSERT_THAT(host.refusals, SizeIs(1));
    EXPECT_EQ(host.refusals[0].reason, refusal_reason::request_timeout);
    EXPECT_EQ(host.refusals[0].status, 408);
    EXPECT_EQ(host.refusals[0].detail, "slow??peer");
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::request_timeout], 1U);
}

/// Whose SetTarget takes its time.
struct slow_lamp : lamp_host {
    explicit slow_lamp(std::size_t most, std::size_t most_of_peer) : lamp_host(with(most, most_of_peer))
    {
        power.on("SetTarget", [](bool) -> boost::asio::awaitable<void> { co_return; });
        start_and_settle();
    }

    static host_options with(std::size_t most, std::size_t most_of_peer)
    {
        auto options = golden_options();
        options.limits.control.max_running = most;
        options.limits.control.max_running_per_peer = most_of_peer;
        return options;
    }

    http_reply ask(char const* peer) { return runtime.on_request(now(), from(peer), set_target()); }
    bool called(char const* peer) { return std::holds_alternative<invocation>(ask(peer).what); }
};

TEST(device_runtime, limits_control_max_running_beyond_it_503)
{
    slow_lamp host{2, 2};
    auto const first = host.ask("192.168.20.9");
    ASSERT_TRUE(std::holds_alternative<invocation>(first.what));
    ASSERT_TRUE(host.called("192.168.20.10"));
    auto const third = host.ask("192.168.20.11");
    ASSERT_TRUE(std::holds_alternative<http_response>(third.what));
    EXPECT_EQ(std::get<http_response>(third.what).status, 503);
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::action_limit], 1U);
    // An answer that was given up by its deadline does not free the slot; the end of the handler does.
    host.runtime.on_action_done(host.now(), host.from(), std::get<invocation>(first.what),
                                upnp_error::action_failed());
    EXPECT_FALSE(host.called("192.168.20.11"));
    host.runtime.on_handler_ended(ip("192.168.20.9"));
    EXPECT_TRUE(host.called("192.168.20.11"));
    EXPECT_FALSE(host.called("192.168.20.9"));
}

TEST(device_runtime, limits_control_max_running_per_peer_one_peer_cannot_take_all)
{
    slow_lamp host{3, 2};
    EXPECT_TRUE(host.called("192.168.20.9"));
    EXPECT_TRUE(host.called("192.168.20.9"));
    EXPECT_FALSE(host.called("192.168.20.9"));
    EXPECT_TRUE(host.called("192.168.20.10"));
    EXPECT_EQ(host.runtime.snapshot().running_actions, 3U);
    host.runtime.on_handler_ended(ip("192.168.20.9"));
    EXPECT_TRUE(host.called("192.168.20.9"));
}

TEST(device_runtime, an_action_that_answers_at_once_needs_no_place)
{
    slow_lamp host{1, 1};
    ASSERT_TRUE(host.called("192.168.20.9"));
    auto const reply = host.runtime.on_request(host.now(), host.from(), action("GetStatus", ""));
    EXPECT_TRUE(std::holds_alternative<invocation>(reply.what));
    EXPECT_EQ(host.runtime.snapshot().running_actions, 1U);
}

TEST(device_runtime, other_requests_are_served_while_all_slots_are_taken)
{
    slow_lamp host{1, 1};
    ASSERT_TRUE(host.called("192.168.20.9"));
    ASSERT_FALSE(host.called("192.168.20.9"));
    auto const document =
        host.runtime.on_request(host.now(), host.from(), request(http_method::get, "/desc.xml"));
    EXPECT_EQ(std::get<http_response>(document.what).status, 200);
    auto const subscribed = host.runtime.on_request(host.now(), host.from(), subscribe());
    EXPECT_EQ(std::get<http_response>(subscribed.what).status, 200);
}

TEST(device_runtime, CTRL_17_on_action_done_answers_and_tells)
{
    lamp_host host;
    host.start_and_settle();
    host.others.clear();
    auto const reply = host.runtime.on_request(host.now(), host.from(), set_target());
    auto const& call = std::get<invocation>(reply.what);
    EXPECT_EQ(host.runtime.on_action_done(host.now(), host.from(), call, outputs{}).status, 200);
    EXPECT_EQ(host.runtime.on_action_done(host.now(), host.from(), call, upnp_error{701, {}}).status, 500);
    host.obey();
    auto const told = of_kind<action_note>(host.others);
    ASSERT_THAT(told, SizeIs(2));
    EXPECT_EQ(told[0].call.action(), "SetTarget");
    EXPECT_EQ(told[0].call.caller(), ip("192.168.20.9"));
    EXPECT_EQ(told[0].error, 0);
    EXPECT_EQ(told[1].error, 701);
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::internal_error], 0U);
}

TEST(device_runtime, a_handler_that_throws_or_breaks_its_contract_is_an_internal_error)
{
    lamp_host host;
    host.start_and_settle();
    auto const reply = host.runtime.on_request(host.now(), host.from(), set_target());
    auto const& call = std::get<invocation>(reply.what);
    EXPECT_EQ(
        host.runtime.on_action_done(host.now(), host.from(), call, upnp_error::action_failed(), true).status,
        500);
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::internal_error], 1U);
    EXPECT_EQ(host.runtime.on_action_done(host.now(), host.from(), call, outputs{{"Extra", 1}}).status, 500);
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::internal_error], 2U);
}

// ---- Events

struct runtime_events : testing::Test {
    runtime_events() { host.start_and_settle(); }

    sid subscribed(std::string const& url = "http://192.168.20.9:50200/")
    {
        host.others.clear();
        auto const reply = host.runtime.on_request(host.now(), host.from(), subscribe(url));
        host.runtime.on_answered(host.now(), reply.subscribed.value(), true);
        host.obey();
        return *reply.subscribed;
    }
    void light(bool on)
    {
        host.power.state().set("Status", on);
        host.runtime.on_state_change(host.now(), switch_power);
        host.obey();
    }
    std::vector<subscription_change> changes() const
    {
        std::vector<subscription_change> all;
        for (auto const& note : of_kind<subscription_note>(host.others))
            all.push_back(note.change);
        return all;
    }

    lamp_host host;
};

TEST_F(runtime_events, GENA_14_accepted_renewed_and_cancelled_are_told)
{
    auto const id = subscribed().to_string();
    host.runtime.on_request(host.now(), host.from(),
                            request(http_method::subscribe, "/sp/event", {{"SID", id}}));
    host.runtime.on_request(host.now(), host.from(),
                            request(http_method::unsubscribe, "/sp/event", {{"SID", id}}));
    host.obey();
    auto const told = of_kind<subscription_note>(host.others);
    ASSERT_THAT(told, SizeIs(3));
    EXPECT_EQ(told[0].change, subscription_change::accepted);
    EXPECT_EQ(told[1].change, subscription_change::renewed);
    EXPECT_EQ(told[2].change, subscription_change::cancelled);
    for (auto const& note : told) {
        EXPECT_EQ(note.sid, id);
        EXPECT_EQ(note.service_type, type);
        EXPECT_EQ(note.peer, ip("192.168.20.9"));
    }
}

TEST_F(runtime_events, GENA_30_a_delivery_comes_out_of_drain_and_its_outcome_is_told)
{
    auto const id = subscribed();
    ASSERT_THAT(host.deliveries, SizeIs(1));
    host.settle(0);
    light(true);
    ASSERT_THAT(host.deliveries, SizeIs(2));
    host.settle(1, false);
    auto const told = of_kind<delivery_note>(host.others);
    ASSERT_THAT(told, SizeIs(2));
    EXPECT_TRUE(told[0].delivered);
    EXPECT_EQ(told[0].seq, 0U);
    EXPECT_EQ(told[0].sid, id.to_string());
    EXPECT_EQ(told[0].url, "http://192.168.20.9:50200/");
    EXPECT_FALSE(told[1].delivered);
    EXPECT_EQ(told[1].seq, 1U);
    EXPECT_EQ(told[1].why, "refused");
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::event_undelivered], 1U);
}

TEST_F(runtime_events, GENA_10_nothing_leaves_for_a_target_that_left_and_it_is_told)
{
    subscribed();
    host.settle(0);
    host.runtime.set_interfaces(host.now(), interface_table{{{.index = 2,
                                                              .name = "eth0",
                                                              .up = true,
                                                              .multicast = true,
                                                              .loopback = false,
                                                              .addresses = {{ip("10.8.0.1"), 24}}}}});
    light(true);
    host.pass(limits{}.eventing.segment_grace);
    EXPECT_THAT(host.deliveries, SizeIs(1)) << "only the initial one, of before";
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::event_target_left], 1U);
    ASSERT_FALSE(host.refusals.empty());
    EXPECT_EQ(host.refusals.back().interface_name, "eth0");
    EXPECT_EQ(host.refusals.back().peer, ip("192.168.20.9"));
    auto const changes = of_kind<subscription_note>(host.others);
    ASSERT_FALSE(changes.empty());
    EXPECT_EQ(changes.back().change, subscription_change::segment_left);
}

TEST_F(runtime_events, GENA_10_nothing_leaves_while_the_interfaces_are_yet_to_be_read_again)
{
    subscribed();
    host.settle(0);
    host.power.state().set("Status", true);
    host.runtime.on_state_change(host.now(), 0);
    EXPECT_THAT(of_kind<send_event>(host.runtime.drain(host.now(), false)), IsEmpty());
    EXPECT_TRUE(host.runtime.events().has_waiting_events());
    EXPECT_THAT(of_kind<send_event>(host.runtime.drain(host.now())), SizeIs(1));
    EXPECT_FALSE(host.runtime.events().has_waiting_events());
}

TEST_F(runtime_events, nothing_is_due_at_once_again_while_the_interfaces_are_yet_to_be_read_again)
{
    subscribed();
    host.settle(0);
    auto all = host.runtime.interfaces().all();
    all.front().addresses.push_back({ip("192.168.77.1"), 24});
    host.runtime.set_interfaces(host.now(), interface_table{all});
    host.power.state().set("Status", true);
    host.runtime.on_state_change(host.now(), 0);
    for (int turn = 0; turn < 3; ++turn) {
        (void)host.runtime.drain(host.now(), false);
        host.clock += limits{}.eventing.segment_grace;
        host.runtime.advance(host.now());
    }
    EXPECT_THAT(of_kind<send_event>(host.runtime.drain(host.now(), false)), IsEmpty());
    EXPECT_GT(host.runtime.next_deadline(), host.clock);
    EXPECT_THAT(of_kind<send_event>(host.runtime.drain(host.now())), SizeIs(1));
}

TEST_F(runtime_events, a_delivery_leaves_by_the_address_of_its_interface_and_family)
{
    host.runtime.set_interfaces(
        host.now(), interface_table{{{.index = 2,
                                      .name = "eth0",
                                      .up = true,
                                      .multicast = true,
                                      .loopback = false,
                                      .addresses = {{ip("192.168.20.5"), 24}, {ip("fe80::5"), 64}}}}});
    subscribed();
    ASSERT_THAT(host.paths, SizeIs(1));
    EXPECT_EQ(host.paths[0].from, ip("192.168.20.5"));
    EXPECT_EQ(host.paths[0].interface_name, "eth0");
    EXPECT_TRUE(host.paths[0].contained);
    EXPECT_FALSE(host.paths[0].to_this_host);
}

TEST_F(runtime_events, limits_eventing_max_queued_events_overflow_is_told)
{
    subscribed();
    bool on = false;
    for (std::size_t i = 0; i < limits{}.eventing.max_queued_events + 3; ++i)
        light(on = !on);
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::event_overflow], 3U);
}

TEST_F(runtime_events, GENA_43_limits_eventing_max_failures_a_dropped_subscriber_is_told)
{
    subscribed();
    bool on = false;
    for (unsigned i = 0; i < limits{}.eventing.max_failures; ++i) {
        host.settle(host.deliveries.size() - 1, false);
        light(on = !on);
        host.pass(limits{}.eventing.max_retry_pause);
    }
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::subscription_failing], 1U);
    EXPECT_THAT(changes(), Contains(subscription_change::dropped));
    EXPECT_EQ(host.runtime.events().subscriptions(), 0U);
}

TEST_F(runtime_events, the_snapshot_has_all_numbers_but_those_of_sockets)
{
    subscribed();
    auto const before = host.runtime.snapshot();
    EXPECT_EQ(before.root_devices, 1U);
    EXPECT_EQ(before.served_addresses, 1U);
    EXPECT_EQ(before.subscriptions, 1U);
    EXPECT_EQ(before.deliveries_under_way, 1U);
    EXPECT_EQ(before.events_delivered, 0U);
    host.runtime.on_delivery(host.now(), host.deliveries[0].number(), delivery_outcome::delivered(true));
    host.obey();
    light(true);
    light(false);
    auto const after = host.runtime.snapshot();
    EXPECT_EQ(after.events_delivered, 1U);
    EXPECT_EQ(after.deliveries_under_way, 1U);
    EXPECT_EQ(after.kept_connections, 0U) << "it is in use";
    EXPECT_EQ(after.queued_events, 1U);
    EXPECT_EQ(after.queued_bytes, host.deliveries[1].body()->size());
    EXPECT_EQ(after.refusals[refusal_reason::event_overflow], 0U);
    EXPECT_EQ(after.running_actions, 0U);
    EXPECT_EQ(after.running_transfers, 0U);
    EXPECT_EQ(after.connections, 0U);
}

TEST_F(runtime_events, GENA_44_a_kept_connection_that_is_of_no_more_use_is_to_be_closed)
{
    subscribed();
    auto const connection = host.deliveries[0].connection();
    host.runtime.on_delivery(host.now(), host.deliveries[0].number(), delivery_outcome::delivered(true));
    host.obey();
    host.pass(limits{}.eventing.kept_connection_idle);
    EXPECT_EQ(std::count_if(host.others.begin(), host.others.end(),
                            [&](action_item const& item) {
                                auto const* close = std::get_if<close_connection>(&item);
                                return close && close->which == connection;
                            }),
              1);
}

TEST_F(runtime_events, GENA_21_expiry_is_a_deadline_and_is_told)
{
    subscribed();
    host.settle(0);
    host.pass(1799s);
    EXPECT_EQ(host.runtime.events().subscriptions(), 1U);
    host.pass(1s);
    EXPECT_EQ(host.runtime.events().subscriptions(), 0U);
    EXPECT_THAT(changes(), Contains(subscription_change::expired));
}

// ---- Deadlines

TEST(device_runtime, next_deadline_is_the_earliest_of_all)
{
    lamp_host host;
    EXPECT_EQ(host.runtime.next_deadline(), std::nullopt) << "nothing before start";
    host.start_and_settle();
    auto const refresh = host.runtime.next_deadline();
    ASSERT_TRUE(refresh);
    EXPECT_GT(*refresh, host.clock + 400s);
    EXPECT_LT(*refresh, host.clock + 900s);

    auto const reply = host.runtime.on_request(host.now(), host.from(), subscribe());
    EXPECT_EQ(host.runtime.next_deadline(), refresh) << "a subscription of 1800 s ends later";
    host.datagram(search("upnp:rootdevice", "5"));
    auto const answer = host.runtime.next_deadline();
    ASSERT_TRUE(answer);
    EXPECT_LE(*answer, host.clock + 5s);
    host.pass(5s);
    EXPECT_EQ(host.runtime.next_deadline(), refresh);
}

TEST(device_runtime, N_55_SSDP_28_refreshes_go_on_by_themselves)
{
    lamp_host host;
    host.start_and_settle();
    host.pass(3600s);
    EXPECT_GE(host.sent.size(), 4 * set_size);
    EXPECT_EQ(host.sent.size() % set_size, 0U);
}

// ---- The end

std::size_t count_nts(lamp_host const& host, std::string const& nts)
{
    auto const all = host.sent_bytes();
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](std::string const& bytes) {
        return bytes.find("\r\nNTS: " + nts + "\r\n") != bytes.npos;
    }));
}

TEST(device_runtime, SSDP_30_stop_says_byebye_for_the_whole_set)
{
    lamp_host host;
    host.start();
    host.pass(3s);
    std::set<std::string> alive;
    for (auto const& bytes : host.sent_bytes())
        alive.insert(line(bytes, "USN") + line(bytes, "NT"));
    host.sent.clear();
    host.runtime.stop(host.now());
    host.obey();
    host.pass(1s);
    EXPECT_TRUE(host.runtime.stopped());
    std::multiset<std::string> byebye;
    for (auto const& bytes : host.sent_bytes()) {
        EXPECT_EQ(line(bytes, "NTS"), "NTS: ssdp:byebye");
        byebye.insert(line(bytes, "USN") + line(bytes, "NT"));
    }
    EXPECT_EQ(byebye, (std::multiset<std::string>{alive.begin(), alive.end()}));
}

TEST(device_runtime, SSDP_33_byebyes_are_equal_on_all_interfaces)
{
    lamp_host host;
    host.runtime.set_interfaces(host.now(), two_segments());
    host.start_at(two_served());
    host.pass(3s);
    host.sent.clear();
    host.runtime.stop(host.now());
    host.obey();
    host.pass(1s);
    std::map<unsigned, std::multiset<std::string>> by_interface;
    for (auto const& [when, what] : host.sent)
        by_interface[what.interface_index].insert(what.bytes);
    EXPECT_THAT(by_interface[2], SizeIs(set_size));
    EXPECT_EQ(by_interface[2], by_interface[3]);
}

TEST(device_runtime, SSDP_30_without_an_alive_there_is_no_byebye)
{
    lamp_host never_started;
    never_started.runtime.stop(never_started.now());
    never_started.obey();
    EXPECT_TRUE(never_started.runtime.stopped());
    EXPECT_THAT(never_started.sent, IsEmpty());
}

TEST(device_runtime, SSDP_30_stopping_again_says_nothing_more)
{
    lamp_host host;
    host.start_and_settle();
    for (int i = 0; i < 2; ++i) {
        host.runtime.stop(host.now());
        host.obey();
        host.pass(1s);
    }
    EXPECT_EQ(count_nts(host, "ssdp:byebye"), set_size);
}

TEST(device_runtime, SSDP_30_who_leaves_does_not_say_where_it_can_be_found)
{
    lamp_host host;
    host.start_and_settle();
    host.datagram(search("ssdp:all", "5"), "192.168.20.9", 50001);
    host.runtime.stop(host.now());
    host.obey();
    host.datagram(search("ssdp:all", "5"), "192.168.20.9", 50002); // after the byebyes
    host.pass(10s);
    EXPECT_EQ(host.sent.size(), set_size) << "the byebyes, and no answer";
    EXPECT_EQ(count_nts(host, "ssdp:byebye"), set_size);
}

TEST(device_runtime, SSDP_30_there_is_no_refresh_after_the_end)
{
    lamp_host host;
    host.start_and_settle();
    host.runtime.stop(host.now());
    host.obey();
    host.pass(4h);
    EXPECT_EQ(count_nts(host, "ssdp:alive"), 0U);
}

} // namespace
} // namespace onlink
