# SPDX-License-Identifier: BSL-1.0
"""Datagrams that broke other stacks: silence, and the light is found as before."""

import contextlib
import pathlib
import random
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import light
import scenario
import segment
import siege

A = "A" * 500
MALFORMED, INVALID = "datagram malformed", "search invalid"


def search(target, mx="1", host="239.255.255.250:1900", more=""):
    return (f"M-SEARCH * HTTP/1.1\r\nHOST: {host}\r\nST: {target}\r\n"
            f'MAN: "ssdp:discover"\r\nMX: {mx}\r\n{more}\r\n').encode("latin-1")


def notify(subtype, more=""):
    return (f"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNT: upnp:rootdevice\r\nNTS: ssdp:{subtype}\r\n"
            f"USN: uuid:{light.UUID}::upnp:rootdevice\r\n{more}\r\n").encode()


def alive(location):
    return notify("alive", f"CACHE-CONTROL: max-age=1800\r\nSERVER: a/1 UPnP/1.0 b/1\r\nLOCATION: {location}\r\n")


def cut(message, text):
    return message[:message.index(text) + len(text)]


# what it is, the bytes, and the reason that is counted
SILENCE = [
    ("CVE-2012-5958: a long device type", search(f"uuid:schemas:device:{A}:end"), INVALID),
    ("CVE-2012-5959: a long UDN", search(f"uuid:{A}"), INVALID),
    ("CVE-2012-5960: a long UDN of a root device", search(f"uuid:{A}::upnp:rootdevice"), INVALID),
    ("CVE-2012-5961: a long service type", search(f"urn:schemas-upnp-org:service:{A}:1"), INVALID),
    ("CVE-2012-5962: no version", search(f"urn:schemas-upnp-org:service:{A}"), INVALID),
    ("CVE-2012-5963: no colons", search(f"urn{A}"), INVALID),
    ("CVE-2012-5964: nothing behind the colons", search("urn:::"), INVALID),
    ("CVE-2012-5965: a version that is none", search(f"urn:schemas-upnp-org:device:BinaryLight:{'9' * 500}"), INVALID),
    ("CVE-2013-0229: ends behind ST:", cut(search("x"), b"ST:"), MALFORMED),
    ("miniupnp 267: colons", search(":" * 300), INVALID),
    ("CVE-2021-35392: ST of 1400 bytes", search("A" * 1400), INVALID),
    ("CVE-2019-20215: a shell in ST", search("urn:device:1;telnetd`id`$(id)"), INVALID),
    ("mupnp 25: high bytes in a name", search("ssdp:all", more="\xff\xfe\x80: \xff\r\n"), MALFORMED),
    ("npupnp: a host name in HOST", search("ssdp:all", host="x.attacker.example:1900"), INVALID),
    ("MX negative", search("ssdp:all", mx="-1"), INVALID),
    ("MX empty", search("ssdp:all", mx=""), INVALID),
    ("MX of words", search("ssdp:all", mx="%n%s"), INVALID),
    ("more than a datagram may be", search("ssdp:all", more="X: " + "x" * 4000 + "\r\n"), "datagram too large"),
    ("more fields than there may be", search("ssdp:all", more="X: x\r\n" * 100), MALFORMED),
]
# No search at all, and another device's words about our own name: no reason to do anything.
IGNORED = [b"", b"M", b"\0" * 1400, b"HTTP/1.1 200 OK\r\nST: ssdp:all\r\n\r\n",
           *(alive(location) for location in ("", "gopher://x", "http://[::1"))]
# CVE-2019-12106: a device that comes, goes and comes again, each time with a longer LOCATION.
COMES_AND_GOES = [message for length in (1, 20, 100, 300, 800)
                  for message in (alive("http://192.168.20.10/" + "A" * length), notify("byebye"),
                                  alive("http://192.168.20.10/" + "A" * (length + 1)),
                                  alive("http://192.168.20.10/" + "A" * (2 * length)), notify("byebye"))]
# Spoilt, but a search all the same: answered in the shortest time that such a word can mean, with words of our own.
ANSWERED = [("MX beyond an int", search("ssdp:all", mx="2147483647")), ("MX beyond a long", search("ssdp:all", mx="9" * 40))]


class SsdpMessages(siege.Siege):
    def answers(self, messages, seconds):
        """Each from an address of its own, so that none is one too many of one source."""
        sources = self.aliases(len(messages))
        endpoints = [self.enterContext(control_point.start_search(self.near2, message, source=source))
                     for message, source in zip(messages, sources)]
        return control_point.collect(endpoints, time.monotonic(), seconds)

    def test_what_broke_others_is_met_with_silence(self):
        sources = self.aliases(len(SILENCE))

        def attack():
            endpoints = []
            for (what, message, reason), source in zip(SILENCE, sources):
                before = self.refusals()
                endpoints.append(self.enterContext(control_point.start_search(self.near2, message, source=source)))
                with self.subTest(what):
                    segment.wait_until(lambda: self.counted_since(before), "it is counted", seconds=2)
                    self.assertEqual(self.counted_since(before), [reason])
            self.assertEqual(control_point.collect(endpoints, time.monotonic(), 1.5), [])

        self.besiege(attack, *{reason for _, _, reason in SILENCE}, rounds=2)

    def test_what_is_no_search_changes_nothing(self):
        before = self.refusals()
        self.besiege(lambda: self.assertEqual(self.answers(IGNORED, 1.2), []), rounds=2)
        self.assertEqual(self.refusals(), before)

    def test_advertisements_of_our_own_name_that_come_and_go(self):
        def attack():
            with contextlib.closing(control_point.search_endpoint(self.near2)) as endpoint:
                for to in (control_point.GROUP, segment.DEVICE):
                    for message in COMES_AND_GOES:
                        endpoint.sendto(message, (to, 1900))
                self.assertEqual(control_point.collect([endpoint], time.monotonic(), 1.2), [])

        before = self.refusals()
        self.besiege(attack)
        self.assertEqual(self.refusals(), before)

    def test_searches_spoilt_at_random(self):
        chance = random.Random(7)
        whole = control_point.search_message("ssdp:all")

        def attack():
            with self.near2.socket(socket.SOCK_DGRAM) as endpoint:
                for _ in range(500):
                    message = bytearray(whole)
                    for _ in range(chance.randrange(1, 8)):
                        message[chance.randrange(len(message))] = chance.randrange(256)
                    endpoint.sendto(message[:chance.randrange(len(message))], (segment.DEVICE, 1900))
                    endpoint.sendto(chance.randbytes(chance.choice((0, 1, 40, 1400, 9000))), (segment.DEVICE, 1900))

        self.besiege(attack, MALFORMED)

    def test_an_MX_beyond_all_numbers_is_one_of_five(self):
        def attack():
            answers = self.answers([m for _, m in ANSWERED], 6)
            self.assertEqual(len(answers), 4 * len(ANSWERED))
            for answer in answers:
                self.assertIn(light.UUID, answer.headers["usn"])

        self.besiege(attack, rounds=2)


if __name__ == "__main__":
    scenario.main()
