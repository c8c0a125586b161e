# SPDX-License-Identifier: BSL-1.0
"""Searches from one neighbour, as fast as it can, from many ports or in the name of others: what is drawn is bounded,
whoever gets it, and others are answered."""

import contextlib
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import networks
import scenario
import segment
import siege

SEARCHES = 5000
# limits::ssdp: searches and answers of one source, answers to all; without pause, and then per second
SEARCH_BURST, SEARCHES_PER_SECOND = 16, 4
ANSWER_BURST, ANSWERS_PER_SECOND = 128, 64
TOTAL_BURST, TOTAL_PER_SECOND = 1024, 512
MAX_TCP_ANSWERS = 4
LONGEST = 512  # bytes of an answer
OFTEN, DRAWN, UNDELIVERED = "searches too often", "too many answers drawn", "search answer by TCP undelivered"
SILENT_PORTS = range(50001, 50007)


class Flood(siege.Siege):
    @contextlib.contextmanager
    def bounded(self, to=(segment.NEAR2,), at=None):
        """What the light sends to each of these addresses in the block is no more than one source may draw in that time;
        to all of them no more than all sources may, and not nothing."""
        every = len(self.root.advertised())
        at = at or self.near2
        with networks.Witness([at]) as witness:
            began = time.monotonic()
            yield
            self.metrics()  # what came before that is decided, but for what waits in the socket
            lasted = time.monotonic() - began + 1
            time.sleep(1.5)  # MX and a little
            answers = witness.seen(lambda p: p.interface == at.interface and p.protocol == "udp" and
                                   p.source == segment.DEVICE and p.target in to)
        # A search is answered as a whole.
        most = min(ANSWER_BURST + ANSWERS_PER_SECOND * lasted + every,
                   (SEARCH_BURST + SEARCHES_PER_SECOND * lasted) * every)
        for address in to:
            own = [len(p.payload) for p in answers if p.target == address]
            self.assertLessEqual(len(own), most, address)
            self.assertLessEqual(sum(own), most * LONGEST, address)
        self.assertLessEqual(len(answers), TOTAL_BURST + TOTAL_PER_SECOND * lasted + every)
        self.assertGreater(len(answers), 0)

    def flood(self, message, sources=(None,)):
        with contextlib.ExitStack() as closing:
            endpoints = [closing.enter_context(control_point.search_endpoint(self.near2, source))
                         for _ in range(20) for source in sources]
            for number in range(SEARCHES):
                endpoints[number % len(endpoints)].sendto(message, (control_point.GROUP, 1900))


class SearchFlood(Flood):
    def test_for_everything(self):
        def attack():
            with self.bounded():
                self.flood(control_point.search_message("ssdp:all", 1))

        self.besiege(attack, OFTEN, tries=3)

    def test_for_everything_in_the_longest_time(self):
        self.besiege(lambda: self.flood(control_point.search_message("ssdp:all", 5)), OFTEN, tries=3)

    def test_for_nothing_that_is_here(self):
        self.besiege(lambda: self.flood(control_point.search_message("urn:x:device:Toaster:1", 1)), OFTEN, tries=3)

    def test_nonsense(self):
        self.besiege(lambda: self.flood(b"M-SEARCH * HTTP/1.1\r\n" + b"\0" * 1000), "datagram malformed", tries=3)

    def test_in_the_name_of_another(self):
        """Who is named gets no more than one who asks, and costs nobody else anything of theirs."""
        def attack():
            with self.bounded((segment.ROUTER,), self.network.router):
                for number in range(500):
                    networks.forge_search(self.near2, segment.ROUTER, segment.DEVICE, 1900 + number % 100)
                self.assertEqual(len(control_point.search(self.near2, "ssdp:all")), 4)

        self.besiege(attack, OFTEN, tries=3)

    def test_for_answers_by_TCP_that_nobody_takes(self):
        listener = self.enterContext(self.near2.listen(port=50000))
        message = control_point.search_message("ssdp:all", 1, TCPPORT_UPNP_ORG=listener.getsockname()[1])
        self.besiege(lambda: self.flood(message), OFTEN, tries=3)

    def test_for_answers_by_TCP_to_ports_that_say_nothing(self):
        """A connection to them never comes about, and would be tried for minutes. A few are, for a moment; the other
        searches are answered by UDP."""
        rules = (f"table ip hole {{ chain into {{ type filter hook input priority 0; "
                 f"tcp dport {SILENT_PORTS[0]}-{SILENT_PORTS[-1]} drop; }}; }}\n")
        with self.near2.inside():
            subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True, timeout=30)
        self.addCleanup(self.open_the_ports)

        def attack():
            before = self.refusals().get(UNDELIVERED, 0)
            messages = [control_point.search_message("ssdp:all", 1, TCPPORT_UPNP_ORG=port) for port in SILENT_PORTS]
            with networks.Witness([self.near2]) as witness:
                by_udp = control_point.search_each(self.near2, messages, 1.5)
                self.assertEqual(sum(map(len, by_udp)), 4 * (len(SILENT_PORTS) - MAX_TCP_ANSWERS))
                segment.wait_until(lambda: self.refusals().get(UNDELIVERED, 0) == before + MAX_TCP_ANSWERS,
                                   "they are given up", seconds=15)  # limits::ssdp::tcp_answer_deadline is 2
                handshakes = witness.seen(lambda p: p.source == segment.DEVICE and p.flags == networks.SYN)
            self.assertEqual(len({p.ports[1] for p in handshakes} & set(SILENT_PORTS)), MAX_TCP_ANSWERS)

        self.besiege(attack, UNDELIVERED, rounds=2)

    def open_the_ports(self):
        with self.near2.inside():
            subprocess.run(["nft", "delete", "table", "ip", "hole"], check=True, timeout=30)


class LargeTree(Flood):
    """So many answers to one search that it is they that are too many, not the searches."""
    options = ("--embedded", "40")

    def test_for_everything(self):
        def attack():
            with self.bounded():
                for _ in range(3):
                    self.flood(control_point.search_message("ssdp:all", 1))

        self.besiege(attack, DRAWN, rounds=2, tries=3)

    def test_from_as_many_sources_as_it_likes(self):
        sources = self.aliases(60)

        def attack():
            with self.bounded(sources):
                self.flood(control_point.search_message("ssdp:all", 1), sources)

        self.besiege(attack, DRAWN, rounds=2, tries=3)


if __name__ == "__main__":
    scenario.main()
