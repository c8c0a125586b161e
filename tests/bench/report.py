# SPDX-License-Identifier: BSL-1.0
"""report.py RESULTS

What side_by_side.py, growth.py and hot_path found, as RESULTS/report.md with the charts beside it.
"""

import argparse
import collections
import json
import pathlib
import platform
import statistics
import subprocess

import charts
from side_by_side import CASES, DEVICES

PACKAGES = ("libupnp13", "libgupnp-1.6-0", "libboost1.81-dev", "libpugixml1v5")


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
    return [f"{cores} cores of {cpu}, Linux {platform.release()}; {', '.join(compiler)}; {', '.join(versions)}.",
            f"Commit {commit}, preset `bench` (`-O3`, hardened)."]


def table(head, rows):
    """Of text; the first column is text, the others numbers."""
    yield "| " + " | ".join(head) + " |"
    yield "|---|" + "--:|" * (len(head) - 1)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def number(value, digits=1):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.{digits}f}"


def spread(values):
    """Median, and the least and greatest if there are several."""
    if not values:
        return "-"
    if len(values) == 1:
        return number(values[0])
    return f"{number(statistics.median(values))} ({number(min(values))}..{number(max(values))})"


class Found:
    """All that was measured, by case and target."""

    def __init__(self, measurements):
        self._all = collections.defaultdict(list)
        for one in measurements:
            self._all[one["case"], one["target"]].append(one)

    def values(self, case, target, key):
        return [one[key] for one in self._all[case, target] if key in one]

    def median(self, case, target, key):
        values = self.values(case, target, key)
        return statistics.median(values) if values else None

    def rounds(self):
        return max(len(values) for values in self._all.values())


def costs(found):
    """The main table, and what the bars show."""
    rows, bars = [], []
    for case in CASES:
        if case.aim is None:
            continue
        key = "server_us_per_op"
        floor, ours = found.median(case.name, case.floor, key), found.median(case.name, "onlink", key)
        if not floor or not ours:
            continue
        ratios = [a / b for a, b in zip(found.values(case.name, "onlink", key), found.values(case.name, case.floor, key))]
        ratio = statistics.median(ratios)
        peers = [found.values(case.name, name, key) for name in DEVICES[1:]]
        rows.append([case.title, spread(found.values(case.name, case.floor, key)),
                     spread(found.values(case.name, "onlink", key)), f"{ratio:.2f}", f"{case.aim:g}",
                     "yes" if ratio <= case.aim else "no", *map(spread, peers),
                     *[f"{statistics.median(values) / ours:.1f}" if values else "-" for values in peers]])
        named = {"floor": floor, "onlink": ours}
        named.update({name: found.median(case.name, name, key) for name in DEVICES[1:]
                      if found.median(case.name, name, key)})
        bars.append((case.title, named))
    head = ["operation", "floor", "onlink", "times the floor", "aim", "reached", *DEVICES[1:],
            *[f"{name} / onlink" for name in DEVICES[1:]]]
    return table(head, rows), bars


def losses(found):
    """What is not a cost: what failed, was lost, or came late."""
    def cell(case, target, *keys):
        parts = []
        for key, what in keys:
            value = found.median(case, target, key)
            if value or (value is not None and key != "last_p50_us"): # 0 us: none has come
                parts.append(what.format(number(value, 0)))
        return ", ".join(parts) or "-"

    wanted = [("soap_200", "200 connections of SOAP", [("ok", "{} answered"), ("failed", "{} failed")]),
              ("events_1000", "NOTIFY to 1,000 subscribers, 5,000 in all", [("lost", "{} lost")]),
              ("hung_0", "last of 20 healthy subscribers", [("last_p50_us", "{} us"), ("lost", "{} lost")]),
              ("hung_20", "the same with 20 hung ones", [("last_p50_us", "{} us"), ("lost", "{} lost")]),
              ("silent_100", "100 silent connections: GETs of another host, of 10", [("answered", "{} answered")])]
    targets = (*DEVICES, "onlink, defaults")
    return table(["", *targets], [[title, *[cell(case, target, *keys) for target in targets]]
                                  for case, title, keys in wanted])


def growth_tables(growth):
    yield from table(["embedded devices", "start, ms", "ssdp:all, us an answer", "answers", "SOAP to the last, us",
                      "GET description, us", "its bytes"],
                     [[f"{int(count):,}", number(v["start_ms"]), number(v["search_us_per_answer"]), number(v["answers"], 0),
                       number(v["soap_us"]), number(v["get_us"]), number(v["description_bytes"], 0)]
                      for count, v in growth["embedded"].items()])
    yield ""
    yield from table(["subscriptions", "NOTIFY, us", "lost"],
                     [[f"{int(count):,}", number(v["notify_us"]), number(v["lost"], 0)]
                      for count, v in growth["subscriptions"].items()])
    yield ""
    yield from table(["connections", "SOAP, us", "failed"],
                     [[f"{int(count):,}", number(v["soap_us"]), number(v["failed"], 0)]
                      for count, v in growth["connections"].items()])


def growth_curves(growth):
    def line(of, key):
        return [(int(count), v[key]) for count, v in growth[of].items() if v[key]]

    return [("cost by embedded devices, us", {"ssdp:all, an answer": line("embedded", "search_us_per_answer"),
                                              "SOAP to the last": line("embedded", "soap_us")}),
            ("cost of a NOTIFY by subscriptions, us", {"NOTIFY": line("subscriptions", "notify_us")}),
            ("cost of a call by connections, us", {"SOAP": line("connections", "soap_us")})]


def memory_table(memory):
    def each(held):
        few, many = held
        return number((many["anonymous_kib"] - few["anonymous_kib"]) / (many["count"] - few["count"]), 2)

    rows = []
    for name, kinds in memory.items():
        idle = kinds["connections"][0]["idle"]
        rows.append([name, number(idle["rss_kib"], 0), number(idle["anonymous_kib"], 0), number(idle["threads"], 0),
                     *[each(held) for held in kinds.values()]])
    return table(["", "RSS idle, KiB", "anonymous, KiB", "threads", "an idle connection, KiB", "a subscription, KiB",
                  "the same with its connection kept, KiB"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=pathlib.Path)
    results = parser.parse_args().results
    found = Found(json.loads((results / "side_by_side.json").read_text()))
    growth = json.loads((results / "growth.json").read_text())
    memory = json.loads((results / "memory.json").read_text())
    cost_table, bars = costs(found)
    (results / "side_by_side.svg").write_text(charts.bars("Processor time of the server for each operation, us", bars))
    (results / "growth.svg").write_text(charts.curves(growth_curves(growth)))
    hot_paths = (results / "hot_paths.txt").read_text().splitlines()
    lines = [*machine(), f"Medians of {found.rounds()} rounds (least..greatest).", "", "### Side by side", "",
             *cost_table, "", *losses(found), "", "### Growth", "", *growth_tables(growth), "", "### Memory", "",
             *memory_table(memory), "", "### Allocations", "", *[f"- {line}" for line in hot_paths], ""]
    (results / "report.md").write_text("\n".join(lines))
    print(f"{results / 'report.md'}")


if __name__ == "__main__":
    main()
