# SPDX-License-Identifier: BSL-1.0
"""nmap's script upnp-info, the view of somebody who takes stock of a network."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import scenario
import segment


class Nmap(scenario.Scenario):
    def test_upnp_info_prints_server_and_location(self):
        self.start_light()
        printed = self.near.run(
            ["nmap", "-n", "-Pn", "-sU", "-p", "1900", "--script", "upnp-info", segment.DEVICE], 60)
        self.assertRegex(printed, r"1900/udp +open +upnp")
        self.assertRegex(printed, r"Server: [^ /]+/[^ ]+ UPnP/2\.0 [^ /]+/[^ ]+")
        self.assertIn(f"Location: {self.light.location}", printed)


if __name__ == "__main__":
    scenario.main(needs=["nmap"])
