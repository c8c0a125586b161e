# SPDX-License-Identifier: BSL-1.0
"""Discovery: advertisements at start and stop, and every form of search."""

import contextlib
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import light
import scenario
import segment

UDN = f"uuid:{light.UUID}"

# The set of UDA 2.0, 1.2.2 for a root device with one service: 3 + 2d + k with d = 0 and k = 1.
TARGETS = {
    "upnp:rootdevice": f"{UDN}::upnp:rootdevice",
    UDN: UDN,
    light.DEVICE_TYPE: f"{UDN}::{light.DEVICE_TYPE}",
    light.SERVICE_TYPE: f"{UDN}::{light.SERVICE_TYPE}",
}


class Search(scenario.Scenario):
    def setUp(self):
        super().setUp()
        self.start_light()

    def answers(self, target, **options):
        return control_point.search(self.near, target, **options)

    def test_all_lists_the_whole_set(self):
        answers = self.answers("ssdp:all", mx=2, enough=len(TARGETS))
        self.assertEqual(len(answers), 4)
        self.assertEqual({a.headers["st"]: a.headers["usn"] for a in answers}, TARGETS)

    def test_each_target_is_answered_once_with_itself(self):
        for (target, usn), answers in zip(TARGETS.items(), self.answers_to_each(TARGETS, enough=1)):
            with self.subTest(target):
                self.assertEqual([(a.headers["st"], a.headers["usn"]) for a in answers], [(target, usn)])

    def test_what_we_are_not_is_not_answered(self):
        others = ["uuid:2fac1234-31f8-11b4-a222-000000000000",
                  "urn:schemas-upnp-org:device:BinaryLight:2",
                  "urn:schemas-upnp-org:device:DimmableLight:1",
                  "urn:schemas-upnp-org:service:Dimming:1",
                  "upnp:everything"]
        for target, answers in zip(others, self.answers_to_each(others)):
            with self.subTest(target):
                self.assertEqual(answers, [])

    def test_an_answer_has_all_header_fields(self):
        answer, = self.answers("upnp:rootdevice", enough=1)
        self.assertEqual(answer.start_line, "HTTP/1.1 200 OK")
        self.assertEqual(answer.sender, (segment.DEVICE, 1900))
        self.assertGreaterEqual(int(answer.headers["cache-control"].replace("max-age=", "")), 1800)
        self.assertEqual(answer.headers["ext"], "")
        self.assertEqual(answer.headers["location"], self.light.location)
        self.assertRegex(answer.headers["server"], control_point.SERVER_FORM)
        self.assertRegex(answer.headers["bootid.upnp.org"], r"^(0|[1-9]\d*)$")
        self.assertRegex(answer.headers["configid.upnp.org"], r"^(0|[1-9]\d*)$")

    # How late an answer may be at most is shown in virtual time, in tests/wire and tests/flow: here a busy machine
    # may stop anyone for longer.

    def test_answers_are_spread_over_mx(self):
        for _ in range(3):  # who stood still answers all at once
            seconds = self.seconds_until_answers(searches=8, mx=3)
            self.assertEqual(len(seconds), 8)
            # Eight uniform draws from 3 s all within half a second: fewer than one run in 100,000.
            if max(seconds) - min(seconds) > 0.5:
                return
        self.fail(f"the answers all came at once, three times: {seconds}")

    def test_a_huge_mx_counts_as_five(self):
        # All within 16 s of 120: one run in 3,000.
        self.assertEqual(len(self.seconds_until_answers(searches=4, mx=120)), 4)

    def test_a_unicast_search_is_answered_as_a_whole(self):
        answers = self.answers("ssdp:all", to=(segment.DEVICE, 1900), wait=2, enough=len(TARGETS))
        self.assertEqual(len(answers), len(TARGETS))
        self.assertEqual({a.headers["st"]: a.headers["usn"] for a in answers}, TARGETS)

    def test_a_malformed_search_is_not_answered(self):
        good = control_point.search_message("ssdp:all").decode()
        bad = {"MAN without quotes": good.replace('"', ""),
               "no MAN": good.replace('MAN: "ssdp:discover"\r\n', ""),
               "no MX": good.replace("MX: 1\r\n", ""),
               "MX is no number": good.replace("MX: 1", "MX: soon"),
               "no ST": good.replace("ST: ssdp:all\r\n", ""),
               "no end": good[:-2],
               "another method": good.replace("M-SEARCH", "N-SEARCH")}
        messages = [message.encode() for message in bad.values()]
        for what, answers in zip(bad, control_point.search_each(self.near, messages, 1.3)):
            with self.subTest(what):
                self.assertEqual(answers, [])

    def answers_to_each(self, targets, enough=0):
        return control_point.search_each(self.near, [control_point.search_message(t) for t in targets], 1.3, enough)

    def seconds_until_answers(self, searches, mx):
        """One search each from many ports at once; when each answer came."""
        began = time.monotonic()
        message = control_point.search_message("upnp:rootdevice", mx)
        with contextlib.ExitStack() as closing:
            endpoints = [control_point.start_search(self.near, message) for _ in range(searches)]
            for endpoint in endpoints:
                closing.callback(endpoint.close)
            return [a.seconds for a in control_point.collect(endpoints, began, min(mx, 5) + 0.5, enough=searches)]


