# SPDX-License-Identifier: BSL-1.0
"""Several neighbours name one and the same other neighbour as where their events are to go. What that one receives is
bounded, however many they are and whatever it does with it."""

import collections
import contextlib
import itertools
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import networks
import scenario
import segment
import siege
import sick_subscribers

NEIGHBOURS = 4
EACH = 8  # subscriptions that each of them asks for
RENEWED = 300  # times that they take one back and ask for another, whose first event is due at once
CHANGES = 20
# limits::eventing
TO_ONE_TARGET = 16
AT_A_TIME = 8  # to one target; half of it to those who have taken none yet, or lost the last
CONNECT_BURST, CONNECTS_PER_SECOND = 32, 25
LONGEST = 1024  # bytes of an event of the light
MANY = "too many subscriptions to one address"
FIN = 0x01


class Thanks(sick_subscribers.Animal):
    """It takes whatever it is sent, one request over each connection."""

    def __init__(self, host):
        super().__init__(host)
        self.sizes = []

    def treat(self, connection):
        received = b""
        while b"propertyset>" not in received[-20:] and (part := connection.recv(65536)):
            received += part
        self.sizes.append(len(received))
        connection.sendall(b"HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 0\r\nCONNECTION: close\r\n\r\n")
        connection.close()


class Reflection(siege.Siege):
    def setUp(self):
        super().setUp()
        self.victim = self.network.router
        self.neighbours = self.aliases(NEIGHBOURS)
        self.server = self.start_events(self.near)

    def subscribe(self, source, callback):
        """The SID, or nothing."""
        answer = self.send(self.head("SUBSCRIBE", self.path(self.switch.event_url), "NT: upnp:event",
                                     f"CALLBACK: {callback}", "CONNECTION: close"), source=source)
        status, _, rest = answer[9:].partition(b" ")
        self.assertIn(status, (b"200", b"503"))
        return rest.split(b"\r\nSID: ")[1].split(b"\r\n")[0].decode() if status == b"200" else None

    def unsubscribe(self, sid):
        control_point.unsubscribe(self.near2, self.switch.event_url, sid)  # unknown, if it was dropped

    def aim(self, callback):
        """All that they can do. The subscriber beside them hears of each change meanwhile."""
        before = self.refusals().get(MANY, 0)
        sids = collections.deque(filter(None, (self.subscribe(source, callback)
                                               for _ in range(EACH) for source in self.neighbours)))
        self.assertEqual(len(sids), TO_ONE_TARGET)
        self.assertEqual(self.refusals()[MANY] - before, NEIGHBOURS * EACH - TO_ONE_TARGET)
        before = len(self.server.events)  # the first event may be here before the SID is
        own = control_point.subscribe(self.near, self.switch.event_url, self.server.callback()).headers["sid"]
        heard = [event for event in self.server.wait_for(before + 1) if event.sid == own]
        for number in range(CHANGES):
            value = "0" if heard[-1].properties["Status"] == "1" else "1"
            control_point.call(self.near2, self.switch, "SetTarget", newTargetValue=value)
            segment.wait_until(lambda: self.heard_by(own)[-1].seq == number + 1, "it hears of it")
            heard = self.heard_by(own)
            self.assertEqual(heard[-1].properties["Status"], value)
        self.assertEqual([event.seq for event in heard], [*range(CHANGES + 1)])
        for source, _ in zip(itertools.cycle(self.neighbours), range(RENEWED)):
            if sids:
                self.unsubscribe(sids.popleft())
            if sid := self.subscribe(source, callback):  # what is under way to one that was taken back counts as yet
                sids.append(sid)
        for sid in sids:
            self.unsubscribe(sid)
        control_point.unsubscribe(self.near, self.switch.event_url, own)
        segment.wait_until(lambda: self.metrics()["onlink_subscriptions"] == 0, "all of them to be through", seconds=60)

    def heard_by(self, sid):
        return [event for event in list(self.server.events) if event.sid == sid]

    @contextlib.contextmanager
    def bounded(self, at_a_time):
        """Inside the block the light connects to the victim no more often than it may, with so many at a time, and not
        with none. Yields the ports that it did it from."""
        began = time.time()
        ports = []
        with networks.Witness([self.victim]) as witness:
            yield ports
            packets = witness.seen(lambda p: p.interface == self.victim.interface and p.protocol == "tcp" and
                                   self.victim.address in (p.source, p.target) and segment.DEVICE in (p.source, p.target))
        most, now = 0, set()
        for packet in packets:
            port = packet.ports[packet.source != segment.DEVICE]
            if packet.flags == networks.SYN and packet.source == segment.DEVICE:
                now.add(port)
                if port not in ports:
                    ports.append(port)
                    lasted = packet.at - began
            elif packet.flags & (networks.RST | FIN):
                now.discard(port)
            most = max(most, len(now))
        self.assertGreater(len(ports), 0)
        self.assertLessEqual(len(ports), CONNECT_BURST + CONNECTS_PER_SECOND * lasted)
        self.assertLessEqual(most, at_a_time)

    def test_one_that_takes_all_of_it(self):
        def attack():
            with Thanks(self.victim) as victim:
                with self.bounded(AT_A_TIME) as connections:
                    self.aim(victim.callback)
                self.assertGreater(sum(victim.sizes), 0)
                self.assertLessEqual(sum(victim.sizes), len(connections) * LONGEST)

        self.besiege(attack, MANY, rounds=2, changes=False)

    def test_one_that_answers_nothing(self):
        def attack():
            with self.bounded(AT_A_TIME // 2), sick_subscribers.NeverAnswers(self.victim) as victim:
                self.aim(victim.callback)

        self.besiege(attack, MANY, rounds=2, changes=False)

    def test_one_that_is_no_web_server(self):
        """To it each is a connection that it refuses."""
        with self.victim.listen() as closed_soon:
            callback = "<http://%s:%d/>" % closed_soon.getsockname()

        def attack():
            with self.bounded(AT_A_TIME // 2):
                self.aim(callback)

        self.besiege(attack, MANY, rounds=2, changes=False)


if __name__ == "__main__":
    scenario.main()
