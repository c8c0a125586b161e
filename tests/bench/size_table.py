# SPDX-License-Identifier: BSL-1.0
"""size_table.py SOURCES UNSTRIPPED PROGRAM...

The size of each PROGRAM with the shared libraries it brings, as Markdown; the first is the one that is to be below
AIM. Below it where its bytes are, by folder: UNSTRIPPED is the same with line information (-g1). See size.
"""

import bisect
import collections
import os
import re
import subprocess
import sys

AIM = 500_000  # bytes of text

FOLDERS = ("base", "model", "xml", "url", "http", "ssdp", "description", "control", "eventing", "host", "net",
           "netlink")
PUBLIC = "public headers"
NO_FOLDER = "onlink, no file known"
PROGRAM = "the program itself"
ASIO, BEAST, URL, BOOST = "Boost.Asio", "Boost.Beast", "Boost.URL", "Boost, other"
STD, PUGIXML = "std templates", "pugixml"
LITERALS = "texts, jump tables and padding"
LINKING = "dynamic linking and C runtime"
ROWS = (*FOLDERS, PUBLIC, NO_FOLDER, PROGRAM, ASIO, BEAST, URL, BOOST, STD, PUGIXML, LITERALS, LINKING)

BY_PATH = (("/boost/asio/", ASIO), ("/boost/beast/", BEAST), ("/boost/url/", URL), ("/boost/", BOOST),
           ("/pugi", PUGIXML), ("/c++/", STD))
BY_NAME = (("boost::asio::", ASIO), ("boost::beast::", BEAST), ("boost::urls::", URL), ("boost::", BOOST),
           ("pugi::", PUGIXML), ("std::", STD), ("__gnu_cxx::", STD))

CODE, CONSTANTS, UNWINDING, RELOCATIONS, DATA, BSS = COLUMNS = range(6)
# What every C++ program has.
SYSTEM = re.compile(r"lib(c|m|stdc\+\+|gcc_s|pthread|dl|rt|atomic)\.so|ld-linux|ld-musl|linux-vdso")


def said_by(*command, given=None):
    return subprocess.run(command, input=given, check=True, capture_output=True, text=True,
                          env={**os.environ, "LC_ALL": "C"}).stdout


def plain_name(name):
    """The qualified name that a demangled one is about, e.g. of the class of a vtable."""
    name = re.sub(r"^(vtable|VTT|typeinfo name|typeinfo|guard variable|construction vtable|non-virtual thunk|"
                  r"virtual thunk)( for| to) ", "", name)
    bare, depth = "", 0
    for c in name.replace("(anonymous namespace)::", "").replace("operator<", "operator").replace("->", ""):
        depth += c in "<(["
        if depth == 0:
            bare += c
        depth -= c in ">)]"
    return bare.split(" [clone")[0].removesuffix(" const").strip().split(" ")[-1]


class Parts:
    """Ranges of addresses and the row each belongs to."""

    def __init__(self):
        self.ranges = []

    def add(self, start, size, row):
        self.ranges.append((start, start + size, row))

    def done(self):
        self.ranges.sort()
        self.starts = [start for start, _, _ in self.ranges]

    def at(self, address):
        i = bisect.bisect_right(self.starts, address) - 1
        if i >= 0 and self.ranges[i][0] <= address < self.ranges[i][1]:
            return self.ranges[i][2]
        return None


