# SPDX-License-Identifier: BSL-1.0
"""Slowloris and its kin: requests that never end, connections that say nothing."""

import contextlib
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario
import segment
import siege

OF_ONE_PEER = 12  # limits::http::max_connections_per_peer
SLOW = "request too slow"


class SlowPeers(siege.Siege):
    def trickle(self, start, byte, sources):
        """Twelve connections of each source, a byte a second over each of them, until the light has ended them all."""
        with contextlib.ExitStack() as closing:
            connections = []
            for source in sources:
                for _ in range(OF_ONE_PEER):
                    connection = closing.enter_context(self.near2.connect(self.http, source=source))
                    connection.sendall(start)
                    connections.append(connection)
            ended = time.monotonic() + 25
            while connections and time.monotonic() < ended:
                time.sleep(1)
                connections = [c for c in connections if self.goes_on(c, byte)]
            self.assertEqual(len(connections), 0, "held on for more than header_deadline and body_deadline")

    @staticmethod
    def goes_on(connection, byte):
        try:
            connection.setblocking(False)
            connection.send(byte)
            connection.recv(1000)  # an answer, or the end
            return False
        except BlockingIOError:
            return True
        except OSError:
            return False

    def test_a_header_by_the_byte(self):
        self.besiege(lambda: self.trickle(b"GET / HTTP/1.1\r\nX: ", b"x", [None]), SLOW, rounds=2)

    def test_a_body_by_the_byte(self):
        start = self.head("POST", self.path(self.switch.control_url), "CONTENT-LENGTH: 60000")
        self.besiege(lambda: self.trickle(start, b"x", [None]), SLOW, rounds=2)

    def test_chunks_by_the_byte(self):
        start = self.head("POST", self.path(self.switch.control_url), "TRANSFER-ENCODING: chunked")
        self.besiege(lambda: self.trickle(start + b"1;", b"x", [None]), SLOW, rounds=2)

    def test_of_more_neighbours_than_there_are_connections_for(self):
        self.besiege(lambda: self.trickle(b"GET / HTTP/1.1\r\nX: ", b"x", self.aliases(4)), SLOW, rounds=2)

    def test_they_come_again_as_soon_as_they_are_turned_away(self):
        """So that there is a newcomer to make room for at the moment in which the honest one has connected and its
        request is on its way."""
        def attack():
            half = b"GET / HTTP/1.1\r\nX: "
            with contextlib.ExitStack() as closing:
                held = {(source, number): None for source in self.aliases(4) for number in range(OF_ONE_PEER)}
                ended = time.monotonic() + 6
                turned_away = 0
                while time.monotonic() < ended:
                    for place, connection in held.items():
                        if connection and self.goes_on(connection, b"x"):
                            continue
                        if connection:
                            connection.close()
                            turned_away += 1
                        held[place] = closing.enter_context(self.near2.connect(self.http, source=place[0]))
                        with contextlib.suppress(OSError):
                            held[place].sendall(half)
                    time.sleep(0.01)
                self.assertGreater(turned_away, 500)

        self.besiege(attack, "too many connections", rounds=2)

    def test_two_hundred_that_say_nothing(self):
        """miniupnpd and npupnp: connections without a deadline. Beyond its share a neighbour is turned away at once."""
        def attack():
            with contextlib.ExitStack() as closing:
                for _ in range(200):
                    closing.enter_context(self.near2.connect(self.http))
                time.sleep(2)
                self.assertLessEqual(self.metrics()["onlink_connections"], OF_ONE_PEER + 8)

        self.besiege(attack, "too many connections of one peer")

    def test_it_stops_at_once_in_the_middle_of_that(self):
        silent = self.enterContext(self.near2.listen())
        control_point.subscribe(self.near2, self.switch.event_url, "<http://%s:%d/>" % silent.getsockname())
        half = self.enterContext(self.near2.connect(self.http))
        half.sendall(b"POST / HTTP/1.1\r\n")
        self.assertEqual(self.light.stop(seconds=5), 0)
        self.assertEqual(self.light.output[-1], "goodbye")


if __name__ == "__main__":
    scenario.main()
