# SPDX-License-Identifier: BSL-1.0
"""The system has more news of the interfaces than its queue to the light holds (ENOBUFS): afterwards the light knows how
things are, not how they were."""

import pathlib
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario

import siege

CHANGES, AT_ONCE = 4000, 200  # at most


class LostNetlinkNews(siege.Siege):
    def in_a_batch(self, lines):
        with self.device.inside():
            subprocess.run(["ip", "-batch", "-"], input="\n".join(lines), text=True, check=True, timeout=60,
                           capture_output=True)

    def dropped(self):
        """By the kernel, from the netlink sockets of the device's namespace."""
        with self.device.inside():
            rows = pathlib.Path("/proc/thread-self/net/netlink").read_text().splitlines()
        drops = rows[0].split().index("Drops")
        return sum(int(row.split()[drops]) for row in rows[1:])

    def fill_the_queue(self):
        """Changes that are taken back, until news are lost; from then on all are, until the light reads. Not more of them than
        that takes: the honest one waits meanwhile."""
        lost = self.dropped()
        for first in range(0, CHANGES, AT_ONCE):
            lines = []
            for number in range(first, first + AT_ONCE):
                address = f"10.0.{number // 256}.{number % 256}/32"
                lines += [f"address add {address} dev lo", f"address delete {address} dev lo"]
            self.in_a_batch(lines)
            if self.dropped() > lost:
                return
        self.fail("nothing was lost: this test has shown nothing")

    def test_what_is_true_at_the_end_counts(self):
        served = self.metrics()["onlink_served_addresses"]
        self.network.ip(self.near, "address add 192.168.25.10/24 dev seg0")
        with siege.Honest(self, tries=4, places=2):
            self.light.process.send_signal(signal.SIGSTOP)
            try:
                self.fill_the_queue()
                self.in_a_batch(["address add 192.168.25.5/24 dev seg0"])
            finally:
                self.light.process.send_signal(signal.SIGCONT)
            self.await_served(served + 1)

        there = control_point.at_address(self.light.location, "192.168.25.5")
        self.assertEqual(control_point.describe(self.near, there).udn, self.root.udn)
        self.assertTrue(control_point.search(self.near, "upnp:rootdevice", enough=1))
        # And of the next change it hears by itself again.
        self.in_a_batch(["address add 192.168.26.5/24 dev seg0"])
        self.await_served(served + 2)
        self.in_a_batch([f"address delete {address}/24 dev seg0" for address in ("192.168.25.5", "192.168.26.5")])
        self.await_served(served)


if __name__ == "__main__":
    scenario.main()
