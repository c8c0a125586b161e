# SPDX-License-Identifier: BSL-1.0
"""report.py RESULTS

What side_by_side.py, growth.py, hot_path, live_allocations and core_bench found, as RESULTS/report.md with the charts
beside it. What was not measured is said. into_docs.py copies its parts into the documentation.
"""

import argparse
import collections
import json
import pathlib
import platform
import re
import statistics
import subprocess
import time

import charts
from side_by_side import CASES
from targets import DEFAULTS, DEVICES

PACKAGES = ("libupnp13", "libgupnp-1.6-0", "libboost1.81-dev", "libpugixml1v5", "libbenchmark1debian")
EVENT_SUBSCRIBERS = 100  # of hot_path, in run
# The limits by which onlink refuses, by what it calls a refusal.
LIMITS = {"too many connections": "http.max_connections",
          "too many connections of one peer": "http.max_connections_per_peer",
          "too many subscriptions": "eventing.max_subscriptions",
          "too many subscriptions of one peer": "eventing.max_subscriptions_per_peer",
          "too many subscriptions to one address": "eventing.max_subscriptions_per_target",
          "too many subscriptions to one address and port": "eventing.max_subscriptions_per_endpoint",
          "event queue full": "eventing.max_queued_events"}


def _said_by(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def machine():
    cpu = next((line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), platform.machine())
    cores = pathlib.Path("/proc/cpuinfo").read_text().count("processor\t")
    versions = [f"{name} {version}" for name in PACKAGES
                if (version := _said_by("dpkg-query", "-W", "-f", "${Version}", name))]
    compiler = _said_by("c++", "--version").splitlines()[:1]
    commit = _said_by("git", "rev-parse", "--short", "HEAD")
    changed = " with changes" if _said_by("git", "status", "--porcelain", "--untracked-files=no") else ""
    return [f"{time.strftime('%Y-%m-%d')}. {cores} cores of {cpu}, Linux {platform.release()}; {', '.join(compiler)}; "
            f"{', '.join(versions)}.",
            f"Commit {commit}{changed}, preset `bench` (`-O3`, hardened)."]


def table(head, rows):
    """Of text; the first column is text, the others numbers."""
    yield "| " + " | ".join(head) + " |"
    yield "|---|" + "--:|" * (len(head) - 1)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def number(value, digits=1):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.{digits}f}"


def spread(values, digits=1):
    """Median, and the least and greatest if there are several."""
    if not values:
        return "-"
    middle, least, greatest = (number(value, digits) for value in (statistics.median(values), min(values), max(values)))
    if len(values) == 1 or least == greatest:
        return middle
    return f"{middle} ({least}..{greatest})"


class Measured:
    """All that a program of ours measured: see targets.carry_out."""

    def __init__(self, file):
        self.there = file.exists()
        read = json.loads(file.read_text()) if self.there else {"found": [], "missing": []}
        self.found, self.missing = read["found"], read["missing"]

    def of(self, **wanted):
        return [one for one in self.found if all(one.get(key) == value for key, value in wanted.items())]

    def values(self, key, **wanted):
        return [one[key] for one in self.of(**wanted) if key in one]

    def rounds(self):
        return 1 + max((one["round"] for one in [*self.found, *self.missing]), default=-1)


def gaps(names_and_measured):
    """What is not there, or not as often as it should be."""
    for name, measured in names_and_measured.items():
        if not measured.there:
            yield f"Not measured at all: {name}."
            continue
        short = collections.Counter()
        for one in [*measured.missing, *(one for one in measured.found if "failed_to_run" in one)]:
            what = (one.get("case") or ("memory" in one and f"memory of {one['memory']},") or f"growth by {one['growth']},")
            short[f"{what} {one.get('target') or one['count']}"] += 1
        if short:
            rounds = measured.rounds()
            listed = ", ".join(f"{what} ({rounds - count} of {rounds} rounds)" for what, count in short.items())
            yield f"Not measured as often as planned: {listed}."


def costs(found):
    """The main table, and what the bars show."""
    rows, bars = [], []

    def of(case, target):
        # Of each round, so that ratios are of the same one; 0: nothing came.
        return {one["round"]: one["server_us_per_op"] for one in found.of(case=case.name, target=target)
                if one.get("server_us_per_op")}

    for case in CASES:
        if case.aim is None:
            continue
        floor, ours = of(case, case.floor), of(case, "onlink")
        ratios = [ours[n] / floor[n] for n in ours if n in floor]
        if not ratios:
            continue
        ratio, ours_us = statistics.median(ratios), statistics.median(ours.values())
        peers = {name: list(of(case, name).values()) for name in DEVICES[1:]}
        rows.append([case.title, *(spread(list(values.values())) for values in (floor, ours)), f"{ratio:.2f}",
                     f"{case.aim:g}", "yes" if ratio <= case.aim else "no", *map(spread, peers.values()),
                     *[f"{statistics.median(values) / ours_us:.1f}" if values else "-" for values in peers.values()]])
        named = {"floor": statistics.median(floor.values()), "onlink": ours_us}
        named.update({name: statistics.median(values) for name, values in peers.items() if values})
        bars.append((case.title, named))
    head = ["operation", "floor", "onlink", "times the floor", "aim", "reached", *DEVICES[1:],
            *[f"{name} / onlink" for name in DEVICES[1:]]]
    return table(head, rows), bars


