# SPDX-License-Identifier: BSL-1.0
"""The device under test: binary_light as a process on the segment's device host."""

import os
import pathlib
import re
import signal
import subprocess
import threading

import segment

UUID = "2fac1234-31f8-11b4-a222-08002b34c003"
NAME = "Hall Lamp"
DEVICE_TYPE = "urn:schemas-upnp-org:device:BinaryLight:1"
SERVICE_TYPE = "urn:schemas-upnp-org:service:SwitchPower:1"
SERVICE_ID = "urn:upnp-org:serviceId:SwitchPower"


# ctest names the programs that it built; by hand, examples/run has built the release ones.
_BUILT = {"ONLINK_BINARY_LIGHT": "examples/binary_light", "ONLINK_SEGMENT": "examples/onlink-segment",
          "ONLINK_DOORBELL": "tests/segment/doorbell", "ONLINK_RICH_DEVICE": "tests/hostile/rich_device",
          "ONLINK_LIGHT_WITHOUT_VALIDATOR": "tests/segment/light_without_validator"}


def program(variable="ONLINK_BINARY_LIGHT"):
    return os.environ.get(variable, str(pathlib.Path(__file__).parents[2] / "build/release" / _BUILT[variable]))


def refuses_to_start(network, *options):
    """Starts a light that is expected to end by itself: its exit code, and what it printed."""
    process = network.device.start([program(), *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   errors="replace")
    try:
        output = process.communicate(timeout=5)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        output = process.communicate()[0]
        raise AssertionError(f"it did not end by itself:\n{output}") from None
    return process.returncode, output


class Light:
    """Use as a context manager. Inside the block the light is ready; `output` grows as it prints lines.

    `interfaces` are those it is told to serve (by default the one of the device host), `which` is the variable that
    names the program. `waits`: for a network that is not there yet. `host`, `port` and `uuid`: for more than one light.
    """

    def __init__(self, network, *options, interfaces=None, which="ONLINK_BINARY_LIGHT", waits=False, host=None,
                 port=segment.HTTP_PORT, uuid=UUID):
        self._host = host or network.device
        self._waits = waits
        self._identity = ["--port", port, "--uuid", uuid, "--name", NAME]
        self.location = None
        named = [self._host.interface] if interfaces is None else interfaces
        self._options = [word for name in named for word in ("--interface", name)] + list(options)
        self._program = program(which)
        self.output = []
        self._news = threading.Condition()

    def __enter__(self):
        self.process = self._host.start(
            [self._program, *self._identity, *self._options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self.wait_for(r"ready")
            if not self._waits:
                self.wait_for_location()
        except BaseException:
            self.__exit__()
            raise
        return self

    def wait_for_location(self):
        """The first that it tells of: by IPv4, if the interface has it."""
        self.location = self.wait_for(r"on \S+ \S+: (\S+)")[1]
        return self.location

    def location_on(self, interface):
        """The description's URL on one of several interfaces, by IPv4."""
        return self.wait_for(rf"on {interface} [\d.]+: (\S+)")[1]

    def location_at(self, address):
        return self.wait_for(rf"on \S+ {re.escape(address)}: (\S+)")[1]

    def command(self, line):
        """Of a light with --commands: says it and waits until it is done."""
        done = f"done {line}"
        before = self.output.count(done)
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        self.wait_for_count(re.escape(done), before + 1)

    def wait_for_count(self, pattern, count, seconds=10.0):
        """Waits until that many lines are of this form; their matches."""
        def found():
            return list(filter(None, (re.fullmatch(pattern, line) for line in list(self.output))))

        with self._news:
            self._news.wait_for(lambda: len(found()) >= count or self.process.poll() is not None, seconds)
            matches = found()
        if len(matches) < count:
            raise AssertionError(f"{len(matches)} instead of {count} lines like {pattern!r}:\n" + self.log())
        return matches

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(timeout=5)
        self.process.stdout.close()
        self.process.stdin.close()

    def _read(self):
        for line in self.process.stdout:
            with self._news:
                self.output.append(line.rstrip("\n"))
                self._news.notify_all()

    def find(self, pattern):
        """The match of the first line that is entirely of this form, or None."""
        return next(filter(None, (re.fullmatch(pattern, line) for line in self.output)), None)

    def wait_for(self, pattern, seconds=10.0):
        """The match of the first such line, waiting for it if need be."""
        with self._news:
            self._news.wait_for(lambda: self.find(pattern) or self.process.poll() is not None, seconds)
            found = self.find(pattern)
        if not found:
            raise AssertionError(f"the light did not print a line like {pattern!r} but:\n" + self.log())
        return found

    def switch_off(self):
        """As a product's setting does: SIGUSR1."""
        self._switch(signal.SIGUSR1, "disabled")

    def switch_on(self):
        self._switch(signal.SIGUSR2, "enabled")

    def _switch(self, number, word):
        before = self.output.count(word)
        self.process.send_signal(number)
        self.wait_for_count(word, before + 1)

    def stop(self, seconds=10.0):
        """SIGTERM, as a service manager sends it; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=seconds)
        self._reader.join(timeout=5)
        return code

    def log(self):
        return "\n".join("    " + line for line in self.output) or "    (nothing)"
