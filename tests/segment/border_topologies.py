# SPDX-License-Identifier: BSL-1.0
"""What counts as on the segment, in networks of many forms: whom the device serves there, and whom never.

The witness sees every packet of every host. A refused delivery URL names a port that nothing else uses, so a single
packet for it, anywhere, is seen.
"""

import pathlib
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import border
import control_point
import light
import networks
import scenario
import segment
from border import BROADCAST, LOOPBACK, MULTICAST, NOT_PRIVATE, OFF_SEGMENT, OTHER_HOST, OWN, RESERVED

HTTP = segment.HTTP_PORT


def is_answered(host, address, timeout=1.2):
    """Whether an HTTP request to the device gets as much as one byte of an answer."""
    try:
        with host.connect((address, HTTP), timeout=timeout) as connection:
            connection.sendall(f"GET / HTTP/1.1\r\nHOST: {control_point.in_url(address)}:{HTTP}\r\n\r\n".encode())
            return connection.recv(100) != b""
    except OSError:
        return False


def is_systems_refusal(packet):
    """What the kernel says of a port that nobody listens on."""
    return packet.flags & networks.RST or packet.protocol in ("icmp", "icmpv6")


class OnTwoLans(border.Border):
    """One device on two LANs; a router joins them, and leads to a host far away.

        near .9, device .5, router .1 --- 192.168.20.0/24
        other .9, device .5, router .1 --- 192.168.30.0/24
        far 198.51.100.7, router .1
    """

    @classmethod
    def make(cls, network):
        for name, address in (("device", "192.168.20.5"), ("near", "192.168.20.9"), ("other", "192.168.30.9"),
                              ("router", "192.168.20.1"), ("far", "198.51.100.7")):
            network.host(name, address)
        first, second = network.lan("first"), network.lan("second")
        network.plug(network.device, first, "192.168.20.5/24", "fd00:20::5/64")
        network.plug(network.device, second, "192.168.30.5/24", "fd00:30::5/64", interface="seg1")
        network.plug(network.near, first, "192.168.20.9/24", "fd00:20::9/64")
        network.plug(network.other, second, "192.168.30.9/24", "fd00:30::9/64")
        network.plug(network.router, first, "192.168.20.1/24")
        network.plug(network.router, second, "192.168.30.1/24", interface="seg1")
        network.wire(network.router, "far", network.far, "seg0")
        network.give(network.router, "far", "198.51.100.1/24")
        network.give(network.far, "seg0", "198.51.100.7/24")
        network.forward(network.router)
        network.ip(network.device, "route add default via 192.168.20.1")
        network.ip(network.device, "route add 172.16.9.0/24 via 192.168.20.1")
        network.ip(network.device, "route add blackhole 172.16.10.0/24")
        network.ip(network.near, "route add default via 192.168.20.1")
        network.ip(network.other, "route add default via 192.168.30.1")
        network.ip(network.far, "route add default via 198.51.100.1")
        for host in (network.device, network.router):
            network.believe_anything(host)
        network.forward(network.device)  # adversarial: a device that would even route

    def setUp(self):
        super().setUp()
        self.start_light(interfaces=["seg0", "seg1"])


