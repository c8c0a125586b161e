# SPDX-License-Identifier: BSL-1.0
"""Interfaces come and go while the device runs, and what a control point on each of them gets to hear."""

import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import capture
import control_point
import scenario
from capture import ALIVE, ANSWER, BYEBYE, FOR_A_CHANGE_TO_SHOW, ROUNDS, SET, UPDATE


class Networks(capture.Changing):
    def test_an_interface_that_appears_after_the_start(self):
        self.start_light(waits=True)
        self.light.wait_for("waiting for a network")
        self.assert_silence()
        self.plug_first()
        self.light.wait_for_location()
        self.describe()
        self.wait_said_all(ALIVE, SET, times=ROUNDS * len(self.own()))
        self.assert_sets(self.said(ALIVE), SET, ROUNDS, self.own())
        self.assertEqual(self.said(UPDATE, BYEBYE), [])
        self.boot_id()
        self.assertTrue(self.is_found())
        self.subscribe_for_good()
        self.assert_subscription_lives()

    def test_ipv4_that_comes_when_ipv6_is_there_already(self):
        """As on every network where DHCP takes longer than a link-local address."""
        self.plug_first("169.254.20.5/32")
        self.on_device("-4 address flush dev seg0")
        self.start_quietly()
        link, = self.own()
        old = self.boot_id()
        self.witness.forget()
        self.network.give(self.device, "seg0", "192.168.20.5/24")
        self.assert_updated(old, {link}, self.own())
        self.assertEqual(self.own(), {link, "192.168.20.5"})
        self.assertTrue(self.is_found())

    def test_a_second_interface(self):  # N-53
        self.plug_first()
        self.start_quietly(interfaces=["seg0", "seg1"])
        self.subscribe_for_good()
        old = self.boot_id()
        before = {m.source: m.location for m in self.said(ALIVE)}
        self.witness.forget()
        self.plug_second()
        self.light.location_on("seg1")
        self.assert_updated(old, self.own("seg0"), self.own("seg0") | self.own("seg1"))
        self.assertEqual({m.source: m.location for m in self.said(UPDATE)}, before)
        self.assertTrue(self.is_found(self.network.second))
        self.assert_subscription_lives()
        self.witness.forget()
        self.assertTrue(self.is_found())
        self.assertGreater({m.boot_id for m in self.said(ANSWER)}.pop(), old)

    def test_an_interface_that_is_lost_and_regained(self):
        self.plug_first()
        port = self.plug_second()
        self.start_quietly(interfaces=["seg0", "seg1"])
        self.subscribe_for_good()
        losses = {"the cable is drawn": (lambda: self.network.carrier(port, False),
                                         lambda: self.network.carrier(port, True)),
                  "it is switched off": (lambda: self.on_device("link set seg1 down"),
                                         lambda: self.on_device("link set seg1 up"))}
        for what, (lose, regain) in losses.items():
            with self.subTest(what):
                old = self.boot_id()
                self.witness.forget()
                lose()
                self.assert_silence()
                self.assertTrue(self.is_found())
                self.witness.forget()
                regain()
                self.assert_updated(old, self.own("seg0"), self.own("seg0") | self.own("seg1"))
                self.assertTrue(self.is_found(self.network.second))
        self.assert_subscription_lives()

    def test_an_interface_that_is_gone_for_good(self):
        self.plug_first()
        self.plug_second()
        self.start_quietly(interfaces=["seg0", "seg1"])
        self.witness.forget()
        self.on_device("link delete seg1")
        self.assert_silence()
        self.assertTrue(self.is_found())
        self.light.stop()
        self.assert_sets(self.said(BYEBYE), SET, 1, self.own("seg0"))

    def test_a_storm_of_changes_elsewhere(self):
        """An interface on which nothing changes hears every BOOTID announced before it is used, and no byebye."""
        self.plug_first()
        self.plug_second()
        self.start_quietly(interfaces=["seg0", "seg1"])
        self.subscribe_for_good()
        changes = ("link set seg1 down", "link set seg1 up", "-4 address flush dev seg1",
                   "address replace 192.168.30.5/24 dev seg1", "address replace 192.168.30.6/24 dev seg1",
                   "address replace fd00:30::5/64 nodad dev seg1", "link set seg1 down", "link set seg1 up")
        draw = random.Random(7)
        stays = self.own("seg0")

        def is_storm():
            return all(len({m.headers["nextbootid.upnp.org"] for m in self.said(UPDATE, source=source)}) >= 3
                       for source in stays)

        # To a light that stands still several changes are one: then it takes more of them.
        for number in range(100):
            if number >= 25 and is_storm():
                break
            self.on_device(draw.choice(changes))
            time.sleep(draw.choice((0, 0.05, 0.3, 0.7, 1.0)))
        self.on_device("link set seg1 up")
        self.on_device("address replace 192.168.30.5/24 dev seg1")
        self.light.location_on("seg1")
        time.sleep(2 * FOR_A_CHANGE_TO_SHOW)
        for source in stays:
            boot_id, announced = None, set()
            for message in self.said(ALIVE, UPDATE, source=source):
                if message.kind == UPDATE:
                    self.assertEqual(message.boot_id, boot_id)
                    announced.add(int(message.headers["nextbootid.upnp.org"]))
                else:
                    self.assertTrue(boot_id in (None, message.boot_id) or message.boot_id in announced, message)
                    self.assertGreaterEqual(message.boot_id, boot_id or 0)
                    boot_id = message.boot_id
            self.assertGreaterEqual(len(announced), 3, "the storm was none")
        self.assertEqual(self.said(BYEBYE, interface="seg0"), [])
        self.boot_id()
        self.assert_subscription_lives()
        for host in (self.near, self.network.second):
            self.assertTrue(self.is_found(host))

    def test_an_address_that_may_not_be_told_any_more_says_byebye(self):
        """Deprecated, it can still send: UDA 2.0, 1.2.3 wants a byebye where it is possible."""
        self.plug_first()
        self.network.give(self.device, "seg0", "fd00:20::5/64")
        self.start_quietly()
        old = self.boot_id()
        stays = self.own() - {"fd00:20::5"}
        nls = {m.headers["01-nls"] for m in self.said(ALIVE) if "01-nls" in m.headers}
        self.witness.forget()
        self.on_device("address change fd00:20::5/64 dev seg0 preferred_lft 0")
        self.wait_said_all(BYEBYE, SET)
        for source in stays:
            self.wait_said_all(ALIVE, SET, source=source)
        time.sleep(FOR_A_CHANGE_TO_SHOW)
        self.assert_sets(self.said(BYEBYE), SET, 1, {"fd00:20::5"})
        self.assertEqual(self.said(UPDATE), [])
        # Who listens to the link hears it too, and over IPv6 that the configuration is another (A.4.1).
        again = self.said(ALIVE)
        self.assertEqual({m.source for m in again}, stays)
        self.assertEqual({m.boot_id for m in again}, {old})
        self.assertFalse(nls & {m.headers["01-nls"] for m in again if "01-nls" in m.headers})

    def test_sigterm_says_byebye_on_every_address_and_a_restart_has_a_greater_boot_id(self):
        self.plug_first()
        self.plug_second()
        self.start_quietly(interfaces=["seg0", "seg1"])
        old = self.boot_id()
        everywhere = self.own("seg0") | self.own("seg1")
        self.assertEqual(self.light.stop(), 0)
        byebyes = self.said(BYEBYE)
        self.assert_sets(byebyes, SET, 1, everywhere)
        self.assertEqual({m.boot_id for m in byebyes}, {old})
        self.witness.forget()
        self.start_light(interfaces=["seg0", "seg1"])
        self.wait_said_all(ALIVE, SET)
        self.assertGreater(self.boot_id(), old)

    def test_killed_it_says_nothing_and_comes_back_with_a_greater_boot_id(self):
        self.plug_first()
        self.start_quietly()
        old = self.boot_id()
        self.light.process.kill()
        self.light.process.wait()
        self.witness.forget()
        self.start_light("--byebye-at-start")
        self.wait_said_all(ALIVE, SET)
        byebyes, alive = self.said(BYEBYE), self.said(ALIVE)
        self.assert_sets(byebyes, SET, 1, self.own())
        self.assert_order(byebyes, alive)
        self.assertGreater(self.boot_id(), old)


if __name__ == "__main__":
    scenario.main()
