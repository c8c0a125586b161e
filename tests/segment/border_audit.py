# SPDX-License-Identifier: BSL-1.0
"""onlink-segment against the kernel: what the one admits, the other has to route over that interface without a gateway.

The kernel is asked for the route that it would take (`ip route get fibmatch`). Where onlink is stricter, it is so on
purpose, and the reason is listed here; nowhere is it laxer, but for what one test says.
"""

import ipaddress
import json
import pathlib
import random
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import border
import control_point
import light
import scenario
import segment

ADMITTED, REFUSED, NO_ANSWER = 0, 1, 2

# Of seg0, as they are typed.
ADDRESSES = ["192.168.20.5/24", "10.1.1.5/21", "172.16.96.5/19", "192.168.133.77/27", "10.200.3.2/31", "10.200.4.9/32",
             "10.77.131.9/15", "fd00:20::5/64", "fd00:77:0:8000::5/49", "2001:db8:40:10::5/60", "fd00:30::5/128",
             "fd00:32::5/127"]
SILENT_ADDRESSES = ["fd00:31::5/64", "10.201.0.5/24"]  # with noprefixroute: the prefix is not on the link
ON_LINK_ROUTES = ["172.17.64.0/18", "10.99.0.0/30", "10.98.7.7/32", "203.0.113.0/24", "100.64.0.0/10", "11.0.0.0/8",
                  "fd00:30::/64", "2001:db8:50::/44", "fd00:33::7/128"]
OTHER_ROUTES = ["default dev seg0", "128.0.0.0/2 dev seg0", "12.0.0.0/7 dev seg0", "172.16.9.0/24 via 192.168.20.1",
                "blackhole 10.250.0.0/16", "10.251.0.0/16 nexthop via 192.168.20.1 nexthop via 192.168.20.2",
                "10.252.0.0/16 nexthop dev seg0 nexthop dev seg1", "prohibit 10.253.0.0/16",
                "unreachable 10.249.0.0/16", "10.254.0.0/16 dev seg0 table 100", "10.248.0.0/16 dev seg1",
                "10.247.0.0/16 via inet6 fd00:20::1 dev seg0"]
OTHER_ROUTES_6 = ["default via fd00:20::1 dev seg0", "2000::/3 dev seg0", "fd00:67::/48 via fd00:20::1",
                  "blackhole fd00:66::/48", "fd80::/20 dev seg0", "fd00:68::/64 dev seg1"]
# Without --from, the host at the address itself is meant to ask, and even the device may have events for itself.
ASKED_BY_A_NEIGHBOUR = ("--from", "192.168.20.9")
PREFIXES = [ipaddress.ip_interface(text).network for text in ADDRESSES + ON_LINK_ROUTES]


