# SPDX-License-Identifier: BSL-1.0
"""Addresses change under a device that has IPv4 alone: with its only address everything is another, or nothing is."""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import capture
import control_point
import scenario
from capture import ALIVE, ANSWER, BYEBYE, FOR_A_CHANGE_TO_SHOW, ROUNDS, SET, UPDATE

# limits::interfaces::settle_time, and well within it
SETTLE_TIME = 0.5
A_MOMENT = 0.1
WELL_WITHIN = 0.4


class MultiHomed(capture.Changing):
    IPV6 = False

    def test_another_address_of_one_interface(self):  # SSDP-37
        self.plug_first()
        self.plug_second()
        self.start_quietly(interfaces=["seg0", "seg1"])
        self.subscribe_for_good()
        old = self.boot_id()
        self.witness.forget()
        self.on_device("address delete 192.168.30.5/24 dev seg1")
        self.network.give(self.device, "seg1", "192.168.30.6/24")
        self.wait_said_all(ALIVE, SET, times=ROUNDS * 2)
        byebyes, updates, alive = self.said(BYEBYE), self.said(UPDATE), self.said(ALIVE)
        self.assert_sets(byebyes, SET, 1, ["192.168.30.6"])  # where the old one was known
        self.assert_sets(updates, SET, 1, ["192.168.20.5"])
        self.assert_sets(alive, SET, ROUNDS, ["192.168.20.5", "192.168.30.6"])
        self.assert_order(byebyes, updates)
        self.assert_order(updates, alive)
        self.assertEqual({m.boot_id for m in byebyes + updates}, {old})
        self.assertEqual({m.boot_id for m in alive}, {int(m.headers["nextbootid.upnp.org"]) for m in updates})
        self.assertGreater(self.boot_id(), old)
        self.assert_subscription_lives()
        self.assertTrue(self.is_found(self.network.second))

    def test_the_last_interface_that_works_is_another_one(self):
        """Nobody has heard of a BOOTID to come: to those on the second LAN the device starts."""
        self.plug_first()
        self.start_quietly(interfaces=["seg0", "seg1"])
        old = self.boot_id()
        self.on_device("link set seg0 down")
        self.assertEqual(control_point.search(self.near, "upnp:rootdevice"), [])
        self.witness.forget()
        self.plug_second()
        self.wait_said_all(ALIVE, SET, times=ROUNDS)
        self.assert_sets(self.said(ALIVE), SET, ROUNDS, ["192.168.30.5"])
        self.assertEqual(self.said(UPDATE, BYEBYE), [])
        self.assertGreater(self.boot_id(), old)
        self.assertTrue(self.is_found(self.network.second))


