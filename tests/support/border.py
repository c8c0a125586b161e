# SPDX-License-Identifier: BSL-1.0
"""What the border scenarios share: networks of their own, and a witness of every packet in them."""

import dataclasses
import time

import control_point
import networks
import scenario

# Long enough for a NOTIFY to be sent and, had it failed, for the first retry of TCP.
FOR_A_NOTIFY_TO_SHOW = 1.2

# The port that delivery URLs name which must be refused: any packet for it, anywhere, is a failure.
REFUSED_PORT = 8189

# Parts of the line that a refusal has in its body.
OFF_SEGMENT = "not on the network segment"
OWN = "an address of this device"
LOOPBACK = "loopback"
BROADCAST = "a broadcast address or a network as a whole"
MULTICAST = "a multicast address"
RESERVED = "no host can have"
NOT_PRIVATE = "names a public one"
OTHER_HOST = "another host than the one that asks"


def url_to(address, port=REFUSED_PORT):
    return f"<http://{control_point.in_url(address)}:{port}/>"


class Border(scenario.Scenario):
    """A class says in make() what its network is: a host `device`, and others. `near` is the control point."""

    @classmethod
    def setUpClass(cls):
        cls.network = cls.enterClassContext(networks.Network())
        cls.make(cls.network)
        cls.device = cls.network.device
        cls.near = cls.network.near

    def setUp(self):
        super().setUp()
        self.witness = self.enterContext(networks.Witness(self.network.hosts))

    def subscribe(self, callback, host=None, at=None):
        """`at`: another address of the device than the one in its description."""
        url = control_point.at_address(self.switch.event_url, at) if at else self.switch.event_url
        return control_point.subscribe(host or self.near, url, callback)

    def assert_admitted(self, server, host=None, at=None):
        """The subscription is accepted, and its initial event comes. Returns the SID."""
        heard = len(server.events)
        answer = self.subscribe(server.callback(), host, at)
        self.assertEqual(answer.status, 200, (server.callback(), answer.body))
        self.assertEqual(server.wait_for(heard + 1)[heard].seq, 0)
        return answer.headers["sid"]

    def assert_refused(self, callback, why, host=None, at=None):
        answer = self.subscribe(callback, host, at)
        self.assertEqual(answer.status, 412, callback)
        self.assertIn(why, answer.body.decode(), callback)

    def assert_all_refused(self, cases, host=None, at=None):
        """`cases`: address to reason. Then the state changes, and not one packet is for any of them."""
        for address, why in cases.items():
            with self.subTest(address):
                self.assert_refused(url_to(address), why, host, at)
        self.change_state(at, host)
        self.assert_nothing_for_the_refused()

    def change_state(self, at=None, host=None):
        """Twice: a subscription accepted by mistake would show only now."""
        for value in ("1", "0"):
            self.set_target(value, host, at)

    def set_target(self, value, host=None, at=None):
        url = control_point.at_address(self.switch.control_url, at) if at else self.switch.control_url
        there = dataclasses.replace(self.switch, control_url=url)
        return control_point.call(host or self.near, there, "SetTarget", newTargetValue=value)

    def assert_nothing_for_the_refused(self):
        time.sleep(FOR_A_NOTIFY_TO_SHOW)
        self.assertEqual(self.witness.seen(lambda p: p.protocol in ("tcp", "udp") and REFUSED_PORT in p.ports), [])

    @property
    def device_addresses(self):
        return self.network.addresses(self.device) - {"127.0.0.1", "::1"}

    def heard_by(self, *names, but=lambda packet: False):
        """What of the device's these hosts saw, whether it was for them or on its way through them."""
        own = self.device_addresses
        return self.witness.seen(lambda p: p.host in names and p.source in own and not p.group and
                                 p.protocol not in ("arp", "nd") and not but(p))
