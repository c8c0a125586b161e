# SPDX-License-Identifier: BSL-1.0
"""Connections as fast as one neighbour can make them, while others are served."""

import contextlib
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import networks
import scenario
import segment
import siege

CONNECTIONS = 3000
OF_ONE_PEER = 12  # limits::http::max_connections_per_peer


class ConnectionFlood(siege.Siege):
    def test_opened_and_closed(self):
        def attack():
            for _ in range(CONNECTIONS):
                with contextlib.suppress(ConnectionError):
                    self.near2.connect(self.http).close()

        self.besiege(attack)

    def test_opened_and_kept(self):
        def attack():
            with contextlib.ExitStack() as closing:
                for _ in range(500):
                    with contextlib.suppress(ConnectionError):
                        closing.enter_context(self.near2.connect(self.http))

        counted = self.besiege(attack, "too many connections of one peer")
        self.assertGreater(counted["too many connections of one peer"], 3 * (500 - 2 * OF_ONE_PEER))

    def test_with_a_request_each_from_four_threads(self):
        message = self.head("GET", self.path(self.light.location), "CONNECTION: close")

        def ask():
            for _ in range(CONNECTIONS // 8):
                with contextlib.suppress(OSError):
                    self.send(message)

        def attack():
            threads = [threading.Thread(target=ask, daemon=True) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=60)

        self.besiege(attack)

    def test_handshakes_from_forged_addresses_of_the_segment(self):
        def attack():
            for number in range(1000):
                networks.forge_syn(self.near2, f"192.168.20.{100 + number % 100}", segment.DEVICE, segment.HTTP_PORT)

        self.besiege(attack)

    def test_from_beyond_the_router(self):
        """It never gets as far as a connection: the answer to its handshake does not leave the link."""
        def attack():
            for _ in range(3):
                with self.assertRaises(OSError):
                    self.far.connect(self.http, timeout=1).close()

        self.besiege(attack, rounds=2)


if __name__ == "__main__":
    scenario.main()
