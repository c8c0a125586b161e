# SPDX-License-Identifier: BSL-1.0
"""Answers by TCP, and what searches can draw from a device: judged by a capture."""

import collections
import contextlib
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import capture
import control_point
import networks
import scenario
from capture import ANSWER, SET

# limits::ssdp: search_burst, searches_per_second, answer_burst, answers_per_second
SEARCH_BURST, SEARCHES_PER_SECOND = 16, 4
ANSWER_BURST, ANSWERS_PER_SECOND = 128, 64
# total_answer_burst, total_answers_per_second
TOTAL_BURST, TOTAL_PER_SECOND = 1024, 512

PORT = 50000
FLOOD_SECONDS, FLOOD_RATE = 3, 200


class OneLan(capture.Captured):
    @classmethod
    def make(cls, network):
        lan = network.lan("lan")
        for name, number in (("device", 5), ("near", 9), ("near2", 10)):
            host = network.host(name, f"192.168.20.{number}")
            network.plug(host, lan, f"{host.address}/24", f"fd00:20::{number}/64")


class ByTcp(OneLan):
    """UDA 2.0, 1.3.2: TCPPORT.UPNP.ORG."""

    def setUp(self):
        super().setUp()
        self.start_light()

    def search_by_tcp(self, port, target="ssdp:all", to=control_point.GROUP, source=None):
        message = control_point.search_message(target, 1, f"{control_point.in_url(to).upper()}:1900",
                                               TCPPORT_UPNP_ORG=port)
        return self.enterContext(control_point.start_search(self.near, message, (to, 1900), source))

    def by_udp(self, endpoint, enough=0):
        return control_point.collect([endpoint], time.monotonic(), 1.3, enough)

    def take(self, listener):
        """One connection: from where, and the messages that came by it until its end."""
        listener.settimeout(10)
        connection, peer = listener.accept()
        with connection:
            connection.settimeout(10)
            received = b""
            for _ in range(1000):
                part = connection.recv(65536)
                if not part:
                    break
                received += part
        messages = received.split(b"\r\n\r\n")
        self.assertEqual(messages.pop(), b"")
        return peer, [control_point.Datagram.parse(m + b"\r\n\r\n", peer, 0) for m in messages]

    def assert_no_further(self, listener):
        listener.settimeout(0.3)
        with self.assertRaises(TimeoutError):
            listener.accept()

    def connections(self):
        """What the device began, to the port that is asked for."""
        return self.witness.seen(lambda p: p.host == "device" and p.outgoing and p.protocol == "tcp" and
                                 p.flags & networks.SYN and not p.flags & networks.ACK)

    def test_all_answers_come_by_one_connection_and_none_by_udp(self):
        for to, source, own in ((control_point.GROUP, "192.168.20.9", "192.168.20.5"),
                                (control_point.SITE_GROUP, "fd00:20::9", "fd00:20::5"),
                                (control_point.LINK_GROUP, self.network.link_local(self.near),
                                 self.network.link_local(self.device))):
            with self.subTest(to):
                self.witness.forget()
                listener = self.enterContext(self.near.listen(address=source, port=PORT))
                asked = self.search_by_tcp(PORT, to=to, source=source)
                peer, answers = self.take(listener)
                self.assertEqual(peer[0].split("%")[0], own)
                self.assertEqual({a.headers["st"]: a.headers["usn"] for a in answers},
                                 {m.removeprefix(capture.udn() + "::"): m for m in SET})
                self.assertEqual(len(answers), len(SET))
                for answer in answers:
                    self.assertEqual(answer.start_line, "HTTP/1.1 200 OK")
                    self.assertEqual(answer.headers["location"],
                                     control_point.at_address(self.light.location, own))
                self.assertEqual(self.by_udp(asked), [])
                self.assertEqual(self.said(ANSWER), [])
                self.assert_no_further(listener)
                self.assertEqual({(p.target, p.ports[1], p.hops) for p in self.connections()}, {(source, PORT, 1)})
                listener.close()

    def test_what_nothing_matches_is_no_reason_to_connect(self):
        listener = self.enterContext(self.near.listen(port=PORT))
        self.search_by_tcp(PORT, "urn:schemas-upnp-org:device:Toaster:1")
        self.assert_no_further(listener)

    def test_ports_that_are_not_for_that_are_ignored(self):  # N-13
        for port in ("80", "49151", "65536", "fifty"):
            with self.subTest(port):
                self.witness.forget()
                asked = self.search_by_tcp(port)
                self.assertEqual({a.headers["usn"] for a in self.by_udp(asked, enough=len(SET))}, SET)
                self.assertEqual(self.connections(), [])

    def test_nobody_listens(self):
        asked = self.search_by_tcp(PORT)
        self.light.wait_for(r"refused search from 192\.168\.20\.9 on seg0: search answer by TCP undelivered .*")
        self.assertEqual(self.by_udp(asked), [])
        self.assertEqual(len(control_point.search(self.near, "ssdp:all", enough=len(SET))), len(SET))

    def test_one_that_accepts_and_reads_nothing_holds_nobody_up(self):
        listeners = [self.enterContext(self.near.listen(port=PORT + i)) for i in range(8)]
        for i, _ in enumerate(listeners):
            self.search_by_tcp(PORT + i)
        answers = control_point.search(self.network.near2, "ssdp:all", enough=len(SET))
        self.assertEqual({a.headers["usn"] for a in answers}, SET)
        self.assertLessEqual(len(self.connections()), len(listeners))
        self.assertEqual(self.status(), "0")

    def test_a_device_of_an_older_level_answers_by_udp(self):
        self.light.stop()
        for level in ("1.0", "1.1"):
            with self.subTest(level):
                self.start_light("--uda", level)
                asked = self.search_by_tcp(PORT)
                self.assertEqual({a.headers["usn"] for a in self.by_udp(asked, enough=len(SET))}, SET)
                self.assertEqual(self.connections(), [])
                self.light.stop()


