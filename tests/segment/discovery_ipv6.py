# SPDX-License-Identifier: BSL-1.0
"""Discovery over IPv6 and beside IPv4 (UDA 2.0, Annex A): which addresses, which groups, and what is said there."""

import collections
import ipaddress
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import capture
import control_point
import scenario
import segment
from capture import ALIVE, ANSWER, BYEBYE, SET
from control_point import GROUP, LINK_GROUP, SITE_GROUP

OPT = '"http://schemas.upnp.org/upnp/1/0/"; ns=01'

IPV4, NEAR_IPV4 = "192.168.20.5", "192.168.20.9"
UNIQUE, NEAR_UNIQUE = "fd00:20::5", "fd00:20::9"
GLOBAL, NEAR_GLOBAL = "2001:db8:20::5", "2001:db8:20::9"


def is_link_local(address):
    return ipaddress.ip_address(address).is_link_local


class OverIpv6(capture.Captured):
    """near and device on a LAN, with these addresses besides the link-local ones."""

    OF_DEVICE, OF_NEAR = (), ()

    @classmethod
    def make(cls, network):
        cls.lan = network.lan("lan")
        for name in ("device", "near"):
            network.host(name)
        network.plug(network.device, cls.lan, *cls.OF_DEVICE)
        network.plug(network.near, cls.lan, *cls.OF_NEAR)
        cls.link, cls.near_link = (network.link_local(host) for host in (network.device, network.near))
        network.device.address, network.near.address = cls.link, cls.near_link

    def group_of(self, source):
        if ":" not in source:
            return GROUP
        return LINK_GROUP if is_link_local(source) else SITE_GROUP

    def assert_announced_at(self, *sources):
        """The sets come from exactly these addresses, each message as its address and group want it."""
        self.assert_sets(self.said(ALIVE), SET, capture.ROUNDS, sources)
        for message in self.said(ALIVE):
            group = self.group_of(message.source)
            location = control_point.at_address(self.light.location, message.source)
            self.assertEqual(message.location, location)
            self.assertNotIn("%", message.location)
            self.assertEqual(message.packet.target, group)
            self.assertEqual(message.packet.ports, (1900, 1900))
            self.assertEqual(message.packet.hops, 10 if group == SITE_GROUP else 2)
            self.assertEqual(message.headers["host"], {GROUP: "239.255.255.250:1900", LINK_GROUP: "[FF02::C]:1900",
                                                       SITE_GROUP: "[FF05::C]:1900"}[group])
            if group == GROUP:
                self.assertFalse({"opt", "01-nls"} & set(message.headers))
            else:
                self.assertEqual(message.headers["opt"], OPT)
                self.assertTrue(message.headers["01-nls"])

    def assert_no_other_group(self):
        """IP-17: neither of SSDP nor of its port."""
        groups = {p.target for p in self.witness.seen(lambda p: p.host == "device" and p.outgoing and
                                                      p.protocol == "udp" and 1900 in p.ports)
                  if ipaddress.ip_address(p.target).is_multicast}
        self.assertTrue(groups)
        self.assertLessEqual(groups, {GROUP, LINK_GROUP, SITE_GROUP})

    def assert_answered_from(self, address, to, source):
        """A search from one of near's addresses: one whole set of answers, all from that address of the device."""
        answers = control_point.search(self.near, "ssdp:all", to=(to, 1900), source=source, enough=len(SET))
        self.assertEqual(collections.Counter(a.headers["usn"] for a in answers), dict.fromkeys(SET, 1), (to, source))
        for answer in answers:
            self.assertEqual(answer.sender[0].split("%")[0], address, (to, source))
            self.assertEqual(answer.headers["location"], control_point.at_address(self.light.location, address))
            if ":" in address:
                self.assertEqual(answer.headers["opt"], OPT)
                self.assertIn("01-nls", answer.headers)