_LOST = ("lost", "{} lost", False)
_NOT_SUBSCRIBED = ("refused", "{} not subscribed", True)
LOSSES = {"soap_200": ("200 connections of SOAP", ("ok", "{} answered", False), ("failed", "{} failed", False)),
          "events_1000": ("NOTIFY to 1,000 subscribers, 5 events", _NOT_SUBSCRIBED, _LOST),
          "hung_0": ("last of 20 healthy subscribers, 20 events", ("last_p50_us", "{} us", True), _NOT_SUBSCRIBED, _LOST),
          "hung_20": ("the same with 20 hung ones of a neighbour", ("last_p50_us", "{} us", True), _NOT_SUBSCRIBED, _LOST),
          "silent_100": ("100 silent connections: GETs of another host, of 5", ("answered", "{} answered", False))}


def losses(found):
    """What is not a cost: what failed, was lost, or came late."""
    def cell(case, target, *keys):
        parts = []
        for key, what, only_if_any in keys:
            values = found.values(key, case=case, target=target)
            if any(values) or (values and not only_if_any):
                parts.append(what.format(spread(values, 0)))
        return ", ".join(parts) or "-"

    targets = (*DEVICES, DEFAULTS)
    return table(["", *targets], [[title, *[cell(case, target, *keys) for target in targets]]
                                  for case, (title, *keys) in LOSSES.items()])


def refusals(found):
    """What onlink refused, and by which limits."""
    for target, limits in ((DEFAULTS, "With the default limits"), ("onlink", "With the limits raised")):
        said = []
        for case, (title, *_) in LOSSES.items():
            reasons = collections.defaultdict(list)
            for refused in found.values("refused_by_onlink", case=case, target=target):
                for reason, times in refused.items():
                    reasons[reason].append(times)
            if reasons:
                said.append(f"- {title}: " + ", ".join(
                    f"{spread(times, 0)} times *{reason}*" + (f" (`limits.{LIMITS[reason]}`)" if reason in LIMITS else "")
                    for reason, times in reasons.items()))
        if found.of(target=target):
            yield from ["", f"{limits}, onlink refused or gave up:" if said else f"{limits}, onlink refused nothing."]
            if said:
                yield from ["", *said]


GROWTH = {"embedded": ("embedded devices", {"start_ms": "start, ms", "search_us_per_answer": "ssdp:all, us an answer",
                                            "answers": "answers", "soap_us": "SOAP to the last, us",
                                            "get_us": "GET description, us", "description_bytes": "its bytes"}),
          "subscriptions": ("subscriptions", {"notify_us": "NOTIFY, us", "lost": "lost"}),
          "connections": ("connections", {"soap_us": "SOAP, us", "failed": "failed"})}
_COUNTED = ("answers", "description_bytes", "lost", "failed")


def _counts(measured, what):
    return sorted({one["count"] for one in measured.of(growth=what)})


def growth_tables(measured):
    for what, (name, columns) in GROWTH.items():
        yield from table([name, *columns.values()],
                         [[f"{count:,}", *[spread(measured.values(key, growth=what, count=count),
                                                  0 if key in _COUNTED else 1) for key in columns]]
                          for count in _counts(measured, what)])
        yield ""


def growth_curves(measured):
    def line(what, key):
        medians = [(count, statistics.median(values)) for count in _counts(measured, what)
                   if (values := measured.values(key, growth=what, count=count))]
        return [(count, value) for count, value in medians if value]

    panels = [("cost by embedded devices, us", {"ssdp:all, an answer": line("embedded", "search_us_per_answer"),
                                                "SOAP to the last": line("embedded", "soap_us")}),
              ("cost of a NOTIFY by subscriptions, us", {"NOTIFY": line("subscriptions", "notify_us")}),
              ("cost of a call by connections, us", {"SOAP": line("connections", "soap_us")})]
    return [panel for panel in panels if all(panel[1].values())]


IDLE = {"rss_kib": "RSS idle, KiB", "private_kib": "private idle, KiB", "anonymous_kib": "anonymous idle, KiB",
        "threads": "threads"}
EACH = {"connections": "an idle connection, KiB", "subscriptions": "a subscription, KiB",
        "subscriptions with connections": "the same with its connection kept, KiB"}
EACH_AIM = 1  # KiB


def _first_numbers(file):
    """`what it is: 1.2 units ...` of each line."""
    lines = file.read_text().splitlines() if file.exists() else []
    return {name: float(rest.split()[0]) for name, colon, rest in (line.partition(": ") for line in lines) if rest}


