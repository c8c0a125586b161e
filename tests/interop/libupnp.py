# SPDX-License-Identifier: BSL-1.0
"""A control point on Debian's libupnp subscribes, renews, switches the light, hears it and understands its errors."""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import light
import scenario
import segment

CONTROL_POINT = os.environ.get("ONLINK_LIBUPNP_CONTROL_POINT", "")


class Libupnp(scenario.Scenario):
    def test_it_subscribes_renews_and_hears_the_light_by_IPv4(self):
        self.use_light("--ipv4-only")

    def test_it_subscribes_renews_and_hears_the_light_by_IPv6(self):
        self.use_light("--ipv6-only")

    def test_it_queries_state_variables_of_a_light_of_uda_1_0(self):
        self.use_light("--ipv4-only", "--uda", "1.0", queries=("0", "error 404"))

    def use_light(self, *options, queries=("error 401", "error 401")):
        self.start_light(*options)
        printed = self.near.run([CONTROL_POINT, self.near.interface], 60).splitlines()
        sid = next((line.split()[1] for line in printed if line.startswith("subscribed ")), "(none)")
        self.assertEqual(printed, [
            f"found uuid:{light.UUID} {light.SERVICE_TYPE} at {self.light.location}",
            f"subscribed {sid} for 1800 s",
            f"event {sid} 0 Status=0",
            "SetTarget newTargetValue=1 -> ok",
            f"event {sid} 1 Status=1",
            f"renewed {sid} for 1800 s",
            "SetTarget newTargetValue=0 -> ok",
            f"event {sid} 2 Status=0",
            "GetStatus -> ResultStatus=0",
            "SetTarget newTargetValue=maybe -> error 402",
            "Explode -> error 401",
            f"QueryStateVariable Status -> {queries[0]}",
            f"QueryStateVariable Colour -> {queries[1]}",
            f"unsubscribed {sid}",
        ])


if __name__ == "__main__":
    if not os.access(CONTROL_POINT, os.X_OK):
        segment.skip("libupnp_control_point was not built: needs libupnp-dev when CMake configures")
    scenario.main()
