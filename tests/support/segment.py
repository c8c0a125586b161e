# SPDX-License-Identifier: BSL-1.0
"""A network segment made of Linux network namespaces, and a host beyond its router.

    dev 192.168.20.5 ---+
    near 192.168.20.9 --+-- bridge 192.168.20.1 [router] 198.51.100.1 --- far 198.51.100.7
    near2 192.168.20.10 +

Every host's interface is named seg0 (far's: far0). The router forwards, and counts what the device sends off
its segment. Needs root; nothing outside the namespaces is touched.
"""

import contextlib
import ctypes
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

DEVICE = "192.168.20.5"
NEAR = "192.168.20.9"
NEAR2 = "192.168.20.10"
ROUTER = "192.168.20.1"
BROADCAST = "192.168.20.255"
FAR = "198.51.100.7"
HTTP_PORT = 49300

SKIPPED = 77  # the exit code that ctest is told to read as "skipped"

_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    if done.returncode != 0:
        raise OSError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def wait_until(done, what, seconds=5.0, every=0.02):
    """Asks again and again; fails if it does not become true in time."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(every)


def _enter(namespace_file):
    if _libc.setns(namespace_file.fileno(), _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _die_with_parent():
    """For children: a test that ctest kills at its timeout must not leave a light behind."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Host:
    """One namespace. Sockets made by it live in it, whichever thread uses them afterwards."""

    def __init__(self, name, address, interface):
        self.name = name
        self.address = address
        self.interface = interface

    @contextlib.contextmanager
    def inside(self):
        """The calling thread works in this namespace for the duration of the `with` block."""
        with open(f"/proc/self/task/{threading.get_native_id()}/ns/net") as home:
            with open(f"/run/netns/{self.name}") as there:
                _enter(there)
            try:
                yield self
            finally:
                _enter(home)

    def socket(self, kind, family=socket.AF_INET):
        with self.inside():
            return socket.socket(family, kind)

    def endpoint(self, address, port):
        """The family, and what bind() and connect() want; a link-local address is one of this host's interface."""
        if ":" not in address:
            return socket.AF_INET, (address, port)
        scope = 0
        if address.lower().startswith("fe80:"):
            with self.inside():
                scope = socket.if_nametoindex(self.interface)
        return socket.AF_INET6, (address, port, 0, scope)

    def link_local(self):
        """The IPv6 address that its interface has by itself."""
        with self.inside():
            links = json.loads(_run("ip", "-json", "-6", "address", "show", "dev", self.interface))
        return next(entry["local"] for link in links for entry in link["addr_info"]
                    if entry.get("scope") == "link")

    def connect(self, address, timeout=5.0, source=None):
        """A TCP connection to (IP address of either family, port), from this host's own address."""
        family, to = self.endpoint(*address[:2])
        connection = self.socket(socket.SOCK_STREAM, family)
        connection.settimeout(timeout)
        try:
            if source:
                connection.bind(self.endpoint(source, 0)[1])
            connection.connect(to)
        except OSError:
            connection.close()
            raise
        return connection

    def listen(self, backlog=16, address=None, port=0):
        """A TCP listener of this host, on a free port unless one is named, that nobody need ever accept from."""
        family, at = self.endpoint(address or self.address, port)
        listener = self.socket(socket.SOCK_STREAM, family)
        listener.bind(at)
        listener.listen(backlog)
        return listener

    def start(self, command, **options):
        """A program in this namespace, as subprocess.Popen."""
        return subprocess.Popen(["ip", "netns", "exec", self.name, *map(str, command)],
                                preexec_fn=_die_with_parent, **options)

    def run(self, command, timeout, env=None):
        """Runs a program to its end, or for `timeout` seconds: returns what it printed until then."""
        program = self.start(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             errors="replace", env=env)
        try:
            return program.communicate(timeout=timeout)[0]
        except subprocess.TimeoutExpired:
            program.kill()
            return program.communicate()[0]


