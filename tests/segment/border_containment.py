# SPDX-License-Identifier: BSL-1.0
"""The second wall: what the kernel does for a device whose validator has failed altogether.

light_without_validator accepts every delivery URL. Its sockets have TTL or hop limit 1, do not use gateways and are
bound to the interface, and that has to be enough. The router forwards everything, and helps the attacker where it can.

What was seen, and is asserted: for IPv4 the device does not use its gateway. It asks on the link, by ARP, for the far
host itself; nobody answers, and no packet leaves. A router that lies (proxy ARP) gets packets with TTL 1, and they end
there. For IPv6 the system does use the gateway, so such packets come as far as the router. On its far side there is
nothing.
"""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import border
import control_point
import networks
import scenario
import segment

FAR = "198.51.100.7"
FAR6 = "2001:db8:99::7"
ALSO_PRIVATE = "10.50.0.7"
OTHER_LAN = "192.168.30.9"


class Contained(border.Border):
    """near and device on a LAN; far, with three addresses, behind the router; and a second LAN of the device."""

    @classmethod
    def make(cls, network):
        lan, other_lan = network.lan("lan"), network.lan("other")
        for name, address in (("device", "192.168.20.5"), ("near", "192.168.20.9"), ("router", "192.168.20.1"),
                              ("far", FAR), ("other", OTHER_LAN)):
            network.host(name, address)
        for host, end in ((network.device, 5), (network.near, 9), (network.router, 1)):
            network.plug(host, lan, f"192.168.20.{end}/24", f"fd00:20::{end}/64", f"2001:db8:20::{end}/64")
        network.plug(network.device, other_lan, "192.168.30.5/24", interface="seg1")
        network.plug(network.other, other_lan, "192.168.30.9/24")
        network.wire(network.router, "far", network.far, "seg0")
        network.give(network.router, "far", "198.51.100.1/24", "10.50.0.1/24", "2001:db8:99::1/64")
        network.give(network.far, "seg0", f"{FAR}/24", f"{ALSO_PRIVATE}/24", f"{FAR6}/64")
        network.forward(network.router)
        network.ip(network.far, "route add default via 198.51.100.1")
        network.ip(network.far, "-6 route add default via 2001:db8:99::1")
        network.ip(network.other, "route add default via 192.168.30.5")
        for host in (network.device, network.near):
            network.ip(host, "route add default via 192.168.20.1")
            network.ip(host, "-6 route add default via fd00:20::1 dev seg0")
        for host in (network.device, network.router):
            network.believe_anything(host)
        network.forward(network.device)

    def crossed(self):
        """What came out of the router on the far side, or arrived at far, of the device's."""
        return [p for p in self.heard_by("router", "far")
                if p.host == "far" or (p.interface == "far" and p.outgoing)]

    def reached_router(self):
        """What the device handed to the router for others."""
        own = self.network.addresses(self.network.router)
        return [p for p in self.heard_by("router") if p.interface == "seg0" and p.target not in own]

    def router_lies(self, yes):
        """Proxy ARP: the router says of every address that it is its own."""
        self.network.set(self.network.router, net__ipv4__conf__seg0__proxy_arp=int(yes),
                         net__ipv4__neigh__seg0__proxy_delay=0)
        self.network.ip(self.device, "-4 neighbour flush dev seg0")  # what it believed before

    def open_far(self, address):
        return self.enterContext(self.network.far.listen(address=address))

    # --- The witness -----------------------------------------------------------------------------------------

    def test_packets_that_nothing_contains_do_cross_and_are_seen(self):
        for address in (FAR, ALSO_PRIVATE, FAR6):
            with self.subTest(address):
                self.witness.forget()
                with self.device.connect(self.open_far(address).getsockname()):
                    pass
                segment.wait_until(self.crossed, "the witness sees it")
                self.assertTrue(self.reached_router())

    def test_a_light_whose_containment_is_lifted_does_reach_the_far_host(self):
        """So what holds the others back is the containment, and not something else."""
        self.start_light("--extra-segment", "seg0=172.31.0.0/16", which="ONLINK_LIGHT_WITHOUT_VALIDATOR")
        for address, at in ((FAR, None), (FAR6, "fd00:20::5")):
            with self.subTest(address):
                self.witness.forget()
                port = self.open_far(address).getsockname()[1]
                self.assertEqual(self.subscribe(border.url_to(address, port), at=at).status, 200)
                segment.wait_until(self.crossed, "the event crosses the router")

    # --- The device without a validator ----------------------------------------------------------------------

    def assert_accepted_and_contained(self, address, at=None):
        """The SUBSCRIBE is answered 200, events are sent, and nothing crosses the router."""
        port = self.open_far(address).getsockname()[1]
        answer = self.subscribe(border.url_to(address, port), at=at)
        self.assertEqual(answer.status, 200, "this light was to have no validator")
        time.sleep(border.FOR_A_NOTIFY_TO_SHOW)  # the first try of TCP, and the second
        self.change_state(at)
        time.sleep(border.FOR_A_NOTIFY_TO_SHOW)
        self.assertEqual(self.crossed(), [])

    def start_without_validator(self):
        return self.start_light(which="ONLINK_LIGHT_WITHOUT_VALIDATOR")

    def test_it_does_send_events_to_neighbours(self):
        self.start_without_validator()
        self.assert_admitted(self.start_events(self.near))
        self.assert_admitted(self.start_events(self.near, "fd00:20::9"), at="fd00:20::5")

    def test_ipv4_does_not_even_reach_the_router(self):
        self.start_without_validator()
        for address in (FAR, ALSO_PRIVATE):
            with self.subTest(address):
                self.assert_accepted_and_contained(address)
                self.assertEqual(self.reached_router(), [])

    def test_ipv4_ends_at_a_router_that_claims_to_be_everybody(self):
        self.router_lies(True)
        self.addCleanup(self.router_lies, False)
        self.start_without_validator()
        self.assert_accepted_and_contained(FAR)
        self.assertEqual({p.hops for p in self.reached_router()} - {1}, set())
        self.assertTrue(self.reached_router(), "the router lied in vain: nothing was tested")

    def test_ipv6_ends_at_the_router(self):
        self.start_without_validator()
        self.assert_accepted_and_contained(FAR6, at="fd00:20::5")
        self.assertEqual({p.hops for p in self.reached_router()} - {1}, set())

    def test_the_devices_other_lan_is_as_far(self):
        self.start_without_validator()
        listener = self.enterContext(self.network.other.listen())
        answer = self.subscribe(border.url_to(*listener.getsockname()))
        self.assertEqual(answer.status, 200)
        time.sleep(border.FOR_A_NOTIFY_TO_SHOW)
        self.assertEqual(self.heard_by("other"), [])

    # --- The ordinary device ---------------------------------------------------------------------------------

    def assert_no_handshake(self, target):
        with self.assertRaises(OSError):
            self.network.far.connect((target, segment.HTTP_PORT), timeout=2.2).close()
        # A refusal of the kernel's own (RST) is no handshake; an answer of ours would be.
        self.assertEqual([p for p in self.heard_by("far") if p.flags & networks.SYN], [])

    def test_a_far_host_cannot_complete_a_handshake(self):
        self.start_light()
        for target in ("192.168.20.5", "fd00:20::5"):
            with self.subTest(target):
                self.assert_no_handshake(target)
        # It is the packets that end at the router, not a check of ours: the light heard nothing of it.
        self.assertIsNone(self.light.find(rf"refused connection from ({FAR}|{FAR6}).*"))

    def test_a_far_host_cannot_complete_a_handshake_by_a_router_that_lies(self):
        self.router_lies(True)
        self.addCleanup(self.router_lies, False)
        self.start_light()
        self.assert_no_handshake("192.168.20.5")

    def test_the_same_far_host_can_with_a_socket_that_is_not_contained(self):
        for target in ("192.168.20.5", "fd00:20::5"):
            with self.subTest(target):
                listener = self.enterContext(self.device.listen(address=target))
                with self.network.far.connect((target, listener.getsockname()[1]), timeout=2):
                    pass

    def test_a_search_from_afar_is_not_answered(self):
        self.start_light()
        self.assertEqual(control_point.search(self.network.far, "ssdp:all", to=("192.168.20.5", 1900)), [])
        self.assertEqual(self.crossed(), [])

    def test_forged_sources_make_the_device_a_mirror_of_nothing(self):
        self.start_light()
        for _ in range(3):
            networks.forge_search(self.near, FAR, "192.168.20.5")
            networks.forge_syn(self.near, FAR, "192.168.20.5", segment.HTTP_PORT)
            networks.forge_syn(self.near, FAR6, "fd00:20::5", segment.HTTP_PORT)
        self.light.wait_for(rf"refused search from {FAR} .*segment.*")
        time.sleep(border.FOR_A_NOTIFY_TO_SHOW)
        self.assertEqual(self.crossed(), [])

    def test_forged_sources_do_make_a_mirror_of_a_socket_that_is_not_contained(self):
        for target, source in (("192.168.20.5", FAR), ("fd00:20::5", FAR6)):
            with self.subTest(target):
                self.witness.forget()
                listener = self.enterContext(self.device.listen(address=target))
                networks.forge_syn(self.near, source, target, listener.getsockname()[1])
                segment.wait_until(self.crossed, "the answer crosses the router")

    def test_what_is_contained_is_said(self):
        self.start_light()
        line = self.light.wait_for(r"exposed discovery at 192\.168\.20\.5:.*")[0]
        self.assertIn("; contained by interface, no routing", line)
        self.assertIn("hop limit (multicasts have TTL 2)", line)
        for function in ("description", "control", "subscription"):
            line = self.light.wait_for(rf"exposed {function} at 192\.168\.20\.5:.*")[0]
            self.assertTrue(line.endswith("; contained by interface, hop limit, no routing"), line)
        line = self.light.wait_for(r"exposed event delivery from 192\.168\.20\.5.*")[0]
        self.assertTrue(line.endswith("; contained by interface, hop limit, no routing"), line)


if __name__ == "__main__":
    scenario.main()