class Audit(border.Border):
    @classmethod
    def make(cls, network):
        lan, other = network.lan("lan"), network.lan("other")
        for name, address in (("device", "192.168.20.5"), ("near", "192.168.20.9")):
            network.host(name, address)
        network.plug(network.device, lan, *ADDRESSES)
        network.plug(network.device, other, "192.168.30.5/24", interface="seg1")
        network.plug(network.near, lan, "192.168.20.9/24")
        network.ip(network.device, "address add 10.9.0.5 peer 10.9.0.9/32 dev seg0")
        for address in SILENT_ADDRESSES:
            network.ip(network.device, f"address add {address} dev seg0 noprefixroute")
        for route in ON_LINK_ROUTES:
            network.ip(network.device, f"route add {route} dev seg0")
        for route in OTHER_ROUTES:
            network.ip(network.device, f"route add {route}")
        for route in OTHER_ROUTES_6:
            network.ip(network.device, f"-6 route add {route}")
        cls.own = {ipaddress.ip_address(a) for a in network.addresses(network.device)}

    def audit(self, *words):
        """Exit code, and what it printed."""
        with self.device.inside():
            done = subprocess.run([light.program("ONLINK_SEGMENT"), *words], capture_output=True, text=True, timeout=10)
        return done.returncode, done.stdout + done.stderr

    def verdict(self, address, *options, interface="seg0"):
        return self.audit(interface, f"http://{control_point.in_url(str(address))}:8080/", *options)

    def kernel_route(self, address):
        """The entry of the routing table that the kernel would use, or None."""
        command = ["ip", "-json", "route", "get", "fibmatch", str(address)]
        if address.is_link_local and address.version == 6:
            command += ["oif", "seg0"]
        with self.device.inside():
            done = subprocess.run(command, capture_output=True, text=True, timeout=10)
        try:
            return json.loads(done.stdout)[0] if done.returncode == 0 else None
        except (ValueError, IndexError):
            return None

    def is_on_link(self, address, route):
        return (route is not None and route.get("type", "unicast") == "unicast" and route.get("dev") == "seg0" and
                not {"gateway", "via", "nexthops"} & set(route))

    def stricter(self, address, route):
        """Why onlink refuses what the kernel would send on the link; None if it should not."""
        if address in self.own:
            return "callback to the device itself"
        if address.is_multicast:
            return "callback to a multicast address"
        if address.version == 4 and (int(address) >> 24 == 0 or int(address) >> 28 == 15):
            return "callback to a reserved address"
        length = 0 if route["dst"] == "default" else ipaddress.ip_network(route["dst"]).prefixlen
        if length < (8 if address.version == 4 else 32) and not address.is_link_local:
            return "callback off the segment"  # a default route in disguise
        for prefix in PREFIXES + [ipaddress.ip_network("fe80::/64")]:
            last = 31 if address.version == 4 else 127
            edges = {prefix.network_address} | ({prefix.broadcast_address} if address.version == 4 else set())
            if prefix.version == address.version and prefix.prefixlen < last and address in edges:
                return "callback to a broadcast address"
        if address.version == 4 and not any(address in ipaddress.ip_network(private) for private in
                                            ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")):
            return "callback to a public address"
        return None

    def compare(self, addresses):
        """Returns how many were admitted, and how many refused."""
        counts = {ADMITTED: 0, REFUSED: 0}
        for address in addresses:
            route = self.kernel_route(address)
            code, said = self.verdict(address, *ASKED_BY_A_NEIGHBOUR)
            counts[code] += 1
            with self.subTest(str(address)):
                if not self.is_on_link(address, route):
                    self.assertEqual(code, REFUSED, f"{said} but the kernel: {route}")
                elif reason := self.stricter(address, route):
                    self.assertEqual(said.splitlines()[0], f"refused: {reason}", route)
                else:
                    self.assertEqual(code, ADMITTED, f"{said} but the kernel: {route}")
        return counts

    # --- Against the kernel ----------------------------------------------------------------------------------

    def test_both_sides_of_every_edge(self):
        addresses = set()
        others = [route.split()[1 if route.split()[0] in ("blackhole", "prohibit", "unreachable") else 0]
                  for route in OTHER_ROUTES + OTHER_ROUTES_6]
        networks = PREFIXES + [ipaddress.ip_network(other) for other in others if other != "default"]
        networks += [ipaddress.ip_interface(text).network for text in SILENT_ADDRESSES]
        for prefix in networks:
            first, last = int(prefix.network_address), int(prefix.broadcast_address)
            kind = type(prefix.network_address)
            addresses |= {kind(number) for number in (first - 1, first, first + 1, last - 1, last, last + 1)}
        counts = self.compare(sorted(addresses, key=str))
        self.assertGreater(counts[ADMITTED], 30)
        self.assertGreater(counts[REFUSED], 60)

    def test_addresses_at_random(self):
        chance = random.Random(20)
        addresses = [ipaddress.ip_address("10.9.0.9"), ipaddress.ip_address("10.9.0.8"),
                     ipaddress.ip_address("fe80::9"), ipaddress.ip_address("fe80:0:0:1::9")]
        for prefix in PREFIXES:
            bits = prefix.max_prefixlen
            for _ in range(5):  # inside
                addresses.append(prefix[chance.randrange(prefix.num_addresses)])
            for _ in range(4):  # one bit off, somewhere
                flipped = int(prefix.network_address) ^ (1 << chance.randrange(bits)) ^ chance.randrange(256)
                addresses.append(type(prefix.network_address)(flipped))
        addresses += [ipaddress.IPv4Address(chance.getrandbits(32)) for _ in range(30)]
        addresses += [ipaddress.IPv6Address(chance.getrandbits(128)) for _ in range(10)]
        counts = self.compare(addresses)
        self.assertGreater(counts[ADMITTED], 60)
        self.assertGreater(counts[REFUSED], 60)

    def test_every_address_of_the_device_is_its_own(self):
        for address in sorted(self.own, key=str):
            code, said = self.verdict(address, *ASKED_BY_A_NEIGHBOUR)
            expected = "loopback" if address.is_loopback else "the device itself"
            self.assertEqual((code, said.splitlines()[0]), (REFUSED, f"refused: callback to {expected}"), address)

    def test_a_more_specific_route_by_a_gateway_does_not_make_a_hole(self):
        """The one place where onlink is laxer: the prefix counts, and the delivery stays on the link all the same."""
        self.network.ip(self.device, "route add 192.168.20.128/25 via 192.168.20.1")
        self.addCleanup(self.network.ip, self.device, "route delete 192.168.20.128/25")
        self.assertEqual(self.verdict("192.168.20.200")[0], ADMITTED)
        self.start_light()
        self.assertEqual(self.subscribe(border.url_to("192.168.20.200")).status, 200)
        segment.wait_until(lambda: self.witness.seen(lambda p: p.protocol == "arp" and p.target == "192.168.20.200"),
                           "the device asks on the link")
        self.assertEqual(self.witness.seen(lambda p: border.REFUSED_PORT in p.ports), [])

    # --- Against the device ----------------------------------------------------------------------------------

    def test_it_says_what_the_device_says(self):
        self.start_light()
        for address in ("192.168.20.9", "192.168.20.77", "10.1.7.200", "172.17.65.1", "10.9.0.9", "10.200.3.3",
                        "192.168.20.5", "192.168.20.255", "192.168.30.9", "198.51.100.7", "10.250.0.9", "203.0.113.9",
                        "127.0.0.1", "239.1.2.3", "0.0.0.0", "fd00:20::9", "fd00:31::9", "::1", "::ffff:8.8.8.8"):
            with self.subTest(address):
                code, said = self.verdict(address, "--from", "192.168.20.9")
                answer = self.subscribe(border.url_to(address, 8080))
                self.assertEqual((answer.status, code) if code else (answer.status, ADMITTED),
                                 (412, REFUSED) if code else (200, ADMITTED))
                if code == REFUSED:
                    self.assertIn(answer.body.decode().strip(), said)
                else:
                    self.assertEqual(control_point.unsubscribe(self.near, self.switch.event_url,
                                                               answer.headers["sid"]).status, 200)

    # --- The program -----------------------------------------------------------------------------------------

    def test_it_prints_verdict_reason_and_segment(self):
        code, said = self.verdict("192.168.20.9")
        self.assertEqual(code, ADMITTED)
        self.assertRegex(said, r"(?m)^admitted: .*192\.168\.20\.9 port 8080$")
        self.assertRegex(said, r"(?m)^segment of seg0: .*\b192\.168\.20\.0/24\b")
        code, said = self.verdict("198.51.100.7")
        self.assertEqual(code, REFUSED)
        self.assertEqual(said.splitlines()[:2], ["refused: callback off the segment",
                         "A delivery URL is not on the network segment on which the request arrived (UDA 2.0, 4.1.1)."])

    def test_other_options_other_verdicts(self):
        self.assertEqual(self.verdict("198.51.100.7", interface="seg1")[0], REFUSED)
        self.assertEqual(self.verdict("192.168.30.9", interface="seg1")[0], ADMITTED)
        self.assertEqual(self.verdict("10.66.0.9", "--extra-segment", "10.66.0.0/24", interface="seg1")[0], ADMITTED)
        self.assertEqual(self.verdict("192.168.20.9", "--same-host")[0], ADMITTED)
        self.assertEqual(self.verdict("192.168.20.9", "--same-host", "--from", "192.168.20.10")[0], REFUSED)
        code, said = self.verdict("192.168.20.9", "--from", "198.51.100.7")
        self.assertEqual((code, said.splitlines()[0]), (REFUSED, "refused: connection from off the segment"))

    def test_what_is_no_delivery_url_is_refused_with_the_reason(self):
        for url, reason in {"https://192.168.20.9/": "callback is not http", "http://near/": "callback names a host",
                            "http://user@192.168.20.9/": "callback malformed", "": "callback malformed",
                            "http://192.168.20.9:0/": "callback to a refused port",
                            "http://192.168.20.9:22/": "callback to a refused port",
                            "http://192.168.20.9/" + "x" * 600: "callback too long",
                            "<http://192.168.20.9/>": "callback malformed"}.items():
            with self.subTest(url[:40]):
                code, said = self.audit("seg0", url)
                self.assertEqual((code, said.splitlines()[0]), (REFUSED, f"refused: {reason}"))

    def test_misuse(self):
        good = "http://192.168.20.9/"
        for words in ([], ["seg0"], ["seg0", good, good], ["seg7", good], ["", good], ["seg0", good, "--from"],
                      ["seg0", good, "--from", "near"], ["seg0", good, "--sideways"],
                      ["seg0", good, "--extra-segment"], ["seg0", good, "--extra-segment", "10.0.0.1"],
                      ["seg0", good, "--extra-segment", "10.0.0.0/33"], ["seg0", good, "--extra-segment", "0.0.0.0/0"],
                      ["seg0", good, "--extra-segment", "::/0"], ["seg0", good, "--extra-segment", "10.0.0.0/-8"]):
            with self.subTest(words):
                code, said = self.audit(*words)
                self.assertEqual(code, NO_ANSWER, said)
                self.assertTrue(said)


if __name__ == "__main__":
    scenario.main()
