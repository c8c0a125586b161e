# SPDX-License-Identifier: BSL-1.0
"""Root devices come and go while the host runs; and what a device says of itself, by what it declares itself to be."""

import pathlib
import socket
import sys
import time
import xml.etree.ElementTree as xml

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import capture
import control_point
import scenario
from capture import ALIVE, ANSWER, BYEBYE, ROUNDS, SET, UPDATE


class Devices(capture.Changing):
    """Root devices come and go while the host runs."""

    def setUp(self):
        super().setUp()
        self.plug_first()
        self.start_quietly("--commands")

    def config_ids(self):
        return {m.headers["configid.upnp.org"] for m in self.said(ALIVE)}

    def config_id_of(self, url):
        return xml.fromstring(control_point.request(self.near, "GET", url).body).get("configId")

    def test_another_name_is_another_description(self):  # N-54
        self.subscribe_for_good()
        old = self.boot_id()
        old_config, = self.config_ids()
        self.assertEqual(self.config_id_of(self.light.location), old_config)
        self.witness.forget()
        self.light.command("rename Porch Lamp")
        self.wait_said_all(ALIVE, SET, times=ROUNDS * len(self.own()))
        byebyes, alive = self.said(BYEBYE), self.said(ALIVE)
        self.assert_sets(byebyes, SET, 1, self.own())
        self.assert_sets(alive, SET, ROUNDS, self.own())
        self.assert_order(byebyes, alive)
        self.assertEqual({(m.boot_id, m.headers["configid.upnp.org"]) for m in byebyes}, {(old, old_config)})
        self.assertGreater(self.boot_id(), old)
        config, = self.config_ids()
        self.assertNotEqual(config, old_config)
        self.describe()
        self.assertEqual(self.root.name, "Porch Lamp")
        for url in (self.light.location, self.switch.scpd_url):
            self.assertEqual(self.config_id_of(url), config)
        self.light.wait_for(rf"device_removed \S+ {self.sid}")
        self.subscribe_for_good()
        self.assert_subscription_lives()

    def test_one_that_is_added_announces_itself_alone_and_leaves_alone(self):
        self.subscribe_for_good()
        old = self.boot_id()
        added = capture.usns(capture.udn(3))
        self.witness.forget()
        self.light.command("add 3")
        self.wait_said_all(ALIVE, added, times=ROUNDS * len(self.own()))
        time.sleep(1)
        self.assert_sets(self.said(ALIVE), added, ROUNDS, self.own())
        self.assertEqual(self.said(UPDATE, BYEBYE), [])
        self.assertGreater({m.boot_id for m in self.said(ALIVE)}.pop(), old)
        location, = {m.location for m in self.said(ALIVE) if m.source == "192.168.20.5"}
        there = control_point.describe(self.near, location)
        self.assertEqual(there.udn, capture.udn(3))
        answers = control_point.search(self.near, "upnp:rootdevice", enough=2)
        self.assertEqual({a.headers["usn"].split("::")[0] for a in answers}, {capture.udn(), capture.udn(3)})
        control_point.call(self.near, there.services[0], "SetTarget", newTargetValue="1")
        server = self.start_events(self.near)
        sid = control_point.subscribe(self.near, there.services[0].event_url, server.callback()).headers["sid"]
        self.assertEqual(server.wait_for(1)[0].properties, {"Status": "1"})

        self.witness.forget()
        self.light.command("remove 3")
        self.light.wait_for(rf"device_removed \S+ {sid}")
        self.wait_said_all(BYEBYE, added)
        time.sleep(1)
        self.assert_sets(self.said(BYEBYE), added, 1, self.own())
        self.assertEqual(self.said(UPDATE, ALIVE), [])
        self.assertEqual(control_point.request(self.near, "GET", location).status, 404)
        self.assertTrue(self.is_found())
        self.assert_subscription_lives()

    def test_the_last_one_goes_and_another_comes(self):
        self.witness.forget()
        self.light.command("remove 0")
        self.wait_said_all(BYEBYE, SET)
        self.assertEqual(control_point.search(self.near, "ssdp:all"), [])
        self.light.command("add 7")
        self.wait_said_all(ALIVE, capture.usns(capture.udn(7)), times=ROUNDS)
        answer, = control_point.search(self.near, "upnp:rootdevice", enough=1)
        self.assertEqual(answer.headers["usn"], f"{capture.udn(7)}::upnp:rootdevice")

    def test_again_and_again(self):
        self.witness.forget()
        added = capture.usns(capture.udn(2))
        for _ in range(5):
            self.light.command("add 2")
            self.light.command("remove 2")
        self.light.command("add 2")
        self.wait_said_all(ALIVE, added, times=ROUNDS * len(self.own()))
        boot_ids = [m.boot_id for m in self.said(ALIVE) if m.usn in added]
        self.assertEqual(boot_ids, sorted(boot_ids))
        self.assertEqual({m.usn for m in self.said()}, added)


