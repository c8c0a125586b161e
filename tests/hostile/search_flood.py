# SPDX-License-Identifier: BSL-1.0
"""Searches from one neighbour, as fast as it can, from many ports or in the name of others: what is drawn is bounded,
whoever gets it, and others are answered. Or in the name of nobody: the light is advertised all the while."""

import collections
import contextlib
import itertools
import pathlib
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import networks
import scenario
import segment
import siege

SECONDS = 1.5  # of a flood
PORTS = 240
# limits::ssdp: searches and answers of one source, answers to all; without pause, and then per second
SEARCH_BURST, SEARCHES_PER_SECOND = 16, 4
ANSWER_BURST, ANSWERS_PER_SECOND = 128, 64
TOTAL_BURST, TOTAL_PER_SECOND = 1024, 512
MAX_TCP_ANSWERS = 4
WINDOW = 0.5  # seconds over which the answers to MX 1 are spread
LONGEST = 512  # bytes of an answer
OFTEN, DRAWN, UNDELIVERED = "searches too often", "too many answers drawn", "search answer by TCP undelivered"
UNSENT = "datagram not sent"
SILENT_PORTS = range(50001, 50007)
NOBODY = [f"192.168.20.{number}" for number in range(100, 250)]  # on the segment; no host has them
SECONDS_BETWEEN = 0.004  # two searches in the name of nobody, or two forged errors
END = b"\r\n\r\n"