class TwoLans(OnTwoLans):
    def test_each_lan_gets_its_events(self):
        self.assert_admitted(self.start_events(self.near))
        self.assert_admitted(self.start_events(self.network.other), self.network.other, at="192.168.30.5")
        self.assertEqual(self.light.location_on("seg1"),
                         control_point.at_address(self.light.location, "192.168.30.5"))

    def test_on_one_lan_nothing_of_the_others_is_admitted(self):
        self.assert_all_refused({
            "198.51.100.7": OFF_SEGMENT, "192.168.30.9": OFF_SEGMENT, "192.168.30.1": OFF_SEGMENT,
            "172.16.9.9": OFF_SEGMENT, "172.16.10.9": OFF_SEGMENT, "203.0.113.9": OFF_SEGMENT,
            "192.168.21.9": OFF_SEGMENT, "192.168.30.255": OFF_SEGMENT, "::ffff:192.168.30.9": OFF_SEGMENT,
            "192.168.20.5": OWN, "192.168.30.5": OWN, "127.0.0.1": LOOPBACK, "127.0.0.53": LOOPBACK, "::1": LOOPBACK,
            "192.168.20.255": BROADCAST, "192.168.20.0": BROADCAST, "255.255.255.255": BROADCAST,
            "239.255.255.250": MULTICAST, "0.0.0.0": RESERVED, "0.0.0.9": RESERVED, "250.0.0.9": RESERVED})
        self.assertEqual(self.heard_by("other", "far"), [])

    def test_on_the_other_lan_neither(self):
        self.assert_all_refused({
            "198.51.100.7": OFF_SEGMENT, "192.168.20.9": OFF_SEGMENT, "192.168.20.5": OWN, "192.168.30.5": OWN,
            "192.168.30.255": BROADCAST, "192.168.20.255": OFF_SEGMENT}, self.network.other, at="192.168.30.5")
        # near has fetched the description.
        self.assertEqual(self.heard_by("near", "far", but=lambda p: p.host == "near" and p.ports[0] == HTTP), [])

    def test_a_subscription_of_one_lan_is_no_business_of_the_other(self):
        sid = self.assert_admitted(self.start_events(self.near))
        there = control_point.at_address(self.switch.event_url, "192.168.30.5")
        for method in (control_point.renew, control_point.unsubscribe):
            self.assertEqual(method(self.network.other, there, sid).status, 412)
        self.assertEqual(control_point.unsubscribe(self.near, self.switch.event_url, sid).status, 200)

    def test_the_witness_sees_what_the_device_sends_beyond(self):
        far = self.enterContext(self.network.far.listen())
        with self.device.connect(far.getsockname()):
            pass
        segment.wait_until(lambda: self.heard_by("router"), "the router is seen to forward")
        segment.wait_until(lambda: self.heard_by("far"), "the far host is seen to receive")


class WrongWayIn(OnTwoLans):
    """Packets for the address on one LAN that come in from the other, or from beyond: the weak host model would take
    them. The device forwards and believes any source, so only its sockets can tell."""

    @classmethod
    def make(cls, network):
        super().make(network)
        network.ip(network.other, "route add 192.168.20.5 via 192.168.30.5")
        network.ip(network.other, "-6 route add fd00:20::5 via fd00:30::5")
        # What comes from far for 192.168.20.5 is handed to the device on its other LAN.
        network.ip(network.router, "route add 192.168.20.5 via 192.168.30.5")

    def test_the_way_in_works_for_a_socket_that_does_not_care(self):
        listener = self.enterContext(self.device.listen())
        for host in (self.network.other, self.network.far):
            with host.connect(listener.getsockname(), timeout=2):
                pass
        by_ipv6 = self.enterContext(self.device.listen(address="fd00:20::5"))
        with self.network.other.connect(by_ipv6.getsockname(), timeout=2):
            pass

    def test_no_request_is_answered(self):
        self.assertTrue(is_answered(self.near, "192.168.20.5", timeout=5))
        for host in (self.network.other, self.network.far):
            self.assertFalse(is_answered(host, "192.168.20.5"), host.name)
        self.assertTrue(is_answered(self.near, "fd00:20::5", timeout=5))
        self.assertFalse(is_answered(self.network.other, "fd00:20::5"))
        self.assertEqual(self.heard_by("other", "far", but=is_systems_refusal), [])

    def test_no_search_is_answered(self):
        self.assertTrue(control_point.search(self.near, "upnp:rootdevice", to=("192.168.20.5", 1900), enough=1))
        for host in (self.network.other, self.network.far):
            endpoint = self.enterContext(host.socket(socket.SOCK_DGRAM))
            endpoint.bind((host.address, 0))
            message = control_point.search_message("upnp:rootdevice", None, "192.168.20.5:1900")
            endpoint.sendto(message, ("192.168.20.5", 1900))
        time.sleep(border.FOR_A_NOTIFY_TO_SHOW)
        self.assertEqual(self.heard_by("other", "far", but=is_systems_refusal), [])

    def test_a_search_over_the_group_is_answered_on_its_own_lan_only(self):
        answers = control_point.search(self.network.other, "upnp:rootdevice", enough=1)
        self.assertEqual({a.headers["location"] for a in answers}, {self.light.location_on("seg1")})


