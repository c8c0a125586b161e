# SPDX-License-Identifier: BSL-1.0
"""SOAP requests as they crashed others: cut, without their arguments, with other people's, with a shell in them."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario
import siege

SEEDS = pathlib.Path(__file__).parents[1] / "fuzz/corpus/soap_control"
XML, INVALID, FAULT = "XML refused", "SOAP request invalid", "action failed"


class SoapMessages(siege.Siege):
    def post(self, body, *fields, action='"{type}#SetTarget"'):
        if action is not None:
            fields = (*fields, "SOAPACTION: " + action.replace("{type}", self.switch.type))
        return self.head("POST", self.path(self.switch.control_url), 'CONTENT-TYPE: text/xml; charset="utf-8"',
                         f"CONTENT-LENGTH: {len(body)}", "CONNECTION: close", *fields) + body

    def envelope(self, action="SetTarget", service=None, **arguments):
        return control_point.soap_body(service or self.switch.type, action, arguments)

    def assert_refused(self, rows, *reasons):
        """Each of (message, status, reason, errorCode) is answered with those, and no handler runs."""
        def attack():
            for message, status, reason, code in rows:
                with self.subTest(message[:200]):
                    self.assert_row(message, status, reason, code)

        with self.assert_nothing_is_done():
            self.besiege(attack, *reasons, rounds=2, changes=False)

    def test_SOAPACTION(self):
        """CVE-2026-5720: a single quote character; CVE-2013-0230: a long method; CVE-2020-10923 and -10924: another
        action than the body's."""
        good = self.envelope(newTargetValue="1")
        none = ['"', "'", '""', "#", '"#"', "", '"%n%s"', '"{type}#SetTarget"x', '"{type}#Set Target"', '"{type}#A#B"']
        others = ['"urn#' + "A" * 2048 + '"', '"{type}#GetStatus"', '"urn:schemas-upnp-org:service:Nothing:1#SetTarget"',
                  '"{type}#;reboot"', '"{type}#%n%s%x"', '"{type}#settarget"']
        rows = [(self.post(good, action=action), 400, INVALID, None) for action in none]
        rows += [(self.post(good, action=action), 500, FAULT, 401) for action in others]
        rows.append((self.post(good, 'SOAPACTION: "x#y"'), 400, INVALID, None))
        rows.append((self.post(good, action=None), 400, INVALID, None))
        self.assert_refused(rows, INVALID, FAULT)

    def test_no_body(self):
        """CVE-2009-2174."""
        self.assert_refused([(self.post(b""), 400, XML, None)], XML)

    def test_cut_at_every_byte(self):
        """CVE-2017-1000494 and miniupnp 268."""
        whole = self.envelope(newTargetValue="1")
        self.assert_refused([(self.post(whole[:length]), 400, XML, None) for length in range(len(whole) - 1)], XML)

    def test_texts_that_end_too_soon(self):
        """libupnp 425 and 446: what its parser read beyond the end of its text."""
        bodies = [(SEEDS / name).read_bytes().partition(b"\r\n\r\n")[2]
                  for name in ("pupnp_425_ends_in_white_space", "pupnp_446_ends_in_a_reference")]
        bodies += [bodies[1][:-1] + end for end in (b"", b"x", b"x3", b"38;")]
        whole = self.envelope(newTargetValue="1")
        bodies += [whole[:whole.rindex(b"<")] + end for end in (b"", b" " * 4000, b"\n\t \r", b"\xc3", b"\xe4\xb8", b"\xf0\x9f\x98")]
        self.assert_refused([(self.post(body), 400, XML, None) for body in bodies], XML)

    def test_arguments_and_actions_of_nobody(self):
        """CVE-2019-12108 to -12111."""
        def action(name, body):
            return self.post(body, action=f'"{{type}}#{name}"')

        self.assert_refused([
            (self.post(self.envelope()), 500, FAULT, 402),
            (self.post(self.envelope(another="1")), 500, FAULT, 402),
            (action("GetStatus", self.envelope("GetStatus", another="1")), 200, None, None),  # ignored
            (action("GetNothing", self.envelope("GetStatus")), 500, FAULT, 401),
            (action("GetNothing", self.envelope("GetNothing")), 500, FAULT, 401),
            (action("QueryStateVariable", self.envelope("QueryStateVariable", varName="Status")), 500, FAULT, 401),
        ], FAULT)

    def test_text_where_a_boolean_is_wanted(self):
        """CVE-2014-8361, CVE-2017-17215 and Netgear's: a shell; Broadcom: a format string; PinholeVerification(): what
        is longer than somebody's buffer; minidlna: another language. No handler sees any of it."""
        texts = ["`reboot`", "$(reboot)", ";reboot", "%n%s%n%s", "' OR 1=1 --", "\\x41", "-1", "2", "1e0", "A" * 255,
                 "A" * 256, "A" * 60000, "&#x41;", "1&#10;1"]
        self.assert_refused([(self.post(self.envelope(newTargetValue=text)), 500, FAULT, 402) for text in texts], FAULT)

    def test_an_argument_beyond_the_longest_body(self):
        self.assert_refused([(self.post(self.envelope(newTargetValue="A" * 65536)), 413, "request too large", None)],
                            "request too large")

    def test_media_types(self):
        message = self.post(self.envelope(newTargetValue="1"))
        kinds = b"text/plain", b"application/json", b"multipart/form-data; boundary=x", b"text/xml; charset=utf-7"
        self.assert_refused([(message.replace(b'text/xml; charset="utf-8"', kind), 415, "unsupported media type", None)
                             for kind in kinds], "unsupported media type")


if __name__ == "__main__":
    scenario.main()
