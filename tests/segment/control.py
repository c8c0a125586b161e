# SPDX-License-Identifier: BSL-1.0
"""Control: actions and their errors."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario
import segment


class Control(scenario.Scenario):
    def setUp(self):
        super().setUp()
        self.start_light()

    def call(self, action, **arguments):
        return control_point.call(self.near, self.switch, action, **arguments)

    def fault_of(self, action, **arguments):
        with self.assertRaises(control_point.UpnpFault) as raised:
            self.call(action, **arguments)
        return raised.exception.code

    def test_the_light_is_switched_on_and_off(self):
        for value in ("1", "0"):
            self.assertEqual(self.call("SetTarget", newTargetValue=value), {})
            self.assertEqual(self.call("GetTarget"), {"RetTargetValue": value})
            self.assertEqual(self.call("GetStatus"), {"ResultStatus": value})

    def test_the_light_tells_of_the_action_and_its_caller(self):
        self.set_target("1")
        self.light.wait_for(rf"action {segment.NEAR} SetTarget newTargetValue=1 -> ok")

    def test_every_host_of_the_segment_sees_the_same_light(self):
        self.set_target("1", host=self.near2)
        self.assertEqual(self.status(), "1")

    def test_errors_have_the_codes_of_uda(self):
        self.assertEqual(self.fault_of("Explode"), 401)
        self.assertEqual(self.fault_of("SetTarget"), 402)
        self.assertIn(self.fault_of("SetTarget", newTargetValue="maybe"), (402, 600))
        self.assertEqual(self.status(), "0")

    def test_arguments_of_later_versions_are_ignored(self):
        self.assertEqual(self.call("GetStatus", FadeTime="7"), {"ResultStatus": "0"})


if __name__ == "__main__":
    scenario.main()