class SecondaryAddress(border.Border):
    """Two networks on one cable: the device has an address in each."""

    @classmethod
    def make(cls, network):
        lan = network.lan("lan")
        network.host("device", "192.168.20.5")
        network.host("near", "192.168.20.9")
        network.host("second", "10.1.1.9")
        network.plug(network.device, lan, "192.168.20.5/24", "10.1.1.5/24", "10.1.1.6/24")
        network.plug(network.near, lan, "192.168.20.9/24")
        network.plug(network.second, lan, "10.1.1.9/24")
        network.ip(network.second, "route add 192.168.20.0/24 dev seg0")
        network.ip(network.near, "route add 10.1.1.0/24 dev seg0")
        network.ip(network.device, "route add default via 192.168.20.1")

    def setUp(self):
        super().setUp()
        self.start_light()

    def test_hosts_of_both_networks_are_served(self):
        for host in (self.near, self.network.second):
            self.assert_admitted(self.start_events(host), host)
            self.assertTrue(control_point.search(host, "upnp:rootdevice", to=("192.168.20.5", 1900), enough=1))

    def test_events_leave_from_the_address_of_the_same_network(self):
        server = self.start_events(self.network.second)
        self.assert_admitted(server)
        self.assertEqual({p.source for p in self.witness.seen(lambda p: p.host == "second" and not p.outgoing
                                                              and p.ports[1] == server.port)}, {"10.1.1.5"})

    def test_neither_network_has_more_hosts_than_it_has(self):
        self.assert_all_refused({
            "10.1.2.9": OFF_SEGMENT, "10.1.0.255": OFF_SEGMENT, "10.9.1.9": OFF_SEGMENT, "198.51.100.7": OFF_SEGMENT,
            "10.1.1.0": BROADCAST, "10.1.1.255": BROADCAST, "10.1.1.5": OWN, "10.1.1.6": OWN, "192.168.20.5": OWN})


class HostAddress(border.Border):
    """An address without a network, 192.168.20.5/32, as hosters give it; the router is reached by a route."""

    @classmethod
    def make(cls, network):
        lan = network.lan("lan")
        for name, address in (("device", "192.168.20.5"), ("near", "192.168.20.9"), ("router", "192.168.20.1")):
            network.host(name, address)
        network.plug(network.device, lan, "192.168.20.5/32")
        network.plug(network.near, lan, "192.168.20.9/24")
        network.plug(network.router, lan, "192.168.20.1/24")
        network.ip(network.device, "route add 192.168.20.1 dev seg0")
        network.ip(network.device, "route add default via 192.168.20.1")

    def setUp(self):
        super().setUp()
        self.near = self.network.router  # the only neighbour

    def test_only_the_host_that_a_route_names_is_a_neighbour(self):
        self.start_light()
        self.assert_admitted(self.start_events(self.near))
        self.assert_all_refused({"192.168.20.9": OFF_SEGMENT, "192.168.20.4": OFF_SEGMENT, "192.168.20.6": OFF_SEGMENT,
                                 "192.168.20.255": OFF_SEGMENT, "8.8.8.8": OFF_SEGMENT, "192.168.20.5": OWN})

    def test_others_get_no_answer(self):
        self.start_light()
        self.assertFalse(is_answered(self.network.near, "192.168.20.5"))
        self.assertEqual(control_point.search(self.network.near, "ssdp:all"), [])
        self.assertEqual(control_point.search(self.network.near, "ssdp:all", to=("192.168.20.5", 1900)), [])
        self.light.wait_for(r"refused search from 192\.168\.20\.9 .*segment.*")

    def test_alone_it_is_a_segment_of_one(self):
        self.network.ip(self.device, "route delete 192.168.20.1 dev seg0")
        self.addCleanup(self.network.ip, self.device, "route replace 192.168.20.1 dev seg0")
        started = self.enterContext(light.Light(self.network))
        self.light = started
        for host in (self.network.near, self.network.router):
            self.assertFalse(is_answered(host, "192.168.20.5"), host.name)
        started.wait_for(r"exposed control at 192\.168\.20\.5:\d+ on seg0 for 192\.168\.20\.5/32.*")


