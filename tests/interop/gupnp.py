# SPDX-License-Identifier: BSL-1.0
"""A control point on GUPnP finds the light, subscribes, calls actions, hears the change and understands errors."""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import light
import scenario
import segment

CONTROL_POINT = pathlib.Path(__file__).with_name("gupnp_control_point.py")


class Gupnp(scenario.Scenario):
    def test_it_switches_the_light_and_hears_it(self):
        self.start_light()
        printed = self.near.run([sys.executable, "-B", CONTROL_POINT, self.near.interface], 20)
        self.assertEqual(printed.splitlines(), [
            f"found uuid:{light.UUID} {light.SERVICE_TYPE} at {self.light.location}",
            "event Status=False",
            "SetTarget newTargetValue=True -> ok",
            "GetStatus -> ResultStatus=True",
            "event Status=True",
            "SetTarget newTargetValue=maybe -> error 402 Invalid Args",
            "Explode -> error 401 Invalid Action",
        ])
        self.light.wait_for(rf"action {segment.NEAR} SetTarget newTargetValue=1 -> ok")


def why_no_gupnp():
    check = "import gi; gi.require_version('GUPnP', '1.6'); from gi.repository import GUPnP"
    tried = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True)
    return tried.stderr.strip().splitlines()[-1] if tried.returncode else None


if __name__ == "__main__":
    if reason := why_no_gupnp():
        segment.skip(f"needs python3-gi and gir1.2-gupnp-1.6: {reason}")
    scenario.main()
