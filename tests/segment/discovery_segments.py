# SPDX-License-Identifier: BSL-1.0
"""Discovery on several segments at once, by several hosts on one, and of many devices: judged by a capture."""

import collections
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import capture
import control_point
import light
import scenario
import segment
from capture import ALIVE, ANSWER, BYEBYE, SET

# limits::ssdp::announcement_burst and announcements_per_second
BURST, PER_SECOND = 32, 500


class ThreeLans(capture.Captured):
    """One device with three interfaces, and a control point at each."""

    @classmethod
    def make(cls, network):
        network.host("device", "192.168.20.5")
        cls.lans = {"seg0": ("near", 20), "seg1": ("second", 30), "seg2": ("third", 40)}
        for interface, (name, net) in cls.lans.items():
            lan = network.lan(name)
            host = network.host(name, f"192.168.{net}.9")
            network.plug(network.device, lan, f"192.168.{net}.5/24", interface=interface)
            network.plug(host, lan, f"192.168.{net}.9/24")
        cls.points = {interface: getattr(network, name) for interface, (name, _) in cls.lans.items()}

    def own(self, interface):
        """Addresses of the device there."""
        return self.network.addresses(self.device, interface)

    def test_each_lan_hears_the_set_with_locations_of_its_own_that_work_there(self):
        self.start_quietly(interfaces=list(self.points))
        for interface, host in self.points.items():
            with self.subTest(interface):
                heard = self.said(ALIVE, interface=interface)
                self.assert_sets(heard, SET, capture.ROUNDS, self.own(interface))
                for message in heard:
                    self.assertEqual(message.location,
                                     control_point.at_address(self.light.location, message.source))
                arrived = self.witness.seen(lambda p: p.host == host.name.rsplit("-", 1)[1] and not p.outgoing and
                                            p.payload.startswith(b"NOTIFY "))
                self.assertEqual({p.source for p in arrived}, self.own(interface))
                self.assertEqual(len(arrived), len(heard))
                for location in {message.location for message in heard}:
                    self.assertEqual(control_point.describe(host, location).udn, capture.udn())

    def test_all_fields_but_host_and_location_are_the_same_everywhere(self):  # SSDP-29
        self.start_quietly(interfaces=list(self.points))
        self.light.stop()
        fields = collections.defaultdict(list)
        for message in self.said():
            rest = {n: v for n, v in message.headers.items() if n not in ("host", "location", "opt", "01-nls")}
            fields[message.kind, message.usn].append(rest)
        self.assertEqual(set(fields), {(kind, name) for kind in (ALIVE, BYEBYE) for name in SET})
        for which, copies in fields.items():
            with self.subTest(which):
                self.assertEqual(len(copies), 2 * 3 * (capture.ROUNDS if which[0] == ALIVE else 1))
                for copy in copies:
                    self.assertEqual(copy, copies[0])

    def test_a_search_on_one_lan_is_answered_there_and_nowhere_else(self):
        self.start_quietly(interfaces=list(self.points))
        for interface, host in self.points.items():
            with self.subTest(interface):
                self.witness.forget()
                answers = control_point.search(host, "ssdp:all", enough=len(SET))
                self.assertEqual(collections.Counter(a.headers["usn"] for a in answers), dict.fromkeys(SET, 1))
                self.assertEqual({m.interface for m in self.said(ANSWER)}, {interface})
                for answer in answers:
                    self.assertIn(answer.sender[0], self.own(interface))
                    self.assertEqual(answer.headers["location"],
                                     control_point.at_address(self.light.location, answer.sender[0]))


class TwiceOnOneLan(capture.Captured):
    """Two interfaces of the device are plugged into the same LAN, as Ethernet and Wi-Fi of one home are."""

    @classmethod
    def make(cls, network):
        lan = network.lan("lan")
        network.host("device", "192.168.20.5")
        network.host("near", "192.168.20.9")
        network.plug(network.device, lan, "192.168.20.5/24")
        network.plug(network.device, lan, "192.168.20.6/24", interface="seg1")
        network.plug(network.near, lan, "192.168.20.9/24")
        # Linux would say of each address that it is at both interfaces. Connections that then come in by the wrong one
        # are refused, as the listeners belong to their interfaces: such a host has to be set up like this.
        network.set(network.device, net__ipv4__conf__all__arp_ignore=1, net__ipv4__conf__all__arp_announce=2)

    def test_a_search_is_answered_once_per_target(self):
        self.start_quietly(interfaces=["seg0", "seg1"])
        for mx in (1, 2):
            answers = control_point.search(self.near, "ssdp:all", mx=mx, enough=len(SET))
            self.assertEqual(collections.Counter(a.headers["usn"] for a in answers), dict.fromkeys(SET, 1))
            for answer in answers:
                self.assertEqual(answer.headers["location"],
                                 control_point.at_address(self.light.location, answer.sender[0]))

    def test_both_addresses_are_announced(self):
        self.start_quietly(interfaces=["seg0", "seg1"])
        self.assert_sets(self.said(ALIVE), SET, capture.ROUNDS, self.device_addresses)