class Flood(siege.Siege):
    def flood(self, message, sources=(segment.NEAR2,), patience=1.5):
        """The message from these addresses, again and again: how long until all was decided, and the bytes of each
        answer to each of them. `patience`: for MX and a little."""
        with contextlib.ExitStack() as closing:
            endpoints = [(source, closing.enter_context(control_point.search_endpoint(self.near2, source)))
                         for _ in range(PORTS // len(sources)) for source in sources]
            began = time.monotonic()
            while time.monotonic() < began + SECONDS:
                for _, endpoint in endpoints:
                    endpoint.sendto(message, (control_point.GROUP, 1900))
            self.metrics()  # what came before that is decided, but for what waits in the socket
            lasted = time.monotonic() - began + 1
            time.sleep(patience)
            answers = {source: [] for source in sources}
            for source, endpoint in endpoints:
                endpoint.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    while True:
                        answers[source].append(len(endpoint.recv(65535)))
        return lasted, answers

    def assert_bounded(self, lasted, answers):
        """No source draws more than its share in that time, and all of them no more than all may; but not nothing."""
        every = len(self.root.advertised())  # a search is answered as a whole
        most = min(ANSWER_BURST + ANSWERS_PER_SECOND * lasted + every,
                   (SEARCH_BURST + SEARCHES_PER_SECOND * lasted) * every)
        for source, own in answers.items():
            self.assertLessEqual(len(own), most, source)
            self.assertLessEqual(sum(own), most * LONGEST, source)
        in_all = sum(map(len, answers.values()))
        self.assertLessEqual(in_all, TOTAL_BURST + TOTAL_PER_SECOND * lasted + every)
        self.assertGreater(in_all, 0)


class SearchFlood(Flood):
    def test_for_everything(self):
        message = control_point.search_message("ssdp:all", 1)
        counted = self.besiege(lambda: self.assert_bounded(*self.flood(message)), OFTEN, tries=3)
        self.assertGreater(counted[OFTEN], 5000)

    def test_for_everything_in_the_longest_time(self):
        message = control_point.search_message("ssdp:all", 5)
        self.besiege(lambda: self.assert_bounded(*self.flood(message, patience=5.5)), OFTEN, rounds=2, tries=3)

    def test_for_nothing_that_is_here(self):
        def attack():
            _, answers = self.flood(control_point.search_message("urn:x:device:Toaster:1", 1))
            self.assertEqual(answers, {segment.NEAR2: []})

        self.besiege(attack, OFTEN, rounds=2, tries=3)

    def test_nonsense(self):
        def attack():
            _, answers = self.flood(b"M-SEARCH * HTTP/1.1\r\n" + b"\0" * 1000)
            self.assertEqual(answers, {segment.NEAR2: []})

        self.besiege(attack, "datagram malformed", rounds=2, tries=3)

    def test_in_the_name_of_another(self):
        """Who is named gets no more than one who asks, and costs nobody else anything of theirs."""
        def attack():
            router = self.network.router
            with networks.Witness([router]) as witness:
                began = time.monotonic()
                for number in range(1000):
                    networks.forge_search(self.near2, router.address, segment.DEVICE, 1900 + number % 100)
                self.assertEqual(len(control_point.search(self.near2, "ssdp:all")), 4)
                lasted = time.monotonic() - began
                answers = witness.seen(lambda p: p.interface == router.interface and p.protocol == "udp" and
                                       (p.source, p.target) == (segment.DEVICE, router.address))
            self.assert_bounded(lasted, {router.address: [len(p.payload) for p in answers]})

        self.besiege(attack, OFTEN, tries=3)

    def test_for_answers_by_TCP_that_nobody_takes(self):
        listener = self.enterContext(self.near2.listen(backlog=1000, port=50000))
        listener.setblocking(False)
        message = control_point.search_message("ssdp:all", 1, TCPPORT_UPNP_ORG=listener.getsockname()[1])

        def attack():
            lasted, answers = self.flood(message)
            by_tcp = self.taken_from(listener)
            self.assertGreater(len(by_tcp), 0)
            self.assertLessEqual(len(by_tcp), 1 + lasted / WINDOW, "repetitions are one search")
            answers[segment.NEAR2] += [len(answer) for answers in by_tcp for answer in answers.split(END)[:-1]]
            self.assert_bounded(lasted, answers)

        self.besiege(attack, OFTEN, rounds=2, tries=3)

    @staticmethod
    def taken_from(listener):
        """What came over each connection that waits there."""
        received = []
        with contextlib.suppress(BlockingIOError):
            while True:
                with listener.accept()[0] as connection:
                    connection.settimeout(5)
                    received.append(b"".join(iter(lambda: connection.recv(65536), b"")))
        return received

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
        message = control_point.search_message("ssdp:all", 1)
        self.besiege(lambda: self.assert_bounded(*self.flood(message)), DRAWN, rounds=2, tries=3)

    def test_from_as_many_sources_as_it_likes(self):
        sources, message = self.aliases(60), control_point.search_message("ssdp:all", 1)
        self.besiege(lambda: self.assert_bounded(*self.flood(message, sources)), DRAWN, rounds=2, tries=3)


class Advertised(siege.Siege):
    """Whatever is forged, the light is advertised."""
    options = ("--max-age", "8")

    @contextlib.contextmanager
    def meanwhile(self, forge):
        """While the block runs, it is done again and again."""
        done = threading.Event()

        def go_on():
            while not done.wait(SECONDS_BETWEEN):
                forge()

        forger = threading.Thread(target=go_on, daemon=True)
        forger.start()
        try:
            yield
        finally:
            done.set()
            forger.join(timeout=5)

    def usns(self):
        return {usn for _, usn in self.root.advertised()}

    def heard_of(self, advertisements, subtype, times, seconds=20):
        """How often each USN was heard, when as many were as there are in so many sets."""
        heard = advertisements.heard(subtype, seconds, enough=times * len(self.usns()))
        return collections.Counter(message.headers["usn"] for message in heard)

    def assert_goodbye(self, advertisements):
        """In full."""
        usns = self.usns()
        self.light.stop()
        self.assertEqual(self.heard_of(advertisements, "ssdp:byebye", 1), dict.fromkeys(usns, 1))


class NobodysSearches(Advertised):
    """From addresses of the segment that nobody has: the system looks for them for seconds, and keeps the answers until
    then, as many as fit into the buffer of the socket that they leave by."""

    @contextlib.contextmanager
    def in_the_name_of_nobody(self):
        """While the block runs; it begins when the system takes no more answers."""
        before = self.refusals().get(UNSENT, 0)
        sources = itertools.cycle(NOBODY)
        with self.meanwhile(lambda: networks.forge_search(self.near2, next(sources), segment.DEVICE)):
            segment.wait_until(lambda: self.refusals().get(UNSENT, 0) > before, "the buffer is full", seconds=15)
            yield

    def test_the_device_is_advertised_all_the_while(self):
        def attack():
            with self.in_the_name_of_nobody(), control_point.Advertisements(self.near) as advertisements:
                counts = self.heard_of(advertisements, "ssdp:alive", 3)
                self.assertEqual(set(counts), self.usns())
                self.assertGreaterEqual(min(counts.values()), 2, counts)  # where it begins and ends, not all are heard

        self.besiege(attack, UNSENT, searches=False)
        segment.wait_until(lambda: len(control_point.search(self.near, "ssdp:all")) == len(self.usns()),
                           "searches are answered again", seconds=20)

    def test_it_says_goodbye_in_full(self):
        with control_point.Advertisements(self.near) as advertisements, self.in_the_name_of_nobody():
            self.assert_goodbye(advertisements)


class ForgedErrors(Advertised):
    """Of what it has sent to the group: whoever says that an advertisement met nobody does not cost it the next one."""

    def forge(self):
        networks.forge_port_unreachable(self.near2, segment.NEAR2, segment.DEVICE, control_point.GROUP)

    def test_it_says_goodbye_in_full(self):
        with control_point.Advertisements(self.near) as advertisements, self.meanwhile(self.forge):
            time.sleep(1)
            self.assert_goodbye(advertisements)


if __name__ == "__main__":
    scenario.main()
