# SPDX-License-Identifier: BSL-1.0
"""Does what docs/tutorial.md says, in the order in which it says it: run.py PAGE PREFIX

PREFIX is where onlink is installed. Of each fenced block of the page,

- one of the kind `console` is typed into one shell: `$ ` begins a command, `> ` goes on with it, and the other lines are
  what it prints. `...` stands for any text there, alone on a line for any lines. A command that fails has to say so:
  `|| echo "exit $?"`. One that ends with `&` goes on, and has printed its lines within seconds;
- any other is a file, named by the line before it: "`NAME`:".

All of it happens in a folder of its own, on a host of its own: a network namespace with the interface eth0, address
192.168.20.5. Nothing is left over. Exits with 77 where the machine cannot do it.
"""

import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
SECONDS = 300.0  # of a command: some compile
SECONDS_BEHIND = 10.0  # until a program that goes on has printed its lines
MOST_OUTPUT = 1 << 20

NEEDS = ("unshare", "ip", "bash", "cmake", "ninja", "curl", "gssdp-discover", "patch", "chromium")
# IPv6 addresses come when they like; without, what is printed is always the same.
HOST = ("link set lo up", "link add eth0 type veth peer name cable", "link set eth0 addrgenmode none",
        "link set cable addrgenmode none", "link set cable up", "link set eth0 up",
        "address add 192.168.20.5/24 broadcast + dev eth0")


class Wrong(Exception):
    """A line of the page does not hold."""


class File:
    def __init__(self, line, name, text):
        self.line, self.name, self.text = line, name, text

    def do(self, shell):
        path = pathlib.Path(shell.folder, self.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text)


class Command:
    def __init__(self, line, text):
        self.line, self.text, self.expected = line, text, []

    def form(self):
        lines = (r"(?:.*\n)*?" if line == "..." else re.escape(line.rstrip()).replace(r"\.\.\.", ".*") + r"[ \t]*\n"
                 for line in self.expected)
        return re.compile("".join(lines))

    def do(self, shell):
        print(f"{self.line}: $ {self.text}", flush=True)
        form = self.form()
        status, printed = shell.run(self.text, SECONDS)
        behind = time.monotonic() + (SECONDS_BEHIND if self.text.endswith("&") else 0.0)
        while not form.fullmatch(printed) and time.monotonic() < behind:
            printed += shell.more(0.1)
        if status == 0 and form.fullmatch(printed):
            return
        said = "".join(f"    {line}\n" for line in printed.splitlines())
        wanted = "".join(f"    {line}\n" for line in self.expected)
        raise Wrong(f"line {self.line}: $ {self.text}\n  printed\n{said}  and should print\n{wanted}  status {status}")


def read(page):
    """The files and commands of the page, in its order."""
    steps, before, block = [], "", None
    for number, line in enumerate(page.splitlines(), start=1):
        if block is None and line.startswith("```"):
            block = (number, line[3:].strip(), before, [])
        elif block is None:
            before = line.strip() or before
        elif line == "```":
            steps += read_block(*block)
            block, before = None, ""
        else:
            block[3].append(line)
    if block:
        raise Wrong(f"line {block[0]}: a block that does not end")
    return steps


def read_block(number, kind, before, lines):
    if kind == "console":
        return read_console(number, lines)
    name = re.search(r"`([\w.-]+(?:/[\w.-]+)*)`:$", before)
    if not name:
        raise Wrong(f"line {number}: neither a console nor a file with its name before it")
    return [File(number, name[1], "".join(line + "\n" for line in lines))]


def read_console(number, lines):
    commands = []
    for offset, line in enumerate(lines, start=1):
        if line.startswith("$ "):
            commands.append(Command(number + offset, line[2:]))
        elif not commands:
            raise Wrong(f"line {number + offset}: an output without a command")
        elif line.startswith("> ") and not commands[-1].expected:
            commands[-1].text += "\n" + line[2:]
        else:
            commands[-1].expected.append(line)
    return commands


class Shell:
    """One bash for the whole page. Use as a context manager; at its end, everything that it started ends."""

    def __init__(self, prefix):
        self._prefix = prefix

    def __enter__(self):
        self._home = tempfile.TemporaryDirectory(prefix="onlink-tutorial-")
        self.folder = pathlib.Path(self._home.name, "light")
        self.folder.mkdir()
        environment = {**os.environ, "HOME": self._home.name, "LC_ALL": "C.UTF-8", "CMAKE_PREFIX_PATH": self._prefix}
        # Statuses come by a pipe of their own: among what is printed, a program that goes on could print in between.
        self._statuses, self._status_out = os.pipe()
        self._process = subprocess.Popen(["bash", "--norc"], cwd=self.folder, env=environment, stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
                                         pass_fds=[self._status_out])
        os.set_blocking(self._process.stdout.fileno(), False)
        return self

    def __exit__(self, *_):
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()
        os.close(self._statuses)
        os.close(self._status_out)
        self._home.cleanup()

    def run(self, command, seconds):
        """Its status and what was printed until it was done."""
        self._process.stdin.write(f"{command}\necho $? >&{self._status_out}\n".encode())
        self._process.stdin.flush()
        deadline = time.monotonic() + seconds
        printed = ""
        done = False
        while not done:
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise Wrong(f"not done after {seconds} s, or at the end of the shell: {command}\n{printed}")
            if len(printed) > MOST_OUTPUT:
                raise Wrong(f"prints without end: {command}")
            ready = select.select([self._statuses, self._process.stdout], [], [], 0.2)[0]
            done = ready == [self._statuses]  # and nothing is left of what it printed before
            printed += self.more(0.0)
        status = int(os.read(self._statuses, 16))
        if printed and not printed.endswith("\n"):
            printed += "\n"
        return status, printed

    def more(self, seconds):
        """What is printed within that time."""
        if not select.select([self._process.stdout], [], [], seconds)[0]:
            return ""
        data = self._process.stdout.read(1 << 16) or b""
        return data.decode(errors="replace").replace("\r\n", "\n")


def on_a_host_of_its_own():
    """Starts this program again, in a network namespace where it may do everything."""
    missing = [name for name in NEEDS if not shutil.which(name)]
    if missing:
        print(f"SKIP: needs the program {', '.join(missing)}")
        sys.exit(SKIPPED)
    inside = ["unshare", "--net", "--map-root-user"]
    if subprocess.run([*inside, "true"], stderr=subprocess.DEVNULL).returncode != 0:
        print("SKIP: cannot make a network namespace")
        sys.exit(SKIPPED)
    os.execvp("unshare", [*inside, sys.executable, "-B", __file__, "--inside", *sys.argv[1:]])


def main():
    if sys.argv[1] != "--inside":
        on_a_host_of_its_own()
    page, prefix = sys.argv[2:4]
    for command in HOST:
        subprocess.run(["ip", *command.split()], check=True)
    try:
        steps = read(pathlib.Path(page).read_text())
        with Shell(prefix) as shell:
            for step in steps:
                step.do(shell)
    except Wrong as problem:
        print(f"FAILED: {page}, {problem}")
        return 1
    print(f"{len(steps)} files and commands, as {page} has them")
    return 0


if __name__ == "__main__":
    sys.exit(main())