class ManyHosts(capture.Captured):
    """Two lights on one machine, one on another, and two control points."""

    OTHERS = ("2fac1234-31f8-11b4-a222-080000000001", "2fac1234-31f8-11b4-a222-080000000002")

    @classmethod
    def make(cls, network):
        lan = network.lan("lan")
        for name, number in (("device", 5), ("device2", 6), ("near", 9), ("near2", 10)):
            host = network.host(name, f"192.168.20.{number}")
            network.plug(host, lan, f"{host.address}/24")

    def setUp(self):
        super().setUp()
        self.start_light()
        beside, beyond = self.OTHERS
        self.beside = self.enterContext(light.Light(self.network, uuid=beside, port=segment.HTTP_PORT + 1))
        self.beyond = self.enterContext(light.Light(self.network, uuid=beyond, host=self.network.device2))
        self.all = {self.light.location: capture.udn(), self.beside.location: f"uuid:{beside}",
                    self.beyond.location: f"uuid:{beyond}"}

    def test_each_is_found_and_answers_for_itself(self):
        self.assertEqual(len(self.all), 3)
        for host in (self.near, self.network.near2):
            found = control_point.search(host, "upnp:rootdevice", enough=3)
            self.assertEqual({a.headers["location"]: a.headers["usn"].split("::")[0] for a in found}, self.all)
            self.assertEqual(len(found), 3)
        for location, name in self.all.items():
            self.assertEqual(control_point.describe(self.near, location).udn, name)
            answer, = control_point.search(self.near, name, enough=1)
            self.assertEqual(answer.headers["location"], location)

    def test_one_that_leaves_takes_nobody_with_it(self):
        leaving = capture.usns(f"uuid:{self.OTHERS[0]}")
        self.wait_said_all(ALIVE, leaving)
        self.beside.stop()
        found = control_point.search(self.near, "upnp:rootdevice", enough=2)
        self.assertEqual({a.headers["location"] for a in found}, {self.light.location, self.beyond.location})
        self.assert_sets(self.said(BYEBYE), leaving, 1, self.device_addresses)


class ManyDevices(capture.Captured):
    """What large trees and many root devices cost the network."""

    @classmethod
    def make(cls, network):
        lan = network.lan("lan")
        for name, number in (("device", 5), ("near", 9)):
            host = network.host(name, f"192.168.20.{number}")
            network.plug(host, lan, f"{host.address}/24")

    def assert_paced(self, messages, what):
        """Never more in a second than go without pause and in a second; the copies of one message are not parted."""
        most = capture.most_in_a_second(messages)
        copies = len(self.device_addresses)
        seconds = messages[-1].at - messages[0].at
        capture.figure(f"{what}: {len(messages)} datagrams in {seconds:.2f} s, at most {most} in one second "
                       f"(limit {PER_SECOND} a second + {BURST}, {copies} copies of each)")
        # A message may be late between the reading of the clock and the wire, and then the next one is not.
        self.assertLessEqual(most, BURST + 1.05 * PER_SECOND + copies - 1)

    def test_fifty_root_devices_are_all_announced_at_a_pace(self):
        names = [capture.udn(number) for number in range(50)]
        whole = set().union(*map(capture.usns, names))
        self.assertEqual(len(whole), 200)
        self.start_quietly("--root-devices", "50")
        alive = self.said(ALIVE)
        self.assert_sets(alive, whole, capture.ROUNDS, self.device_addresses)
        self.assert_paced(alive, "50 root devices, ssdp:alive")
        self.assertEqual(len({m.location for m in alive if m.source == "192.168.20.5"}), 50)
        arrived = self.witness.seen(lambda p: p.host == "near" and p.payload.startswith(b"NOTIFY "))
        self.assertEqual(len(arrived), len(alive))

        self.light.stop()
        byebyes = self.said(BYEBYE)
        self.assert_sets(byebyes, whole, 1, self.device_addresses)
        self.assert_paced(self.said(ALIVE, BYEBYE), "50 root devices, with ssdp:byebye")

    def test_fifty_root_devices_are_all_found(self):
        self.start_quietly("--root-devices", "50")
        answers = control_point.search(self.near, "upnp:rootdevice", mx=5, enough=50)
        self.assertEqual(collections.Counter(a.headers["usn"] for a in answers),
                         {f"{capture.udn(number)}::upnp:rootdevice": 1 for number in range(50)})
        self.assertEqual(len({a.headers["location"] for a in answers}), 50)
        for answer in answers[:5] + answers[-5:]:
            device = control_point.describe(self.near, answer.headers["location"])
            self.assertEqual(answer.headers["usn"], f"{device.udn}::upnp:rootdevice")

    def tree(self):
        whole = capture.usns(capture.udn(), [capture.udn(embedded=number) for number in range(1, 201)])
        self.assertEqual(len(whole), 3 + 2 * 200 + 201)
        return whole

    def test_a_tree_of_two_hundred_is_announced_as_a_whole_and_at_a_pace(self):
        whole = self.tree()
        self.start_quietly("--embedded", "200")
        alive = self.said(ALIVE)
        self.assert_sets(alive, whole, capture.ROUNDS, self.device_addresses)
        self.assert_paced(alive, "a tree of 200, ssdp:alive")
        time.sleep(1)  # what a search may draw is gained back
        answers = control_point.search(self.near, "ssdp:all", mx=5, enough=len(whole))
        self.assertEqual(collections.Counter(a.headers["usn"] for a in answers), dict.fromkeys(whole, 1))

    def test_a_tree_of_two_hundred_says_byebye_as_a_whole(self):
        whole = self.tree()
        self.start_light("--embedded", "200")
        self.wait_said_all(ALIVE, whole)
        self.light.stop()
        byebyes = self.said(BYEBYE)
        capture.figure(f"a tree of 200: {len(byebyes)} ssdp:byebye in {byebyes[-1].at - byebyes[0].at:.2f} s")
        self.assert_sets(byebyes, whole, 1, self.device_addresses)


if __name__ == "__main__":
    scenario.main()
