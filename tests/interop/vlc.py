# SPDX-License-Identifier: BSL-1.0
"""VLC looks for media servers: it reads that the light is none and lists only the real one, and no harm is done."""

import contextlib
import os
import pathlib
import pwd
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import light
import networks
import scenario
import segment

from minidlna import NAME as SHELF, Minidlna

MEDIA_SERVER = "urn:schemas-upnp-org:device:MediaServer:1"
USER = "nobody"  # VLC does not run as root
COMMANDS = ("127.0.0.1", 4212)


class Vlc:
    """VLC without a screen, looking for what UPnP offers. Use as a context manager."""

    def __init__(self, host):
        self._host = host

    def __enter__(self):
        self._home = tempfile.TemporaryDirectory()
        os.chown(self._home.name, pwd.getpwnam(USER).pw_uid, -1)
        with open(f"{self._home.name}/printed", "w") as printed:
            self._process = self._host.start(
                ["setpriv", "--reuid", USER, "--regid", "nogroup", "--clear-groups", "--pdeathsig", "KILL",
                 "env", f"HOME={self._home.name}", f"XDG_RUNTIME_DIR={self._home.name}",
                 "vlc", "-vvv", "--no-color", "--aout", "dummy", "--vout", "dummy", "--intf", "rc",
                 "--rc-host", ":".join(map(str, COMMANDS)), "--services-discovery", "upnp"],
                stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT)
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._home.cleanup()

    def playlist(self):
        """What it lists, as it prints it; nothing while it does not listen yet."""
        end = "End of playlist"
        text = ""
        with contextlib.suppress(OSError), self._host.connect(COMMANDS) as connection:
            connection.sendall(b"playlist\n")
            while end not in text and (data := connection.recv(4096)):
                text += data.decode()
        return text if end in text else ""

    def wait_for(self, name):
        try:
            segment.wait_until(lambda: name in self.playlist(), f"VLC lists {name}", seconds=20)
        except AssertionError as problem:
            raise AssertionError(f"{problem}; it printed\n{self.log()}") from None

    def runs(self):
        return self._process.poll() is None

    def log(self):
        return pathlib.Path(self._home.name, "printed").read_text(errors="replace")


class LookingForMediaServers(scenario.Scenario):
    def setUp(self):
        super().setUp()
        self.witness = self.enterContext(networks.Witness([self.near2]))

    def start_vlc(self):
        self.vlc = self.enterContext(Vlc(self.near2))

    def start_shelf(self):
        self.enterContext(Minidlna(self.near))
        segment.wait_until(lambda: control_point.search(self.device, MEDIA_SERVER), "minidlnad answers", seconds=20)

    def searches(self):
        return self.witness.seen(lambda packet: packet.outgoing and packet.source == segment.NEAR2
                                 and packet.target == control_point.GROUP and packet.ports[1] == 1900)

    def descriptions_asked_for(self):
        return self.witness.seen(lambda packet: packet.outgoing and packet.ports[1] == segment.HTTP_PORT
                                 and packet.flags == networks.SYN)

    def answers_of(self, address):
        return self.witness.seen(lambda packet: packet.protocol == "udp" and packet.source == address
                                 and packet.target == segment.NEAR2)

    def check(self):
        self.assertEqual(self.answers_of(segment.DEVICE), [])
        self.assertTrue(self.vlc.runs(), self.vlc.log())
        listed = self.vlc.playlist()
        self.assertIn(SHELF, listed)
        self.assertNotIn(light.NAME, listed)
        self.set_target("1")
        self.assertEqual(self.status(), "1")
        self.assertIsNone(self.light.find("refused .*"), self.light.log())
        self.assertEqual(self.light.stop(), 0)
        self.assertTrue(self.vlc.runs(), self.vlc.log())

    def test_the_light_does_not_answer_its_searches(self):
        self.start_light()
        self.start_shelf()
        self.start_vlc()
        segment.wait_until(lambda: self.answers_of(segment.NEAR), "the media server answers a search", seconds=20)
        self.vlc.wait_for(SHELF)
        self.check()

    def test_it_hears_the_light_coming_and_reads_its_description(self):
        self.start_vlc()
        segment.wait_until(self.searches, "VLC searches", seconds=20)
        self.start_light()
        segment.wait_until(self.descriptions_asked_for, "VLC reads the description")
        self.start_shelf()
        self.vlc.wait_for(SHELF)
        self.check()


if __name__ == "__main__":
    scenario.main(needs=["vlc", "setpriv", "minidlnad"])
