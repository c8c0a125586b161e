# SPDX-License-Identifier: BSL-1.0
"""What the programs in tests/hostile share: a light under attack, an honest control point beside the attackers, and
what has to be as before when they are gone."""

import contextlib
import itertools
import os
import pathlib
import re
import statistics
import threading
import time
import unittest.mock

import control_point
import scenario
import segment

RENEWED_AFTER = 600.0  # seconds, of the 1800 that a subscription has
AT_REST = 20.0  # seconds; the longest deadline of a request is ten
# Built with sanitizers, which find a leak to the byte, but keep what is freed: then memory is not measured here.
SANITIZED = bool(os.environ.get("ONLINK_SANITIZE"))

# What the honest one has to get, while others attack and on a machine that is busy: a round takes milliseconds.
LEAST = 5  # rounds
SECONDS_A_ROUND = 2.0
SECONDS_A_SEARCH = 4.0  # half of it is the wait for its answer
MEDIAN = 1.0  # seconds for a round
WORST = 3.5


class Honest:
    """A control point on `near` that reads, acts, hears of it and searches, again and again, while others attack.

    Use as a context manager; the block begins when it has been served once, and leaving it fails unless all went well,
    as often and as fast as it should have. Nothing of it is repeated: what is refused or lost, is. `searches`: whether
    discovery is among it. `tries`: how often a search is sent, one after the other, before nobody is there; more than
    once (UDA 2.0, 1.3.2) where others fill the queue of the light's socket, or its addresses change. `places`: at how many
    of them it may be found. `changes`: whether it acts; else it only reads. `pause`: seconds between two rounds. `kept`:
    whether it asks over one connection, as long as the light keeps that, and hears over another.
    """

    def __init__(self, scene, searches=True, tries=1, places=1, changes=True, pause=0.05, kept=False):
        self._scene = scene
        self._searches = searches
        self._tries = tries
        self._places = places
        self._changes = changes
        self._pause = pause
        self._kept = kept
        self._done = threading.Event()
        self.problems = []
        self.rounds = 0
        self.found = 0
        self.took = []  # seconds for each round
        self.times = []  # of each action, when it began, and the seconds until its event was there

    def __enter__(self):
        self._threads = [threading.Thread(target=self._follow, args=(self._act,), daemon=True)]
        if self._searches:
            self._threads.append(threading.Thread(target=self._follow, args=(self._search,), daemon=True))
        for thread in self._threads:
            thread.start()
        self._await(1)
        self._began = time.monotonic()
        self._at_first = self.rounds, self.found
        return self

    def __exit__(self, kind, *_):
        lasted = time.monotonic() - self._began
        rounds, found = self.rounds - self._at_first[0], self.found - self._at_first[1]
        if kind is None:
            self._await(LEAST)
        self._done.set()
        for thread in self._threads:
            thread.join(timeout=20)
        if kind is not None:
            return
        if any(thread.is_alive() for thread in self._threads):
            self.problems.append("it waits for ever")
        if rounds < lasted / SECONDS_A_ROUND - 1:
            self.problems.append(f"served {rounds} times in {lasted:.1f} s")
        if self._searches and found < lasted / SECONDS_A_SEARCH - 1:
            self.problems.append(f"found it {found} times in {lasted:.1f} s")
        if self.took and (statistics.median(self.took) > MEDIAN or max(self.took) > WORST):
            self.problems.append(f"a round takes {statistics.median(self.took):.2f} s, or up to {max(self.took):.2f} s")
        if self.problems:
            raise AssertionError(f"the honest one, served {self.rounds} times: {self.problems}")

    def _await(self, rounds):
        """Until it has been served that often, and found the light at least once."""
        segment.wait_until(lambda: self.problems or (self.rounds >= rounds and (self.found or not self._searches)),
                           "the honest one is served", seconds=20)

    def _follow(self, what):
        try:
            what()
        except Exception as problem:  # noqa: BLE001: whatever it is, it is the finding
            self.problems.append(f"{type(problem).__name__}: {problem}")

    def _act(self):
        near, light = self._scene.near, self._scene.light
        switch = control_point.describe(near, light.location).services[0]
        with contextlib.ExitStack() as closing:
            over = control_point.connect(near, light.location) if self._kept else None
            closing.enter_context(contextlib.closing(over) if over else contextlib.nullcontext())
            act = closing.enter_context(self._subscribed(switch, over)) if self._changes else None
            while not self._done.wait(self._pause):
                began = time.monotonic()
                expected = act() if act else {}
                answer = control_point.call(near, switch, "GetStatus", over=over)
                if {**answer, **expected} != answer:
                    raise AssertionError("GetStatus of another state")
                control_point.describe(near, light.location, over=over)
                self.took.append(time.monotonic() - began)
                self.rounds += 1

    @contextlib.contextmanager
    def _subscribed(self, switch, over):
        """While it is subscribed: what changes the state, waits for the event of it, and returns the state."""
        near = self._scene.near
        with control_point.EventServer(near) as server:
            answer = control_point.subscribe(near, switch.event_url, server.callback())
            if answer.status != 200:
                raise AssertionError(f"SUBSCRIBE: {answer.status} {answer.body}")
            state = server.wait_for(1)[0].properties["Status"]
            renew_at = time.monotonic() + RENEWED_AFTER

            def act():
                nonlocal state, renew_at
                if time.monotonic() > renew_at:
                    renewed = control_point.renew(near, switch.event_url, answer.headers["sid"])
                    if renewed.status != 200:
                        raise AssertionError(f"renewal: {renewed.status} {renewed.body}")
                    renew_at += RENEWED_AFTER
                state = "0" if state == "1" else "1"
                began = time.monotonic()
                control_point.call(near, switch, "SetTarget", over=over, newTargetValue=state)
                event = server.wait_for(self.rounds + 2)[-1]
                if event.properties != {"Status": state} or event.seq != self.rounds + 1:
                    raise AssertionError(f"an event of {event.properties}, {event.seq}")
                self.times.append((began, event.at - began))
                return {"ResultStatus": state}

            yield act
            control_point.unsubscribe(near, switch.event_url, answer.headers["sid"])

    def _search(self):
        while not self.found or not self._done.wait(0.3):
            counts = []
            while len(counts) < self._tries and counts.count(0) == len(counts):
                # Only the last one is waited for: the others may be lost, and then the next one is the remedy.
                enough = 1 if len(counts) == self._tries - 1 else 0
                counts.append(len(control_point.search(self._scene.near, "upnp:rootdevice", enough=enough)))
            if not 1 <= counts[-1] <= self._places:
                raise AssertionError(f"searches drew {counts} answers")
            self.found += 1


