# SPDX-License-Identifier: BSL-1.0
"""CALLBACK as it crashed others, or led them astray: 412, the reason, and not a packet to any of it."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario
import segment
import siege

NEAR2 = f"http://{segment.NEAR2}:8189"
MALFORMED, LONG, SCHEME, NAME = "callback malformed", "callback too long", "callback is not http", "callback names a host"
PORT, OFF = "callback to a refused port", "callback off the segment"

AROUND_1024 = (1023, 1024, 1025)

REFUSED = [
    ("CVE-2016-8863: a bracket within", "<http://1.1.1.1/><bad<http://1.1.1.1/>", MALFORMED),
    ("CVE-2016-8863: brackets", "<" * 1000, MALFORMED),
    ("CVE-2016-8863: more than there may be", f"<{NEAR2}/>" * 5, "too many callbacks"),
    ("CVE-2020-12695: the internet", "<http://203.0.113.7:80/>", OFF),
    ("CVE-2020-12695: among good ones", f"<{NEAR2}/><http://{segment.FAR}:80/>", OFF),
    ("CVE-2020-12695: another private network", "<http://10.0.0.5:8189/>", OFF),
    ("CVE-2021-35393: a long host", f"<http://{'A' * 1000}:99999/>", LONG),
    ("CVE-2021-35393: a long host, but not too long", f"<http://{'A' * 300}/>", NAME),
    ("hostapd 85aac526: a path of 700 bytes", f"<{NEAR2}/{'p' * 700}>", LONG),
    ("hostapd 85aac526: a path of 5000 bytes", f"<{NEAR2}/{'p' * 5000}>", LONG),
    *((f"CVE-2019-12107: a path of {length} bytes", f"<{NEAR2}/{'p' * (length - 1)}>", LONG) for length in AROUND_1024),
    *((f"CVE-2019-12107: {length} bytes in all", f"<{NEAR2}/{'p' * (length - len(NEAR2) - 1)}>", LONG)
      for length in (513, *AROUND_1024)),
    ("names, as DNS rebinding needs", "<http://a.evil.example/>", NAME),
    ("gopher", f"<gopher://{segment.NEAR2}:6379/_x>", SCHEME),
    ("a port that wraps to 22", f"<http://{segment.NEAR2}:65558/>", PORT),
    ("octal", "<http://0300.0250.024.012/>", NAME),
    ("ourselves", f"<http://{segment.DEVICE}:{segment.HTTP_PORT}/>", "callback to the device itself"),
    ("loopback", "<http://127.0.0.1:80/>", "callback to loopback"),
    ("broadcast", f"<http://{segment.BROADCAST}/>", "callback to a broadcast address"),
    ("multicast", "<http://239.255.255.250:1900/>", "callback to a multicast address"),
    ("nothing at all", "", MALFORMED),
    ("format strings", f"<{NEAR2}/%n%s%x>", MALFORMED),
]


class CallbackLists(siege.Siege):
    def test_each_is_refused_for_its_reason_and_nothing_is_sent(self):
        before = self.network.off_segment_packets()[1]
        nobody_calls = self.enterContext(self.near2.listen(port=8189))

        def attack():
            for what, callback, reason in REFUSED:
                with self.subTest(what):
                    counted = self.refusals().get(reason, 0)
                    answer = control_point.subscribe(self.near2, self.switch.event_url, callback)
                    self.assertEqual(answer.status, 412)
                    self.assertEqual(self.refusals().get(reason, 0), counted + 1, self.refusals())

        self.besiege(attack, *{reason for _, _, reason in REFUSED}, rounds=2)
        self.assertEqual(self.network.off_segment_packets()[1], before)
        nobody_calls.settimeout(0.2)
        with self.assertRaises(TimeoutError):
            nobody_calls.accept()

    def test_a_path_as_long_as_there_may_be_is_notified_at_that_path(self):
        server = self.start_events(self.near2)
        path = "/" + "p" * (512 - len(server.url("/")))
        self.assertEqual(len(server.url(path)), 512)  # limits::eventing::max_callback_length

        def attack():
            heard = len(server.events)
            answer = control_point.subscribe(self.near2, self.switch.event_url, server.callback(path))
            self.assertEqual(answer.status, 200, answer.body)
            self.assertEqual({event.target for event in server.wait_for(heard + 1)}, {path})
            control_point.unsubscribe(self.near2, self.switch.event_url, answer.headers["sid"])

        self.besiege(attack, rounds=2)


if __name__ == "__main__":
    scenario.main()
