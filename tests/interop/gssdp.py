# SPDX-License-Identifier: BSL-1.0
"""A resource browser on GSSDP hears each of the set come, with its location, and go."""

import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario
import segment

BROWSER = pathlib.Path(__file__).with_name("gssdp_browser.py")


class Browser:
    """The browser on a host. Use as a context manager."""

    def __init__(self, host, family):
        self._host = host
        self._family = family

    def __enter__(self):
        self._printed = tempfile.TemporaryFile("w+")
        self._process = self._host.start([sys.executable, "-B", BROWSER, self._host.interface, self._family],
                                         stdout=self._printed, stderr=subprocess.STDOUT)
        try:
            segment.wait_until(lambda: self.lines("ready"), "the browser is ready")
        except AssertionError:
            raise AssertionError(f"the browser is not ready but printed\n{self._log()}") from None
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._printed.close()

    def lines(self, word):
        """What follows the word, in all lines that it begins."""
        return [tuple(line.split(" ")[1:]) for line in self._log().splitlines() if line.startswith(f"{word} ")]

    def wait_for(self, word, wanted):
        try:
            segment.wait_until(lambda: set(self.lines(word)) == wanted, word, seconds=10)
        except AssertionError:
            raise AssertionError(f"wanted is {word} {wanted}; the browser printed\n{self._log()}") from None

    def _log(self):
        self._printed.seek(0)
        return self._printed.read()


class Gssdp(scenario.Scenario):
    def start_browser(self, family):
        return self.enterContext(Browser(self.near, family))

    def location(self, family):
        return (self.light.location if family == "ipv4" else
                control_point.at_address(self.light.location, self.device.link_local()))

    def hears_it_come_and_go(self, family):
        browser = self.start_browser(family)
        self.start_light("--embedded", "2")
        usns = {usn for _, usn in self.root.advertised()}
        browser.wait_for("available", {(usn, self.location(family)) for usn in usns})
        self.assertEqual(browser.lines("unavailable"), [])
        self.light.stop()
        browser.wait_for("unavailable", {(usn,) for usn in usns})
        self.assertEqual(len(browser.lines("available")), len(usns), "each comes once")

    def finds_it_by_searching(self, family):
        self.start_light()
        self.let_announcements_pass()
        browser = self.start_browser(family)
        browser.wait_for("available", {(usn, self.location(family)) for _, usn in self.root.advertised()})

    def test_it_hears_the_light_come_and_go(self):
        self.hears_it_come_and_go("ipv4")

    def test_it_finds_a_light_that_was_there_before(self):
        self.finds_it_by_searching("ipv4")

    def test_over_ipv6_it_hears_the_light_come_and_go(self):
        self.hears_it_come_and_go("ipv6")

    def test_over_ipv6_it_finds_a_light_that_was_there_before(self):
        self.finds_it_by_searching("ipv6")


def why_no_gssdp():
    check = "import gi; gi.require_version('GSSDP', '1.6'); from gi.repository import GSSDP"
    tried = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True)
    return tried.stderr.strip().splitlines()[-1] if tried.returncode else None


if __name__ == "__main__":
    if reason := why_no_gssdp():
        segment.skip(f"needs python3-gi and gir1.2-gssdp-1.6: {reason}")
    scenario.main()