class Segment:
    """Use as a context manager: the namespaces exist inside the `with` block."""

    def __init__(self):
        self._prefix = f"onl-{os.getpid()}-"
        self.device = Host(self._prefix + "dev", DEVICE, "seg0")
        self.near = Host(self._prefix + "near", NEAR, "seg0")
        self.near2 = Host(self._prefix + "near2", NEAR2, "seg0")
        self.router = Host(self._prefix + "router", ROUTER, "br0")
        self.far = Host(self._prefix + "far", FAR, "far0")
        self.hosts = [self.device, self.near, self.near2, self.router, self.far]

    def __enter__(self):
        _remove_leftovers()
        try:
            for host in self.hosts:
                _run("ip", "netns", "add", host.name)
                self.ip(host, "link set lo up")
                # IPv6 addresses at once, not after a second of duplicate detection: libupnp gives up within it.
                self._set(host, "net/ipv6/conf/default/accept_dad", 0)
            self._make_segment()
            self._make_far_link()
            self._make_counters()
            for host in self.hosts:
                wait_until(lambda host=host: self._is_running(host), f"the link of {host.name}")
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_):
        self.remove()

    def remove(self):
        for host in self.hosts:
            subprocess.run(["ip", "netns", "delete", host.name], stderr=subprocess.DEVNULL)

    def off_segment_packets(self):
        """Packets the device handed to the router for hosts that are not on the segment.

        Returns (all of them, those that are not answers on a TCP connection to the device's own HTTP port).
        """
        listing = json.loads(self._nft("--json list counters"))
        packets = {entry["counter"]["name"]: entry["counter"]["packets"]
                   for entry in listing["nftables"] if "counter" in entry}
        return packets["off_segment"], packets["off_segment_unasked"]

    def ip(self, host, command):
        _run("ip", "-netns", host.name, *command.split())

    @staticmethod
    def _set(host, setting, value):
        with host.inside(), contextlib.suppress(FileNotFoundError):  # no IPv6 in this kernel
            pathlib.Path("/proc/sys", setting).write_text(str(value))

    @staticmethod
    def _is_running(host):
        """The system notices a carrier a moment after it is there. A light that starts before waits for it, and a quiet
        one does not say when it came."""
        link, = json.loads(_run("ip", "-netns", host.name, "-json", "link", "show", "dev", host.interface))
        return link["operstate"] == "UP"

    def _nft(self, command):
        with self.router.inside():
            return _run("nft", *command.split())

    def _make_segment(self):
        # Snooping off: without a querier on it, a bridge that snoops may withhold the multicasts of SSDP.
        self.ip(self.router, "link add name br0 type bridge mcast_snooping 0")
        self.ip(self.router, f"address add {ROUTER}/24 dev br0")
        self.ip(self.router, "link set br0 up")
        for host in (self.device, self.near, self.near2):
            port = host.name.rsplit("-", 1)[1]
            self.ip(self.router, f"link add name {port} type veth peer name seg0 netns {host.name}")
            self.ip(self.router, f"link set dev {port} master br0 up")
            self.ip(host, f"address add {host.address}/24 broadcast {BROADCAST} dev seg0")
            self.ip(host, "link set seg0 up")
            self.ip(host, f"route add default via {ROUTER}")

    def _make_far_link(self):
        self.ip(self.router, f"link add name far type veth peer name far0 netns {self.far.name}")
        self.ip(self.router, "address add 198.51.100.1/24 dev far")
        self.ip(self.router, "link set far up")
        self.ip(self.far, f"address add {FAR}/24 dev far0")
        self.ip(self.far, "link set far0 up")
        self.ip(self.far, "route add default via 198.51.100.1")
        self._set(self.router, "net/ipv4/ip_forward", 1)

    def _make_counters(self):
        """Counts at prerouting, before the routing decision: a packet to an unreachable network counts too."""
        rules = f"""
            table ip watch {{
                counter off_segment {{}}
                counter off_segment_unasked {{}}
                chain from_device {{
                    type filter hook prerouting priority -300;
                    ip saddr != {DEVICE} return
                    ip daddr {{ 192.168.20.0/24, 224.0.0.0/4, 255.255.255.255 }} return
                    counter name off_segment
                    tcp sport {HTTP_PORT} tcp flags & (syn | ack) != syn return
                    counter name off_segment_unasked
                }}
            }}"""
        with self.router.inside():
            loaded = subprocess.run(["nft", "-f", "-"], input=rules, capture_output=True, text=True, timeout=30)
        if loaded.returncode != 0:
            raise OSError(f"nft: {loaded.stderr.strip()}")


def _remove_leftovers():
    """Namespaces of runs that were killed: their names carry the process id."""
    for name in os.listdir("/run/netns") if os.path.isdir("/run/netns") else []:
        owner = re.fullmatch(r"onl-(\d+)-\w+", name)
        if owner and not os.path.exists(f"/proc/{owner[1]}"):
            subprocess.run(["ip", "netns", "delete", name], stderr=subprocess.DEVNULL)


def why_not_possible():
    """The reason why this machine cannot run segment tests, or None."""
    if os.geteuid() != 0:
        return "needs root to make network namespaces"
    for tool in ("ip", "nft"):
        if not shutil.which(tool):
            return f"needs the program {tool}"
    probe = f"onl-{os.getpid()}-probe"
    try:
        _run("ip", "netns", "add", probe)
        _run("ip", "netns", "delete", probe)
    except OSError as problem:
        return f"cannot make network namespaces: {problem}"
    return None


def skip(reason):
    """Ends a test program as skipped, loudly."""
    print(f"SKIP: {reason}", flush=True)
    sys.exit(SKIPPED)
