# SPDX-License-Identifier: BSL-1.0
"""growth.py BUILD RESULTS [--seconds S]

What an operation costs onlink as there are more of everything, and what a connection and a subscription cost in memory,
beside the peers. Writes RESULTS/growth.json and RESULTS/memory.json.
"""

import argparse
import json
import pathlib
import time

from targets import CONTROL_POINT, Bench, Target


def of_embedded(bench, count, seconds):
    with Target(bench, "onlink", count) as target:
        searched = bench.run_load("msearch-burst", "239.255.255.250", 1900, "--from", CONTROL_POINT, "--mx", 1,
                                  "--searches", 10, "--rate", 10, "--st", "ssdp:all", "--grace", 3, "--pid", target.pid)
        called = bench.run_load("soap", target.control_url, "--connections", 8, "--seconds", seconds, "--pid", target.pid)
        got = bench.run_load("get", target.location, "--connections", 1, "--seconds", seconds, "--pid", target.pid)
        return {"start_ms": target.start_ms, "answers": searched["answers"],
                "search_us_per_answer": searched["server_us_per_op"] * searched["searches"] / max(searched["answers"], 1),
                "soap_us": called["server_us_per_op"], "get_us": got["server_us_per_op"],
                "description_bytes": got["bytes_per_op"], **target.memory()}


def of_subscriptions(bench, count):
    with Target(bench, "onlink") as target:
        events = max(3, min(100, 20000 // count))
        values = bench.run_load("events", target.event_url, "--control", target.control_url, "--listen", CONTROL_POINT,
                                "--timeout", 5, "--subscribers", count, "--events", events, "--pid", target.pid)
        return {"notify_us": values["server_us_per_op"], "lost": values["lost"],
                "subscribe_rate": values["subscribe_rate"], "last_p50_us": values["last_p50_us"], **target.memory()}


def of_connections(bench, count, seconds):
    with Target(bench, "onlink") as target:
        values = bench.run_load("soap", target.control_url, "--connections", count, "--seconds", seconds, "--pid",
                                target.pid)
        return {"soap_us": values["server_us_per_op"], "failed": values["failed"], "p99_us": values["p99_us"]}


def hold(bench, target, *words):
    """The memory of a target while the load holds something open."""
    load = bench.start_load(*words, stdout=-1, text=True)
    try:
        held = load.stdout.readline()
        time.sleep(0.5)
        return {**target.memory(), "held": held.strip()}
    finally:
        load.kill()
        load.wait()
        load.stdout.close()


def memory_of(bench, name):
    # Few and many of each: what comes with the first few of them is no cost of one more.
    few, many = (500, 1500) if name == "onlink" else (50, 150)
    found = {}
    for what, words in {
            "connections": ("hold-connections", "location"),
            "subscriptions": ("hold-subscriptions", "event_url", "--listen", CONTROL_POINT, "--close"),
            "subscriptions with connections": ("hold-subscriptions", "event_url", "--listen", CONTROL_POINT)}.items():
        command, url, *more = words
        found[what] = []
        for count in (few, many):
            with Target(bench, name) as target:
                time.sleep(1)
                idle = target.memory()
                held = hold(bench, target, command, getattr(target, url), *more, "--count", count, "--seconds", 10)
                found[what].append({**held, "idle": idle, "count": count})
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build")
    parser.add_argument("results", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=1)
    given = parser.parse_args()
    given.results.mkdir(parents=True, exist_ok=True)
    growth = {"embedded": {}, "subscriptions": {}, "connections": {}}
    with Bench(given.build) as bench:
        for count in (1, 10, 100, 1000):
            growth["embedded"][count] = of_embedded(bench, count, given.seconds)
            growth["connections"][count] = of_connections(bench, count, given.seconds)
            print(count, growth["embedded"][count], growth["connections"][count], flush=True)
        for count in (1, 10, 100, 1000, 10000):
            growth["subscriptions"][count] = of_subscriptions(bench, count)
            print(count, growth["subscriptions"][count], flush=True)
        (given.results / "growth.json").write_text(json.dumps(growth, indent=1))
        memory = {}
        for name in ("onlink", "libupnp", "gupnp"):
            if bench.has(name):
                memory[name] = memory_of(bench, name)
                print(name, memory[name], flush=True)
        (given.results / "memory.json").write_text(json.dumps(memory, indent=1))


if __name__ == "__main__":
    main()
