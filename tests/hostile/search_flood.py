# SPDX-License-Identifier: BSL-1.0
"""Searches from one neighbour, as fast as it can, from many ports: what it draws is bounded, others are answered."""

import contextlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario
import siege

SEARCHES = 5000


class SearchFlood(siege.Siege):
    def flood(self, message):
        with contextlib.ExitStack() as closing:
            endpoints = [closing.enter_context(control_point.search_endpoint(self.near2)) for _ in range(20)]
            for number in range(SEARCHES):
                endpoints[number % len(endpoints)].sendto(message, (control_point.GROUP, 1900))

    def test_for_everything(self):
        counted = self.besiege(lambda: self.flood(control_point.search_message("ssdp:all", 5)), "searches too often")
        self.assertGreater(counted["searches too often"], SEARCHES)

    def test_for_nothing_that_is_here(self):
        self.besiege(lambda: self.flood(control_point.search_message("urn:x:device:Toaster:1", 1)))

    def test_for_answers_by_TCP_that_nobody_takes(self):
        listener = self.enterContext(self.near2.listen(port=50000))
        message = control_point.search_message("ssdp:all", 1, TCPPORT_UPNP_ORG=listener.getsockname()[1])
        self.besiege(lambda: self.flood(message), "searches too often")

    def test_nonsense(self):
        self.besiege(lambda: self.flood(b"M-SEARCH * HTTP/1.1\r\n" + b"\0" * 1000), "datagram malformed")


if __name__ == "__main__":
    scenario.main()
