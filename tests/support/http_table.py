# SPDX-License-Identifier: BSL-1.0
"""The tables of tests/http, and a client that plays their rows; tests/http/conformance.txt says what is in them."""

import contextlib
import dataclasses
import gzip
import pathlib
import re
import socket

TABLES = pathlib.Path(__file__).parents[1] / "http"

_ESCAPES = {"r": "\r", "n": "\n", "t": "\t", "\\": "\\"}


@dataclasses.dataclass
class Wanted:
    """An answer as a row wants it."""

    status: int
    head: bool = False
    optional: bool = False
    fields: list = dataclasses.field(default_factory=list)  # (name, value or None for any, whether it is absent)
    body: str = None


@dataclasses.dataclass
class Row:
    group: str
    name: str
    line: int
    turns: list = dataclasses.field(default_factory=lambda: [("", [])])  # (what is sent, the answers to it)
    end: str = None
    bug: bool = False
    nginx: str = None  # statuses and the end, if they are others; "none": nothing for nginx

    def __str__(self):
        return f"line {self.line}: {self.group}: {self.name}"

    def answers(self):
        return [answer for _, answers in self.turns for answer in answers]

    def uses(self, name):
        return any("{" + name in text for text, _ in self.turns)

    def transcript(self):
        """What is wanted, e.g. `200 404 open`; interim answers left out."""
        end = "closed" if self.end == "gone" else self.end
        return " ".join([str(answer.status) for answer in self.answers() if answer.status >= 200] + [end])


@dataclasses.dataclass
class Heard:
    status: int
    fields: dict
    body: bytes