class Ipv6Only(OverIpv6):
    """No IPv4 at all: link-local addresses alone."""

    def test_the_set_goes_to_the_link_group_with_the_link_local_location(self):
        self.start_quietly()
        self.assertEqual(self.device_addresses, {self.link})
        self.assertTrue(self.light.location.startswith(f"http://[{self.link}]:"))
        self.assert_announced_at(self.link)
        self.assert_no_other_group()
        self.light.stop()
        self.assert_sets(self.said(BYEBYE), SET, 1, [self.link])
        for message in self.said(BYEBYE):
            self.assertEqual(message.headers["host"], "[FF02::C]:1900")
            self.assertEqual(message.headers["opt"], OPT)

    def test_searches_are_answered_by_group_and_by_address(self):
        self.start_light()
        for to in (LINK_GROUP, self.link):
            self.assert_answered_from(self.link, to, self.near_link)

    def test_description_control_and_events(self):
        self.start_light()
        self.assertEqual(self.root.udn, capture.udn())
        server = self.start_events(self.near)
        sid = self.assert_admitted(server)
        for value in ("1", "0"):
            self.set_target(value)
            self.assertEqual(self.status(), value)
        self.assertEqual([(e.seq, e.properties) for e in server.wait_for(3)],
                         [(0, {"Status": "0"}), (1, {"Status": "1"}), (2, {"Status": "0"})])
        self.assertEqual({e.sid for e in server.wait_for(3)}, {sid})

    def test_unasked_it_is_served_too(self):
        self.start_quietly(interfaces=[])
        self.assert_announced_at(self.link)


class Ipv6Scopes(OverIpv6):
    """With a unique local and a global address, and without IPv4."""

    OF_DEVICE, OF_NEAR = (f"{UNIQUE}/64", f"{GLOBAL}/64"), (f"{NEAR_UNIQUE}/64", f"{NEAR_GLOBAL}/64")

    def test_each_address_announces_itself_in_the_group_of_its_scope(self):
        self.start_quietly()
        self.assert_announced_at(self.link, UNIQUE, GLOBAL)
        self.assert_no_other_group()

    def test_each_location_works(self):
        self.start_quietly()
        for location in {m.location for m in self.said(ALIVE)}:
            self.assertEqual(control_point.describe(self.near, location).udn, capture.udn())


