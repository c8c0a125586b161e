# SPDX-License-Identifier: BSL-1.0
"""growth.py BUILD RESULTS [--rounds N] [--seconds S] [--until TIME]

What an operation costs onlink as there are more of everything, and what a connection and a subscription cost in memory,
beside the peers; round after round, until they are done or TIME has come (seconds since 1970). Writes RESULTS/growth.json:
what each measurement gave, and which are missing.
"""

import argparse
import pathlib
import threading
import time

from targets import CONTROL_POINT, DEVICES, Bench, Target, carry_out


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


def of_subscriptions(bench, count, _):
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
    late = threading.Timer(min(60, bench.left()), load.kill)
    late.start()
    try:
        held = load.stdout.readline()
        bench.left()
        if not held:
            raise OSError("nothing was held")
        time.sleep(0.5)
        return {**target.memory(), "held": held.strip()}
    finally:
        late.cancel()
        load.kill()
        load.wait()
        load.stdout.close()


HELD = {"connections": ("hold-connections", "location"),
        "subscriptions": ("hold-subscriptions", "event_url", "--listen", CONTROL_POINT, "--close"),
        "subscriptions with connections": ("hold-subscriptions", "event_url", "--listen", CONTROL_POINT)}


def memory_of(bench, name, what):
    """Few and many of each: what comes with the first few of them is no cost of one more."""
    command, url, *more = HELD[what]
    found = []
    for count in (500, 1500) if name == "onlink" else (50, 150):
        with Target(bench, name) as target:
            time.sleep(1)
            idle = {**target.memory(), "resident": target.resident()}
            held = hold(bench, target, command, getattr(target, url), *more, "--count", count, "--seconds", 10)
            found.append({**held, "idle": idle, "count": count})
    (few, many), key = found, "anonymous_kib"
    return {"few": few, "many": many, "kib_each": (many[key] - few[key]) / (many["count"] - few["count"])}


GROWTH = {"embedded": of_embedded, "connections": of_connections, "subscriptions": of_subscriptions}


def plan_for(bench, rounds):
    for number in range(rounds):
        for what, counts in {"embedded": (1, 10, 100, 1000), "connections": (1, 10, 100, 1000),
                             "subscriptions": (1, 10, 100, 1000, 10000)}.items():
            for count in counts:
                yield {"round": number, "growth": what, "count": count}
        for name in filter(bench.has, DEVICES):
            for what in HELD:
                yield {"round": number, "memory": what, "target": name}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build")
    parser.add_argument("results", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--until", type=float)
    given = parser.parse_args()
    with Bench(given.build, given.until) as bench:
        def measured(item):
            if "growth" in item:
                return GROWTH[item["growth"]](bench, item["count"], given.seconds)
            return memory_of(bench, item["target"], item["memory"])

        for one in carry_out(plan_for(bench, given.rounds), measured, given.results / "growth.json"):
            print({key: value for key, value in one.items() if key not in ("few", "many")}, flush=True)


if __name__ == "__main__":
    main()