def read(name):
    """All rows of a table."""
    rows, group, group_nginx = [], None, None
    for number, line in enumerate((TABLES / name).read_text(encoding="utf-8").split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        if line.startswith("== "):
            group, group_nginx = line[3:].split(":")[0], None
        elif line.startswith("-- "):
            rows.append(Row(group, line[3:], number, nginx=group_nginx))
        elif line.startswith("nginx "):
            otherwise, reason = line[6:].split(": ", 1)
            if rows and rows[-1].group == group:
                rows[-1].nginx = otherwise
            else:
                group_nginx = otherwise
            if not reason:
                raise ValueError(f"{name}:{number}: no reason")
        else:
            _read_into(rows[-1], line, f"{name}:{number}")
    return rows


def _read_into(row, line, place):
    if line.startswith(">> "):
        _send(row, _unescape(line[3:]))
    elif line.startswith(">"):
        _send(row, _unescape(line[2:]) + "\r\n")
    elif line.startswith("< "):
        row.turns[-1][1].append(_answer(line[2:]))
    elif line in ("open", "closed", "gone"):
        row.end = line
    elif line.startswith("bug: "):
        row.bug = True
    elif line != "splits":
        raise ValueError(f"{place}: what is this?")


def _send(row, text):
    if row.turns[-1][1]:
        row.turns.append(("", []))
    before, answers = row.turns[-1]
    row.turns[-1] = (before + text, answers)


def _unescape(text):
    text = re.sub(r"\\(x[0-9a-f]{2}|.)", lambda m: chr(int(m[1][1:], 16)) if m[1][0] == "x" and len(m[1]) == 3
                  else _ESCAPES[m[1]], text)
    return re.sub(r"\{(\d+)\*([^}]*)\}", lambda m: m[2] * int(m[1]), text)


def _answer(text):
    status, *wishes = text.split(" | ")
    wanted = Wanted(int(re.search(r"(\d{3})\??( head)?$", status)[1]), status.endswith(" head"), status.endswith("?"))
    for wish in wishes:
        if wish.startswith("="):
            wanted.body = wish[1:]
        else:
            name, _, value = wish.lstrip("!").partition(": ")
            wanted.fields.append((name.lower(), value or None, wish.startswith("!")))
    return wanted


class Server:
    """One that rows are played to: `connect` makes a socket, `names` are what stands for {name} in a row."""

    def __init__(self, connect, address, port, doc, other, **more):
        self.connect = connect
        authority = f"{address}:{port}"
        self.names = {"authority": authority, "address": address, "port": str(port), "host": f"HOST: {authority}",
                      "doc": doc, "other": other, "get": f"GET {doc} HTTP/1.1\r\nHOST: {authority}",
                      "doc-escaped": "/" + "".join("/" if c == "/" else f"%{ord(c):02x}" for c in doc[1:]), **more}
        self._last = f"GET {other} HTTP/1.1\r\nHOST: {authority}\r\nCONNECTION: close\r\n\r\n"
        document, packed = self.get(doc), self.get(doc, "ACCEPT-ENCODING: gzip\r\n")
        self.bodies = {"doc": document.body, "other": self.get(other).body, "gzip doc": document.body}
        tag = document.fields["etag"][0]
        self.names.update({"etag": tag, "etag-text": tag.strip('"'), "gzip-etag": packed.fields["etag"][0]})

    def get(self, path, fields=""):
        request = f"GET {path} HTTP/1.1\r\n{self.names['host']}\r\nCONNECTION: close\r\n{fields}\r\n"
        with self.connect() as connection:
            connection.sendall(request.encode("latin-1"))
            return _understand(_to_the_end(connection)[0], [False])[0][0]

    def fill_in(self, text):
        return re.sub(r"\{([a-z-]+)\}", lambda m: self.names.get(m[1], m[0]), text)

    def play(self, row):
        """What the server makes of it: the transcript, and the answers."""
        heads = [answer.head for answer in row.answers() if answer.status >= 200]
        got, waits = b"", False
        with self.connect() as connection:
            for number, (text, answers) in enumerate(row.turns, 1):
                text = self.fill_in(text)
                if number == len(row.turns) and row.end != "gone":
                    text += self._last
                with contextlib.suppress(ConnectionError):  # it may have closed
                    connection.sendall(text.encode("latin-1"))
                if number < len(row.turns):
                    got += connection.recv(65536)
            if row.end == "gone":
                connection.shutdown(socket.SHUT_WR)
            rest, waits = _to_the_end(connection)
        answers, trouble = _understand(got + rest, heads)
        end = "closed"
        if len(answers) == len(heads) + 1 and answers[-1].body == self.bodies["other"]:
            answers.pop()
            end = "open"
        statuses = [str(answer.status) for answer in answers]
        return " ".join([*statuses, *trouble, "waits" if waits else end]), answers

    def faults(self, row, answers):
        """Where answers with the right statuses are not as the row wants them."""
        for wanted, heard in zip((a for a in row.answers() if a.status >= 200), answers):
            for name, value, absent in wanted.fields:
                there = heard.fields.get(name, [])
                if absent and there:
                    yield f"{name} is there"
                elif not absent and len(there) != 1:
                    yield f"{name} is there {len(there)} times"
                elif not absent and value and there[0].lower() != self.fill_in(value).lower():
                    yield f"{name} is {there[0]}, not {self.fill_in(value)}"
            if wanted.body is not None and not wanted.head:
                body = gzip.decompress(heard.body) if wanted.body.startswith("gzip ") else heard.body
                if body != self.bodies.get(wanted.body, self.fill_in(wanted.body).encode()):
                    yield f"another body, of {len(body)} bytes"


def _to_the_end(connection):
    """All that comes, and whether it came to no end."""
    connection.settimeout(3)
    got = b""
    try:
        while part := connection.recv(65536):
            got += part
    except TimeoutError:
        return got, True
    except ConnectionResetError:
        pass
    return got, False


def _understand(stream, heads):
    """Final answers out of bytes, and a word for what is none."""
    answers = []
    while stream:
        head, end, rest = stream.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        status = re.fullmatch(r"HTTP/1\.[01] (\d{3}) .*", first)
        if not end or not status:
            return answers, ["0.9" if not answers else "nonsense"]
        fields = {}
        for line in lines:
            name, _, value = line.partition(":")
            fields.setdefault(name.lower(), []).append(value.strip(" \t"))
        code = int(status[1])
        bodiless = code < 200 or code in (204, 304) or (len(answers) < len(heads) and heads[len(answers)])
        body, stream = (b"", rest) if bodiless else _body(fields, rest)
        if code >= 200:
            answers.append(Heard(code, fields, body))
    return answers, []


def _body(fields, rest):
    if "content-length" in fields:
        size = int(fields["content-length"][0])
        return rest[:size], rest[size:]
    if "transfer-encoding" not in fields:
        return rest, b""
    body = b""
    while True:
        line, _, rest = rest.partition(b"\r\n")
        size = int(line, 16)
        body, rest = body + rest[:size], rest[size + 2:]
        if size == 0:
            return body, rest
