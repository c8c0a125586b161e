# SPDX-License-Identifier: BSL-1.0
"""The network changes under a running device, and the device is switched off and on.

Whoever is no longer on the segment hears no more, from that moment; who still is notices nothing.
"""

import contextlib
import functools
import http.client
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import border
import control_point
import light
import networks
import scenario
import segment

# Longer than limits::eventing::segment_grace, and well within it.
BEYOND_THE_GRACE = 1.5
WELL_WITHIN = 0.8


class TooLong(Exception):
    """What was to be a moment was none: this machine is busy."""


def of_a_moment(test):
    """Starts the test over where what was to be a moment was none."""
    @functools.wraps(test)
    def repeated(self):
        for _ in range(10):
            try:
                return test(self)
            except TooLong:
                self.light.stop()
                self.start()
        self.fail("this machine is too busy for a moment")

    return repeated


class Renumbering(border.Border):
    """near has an address in each network that the device may be in. It can always be reached by IPv6."""

    @classmethod
    def make(cls, network):
        cls.lan = network.lan("lan")
        for name, address in (("device", "192.168.20.5"), ("near", "192.168.20.9"), ("second", "10.1.1.9")):
            network.host(name, address)
        network.plug(network.device, cls.lan, "192.168.20.5/24")
        network.plug(network.near, cls.lan, "192.168.20.9/24", "192.168.40.9/24", "172.16.9.9/24")
        network.plug(network.second, cls.lan, "10.1.1.9/24")

    def setUp(self):
        super().setUp()
        self.start()

    def start(self):
        self.on_device("-4 address flush dev seg0")
        self.network.give(self.device, "seg0", "192.168.20.5/24")
        self.start_light()
        self.v6 = self.network.link_local(self.device)
        self.server = self.start_events(self.near)
        self.values = 0

    def on_device(self, command):
        return self.network.ip(self.device, command)

    @contextlib.contextmanager
    def a_moment(self):
        """Within the grace what the block does is over, or the test starts over."""
        began = time.monotonic()
        yield
        if time.monotonic() - began > WELL_WITHIN:
            raise TooLong

    def change(self, times=1):
        """Changes the state by IPv6, which no renumbering here touches."""
        for _ in range(times):
            self.values += 1
            self.set_target(str(self.values % 2), at=self.v6)

    def deliveries_to(self, server):
        """First packets of connections to it that left the device: what ends an older connection is the system's."""
        return self.witness.seen(lambda p: p.host == "device" and p.outgoing and p.ports[1] == server.port
                                 and p.flags & networks.SYN)

    def is_served_by_ipv6(self):
        try:
            url = control_point.at_address(self.light.location, self.v6)
            return control_point.request(self.near, "GET", url, timeout=1).status == 200
        except OSError:
            return False

    def wait_for_seqs(self, server, last):
        self.assertEqual([e.seq for e in server.wait_for(last + 1)], list(range(last + 1)))

    def assert_ended(self, sid, server):
        """Told of, unknown from then on, and nothing more is sent to where it delivered."""
        self.light.wait_for(rf"segment_left \S+ {sid}", seconds=5)
        self.witness.forget()
        heard = len(server.events)
        self.change(2)
        time.sleep(border.FOR_A_NOTIFY_TO_SHOW)
        self.assertEqual(len(server.events), heard)
        self.assertEqual(self.deliveries_to(server), [])
        url = control_point.at_address(self.switch.event_url, self.v6)
        self.assertEqual(control_point.renew(self.near, url, sid).status, 412)
        self.assertEqual(control_point.unsubscribe(self.near, url, sid).status, 412)

    def assert_alive(self, sid, server, last):
        """After the grace too: another change comes, with the next SEQ, and the subscription is known."""
        time.sleep(BEYOND_THE_GRACE)
        self.change()
        self.wait_for_seqs(server, last)
        self.assertIsNone(self.light.find(rf"(segment_left|dropped) \S+ {sid}"))
        url = control_point.at_address(self.switch.event_url, self.v6)
        self.assertEqual(control_point.renew(self.near, url, sid).status, 200)

    @of_a_moment
    def test_the_same_address_again_after_a_moment_disturbs_no_subscription(self):
        sid = self.assert_admitted(self.server)
        with self.a_moment():
            self.on_device("-4 address flush dev seg0")
            self.witness.forget()
            self.change()  # waits for the address
            time.sleep(0.3)
            self.assertEqual(self.deliveries_to(self.server), [])
            self.network.give(self.device, "seg0", "192.168.20.5/24")
        self.wait_for_seqs(self.server, 1)
        self.assert_alive(sid, self.server, 2)

    @of_a_moment
    def test_the_grace_counts_from_the_change_that_took_the_address_away(self):
        sid = self.assert_admitted(self.server)
        self.network.give(self.device, "seg0", "10.55.0.5/24")  # concerns nobody
        time.sleep(0.7)
        with self.a_moment():
            self.on_device("-4 address flush dev seg0")
            time.sleep(0.5)  # beyond the grace of the first change, within that of the second
            self.network.give(self.device, "seg0", "192.168.20.5/24")
        self.change()
        self.wait_for_seqs(self.server, 1)
        self.assert_alive(sid, self.server, 2)

    @of_a_moment
    def test_again_and_again(self):
        sid = self.assert_admitted(self.server)
        for last in range(1, 6):
            with self.a_moment():
                self.on_device("-4 address flush dev seg0")
                time.sleep(0.1)
                self.network.give(self.device, "seg0", "192.168.20.5/24")
            self.change()
            self.wait_for_seqs(self.server, last)
        self.assert_alive(sid, self.server, 6)

    @of_a_moment
    def test_another_address_in_the_same_network_keeps_the_subscribers(self):
        sid = self.assert_admitted(self.server)
        self.network.give(self.device, "seg0", "192.168.20.6/24")
        with self.a_moment():
            self.on_device("address delete 192.168.20.5/24 dev seg0")
            if "192.168.20.6" not in self.network.addresses(self.device):  # it was the first's secondary, and went with it
                self.network.give(self.device, "seg0", "192.168.20.6/24")
        self.change()
        self.wait_for_seqs(self.server, 1)
        self.assert_alive(sid, self.server, 2)

    def test_a_move_to_another_network_ends_the_subscriptions_of_the_old_one(self):
        sid = self.assert_admitted(self.server)
        self.network.give(self.device, "seg0", "192.168.40.5/24")
        self.on_device("address delete 192.168.20.5/24 dev seg0")
        self.assert_ended(sid, self.server)
        # A subscriber of the new network is welcome at once, and one of the old is not.
        self.assert_admitted(self.start_events(self.near, "192.168.40.9"), at=self.v6)
        self.assert_refused(self.server.callback(), border.OFF_SEGMENT, at=self.v6)

    @of_a_moment
    def test_nothing_goes_out_in_the_moment_between(self):
        """Before the subscription has ended, it already is not served."""
        self.assert_admitted(self.server)
        with self.a_moment():
            self.on_device("-4 address flush dev seg0")
            self.network.give(self.device, "seg0", "192.168.40.5/24")
            self.on_device("route add 192.168.20.0/24 via 192.168.40.9")
            self.light.wait_for(r"exposed control .* for .*192\.168\.40\.0/24.*")
            self.witness.forget()
            self.change(2)
        time.sleep(0.4)
        self.assertEqual(self.deliveries_to(self.server), [])

    def test_nor_when_the_change_comes_right_after_another(self):
        self.on_device("route add 172.16.9.0/24 dev seg0")
        self.light.wait_for(r"exposed control .* for .*172\.16\.9\.0/24.*")
        routed = self.start_events(self.near, "172.16.9.9")
        sid = self.assert_admitted(routed)
        self.witness.forget()
        self.network.give(self.device, "seg0", "10.77.0.5/24")  # concerns nobody
        self.on_device("route delete 172.16.9.0/24 dev seg0")
        self.change()
        self.light.wait_for(rf"segment_left \S+ {sid}", seconds=5)
        self.assertEqual(self.deliveries_to(routed), [])

    def test_a_connection_that_is_open_already_does_not_outlast_the_segment(self):
        with contextlib.closing(control_point.connect(self.near, self.light.location)) as connection:
            self.assertEqual(control_point.exchange(connection, "GET", self.light.location).status, 200)
            self.network.give(self.device, "seg0", "192.168.20.5/30")
            self.on_device("address delete 192.168.20.5/24 dev seg0")
            self.light.wait_for(r"exposed control .* for 192\.168\.20\.4/30.*")
            time.sleep(BEYOND_THE_GRACE)
            with self.assertRaises((OSError, http.client.HTTPException)):
                control_point.exchange(connection, "GET", self.light.location)

    @of_a_moment
    def test_an_interface_that_is_down_for_a_moment_keeps_its_subscriptions(self):
        sid = self.assert_admitted(self.server)
        with self.a_moment():
            self.on_device("link set seg0 down")
            time.sleep(0.1)
            self.on_device("link set seg0 up")
        segment.wait_until(self.is_served_by_ipv6, "the IPv6 address is back, and the light knows")
        self.change()
        self.wait_for_seqs(self.server, 1)
        self.assert_alive(sid, self.server, 2)
        self.assertTrue(control_point.search(self.near, "upnp:rootdevice", enough=1))

    def test_an_only_interface_that_is_down_for_longer_is_a_reboot_to_its_subscribers(self):
        """The BOOTID grows, and there was nobody to whom that could have been announced (UDA 2.0, 1.2.2)."""
        sid = self.assert_admitted(self.server)
        self.on_device("link set seg0 down")
        time.sleep(BEYOND_THE_GRACE)
        self.on_device("link set seg0 up")
        segment.wait_until(self.is_served_by_ipv6, "the IPv6 address is back, and the light knows")
        self.assert_ended(sid, self.server)
        self.assert_admitted(self.start_events(self.near))
        self.assertTrue(control_point.search(self.near, "upnp:rootdevice", enough=1))

    def test_when_a_secondary_address_goes_so_do_its_subscribers_and_no_others(self):
        self.network.give(self.device, "seg0", "10.1.1.5/24")
        second = self.start_events(self.network.second)
        self.light.wait_for(r"exposed control .* for .*10\.1\.1\.0/24.*")
        stays = self.assert_admitted(self.server)
        goes = self.assert_admitted(second)
        self.on_device("address delete 10.1.1.5/24 dev seg0")
        self.assert_ended(goes, second)
        self.wait_for_seqs(self.server, 2)
        self.assert_alive(stays, self.server, 3)

    def test_when_an_on_link_route_goes_so_do_its_subscribers_and_no_others(self):
        sid = self.assert_admitted(self.server)
        self.on_device("route add 172.16.9.0/24 dev seg0")
        routed = self.start_events(self.near, "172.16.9.9")
        self.light.wait_for(r"exposed control .* for .*172\.16\.9\.0/24.*")
        gone = self.assert_admitted(routed)
        self.on_device("route delete 172.16.9.0/24 dev seg0")
        self.assert_ended(gone, routed)
        self.wait_for_seqs(self.server, 2)
        self.assert_alive(sid, self.server, 3)

    def test_what_is_exposed_is_told_again_when_it_changes(self):
        self.network.give(self.device, "seg0", "10.1.1.5/24")
        self.light.wait_for(r"exposed control at 192\.168\.20\.5:\d+ on seg0 for .*10\.1\.1\.0/24.*")


