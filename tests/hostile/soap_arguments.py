# SPDX-License-Identifier: BSL-1.0
"""Arguments as they crashed others: texts of any length and language, numbers and words that are not allowed, arguments
that are missing, there twice or in another order. What is allowed comes back to the letter; nothing else gets as far as
a handler."""

import pathlib
import sys
import xml.etree.ElementTree
import xml.sax.saxutils

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario
import segment
import siege

LARGEST_BODY = 256 << 10  # limits::http::max_body of the rich device
GOOD = {"NewHost": "h", "NewLevel": "15", "NewMode": "DAY", "NewClient": "c", "NewDescription": "d"}
TEXTS = ("NewHost", "NewClient", "NewDescription")
FAULT, LARGE, XML = "action failed", "request too large", "XML refused"

WORDS = ["`reboot`", "$(reboot)", ";reboot", "%n%s%x", "%n" * 100, "%s" * 1000, "' OR 1=1 --", "\\x41\\0",
         "../../etc/passwd", "<a>&amp;</a>", "]]>", "\u00e9\u4e2d\U0001f600" * 100, "\t\n x \n\t", "-1", "0x7fffffff"]


class SoapArguments(siege.Siege):
    program = "ONLINK_RICH_DEVICE"
    once = 1 << 20  # requests of up to 192 KiB, as text, as a tree, as values and as an answer
    again = 384 << 10  # up to 212 KiB

    def setUp(self):
        super().setUp()
        self.workshop = self.root.services[1]

    def ask(self, action, arguments):
        """The errorCode, or what came back. `arguments`: pairs, as they are in the body."""
        lines = "".join(f"<{name}>{xml.sax.saxutils.escape(text)}</{name}>" for name, text in arguments)
        body = (control_point.soap_body(self.workshop.type, action, {"X": ""}).decode()
                .replace("<X></X>", lines).encode())
        answer = control_point.request(self.near2, "POST", self.workshop.control_url,
                                       {"CONTENT-TYPE": 'text/xml; charset="utf-8"',
                                        "SOAPACTION": f'"{self.workshop.type}#{action}"'}, body, timeout=15)
        self.assertIn(answer.status, (200, 500))
        content = xml.etree.ElementTree.fromstring(answer.body).find(control_point.SOAP_NS + "Body")
        if answer.status == 500:
            return int(content.find(f".//{control_point.CONTROL_NS}errorCode").text)
        return [out.text or "" for out in content[0]]

    def calls(self):
        return int(control_point.call(self.near, self.workshop, "GetCalls")["Calls"])

    def assert_refused(self, rows):
        """Each of (action, arguments, errorCode) is answered with that, and no handler runs."""
        before = self.calls()

        def attack():
            for action, arguments, code in rows:
                with self.subTest(str(arguments)[:200]):
                    self.assertEqual(self.ask(action, arguments), code)

        self.besiege(attack, FAULT, rounds=2)
        self.assertEqual(self.calls(), before)

    def assert_echoed(self, rows, rounds=2):
        """Each of (action, arguments) comes back, and its handler runs once."""
        def attack():
            for action, arguments in rows:
                with self.subTest(str(arguments)[:200]):
                    before = self.calls()
                    self.assertEqual(self.ask(action, arguments), [text for _, text in arguments])
                    self.assertEqual(self.calls(), before + 1)

        before = self.refusals()
        self.besiege(attack, rounds=rounds)
        self.assertEqual(self.refusals(), before)

    def in_each_text(self, text):
        """One of the texts at a time, and all of them together."""
        for changed in (*((name,) for name in TEXTS), TEXTS):
            yield "SetAll", [*{**GOOD, **dict.fromkeys(changed, text)}.items()]
        yield "SetText", [("NewText", text)]

    def test_texts_of_any_length(self):
        """PinholeVerification() of miniupnpd: what is longer than somebody's buffer."""
        self.assert_echoed([row for length in (0, 255, 256, 1023, 1024, 65535, 65536)
                            for row in self.in_each_text("A" * length)], rounds=3)

    def test_texts_in_the_languages_of_others(self):
        """CVE-2014-8361, CVE-2017-17215, Netgear: a shell; Broadcom: a format string; minidlna: SQL. To us it is text."""
        self.assert_echoed([row for text in WORDS for row in self.in_each_text(text)])

    def test_a_text_beyond_the_longest_body(self):
        before = self.calls()
        body = control_point.soap_body(self.workshop.type, "SetText", {"NewText": "A" * LARGEST_BODY})
        head = self.head("POST", self.path(self.workshop.control_url), 'CONTENT-TYPE: text/xml; charset="utf-8"',
                         f'SOAPACTION: "{self.workshop.type}#SetText"', f"CONTENT-LENGTH: {len(body)}")
        self.besiege(lambda: self.assert_row(head + body[:10000], 413, LARGE), LARGE, rounds=2)  # without the rest
        self.assertEqual(self.calls(), before)

    def test_texts_that_no_XML_can_hold(self):
        before = self.calls()

        def attack():
            for text in ("\0", "\x08", "\ufffe"):
                body = control_point.soap_body(self.workshop.type, "SetText", {"NewText": text})
                head = self.head("POST", self.path(self.workshop.control_url), 'CONTENT-TYPE: text/xml; charset="utf-8"',
                                 f'SOAPACTION: "{self.workshop.type}#SetText"', f"CONTENT-LENGTH: {len(body)}",
                                 "CONNECTION: close")
                self.assert_row(head + body, 400, XML)

        self.besiege(attack, XML, rounds=2)
        self.assertEqual(self.calls(), before)

    def test_each_argument_missing(self):
        """CVE-2019-12108 to -12111."""
        pairs = [*GOOD.items()]
        self.assert_refused([("SetAll", pairs[:n] + pairs[n + 1:], 402) for n in range(len(pairs))] +
                            [("SetAll", [], 402), ("SetAll", pairs[:1], 402), ("SetText", [], 402),
                             ("SetText", [("newtext", "x")], 402), ("SetMode", [], 402), ("SetLevel", [], 402)])

    def test_each_argument_twice(self):
        pairs = [*GOOD.items()]
        rows = []
        for n, pair in enumerate(pairs):
            rows.append(("SetAll", pairs[:n] + [pair] + pairs[n:], 402))
            rows.append(("SetAll", [*pairs, pair], 402))
        self.assert_refused([*rows, ("SetText", [("NewText", "a"), ("NewText", "b")], 402)])

    def test_arguments_in_another_order(self):
        pairs = [*GOOD.items()]
        swapped = [pairs[:n] + [pairs[n + 1], pairs[n]] + pairs[n + 2:] for n in range(len(pairs) - 1)]
        self.assert_refused([("SetAll", order, 402) for order in (*swapped, pairs[::-1], pairs[1:] + pairs[:1])])

    def test_arguments_of_nobody_are_ignored(self):
        pairs = [*GOOD.items()]
        asked = [("X", "x"), *pairs, ("Y", "A" * 65536)]
        self.besiege(lambda: self.assertEqual(self.ask("SetAll", asked), [text for _, text in pairs]), rounds=2)

    def test_words_that_are_not_in_the_list(self):
        words = ["", "day", "DAY ", " DAY", "DAYS", "DA", "ete", "A" * 255, "A" * 256, "A" * 65536, "%n%s%x", "DAY,NIGHT"]
        self.assert_refused([row for word in words for row in (
            ("SetMode", [("NewMode", word)], 601), ("SetAll", [*{**GOOD, "NewMode": word}.items()], 601))])

    def test_words_of_the_list(self):
        self.assert_echoed([("SetMode", [("NewMode", word)]) for word in ("DAY", "NIGHT", "\u00e9t\u00e9")])

    def test_numbers_beyond_the_range(self):
        """A number of the type that the SCPD does not allow is 601, text of no such number 402."""
        outside = ["0", "9", "5", "11", "1001", "1005", "65535"]
        none = ["", "-1", "65536", "4294967306", "18446744073709551626", "9" * 65536, "1e2", "0x10", "10.0", "ten", "%n%s%x",
                "10 10", "10;reboot"]
        self.assert_refused([row for texts, code in ((outside, 601), (none, 402)) for text in texts for row in (
            ("SetLevel", [("NewLevel", text)], code), ("SetAll", [*{**GOOD, "NewLevel": text}.items()], code))])

    def test_what_is_no_number_to_reckon_with(self):
        """Infinities and their kin are 600, whatever the range."""
        rows = [(text, 600) for text in ("INF", "-INF", "NaN", "infinity")]
        rows += [(text, 601) for text in ("1.5", "-1e30")]
        rows += [(text, 402) for text in ("", "0x1p3", "1e", "%n", "1" * 300 + "x")]
        self.assert_refused([("SetShare", [("NewShare", text)], code) for text, code in rows])

    def test_numbers_of_the_range(self):
        self.assert_echoed([("SetLevel", [("NewLevel", text)]) for text in ("10", "15", "1000")])

    def test_actions_of_nobody(self):
        self.assert_refused([("SetNothing", [], 401), ("settext", [("NewText", "x")], 401),
                             ("SetTarget", [("newTargetValue", "1")], 401), ("A" * 1024, [], 401)])

    def test_nobody_subscribes_where_there_are_no_events(self):
        """CVE-2020-13848: a service without an event URL. What an empty one can be taken for is another's."""
        location = self.light.location
        self.assertEqual(self.workshop.event_url, location, "empty, so that it is the base itself")
        near = self.workshop.control_url.rsplit("/", 1)[0]
        fields = ("NT: upnp:event", f"CALLBACK: <http://{segment.NEAR2}:8189/>", "CONNECTION: close")
        resources = (location, self.workshop.control_url, self.workshop.scpd_url)
        rows = [*((self.path(url), 405, "method not allowed") for url in resources),
                (self.path(near + "/event"), 404, "not found"), (self.path(near + "/"), 404, "not found"),
                ("/", 404, "not found"), ("", 400, "request malformed"),
                (f"http://{segment.DEVICE}:{segment.HTTP_PORT}", 404, "not found")]

        def attack():
            for target, status, reason in rows:
                with self.subTest(target):
                    self.assert_row(self.head("SUBSCRIBE", target, *fields), status, reason)

        self.besiege(attack, "not found", rounds=2)
        self.assertEqual(self.metrics()["onlink_subscriptions"], 0)


if __name__ == "__main__":
    scenario.main()