class Advertising(scenario.Scenario):
    def setUp(self):
        super().setUp()
        self.heard = self.enterContext(control_point.Advertisements(self.near))

    def test_the_set_is_sent_at_start_and_repeated(self):
        self.start_light()
        self.heard.heard("ssdp:alive", 10.0, enough=2 * len(TARGETS))
        alive = self.heard.heard("ssdp:alive", 3.0)
        for target, usn in TARGETS.items():
            copies = [a for a in alive if (a.headers["nt"], a.headers["usn"]) == (target, usn)]
            with self.subTest(target):
                self.assertIn(len(copies), (2, 3), "a set is sent more than once, no message more than three times")
        self.assertIn(len(alive), (2 * len(TARGETS), 3 * len(TARGETS)))

    def test_an_advertisement_has_all_header_fields(self):
        self.start_light()
        for message in self.heard.heard("ssdp:alive", 10.0, enough=len(TARGETS)):
            self.assertEqual(message.start_line, "NOTIFY * HTTP/1.1")
            self.assertEqual(message.sender[0], segment.DEVICE)
            self.assertEqual(message.ttl, 2)
            self.assertEqual(message.headers["host"], "239.255.255.250:1900")
            self.assertGreaterEqual(int(message.headers["cache-control"].replace("max-age=", "")), 1800)
            self.assertEqual(message.headers["location"], self.light.location)
            self.assertRegex(message.headers["server"], control_point.SERVER_FORM)
            self.assertRegex(message.headers["bootid.upnp.org"], r"^(0|[1-9]\d*)$")
            self.assertRegex(message.headers["configid.upnp.org"], r"^(0|[1-9]\d*)$")

    def test_sigterm_says_byebye_for_the_whole_set_and_exits_with_0(self):
        self.start_light()
        self.heard.heard("ssdp:alive", 10.0, enough=2 * len(TARGETS))
        self.assertEqual(self.light.stop(), 0)
        self.assertEqual(self.light.output[-1], "goodbye")
        byebyes = self.heard.heard("ssdp:byebye", 1.0)
        self.assertEqual({b.headers["nt"]: b.headers["usn"] for b in byebyes}, TARGETS)
        self.assertEqual(control_point.search(self.near, "ssdp:all"), [])

    def test_a_tree_of_lights_is_3_plus_2d_plus_k(self):
        self.start_light("--embedded", "3")
        self.assertEqual(len(self.root.all()), 4)
        whole = 3 + 2 * 3 + 4
        answers = control_point.search(self.near, "ssdp:all", mx=2, enough=whole)
        self.assertEqual(len({a.headers["usn"] for a in answers}), whole)
        self.assertEqual(len(answers), whole)


if __name__ == "__main__":
    scenario.main()