class PointToPoint(border.Border):
    """A cable between two hosts, each with the other's address as its peer."""

    @classmethod
    def make(cls, network):
        for name, address in (("device", "10.9.0.5"), ("near", "10.9.0.9")):
            network.host(name, address)
        network.wire(network.device, "seg0", network.near, "seg0")
        network.ip(network.device, "address add 10.9.0.5 peer 10.9.0.9 dev seg0")
        network.ip(network.near, "address add 10.9.0.9 peer 10.9.0.5 dev seg0")
        network.ip(network.near, "address add 10.9.1.7/32 dev seg0")
        network.ip(network.device, "route add 10.9.1.0/24 via 10.9.0.9")
        network.ip(network.device, "route add default via 10.9.0.9")

    def test_the_other_end_and_nobody_else(self):
        self.start_light()
        self.assert_admitted(self.start_events(self.near))
        self.assert_all_refused({"10.9.0.8": OFF_SEGMENT, "10.9.0.4": OFF_SEGMENT, "10.9.1.7": OFF_SEGMENT,
                                 "10.9.0.255": OFF_SEGMENT, "8.8.8.8": OFF_SEGMENT, "10.9.0.5": OWN})


class Tunnel(border.Border):
    """A tunnel like WireGuard's, which takes the default route away by its two halves; and a LAN beside it."""

    @classmethod
    def make(cls, network):
        for name, address, interface in (("device", "10.66.0.2", "tun0"), ("near", "10.66.0.1", "tun0"),
                                         ("local", "192.168.20.9", "seg0")):
            network.host(name, address, interface)
        lan = network.lan("lan")
        network.plug(network.device, lan, "192.168.20.5/24")
        network.plug(network.local, lan, "192.168.20.9/24")
        network.tunnel(network.device, network.near)
        network.give(network.device, "tun0", "10.66.0.2/24")
        network.give(network.near, "tun0", "10.66.0.1/24")
        network.ip(network.device, "route add 0.0.0.0/1 dev tun0")
        network.ip(network.device, "route add 128.0.0.0/1 dev tun0")

    def test_it_is_not_served_unless_it_is_named(self):
        self.near = self.network.local
        self.start_light(interfaces=[])
        self.assertIsNone(self.light.find(r"on tun0 .*"))
        self.assertFalse(is_answered(self.network.near, "10.66.0.2"))
        self.assert_admitted(self.start_events(self.network.local))
        self.assert_all_refused({"10.66.0.1": OFF_SEGMENT, "8.8.8.8": OFF_SEGMENT, "10.66.0.2": OWN})
        self.assertEqual(self.heard_by("near", but=lambda p: p.flags & networks.RST), [])

    def test_named_it_is_served_to_its_prefix_and_not_to_the_world(self):
        self.start_light()
        self.assert_admitted(self.start_events(self.near))
        self.assert_all_refused({"8.8.8.8": OFF_SEGMENT, "198.51.100.7": OFF_SEGMENT, "10.66.1.9": OFF_SEGMENT,
                                 "192.168.20.9": OFF_SEGMENT, "10.66.0.255": BROADCAST, "10.66.0.2": OWN,
                                 "192.168.20.5": OWN})


class OnLinkRoutes(border.Border):
    """Networks that are on the cable by a route alone; some that look so, and are not."""

    @classmethod
    def make(cls, network):
        lan = network.lan("lan")
        for name, address in (("device", "192.168.20.5"), ("near", "192.168.20.9")):
            network.host(name, address)
        network.plug(network.device, lan, "192.168.20.5/24")
        network.plug(network.near, lan, "192.168.20.9/24", "172.16.9.9/24", "203.0.113.9/24")
        for route in ("172.16.9.0/24 dev seg0", "203.0.113.0/24 dev seg0", "default dev seg0",
                      "128.0.0.0/2 dev seg0", "172.16.10.0/24 via 192.168.20.9", "prohibit 172.16.11.0/24",
                      "172.16.12.0/24 nexthop via 192.168.20.9 nexthop via 192.168.20.8"):
            network.ip(network.device, f"route add {route}")

    def setUp(self):
        super().setUp()
        self.start_light()

    def test_a_network_on_the_cable_is_on_the_segment(self):
        for address in ("192.168.20.9", "172.16.9.9"):
            self.assert_admitted(self.start_events(self.near, address))

    def test_routes_by_a_gateway_and_to_everywhere_add_nothing(self):
        self.assert_all_refused({
            "8.8.8.8": OFF_SEGMENT, "150.0.0.9": OFF_SEGMENT, "172.16.10.9": OFF_SEGMENT, "172.16.11.9": OFF_SEGMENT,
            "172.16.12.9": OFF_SEGMENT, "172.16.9.255": BROADCAST, "172.16.9.0": BROADCAST})

    def test_a_public_network_on_the_cable_is_not_for_a_private_address(self):
        self.assert_all_refused({"203.0.113.9": NOT_PRIVATE})