def memory_table(measured, results):
    targets = [name for name in DEVICES if measured.values("few", target=name)]

    def idle(name, key):
        return [held["few"]["idle"][key] for held in measured.of(target=name) if "few" in held]

    rows = []
    for key, title in IDLE.items():
        first, *others = [spread(idle(name, key), 0) for name in targets]
        rows.append([title, first, "-", "-", *others])
    for what, title in EACH.items():
        values = [measured.values("kib_each", memory=what, target=name) for name in targets]
        reached = values[0] and statistics.median(values[0]) <= EACH_AIM
        first, *others = [spread(each, 2) for each in values]
        rows.append([title, first, str(EACH_AIM), "yes" if reached else "no", *others])
    held = _first_numbers(results / "live_allocations.txt")
    for what in ("connection", "subscription"):
        if (value := held.get(f"held by a {what}")) is not None:
            rows.append([f"heap that it holds, a {what}, bytes", number(value, 0), f"{1024 * EACH_AIM:,}",
                         "yes" if value <= 1024 * EACH_AIM else "no", *["-" for _ in targets[1:]]])
    first, *others = targets
    return table(["", first, "aim", "reached", *others], rows)


RESIDENT = (("the program itself", r"binary_light_"), ("libstdc++, libgcc, libm", r"lib(stdc\+\+|gcc_s|m)\.so"),
            ("libc and the dynamic linker", r"lib(c|pthread)\.so|ld-"), ("anonymous: heap, stacks, data", "anonymous"))
OTHER = "other libraries, and files"


def resident_table(measured):
    """What the RSS of an idle one is of."""
    sums = {}
    for name in DEVICES:
        held = [one["few"]["idle"]["resident"] for one in measured.of(target=name) if "few" in one]
        if held:
            sums[name] = collections.Counter()
            for file, kib in held[0].items():
                row = next((row for row, pattern in RESIDENT if re.match(pattern, file)), OTHER)
                sums[name][row] += kib
    rows = [row for row, _ in RESIDENT]
    rows.insert(3, OTHER)
    return table(["RSS idle, KiB, of one run", *sums],
                 [*[[row, *[number(sums[name][row], 0) for name in sums]] for row in rows],
                  ["all", *[number(sum(sums[name].values()), 0) for name in sums]]])


OPERATIONS = {"search": ("a search for root devices", "0"), "search_type": ("a search for a type", "0"),
              "get": ("GET description", "0"), "soap": ("SOAP GetStatus", "a handful"),
              "event": ("an event, each of 100 subscribers", "a handful")}


def allocation_table(results):
    alone, live = (_first_numbers(results / name) for name in ("hot_paths.txt", "live_allocations.txt"))
    if "event" in alone:
        alone["event"] /= EVENT_SUBSCRIBERS
    rows = [[title, *[number(of[name], 1) if name in of else "-" for of in (alone, live)], aim]
            for name, (title, aim) in OPERATIONS.items()]
    return table(["allocations of", "the core alone", "a whole light, with its sockets", "aim"], rows)


def core_table(results):
    try:
        read = json.loads((results / "core_bench.json").read_text())
    except (OSError, ValueError):
        return ["Google Benchmark is not installed, or time was out: the core was not measured by it."]
    times = collections.defaultdict(list)
    for one in read["benchmarks"]:
        if one["run_type"] == "iteration":
            times[tuple(one["run_name"].split("/"))].append(one["cpu_time"])
    rows = [[name.replace("_", " for a ") if name.startswith("search_") else name, f"{int(embedded):,}",
             f"{int(subscribers):,}", spread([each / 1000 for each in values], 2)]
            for (name, embedded, subscribers), values in times.items()]
    return table(["path of the core", "embedded devices", "subscribers", "processor time of a turn, us"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=pathlib.Path)
    results = parser.parse_args().results
    found, growth = (Measured(results / f"{name}.json") for name in ("side_by_side", "growth"))
    rounds = max(found.rounds(), growth.rounds())
    parts = {"machine": [*machine(), f"Medians of {rounds} interleaved rounds (least..greatest); a number without a range "
                         "is what all of them gave, or the only one." if rounds > 1 else "One run of each.",
                         *gaps({"side by side": found, "growth and memory": growth})]}
    if found.found:
        cost_table, bars = costs(found)
        parts["side_by_side"] = list(cost_table)
        if bars:
            (results / "side_by_side.svg").write_text(charts.bars("Processor time of the server for each operation, us",
                                                                  bars))
        parts["losses"] = [*losses(found), *refusals(found)]
    if growth.values("few"):
        parts["memory"] = list(memory_table(growth, results))
        parts["resident"] = list(resident_table(growth))
    if growth.of(growth="embedded"):
        parts["growth"] = list(growth_tables(growth))[:-1]
        if curves := growth_curves(growth):
            (results / "growth.svg").write_text(charts.curves(curves))
    parts["allocations"] = list(allocation_table(results))
    parts["core"] = list(core_table(results))
    lines = []
    for name, part in parts.items():
        lines += [f"<!-- {name} -->", *part, f"<!-- end of {name} -->", ""]
    (results / "report.md").write_text("\n".join(lines))
    print(f"{results / 'report.md'}")


if __name__ == "__main__":
    main()