class Program:
    def __init__(self, path, sources):
        self.path, self.sources = path, os.path.realpath(sources)
        self.bytes = collections.Counter()  # by row and column
        self.sections = {}
        for line in said_by("readelf", "-SW", path).splitlines():
            found = re.match(r" *\[ *\d+\] (\.\S+) +(\S+) +(\w{16}) (\w+) (\w+) \w+ +(\w*)", line)
            if found and "A" in found[6]:
                self.sections[found[1]] = (int(found[3], 16), int(found[5], 16), found[2], found[6])
        self.symbols = self.read_symbols()
        self.parts = Parts()
        self.attribute()

    def read_symbols(self):
        """Start, size, kind and name; one for each address."""
        lines = said_by("nm", "-nS", "--defined-only", self.path).splitlines()
        fields = [line.split(" ", 3) for line in lines if len(line.split(" ", 3)) == 4]
        names = said_by("c++filt", given="\n".join(f[3] for f in fields)).splitlines()
        symbols = {}
        for (start, size, kind, _), name in zip(fields, names):
            if int(size, 16):
                symbols.setdefault(int(start, 16), (int(size, 16), kind, name))
        return [(start, *rest) for start, rest in sorted(symbols.items())]

    def row_of_path(self, path):
        if path.startswith(self.sources + "/"):
            inside = path[len(self.sources) + 1:]
            folder = re.match(r"src/(\w+)/", inside)
            if folder and folder[1] in FOLDERS:
                return folder[1]
            if re.match(r"(include|build/[^/]*/include)/", inside):
                return PUBLIC
            return PROGRAM if re.match(r"(tests|examples)/", inside) else None
        return next((row for part, row in BY_PATH if part in path), None)

    @staticmethod
    def row_of_library(name):
        return next((row for start, row in BY_NAME if name.startswith(start)), None)

    @staticmethod
    def row_of_class(name, homes):
        """Where most of the functions of that class are."""
        scopes = name.split("::")
        while len(scopes) > 1 or scopes[0] != "onlink":
            if home := homes.get("::".join(scopes)):
                return home.most_common(1)[0][0]
            scopes.pop()
            if not scopes:
                return None
        return NO_FOLDER

    def attribute(self):
        """By name where that says which library it is, else by file. What was inlined counts where it is."""
        functions = [s for s in self.symbols if s[2] in "tTwWiu"]
        asked = "\n".join(hex(start) for start, *_ in functions)
        places = said_by("addr2line", "-e", self.path, given=asked).splitlines()
        homes = collections.defaultdict(collections.Counter)
        rows = {}
        for (start, _, _, name), place in zip(functions, places):
            plain = plain_name(name)
            row = self.row_of_library(plain) or self.row_of_path(os.path.normpath(place.rsplit(":", 1)[0]))
            if plain.startswith("onlink::") and row not in (*FOLDERS, PUBLIC):
                continue  # its first line is of something inlined
            rows[start] = row
            if row in (*FOLDERS, PUBLIC):
                scopes = plain.split("::")
                for most in range(1, len(scopes) + 1):
                    homes["::".join(scopes[:most])][row] += 1
        del homes["onlink"]
        for start, size, _, name in self.symbols:
            plain = plain_name(name)
            row = rows.get(start) or self.row_of_library(plain) or self.row_of_class(plain, homes)
            self.parts.add(start, size, row or LINKING)
        self.parts.done()
        self.count()

    def count(self):
        all_unwinding = all_relocations = 0
        unwinding = self.unwinding()
        relocations = self.relocations()
        for name, (start, size, kind, flags) in self.sections.items():
            if ".eh_frame" in name or name == ".gcc_except_table":
                all_unwinding += size
            elif name == ".rela.dyn":
                all_relocations += size
            else:
                column = BSS if kind == "NOBITS" else DATA if "W" in flags else CODE if "X" in flags else CONSTANTS
                self.count_section(name, start, size, column)
        for row, size in unwinding.items():
            self.bytes[row, UNWINDING] += size
        for row, size in relocations.items():
            self.bytes[row, RELOCATIONS] += size
        self.bytes[LINKING, UNWINDING] += all_unwinding - sum(unwinding.values())
        self.bytes[LINKING, RELOCATIONS] += all_relocations - sum(relocations.values())

    def count_section(self, name, start, size, column):
        known = 0
        first = bisect.bisect_left(self.parts.starts, start)
        end = start
        for begin, finish, row in self.parts.ranges[first:]:
            if begin >= start + size:
                break
            begin = max(begin, end)  # symbols may lie in one another
            finish = min(finish, start + size)
            if finish > begin:
                self.bytes[row, column] += finish - begin
                known += finish - begin
                end = finish
        rest = LITERALS if name in (".rodata", ".text", ".data.rel.ro", ".data", ".bss") else LINKING
        self.bytes[rest, column] += size - known

    def unwinding(self):
        """.eh_frame with its index and .gcc_except_table: each entry goes with its function."""
        rows = collections.Counter()
        frame = self.sections[".eh_frame"][0]
        encodings, tables = {}, []
        entry = None
        for line in said_by("readelf", "--debug-dump=frames", self.path).splitlines():
            found = re.match(r"(\w+) (\w+) \w+ (CIE|FDE)(?: cie=(\w+) pc=(\w+))?", line)
            if found:
                offset, length, kind = int(found[1], 16), int(found[2], 16), found[3]
                entry = (offset, kind, found[4])
                if kind == "CIE":
                    continue
                row = self.parts.at(int(found[5], 16)) or LINKING
                rows[row] += length + 4 + 8
                entry = (offset, kind, found[4], row)
                continue
            data = re.match(r"  Augmentation data: +([\w ]+)", line)
            if not data or not entry:
                continue
            values = bytes(int(b, 16) for b in data[1].split())
            if entry[1] == "CIE":
                encodings[f"{entry[0]:08x}"] = values[-2] if len(values) > 2 else None
            elif (encoding := encodings.get(entry[2])) is not None and len(values) == 4:
                at = int.from_bytes(values, "little", signed=True)
                if at:  # it has a table: relative to where this is written, or absolute
                    tables.append((at + (frame + entry[0] + 17 if encoding & 0x10 else 0), entry[3]))
        if ".gcc_except_table" in self.sections:
            start, size, *_ = self.sections[".gcc_except_table"]
            tables = sorted(t for t in tables if start <= t[0] < start + size)
            for (at, row), after in zip(tables, [t[0] for t in tables[1:]] + [start + size]):
                rows[row] += after - at
        return rows

    def relocations(self):
        rows = collections.Counter()
        for line in said_by("readelf", "-rW", self.path).split(".rela.plt")[0].splitlines():
            if found := re.match(r"([0-9a-f]{12,16}) +[0-9a-f]{16} R_", line):
                rows[self.parts.at(int(found[1], 16)) or LINKING] += 24
        return rows


