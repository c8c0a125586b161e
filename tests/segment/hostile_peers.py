# SPDX-License-Identifier: BSL-1.0
"""Peers that stall, hang up, flood or talk nonsense: the others on the segment do not notice."""

import contextlib
import pathlib
import random
import select
import socket
import struct
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import light
import scenario
import segment

DEVICE_HTTP = (segment.DEVICE, segment.HTTP_PORT)


class HostilePeers(scenario.Scenario):
    """near is a control point like any other; near2 misbehaves."""

    def setUp(self):
        super().setUp()
        self.start_light()

    def assert_light_works(self):
        """Discovery, description and control, each as fast as on a quiet segment."""
        answers = control_point.search(self.near, "ssdp:all")
        self.assertEqual(len({a.headers["usn"] for a in answers}), 4)
        began = time.monotonic()
        self.assertEqual(control_point.describe(self.near, self.light.location).udn, f"uuid:{light.UUID}")
        target = "0" if self.status() == "1" else "1"
        self.set_target(target)
        self.assertEqual(self.status(), target)
        self.assertLess(time.monotonic() - began, 2.0)

    def assert_events_are_prompt(self, server, changes):
        """Every change reaches this subscriber within a second, and none is lost."""
        for _ in range(changes):
            heard = len(server.events)
            target = "0" if self.status() == "1" else "1"
            began = time.monotonic()
            self.set_target(target)
            event = server.wait_for(heard + 1)[heard]
            self.assertEqual(event.properties, {"Status": target})
            self.assertLess(event.at - began, 1.0)
        self.assertEqual([e.seq for e in server.events], list(range(len(server.events))))

    def test_a_subscriber_that_never_answers_delays_nobody(self):
        silent = self.enterContext(self.near2.listen())
        stalled = "<http://%s:%d/>" % silent.getsockname()
        for _ in range(4):
            self.assertEqual(control_point.subscribe(self.near2, self.switch.event_url, stalled).status, 200)
        server = self.start_events(self.near)
        control_point.subscribe(self.near, self.switch.event_url, server.callback())
        server.wait_for(1)
        self.assert_events_are_prompt(server, changes=10)
        self.assertTrue(select.select([silent], [], [], 5)[0], "the silent subscriber was never called")

    def test_subscribers_that_are_not_there_delay_nobody(self):
        nobody_there = "<http://192.168.20.77:8080/>"
        with self.near2.listen() as closed_soon:
            refuses = "<http://%s:%d/>" % closed_soon.getsockname()
        for callback in (nobody_there, refuses) * 3:
            self.assertEqual(control_point.subscribe(self.near2, self.switch.event_url, callback).status, 200)
        server = self.start_events(self.near)
        control_point.subscribe(self.near, self.switch.event_url, server.callback())
        server.wait_for(1)
        self.assert_events_are_prompt(server, changes=10)

    def test_half_sent_requests_block_nobody(self):
        with contextlib.ExitStack() as connections:
            for number in range(50):
                connection = connections.enter_context(self.near2.connect(DEVICE_HTTP))
                with contextlib.suppress(ConnectionError):  # refused beyond its share: that is the point
                    connection.sendall([b"", b"POST", b"GET / HTTP/1.1\r\nHOST: 192.1",
                                        b"POST / HTTP/1.1\r\nCONTENT-LENGTH: 500\r\n\r\n<"][number % 4])
            self.assert_light_works()
        self.assert_light_works()

    def test_hanging_up_at_any_point_harms_nobody(self):
        whole = (f"POST {self.switch.control_url} HTTP/1.1\r\nHOST: {segment.DEVICE}:{segment.HTTP_PORT}\r\n"
                 "CONTENT-LENGTH: 10\r\n\r\n0123456789").encode()
        reset_on_close = struct.pack("ii", 1, 0)
        for length in range(0, len(whole) + 1, 5):
            with self.near2.connect(DEVICE_HTTP) as connection:
                connection.sendall(whole[:length])
                if length % 2:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset_on_close)
        self.assert_light_works()

    def test_nonsense_datagrams_harm_nobody(self):
        chance = random.Random(7)
        search = control_point.search_message("ssdp:all")
        with self.near2.socket(socket.SOCK_DGRAM) as endpoint:
            for _ in range(500):
                message = bytearray(search)
                for _ in range(chance.randrange(1, 8)):
                    message[chance.randrange(len(message))] = chance.randrange(256)
                endpoint.sendto(message[:chance.randrange(len(message))], (segment.DEVICE, 1900))
                endpoint.sendto(chance.randbytes(chance.choice((0, 1, 40, 1400, 9000))), (segment.DEVICE, 1900))
        self.assert_light_works()

    def test_nonsense_requests_harm_nobody(self):
        nonsense = [b"\0" * 3000, b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
                    b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 5000 + b"\r\n",
                    b"GET /" + b"x" * 100000 + b" HTTP/1.1\r\n\r\n",
                    b"POST / HTTP/1.1\r\nCONTENT-LENGTH: 99999999999999999999\r\n\r\n",
                    b"POST / HTTP/1.1\r\nTRANSFER-ENCODING: chunked\r\n\r\nfffffffffffffff\r\n",
                    b"SUBSCRIBE / HTTP/1.1\r\nCALLBACK: " + b"<" * 5000 + b"\r\n\r\n"]
        for request in nonsense:
            with self.near2.connect(DEVICE_HTTP) as connection, contextlib.suppress(OSError):
                connection.sendall(request)
                answer = connection.recv(100)
                self.assertFalse(answer.startswith(b"HTTP/1.1 2"), request[:60])
        self.assert_light_works()

    def test_the_light_stops_cleanly_in_the_middle_of_it_all(self):
        silent = self.enterContext(self.near2.listen())
        control_point.subscribe(self.near2, self.switch.event_url, "<http://%s:%d/>" % silent.getsockname())
        half_a_request = self.enterContext(self.near2.connect(DEVICE_HTTP))
        half_a_request.sendall(b"POST / HTTP/1.1\r\n")
        self.assertEqual(self.light.stop(seconds=5), 0)
        self.assertEqual(self.light.output[-1], "goodbye")


if __name__ == "__main__":
    scenario.main()
