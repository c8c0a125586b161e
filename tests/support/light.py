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


def program():
    """ctest names the light that it built; by hand, examples/run has built the release one."""
    built_by_examples_run = pathlib.Path(__file__).parents[2] / "build/release/examples/binary_light"
    return os.environ.get("ONLINK_BINARY_LIGHT", str(built_by_examples_run))


class Light:
    """Use as a context manager. Inside the block the light is ready; `output` grows as it prints lines."""

    def __init__(self, network, *options):
        self._host = network.device
        self._options = options
        self.output = []
        self._news = threading.Condition()

    def __enter__(self):
        self.process = self._host.start(
            [program(), "--interface", self._host.interface, "--port", segment.HTTP_PORT, "--uuid", UUID,
             "--name", NAME, *self._options],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait_for(r"ready")
        self.location = self.wait_for(r"on \S+ [\d.]+: (\S+)")[1]
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(timeout=5)
        self.process.stdout.close()

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

    def stop(self, seconds=10.0):
        """SIGTERM, as a service manager sends it; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=seconds)
        self._reader.join(timeout=5)
        return code

    def log(self):
        return "\n".join("    " + line for line in self.output) or "    (nothing)"