def number(n):
    return f"{n:,}" if n else ""


def print_table(program):
    print("| folder or library | code | constants | unwinding | relocations | text | data | bss |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    sums = [0] * 7
    for row in ROWS:
        values = [program.bytes[row, column] for column in COLUMNS]
        shown = [*values[:DATA], sum(values[:DATA]), *values[DATA:]]
        sums = [a + b for a, b in zip(sums, shown)]
        if any(shown):
            print(f"| {row} |", " | ".join(map(number, shown)), "|")
    print("| **all** |", " | ".join(map(number, sums)), "|")


def sizes(path):
    return [int(n) for n in said_by("size", path).splitlines()[1].split()[:3]]


def libraries_of(path):
    found = (re.match(r"\s*(\S+) => (/\S+)", line) for line in said_by("ldd", path).splitlines())
    return sorted(os.path.realpath(f[2]) for f in found if f and not SYSTEM.match(f[1]))


def print_programs(paths):
    print("| program, stripped | text | data | bss | file | libraries it brings | their text | their files |"
          " text, all | files, all |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for path in paths:
        libraries = libraries_of(path)
        text, data, bss = sizes(path)
        more = sum(sizes(library)[0] for library in libraries)
        size, files = os.path.getsize(path), sum(map(os.path.getsize, libraries))
        print(f"| {os.path.basename(path)} |", " | ".join(map(str, (
            f"{text:,}", f"{data:,}", f"{bss:,}", f"{size:,}", len(libraries), f"{more:,}", f"{files:,}",
            f"{text + more:,}", f"{size + files:,}"))), "|")
    print()
    first = paths[0]
    text = sizes(first)[0] + sum(sizes(library)[0] for library in libraries_of(first))
    commit = said_by("git", "describe", "--always", "--dirty= with changes").strip()
    compiler = said_by("c++", "--version").splitlines()[0]
    print(f"Commit {commit}, {compiler}. The aim is less than {AIM:,} bytes of text: "
          f"{'reached' if text < AIM else 'not reached'} ({text:,}).")
    print()
    for path in paths:
        if libraries := libraries_of(path):
            most = ", ".join(f"{os.path.basename(name)} {sizes(name)[0]:,}"
                             for name in sorted(libraries, key=lambda name: -sizes(name)[0])[:5])
            print(f"- {os.path.basename(path)} brings {most}{' and others' if len(libraries) > 5 else ''}")


def main():
    sources, unstripped, *programs = sys.argv[1:]
    print("<!-- programs -->")
    print_programs(programs)
    print("<!-- end of programs -->")
    print()
    print("<!-- folders -->")
    print_table(Program(unstripped, sources))
    print("<!-- end of folders -->")


if __name__ == "__main__":
    main()
