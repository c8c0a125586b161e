# SPDX-License-Identifier: BSL-1.0
"""What the programs in tests/hostile share: a light under attack, an honest control point beside the attackers, and
what has to be as before when they are gone."""

import contextlib
import pathlib
import re
import threading
import time

import control_point
import scenario
import segment

# What an attack may leave in memory once it has been made before: pages of the heap, not what a leak per message makes.
SLACK = 256 << 10
RENEWED_AFTER = 600.0  # seconds, of the 1800 that a subscription has
AT_REST = 20.0  # seconds; the longest deadline of a request is ten


class Honest:
    """A control point on `near` that reads, acts, hears of it and searches, again and again, while others attack.

    Use as a context manager; leaving the block fails unless all of that went well, more than once. Nothing of it is
    repeated: what is refused or lost, is. `searches`: whether discovery is among it.
    """

    def __init__(self, scene, searches=True):
        self._scene = scene
        self._searches = searches
        self._done = threading.Event()
        self.problems = []
        self.rounds = 0
        self.found = 0
        self.times = []  # of each action, when it began, and the seconds until its event was there

    def __enter__(self):
        self._threads = [threading.Thread(target=self._follow, args=(self._act,), daemon=True)]
        if self._searches:
            self._threads.append(threading.Thread(target=self._follow, args=(self._search,), daemon=True))
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind, *_):
        segment.wait_until(lambda: self.problems or (self.rounds > 1 and (self.found > 0 or not self._searches)),
                           "the honest one is served", seconds=20)
        self._done.set()
        for thread in self._threads:
            thread.join(timeout=20)
        if kind is None and self.problems:
            raise AssertionError(f"the honest one, served {self.rounds} times before: {self.problems}")

    def _follow(self, what):
        try:
            what()
        except Exception as problem:  # noqa: BLE001: whatever it is, it is the finding
            self.problems.append(f"{type(problem).__name__}: {problem}")

    def _act(self):
        near, light = self._scene.near, self._scene.light
        switch = control_point.describe(near, light.location).services[0]
        with control_point.EventServer(near) as server:
            answer = control_point.subscribe(near, switch.event_url, server.callback())
            if answer.status != 200:
                raise AssertionError(f"SUBSCRIBE: {answer.status} {answer.body}")
            state = server.wait_for(1)[0].properties["Status"]
            renew_at = time.monotonic() + RENEWED_AFTER
            while not self._done.wait(0.05):
                if time.monotonic() > renew_at:
                    renewed = control_point.renew(near, switch.event_url, answer.headers["sid"])
                    if renewed.status != 200:
                        raise AssertionError(f"renewal: {renewed.status} {renewed.body}")
                    renew_at += RENEWED_AFTER
                state = "0" if state == "1" else "1"
                began = time.monotonic()
                control_point.call(near, switch, "SetTarget", newTargetValue=state)
                event = server.wait_for(self.rounds + 2)[-1]
                if event.properties != {"Status": state} or event.seq != self.rounds + 1:
                    raise AssertionError(f"an event of {event.properties}, {event.seq}")
                self.times.append((began, event.at - began))
                if control_point.call(near, switch, "GetStatus") != {"ResultStatus": state}:
                    raise AssertionError("GetStatus of another state")
                control_point.describe(near, light.location)
                self.rounds += 1
            control_point.unsubscribe(near, switch.event_url, answer.headers["sid"])

    def _search(self):
        while not self._done.wait(0.3):
            answers = control_point.search(self._scene.near, "upnp:rootdevice")
            if len(answers) != 1:
                raise AssertionError(f"a search drew {len(answers)} answers")
            self.found += 1


class Siege(scenario.Scenario):
    """near is honest; near2 attacks, from as many addresses as it likes. Whatever it does, each test ends with a
    light that is the same process, is found, read, controlled and tells its changes, with no more open than before."""

    options = ()

    def setUp(self):
        super().setUp()
        self._aliases = set()
        self.start_light("--metrics", "--quiet", *self.options)
        with Honest(self):  # so that what is built once is there
            pass
        self.open_at_rest = self.descriptors()
        self.process = self.light.process.pid

    def tearDown(self):
        if self.light and self.light.process.poll() is None:
            self.assert_unharmed()
        super().tearDown()

    def besiege(self, attack, *reasons, rounds=3, searches=True):
        """Makes the attack that many times, with the honest one beside it. Each of the reasons has to be counted in
        each round; the memory has to stay where the first round left it. Returns how often each was counted in all."""
        first = self.refusals()
        left = []
        for _ in range(rounds):
            before = self.refusals()
            with Honest(self, searches):
                attack()
            after = self.refusals()
            for reason in reasons:
                self.assertGreater(after.get(reason, 0), before.get(reason, 0), f"{reason}: not counted, but {after}")
            self.assert_at_rest()
            left.append(self.memory())
        self.assertLess(max(left[1:], default=0), left[0] + SLACK, f"memory after each round: {left}")
        last = self.refusals()
        return {reason: last[reason] - first.get(reason, 0) for reason in reasons}

    def assert_at_rest(self):
        segment.wait_until(lambda: self.descriptors() <= self.open_at_rest,
                           "what the attack opened is closed", seconds=AT_REST)

    def assert_unharmed(self):
        self.assert_at_rest()
        self.assertEqual(self.light.process.pid, self.process)
        self.assertIsNone(self.light.process.poll())
        with Honest(self):
            pass
        self.assertEqual(len(control_point.search(self.near, "ssdp:all")), 4)

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
        answer = self.send(message, **how)
        found = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
        return int(found[1]) if found else 0

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

    def assert_row(self, message, status, reason, **how):
        """Raw bytes, the status that they are answered with, and the reason that is counted."""
        before = self.refusals()
        found = self.status_of(message, **how)
        self.assertEqual((found, self.counted_since(before)), (status, [reason] if reason else []), message[:120])
