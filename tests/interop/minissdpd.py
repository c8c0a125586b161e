# SPDX-License-Identifier: BSL-1.0
"""minissdpd, which remembers for other programs who is there, hears the light; and both can live on one host."""

import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import light
import scenario
import segment

SEARCH = os.environ.get("ONLINK_MINIUPNPC_SEARCH", "")

BY_TYPE, BY_USN, ALL = 1, 2, 3  # the kinds of question


class Minissdpd:
    """The daemon on a host, in the foreground, with a socket of its own. Use as a context manager."""

    def __init__(self, host, *options):
        self._host = host
        self._options = options

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        self.socket = f"{self._folder.name}/socket"
        self._printed = open(f"{self._folder.name}/printed", "w+")
        self._process = self._host.start(
            ["minissdpd", "-d", "-i", self._host.interface, "-s", self.socket, "-p", f"{self._folder.name}/pid",
             *self._options], stdout=self._printed, stderr=subprocess.STDOUT)
        try:
            segment.wait_until(self._answers, "minissdpd answers")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(timeout=5)
        self._printed.close()
        self._folder.cleanup()

    def ask(self, kind=ALL, name=""):
        """What it remembers, as a set of (ST, USN, location)."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(self.socket)
            connection.sendall(bytes([kind, len(name)]) + name.encode())
            with connection.makefile("rb") as answer:
                found = [[_read_text(answer) for _ in range(3)] for _ in range(answer.read(1)[0])]
        return {(st, usn, location) for location, st, usn in found}

    def wait_for(self, wanted):
        try:
            segment.wait_until(lambda: self.ask() == wanted, "it remembers what it should", seconds=10)
        except AssertionError:
            raise AssertionError(f"it remembers {self.ask()}\n  instead of {wanted}; {self._log()}") from None

    def _log(self):
        """What it printed, without the questions it was asked."""
        self._printed.seek(0)
        return "it printed:\n" + "".join("    " + line for line in self._printed if "(s=" not in line)

    def _answers(self):
        if self._process.poll() is not None:
            raise AssertionError(f"minissdpd ended; {self._log()}")
        try:
            self.ask()
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        return True


def _read_text(stream):
    """A length in groups of seven bits, and so many bytes."""
    length, more = 0, True
    while more:
        byte = stream.read(1)[0]
        length, more = length << 7 | byte & 0x7F, byte & 0x80
    return stream.read(length).decode()


class OnAnotherHost(scenario.Scenario):
    def expected(self, location):
        return {(*pair, location) for pair in self.root.advertised()}

    def start_minissdpd(self, *options):
        return self.enterContext(Minissdpd(self.near, *options))

    def test_it_remembers_the_light_from_alive_to_byebye(self):
        minissdpd = self.start_minissdpd()
        self.assertEqual(minissdpd.ask(), set())
        self.start_light("--embedded", "2")
        minissdpd.wait_for(self.expected(self.light.location))
        self.light.stop()
        minissdpd.wait_for(set())

    def test_it_searches_for_a_light_that_was_there_before(self):
        self.start_light()
        self.let_announcements_pass()
        self.start_minissdpd().wait_for(self.expected(self.light.location))

    def test_it_is_asked_for_a_type_and_for_a_device(self):
        minissdpd = self.start_minissdpd()
        self.start_light()
        minissdpd.wait_for(self.expected(self.light.location))
        self.assertEqual(minissdpd.ask(BY_TYPE, light.DEVICE_TYPE), {
            (light.DEVICE_TYPE, f"uuid:{light.UUID}::{light.DEVICE_TYPE}", self.light.location)})
        self.assertEqual(minissdpd.ask(BY_USN, f"uuid:{light.UUID}"), self.expected(self.light.location))

    @unittest.skipUnless(os.access(SEARCH, os.X_OK), "miniupnpc_search was not built: needs libminiupnpc-dev")
    def test_libminiupnpc_asks_it_instead_of_the_network(self):
        minissdpd = self.start_minissdpd()
        self.start_light()
        minissdpd.wait_for(self.expected(self.light.location))
        printed = self.near.run([SEARCH, self.near.interface, 4, minissdpd.socket, light.SERVICE_TYPE], 20)
        self.assertEqual(printed, f"{light.SERVICE_TYPE} uuid:{light.UUID}::{light.SERVICE_TYPE}"
                                  f" {self.light.location}\n")

    def test_over_ipv6_it_remembers_the_light_from_alive_to_byebye(self):
        # Deaf to IPv4: it knows one location of a USN, that which came last, cut to the length of the first.
        self.near.run(["nft", "add table ip deaf; add chain ip deaf in { type filter hook input priority 0; };"
                              " add rule ip deaf in udp dport 1900 drop"], 10)
        self.addCleanup(self.near.run, ["nft", "delete table ip deaf"], 10)
        minissdpd = self.start_minissdpd("-6")
        self.start_light("--embedded", "2")
        minissdpd.wait_for(self.expected(control_point.at_address(self.light.location, self.device.link_local())))
        self.light.stop()
        minissdpd.wait_for(set())


class OnTheSameHost(scenario.Scenario):
    """Both hear what is sent to the group; what is sent to port 1900 of the host alone is for the light."""

    def check_the_light(self):
        wanted = {usn for _, usn in self.root.advertised()}
        for to in ((control_point.GROUP, 1900), (segment.DEVICE, 1900)):
            answers = control_point.search(self.near, "ssdp:all", to=to, enough=len(wanted))
            self.assertEqual({answer.headers["usn"] for answer in answers}, wanted, f"searching at {to}")

    def check_minissdpd(self, minissdpd):
        """It hears another device come and go."""
        usn = "uuid:f7e2f6fa-6b7c-4b9d-9f9e-3d2c0f3a5e11"
        other = (usn, usn, f"http://{segment.NEAR}:8000/description.xml")
        self.notify("ssdp:alive", *other)
        segment.wait_until(lambda: other in minissdpd.ask(), "minissdpd remembers the other device")
        self.notify("ssdp:byebye", *other)
        segment.wait_until(lambda: other not in minissdpd.ask(), "minissdpd forgets the other device")

    def notify(self, subtype, notification_type, usn, location):
        message = (f"NOTIFY * HTTP/1.1\r\nHOST: {control_point.GROUP}:1900\r\nCACHE-CONTROL: max-age=1800\r\n"
                   f"LOCATION: {location}\r\nNT: {notification_type}\r\nNTS: {subtype}\r\nSERVER: a UPnP/1.1 b\r\n"
                   f"USN: {usn}\r\n\r\n")
        control_point.start_search(self.near, message.encode()).close()

    def test_minissdpd_is_there_first(self):
        minissdpd = self.enterContext(Minissdpd(self.device))
        self.start_light()
        minissdpd.wait_for({(*pair, self.light.location) for pair in self.root.advertised()})
        self.check_the_light()
        self.check_minissdpd(minissdpd)
        self.light.stop()
        minissdpd.wait_for(set())

    def test_the_light_is_there_first(self):
        self.start_light()
        minissdpd = self.enterContext(Minissdpd(self.device))
        self.check_the_light()
        self.check_minissdpd(minissdpd)

    def test_the_light_stays_when_minissdpd_ends(self):
        with Minissdpd(self.device):
            self.start_light()
        self.check_the_light()


if __name__ == "__main__":
    scenario.main(needs=["minissdpd"])
