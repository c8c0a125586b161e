# SPDX-License-Identifier: BSL-1.0
"""libupnp, GUPnP (PyGObject) and gupnp-event-dumper as control points of one light at a time: each hears every change.

A light that is switched every twelve seconds has as many events in three hours.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import gupnp
import libupnp
import light
import scenario
import segment

CHANGES = 900
PACE = 0.045  # seconds: libupnp takes one event on a connection, and limits::eventing has 25 a second of those
AT_ONCE = 4  # changes until all have heard of the last: limits::eventing::max_queued_events is 8


class SideBySide(scenario.Scenario):
    def test_each_hears_every_change(self):
        self.files = {}
        self.start_light("--metrics", "--ipv4-only")
        events = CHANGES + 1
        started = {
            "libupnp": self.start("libupnp", self.near, [libupnp.CONTROL_POINT, self.near.interface, events]),
            "gupnp": self.start("gupnp", self.near2,
                                [sys.executable, "-B", gupnp.CONTROL_POINT, self.near2.interface, events]),
            "dumper": self.start("dumper", self.near2, ["stdbuf", "-oL", "gupnp-event-dumper"]),
        }
        self.wait_for_event(0)
        for number in range(1, events):
            self.set_target(str(number % 2))
            time.sleep(PACE)
            if number % AT_ONCE == 0:
                self.wait_for_event(number)
        self.wait_for_event(CHANGES)
        # They print from their main loops, after they have answered. The others end by themselves.
        segment.wait_until(lambda: self.printed("dumper").count("|Status|") >= events, "the dumper prints all of them", 30)
        time.sleep(1)  # for one too many
        started["dumper"].terminate()
        for program in started.values():
            program.wait(timeout=60)
        printed = {name: self.printed(name) for name in started}

        values = [number % 2 for number in range(events)]
        heard = re.findall(r"^event \S+ (\d+) Status=(\d)$", printed["libupnp"], re.M)
        # A thread for each event: the one or other overtakes on its way to the print.
        self.assertEqual(sorted((int(seq), int(value)) for seq, value in heard), list(enumerate(values)))
        heard = re.findall(r"^event Status=(True|False)$", printed["gupnp"], re.M)
        self.assertEqual([int(value == "True") for value in heard], values)
        heard = re.findall(r"\|Status\|(TRUE|FALSE)$", printed["dumper"], re.M)
        self.assertEqual([int(value == "TRUE") for value in heard], values)

        metrics = control_point.request(self.near, "GET", self.light.location.rsplit("/", 1)[0] + "/metrics")
        self.assertIn(f"onlink_events_delivered_total {3 * events}\n", metrics.body.decode())
        self.assertNotIn('reason="event', metrics.body.decode())
        self.assertIn("unsubscribed ", printed["libupnp"])

    def wait_for_event(self, number):
        self.light.wait_for_count(rf"event \S+ seq {number} to http://\S+: delivered", 3, seconds=30)

    def printed(self, name):
        return os.pread(self.files[name].fileno(), 1 << 20, 0).decode()  # without seek(), which would move the program too

    def start(self, name, host, command):
        """Prints to a file: nobody empties a pipe meanwhile."""
        self.files[name] = self.enterContext(tempfile.TemporaryFile())
        program = host.start(command, stdout=self.files[name], stderr=subprocess.STDOUT)
        self.addCleanup(lambda: (program.kill(), program.wait()))
        return program


if __name__ == "__main__":
    if not os.access(libupnp.CONTROL_POINT, os.X_OK):
        segment.skip("libupnp_control_point was not built: needs libupnp-dev when CMake configures")
    if reason := gupnp.why_no_gupnp():
        segment.skip(f"needs python3-gi and gir1.2-gupnp-1.6: {reason}")
    scenario.main(needs=["gupnp-event-dumper", "stdbuf"])
