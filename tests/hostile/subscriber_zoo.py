# SPDX-License-Identifier: BSL-1.0
"""A hundred healthy subscribers, and beside them every kind of sick one: the healthy do not notice."""

import contextlib
import http.client
import os
import pathlib
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario
import segment
import siege
from sick_subscribers import (Answers, AnswersALargeBody, AnswersMegabytes, ClosesInTheAnswer, NeverAnswers, NeverReads,
                              OneBytePerSecond, ResetsInTheAnswer)

HEALTHY = 100
SICK = 24  # of one kind
CHANGES = 8
PACE = 0.3  # seconds between them
PATIENCE = 2.0  # seconds; whatever a sick one does takes five or more
HELD_UP = 0.5  # seconds; limits::eventing::give_way_after is 1, and what is here may take that for slowness of its own
ATTEMPTS = 5


class Heartbeat:
    """Asks the light for something small again and again: the longest time from one answer to the next is how long the light
    or this process stood still. Use as a context manager."""

    def __init__(self, scene):
        self._host = scene.near
        self._url = scene.light.location
        self._done = threading.Event()
        self._longest = 0.0

    def __enter__(self):
        self._last = time.monotonic()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._thread.join(timeout=10)

    def longest(self):
        return max(self._longest, time.monotonic() - self._last)

    def _beat(self):
        while not self._done.wait(0.02):
            with contextlib.suppress(OSError, http.client.HTTPException):
                control_point.request(self._host, "GET", self._url)
            now = time.monotonic()
            self._longest, self._last = max(self._longest, now - self._last), now