class Ipv6(border.Border):
    """Both families on one LAN, and a host beyond the router."""

    NEAR = ("fd00:20::9", "2001:db8:20::9")
    DEVICE = ("fd00:20::5", "2001:db8:20::5")

    @classmethod
    def make(cls, network):
        lan = network.lan("lan")
        for name, address in (("device", "192.168.20.5"), ("near", "192.168.20.9"), ("near2", "192.168.20.10"),
                              ("router", "192.168.20.1"), ("far", "198.51.100.7")):
            network.host(name, address)
        for host, end in ((network.device, 5), (network.near, 9), (network.near2, 10), (network.router, 1)):
            network.plug(host, lan, f"192.168.20.{end}/24", f"fd00:20::{end}/64", f"2001:db8:20::{end}/64")
        network.wire(network.router, "far", network.far, "seg0")
        network.give(network.router, "far", "198.51.100.1/24", "2001:db8:99::1/64")
        network.give(network.far, "seg0", "198.51.100.7/24", "2001:db8:99::7/64")
        network.forward(network.router)
        for host in (network.device, network.near):
            network.ip(host, "route add default via 192.168.20.1")
            network.ip(host, "-6 route add default via fd00:20::1 dev seg0")
        network.ip(network.far, "route add default via 198.51.100.1")
        network.ip(network.far, "-6 route add default via 2001:db8:99::1")
        # Routed, and one that goes through the router though it is a neighbour's prefix.
        network.ip(network.device, "-6 route add fd00:21::/64 via fd00:20::1")

    def setUp(self):
        super().setUp()
        self.own = self.network.link_local(self.device)
        self.theirs = self.network.link_local(self.near)

    def test_every_kind_of_address_of_a_neighbour_is_served(self):
        self.start_light()
        for at in (self.own, "fd00:20::5"):
            for address in (self.theirs, *self.NEAR):
                with self.subTest(f"{address} asks at {at}"):
                    self.assert_admitted(self.start_events(self.near, address), at=at)

    def test_a_zone_is_the_writers_own(self):
        self.start_light()
        server = self.start_events(self.near, self.theirs)
        answer = self.subscribe(f"<http://[{self.theirs}%25wlan0]:{server.port}/>", at=self.own)
        self.assertEqual(answer.status, 200)
        event, = server.wait_for(1)
        self.assertNotIn("%", event.headers["host"])

    def test_what_is_not_a_neighbour_is_refused(self):
        self.start_light()
        cases = {"2001:db8:99::7": OFF_SEGMENT, "fd00:21::9": OFF_SEGMENT, "2001:db8:20:1::9": OFF_SEGMENT,
                 "fd00:20:0:1::9": OFF_SEGMENT, "198.51.100.7": OFF_SEGMENT, "::ffff:198.51.100.7": OFF_SEGMENT,
                 self.own: OWN, "fd00:20::5": OWN, "2001:db8:20::5": OWN, "192.168.20.5": OWN, "::1": LOOPBACK,
                 "127.0.0.1": LOOPBACK, "ff02::1": MULTICAST, "ff05::c": MULTICAST, "::": RESERVED,
                 "::198.51.100.7": RESERVED, "fd00:20::": BROADCAST, "2001:db8:20::": BROADCAST, "fe80::": BROADCAST,
                 "192.168.20.255": BROADCAST}
        self.assert_all_refused(cases, at="fd00:20::5")
        self.assert_all_refused({a: why for a, why in cases.items() if ":" in a and a != "::1"}, at=self.own)
        self.assertEqual(self.heard_by("far"), [])

    def test_a_far_host_gets_no_connection(self):
        self.start_light()
        self.assertTrue(is_answered(self.near, "fd00:20::5", timeout=5))
        for address in self.DEVICE:
            self.assertFalse(is_answered(self.network.far, address), address)
        self.assertEqual(self.heard_by("far", but=is_systems_refusal), [])

    def test_a_host_of_both_families_may_mix_them(self):
        self.start_light()
        by_v4 = self.start_events(self.near)
        for at in (self.own, "fd00:20::5"):
            self.assert_admitted(by_v4, at=at)
        for address in (self.theirs, *self.NEAR):
            self.assert_admitted(self.start_events(self.near, address))

    def test_under_same_host_the_two_families_have_to_be_one_host(self):
        self.network.acquaint(self.device, "192.168.20.9", "192.168.20.10", "fd00:20::9", self.theirs)
        self.witness.forget()
        self.start_light("--same-host")
        by_v4 = self.start_events(self.near)
        sid = self.assert_admitted(by_v4, at="fd00:20::5")
        self.assert_admitted(by_v4, at=self.own)
        self.assert_admitted(self.start_events(self.near, "fd00:20::9"))
        self.assert_admitted(self.start_events(self.near, self.theirs))
        self.assert_all_refused({"192.168.20.10": OTHER_HOST, "fd00:20::10": OTHER_HOST,
                                 self.network.link_local(self.network.near2): OTHER_HOST,
                                 "192.168.20.77": OTHER_HOST}, at="fd00:20::5")
        self.assertEqual(self.heard_by("near2"), [])
        # Nor may anybody else touch the subscription; the host itself may, by its other family.
        self.assertEqual(control_point.unsubscribe(self.network.near2, self.switch.event_url, sid).status, 412)
        self.assertEqual(control_point.unsubscribe(self.near, self.switch.event_url, sid).status, 200)


