# SPDX-License-Identifier: BSL-1.0
"""What is measured: onlink, its peers, and floors, each as a process on core 0 of a namespace of its own."""

import collections
import json
import math
import os
import pathlib
import re
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import control_point  # noqa: E402
import networks  # noqa: E402

DEVICE, CONTROL_POINT, NEIGHBOUR = "10.77.0.1", "10.77.0.2", "10.77.0.3"
FLOOR_PORT = 49200
SERVER_CORE, LOAD_CORE = 0, 1
SERVICE = "urn:schemas-upnp-org:service:SwitchPower:1"

DEVICES = ("onlink", "libupnp", "gupnp")
DEFAULTS = "onlink, defaults"

_LIGHT = ["--interface", "bench0"]
PROGRAMS = {
    "onlink": ["binary_light_onlink", *_LIGHT],
    DEFAULTS: ["binary_light_onlink", *_LIGHT, "--defaults", "yes"],
    "libupnp": ["binary_light_libupnp", *_LIGHT, "--port", FLOOR_PORT],
    "gupnp": ["binary_light_gupnp", *_LIGHT, "--port", FLOOR_PORT],
    "floor: udp": ["udp_reply", DEVICE, 1900],
    "floor: http": ["http_reply", FLOOR_PORT],
    "floor: events": ["event_reply", FLOOR_PORT],
    "floor: events, closing": ["event_reply", FLOOR_PORT, "--close"],
}


class OutOfTime(Exception):
    """The whole run has to end now."""


class Bench(networks.Network):
    """Two hosts and a cable. Use as a context manager. `until`: when all has to have ended, in seconds since 1970, so
    that programs can hand it on; nothing is measured beyond it."""

    def __init__(self, build, until=None):
        super().__init__()
        self.build = pathlib.Path(build)
        self._until = math.inf if until is None else until

    def left(self):
        """Seconds. OutOfTime if there are none."""
        seconds = self._until - time.time()
        if seconds <= 0:
            raise OutOfTime
        return seconds

    def __enter__(self):
        super().__enter__()
        device = self.host("dev", DEVICE, "bench0")
        load = self.host("cp", CONTROL_POINT, "bench1")
        self.device, self.load = device, load
        for host in (device, load):
            with host.inside():
                # Many ports, but none that belongs to something: onlink sends no event there.
                for name, value in {"net/ipv4/ip_local_port_range": "10240 65535", "net/ipv4/tcp_tw_reuse": "1",
                                    "net/ipv4/tcp_max_syn_backlog": "8192", "net/core/somaxconn": "8192",
                                    # libupnp cannot bind while its link-local IPv6 address is tentative.
                                    "net/ipv6/conf/all/accept_dad": "0",
                                    "net/ipv6/conf/default/accept_dad": "0"}.items():
                    pathlib.Path("/proc/sys", name).write_text(value)
        self.wire(device, "bench0", load, "bench1")
        self.give(device, "bench0", f"{DEVICE}/24")
        self.give(load, "bench1", f"{CONTROL_POINT}/24")
        self.give(load, "bench1", f"{NEIGHBOUR}/24")
        for host in (device, load):
            self.ip(host, f"route add 239.0.0.0/8 dev {host.interface}")
        # Thousands of connections and subscriptions, at both ends.
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        return self

    def program(self, name):
        return self.build / "tests/bench" / PROGRAMS[name][0]

    def has(self, name):
        return self.program(name).exists()

    def run_load(self, *words, timeout=240):
        """upnp_load on the other core: the keys and values of its last line."""
        lines = self.load.run(["taskset", "-c", LOAD_CORE, self.build / "tests/bench/upnp_load", *words],
                              min(timeout, self.left()))
        self.left()  # or it was stopped on the way
        return values_of((lines.strip().splitlines() or [""])[-1])

    def start_load(self, *words, **options):
        return self.load.start(["taskset", "-c", LOAD_CORE, self.build / "tests/bench/upnp_load", *words], **options)


