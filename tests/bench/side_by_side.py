# SPDX-License-Identifier: BSL-1.0
"""side_by_side.py BUILD RESULTS [--rounds N] [--seconds S] [--only CASE]... [--targets NAME,...]

Every case against onlink, its peers and a floor, in turn, round after round. Writes RESULTS/side_by_side.json: a list of
what each measurement gave. A peer that is not built is left out, and said so.
"""

import argparse
import dataclasses
import json
import pathlib
import time

from targets import CONTROL_POINT, DEVICE, NEIGHBOUR, Bench, Target

DEVICES = ("onlink", "libupnp", "gupnp")
TIME_LIMIT = 20 * 60  # seconds, for all of it


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    title: str
    floor: str  # the canned answers it is compared with
    command: object  # (target, seconds) -> words for upnp_load
    aim: float = None  # what it is to cost at most, in times the floor; for the report
    embedded: int = 0
    rounds: int = None  # fewer than of the others
    targets: tuple = DEVICES


def _http(kind, *more):
    where = (lambda t: t.location) if kind == "get" else (lambda t: t.control_url)
    return lambda t, seconds: [kind, where(t), "--seconds", seconds, *more]


def _events(*more):
    return lambda t, seconds: ["events", t.event_url, "--control", t.control_url, "--listen", CONTROL_POINT,
                               "--timeout", 3, *more]


def _search(t, seconds):
    return ["msearch", DEVICE, 1900, "--inflight", 16, "--mx", 1, "--calibrate", 1.5, "--seconds", seconds]


def _multicast_search(t, seconds):
    return ["msearch-burst", "239.255.255.250", 1900, "--from", CONTROL_POINT, "--mx", 1, "--searches", 1000,
            "--rate", 1000, "--grace", 1]


def _silent(t, seconds):
    return ["hold-connections", t.location, "--count", 100, "--from", NEIGHBOUR, "--seconds", 10]


_EIGHT, _EACH = ("--connections", 8), ("--connections", 8, "--no-keepalive")
_LISTENERS = ("--subscribers", 20, "--listeners", 20)
CASES = [
    Case("search", "unicast M-SEARCH, saturated", "floor: udp", _search, 2),
    Case("search_multicast", "multicast M-SEARCH, 1,000/s", "floor: udp", _multicast_search, 1.3),
    Case("get", "GET description, keep-alive", "floor: http", _http("get", *_EIGHT), 1.5),
    Case("get_close", "GET description, connection each", "floor: http", _http("get", *_EACH), 1.3),
    Case("soap", "SOAP GetStatus, keep-alive", "floor: http", _http("soap", *_EIGHT), 2),
    Case("soap_close", "SOAP GetStatus, connection each", "floor: http", _http("soap", *_EACH), 1.5),
    Case("soap_200", "SOAP GetStatus, 200 connections", "floor: http", _http("soap", "--connections", 200)),
    Case("events_100", "NOTIFY to 100 subscribers", "floor: events", _events("--subscribers", 100, "--events", 101), 2),
    Case("events_1000", "NOTIFY to 1,000 subscribers", "floor: events", _events("--subscribers", 1000, "--events", 5), 2),
    Case("events_close", "NOTIFY, connection each", "floor: events, closing",
         _events("--subscribers", 100, "--events", 31, "--close"), 1.2),
    Case("hung_0", "20 healthy subscribers", "floor: events", _events(*_LISTENERS, "--events", 20), rounds=1),
    Case("hung_20", "20 healthy and 20 hung subscribers", "floor: events",
         _events(*_LISTENERS, "--stalled", 20, "--events", 3), rounds=1),
    Case("silent_100", "100 silent connections of a neighbour", "floor: http", _silent, rounds=1,
         targets=(*DEVICES, "onlink, defaults")),
]


def measure(bench, case, name, seconds):
    with Target(bench, name, case.embedded) as target:
        values = bench.run_load(*case.command(target, seconds), "--pid", target.pid)
        return {"case": case.name, "target": name, "start_ms": target.start_ms, "died": target.died, **values}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build")
    parser.add_argument("results", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--only", action="append")
    parser.add_argument("--targets")
    given = parser.parse_args()
    began = time.monotonic()
    found = []
    with Bench(given.build) as bench:
        for number in range(given.rounds):
            for case in CASES:
                if given.only and case.name not in given.only or number >= (case.rounds or given.rounds):
                    continue
                for name in (*case.targets, case.floor):
                    if given.targets and name.split(":")[0] not in given.targets.split(","):
                        continue
                    if not bench.has(name):
                        if number == 0:
                            print(f"{name} is not built: its library is not installed", flush=True)
                        continue
                    if time.monotonic() - began > TIME_LIMIT:
                        raise SystemExit("out of time")
                    try:
                        values = measure(bench, case, name, given.seconds)
                    except (OSError, TimeoutError) as problem:
                        values = {"case": case.name, "target": name, "failed_to_run": str(problem)}
                    found.append({"round": number, **values})
                    shown = {key: values[key] for key in ("server_us_per_op", "rate", "lost", "failed", "last_p50_us",
                                                          "completeness_pct", "answered", "load_cpu_pct",
                                                          "failed_to_run") if key in values}
                    print(f"{number} {case.name:17} {name:24} {shown}", flush=True)
    given.results.mkdir(parents=True, exist_ok=True)
    (given.results / "side_by_side.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
