# SPDX-License-Identifier: BSL-1.0
"""gupnp-event-dumper (GUPnP, from gupnp-tools) finds the light, subscribes by itself and prints its events."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import light
import scenario
import segment


class EventDumper(scenario.Scenario):
    def test_it_prints_the_initial_event_and_the_changes(self):
        self.start_light()
        output = self.enterContext(tempfile.TemporaryFile())
        dumper = self.near.start(["stdbuf", "-oL", "gupnp-event-dumper"], stdout=output, stderr=subprocess.STDOUT)
        self.addCleanup(lambda: (dumper.kill(), dumper.wait()))

        def printed():  # without seek(), which would move the program too
            return os.pread(output.fileno(), 1 << 20, 0).decode()

        self.light.wait_for(r"event \S+ seq 0 to http://\S+: delivered")
        for seq, value in enumerate(("1", "0"), start=1):
            self.set_target(value)
            self.light.wait_for(rf"event \S+ seq {seq} to http://\S+: delivered")
        # It prints from its main loop, after it has answered.
        line = rf"\|uuid:{light.UUID}\|{light.SERVICE_ID}\|Status\|(TRUE|FALSE)$"
        segment.wait_until(lambda: len(re.findall(line, printed(), re.MULTILINE)) >= 3, "it prints all of them")
        time.sleep(0.5)  # for one too many
        dumper.terminate()
        dumper.wait(timeout=5)
        self.assertEqual(re.findall(line, printed(), re.MULTILINE), ["FALSE", "TRUE", "FALSE"], printed())


if __name__ == "__main__":
    scenario.main(needs=["gupnp-event-dumper", "stdbuf"])