class Ipv6Routes(border.Border):
    """IPv6 addresses that do not say what is on the link: routes do, as a router's advertisement makes them."""

    @classmethod
    def make(cls, network):
        lan = network.lan("lan")
        for name, address in (("device", "192.168.20.5"), ("near", "192.168.20.9")):
            network.host(name, address)
        network.plug(network.device, lan, "192.168.20.5/24", "fd00:30::5/128")
        network.plug(network.near, lan, "192.168.20.9/24", "fd00:30::9/64", "fd00:31::9/64")
        network.ip(network.device, "-6 address add fd00:31::5/64 dev seg0 nodad noprefixroute")  # no L flag
        network.ip(network.device, "-6 route add fd00:30::/64 dev seg0 proto ra")
        network.ip(network.device, "-6 route add default via fd00:30::9 dev seg0 proto ra")

    def test_the_route_says_what_is_on_the_link_and_the_length_of_the_address_does_not(self):
        self.start_light()
        own = self.network.link_local(self.device)
        self.assert_admitted(self.start_events(self.near, "fd00:30::9"), at=own)
        self.assert_all_refused({"fd00:31::9": OFF_SEGMENT, "fd00:31::5": OWN, "fd00:30::5": OWN,
                                 "fd00:30::": BROADCAST, "fd00:32::9": OFF_SEGMENT, "2001:db8::9": OFF_SEGMENT},
                                at=own)


