# SPDX-License-Identifier: BSL-1.0
"""The process has no descriptor left (EMFILE), and gets some again: nobody is lost meanwhile who is there already, and
who comes is served afterwards."""

import contextlib
import pathlib
import resource
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario
import segment
import siege

REASON = "no resources for a connection"


class NoDescriptors(siege.Siege):
    @contextlib.contextmanager
    def without_descriptors(self):
        process = self.light.process.pid
        before = resource.prlimit(process, resource.RLIMIT_NOFILE)
        resource.prlimit(process, resource.RLIMIT_NOFILE, (0, before[1]))
        try:
            yield
        finally:
            resource.prlimit(process, resource.RLIMIT_NOFILE, before)

    def test_who_is_there_is_served_and_who_comes_waits(self):
        url = self.switch.control_url
        headers = {"SOAPACTION": f'"{self.switch.type}#GetStatus"', "CONTENT-TYPE": 'text/xml; charset="utf-8"'}
        body = control_point.soap_body(self.switch.type, "GetStatus", {})
        with contextlib.closing(control_point.connect(self.near, url)) as kept:
            control_point.exchange(kept, "POST", url, headers, body)
            before = self.refusals().get(REASON, 0)
            with siege.Honest(self, pause=0.5, kept=True), self.without_descriptors():
                waiting = self.enterContext(self.near.connect(self.http))
                waiting.sendall(self.head("GET", self.path(self.light.location), "CONNECTION: close"))
                flood = [self.enterContext(self.near2.connect(self.http)) for _ in range(10)]
                for _ in range(5):
                    self.assertEqual(control_point.exchange(kept, "POST", url, headers, body).status, 200)
                    self.assertEqual(len(control_point.search(self.near, "ssdp:all", enough=4)), 4)
                metrics = control_point.exchange(kept, "GET", self.light.location.rsplit("/", 1)[0] + "/metrics").body
                self.assertIn(REASON, metrics.decode())
            self.assertEqual(waiting.recv(15), b"HTTP/1.1 200 OK")
            for connection in flood:
                connection.close()
        self.assertGreater(self.refusals()[REASON], before)

    def test_an_event_for_which_there_is_none_is_lost_and_SEQ_shows_it(self):
        url = self.switch.control_url
        headers = {"SOAPACTION": f'"{self.switch.type}#SetTarget"', "CONTENT-TYPE": 'text/xml; charset="utf-8"'}
        server = self.enterContext(control_point.EventServer(self.near, keeps=False))
        answer = control_point.subscribe(self.near, self.switch.event_url, server.callback())
        was = server.wait_for(1)[0].properties["Status"]
        other = "0" if was == "1" else "1"
        body = control_point.soap_body(self.switch.type, "SetTarget", {"newTargetValue": other})
        segment.wait_until(lambda: self.metrics()["onlink_kept_connections"] == 0, "no connection is kept", 30)
        with contextlib.closing(control_point.connect(self.near, url)) as kept:
            kept.connect()
            time.sleep(0.2)  # it is accepted
            with siege.Honest(self, changes=False, pause=0.5, kept=True), self.without_descriptors():
                self.assertEqual(control_point.exchange(kept, "POST", url, headers, body).status, 200)
                metrics = self.light.location.rsplit("/", 1)[0] + "/metrics"
                # The connection carries 100 requests, and there is no other.
                segment.wait_until(lambda: b"event not delivered" in control_point.exchange(kept, "GET", metrics).body,
                                   "the event is lost", seconds=20, every=0.5)
        self.assertEqual(self.refusals()["event not delivered"], 1)
        self.set_target(was)
        last = server.wait_for(2, seconds=20)[-1]
        self.assertEqual((last.properties["Status"], last.seq), (was, 2))
        control_point.unsubscribe(self.near, self.switch.event_url, answer.headers["sid"])


if __name__ == "__main__":
    scenario.main()
