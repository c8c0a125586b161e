# SPDX-License-Identifier: BSL-1.0
"""What a device says by SSDP, from a capture of its own interfaces: who said what, where, when, in which order."""

import collections
import dataclasses
import functools
import ipaddress
import socket
import time
import urllib.parse

import border
import control_point
import light
import segment

ALIVE, UPDATE, BYEBYE, ANSWER = "ssdp:alive", "ssdp:update", "ssdp:byebye", "answer"

# UDA 2.0, 1.2.2: below 512 bytes where possible. Over IPv6, where that may take more, without fragments on any link.
LONGEST, LONGEST_OVER_IPV6 = 512, 1280 - 48
# limits::ssdp::announcements
ROUNDS = 3
# A set, said three times 0.3 s apart, 0.1 s late at most.
FOR_THE_FIRST_SETS = 1.5
# Longer than limits::interfaces::settle_time, after which a change counts, and what follows from it.
FOR_A_CHANGE_TO_SHOW = 2.0


def udn(number=0, embedded=0, uuid=light.UUID):
    """Of a light's root devices and those embedded in them: its last two octets counted up, each by itself."""
    octets = bytearray.fromhex(uuid.replace("-", ""))
    for by in (number * 1000, embedded):
        octets[14] = (octets[14] + by // 256) % 256
        octets[15] = (octets[15] + by % 256) % 256
    text = octets.hex()
    return "uuid:" + "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def usns(name, embedded=()):
    """The set of UDA 2.0, 1.2.2: 3 + 2d + k, each light having one service."""
    whole = {f"{name}::upnp:rootdevice"}
    for device in (name, *embedded):
        whole |= {device, f"{device}::{light.DEVICE_TYPE}", f"{device}::{light.SERVICE_TYPE}"}
    return whole


SET = usns(udn())


@dataclasses.dataclass(frozen=True)
class Said:
    """One message, and the packet that it came in."""

    packet: object
    kind: str
    headers: control_point.Headers

    @property
    def at(self):
        return self.packet.at

    @property
    def source(self):
        return self.packet.source

    @property
    def interface(self):
        return self.packet.interface

    @property
    def usn(self):
        return self.headers["usn"]

    @property
    def location(self):
        return self.headers.get("location")

    @property
    def boot_id(self):
        return int(self.headers["bootid.upnp.org"])

    def __repr__(self):
        return (f"{self.at % 1000:.3f} {self.kind} {self.interface} {self.source} -> {self.packet.target}"
                f" ttl {self.packet.hops} {self.headers}")


@functools.lru_cache(maxsize=None)
def _read(packet):
    start_line, *lines = packet.payload.decode().removesuffix("\r\n\r\n").split("\r\n")
    headers = control_point.Headers.parse(lines)
    return Said(packet, headers.get("nts", ANSWER), headers)


def figure(text):
    """What was measured, for those who read the output."""
    print(f"\n    measured: {text}", flush=True)


def most_in_a_second(messages):
    """The largest number of them in any one second."""
    window, most = collections.deque(), 0
    for message in messages:
        window.append(message.at)
        while window[0] <= message.at - 1:
            window.popleft()
        most = max(most, len(window))
    return most


def spreads(messages):
    """Of each multicast message: the seconds between its first copy and its last, and how many there were."""
    copies, rounds = collections.defaultdict(list), collections.Counter()
    for message in messages:
        key = (message.kind, message.usn)
        rounds[key, message.source] += 1
        copies[key, rounds[key, message.source]].append(message.at)
    return [(max(times) - min(times), len(times)) for times in copies.values()]


class Captured(border.Border):
    """Judged by the capture. What holds for every message of a device is looked at in every test."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.check_every_message)

    def check_every_message(self):
        for message in self.said():
            if message.location:
                self.assertEqual(urllib.parse.urlsplit(message.location).hostname, message.source, message)
                self.assertNotIn("%", message.location)
            longest = LONGEST_OVER_IPV6 if ":" in message.source else LONGEST
            self.assertLessEqual(len(message.packet.payload), longest, message)
            if message.kind == ANSWER:
                self.assertIn("st", message.headers)
            else:
                self.assertEqual(message.packet.ports[1], control_point.SSDP_PORT)
                self.assertTrue(ipaddress.ip_address(message.packet.target).is_multicast, message)

    def said(self, *kinds, **where):
        """All that the device said, in order: of these kinds, and with these properties of Said."""
        packets = self.witness.seen(lambda p: p.host == "device" and p.outgoing and p.protocol == "udp" and
                                    p.payload.startswith((b"NOTIFY ", b"HTTP/1.1 ")))
        return [m for m in map(_read, packets) if (not kinds or m.kind in kinds) and
                all(getattr(m, name) == value for name, value in where.items())]

    def wait_said(self, count, *kinds, seconds=10.0, **where):
        """The messages, once there are that many."""
        segment.wait_until(lambda: len(self.said(*kinds, **where)) >= count,
                           f"{count} of {kinds} {where or ''}", seconds)
        return self.said(*kinds, **where)

    def wait_said_all(self, kind, names, times=1, seconds=10.0, **where):
        """Until each of these USNs was said so many times; what was said of that kind."""
        def lacking():
            counts = collections.Counter(m.usn for m in self.said(kind, **where))
            return {name: counts[name] for name in names if counts[name] < times}

        segment.wait_until(lambda: not lacking(), f"{kind} {times} times each {where or ''}", seconds)
        return self.said(kind, **where)

    def start_quietly(self, *options, **which):
        """A light whose first sets are out, on all its addresses. Nothing more is due for minutes."""
        began = time.time()
        started = self.start_light(*options, **which)
        before, counts = 0, {}
        for _ in range(60):
            said = [m for m in self.said() if m.at >= began]
            counts = collections.Counter((m.source, m.usn) for m in said if m.kind == ALIVE)
            # Silence alone may be a round that is late.
            if len(said) == before and set(counts.values()) == {ROUNDS}:
                return started
            before = len(said)
            time.sleep(0.4)  # longer than limits::ssdp::announcement_gap
        self.fail(f"no end of the first sets: {before} messages, {collections.Counter(counts.values())} (times said: of so "
                  "many)")

    def assert_sets(self, messages, names, times, sources):
        """Exactly these, that many times from each source."""
        counts = collections.Counter((m.source, m.usn) for m in messages)
        wanted = {(source, name): times for source in sources for name in names}
        others = {which: (counts[which], wanted.get(which, 0)) for which in counts.keys() | wanted
                  if counts[which] != wanted.get(which, 0)}
        self.assertFalse(others, f"{len(others)} of {len(wanted)} were not said as often as was wanted: "
                                 f"(said, wanted) {dict(list(others.items())[:8])}")

    def assert_order(self, first, then):
        """All of the first are before all of the others."""
        self.assertTrue(first)
        self.assertTrue(then)
        self.assertLess(first[-1].at, then[0].at)


class Changing(Captured):
    """Two LANs with a control point each. The device has no interface yet; tests plug it in."""

    IPV6 = True

    @classmethod
    def make(cls, network):
        cls.lan, cls.other_lan = network.lan("lan"), network.lan("other")
        network.host("device", "192.168.20.5")
        network.host("near", "192.168.20.9")
        network.host("second", "192.168.30.9")
        if not cls.IPV6:
            network.set(network.device, net__ipv6__conf__all__disable_ipv6=1, net__ipv6__conf__default__disable_ipv6=1)
        network.plug(network.near, cls.lan, "192.168.20.9/24", "192.168.40.9/24", "fd00:20::9/64")
        network.plug(network.second, cls.other_lan, "192.168.30.9/24")

    def setUp(self):
        super().setUp()
        self.addCleanup(self.unplug_all)

    def unplug_all(self):
        """After the light has ended."""
        with self.device.inside():
            interfaces = [name for _, name in socket.if_nameindex() if name.startswith("seg")]
        for name in interfaces:
            self.on_device(f"link delete {name}")
        for host in (self.near, self.network.second):  # the next one has another hardware address
            self.network.ip(host, "neighbour flush all")

    def on_device(self, command):
        return self.network.ip(self.device, command)

    def plug_first(self, *addresses):
        return self.network.plug(self.device, self.lan, *(addresses or ("192.168.20.5/24",)), at_once=True)

    def plug_second(self):
        return self.network.plug(self.device, self.other_lan, "192.168.30.5/24", interface="seg1", at_once=True)

    def own(self, interface="seg0"):
        return self.network.addresses(self.device, interface)

    def boot_id(self):
        """The BOOTID of now: of all that was said up to here."""
        boot_id, = {m.boot_id for m in self.said(ALIVE)[-len(SET):]}
        return boot_id

    def is_found(self, host=None):
        return len(control_point.search(host or self.near, "upnp:rootdevice", enough=1)) == 1

    def subscribe_for_good(self):
        self.server = self.start_events(self.near)
        self.sid = self.assert_admitted(self.server)

    def assert_subscription_lives(self):
        heard = len(self.server.events)
        self.set_target("1" if self.status() == "0" else "0")
        self.assertEqual(self.server.wait_for(heard + 1)[-1].seq, heard)
        self.assertEqual(control_point.renew(self.near, self.switch.event_url, self.sid).status, 200)
        self.assertIsNone(self.light.find(rf"(segment_left|dropped|expired) \S+ {self.sid}"))

    def assert_silence(self, **where):
        time.sleep(FOR_A_CHANGE_TO_SHOW)
        self.assertEqual(self.said(ALIVE, UPDATE, BYEBYE, **where), [])

    def assert_updated(self, old, kept, everywhere):
        """G-06 where nothing changed, and then the advertisements with the BOOTID that it announced, everywhere."""
        self.wait_said_all(ALIVE, SET, times=ROUNDS * len(everywhere))
        updates, alive = self.said(UPDATE), self.said(ALIVE)
        self.assert_sets(updates, SET, 1, kept)
        self.assert_sets(alive, SET, ROUNDS, everywhere)
        self.assert_order(updates, alive)
        self.assertEqual({m.boot_id for m in updates}, {old})
        next_boot_id, = {int(m.headers["nextbootid.upnp.org"]) for m in updates}
        self.assertGreater(next_boot_id, old)
        self.assertEqual({m.boot_id for m in alive}, {next_boot_id})
        for message in updates + alive:
            self.assertEqual(message.location, control_point.at_address(self.light.location, message.source))
        # Those of the root device first.
        first = updates[:3 * len(kept)]
        self.assertEqual({m.headers["nt"] for m in first},
                         {"upnp:rootdevice", udn(), light.DEVICE_TYPE})
        self.assertEqual(self.said(BYEBYE), [])