class BothFamilies(OverIpv6):
    """IPv4, link-local, unique local and global: the host of IP-19."""

    OF_DEVICE = (f"{IPV4}/24", f"{UNIQUE}/64", f"{GLOBAL}/64")
    OF_NEAR = (f"{NEAR_IPV4}/24", f"{NEAR_UNIQUE}/64", f"{NEAR_GLOBAL}/64")

    def all(self):
        return (IPV4, self.link, UNIQUE, GLOBAL)

    def test_four_copies_of_each_message(self):  # IP-19
        self.start_quietly()
        self.assert_announced_at(*self.all())
        self.assert_no_other_group()
        self.light.stop()
        self.assert_sets(self.said(BYEBYE), SET, 1, self.all())
        self.assert_no_other_group()

    def test_the_copies_of_a_message_start_together(self):  # IP-21
        """UDA 2.0, A.2.3: nothing is sent between them. The clock is no judge here: a busy machine may stop anyone for
        longer than the 20 ms that are granted."""
        for options in ((), ("--embedded", "20"), ("--root-devices", "10")):
            self.witness.forget()
            self.start_quietly(*options)
            self.light.stop()
            messages = self.said(ALIVE, BYEBYE)
            for first in range(0, len(messages), 4):
                copies = messages[first:first + 4]
                self.assertEqual(len({(m.kind, m.usn) for m in copies}), 1, copies)
                self.assertEqual({m.source for m in copies}, set(self.all()), copies)
            spreads = capture.spreads(messages)
            self.assertEqual({count for _, count in spreads}, {4})
            between = [seconds for seconds, _ in spreads]
            capture.figure(f"copies of {len(spreads)} messages {options}: apart by at most "
                           f"{1000 * max(between):.2f} ms, "
                           f"{1000 * sorted(between)[len(between) // 2]:.3f} ms in the middle")

    def test_a_search_is_answered_from_the_address_that_fits_the_searcher(self):  # IP-20, IP-28
        self.start_light()
        for to, source, own in ((GROUP, NEAR_IPV4, IPV4), (LINK_GROUP, self.near_link, self.link),
                                (LINK_GROUP, NEAR_UNIQUE, UNIQUE), (LINK_GROUP, NEAR_GLOBAL, GLOBAL),
                                (SITE_GROUP, self.near_link, self.link),
                                (SITE_GROUP, NEAR_UNIQUE, UNIQUE), (SITE_GROUP, NEAR_GLOBAL, GLOBAL)):
            with self.subTest(f"{source} asks {to}"):
                self.assert_answered_from(own, to, source)

    def test_who_is_asked_at_an_address_answers_from_it(self):  # IP-27
        self.start_light()
        for address, source in ((IPV4, NEAR_IPV4), (self.link, self.near_link), (UNIQUE, NEAR_UNIQUE),
                                (GLOBAL, NEAR_GLOBAL), (GLOBAL, NEAR_UNIQUE), (UNIQUE, NEAR_GLOBAL)):
            with self.subTest(f"{source} asks {address}"):
                self.assert_answered_from(address, address, source)

    def test_the_host_field_may_be_written_in_small_letters(self):
        self.start_light()
        message = control_point.search_message("upnp:rootdevice", 1, "[ff02::c]:1900")
        endpoint = self.enterContext(control_point.start_search(self.near, message, (LINK_GROUP, 1900)))
        self.assertEqual(len(control_point.collect([endpoint], time.monotonic(), 1.3, enough=1)), 1)

    def test_ipv4_only(self):
        self.near.address = NEAR_IPV4
        self.addCleanup(setattr, self.near, "address", self.near_link)
        self.start_quietly("--ipv4-only")
        self.assert_announced_at(IPV4)
        for to, source in ((LINK_GROUP, self.near_link), (SITE_GROUP, NEAR_UNIQUE), (UNIQUE, NEAR_UNIQUE)):
            self.assertEqual(control_point.search(self.near, "upnp:rootdevice", to=(to, 1900), source=source), [])
        self.assert_answered_from(IPV4, GROUP, NEAR_IPV4)
        with self.assertRaises(OSError):
            self.near.connect((UNIQUE, segment.HTTP_PORT), timeout=1).close()

    def test_ipv6_only(self):
        self.start_quietly("--ipv6-only")
        self.assert_announced_at(self.link, UNIQUE, GLOBAL)
        self.assertEqual(control_point.search(self.near, "upnp:rootdevice", source=NEAR_IPV4), [])
        self.assert_answered_from(self.link, LINK_GROUP, self.near_link)
        with self.assertRaises(OSError):
            self.near.connect((IPV4, segment.HTTP_PORT), timeout=1).close()


class ManyPrefixes(OverIpv6):
    """A neighbour advertises prefixes without end; the interface has an address in each."""

    OF_DEVICE, OF_NEAR = (f"{IPV4}/24",), (f"{NEAR_IPV4}/24",)
    MOST = 8  # limits::interfaces::max_served_addresses

    def setUp(self):
        super().setUp()
        self.addCleanup(self.forget_prefixes)

    def forget_prefixes(self):
        for address in self.network.addresses(self.device, "seg0"):
            if address.startswith(("fd", "2001:")):
                self.network.ip(self.device, f"address delete {address}/64 dev seg0")

    def add_prefixes(self, *numbers):
        for number in numbers:
            self.network.give(self.device, "seg0", f"fd00:{number:x}::5/64")

    def test_only_so_many_are_announced(self):
        self.add_prefixes(*range(1, 13))
        self.start_quietly()
        sources = {m.source for m in self.said(ALIVE)}
        self.assertEqual(len(sources), self.MOST)
        self.assertLess({IPV4, self.link}, sources)
        self.assert_announced_at(*sources)
        self.assert_answered_from(IPV4, GROUP, NEAR_IPV4)

    def test_beyond_that_further_ones_are_no_news(self):
        self.add_prefixes(*range(1, 13))
        self.start_quietly()
        self.witness.forget()
        self.add_prefixes(13, 14, 15, 16)
        time.sleep(capture.FOR_A_CHANGE_TO_SHOW)
        self.assertEqual(self.said(), [])

    def test_they_do_not_crowd_the_link_local_address_out(self):
        """Also where there are more than limits::interfaces::max_addresses: the system lists that one last."""
        self.add_prefixes(*range(1, 41))
        self.start_quietly()
        self.assertLess({IPV4, self.link}, {m.source for m in self.said(ALIVE)})


