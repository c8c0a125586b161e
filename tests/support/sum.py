# SPDX-License-Identifier: BSL-1.0
"""Adds up what ctest reports: sum.py RUN...

A run is RUN.xml, its JUnit report, and RUN.json, what `ctest --show-only=json-v1` says of the same tests. Prints every
skipped and every failed test, a table by label, and one last line. Exits with 1 if a test failed, if none ran, or, with
ONLINK_REQUIRE_ALL=1, if one was skipped.
"""

import collections
import json
import os
import pathlib
import re
import sys
import xml.etree.ElementTree as xml

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"

Test = collections.namedtuple("Test", "run name label result why")


def read(run):
    """The tests of one run of ctest."""
    labels = read_labels(f"{run}.json")
    for case in xml.parse(f"{run}.xml").iter("testcase"):
        name = case.get("name")
        yield Test(pathlib.Path(run).name, name, labels.get(name, "(no label)"), *result_of(case))


def read_labels(path):
    """The first label of each test."""
    with open(path) as file:
        tests = json.load(file)["tests"]
    return {test["name"]: property["value"][0]
            for test in tests for property in test["properties"] if property["name"] == "LABELS"}


def result_of(case):
    output = case.findtext("system-out", "")
    status, skipped = case.get("status"), case.find("skipped")
    if status == "run":
        return PASSED, ""
    if status == "fail":
        return FAILED, ""
    # ctest says "notrun" both of a test that skipped itself and of one whose program is missing.
    if skipped is not None and re.match(r"SKIP_(RETURN_CODE|REGULAR_EXPRESSION)", skipped.get("message", "")):
        return SKIPPED, reason(output)
    if status == "disabled":
        return SKIPPED, "disabled in CMake"
    return FAILED, skipped.get("message", "") if skipped is not None else f"status {status}"


def reason(output):
    """What the program itself says: our scripts "SKIP: ...", GoogleTest the line after "Skipped"."""
    said = re.search(r"^SKIP: (.*)$", output, re.MULTILINE) or re.search(r"^.*: Skipped\n(.*)$", output, re.MULTILINE)
    return said[1] if said else "no reason given"


def print_each(tests, result):
    for test in tests:
        if test.result == result:
            print(f"{result.upper()}: {test.name} ({test.run})" + (f": {test.why}" if test.why else ""))


def print_table(tests):
    counts = collections.Counter((test.run, test.label, test.result) for test in tests)
    rows = list(dict.fromkeys((test.run, test.label) for test in tests))
    print(f"{'run':10} {'label':14} {PASSED:>7} {FAILED:>7} {SKIPPED:>7}")
    for run, label in rows:
        numbers = (counts[run, label, result] for result in (PASSED, FAILED, SKIPPED))
        print(f"{run:10} {label:14} " + " ".join(f"{number:7}" for number in numbers))


def main():
    tests = [test for run in sys.argv[1:] for test in read(run)]
    failed = sum(test.result == FAILED for test in tests)
    skipped = sum(test.result == SKIPPED for test in tests)
    print_each(tests, SKIPPED)
    print_each(tests, FAILED)
    print_table(tests)
    if failed or not tests:
        print(f"tests/run: FAILED ({failed} of {len(tests)} tests, {skipped} skipped)")
        return 1
    if skipped and os.environ.get("ONLINK_REQUIRE_ALL") == "1":
        print(f"tests/run: FAILED ({skipped} of {len(tests)} tests skipped, and ONLINK_REQUIRE_ALL=1)")
        return 1
    print(f"tests/run: OK ({len(tests)} tests, {skipped} skipped)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
