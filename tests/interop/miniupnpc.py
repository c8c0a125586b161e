# SPDX-License-Identifier: BSL-1.0
"""libminiupnpc, which is inside torrent clients and games, finds the light and calls it; its own program upnpc finds it."""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import light
import scenario
import segment

SEARCH = os.environ.get("ONLINK_MINIUPNPC_SEARCH", "")
CONTROL = os.environ.get("ONLINK_MINIUPNPC_CONTROL", "")
NO_MINISSDPD = "/dev/null"  # else they would ask the one of this machine, if it runs one


class Miniupnpc(scenario.Scenario):
    def search(self, family, *target):
        """What it finds, as the set of (ST, USN, location)."""
        printed = self.near.run([SEARCH, self.near.interface, family, NO_MINISSDPD, *target], 20)
        return {tuple(line.split(" ")) for line in printed.splitlines()}

    def expected(self, location):
        return {(*pair, location) for pair in self.root.advertised()}

    def test_it_finds_the_whole_set(self):
        self.start_light()
        self.assertEqual(self.search(4), self.expected(self.light.location))

    def test_it_finds_the_whole_set_of_a_light_with_three_embedded(self):
        self.start_light("--embedded", "3")
        self.assertEqual(self.search(4), self.expected(self.light.location))

    def test_it_finds_the_light_by_its_type(self):
        self.start_light()
        self.assertEqual(self.search(4, light.DEVICE_TYPE), {
            (light.DEVICE_TYPE, f"uuid:{light.UUID}::{light.DEVICE_TYPE}", self.light.location)})

    def test_it_does_not_find_a_gateway_in_it(self):
        self.start_light()
        self.assertEqual(self.search(4, "urn:schemas-upnp-org:device:InternetGatewayDevice:1"), set())

    def test_over_ipv6_it_finds_the_whole_set_at_the_link_local_address(self):
        self.start_light()
        location = control_point.at_address(self.light.location, self.device.link_local())
        self.assertEqual(self.search(6), self.expected(location))

    def test_over_ipv6_it_finds_the_light_by_its_type(self):
        self.start_light()
        location = control_point.at_address(self.light.location, self.device.link_local())
        self.assertEqual(self.search(6, light.DEVICE_TYPE), {
            (light.DEVICE_TYPE, f"uuid:{light.UUID}::{light.DEVICE_TYPE}", location)})


class MiniupnpcControl(scenario.Scenario):
    """simpleUPnPcommand(), with which it maps ports at a gateway."""

    EXPECTED = ["SetTarget: ok", "GetTarget: 1", "GetStatus: 1", "SetTarget: error 402 Invalid Args",
                "Explode: error 401 Invalid Action"]

    def check(self):
        printed = self.near.run([CONTROL, self.switch.control_url], 20)
        self.assertEqual(printed.splitlines(), self.EXPECTED)

    def test_it_switches_the_light_asks_it_and_understands_its_errors(self):
        self.start_light()
        self.check()
        self.light.wait_for(rf"action {segment.NEAR} SetTarget newTargetValue=1 -> ok")
        self.assertEqual(self.status(), "1")

    def test_a_light_of_uda_1_0_too(self):
        self.start_light("--uda", "1.0")
        self.check()


class Upnpc(scenario.Scenario):
    """It looks for gateways, takes any root device when there is none, reads its description, and gives up."""

    def check(self, location, *options):
        printed = self.near.run(["upnpc", "-m", self.near.interface, "-p", NO_MINISSDPD, *options, "-s"], 60)
        self.assertIn(f" desc: {location}\n st: upnp:rootdevice\n", printed)
        self.assertIn("UPnP device found. Is it an IGD ?", printed)

    def test_it_lists_the_light_and_reads_that_it_is_no_gateway(self):
        self.start_light()
        self.check(self.light.location)

    def test_over_ipv6_too(self):
        self.start_light()
        self.check(control_point.at_address(self.light.location, self.device.link_local()), "-6")


if __name__ == "__main__":
    if not os.access(SEARCH, os.X_OK) or not os.access(CONTROL, os.X_OK):
        segment.skip("its programs were not built: needs libminiupnpc-dev when CMake configures")
    scenario.main(needs=["upnpc"])