class PublicAddress(border.Border):
    """An interface with a public address alone."""

    @classmethod
    def make(cls, network):
        lan = network.lan("lan")
        for name, address in (("device", "203.0.113.5"), ("near", "203.0.113.9")):
            network.host(name, address)
        network.plug(network.device, lan, "203.0.113.5/24")
        network.plug(network.near, lan, "203.0.113.9/24")

    def assert_not_served(self):
        self.assertFalse(is_answered(self.near, "203.0.113.5"))
        self.assertEqual(control_point.search(self.near, "ssdp:all"), [])
        self.assertEqual(self.heard_by("near", but=lambda p: p.flags & networks.RST), [])

    def test_by_default_it_is_not_served(self):
        self.light = self.enterContext(light.Light(self.network, interfaces=[]))
        self.assertIsNone(self.light.find(r"(on|exposed .* on) seg0 .*"))
        self.assert_not_served()

    def test_nor_if_it_is_only_named_or_only_allowed(self):
        code, output = light.refuses_to_start(self.network, "--interface", "seg0")
        self.assertNotEqual(code, 0)
        self.assertRegex(output, r"(?m)^\w+: .*public.*")
        self.light = self.enterContext(light.Light(self.network, "--allow-public-addresses", interfaces=[]))
        self.assertIsNone(self.light.find(r"on seg0 .*"))
        self.assert_not_served()

    def test_named_and_allowed_it_is(self):
        self.start_light("--allow-public-addresses")
        self.assert_admitted(self.start_events(self.near))
        self.assert_all_refused({"203.0.114.9": OFF_SEGMENT, "192.168.20.9": OFF_SEGMENT, "203.0.113.5": OWN,
                                 "203.0.113.255": BROADCAST})

    def test_a_private_address_beside_it_is_served_only_if_the_interface_is_named(self):
        for host, address in ((self.device, "192.168.20.5/24"), (self.near, "192.168.20.9/24")):
            self.network.give(host, "seg0", address)
            self.addCleanup(self.network.ip, host, f"address delete {address} dev seg0")
        with light.Light(self.network, interfaces=[]) as unnamed:
            self.assertIsNone(unnamed.find(r"on seg0 .*"))
        self.start_light()
        self.assertIn("http://192.168.20.5:", self.light.location)
        self.assertFalse(is_answered(self.near, "203.0.113.5"))
        self.assert_admitted(self.start_events(self.near, "192.168.20.9"))
        self.assert_all_refused({"203.0.113.9": NOT_PRIVATE})


class ExtraSegment(border.Border):
    """A routed network: closed, unless it is opened by name."""

    @classmethod
    def make(cls, network):
        lan = network.lan("lan")
        for name, address in (("device", "192.168.20.5"), ("near", "192.168.20.9"), ("router", "192.168.20.1"),
                              ("far", "10.50.0.7"), ("farther", "10.60.0.7")):
            network.host(name, address)
        for host in (network.device, network.near, network.router):
            network.plug(host, lan, f"{host.address}/24")
        for host, port in ((network.far, "far"), (network.farther, "farther")):
            network.wire(network.router, port, host, "seg0")
            gateway = host.address.removesuffix("7") + "1"
            network.give(network.router, port, f"{gateway}/24")
            network.give(host, "seg0", f"{host.address}/24")
            network.ip(host, f"route add default via {gateway}")
        network.forward(network.router)
        for host in (network.device, network.near):
            network.ip(host, "route add default via 192.168.20.1")

    def test_closed_it_is_as_any_other_network(self):
        self.start_light()
        self.assertFalse(is_answered(self.network.far, "192.168.20.5"))
        self.assert_all_refused({"10.50.0.7": OFF_SEGMENT, "10.60.0.7": OFF_SEGMENT})
        self.assertEqual(self.heard_by("far", "farther"), [])
        line = self.light.wait_for(r"exposed control at 192\.168\.20\.5:.*")[0]
        self.assertIn("contained by interface, hop limit, no routing", line)

    def test_opened_it_is_served_and_said_so(self):
        self.start_light("--extra-segment", "seg0=10.50.0.0/24")
        far = self.network.far
        sid = self.assert_admitted(self.start_events(far), far)
        self.assertTrue(is_answered(far, "192.168.20.5", timeout=5))
        self.assertTrue(control_point.search(far, "upnp:rootdevice", to=("192.168.20.5", 1900), enough=1))
        self.assertEqual(control_point.unsubscribe(far, self.switch.event_url, sid).status, 200)
        line = self.light.wait_for(r"exposed control at 192\.168\.20\.5:.*")[0]
        self.assertIn("10.50.0.0/24", line)
        self.assertRegex(line, r"not in force: hop limit \(extra_segments\), no routing \(extra_segments\)")

    def test_opened_to_one_it_is_not_open_to_others(self):
        self.start_light("--extra-segment", "seg0=10.50.0.0/24")
        self.assertFalse(is_answered(self.network.farther, "192.168.20.5"))
        self.assert_all_refused({"10.60.0.7": OFF_SEGMENT, "10.50.1.7": OFF_SEGMENT, "10.50.0.255": BROADCAST,
                                 "10.50.0.0": BROADCAST, "198.51.100.7": OFF_SEGMENT})


if __name__ == "__main__":
    scenario.main()
