# SPDX-License-Identifier: BSL-1.0
"""gupnp-event-dumper (GUPnP, from gupnp-tools) finds the light, subscribes by itself and prints its events."""

import pathlib
import re
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import light
import scenario


class EventDumper(scenario.Scenario):
    def test_it_prints_the_initial_event_and_the_changes(self):
        self.start_light()
        dumper = self.near.start(["gupnp-event-dumper"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.light.wait_for(r"event \S+ seq 0 to http://\S+: delivered")
        for seq, value in enumerate(("1", "0"), start=1):
            self.set_target(value)
            self.light.wait_for(rf"event \S+ seq {seq} to http://\S+: delivered")
        time.sleep(0.5)  # it prints from its main loop, after it has answered
        dumper.terminate()
        printed = dumper.communicate(timeout=5)[0]

        line = rf"\|uuid:{light.UUID}\|{light.SERVICE_ID}\|Status\|(TRUE|FALSE)$"
        self.assertEqual(re.findall(line, printed, re.MULTILINE), ["FALSE", "TRUE", "FALSE"], printed)


if __name__ == "__main__":
    scenario.main(needs=["gupnp-event-dumper"])
