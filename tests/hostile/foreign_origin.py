# SPDX-License-Identifier: BSL-1.0
"""A page of somebody else in a browser on the segment asks the light to do something: 403, and nothing is done."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario
import segment
import siege

REASON = "ORIGIN is not this server"
US = f"http://{segment.DEVICE}:{segment.HTTP_PORT}"


class ForeignOrigin(siege.Siege):
    def message(self, value, *fields):
        body = control_point.soap_body(self.switch.type, "SetTarget", {"newTargetValue": value})
        return self.head("POST", self.path(self.switch.control_url), f'SOAPACTION: "{self.switch.type}#SetTarget"',
                         'CONTENT-TYPE: text/xml; charset="utf-8"', f"CONTENT-LENGTH: {len(body)}", "CONNECTION: close",
                         *fields) + body

    def test_pages_of_others_control_nothing_and_subscribe_nobody(self):
        subscribe = ("NT: upnp:event", f"CALLBACK: <http://{segment.NEAR2}:8189/>", "CONNECTION: close")
        origins = [["http://evil.example"], ["null"], [""], ["https" + US[4:]], [US + "0"], [US + ".evil.example"],
                   [US, "http://evil.example"], [f"http://{segment.NEAR}:{segment.HTTP_PORT}"], [US + "/"]]

        nobody_calls = self.enterContext(self.near2.listen(port=8189))

        def attack():
            for origin in origins:
                fields = [f"ORIGIN: {text}" for text in origin]
                with self.subTest(origin):
                    self.assert_row(self.message("1", *fields), 403, REASON)
                    message = self.head("SUBSCRIBE", self.path(self.switch.event_url), *subscribe, *fields)
                    self.assert_row(message, 403, REASON)

        with self.assert_nothing_is_done():
            self.besiege(attack, REASON, rounds=2, changes=False)
            self.assertEqual(self.metrics()["onlink_subscriptions"], 1)  # which is to hear if something is done
        nobody_calls.settimeout(0.2)
        with self.assertRaises(TimeoutError):
            nobody_calls.accept()

    def test_our_own_page_may(self):
        def attack():
            for value in ("0", "1"):
                self.assert_row(self.message(value, f"ORIGIN: {US}"), 200, None)
                self.assertEqual(self.status(), value)

        self.besiege(attack, rounds=2, changes=False)

    def test_no_answer_lets_another_page_read_it(self):
        rows = [(self.head("OPTIONS", self.path(self.switch.control_url), "ORIGIN: http://evil.example",
                           "ACCESS-CONTROL-REQUEST-METHOD: POST", "CONNECTION: close"), 403, REASON),
                (self.head("GET", self.path(self.light.location), "ORIGIN: http://evil.example", "CONNECTION: close"), 200,
                 None),
                (self.message("0", f"ORIGIN: {US}"), 200, None)]

        def attack():
            for message, status, reason in rows:
                answer = self.assert_row(message, status, reason, finish=True)
                self.assertNotIn(b"access-control-", answer.lower())

        self.besiege(attack, rounds=2, changes=False)


if __name__ == "__main__":
    scenario.main()
