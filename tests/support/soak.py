# SPDX-License-Identifier: BSL-1.0
"""soak.py MINUTES FOLDER: a light under mixed load, honest and hostile, while addresses come and go.

Three processes attack, each with one kind of attack after the other; an honest control point acts and hears of it all
the while. Every two seconds the light's memory, descriptors and counts are written down: FOLDER/soak.csv, and as a
plot FOLDER/soak.svg. Ends with 1 if the honest one was not served, or memory or descriptors have grown.
"""

import contextlib
import csv
import multiprocessing
import pathlib
import random
import resource
import statistics
import sys
import threading
import time

import control_point
import plot
import scenario
import segment
import sick_subscribers
import siege

ATTACKERS = 3
EVERY = 2.0  # seconds between two looks
WARM = 0.2  # of the time, until everything that is ever built has been
SLACK = 512 << 10
SICK = [sick_subscribers.NeverReads, sick_subscribers.NeverAnswers, sick_subscribers.OneBytePerSecond,
        sick_subscribers.AnswersMegabytes, sick_subscribers.ClosesInTheAnswer, sick_subscribers.ResetsInTheAnswer]


class Attacker:
    """From an address of near2's, in a process of its own."""

    def __init__(self, scene, number, source):
        self.scene = scene
        self.source = source
        self.chance = random.Random(number)
        self.made = {}

    def run(self, until, made):
        attacks = [self.searches, self.nonsense, self.half_requests, self.connections, self.bodies, self.wrong_requests,
                   self.callbacks, self.subscriptions, self.sick_subscriber]
        while time.monotonic() < until:
            attack = self.chance.choice(attacks)
            self.made[attack.__name__] = self.made.get(attack.__name__, 0) + 1
            with contextlib.suppress(OSError):  # refused, reset or too slow: as it should be
                attack()
        made.put(self.made)

    def connect(self):
        return self.scene.near2.connect(self.scene.http, timeout=5, source=self.source)

    def send(self, message, answer=True):
        with self.connect() as connection:
            connection.sendall(message)
            if answer:
                connection.recv(4096)

    def datagrams(self, messages):
        with control_point.search_endpoint(self.scene.near2, self.source) as endpoint:
            for message in messages:
                endpoint.sendto(message, (control_point.GROUP, 1900))

    def searches(self):
        self.datagrams([control_point.search_message(self.chance.choice(["ssdp:all", "upnp:rootdevice", "urn:x"]), 1)] * 200)

    def nonsense(self):
        whole = control_point.search_message("ssdp:all")
        self.datagrams([bytes(byte ^ (self.chance.random() < 0.05) for byte in whole) for _ in range(100)])

    def half_requests(self):
        with contextlib.ExitStack() as closing:
            for _ in range(12):
                connection = closing.enter_context(self.connect())
                connection.sendall(self.chance.choice([b"", b"POST", b"GET / HTTP/1.1\r\nX: ", b"\0" * 100]))
            time.sleep(self.chance.uniform(0, 12))

    def connections(self):
        for _ in range(100):
            self.connect().close()

    def post(self, body, *fields):
        return self.scene.head("POST", self.scene.path(self.scene.switch.control_url),
                               'CONTENT-TYPE: text/xml; charset="utf-8"',
                               f'SOAPACTION: "{self.scene.switch.type}#SetTarget"', *fields) + body

    def bodies(self):
        body = self.chance.choice([b"<a>" * 10000, b"x" * 70000, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"<" * 60000])
        for _ in range(20):
            self.send(self.post(body, f"CONTENT-LENGTH: {len(body)}"))

    def wrong_requests(self):
        location = self.scene.path(self.scene.light.location)
        for message in (self.scene.head("GET", "/../../etc/passwd"), self.scene.head("GET", "/%n%s"), b"\x16\x03\x01\x02",
                        self.scene.head("GET", location, "HOST: evil.example", host=False),
                        self.post(b"", "ORIGIN: http://evil.example", "CONTENT-LENGTH: 0"),
                        self.post(b"0\r\n\r\n", "TRANSFER-ENCODING: chunked", "CONTENT-LENGTH: 5"),
                        self.scene.head("GET", location, *["X: x"] * 500)):
            self.send(message)

    def subscribe(self, callback):
        answer = control_point.subscribe(self.scene.near2, self.scene.switch.event_url, callback)
        return answer.headers["sid"] if answer.status == 200 else None

    def unsubscribe(self, sids):
        for sid in filter(None, sids):
            control_point.unsubscribe(self.scene.near2, self.scene.switch.event_url, sid)

    def callbacks(self):
        for callback in (f"<http://{segment.FAR}/>", "<http://203.0.113.7/>", "<http://a.evil.example/>", "<", "",
                         f"<http://{segment.DEVICE}:{segment.HTTP_PORT}/>"):
            self.subscribe(callback)

    def subscriptions(self):
        callback = f"<http://{segment.NEAR2}:9/{'p' * 400}>"
        self.unsubscribe([self.subscribe(callback) for _ in range(50)])

    def sick_subscriber(self):
        with self.chance.choice(SICK)(self.scene.near2) as sick:
            sids = [self.subscribe(sick.callback) for _ in range(4)]
            time.sleep(self.chance.uniform(1, 15))
            self.unsubscribe(sids[:3])  # and one is left to fail


