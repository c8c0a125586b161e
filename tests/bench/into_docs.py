# SPDX-License-Identifier: BSL-1.0
"""into_docs.py

Puts what was measured last into docs/performance.md, with the charts: of run, size and instructions, whichever are
there. What is replaced stands there between <!-- NAME --> and <!-- end of NAME -->; the words around it are written by
hand, and may have to follow.
"""

import pathlib
import re
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/performance.md"
REPORTS = ("build/bench/results/report.md", "build/small/size.md", "build/instructions/instructions.md")
CHARTS = ("side_by_side.svg", "growth.svg")
PART = re.compile(r"<!-- (\w+) -->\n(.*?)<!-- end of \1 -->\n", re.DOTALL)


def main():
    if len(sys.argv) > 1:
        raise SystemExit(__doc__.strip())
    page = PAGE.read_text()
    for report in map(ROOT.joinpath, REPORTS):
        if not report.exists():
            print(f"{report.relative_to(ROOT)} is not there: its parts stay as they are")
            continue
        for part in PART.finditer(report.read_text()):
            begin, end = f"<!-- {part[1]} -->\n", f"<!-- end of {part[1]} -->\n"
            if begin not in page or end not in page:
                print(f"{PAGE.relative_to(ROOT)} has no place for {part[1]}")
                continue
            before, rest = page.split(begin, 1)
            page = before + part[0] + rest.split(end, 1)[1]
    PAGE.write_text(page)
    for chart in CHARTS:
        drawn = ROOT / "build/bench/results" / chart
        if drawn.exists():
            shutil.copy(drawn, ROOT / "docs/images" / chart)


if __name__ == "__main__":
    main()