class Levels(capture.Changing):
    """What the device declares itself to be, it says, and no more; and where it is asked."""

    ADVERTISED = {"host", "nt", "nts", "usn"}
    SINCE_1_1 = {"bootid.upnp.org", "configid.upnp.org"}
    OVER_IPV6 = {"opt", "01-nls"}

    def fields(self, kind, level):
        """Of each kind of message at each architecture version, but for SEARCHPORT."""
        basic = {ALIVE: self.ADVERTISED | {"cache-control", "location", "server"},
                 BYEBYE: self.ADVERTISED,
                 UPDATE: self.ADVERTISED | {"location", "nextbootid.upnp.org"},
                 ANSWER: {"cache-control", "date", "ext", "location", "server", "st", "usn"}}[kind]
        return basic if level == "1.0" else basic | self.SINCE_1_1

    def assert_level(self, level, kinds, more=frozenset()):
        for kind in kinds:
            with self.subTest(kind):
                messages = self.said(kind)
                self.assertTrue(messages)
                for message in messages:
                    over = self.OVER_IPV6 if ":" in message.source else set()
                    own = set() if kind == BYEBYE else more
                    self.assertEqual(set(message.headers), self.fields(kind, level) | over | own)
                    if "server" in message.headers:
                        self.assertRegex(message.headers["server"], rf"^\S+/\S+ UPnP/{level} onlink/\S+$")
                    if kind != ANSWER:
                        self.assertEqual(message.packet.hops, 4 if level == "1.0" else 2)

    def say_everything(self, *options):
        """A light that announces itself, answers, is given a second interface, and leaves."""
        self.plug_first()
        self.start_quietly(*options, interfaces=["seg0", "seg1"])
        self.assertEqual(len(control_point.search(self.near, "ssdp:all", enough=len(SET))), len(SET))
        self.plug_second()
        self.wait_said_all(ALIVE, SET, interface="seg1", times=ROUNDS * 2)
        self.light.stop()

    def test_uda_2_0(self):
        self.say_everything()
        self.assert_level("2.0", (ALIVE, UPDATE, BYEBYE, ANSWER))

    def test_uda_1_1(self):
        self.say_everything("--uda", "1.1")
        self.assert_level("1.1", (ALIVE, UPDATE, BYEBYE, ANSWER))

    def test_uda_1_0_which_knows_no_update(self):
        self.say_everything("--uda", "1.0")
        self.assert_level("1.0", (ALIVE, BYEBYE, ANSWER))
        self.assertEqual(self.said(UPDATE), [])

    def test_another_search_port_is_told_and_heard(self):
        self.plug_first()
        self.start_quietly("--search-port", "49400", interfaces=["seg0", "seg1"])
        for to in (("192.168.20.5", 49400), (control_point.GROUP, 1900)):
            answers = control_point.search(self.near, "ssdp:all", to=to, enough=len(SET))
            self.assertEqual({a.headers["usn"] for a in answers}, SET)
        link = next(a for a in self.own() if a.startswith("fe80"))
        near_link = self.network.link_local(self.near)
        answers = control_point.search(self.near, "ssdp:all", to=(link, 49400), source=near_link, enough=len(SET))
        self.assertEqual({a.headers["usn"] for a in answers}, SET)
        self.assertEqual(control_point.search(self.near, "ssdp:all", to=("192.168.20.5", 1900)), [])
        self.plug_second()
        self.wait_said_all(ALIVE, SET, interface="seg1", times=ROUNDS * 2)
        answers = control_point.search(self.network.second, "ssdp:all", to=("192.168.30.5", 49400), enough=len(SET))
        self.assertEqual(len(answers), len(SET))
        self.light.stop()
        self.assert_level("2.0", (ALIVE, UPDATE, BYEBYE, ANSWER), {"searchport.upnp.org"})
        self.assertEqual({m.headers["searchport.upnp.org"] for m in self.said(ALIVE, UPDATE, ANSWER)}, {"49400"})

    def occupy_port_1900(self, address):
        """As another SSDP program does that wants it for itself."""
        taken = self.enterContext(self.device.socket(socket.SOCK_DGRAM))
        taken.bind((address, 1900))

    def test_port_1900_that_another_program_has_at_an_address(self):
        self.plug_first()
        self.occupy_port_1900("192.168.20.5")
        self.start_quietly()
        port, = {int(m.headers["searchport.upnp.org"]) for m in self.said(ALIVE)}
        self.assertGreaterEqual(port, 49152)
        self.assertTrue(self.is_found())
        answers = control_point.search(self.near, "ssdp:all", to=("192.168.20.5", port), enough=len(SET))
        self.assertEqual(len(answers), len(SET))

    def test_port_1900_that_another_program_has_altogether(self):
        """The group cannot be heard then. Advertisements go out all the same, and searches of our address come in."""
        self.plug_first()
        self.occupy_port_1900("0.0.0.0")
        self.start_quietly()
        port, = {int(m.headers["searchport.upnp.org"]) for m in self.said(ALIVE)}
        self.assert_sets(self.said(ALIVE), SET, ROUNDS, self.own())
        answers = control_point.search(self.near, "ssdp:all", to=("192.168.20.5", port), enough=len(SET))
        self.assertEqual(len(answers), len(SET))
        self.light.wait_for(r"trouble: address unavailable 192\.168\.20\.5: group: .*")

    def test_a_control_point_on_the_same_machine(self):
        self.plug_first()
        with control_point.Advertisements(self.device) as heard:
            self.start_light()
            alive = heard.heard("ssdp:alive", 10.0, enough=len(SET))
        self.assertEqual({a.headers["usn"] for a in alive}, SET)
        answers = control_point.search(self.device, "ssdp:all", enough=len(SET))
        self.assertEqual(sorted(a.headers["usn"] for a in answers), sorted(SET))
        self.assertEqual(control_point.describe(self.device, answers[0].headers["location"]).udn, capture.udn())


if __name__ == "__main__":
    scenario.main()