class ManyRoutes(OverIpv6):
    """A neighbour advertises prefixes as on-link, and the system lists their routes before those of our addresses."""

    OF_DEVICE, OF_NEAR = (f"{UNIQUE}/64",), (f"{NEAR_UNIQUE}/64",)
    PREFIXES = 80  # more than limits::interfaces::max_routes

    def test_link_local_and_unique_local_neighbours_stay_on_the_segment(self):
        for number in range(1, self.PREFIXES + 1):
            self.network.ip(self.device, f"-6 route add 2001:db8:{number:x}::/64 dev seg0")
        self.start_light()
        self.assert_answered_from(self.link, LINK_GROUP, self.near_link)
        self.assert_answered_from(UNIQUE, SITE_GROUP, NEAR_UNIQUE)
        self.assert_admitted(self.start_events(self.near))


class PassingAddresses(OverIpv6):
    """Addresses that are not to be told: temporary, deprecated, tentative, or of a transition mechanism."""

    OF_DEVICE, OF_NEAR = (f"{UNIQUE}/64",), (f"{NEAR_UNIQUE}/64",)
    TRANSITIONAL = ("2002:c0a8:1405::1/48", "2001:0:c0a8:1405::1/64", "2001:db8:33::5efe:c0a8:1405/64",
                    "2001:db8:34::200:5efe:c0a8:1405/64", "fe80::5efe:c0a8:1405/64")

    @classmethod
    def make(cls, network):
        super().make(network)
        device = network.device
        for address in cls.TRANSITIONAL:
            network.give(device, "seg0", address)
        network.ip(device, "address add 2001:db8:35::5/64 nodad preferred_lft 0 dev seg0")
        network.set(device, net__ipv6__conf__seg0__use_tempaddr=2)
        network.ip(device, "address add 2001:db8:36::5/64 nodad mngtmpaddr dev seg0")
        network.set(device, net__ipv6__conf__seg0__accept_dad=1, net__ipv6__conf__seg0__dad_transmits=1000)
        network.ip(device, "address add 2001:db8:37::5/64 dev seg0")

    def test_the_passing_addresses_are_there(self):
        link, = json.loads(self.network.ip(self.device, "-json -6 address show dev seg0"))
        given = link["addr_info"]
        self.assertEqual([e["local"] for e in given if e.get("tentative")], ["2001:db8:37::5"])
        self.assertEqual([e["local"] for e in given if e.get("deprecated")], ["2001:db8:35::5"])
        self.assertEqual(len([e for e in given if e.get("temporary")]), 1)

    def test_they_are_not_announced(self):
        self.start_quietly()
        self.assert_announced_at(self.link, UNIQUE, "2001:db8:36::5")
        self.assert_no_other_group()

    def test_nor_do_their_locations_appear_in_answers(self):
        self.start_light()
        for to in (LINK_GROUP, SITE_GROUP):
            for answer in control_point.search(self.near, "ssdp:all", to=(to, 1900), source=NEAR_UNIQUE, enough=len(SET)):
                self.assertEqual(answer.sender[0], UNIQUE)
                self.assertEqual(answer.headers["location"], control_point.at_address(self.light.location, UNIQUE))
        self.assertEqual({m.source for m in self.said(ANSWER)}, {UNIQUE})


if __name__ == "__main__":
    scenario.main()