class Soak(siege.Siege):
    environment = {}  # memory as it is where it ships
    once = 1 << 20
    minutes = 1.0
    folder = pathlib.Path()

    def test_mixed_load(self):
        resource.setrlimit(resource.RLIMIT_NOFILE, (8192, 8192))
        made = multiprocessing.Queue()
        began = time.monotonic()
        until = began + 60 * self.minutes
        sources = [segment.NEAR2, *self.aliases(ATTACKERS - 1)]
        attackers = [multiprocessing.Process(target=Attacker(self, number, source).run, args=(until, made), daemon=True)
                     for number, source in enumerate(sources)]
        for attacker in attackers:
            attacker.start()
        rows = []
        changes = threading.Thread(target=self.change_addresses, args=(until,), daemon=True)
        changes.start()
        honest = siege.Honest(self)
        attacks = {}
        try:
            with honest:
                while time.monotonic() < until and not honest.problems:
                    rows.append(self.look(time.monotonic() - began))
                    time.sleep(EVERY)
            for attacker in attackers:
                for name, count in made.get(timeout=60).items():
                    attacks[name] = attacks.get(name, 0) + count
            for attacker in attackers:
                attacker.join(timeout=30)
            changes.join(timeout=30)
        finally:  # most of all where it went wrong
            self.report(rows, [(at - began, seconds) for at, seconds in honest.times], attacks)
        self.assert_level(rows)

    def look(self, at):
        now = self.metrics()
        return {"second": round(at, 1), "memory": self.memory(), "descriptors": len(list(self._of_process("fd").iterdir())),
                "connections": now["onlink_connections"], "subscriptions": now["onlink_subscriptions"],
                "refusals": sum(number for name, number in now.items() if name.startswith("onlink_refusals_total")),
                "events": now["onlink_events_delivered_total"]}

    def change_addresses(self, until):
        while time.monotonic() < until - 20:
            for verb in ("add", "delete"):
                self.network.ip(self.device, f"address {verb} 192.168.25.5/24 dev seg0")
                time.sleep(8)

    def report(self, rows, times, attacks):
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "soak.csv", "w", newline="", encoding="ascii") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        slots = {}  # of ten seconds
        for at, seconds in times:
            slots.setdefault(int(at // 10), []).append(1000 * seconds)

        def line(of, scale=1.0):
            return [(row["second"] / 60, row[of] * scale) for row in rows]

        def latency(of):
            return [((slot * 10 + 5) / 60, of(values)) for slot, values in sorted(slots.items())]

        (self.folder / "soak.svg").write_text(plot.svg([
            ("memory of the light, MiB", {"RssAnon": line("memory", 2 ** -20)}),
            ("open at the light", {"descriptors": line("descriptors"), "connections": line("connections"),
                                   "subscriptions": line("subscriptions")}),
            ("from an action to its event, ms", {"median": latency(statistics.median), "slowest": latency(max)}),
        ], self.minutes), encoding="ascii")
        milliseconds = sorted(1000 * seconds for _, seconds in times)
        last = rows[-1]
        print(f"\n{self.minutes:g} minutes; attacks: {dict(sorted(attacks.items()))}\n"
              f"refused {last['refusals']}, delivered {last['events']}; the honest one acted {len(times)} times: "
              f"median {statistics.median(milliseconds):.1f} ms to the event, "
              f"99 % within {milliseconds[int(len(milliseconds) * 0.99)]:.1f} ms, all within {milliseconds[-1]:.1f} ms\n"
              f"memory {min(r['memory'] for r in rows) >> 10} to {max(r['memory'] for r in rows) >> 10} KiB, "
              f"descriptors {min(r['descriptors'] for r in rows)} to {max(r['descriptors'] for r in rows)}")

    def assert_level(self, rows):
        warm = rows[int(len(rows) * WARM):]
        half = len(warm) // 2
        for what, slack in (("memory", SLACK), ("descriptors", 16)):
            before = max(row[what] for row in warm[:half])
            after = max(row[what] for row in warm[half:])
            self.assertLessEqual(after, before + slack, f"{what} has grown")


if __name__ == "__main__":
    Soak.minutes = float(sys.argv.pop(1))
    Soak.folder = pathlib.Path(sys.argv.pop(1))
    scenario.main()
