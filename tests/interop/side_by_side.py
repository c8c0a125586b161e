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
        self.light.wait_for_count(r"event \S+ seq 0 to http://\S+: delivered", 3, seconds=30)
        for number in range(1, events):
            self.set_target(str(number % 2))
            time.sleep(PACE)
        self.light.wait_for_count(rf"event \S+ seq {CHANGES} to http://\S+: delivered", 3, seconds=30)
        time.sleep(1)  # they print from their main loops, after they have answered
        started["dumper"].terminate()
        printed = {}
        for name, program in started.items():
            program.wait(timeout=60)
            self.files[name].seek(0)
            printed[name] = self.files[name].read()

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

    def start(self, name, host, command):
        """Prints to a file: nobody empties a pipe meanwhile."""
        self.files[name] = self.enterContext(tempfile.TemporaryFile("w+"))
        program = host.start(command, stdout=self.files[name], stderr=subprocess.STDOUT)
        self.addCleanup(lambda: (program.kill(), program.wait()))
        return program


if __name__ == "__main__":
    if not os.access(libupnp.CONTROL_POINT, os.X_OK):
        segment.skip("libupnp_control_point was not built: needs libupnp-dev when CMake configures")
    if reason := gupnp.why_no_gupnp():
        segment.skip(f"needs python3-gi and gir1.2-gupnp-1.6: {reason}")
    scenario.main(needs=["gupnp-event-dumper", "stdbuf"])
