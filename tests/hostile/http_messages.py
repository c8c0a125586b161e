# SPDX-License-Identifier: BSL-1.0
"""Lengths, chunks and methods as they crashed other servers: refused with the right status, and closed."""

import pathlib
import socket
import struct
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import scenario
import siege

MALFORMED, LARGE = "request malformed", "request too large"
NOT_ALLOWED, NOT_FOUND = "method not allowed", "not found"


class HttpMessages(siege.Siege):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        page = pathlib.Path(self.folder, "page")
        (page / "inner").mkdir(parents=True)
        (page / "index.html").write_text("<!DOCTYPE html><title>page</title>")
        self.options = ("--page-directory", str(page))
        super().setUp()

    def rows(self):
        control, event = self.path(self.switch.control_url), self.path(self.switch.event_url)

        def chunked(body):
            return self.head("POST", control, "TRANSFER-ENCODING: chunked") + body

        return [
            # CVE-2015-4141, CVE-2020-28926, CVE-2023-33476: lengths of chunks that are negative, or overflow
            (chunked(b"ffffffff\r\nabc\r\n0\r\n\r\n"), 413, LARGE),
            (chunked(b"-1\r\nabc\r\n0\r\n\r\n"), 400, MALFORMED),
            (chunked(b"80000000\r\nabc\r\n0\r\n\r\n"), 413, LARGE),
            (chunked(b"ffffffffffffffff\r\nabc\r\n0\r\n\r\n"), 413, LARGE),
            (chunked(b"fffffffffffffffff\r\nabc\r\n0\r\n\r\n"), 400, MALFORMED),
            (chunked(b"3\rabc\r\n0\r\n\r\n"), 400, MALFORMED),
            (chunked(b"3\r\nabcd\r\n0\r\n\r\n"), 400, MALFORMED),
            (chunked(b"\r\n\r\n"), 400, MALFORMED),
            # miniupnpd 2014: CONTENT-LENGTH without digits
            (self.head("POST", control, "CONTENT-LENGTH: "), 400, MALFORMED),
            (self.head("POST", control, "CONTENT-LENGTH: -1"), 400, MALFORMED),
            (self.head("POST", control, "CONTENT-LENGTH: 99999999999999999999"), 400, MALFORMED),
            (self.head("POST", control, "CONTENT-LENGTH: 4294967295"), 413, LARGE),
            (self.head("POST", control, "CONTENT-LENGTH: 0x10"), 400, MALFORMED),
            # what is no HTTP
            (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, MALFORMED),
            (b"\0" * 3000, 400, MALFORMED),
            (b"GET\r\n\r\n", 400, MALFORMED),
            (self.head("GET", "/", version="9.9"), 505, MALFORMED),
            (self.head("%n%s%x", "/light.xml"), 405, NOT_ALLOWED),
        ]

    def test_each_has_its_status_and_reason(self):
        def attack():
            for message, status, reason in self.rows():
                with self.subTest(message[:120]):
                    self.assert_row(message, status, reason, finish=True)

        self.besiege(attack, MALFORMED, LARGE, NOT_ALLOWED, rounds=2)

    def test_a_body_becomes_no_file(self):
        """CVE-2016-6255."""
        folder = pathlib.Path(self.folder)
        before = self.files_below(folder)
        served, none = ["/light/index.html", "/light/new.txt", "/light/inner/new.txt", "/light/"], ["/x.txt", "/inner/x"]

        def attack():
            for method in ("POST", "PUT", "DELETE", "MKCOL", "PATCH"):
                for path in (*served, *none, "/light.xml"):
                    status, reason = (404, NOT_FOUND) if path in none else (405, NOT_ALLOWED)
                    with self.subTest(f"{method} {path}"):
                        self.assert_row(self.head(method, path, "CONTENT-LENGTH: 4", "CONNECTION: close") + b"evil",
                                        status, reason)
                for path in ("/light/../new.txt", "/light/%2e%2e/new.txt", str(folder / "new.txt")):
                    message = self.head(method, path, "CONTENT-LENGTH: 4", "CONNECTION: close")
                    self.assertIn(self.status_of(message + b"evil"), (400, 404, 405))

        self.besiege(attack, NOT_FOUND, NOT_ALLOWED, rounds=2)
        self.assertEqual(self.files_below(folder), before)

    @staticmethod
    def files_below(folder):
        """Each with its content and the time of its last change."""
        return {str(path): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
                for path in (folder, *folder.rglob("*"))}

    def test_hanging_up_at_any_byte(self):
        whole = self.head("POST", self.path(self.switch.control_url), "CONTENT-LENGTH: 10") + b"0123456789"

        def attack():
            for length in range(0, len(whole) + 1, 5):
                with self.near2.connect(self.http) as connection:
                    connection.sendall(whole[:length])
                    if length % 2:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        self.besiege(attack)


if __name__ == "__main__":
    scenario.main()
