# SPDX-License-Identifier: BSL-1.0
"""side_by_side.py BUILD RESULTS [--rounds N] [--seconds S] [--until TIME] [--only CASE]... [--targets NAME,...]

Every case against onlink, its peers and a floor, in turn, round after round, until they are done or TIME has come
(seconds since 1970). Writes RESULTS/side_by_side.json: what each measurement gave, and which are missing. A peer that is
not built is left out, and said so.
"""

import argparse
import dataclasses
import pathlib

from targets import CONTROL_POINT, DEFAULTS, DEVICE, DEVICES, NEIGHBOUR, Bench, Target, carry_out


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    title: str
    command: object  # (target, seconds) -> words for upnp_load
    floor: str = None  # the canned answers it is compared with
    aim: float = None  # what it is to cost at most, in times the floor; for the report
    targets: tuple = DEVICES

    def everything(self):
        return (*self.targets, *([self.floor] if self.floor else []))


def _http(kind, *more):
    where = (lambda t: t.location) if kind == "get" else (lambda t: t.control_url)
    return lambda t, seconds: [kind, where(t), "--seconds", seconds, *more]


def _events(*more, timeout=3):
    return lambda t, seconds: ["events", t.event_url, "--control", t.control_url, "--listen", CONTROL_POINT,
                               "--timeout", timeout, *more]


def _search(t, seconds):
    return ["msearch", DEVICE, 1900, "--inflight", 16, "--mx", 1, "--calibrate", 1.5, "--seconds", seconds]


def _multicast_search(t, seconds):
    return ["msearch-burst", "239.255.255.250", 1900, "--from", CONTROL_POINT, "--mx", 1, "--searches", 1000,
            "--rate", 1000, "--grace", 1]


def _silent(t, seconds):
    return ["hold-connections", t.location, "--count", 100, "--from", NEIGHBOUR, "--seconds", 5]


_EIGHT, _EACH = ("--connections", 8), ("--connections", 8, "--no-keepalive")
_HEALTHY = ("--subscribers", 20, "--listeners", 20, "--events", 20)
_LATE = 1  # s, a hundred times what an event takes: who has not got it by then has lost it
_WITH_DEFAULTS = (*DEVICES, DEFAULTS)
CASES = [
    Case("search", "unicast M-SEARCH, saturated", _search, "floor: udp", 2),
    Case("search_multicast", "multicast M-SEARCH, 1,000/s", _multicast_search, "floor: udp", 1.3),
    Case("get", "GET description, keep-alive", _http("get", *_EIGHT), "floor: http", 1.5),
    Case("get_close", "GET description, connection each", _http("get", *_EACH), "floor: http", 1.3),
    Case("soap", "SOAP GetStatus, keep-alive", _http("soap", *_EIGHT), "floor: http", 2),
    Case("soap_close", "SOAP GetStatus, connection each", _http("soap", *_EACH), "floor: http", 1.5),
    Case("soap_200", "SOAP GetStatus, 200 connections", _http("soap", "--connections", 200), targets=_WITH_DEFAULTS),
    Case("events_100", "NOTIFY to 100 subscribers", _events("--subscribers", 100, "--events", 101), "floor: events", 2),
    Case("events_1000", "NOTIFY to 1,000 subscribers", _events("--subscribers", 1000, "--events", 5), "floor: events", 2,
         _WITH_DEFAULTS),
    Case("events_close", "NOTIFY, connection each",
         _events("--subscribers", 100, "--events", 31, "--close"), "floor: events, closing", 1.2),
    Case("hung_0", "20 healthy subscribers", _events(*_HEALTHY, timeout=_LATE),
         targets=_WITH_DEFAULTS),
    Case("hung_20", "20 healthy subscribers, and 20 hung ones of a neighbour",
         _events(*_HEALTHY, "--stalled", 20, "--stalled-from", NEIGHBOUR, timeout=_LATE),
         targets=_WITH_DEFAULTS),
    Case("silent_100", "100 silent connections of a neighbour", _silent, targets=_WITH_DEFAULTS),
]
_SHOWN = ("server_us_per_op", "rate", "lost", "failed", "last_p50_us", "completeness_pct", "answered", "load_cpu_pct",
          "failed_to_run", "refused_by_onlink")


def measure(bench, case, name, seconds):
    with Target(bench, name) as target:
        values = bench.run_load(*case.command(target, seconds), "--pid", target.pid)
        found = {"start_ms": target.start_ms, "died": target.died, **values}
    return {**found, "refused_by_onlink": target.refused} if target.refused else found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build")
    parser.add_argument("results", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--until", type=float)
    parser.add_argument("--only", action="append")
    parser.add_argument("--targets")
    given = parser.parse_args()
    cases = {case.name: case for case in CASES if not given.only or case.name in given.only}
    with Bench(given.build, given.until) as bench:
        names = {name for case in cases.values() for name in case.everything()
                 if not given.targets or name.split(":")[0] in given.targets.split(",")}
        for name in sorted(names):
            if not bench.has(name):
                print(f"{name} is not built: its library is not installed", flush=True)
        plan = [{"round": number, "case": case.name, "target": name} for number in range(given.rounds)
                for case in cases.values() for name in case.everything() if name in names and bench.has(name)]

        def measured(item):
            return measure(bench, cases[item["case"]], item["target"], given.seconds)

        for one in carry_out(plan, measured, given.results / "side_by_side.json"):
            shown = {key: one[key] for key in _SHOWN if key in one}
            print(f"{one['round']} {one['case']:17} {one['target']:24} {shown}", flush=True)


if __name__ == "__main__":
    main()