class Flood(OneLan):
    """G-11 two hundred times a second from one address (N-12)."""

    def flood(self, message, sockets):
        """From that many ports of near, in turn; how long it took in truth, and how many searches it was."""
        count = FLOOD_SECONDS * FLOOD_RATE
        with contextlib.ExitStack() as closing:
            endpoints = [closing.enter_context(control_point.search_endpoint(self.near)) for _ in range(sockets)]
            began = time.monotonic()
            for number in range(count):
                endpoints[number % sockets].sendto(message, (control_point.GROUP, 1900))
                ahead = began + (number + 1) / FLOOD_RATE - time.monotonic()
                if ahead > 0:
                    time.sleep(ahead)
            took = time.monotonic() - began
            time.sleep(2.5)  # for the answers of the last ones
        return took, count

    def assert_capped(self, what, whole, sockets):
        """`whole`: how many answers one search draws."""
        message = control_point.search_message("ssdp:all", 3)
        self.witness.forget()
        found = []

        def another():
            for _ in range(3):
                found.append(control_point.search(self.network.near2, "upnp:rootdevice", enough=1))

        asking = threading.Thread(target=another)
        asking.start()
        took, count = self.flood(message, sockets)
        asking.join()
        self.assertEqual([len(answers) for answers in found], [1, 1, 1])
        heard = self.witness.seen(lambda p: p.host == "device" and not p.outgoing and p.source == self.near.address and
                                  p.payload == message)
        self.assertEqual(len(heard), count, "the flood did not arrive")
        answers = [m for m in self.said(ANSWER) if m.packet.target == self.near.address]
        sent, received = sum(len(m.packet.payload) for m in answers), sum(len(p.payload) for p in heard)
        most = capture.most_in_a_second(answers)
        capture.figure(f"{what}: {count} searches in {took:.1f} s from {sockets} ports drew {len(answers)} answers, "
                       f"at most {most} in one second; {sent} bytes for {received}: {sent / received:.2f} to 1")
        self.assertTrue(answers)
        by_searches = (SEARCH_BURST + SEARCHES_PER_SECOND * (took + 1)) * whole
        # A search is answered as a whole, and what that was too much is gained back first.
        by_answers = ANSWER_BURST + ANSWERS_PER_SECOND * (took + 1) + whole
        self.assertLessEqual(len(answers), min(by_searches, by_answers))
        self.light.wait_for(r"refused search from 192\.168\.20\.9 on seg0: searches too often.*")
        self.assertEqual(self.status(), "0")
        return sent / received

    def test_a_light_from_fifty_ports(self):
        self.start_quietly()
        self.assertLess(self.assert_capped("a light", len(SET), 50), 1)

    def test_a_light_from_one_port(self):
        self.start_quietly()
        self.assertLess(self.assert_capped("a light", len(SET), 1), 1)

    def test_a_tree_of_fifty(self):
        self.start_quietly("--embedded", "50")
        whole = 3 + 2 * 50 + 51
        self.assert_capped("a tree of 50", whole, 50)
        self.light.wait_for(r"refused search from 192\.168\.20\.9 on seg0: too many answers drawn.*")

    def test_forged_sources_share_what_all_of_them_may_draw(self):
        # near is all of them to the device's ARP, or no answer would be seen to leave.
        self.network.ip(self.near, "route add local 192.168.20.128/25 dev lo")
        self.addCleanup(self.network.ip, self.near, "route delete local 192.168.20.128/25 dev lo")
        self.start_quietly("--embedded", "10")
        whole = 3 + 2 * 10 + 11
        self.witness.forget()
        began = time.monotonic()
        for number in range(600):
            networks.forge_search(self.near, f"192.168.20.{130 + number % 100}", "192.168.20.5")
        took = time.monotonic() - began
        time.sleep(1.5)
        drawn = self.said(ANSWER)
        self.assertTrue(drawn)
        capture.figure(f"600 forged searches of 100 sources in {took:.1f} s drew {len(drawn)} answers, at most "
                       f"{capture.most_in_a_second(drawn)} in one second")
        self.assertLessEqual(len(drawn), TOTAL_BURST + TOTAL_PER_SECOND * (took + 1) + whole)
        time.sleep(2)  # and then there is something for everybody again
        self.assertEqual(len(control_point.search(self.network.near2, "ssdp:all", enough=whole)), whole)

    def test_one_search_and_what_it_draws(self):
        self.start_quietly()
        for target, enough in (("ssdp:all", len(SET)), ("upnp:rootdevice", 1)):
            message = control_point.search_message(target, 1)
            self.witness.forget()
            answers = control_point.search(self.near, target, enough=enough)
            sent = sum(len(m.packet.payload) for m in self.said(ANSWER))
            capture.figure(f"{target}: {len(answers)} answers, {sent} bytes for {len(message)}: "
                           f"{sent / len(message):.1f} to 1")
            counts = collections.Counter(a.headers["usn"] for a in answers)
            self.assertEqual(set(counts.values()), {1})
            self.assertLess(max(len(m.packet.payload) for m in self.said(ANSWER)), 512)


if __name__ == "__main__":
    scenario.main()
