# SPDX-License-Identifier: BSL-1.0
"""docs/conformance.md and docs/hardening.md say which test shows what. This test holds them to it.

usage: conformance.py SOURCE_DIR BUILD_DIR [CTEST]
Lists everything that is wrong at once.
"""

import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

# The last number of each family.
FAMILIES = {"VER": 12, "SSDP": 62, "IP": 33, "DESC": 82, "TYPE": 43, "CTRL": 22, "GENA": 47, "MCEV": 13}
STATUSES = ("yes", "partly", "not yet", "host system", "application", "not applicable")
STRENGTHS = ("MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY", "DERIVED", "ADVICE")
SHOWN = ("yes", "partly")
THREATS = ("threat", "what befell whom")  # the heads of the tables of hardening.md

# Numbers that the families leave out, between their sections.
GAPS = {"DESC": {*range(57, 60), *range(77, 80)}, "TYPE": {29, *range(33, 40)}, "GENA": {*range(25, 30)}}

Row = collections.namedtuple("Row", "line cells")


def tables(page):
    """The tables of a Markdown page, each as (heading above it, head cells, rows)."""
    found, heading, inside = [], "", False
    for number, line in enumerate(page.splitlines(), start=1):
        if not line.startswith("|"):
            inside = False
            if line.startswith("#"):
                heading = line.lstrip("# ")
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not inside:
            found.append((heading, cells, []))
            inside = True
        elif not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            found[-1][2].append(Row(number, cells))
    return found


def names_in(cell):
    return re.findall(r"`([^`]+)`", cell)


class Tests:
    """What ctest knows."""

    def __init__(self, listing):
        self.names, self.disabled, self.programs = set(), set(), set()
        for test in listing["tests"]:
            name = test["name"].partition("  # GetParam")[0]  # which CMake leaves in
            if name.endswith("_NOT_BUILT"):
                self.programs.add(name.removesuffix("_NOT_BUILT"))
                continue
            self.names.add(name)
            if any(p["name"] == "DISABLED" and p["value"] for p in test.get("properties", [])):
                self.disabled.add(name)

    def complaints(self, where, names):
        for name in names:
            if name not in self.names:
                yield f"{where}: there is no test {name}"
            elif name in self.disabled:
                yield f"{where}: the test {name} is disabled"


def check_row(row, family, tests):
    """What is wrong with one row of a requirement."""
    where = f"conformance.md:{row.line}"
    if len(row.cells) != 5:
        yield f"{where}: {len(row.cells)} cells instead of 5"
        return
    identity, strength, rule, status, shown_by = row.cells
    where += f" {identity}"
    if not re.fullmatch(family + r"-\d\d", identity):
        yield f"{where}: no ID of the section {family}"
    if strength not in STRENGTHS:
        yield f"{where}: unknown strength {strength!r}"
    if status not in STATUSES:
        yield f"{where}: unknown status {status!r}"
    if status == "partly" and "Missing:" not in rule:
        yield f"{where}: partly, and does not say what is missing"
    if status == "not applicable" and "Why:" not in rule:
        yield f"{where}: not applicable, and does not say why"
    names = names_in(shown_by)
    if status in SHOWN and not names:
        yield f"{where}: {status}, and names no test"
    leftover = re.sub(r"`[^`]+`|[,\s]", "", shown_by)
    if leftover:
        yield f"{where}: {leftover!r} among the tests"
    yield from tests.complaints(where, names)


def check_numbers(family, identities):
    """Each number once, in order, and none lost."""
    numbers = [int(identity.rpartition("-")[2]) for identity in identities if re.fullmatch(r"\w+-\d\d", identity)]
    for number, times in collections.Counter(numbers).items():
        if times > 1:
            yield f"conformance.md: {family}-{number:02} is listed {times} times"
    if numbers != sorted(numbers):
        yield f"conformance.md: the rows of {family} are not in order"
    expected = set(range(1, FAMILIES[family] + 1)) - GAPS.get(family, set())
    yield from (f"conformance.md: {family}-{number:02} is not listed" for number in sorted(expected - set(numbers)))
    yield from (f"conformance.md: there is no {family}-{number:02}" for number in sorted(set(numbers) - expected))


def table_of_counts(statuses):
    """The table of the head, from the statuses of each family."""
    lines = [["section", *STATUSES, "all"], ["---", *["--:"] * (len(STATUSES) + 1)]]
    total = collections.Counter()
    for family in FAMILIES:
        of_family = collections.Counter(statuses[family])
        total += of_family
        lines.append([family, *(str(of_family[s]) for s in STATUSES), str(sum(of_family.values()))])
    lines.append(["all", *(str(total[s]) for s in STATUSES), str(sum(total.values()))])
    return ["| " + " | ".join(cells) + " |" for cells in lines]


def check_conformance(page, tests):
    identities, statuses = collections.defaultdict(list), collections.defaultdict(list)
    for heading, head, rows in tables(page):
        if head[0] != "ID":
            continue
        family = heading.partition(":")[0]
        if family not in FAMILIES:
            yield f"conformance.md: a table of requirements under the heading {heading!r}"
            continue
        for row in rows:
            yield from check_row(row, family, tests)
            identities[family].append(row.cells[0])
            statuses[family].append(row.cells[3] if len(row.cells) > 3 else "")
    for family in FAMILIES:
        yield from check_numbers(family, identities[family])

    counts = table_of_counts(statuses)
    if "\n".join(counts) not in page:
        yield "conformance.md: the counts in the head should be\n    " + "\n    ".join(counts)

    listed = {identity for family in identities.values() for identity in family}
    for name in sorted(tests.names):
        for family, number in re.findall(rf"(?<![A-Z0-9])({'|'.join(FAMILIES)})_(\d\d)(?!\d)", name):
            if f"{family}-{number}" not in listed:
                yield f"the test {name} names {family}-{number}, which conformance.md does not list"


def check_hardening(page, tests):
    threats = [(head, row) for _, head, rows in tables(page) if head[0] in THREATS for row in rows]
    if not threats:
        yield "hardening.md: no threats are listed"
    for head, row in threats:
        where = f"hardening.md:{row.line}"
        names = names_in(row.cells[-1])
        if len(row.cells) != len(head) or not names:
            yield f"{where}: no test is named for {row.cells[0]!r}"
        else:
            yield from tests.complaints(where, names)


def list_tests(build, ctest):
    # From a directory of its own: even to list tests, ctest empties LastTest.log, into which the ctest that runs us writes.
    with tempfile.TemporaryDirectory() as outside:
        pathlib.Path(outside, "CTestTestfile.cmake").write_text(f'subdirs("{build.resolve().as_posix()}")\n')
        listing = subprocess.run([ctest, "--show-only=json-v1", "--test-dir", outside], check=True, stdout=subprocess.PIPE)
    return json.loads(listing.stdout)


def main():
    source, build = map(pathlib.Path, sys.argv[1:3])
    ctest = sys.argv[3] if len(sys.argv) > 3 else "ctest"
    tests = Tests(list_tests(build, ctest))
    if tests.programs:
        sys.exit(f"not built, so their tests are not known: {', '.join(sorted(tests.programs))}")

    docs = source / "docs"
    complaints = [*check_conformance((docs / "conformance.md").read_text(encoding="utf-8"), tests),
                  *check_hardening((docs / "hardening.md").read_text(encoding="utf-8"), tests)]
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