def carry_out(plan, measure, file):
    """Measures what each item of the plan, a dictionary, asks for. The file gets {"found": what the items were and gave,
    "missing": the items that time was too short for}, however this ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    plan = list(plan)
    found, missing = [], list(plan)
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        while missing:
            item = missing[0]
            try:
                values = measure(item)
            except (OSError, KeyError) as problem:  # it did not start, died, or did not answer
                values = {"failed_to_run": f"{type(problem).__name__}: {problem}"}
            found.append({**item, **values})
            missing.pop(0)
            yield found[-1]
    except OutOfTime:
        print(f"out of time: {len(missing)} of {len(plan)} measurements are missing", flush=True)
    finally:
        file.write_text(json.dumps({"found": found, "missing": missing}, indent=1))


def values_of(line):
    """`name key=value ...`: numbers as numbers."""
    found = {}
    for word in line.split():
        key, equals, value = word.partition("=")
        if equals:
            try:
                found[key] = float(value)
            except ValueError:
                found[key] = value
    return found


class Target:
    """One of PROGRAMS, running. Use as a context manager. `location`, `control_url` and `event_url` are where a control
    point finds them: those of a device by search and description, of its last service if it has several."""

    def __init__(self, bench, name, embedded=0):
        self._bench = bench
        self.name = name
        self._embedded = embedded
        self.refused = {}  # how often by what reason; onlink says so when it has ended

    def __enter__(self):
        bench = self._bench
        bench.left()
        self._folder = tempfile.mkdtemp(prefix="onlink-bench-")
        command = [bench.program(self.name), *PROGRAMS[self.name][1:]]
        is_floor = self.name.startswith("floor")
        if not is_floor:
            command += ["--embedded", self._embedded, "--directory", self._folder]
        began = time.monotonic()
        self.process = bench.device.start(["taskset", "-c", SERVER_CORE, *command], stdout=-1, stderr=-2, text=True)
        self.output = []
        ready = threading.Event()
        self._reader = threading.Thread(target=self._read, args=(ready,), daemon=True)
        self._reader.start()
        try:
            if not ready.wait(30):
                raise OSError(f"{self.name} did not start: {self.output}")
            self.start_ms = 1000 * (time.monotonic() - began)
            self.pid = self.process.pid
            time.sleep(0.3)
            if is_floor:
                base = f"http://{DEVICE}:{FLOOR_PORT}"
                self.location, self.control_url, self.event_url = (base + path for path in
                                                                   ("/description.xml", "/control/0", "/event/0"))
            else:
                self._discover()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except Exception:  # it had its time
                self.process.kill()
                self.process.wait()
        self._reader.join(5)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _read(self, ready):
        for line in self.process.stdout:
            if len(self.output) < 100:
                self.output.append(line)
            if line.startswith("READY"):
                ready.set()
            elif line.startswith("REFUSED"):
                _, times, reason = line.strip().split(" ", 2)
                self.refused[reason] = int(times)

    def _discover(self):
        load = self._bench.load
        endpoint = control_point.start_search(load, control_point.search_message("upnp:rootdevice", 1))
        try:
            endpoint.settimeout(3)
            answer = control_point.Datagram.parse(*endpoint.recvfrom(65535), 0)
        finally:
            endpoint.close()
        self.location = answer.headers["location"]
        service = control_point.describe(load, self.location).all()[-1].services[0]
        self.control_url, self.event_url = service.control_url, service.event_url

    @property
    def died(self):
        return self.process.poll() is not None

    def memory(self):
        """Of the process, in KiB."""
        rollup = dict(line.split()[:2] for line in
                      pathlib.Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines()[1:])
        private = int(rollup["Private_Clean:"]) + int(rollup["Private_Dirty:"])
        return {"rss_kib": int(rollup["Rss:"]), "private_kib": private, "anonymous_kib": int(rollup["Anonymous:"]),
                "threads": len(os.listdir(f"/proc/{self.pid}/task"))}

    def resident(self):
        """What its RSS is of, in KiB: of each file that is mapped; of anonymous pages, those of files among them."""
        found = collections.Counter()
        name = None
        for line in pathlib.Path(f"/proc/{self.pid}/smaps").read_text().splitlines():
            if mapping := re.match(r"[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \d+ *(.*)", line):
                name = os.path.basename(mapping[1])
                name = "" if name.startswith("[") else name
            elif line.startswith("Rss:"):
                rss = int(line.split()[1])
            elif line.startswith("Anonymous:"):
                anonymous = int(line.split()[1])
                found["anonymous"] += anonymous
                found[name or "anonymous"] += rss - anonymous
        return dict(found)
