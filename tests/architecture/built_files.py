# SPDX-License-Identifier: BSL-1.0
"""Whether built files carry what ONLINK_HARDEN asks for: built_files.py BUILD_FOLDER LIBRARY [PROGRAM...]

Reads them with readelf, as anybody could who gets our binaries; and how they were compiled, as that does not show in each
function of them.
"""

import json
import pathlib
import re
import shlex
import subprocess
import sys

SOURCES = pathlib.Path(__file__).resolve().parents[2] / "src"

problems = []


def readelf(*options):
    return subprocess.run(["readelf", "--wide", *options], capture_output=True, text=True, check=True).stdout


def require(holds, file, what):
    if not holds:
        problems.append(f"{file}: {what}")


def is_x86(file):
    return "x86-64" in readelf("--file-header", file).lower()


def last_of(words, *beginnings):
    return next((word for word in reversed(words) if word.startswith(beginnings)), None)


def check_commands(folder, for_x86):
    """How each of our sources was compiled. The last of several words counts."""
    entries = [e for e in json.loads((folder / "compile_commands.json").read_text())
               if SOURCES in pathlib.Path(e["file"]).parents]
    require(entries, folder, "no source of ours is compiled here")
    for entry in entries:
        words, file = shlex.split(entry["command"]), entry["file"]
        wanted = {
            "-D_FORTIFY_SOURCE=3": ("-D_FORTIFY_SOURCE", "-U_FORTIFY_SOURCE"),
            "-D_GLIBCXX_ASSERTIONS": ("-D_GLIBCXX_ASSERTIONS", "-U_GLIBCXX_ASSERTIONS"),
            "-fstack-protector-strong": ("-fstack-protector", "-fno-stack-protector"),
        }
        if for_x86:
            wanted["-fcf-protection=full"] = ("-fcf-protection",)
            wanted["-fstack-clash-protection"] = ("-fstack-clash-protection", "-fno-stack-clash-protection")
        for word, others in wanted.items():
            require(last_of(words, *others) == word, file, f"compiled without {word}")
        require(last_of(words, "-O") not in (None, "-O0", "-Og"), file, "nothing is fortified without optimisation")


def check_code(file):
    """What the compiler does; in a library or a program."""
    symbols = readelf("--symbols", file)
    require("__stack_chk_fail" in symbols, file, "no stack protector")
    require(re.search(r"__\w+_chk\b", symbols.replace("__stack_chk", "")), file, "nothing is fortified")
    require("__glibcxx_assert_fail" in symbols, file, "the standard library does not check its arguments")


def check_archive(file):
    """Each object says that it has landing pads and a shadow stack; whether a program does is up to its start files."""
    if not is_x86(file):
        return
    notes = readelf("--notes", file)
    objects = re.findall(r"^File: (.*)$", notes, re.MULTILINE)
    with_both = len(re.findall(r"x86 feature: IBT, SHSTK", notes))
    require(objects and with_both == len(objects), file, f"{with_both} of {len(objects)} objects have -fcf-protection")


def check_linked(file):
    """What the linker does; in a shared library or a program."""
    segments = readelf("--program-headers", file)
    stack = re.search(r"GNU_STACK\s+(?:0x\w+\s+){5}(\w+)", segments)
    require(stack and "E" not in stack[1], file, "the stack is executable")
    require("GNU_RELRO" in segments, file, "no RELRO")
    require(not re.search(r"LOAD\s+(?:0x\w+\s+){5}RWE", segments), file, "memory to write and to execute")
    dynamic = readelf("--dynamic", file)
    require("BIND_NOW" in dynamic or re.search(r"FLAGS_1\).*NOW", dynamic), file, "symbols are bound late")
    require("Type:" in (header := readelf("--file-header", file)) and "DYN" in header, file,
            "not position-independent")
    require("TEXTREL" not in dynamic, file, "text is relocated")
    require("RPATH" not in dynamic and "RUNPATH" not in dynamic, file, "libraries are looked for in a fixed place")


build, library, *programs = sys.argv[1:]
check_commands(pathlib.Path(build), is_x86(library))
for name in (library, *programs):
    check_code(name)
if library.endswith(".a"):
    check_archive(library)
else:
    check_linked(library)
for name in programs:
    check_linked(name)
print("\n".join(problems) or f"{1 + len(programs)} files: as hard as they should be")
sys.exit(1 if problems else 0)
