# SPDX-License-Identifier: BSL-1.0
"""CallStranger (CVE-2020-12695): nobody makes the device send anything off its segment.

The witness is the router: it counts every packet that the device hands to it for a host beyond.
"""

import pathlib
import re
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario
import segment

# Long enough for a NOTIFY to be sent and, had it failed, for the first retry of TCP.
FOR_A_NOTIFY_TO_SHOW = 1.5


class CallStranger(scenario.Scenario):
    def setUp(self):
        super().setUp()
        self.start_light()
        self.stranger = self.start_events(self.far)
        self.neighbour = self.start_events(self.near)
        self.before = self.network.off_segment_packets()

    def off_segment(self):
        """Packets since the start of the test: (all, those that answer no connection of the far host)."""
        return tuple(now - then for now, then in zip(self.network.off_segment_packets(), self.before))

    def subscribe(self, callback, host=None):
        return control_point.subscribe(host or self.near, self.switch.event_url, callback)

    def change_and_wait(self):
        """Changes the state twice, as a subscription accepted by mistake would show only now."""
        self.set_target("1")
        self.set_target("0")
        time.sleep(FOR_A_NOTIFY_TO_SHOW)

    def assert_refused(self, callback, why=""):
        answer = self.subscribe(callback)
        self.assertEqual(answer.status, 412, callback)
        # One line that says why, and no word of the peer's in it.
        self.assertRegex(answer.body.decode(), rf"^[A-Z][^<>\n]*{re.escape(why)}[^<>\n]*\.\)?\n?$", callback)

    def assert_nothing_left_the_segment(self):
        self.change_and_wait()
        self.assertEqual(self.off_segment(), (0, 0), "the device sent packets off its segment")
        self.assertEqual(self.stranger.events, [])

    # --- The witness can be trusted --------------------------------------------------------------------------

    def test_the_router_counts_what_the_device_sends_off_the_segment(self):
        with self.device.connect((segment.FAR, self.stranger.port)):
            pass
        everything, unasked = self.off_segment()
        self.assertGreaterEqual(everything, 2)
        self.assertEqual(everything, unasked)

    def test_the_router_counts_packets_to_networks_it_has_no_route_to(self):
        with self.device.socket(socket.SOCK_DGRAM) as endpoint:
            endpoint.sendto(b"x", ("203.0.113.7", 9))
        self.assertEqual(self.off_segment(), (1, 1))

    # --- The attacks -----------------------------------------------------------------------------------------

    def test_a_far_host_that_names_itself_gets_nothing(self):
        try:
            refusal = self.subscribe(self.stranger.callback(), host=self.far)
            self.assertIn(refusal.status, (403, 412))
        except OSError:
            pass  # not letting it connect at all, or hanging up on it, is as good
        self.change_and_wait()
        self.assertEqual(self.off_segment()[1], 0, "the device sent the far host something it did not ask for")
        self.assertEqual(self.stranger.events, [])

    def test_a_near_host_that_names_a_far_one_is_refused(self):
        self.assert_refused(self.stranger.callback(),
                            "not on the network segment on which the request arrived (UDA 2.0, 4.1.1)")
        refusal = self.light.wait_for(rf"refused subscribe from {segment.NEAR} .*")[0]
        self.assertIn("segment", refusal)
        self.assert_nothing_left_the_segment()

    def test_a_far_host_that_names_a_near_one_is_told_nothing_more(self):
        try:
            self.assertIn(self.subscribe(self.neighbour.callback(), host=self.far).status, (200, 403, 412))
        except OSError:
            pass
        self.change_and_wait()
        self.assertEqual(self.off_segment()[1], 0)

    def test_one_far_url_among_near_ones_refuses_the_request(self):
        near, far = self.neighbour.callback(), self.stranger.callback()
        for callback in (near + far, far + near, near + near + far):
            self.assert_refused(callback)
        self.assert_nothing_left_the_segment()
        self.assertEqual(self.neighbour.events, [])

    def test_names_are_not_looked_up(self):
        for name in ("localhost", "stranger.example", "near", f"{segment.NEAR}.example", "a" * 63 + ".example"):
            self.assert_refused(f"<http://{name}:8080/>")
        self.assert_nothing_left_the_segment()

    def test_other_private_networks_are_off_the_segment_too(self):
        for address in ("10.0.0.9", "172.16.20.9", "192.168.21.9", "192.168.19.255", "169.254.20.9"):
            self.assert_refused(f"<http://{address}:8080/>")
        self.assert_nothing_left_the_segment()

    def test_addresses_that_are_no_other_host_are_refused(self):
        addresses = {"the device": segment.DEVICE, "loopback": "127.0.0.1", "any": "0.0.0.0",
                     "broadcast": segment.BROADCAST, "network": "192.168.20.0", "limited broadcast": "255.255.255.255",
                     "multicast": "239.255.255.250"}
        for what, address in addresses.items():
            with self.subTest(what):
                self.assert_refused(f"<http://{address}:{segment.HTTP_PORT}/>")
        self.assert_nothing_left_the_segment()

    def test_a_near_address_written_another_way_is_refused(self):
        port = self.neighbour.port
        disguises = [f"http://0xc0a81409:{port}/", f"http://3232240649:{port}/", f"http://192.168.5129:{port}/",
                     f"http://0300.0250.024.011:{port}/", f"http://{segment.NEAR}.:{port}/",
                     f"http://user@{segment.NEAR}:{port}/", f"http://{segment.FAR}@{segment.NEAR}:{port}/",
                     f"http://[::ffff:{segment.FAR}]:{port}/", f"https://{segment.NEAR}:{port}/",
                     f"ftp://{segment.NEAR}:{port}/", f"http://{segment.NEAR}:65558/", f"http://{segment.NEAR}:0/",
                     f"http://{segment.NEAR}:{port}/#part"]
        for url in disguises:
            with self.subTest(url):
                self.assert_refused(f"<{url}>")
        self.assert_nothing_left_the_segment()
        self.assertEqual(self.neighbour.events, [])

    def test_a_mapped_address_is_the_ipv4_address_that_it_means(self):
        answer = self.subscribe(f"<http://[::ffff:{segment.NEAR}]:{self.neighbour.port}/>")
        self.assertEqual(answer.status, 200)
        self.neighbour.wait_for(1)
        self.assert_refused(f"<http://[::ffff:{segment.FAR}]:{self.stranger.port}/>", "not on the network segment")
        self.assert_refused(f"<http://[::ffff:{segment.DEVICE}]:{segment.HTTP_PORT}/>", "an address of this device")
        self.assert_nothing_left_the_segment()

    def test_headers_that_are_no_list_of_urls_are_refused(self):
        good = self.neighbour.callback()
        for callback in ("", "<>", good.strip("<>"), good[:-1], good[1:], good + "x", "<" + good + ">"):
            with self.subTest(callback):
                self.assert_refused(callback)
        self.assert_nothing_left_the_segment()
        self.assertEqual(self.neighbour.events, [])

    def test_refusals_do_not_disturb_the_neighbours(self):
        self.assertEqual(self.subscribe(self.neighbour.callback()).status, 200)
        self.neighbour.wait_for(1)
        for _ in range(20):
            self.assert_refused(self.stranger.callback())
        self.set_target("1")
        self.assertEqual([e.seq for e in self.neighbour.wait_for(2)], [0, 1])
        self.assertEqual(self.off_segment(), (0, 0))