class SingleHomed(capture.Changing):
    """One interface, and IPv4 alone: what changes its address changes everything."""

    IPV6 = False

    def away(self, seconds):
        """Takes the address away and gives it back. How long that was, in truth."""
        began = time.monotonic()
        self.on_device("-4 address flush dev seg0")
        time.sleep(seconds)
        self.network.give(self.device, "seg0", "192.168.20.5/24")
        return time.monotonic() - began

    def test_an_address_that_comes_after_the_start(self):
        self.network.plug(self.device, self.lan)
        self.start_light(waits=True)
        self.light.wait_for("waiting for a network")
        self.assert_silence()
        self.network.give(self.device, "seg0", "192.168.20.5/24")
        self.light.wait_for_location()
        self.describe()
        self.wait_said_all(ALIVE, SET, times=ROUNDS)
        self.assert_sets(self.said(ALIVE), SET, ROUNDS, ["192.168.20.5"])
        self.assertTrue(self.is_found())

    def test_another_address_is_another_start(self):
        self.plug_first()
        self.start_quietly()
        self.subscribe_for_good()
        old = self.boot_id()
        self.witness.forget()
        self.on_device("address delete 192.168.20.5/24 dev seg0")
        self.network.give(self.device, "seg0", "192.168.40.5/24")
        self.wait_said_all(ALIVE, SET, times=ROUNDS)
        byebyes, alive = self.said(BYEBYE), self.said(ALIVE)
        # The old address cannot speak any more: the new one does it, on the same link.
        self.assert_sets(byebyes, SET, 1, ["192.168.40.5"])
        self.assert_sets(alive, SET, ROUNDS, ["192.168.40.5"])
        self.assert_order(byebyes, alive)
        self.assertEqual({m.boot_id for m in byebyes}, {old})
        self.assertGreater(self.boot_id(), old)
        self.assertEqual(self.said(UPDATE), [])
        location = self.light.location_at("192.168.40.5")
        self.assertEqual({m.location for m in alive}, {location})
        self.light.wait_for(rf"segment_left \S+ {self.sid}")
        self.assertEqual(control_point.describe(self.near, location).udn, capture.udn())
        events = len(self.server.events)
        self.light.location = location
        self.describe()
        self.set_target("1")
        time.sleep(1)
        self.assertEqual(len(self.server.events), events)
        self.assertEqual(control_point.renew(self.near, self.switch.event_url, self.sid).status, 412)

    def test_answers_that_wait_follow_the_address(self):
        self.plug_first()
        self.start_quietly("--root-devices", "50")
        old = self.boot_id()
        self.witness.forget()
        message = control_point.search_message("upnp:rootdevice", 5)
        asked = self.enterContext(control_point.start_search(self.near, message))
        self.wait_said(5, ANSWER)
        self.on_device("address delete 192.168.20.5/24 dev seg0")
        self.network.give(self.device, "seg0", "192.168.20.6/24")
        self.wait_said(1, ANSWER, source="192.168.20.6")
        time.sleep(5)
        answers = self.said(ANSWER)
        self.assertEqual({m.source for m in answers}, {"192.168.20.5", "192.168.20.6"})
        self.assertEqual({m.boot_id for m in answers if m.source == "192.168.20.5"}, {old})
        self.assertEqual(len({m.usn for m in answers}), len(answers))
        self.assertLessEqual(len(control_point.collect([asked], time.monotonic(), 0.2)), 50)

    def test_a_second_address_is_an_update_and_the_first_may_then_go(self):
        self.plug_first()
        self.start_quietly()
        self.subscribe_for_good()
        old = self.boot_id()
        self.witness.forget()
        self.network.give(self.device, "seg0", "192.168.40.5/24")
        self.assert_updated(old, {"192.168.20.5"}, {"192.168.20.5", "192.168.40.5"})
        self.assert_subscription_lives()
        updated = self.boot_id()
        self.witness.forget()
        self.on_device("address delete 192.168.20.5/24 dev seg0")
        self.wait_said_all(ALIVE, SET, source="192.168.40.5")
        time.sleep(FOR_A_CHANGE_TO_SHOW)
        # Those who heard of the address that is gone hear of the other one again; no byebye, which would take both.
        self.assertEqual(self.said(BYEBYE, UPDATE), [])
        self.assertEqual({m.source for m in self.said(ALIVE)}, {"192.168.40.5"})
        self.assertEqual({m.boot_id for m in self.said(ALIVE)}, {updated})

    def test_an_address_that_is_away_for_a_moment_is_no_news(self):
        self.plug_first()
        self.start_quietly()
        self.subscribe_for_good()
        self.witness.forget()
        blinks = 0
        for _ in range(20):
            if self.away(A_MOMENT) < WELL_WITHIN:
                blinks += 1
                self.assert_silence()
            else:  # this machine was busy: no longer a moment
                self.start_over()
            if blinks == 2:
                break
        self.assertEqual(blinks, 2, "this machine is too busy to take an address away for a moment")
        self.assertTrue(self.is_found())
        self.assert_subscription_lives()

    def start_over(self):
        self.light.stop()
        self.start_quietly()
        self.subscribe_for_good()
        self.witness.forget()

    def test_an_address_that_is_away_for_longer_is_a_reboot(self):
        self.plug_first()
        self.start_quietly()
        self.subscribe_for_good()
        old = self.boot_id()
        self.witness.forget()
        self.away(3 * SETTLE_TIME)
        self.wait_said_all(ALIVE, SET, times=ROUNDS)
        self.assert_sets(self.said(ALIVE), SET, ROUNDS, ["192.168.20.5"])
        self.assertEqual(self.said(UPDATE), [])
        self.assertGreater(self.boot_id(), old)
        # A BOOTID that grows without an update says that subscriptions are gone; so they are.
        self.light.wait_for(rf"segment_left \S+ {self.sid}")
        self.assertEqual(control_point.renew(self.near, self.switch.event_url, self.sid).status, 412)

    def test_the_cable_is_drawn_and_put_in_again(self):
        port = self.plug_first()
        self.start_quietly()
        old = self.boot_id()
        self.witness.forget()
        self.network.carrier(port, False)
        self.assert_silence()
        self.network.carrier(port, True)
        self.wait_said_all(ALIVE, SET, times=ROUNDS)
        self.assertEqual(self.said(UPDATE), [])
        self.assertGreater(self.boot_id(), old)
        self.assertTrue(self.is_found())


if __name__ == "__main__":
    scenario.main()