class OffAndOn(border.Border):
    """SIGUSR1 and SIGUSR2: what a product's "UPnP off" setting does."""

    @classmethod
    def make(cls, network):
        lan = network.lan("lan")
        for name, address in (("device", "192.168.20.5"), ("near", "192.168.20.9")):
            network.host(name, address)
        network.plug(network.device, lan, "192.168.20.5/24")
        network.plug(network.near, lan, "192.168.20.9/24", "192.168.40.9/24")

    def boot_id(self, advertisements):
        """Of the newest ssdp:alive; waits for one that is newer than the last time."""
        def newest():
            return max((int(a.headers["bootid.upnp.org"]) for a in advertisements.heard("ssdp:alive", 0.1)), default=-1)

        segment.wait_until(lambda: newest() > self.last_boot_id, "an advertisement with a greater BOOTID")
        self.last_boot_id = newest()

    def assert_silent(self):
        """Not reachable by any door, and nothing is sent."""
        for address in ("192.168.20.5", self.network.link_local(self.device)):
            with self.assertRaises(ConnectionRefusedError):
                self.near.connect((address, segment.HTTP_PORT), timeout=2).close()
        self.witness.forget()
        self.assertEqual(control_point.search(self.near, "ssdp:all"), [])
        self.assertEqual(control_point.search(self.near, "ssdp:all", to=("192.168.20.5", 1900)), [])
        self.assertEqual(self.witness.seen(lambda p: p.host == "device" and p.outgoing and p.protocol in ("tcp", "udp")
                                           and not p.flags & networks.RST), [])

    def test_off_is_off_and_on_is_a_new_start_each_time(self):
        heard = self.enterContext(control_point.Advertisements(self.near))
        self.last_boot_id = -1
        self.start_light()
        self.boot_id(heard)
        server = self.start_events(self.near)
        for round_number in range(1, 4):
            with self.subTest(f"round {round_number}"):
                events = len(server.events)
                sid = self.assert_admitted(server)
                self.light.switch_off()
                byebyes = heard.heard("ssdp:byebye", 10.0, enough=4 * round_number)[4 * (round_number - 1):]
                self.assertEqual({b.headers["nt"] for b in byebyes},
                                 {"upnp:rootdevice", f"uuid:{light.UUID}", light.DEVICE_TYPE, light.SERVICE_TYPE})
                segment.wait_until(self.is_closed, "the port is closed")
                self.assert_silent()
                self.light.switch_on()
                self.boot_id(heard)
                self.assertEqual(control_point.describe(self.near, self.light.location).udn, f"uuid:{light.UUID}")
                self.assertEqual(control_point.renew(self.near, self.switch.event_url, sid).status, 412)
                self.assertEqual(control_point.unsubscribe(self.near, self.switch.event_url, sid).status, 412)
                self.assertEqual(len(server.events), events + 1)
        self.assert_admitted(server)
        self.assertEqual(self.light.stop(), 0)

    def is_closed(self):
        try:
            self.near.connect(("192.168.20.5", segment.HTTP_PORT), timeout=1).close()
            return False
        except ConnectionRefusedError:
            return True

    def test_it_comes_back_on_the_network_of_then(self):
        self.start_light()
        self.light.switch_off()
        segment.wait_until(self.is_closed, "the port is closed")
        self.network.ip(self.device, "-4 address flush dev seg0")
        self.addCleanup(self.network.give, self.device, "seg0", "192.168.20.5/24")
        self.addCleanup(self.network.ip, self.device, "-4 address flush dev seg0")
        self.network.give(self.device, "seg0", "192.168.40.5/24")
        self.light.switch_on()
        location = self.light.wait_for(r"on seg0 192\.168\.40\.5: (\S+)")[1]
        self.switch = control_point.describe(self.near, location).services[0]
        self.assert_admitted(self.start_events(self.near, "192.168.40.9"))
        self.assert_refused(self.start_events(self.near).callback(), border.OFF_SEGMENT)

    def test_without_a_network_it_waits_for_one(self):
        self.start_light()
        self.light.switch_off()
        segment.wait_until(self.is_closed, "the port is closed")
        self.network.ip(self.device, "link set seg0 down")
        self.addCleanup(self.network.ip, self.device, "link set seg0 up")
        self.light.switch_on()
        before = len(self.light.wait_for_count(r"on seg0 192\.168\.20\.5: .*", 1))
        self.network.ip(self.device, "link set seg0 up")
        self.light.wait_for_count(r"on seg0 192\.168\.20\.5: .*", before + 1)
        self.assertTrue(control_point.search(self.near, "upnp:rootdevice", enough=1))
        self.assert_admitted(self.start_events(self.near))

    def test_off_and_on_in_a_hurry(self):
        self.start_light()
        for _ in range(10):
            self.light.switch_off()
            self.light.switch_on()
        self.assert_admitted(self.start_events(self.near))
        self.light.switch_off()
        self.light.switch_off()  # twice is once
        self.assertEqual(self.light.stop(), 0)


if __name__ == "__main__":
    scenario.main()