class EventZoo(siege.Siege):
    options = ("--subscriptions", "1000")

    def setUp(self):
        super().setUp()
        self.before = self.refusals()
        self.sick = contextlib.ExitStack()
        self.sick_ones = []  # callback and count
        self.sids = []
        self.admit_the_healthy()

    def tearDown(self):
        """Nobody is subscribed any more: then nothing is left of them."""
        self.sick.close()
        self.dismiss_all()
        super().tearDown()

    def unless_held_up(self, attempt, prepare_another):
        """The attempt has to succeed. It is made again only if the light or this process stood still meanwhile: then healthy
        subscribers are slow. What makes the light stand still each time is found nevertheless."""
        for _ in range(ATTEMPTS):
            with Heartbeat(self) as heartbeat:
                try:
                    return attempt()
                except AssertionError as problem:
                    if heartbeat.longest() < HELD_UP:
                        raise
                    print(f"\n    held up for {heartbeat.longest():.1f} s, so once more: {problem}", flush=True)
            prepare_another()
        self.fail(f"held up {ATTEMPTS} times: the machine is too busy, or the light stands still")

    def admit_the_healthy(self):
        def attempt():
            self.delivered_before = self.metrics()["onlink_events_delivered_total"]
            self.set_target("0")
            self.server = self.start_events(self.near)
            for number in range(HEALTHY):
                self.subscribe(self.server.callback(f"/{number}"), 1, self.near)
            self.server.wait_for(HEALTHY, seconds=20)

        self.unless_held_up(attempt, self.dismiss_all)

    def admit(self, callback, count=SICK):
        """A sick one, so many times."""
        self.sick_ones.append((callback, count))
        self.subscribe(callback, count, self.near2)

    def subscribe(self, callback, count, host):
        for _ in range(count):
            answer = control_point.subscribe(host, self.switch.event_url, callback)
            self.assertEqual(answer.status, 200)
            self.sids.append((host, answer.headers["sid"]))

    def dismiss_all(self):
        for host, sid in self.sids:
            control_point.unsubscribe(host, self.switch.event_url, sid)  # those that were dropped are unknown
        self.sids = []
        # What is under way to a sick one counts until its deadlines: 30 s in all.
        segment.wait_until(lambda: self.metrics()["onlink_subscriptions"] == 0, "nobody is subscribed", seconds=60)

    def start_over(self):
        self.dismiss_all()
        self.admit_the_healthy()
        for callback, count in self.sick_ones:
            self.subscribe(callback, count, self.near2)

    def house(self, animal):
        """It lives until the end of the test."""
        return self.sick.enter_context(animal)

    def assert_the_healthy_do_not_notice(self):
        self.unless_held_up(self.assert_all_is_heard, self.start_over)

    def assert_all_is_heard(self):
        """Each change reaches all of the healthy in time, in order, with the right value."""
        with siege.Honest(self, changes=False):
            for number in range(1, CHANGES + 1):
                target = str(number % 2)
                began = time.monotonic()
                self.set_target(target)
                events = self.server.wait_for(HEALTHY * (number + 1), seconds=20)
                late = max(e.at for e in events) - began
                self.assertLess(late, PATIENCE, f"change {number}")
                self.assertEqual({e.properties["Status"] for e in events[-HEALTHY:]}, {target})
                time.sleep(PACE)
        by_sid = {}
        for event in self.server.events:
            by_sid.setdefault(event.sid, []).append(event.seq)
        self.assertEqual(len(by_sid), HEALTHY)
        self.assertEqual(set(map(tuple, by_sid.values())), {tuple(range(CHANGES + 1))})
        segment.wait_until(  # the light has yet to hear that the last one was taken
            lambda: self.metrics()["onlink_events_delivered_total"] - self.delivered_before >= HEALTHY * (CHANGES + 1),
            "all delivered")
        self.assertLessEqual(self.metrics()["onlink_deliveries_under_way"], 32)
        self.assertLess(len(os.listdir(f"/proc/{self.light.process.pid}/fd")), 100)

    def assert_some_are_lost(self):
        segment.wait_until(lambda: "event not delivered" in self.counted_since(self.before), "an event is lost",
                           seconds=30)

    def test_a_black_hole(self):
        rules = "table ip hole { chain into { type filter hook input priority 0; tcp dport 7001 drop; }; }\n"
        with self.near2.inside():
            subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True, timeout=30)
        try:
            self.admit(f"<http://{self.near2.address}:7001/>")
            self.assert_the_healthy_do_not_notice()
            self.assert_some_are_lost()
        finally:
            with self.near2.inside():
                subprocess.run(["nft", "delete", "table", "ip", "hole"], check=True, timeout=30)

    def test_nobody_at_that_address(self):
        self.admit("<http://192.168.20.77:7001/>")
        self.assert_the_healthy_do_not_notice()
        self.assert_some_are_lost()

    def test_a_port_that_refuses(self):
        with self.near2.listen() as closed_soon:
            callback = "<http://%s:%d/>" % closed_soon.getsockname()
        self.admit(callback)
        self.assert_the_healthy_do_not_notice()
        self.assert_some_are_lost()

    def test_one_that_never_reads(self):
        animal = self.house(NeverReads(self.near2))
        self.admit(animal.callback)
        self.assert_the_healthy_do_not_notice()
        self.assert_some_are_lost()
        self.assertGreater(animal.calls, 0)

    def test_one_that_never_answers(self):
        animal = self.house(NeverAnswers(self.near2))
        self.admit(animal.callback)
        self.assert_the_healthy_do_not_notice()
        self.assert_some_are_lost()
        self.assertGreater(animal.calls, 0)

    def test_one_byte_per_second(self):
        animal = self.house(OneBytePerSecond(self.near2))
        self.admit(animal.callback)
        self.assert_the_healthy_do_not_notice()
        self.assert_some_are_lost()
        self.assertGreater(animal.calls, 0)

    def test_an_answer_of_64_MB_of_header(self):
        self.admit(self.house(AnswersMegabytes(self.near2)).callback)
        self.assert_the_healthy_do_not_notice()
        self.assert_some_are_lost()

    def test_an_answer_of_64_MB_of_body(self):
        animal = self.house(AnswersALargeBody(self.near2))
        self.admit(animal.callback)
        self.assert_the_healthy_do_not_notice()
        self.assertGreater(animal.calls, 1, "it said 200, and is sent the next one")

    def test_closes_in_the_middle_of_the_answer(self):
        self.admit(self.house(ClosesInTheAnswer(self.near2)).callback)
        self.assert_the_healthy_do_not_notice()
        self.assert_some_are_lost()

    def test_resets_in_the_middle_of_the_answer(self):
        self.admit(self.house(ResetsInTheAnswer(self.near2)).callback)
        self.assert_the_healthy_do_not_notice()
        self.assert_some_are_lost()

    def test_500(self):
        answer = "HTTP/1.1 500 Internal Server Error\r\nCONTENT-LENGTH: 0\r\n\r\n"
        self.admit(self.house(Answers(self.near2, answer)).callback)
        self.assert_the_healthy_do_not_notice()
        self.assert_some_are_lost()

    def test_412_ends_a_subscription(self):
        answer = "HTTP/1.1 412 Precondition Failed\r\nCONTENT-LENGTH: 0\r\n\r\n"
        self.admit(self.house(Answers(self.near2, answer)).callback)
        self.assert_the_healthy_do_not_notice()
        segment.wait_until(lambda: self.metrics()["onlink_subscriptions"] == HEALTHY,
                           "nobody is left who does not know its SID", seconds=20)

    def test_redirects_lead_nowhere(self):
        elsewhere = self.house(Answers(self.near, "HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 0\r\n\r\n"))
        answer = f"HTTP/1.1 307 Elsewhere\r\nLOCATION: {elsewhere.callback[1:-1]}\r\nCONTENT-LENGTH: 0\r\n\r\n"
        self.admit(self.house(Answers(self.near2, answer)).callback)
        self.assert_the_healthy_do_not_notice()
        self.assert_some_are_lost()
        self.assertEqual(elsewhere.calls, 0)

    def test_all_of_them_at_once_and_at_the_address_of_the_healthy_too(self):
        for host in (self.near, self.near2):
            for kind in (NeverReads, NeverAnswers, OneBytePerSecond, AnswersMegabytes, AnswersALargeBody,
                         ClosesInTheAnswer, ResetsInTheAnswer):
                self.admit(self.house(kind(host)).callback, 6)
        self.admit("<http://192.168.20.77:7001/>", 6)
        self.assert_the_healthy_do_not_notice()
        self.assert_some_are_lost()


if __name__ == "__main__":
    scenario.main()
