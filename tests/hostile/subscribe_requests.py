# SPDX-License-Identifier: BSL-1.0
"""SUBSCRIBE and UNSUBSCRIBE requests as they crashed others: the status that UDA has for them, and the reason."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import scenario
import segment
import siege

CALLBACK = f"CALLBACK: <http://{segment.NEAR2}:8189/>"
NT = "NT: upnp:event"
INVALID, UNKNOWN, MALFORMED = "subscription request invalid", "unknown subscription", "request malformed"


class SubscribeRequests(siege.Siege):
    def rows(self):
        event = self.path(self.switch.event_url)
        long_sids = [(self.head(method, event, "SID: uuid:" + "a" * (length - 5)), 412, UNKNOWN)
                     for method in ("SUBSCRIBE", "UNSUBSCRIBE") for length in (41, 44, 45, 64, 1023, 1024, 1025, 4096)]
        return long_sids + [  # CVE-2021-34991
            # CVE-2009-2174: nothing but a request line
            (self.head("SUBSCRIBE", event), 412, INVALID),
            (self.head("UNSUBSCRIBE", event), 412, UNKNOWN),
            # CVE-2019-17621: a shell's words where a URL should be
            (self.head("SUBSCRIBE", event, NT, "CALLBACK: `id`"), 412, "callback malformed"),
            # CVE-2020-13848: paths of nothing
            (self.head("SUBSCRIBE", "//x", NT, CALLBACK), 404, "not found"),
            (self.head("SUBSCRIBE", "http://", NT, CALLBACK), 400, "wrong HOST"),
            (self.head("SUBSCRIBE", "", NT, CALLBACK), 400, MALFORMED),
            (self.head("SUBSCRIBE", "/", NT, CALLBACK), 404, "not found"),
            # two of each, and each with what excludes it
            (self.head("SUBSCRIBE", event, NT, NT, CALLBACK), 400, INVALID),
            (self.head("SUBSCRIBE", event, NT, CALLBACK, CALLBACK), 400, INVALID),
            (self.head("SUBSCRIBE", event, NT, CALLBACK, "SID: uuid:x"), 400, INVALID),
            (self.head("UNSUBSCRIBE", event, CALLBACK, "SID: uuid:x"), 400, INVALID),
        ]

    def test_each_has_its_status_and_reason(self):
        def attack():
            for message, status, reason in self.rows():
                with self.subTest(message[:100]):
                    self.assert_row(message, status, reason, finish=True)

        self.besiege(attack, INVALID, UNKNOWN, MALFORMED, "not found", rounds=2)

    def test_a_query_means_nothing(self):
        """CVE-2019-17621: a shell in it."""
        message = self.head("SUBSCRIBE", self.path(self.switch.event_url) + "?service=`id`", NT, CALLBACK,
                            "CONNECTION: close")

        def attack():
            answer = self.send(message)
            self.assertTrue(answer.startswith(b"HTTP/1.1 200 "))
            self.assertNotIn(b"id=", answer)
            self.unsubscribe(answer)

        self.besiege(attack, rounds=2)

    def unsubscribe(self, answer):
        sid = answer.split(b"SID: ")[1].split(b"\r\n")[0].decode()
        self.assertEqual(self.status_of(self.head("UNSUBSCRIBE", self.path(self.switch.event_url), f"SID: {sid}",
                                                  "CONNECTION: close")), 200)

    def test_a_TIMEOUT_beyond_all_numbers_is_no_more_than_the_longest(self):
        def attack():
            for timeout in ("Second-18446744073709551616", "Second--1", "infinite", "Second-", "%n"):
                answer = self.send(self.head("SUBSCRIBE", self.path(self.switch.event_url), NT, CALLBACK,
                                             f"TIMEOUT: {timeout}", "CONNECTION: close"))
                self.assertRegex(answer, rb"^HTTP/1\.1 200 [\s\S]*\r\nTIMEOUT: Second-\d{2,5}\r\n", timeout)
                self.unsubscribe(answer)

        self.besiege(attack, rounds=2)


if __name__ == "__main__":
    scenario.main()
