# SPDX-License-Identifier: BSL-1.0
"""Ten thousand SUBSCRIBE requests of one neighbour with long paths (libupnp 435): memory stays, others subscribe."""

import contextlib
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario
import segment
import siege

REQUESTS = 10000
OF_ONE_PEER = 16  # limits::eventing::max_subscriptions_per_peer
ALL = 64  # limits::eventing::max_subscriptions


class SubscribeFlood(siege.Siege):
    def flood(self, callback, count, beside=lambda: None):
        """Over kept connections, which the light ends now and then; then it is `beside`'s turn, too."""
        statuses = {}
        left = count
        while left > 0:
            with contextlib.closing(control_point.connect(self.near2, self.switch.event_url)) as connection:
                for _ in range(min(left, 100)):
                    answer = control_point.exchange(connection, "SUBSCRIBE", self.switch.event_url,
                                                    {"CALLBACK": callback, "NT": "upnp:event", "TIMEOUT": "Second-60"})
                    statuses[answer.status] = statuses.get(answer.status, 0) + 1
                    self.sids.append(answer.headers.get("sid"))
                    left -= 1
                    if answer.headers.get("connection") == "close":
                        break
            beside()
        return statuses

    def test_ten_thousand_of_one_neighbour(self):
        self.sids = []
        server, newcomer = self.start_events(self.near2), self.start_events(self.near)

        def arrive():
            """As somebody else, while the one who floods holds all that it may."""
            self.assertEqual(len(list(filter(None, self.sids))), OF_ONE_PEER)
            heard = len(newcomer.events)
            answer = control_point.subscribe(self.near, self.switch.event_url, newcomer.callback())
            self.assertEqual(answer.status, 200)
            self.assertEqual(newcomer.wait_for(heard + 1)[heard].sid, answer.headers["sid"])
            self.assertEqual(control_point.unsubscribe(self.near, self.switch.event_url, answer.headers["sid"]).status, 200)

        def attack():
            statuses = self.flood(server.callback("/" + "p" * 400), REQUESTS // 3 + 1, arrive)
            self.assertEqual(statuses, {200: OF_ONE_PEER, 503: REQUESTS // 3 + 1 - OF_ONE_PEER})
            self.assertLessEqual(self.metrics()["onlink_subscriptions"], OF_ONE_PEER + 1)
            for sid in filter(None, self.sids):
                control_point.unsubscribe(self.near2, self.switch.event_url, sid)
            self.sids.clear()

        self.besiege(attack, "too many subscriptions of one peer")

    def test_paths_of_64_KiB(self):
        """More than a request may be: it is refused before anything of it is a URL."""
        path = "/" + "p" * 65535
        fields = ("NT: upnp:event", f"CALLBACK: <http://{segment.NEAR2}:8189{path}>")
        rows = [(self.head("SUBSCRIBE", self.path(self.switch.event_url), *fields), 431),
                (self.head("SUBSCRIBE", path, "NT: upnp:event"), 414)]

        def attack():
            for _ in range(50):
                for message, status in rows:
                    self.assert_row(message, status, "request too large")
            self.assertLessEqual(self.metrics()["onlink_subscriptions"], 1)

        self.besiege(attack, "request too large")

    def test_of_as_many_neighbours_as_there_are_places(self):
        """Those that come first have them; the honest one, who holds one already, keeps it."""
        sources = self.aliases(5)

        def attack():
            sids = []
            for source in sources:
                request = self.head("SUBSCRIBE", self.path(self.switch.event_url), "NT: upnp:event",
                                    f"CALLBACK: <http://{source}:8189/>", "CONNECTION: close")
                for _ in range(OF_ONE_PEER):
                    sids += re.findall(rb"\r\nSID: (\S+)", self.send(request, source=source))
            self.assertEqual(len(sids), ALL - 1)
            for sid in sids:
                self.assertEqual(control_point.unsubscribe(self.near2, self.switch.event_url, sid.decode()).status, 200)
            segment.wait_until(  # the initial event is still tried
                lambda: self.metrics()["onlink_subscriptions"] == 1, "no subscription of theirs is left", seconds=20)

        self.besiege(attack, "too many subscriptions", rounds=2)


if __name__ == "__main__":
    scenario.main()
