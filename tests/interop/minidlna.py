# SPDX-License-Identifier: BSL-1.0
"""minidlnad, a media server, and the light on one host: each is found, whoever came first, whoever leaves."""

import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import light
import scenario
import segment

NAME = "Shelf"
PORT = 8200
OF_SHELF, OF_LIGHT = 6, 4  # what each says of itself to a search for all


class Minidlna:
    """The server on a host, in the foreground, with nothing to show. Use as a context manager."""

    def __init__(self, host):
        self._host = host

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        place = pathlib.Path(self._folder.name)
        for name in ("media", "database", "log"):
            (place / name).mkdir()
        (place / "settings").write_text(
            f"port={PORT}\nnetwork_interface={self._host.interface}\nfriendly_name={NAME}\nnotify_interval=2\n"
            f"media_dir={place}/media\ndb_dir={place}/database\nlog_dir={place}/log\ninotify=no\n"
            f"minissdpdsocket={place}/none\n")
        with open(place / "printed", "w") as printed:
            self._process = self._host.start(["minidlnad", "-d", "-f", place / "settings", "-P", place / "pid"],
                                             stdout=printed, stderr=subprocess.STDOUT)
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(timeout=10)
        self._folder.cleanup()

    def log(self):
        return pathlib.Path(self._folder.name, "printed").read_text()


class OnOneHost(scenario.Scenario):
    def find(self, enough=0):
        """Searches from another host: {UDN: ({USN, ...}, {location, ...})}. `enough`: so many answers have to come."""
        found = {}
        answers = control_point.search(self.near, "ssdp:all", enough=enough)
        for answer in answers:
            usn = answer.headers["usn"]
            usns, locations = found.setdefault(usn.partition("::")[0], (set(), set()))
            usns.add(usn)
            locations.add(answer.headers["location"])
        return found

    def start_minidlna(self):
        self.minidlna = self.enterContext(Minidlna(self.device))
        segment.wait_until(lambda: self.find_shelf(self.find()), "minidlnad answers searches", seconds=20)

    def find_shelf(self, found):
        """The one device besides the light, by its location."""
        others = [locations for udn, (_, locations) in found.items() if udn != f"uuid:{light.UUID}"]
        return others == [{f"http://{segment.DEVICE}:{PORT}/rootDesc.xml"}]

    def check_shelf(self, found):
        self.assertTrue(self.find_shelf(found), f"{found}\n{self.minidlna.log()}")
        shelf = control_point.describe(self.near, f"http://{segment.DEVICE}:{PORT}/rootDesc.xml")
        self.assertEqual(shelf.name, NAME)
        self.assertIn(shelf.udn, found)

    def check_both(self):
        found = self.find(enough=OF_SHELF + OF_LIGHT)
        self.check_shelf(found)
        usns = {usn for _, usn in self.root.advertised()}
        self.assertEqual(found.get(self.root.udn), (usns, {self.light.location}))
        self.assertEqual(len(found), 2, found)
        answers = control_point.search(self.near, "ssdp:all", to=(segment.DEVICE, 1900), enough=OF_LIGHT)
        self.assertEqual({answer.headers["usn"] for answer in answers}, usns)

    def check_only_shelf(self):
        found = self.find(enough=OF_SHELF)
        self.check_shelf(found)
        self.assertEqual(len(found), 1, found)

    def test_minidlnad_is_there_first(self):
        self.start_minidlna()
        self.start_light()
        self.check_both()
        self.light.stop()
        self.check_only_shelf()

    def test_the_light_is_there_first(self):
        self.start_light()
        self.start_minidlna()
        self.check_both()
        self.light.stop()
        self.check_only_shelf()

    def test_the_light_stays_when_minidlnad_leaves(self):
        self.start_light()
        with Minidlna(self.device):
            segment.wait_until(lambda: self.find_shelf(self.find()), "minidlnad answers searches", seconds=20)
        found = self.find(enough=OF_LIGHT)
        self.assertEqual(found, {self.root.udn: ({usn for _, usn in self.root.advertised()},
                                                 {self.light.location})})

    def test_both_are_heard_coming_and_going(self):
        with control_point.Advertisements(self.near) as advertisements:
            self.start_minidlna()
            self.start_light()
            self.check_both()
            self.light.stop()
            alive = {message.headers["usn"] for message in advertisements.heard("ssdp:alive", 3)}
            gone = {message.headers["usn"] for message in advertisements.heard("ssdp:byebye", 0)}
        usns = {usn for _, usn in self.root.advertised()}
        self.assertLess(usns, alive)
        self.assertLessEqual(usns, gone)
        self.assertTrue({usn for usn in alive - usns if usn.endswith("::urn:schemas-upnp-org:device:MediaServer:1")})


if __name__ == "__main__":
    scenario.main(needs=["minidlnad"])
