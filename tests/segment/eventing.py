# SPDX-License-Identifier: BSL-1.0
"""Eventing between hosts of one segment."""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario


class Eventing(scenario.Scenario):
    def setUp(self):
        super().setUp()
        self.start_light()
        self.server = self.start_events(self.near)

    def subscribe(self, server=None, host=None):
        response = control_point.subscribe(host or self.near, self.switch.event_url,
                                           (server or self.server).callback())
        self.assertEqual(response.status, 200)
        return response

    def test_the_answer_names_subscription_and_duration(self):
        headers = self.subscribe().headers
        self.assertRegex(headers["sid"], f"^{control_point.SID_FORM.pattern}$")
        self.assertRegex(headers["timeout"], r"^Second-[1-9]\d*$")
        self.assertGreaterEqual(int(headers["timeout"].removeprefix("Second-")), 1800)
        self.assertRegex(headers["server"], control_point.SERVER_FORM)

    def test_the_initial_event_is_0_and_each_change_counts_on(self):
        sid = self.subscribe().headers["sid"]
        self.server.wait_for(1)
        for count, value in enumerate(("1", "0", "1"), start=2):
            self.set_target(value)
            self.server.wait_for(count)
        events = self.server.wait_for(4)
        self.assertEqual([(e.seq, e.properties) for e in events],
                         [(0, {"Status": "0"}), (1, {"Status": "1"}), (2, {"Status": "0"}), (3, {"Status": "1"})])
        self.assertEqual({e.sid for e in events}, {sid})

    def test_an_event_has_all_header_fields(self):
        self.subscribe()
        event, = self.server.wait_for(1)
        self.assertEqual(event.headers["nt"], "upnp:event")
        self.assertEqual(event.headers["nts"], "upnp:propchange")
        self.assertEqual(event.headers["content-type"].replace(" ", ""), 'text/xml;charset="utf-8"')
        self.assertEqual(event.headers["host"], self.server.url().split("/")[2])

    def test_the_callback_is_used_with_path_and_query_as_given(self):
        path = "/deep/er?subscriber=7&x=%41"
        control_point.subscribe(self.near, self.switch.event_url, self.server.callback(path))
        self.assertEqual(self.server.wait_for(1)[0].target, path)

    def test_renewal_keeps_the_subscription_and_sends_no_second_initial_event(self):
        sid = self.subscribe().headers["sid"]
        self.server.wait_for(1)
        renewed = control_point.renew(self.near, self.switch.event_url, sid)
        self.assertEqual((renewed.status, renewed.headers["sid"]), (200, sid))
        self.set_target("1")
        self.assertEqual([e.seq for e in self.server.wait_for(2)], [0, 1])

    def test_after_unsubscribe_nothing_comes(self):
        sid = self.subscribe().headers["sid"]
        self.server.wait_for(1)
        self.assertEqual(control_point.unsubscribe(self.near, self.switch.event_url, sid).status, 200)
        self.set_target("1")
        time.sleep(1)
        self.assertEqual(len(self.server.events), 1)
        self.assertEqual(control_point.renew(self.near, self.switch.event_url, sid).status, 412)
        self.assertEqual(control_point.unsubscribe(self.near, self.switch.event_url, sid).status, 412)

    def test_a_host_may_have_events_sent_to_another_of_its_segment(self):
        other = self.start_events(self.near2)
        self.subscribe(server=other)
        other.wait_for(1)
        self.set_target("1")
        self.assertEqual([e.properties for e in other.wait_for(2)], [{"Status": "0"}, {"Status": "1"}])

    def test_the_next_url_is_tried_when_one_fails(self):
        with self.near.listen() as closed_soon:
            nobody = "<http://%s:%d/>" % closed_soon.getsockname()
        control_point.subscribe(self.near, self.switch.event_url, nobody + self.server.callback())
        self.assertEqual(self.server.wait_for(1)[0].seq, 0)


if __name__ == "__main__":
    scenario.main()
