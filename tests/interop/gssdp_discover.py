# SPDX-License-Identifier: BSL-1.0
"""gssdp-discover (GSSDP, from gupnp-tools) lists the whole set of 3 + 2d + k."""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import light
import scenario


class GssdpDiscover(scenario.Scenario):
    def discover(self, *options, seconds=6):
        """What it prints, as the set of (what happened, USN, location)."""
        printed = self.near.run(
            ["gssdp-discover", "--interface", self.near.interface, "--timeout", seconds, *options], seconds + 5)
        found = re.findall(r"^resource (\w+)\n  USN: +(\S+)\n(?:  Location: +(\S+)\n)?", printed, re.MULTILINE)
        self.assertTrue(found, printed)
        return set(found)

    def expected(self):
        return {("available", usn, self.light.location) for _, usn in self.root.advertised()}

    def test_one_light(self):
        self.start_light()
        self.assertEqual(len(self.expected()), 4)
        self.assertEqual(self.discover(), self.expected())

    def test_a_light_with_three_embedded(self):
        self.start_light("--embedded", "3")
        self.assertEqual(len(self.expected()), 3 + 2 * 3 + 4)
        self.assertEqual(self.discover(), self.expected())

    def test_a_search_for_the_service(self):
        self.start_light()
        self.assertEqual(self.discover("--target", light.SERVICE_TYPE),
                         {("available", f"uuid:{light.UUID}::{light.SERVICE_TYPE}", self.light.location)})


if __name__ == "__main__":
    scenario.main(needs=["gssdp-discover"])
