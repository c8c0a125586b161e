# SPDX-License-Identifier: BSL-1.0
"""The disk is full where the BOOTID is kept: it is said, and the light goes on with a number that has not been used."""

import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario
import segment
import siege

REASON = "BOOTID not kept"


class FullDisk(siege.Siege):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", folder], check=True)
        self.addCleanup(subprocess.run, ["umount", "--lazy", folder], check=True)
        self.folder = pathlib.Path(folder)
        self.file = self.folder / "boot-id"
        self.options = ("--boot-id-file", str(self.file))
        super().setUp()

    def fill(self):
        try:
            with open(self.folder / "full", "wb", buffering=0) as full:
                for _ in range(100):
                    full.write(b"x" * 1024)
        except OSError:
            return
        self.fail("the disk is not full")

    def change_addresses(self, times):
        served = self.metrics()["onlink_served_addresses"]
        for _ in range(times):
            self.network.ip(self.device, "address add 192.168.25.5/24 dev seg0")
            self.await_served(served + 1)
            self.network.ip(self.device, "address delete 192.168.25.5/24 dev seg0")
            self.await_served(served)

    def boot_id(self):
        return int(control_point.search(self.near, "upnp:rootdevice", enough=1)[0].headers["bootid.upnp.org"])

    def test_the_host_goes_on_and_says_so(self):
        kept = self.file.read_bytes()
        self.fill()
        before = self.boot_id()
        # In two rounds more than the 15 that one writing is good for.
        self.besiege(lambda: self.change_addresses(9), rounds=2, tries=3, places=2)
        self.assertGreater(self.refusals()[REASON], 0)
        self.assertEqual(self.file.read_bytes(), kept, "the old one is whole")
        self.assertGreater(self.boot_id(), before)
        (self.folder / "full").unlink()
        segment.wait_until(lambda: int(self.file.read_bytes()) >= self.boot_id(), "it is kept after all", 75)

    def test_it_starts_on_a_full_disk(self):
        self.assertEqual(self.light.stop(), 0)
        self.file.unlink()
        self.fill()
        self.start()
        self.assertGreater(self.refusals()[REASON], 0)
        self.besiege(lambda: self.change_addresses(2), rounds=2, tries=3, places=2)
        self.assertFalse(self.file.exists() and self.file.read_bytes(), "what does not fit is not there by halves")


if __name__ == "__main__":
    scenario.main()
