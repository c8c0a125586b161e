# SPDX-License-Identifier: BSL-1.0
"""VU#357851, UPnProxy, EternalSilence: somebody beyond the router asks. It is refused before a byte of it is read."""

import contextlib
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario
import segment
import siege


class OffLink(siege.Siege):
    def test_searches_are_not_answered(self):
        def attack():
            endpoints = [self.enterContext(control_point.start_search(
                self.far, control_point.search_message("ssdp:all", 1), (segment.DEVICE, 1900))) for _ in range(20)]
            self.assertEqual(control_point.collect(endpoints, time.monotonic(), 1.5), [])

        self.besiege(attack, "datagram from off the segment", rounds=2)

    def test_connections_do_not_come_about(self):
        def attack():
            with self.assertRaises(OSError):
                self.far.connect(self.http, timeout=1.5).close()

        before = self.network.off_segment_packets()[1]
        self.besiege(attack, rounds=2)
        self.assertEqual(self.network.off_segment_packets()[1], before)

    def test_connections_are_not_read_from_where_only_the_hop_limit_would_stop_them(self):
        """A router that does not count hops: near2 as one, for an address that is not of the segment."""
        self.network.ip(self.near2, "address add 203.0.113.50/32 dev lo")
        self.addCleanup(self.network.ip, self.near2, "address delete 203.0.113.50/32 dev lo")
        self.network.ip(self.device, f"route add 203.0.113.50/32 via {segment.NEAR2}")
        self.addCleanup(self.network.ip, self.device, "route delete 203.0.113.50/32")
        before = self.network.off_segment_packets()[1]

        def attack():
            for _ in range(3):
                with self.near2.connect(self.http, timeout=5, source="203.0.113.50") as connection:
                    with contextlib.suppress(ConnectionError):  # it ends before it is read from: a reset
                        connection.sendall(self.head("GET", self.path(self.light.location)))
                        self.assertEqual(connection.recv(1), b"")

        counted = self.besiege(attack, "connection from off the segment", rounds=2)
        self.assertEqual(counted["connection from off the segment"], 2 * 3)
        self.assertEqual(self.network.off_segment_packets()[1], before)


if __name__ == "__main__":
    scenario.main()
