# SPDX-License-Identifier: BSL-1.0
"""Events for everybody, heard by plain sockets that have never subscribed (UDA 2.0, 4.3.3)."""

import pathlib
import select
import socket
import struct
import sys
import time
import xml.etree.ElementTree as xml

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import light
import scenario
import segment

GROUP = "239.255.255.246"
LINK_GROUP = "ff02::130"
PORT = 7900
_IP_RECVTTL = 12


def listen(host, group):
    """A socket of the host that has joined the group."""
    family, at = host.endpoint(group, PORT)
    endpoint = host.socket(socket.SOCK_DGRAM, family)
    endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    endpoint.bind(at if family == socket.AF_INET else ("::", PORT))
    if family == socket.AF_INET:
        endpoint.setsockopt(socket.IPPROTO_IP, _IP_RECVTTL, 1)
        endpoint.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                            socket.inet_aton(group) + socket.inet_aton(host.address))
    else:
        with host.inside():
            index = socket.if_nametoindex(host.interface)
        endpoint.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP,
                            socket.inet_pton(socket.AF_INET6, group) + struct.pack("I", index))
    return endpoint


def heard(endpoint, count, seconds=3.0):
    """So many datagrams, or those that came in time: (bytes, TTL where it is told)."""
    all_of_them = []
    deadline = time.monotonic() + seconds
    while len(all_of_them) < count:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([endpoint], [], [], left)[0]:
            break
        data, extras, _, _ = endpoint.recvmsg(65535, socket.CMSG_SPACE(4))
        all_of_them.append((data, struct.unpack("i", extras[0][2])[0] if extras else None))
    return all_of_them


def read(datagram):
    """Start line, header fields, and the properties."""
    head, _, body = datagram.decode().partition("\r\n\r\n")
    start, *lines = head.split("\r\n")
    headers = control_point.Headers.parse(lines)
    assert int(headers["content-length"]) == len(body.encode()), headers
    properties = {v.tag: v.text for v in xml.fromstring(body).iterfind(f"{control_point.EVENT_NS}property/*")}
    return start, headers, properties


class MulticastEvents(scenario.Scenario):
    def setUp(self):
        super().setUp()
        self.bell = self.light = self.enterContext(light.Light(self.network, which="ONLINK_DOORBELL"))

    def ring(self, visitor):
        self.bell.process.stdin.write(visitor + "\n")
        self.bell.process.stdin.flush()

    def test_each_listener_hears_each_event_and_its_repeat(self):
        with listen(self.near, GROUP) as near, listen(self.near2, GROUP) as near2:
            self.ring("Alice")
            at_near = heard(near, 4)
            self.assertEqual(len(at_near), 4, "two levels, each sent and sent again")
            self.assertEqual(at_near, heard(near2, 4))
            self.assertEqual({ttl for _, ttl in at_near}, {2}, "UDA 2.0, 4.2")
            self.assertEqual(heard(near, 1, seconds=0.5), [])
        copies = {}
        for data, _ in at_near:
            copies[data] = copies.get(data, 0) + 1
        self.assertEqual(list(copies.values()), [2, 2], "a repeat is the same datagram")

        by_level = {}
        for data in copies:
            start, headers, properties = read(data)
            self.assertEqual(start, "NOTIFY * HTTP/1.1")
            self.assertEqual(headers["host"], f"{GROUP}:{PORT}")
            self.assertEqual(headers["usn"], f"uuid:{light.UUID}::urn:example-com:service:Button:1")
            self.assertEqual(headers["svcid"], "urn:example-com:serviceId:Button")
            self.assertEqual((headers["nt"], headers["nts"]), ("upnp:event", "upnp:propchange"))
            self.assertRegex(headers["bootid.upnp.org"], r"^\d+$")
            by_level[headers["lvl"]] = properties
        self.assertEqual(by_level, {"upnp:/general": {"Visitor": "Alice"}, "upnp:/info": {"Rings": "1"}})

    def test_SEQ_counts_on_and_repeats_do_not(self):
        with listen(self.near, GROUP) as near:
            for visitor in ("Alice", "Bob", "Carol"):
                self.ring(visitor)
                time.sleep(0.4)  # the repeats are out
            numbers = [int(read(data)[1]["seq"]) for data, _ in heard(near, 12)]
        self.assertEqual(sorted(numbers), [n for n in range(6) for _ in range(2)])

    def test_over_IPv6_it_goes_to_the_group_of_the_link(self):
        with listen(self.near, LINK_GROUP) as near:
            self.ring("Alice")
            events = [read(data) for data, _ in heard(near, 4)]
        self.assertEqual({headers["host"].upper() for _, headers, _ in events}, {f"[FF02::130]:{PORT}"})
        self.assertEqual(len(events), 4)

    def test_subscribers_hear_it_too_and_with_numbers_of_their_own(self):
        root = control_point.describe(self.near, self.bell.location)
        server = self.start_events(self.near)
        with listen(self.near, GROUP) as near:
            control_point.subscribe(self.near, root.services[0].event_url, server.callback())
            server.wait_for(1)
            self.assertEqual(heard(near, 1, seconds=0.5), [], "a subscription multicasts nothing")
            self.ring("Alice")
            event = server.wait_for(2)[1]
            self.assertEqual((event.seq, event.properties), (1, {"Visitor": "Alice", "Rings": "1"}))
            self.assertEqual({read(data)[1]["seq"] for data, _ in heard(near, 4)}, {"0", "1"})

    def test_the_scpd_says_so(self):
        root = control_point.describe(self.near, self.bell.location)
        document = xml.fromstring(control_point.request(self.near, "GET", root.services[0].scpd_url).body)
        variables = document.findall(f"{control_point.SERVICE_NS}serviceStateTable/{control_point.SERVICE_NS}stateVariable")
        self.assertEqual([(v.get("sendEvents"), v.get("multicast")) for v in variables], [("yes", "yes")] * 2)


if __name__ == "__main__":
    scenario.main()
