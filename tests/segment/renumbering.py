# SPDX-License-Identifier: BSL-1.0
"""The segment changes under a subscription: whoever is no longer on it hears no more."""

import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario


def readdress(host, before, after):
    for change, address in (("del", before), ("add", after)):
        subprocess.run(["ip", "-n", host.name, "address", change, address, "dev", host.interface], check=True,
                       timeout=30)


class Renumbering(scenario.Scenario):
    def test_a_narrower_prefix_is_noticed_and_the_subscriber_outside_it_gets_nothing(self):
        self.start_light()
        server = self.start_events(self.near)
        sid = control_point.subscribe(self.near, self.switch.event_url, server.callback()).headers["sid"]
        server.wait_for(1)

        # The device's segment shrinks to 192.168.20.4/30. near (.9) is outside; near2 moves in (.6).
        readdress(self.near2, "192.168.20.10/24", "192.168.20.6/24")
        readdress(self.device, "192.168.20.5/24", "192.168.20.5/30")
        self.light.wait_for(r"exposed control .* for 192\.168\.20\.4/30.*")  # the system told it
        for value in ("1", "0", "1"):
            self.set_target(value, self.near2)
        # After a moment of grace, in which the address could have come back, the subscription ends.
        self.light.wait_for(r"refused event from 192\.168\.20\.9 .*segment.*")
        self.light.wait_for(rf"segment_left \S+ {sid}")
        time.sleep(1)
        self.assertEqual(len(server.events), 1)
        self.assertEqual(control_point.unsubscribe(self.near2, self.switch.event_url, sid).status, 412)


if __name__ == "__main__":
    scenario.main()