class Checker(scenario.Scenario):
    """What the public checker for CVE-2020-12695 does: search, read the descriptions, subscribe at every service with a
    delivery URL at a listener of one's own, and see whether that heard anything."""

    def vulnerable(self, listener, expected=0):
        """The services that sent something to the listener. It is told apart by the path which of them did. `expected`: how
        many of them have to."""
        services = []
        answers = control_point.search(self.near, "ssdp:all", enough=len(self.root.advertised()))
        for location in sorted({a.headers["location"] for a in answers}):
            for device in control_point.describe(self.near, location).all():
                services += device.services
        self.assertEqual(len(services), 3, "the checker did not find what there is to check")
        for number, service in enumerate(services):
            control_point.subscribe(self.near, service.event_url, listener.callback(f"/CallStranger?service={number}"),
                                    timeout=300)
        listener.wait_for(expected)
        time.sleep(FOR_A_NOTIFY_TO_SHOW)
        return {event.target for event in listener.events}

    def test_the_light_is_not_vulnerable(self):
        self.start_light("--embedded", "2")
        before = self.network.off_segment_packets()
        self.assertEqual(self.vulnerable(self.start_events(self.far)), set())
        self.assertEqual(self.network.off_segment_packets(), before)

    def test_with_a_listener_on_the_segment_the_checker_does_hear_each_service(self):
        self.start_light("--embedded", "2")
        self.assertEqual(self.vulnerable(self.start_events(self.near2), expected=3),
                         {f"/CallStranger?service={number}" for number in range(3)})

    def test_a_device_with_neither_validator_nor_containment_is_found_vulnerable(self):
        self.start_light("--embedded", "2", "--extra-segment", "seg0=172.31.0.0/16",
                         which="ONLINK_LIGHT_WITHOUT_VALIDATOR")
        self.assertEqual(len(self.vulnerable(self.start_events(self.far), expected=3)), 3)


if __name__ == "__main__":
    scenario.main()