class Siege(scenario.Scenario):
    """near is honest; near2 attacks, from as many addresses as it likes. Whatever it does, each test ends with a
    light that is the same process, is found, read, controlled and tells its changes, with no more open than before and
    no more memory of its own than that costs once, and that ends when it is told to, without a complaint of the
    sanitizers."""

    program = "ONLINK_BINARY_LIGHT"
    options = ()
    # glibc gives back at once what is free at the end of the heap: else a leak fills that first, for a hundred KiB unseen.
    environment = {"MALLOC_TRIM_THRESHOLD_": "0", "MALLOC_TOP_PAD_": "0"}
    # Bytes of memory that an attack may leave, as the heap keeps what it once had: up to 312 KiB, measured over all of
    # them. And that all its further rounds may add, as the heap is parted otherwise in each: up to 112 KiB.
    once = 512 << 10
    again = 192 << 10
    # But a leak adds in each round. Without one there is a round that adds three pages at most.
    still = 16 << 10
    most_rounds = 6  # until there is one

    def setUp(self):
        super().setUp()
        self._aliases = set()
        self.start()

    def tearDown(self):
        if self.light and self.light.process.poll() is None:
            self.assert_unharmed()
            self.light.stop()
        if self.light:
            self.assertEqual(self.light.process.returncode, 0, "how it has ended")
        super().tearDown()

    def start(self):
        with unittest.mock.patch.dict(os.environ, self.environment):
            self.start_light("--metrics", "--quiet", *self.options, which=self.program)
        with Honest(self):  # so that what is built once is there
            pass
        self.take_as_rest()

    def take_as_rest(self):
        """As it is now the light has to be at the end."""
        self.process = self.light.process.pid
        self.open_at_rest = self.descriptors()
        self.memory_at_rest = self.memory()

    def besiege(self, attack, *reasons, rounds=3, **honest):
        """Makes the attack that many times (two at least), with the honest one beside it, which is as `honest` says. Each of
        the reasons has to be counted in each round; the memory has to stay where the first round left it, and is looked at
        for some more rounds if it does not yet. Returns how often each was counted in the first `rounds`."""
        first = self.refusals()
        left = [self._memory_after(attack, reasons, honest) for _ in range(rounds)]
        counted = self.refusals()
        while not self._is_still(left) and len(left) < self.most_rounds:
            left.append(self._memory_after(attack, reasons, honest))
        if not SANITIZED:
            self.assertLess(left[0], self.memory_at_rest + self.once, f"memory before: {self.memory_at_rest}, then {left}")
            self.assertLess(max(left), left[0] + self.again, f"memory after each round: {left}")
            self.assertTrue(self._is_still(left), f"memory grows in each round: {left}")
        return {reason: counted[reason] - first.get(reason, 0) for reason in reasons}

    def _memory_after(self, attack, reasons, honest):
        before = self.refusals()
        with Honest(self, **honest):
            attack()
        after = self.refusals()
        for reason in reasons:
            self.assertGreater(after.get(reason, 0), before.get(reason, 0), f"{reason}: not counted, but {after}")
        self.assert_at_rest()
        return self.memory()

    def _is_still(self, left):
        return SANITIZED or any(after <= before + self.still for before, after in itertools.pairwise(left))

    def assert_at_rest(self):
        segment.wait_until(lambda: self.descriptors() <= self.open_at_rest,
                           "what the attack opened is closed", seconds=AT_REST)

    def assert_unharmed(self):
        self.assert_at_rest()
        self.assertEqual(self.light.process.pid, self.process)
        self.assertIsNone(self.light.process.poll())
        with Honest(self):
            whole = len(self.root.advertised())
            self.assertEqual(len(control_point.search(self.near, "ssdp:all", enough=whole)), whole)
        self.assert_at_rest()
        if not SANITIZED:
            self.assertLess(self.memory(), self.memory_at_rest + self.once, f"memory before: {self.memory_at_rest}")

    def await_served(self, count):
        segment.wait_until(lambda: self.metrics()["onlink_served_addresses"] == count, f"it serves {count} addresses", 10)

    # --- What the light says of itself, and the system of it ---

    def metrics(self):
        text = control_point.request(self.near, "GET", self.light.location.rsplit("/", 1)[0] + "/metrics").body.decode()
        return {name: int(number) for name, number in re.findall(r"^(onlink_\S+?(?:\{[^}]*\})?) (\d+)$", text, re.M)}

    def refusals(self):
        return {found[1]: number for name, number in self.metrics().items()
                if (found := re.fullmatch(r'onlink_refusals_total\{reason="(.*)"\}', name))}

    def counted_since(self, before):
        """The reasons that were counted since refusals() said `before`."""
        return [reason for reason, number in self.refusals().items() if number > before.get(reason, 0)]

    def _of_process(self, name):
        return pathlib.Path(f"/proc/{self.light.process.pid}/{name}")

    def descriptors(self):
        """How many are open, without the connections that are kept for a subscriber's next event: they end later."""
        kept = self.metrics()["onlink_kept_connections"]
        return len(list(self._of_process("fd").iterdir())) - kept

    def memory(self):
        """Bytes that are this process's own."""
        found = re.search(r"^RssAnon:\s*(\d+) kB", self._of_process("status").read_text(), re.M)
        return int(found[1]) << 10

    # --- Means of attack ---

    def path(self, url):
        return "/" + url.split("/", 3)[3]

    @property
    def http(self):
        return segment.DEVICE, segment.HTTP_PORT

    def send(self, message, finish=False, source=None):
        """Raw bytes over a connection of their own, and all that comes back until its end.

        `finish`: says that nothing more will come, so that what waits for more ends. `source`: one of aliases().
        """
        received = b""
        with self.near2.connect(self.http, timeout=15, source=source) as connection, contextlib.suppress(ConnectionError):
            connection.sendall(message)
            if finish:
                connection.shutdown(1)
            for _ in range(10000):
                part = connection.recv(65536)
                if not part:
                    break
                received += part
        return received

    def status_of(self, message, **how):
        """The status of the answer to raw bytes; 0 if there is none."""
        return _status_in(self.send(message, **how))

    def head(self, method, url, *fields, host=True, version="1.1"):
        lines = [f"{method} {url} HTTP/{version}"]
        if host:
            lines.append(f"HOST: {segment.DEVICE}:{segment.HTTP_PORT}")
        return "\r\n".join([*lines, *fields, "", ""]).encode("latin-1")

    def aliases(self, count):
        """So many more addresses of near2, each a peer of its own to the light, until the end of the test."""
        names = [f"192.168.20.{100 + number}" for number in range(count)]
        for name in names:
            if name not in self._aliases:
                self.network.ip(self.near2, f"address add {name}/24 dev seg0")
                self.addCleanup(self.network.ip, self.near2, f"address delete {name}/24 dev seg0")
                self._aliases.add(name)
        return names

    def assert_row(self, message, status, reason, code=None, **how):
        """Raw bytes, the status that they are answered with, the reason that is counted, and UPnP's errorCode. Returns all
        that came back."""
        before = self.refusals()
        answer = self.send(message, **how)
        self.assertEqual((_status_in(answer), _code_in(answer), self.counted_since(before)),
                         (status, code, [reason] if reason else []), message[:120])
        return answer

    @contextlib.contextmanager
    def assert_nothing_is_done(self):
        """Inside the block the light's state does not change, not even for a moment: a subscriber would hear of it. An
        attack that is to be told by that asks for "1"."""
        self.set_target("0")
        with control_point.EventServer(self.near) as server:
            answer = control_point.subscribe(self.near, self.switch.event_url, server.callback())
            self.assertEqual(server.wait_for(1)[0].properties, {"Status": "0"})
            yield
            self.assertEqual(self.status(), "0")
            self.set_target("1")
            self.assertEqual([(event.seq, event.properties["Status"]) for event in server.wait_for(2)],
                             [(0, "0"), (1, "1")])
            control_point.unsubscribe(self.near, self.switch.event_url, answer.headers["sid"])


def _status_in(answer):
    found = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    return int(found[1]) if found else 0


def _code_in(answer):
    found = re.search(rb"<errorCode>(\d+)</errorCode>", answer)
    return int(found[1]) if found else None
