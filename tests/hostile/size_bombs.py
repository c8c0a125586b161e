# SPDX-License-Identifier: BSL-1.0
"""Headers, targets, bodies, chunks and trailers without end: refused as soon as they are too much, without the rest."""

import contextlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import scenario
import siege

LARGE = "request too large"
ENDLESS = 64 << 20


class SizeBombs(siege.Siege):
    def pour(self, start, part, status):
        """Sends the start, and then the part again and again, until the light has had enough."""
        received, sent = b"", 0
        with self.near2.connect(self.http, timeout=15) as connection:
            with contextlib.suppress(ConnectionError):
                connection.sendall(start)
                while sent < ENDLESS:
                    connection.sendall(part)
                    sent += len(part)
            self.assertLess(sent, ENDLESS, "it read on and on")
            with contextlib.suppress(ConnectionError):
                while data := connection.recv(65536):
                    received += data
        # A reset may overtake the answer when so much is on its way.
        if received:
            self.assertEqual(received[:13], b"HTTP/1.1 %d " % status)

    def bomb(self, start, part, status):
        def attack():
            for _ in range(8):
                self.pour(start, part, status)

        self.besiege(attack, LARGE)

    def test_header_fields(self):
        self.bomb(b"GET / HTTP/1.1\r\n", b"A: b\r\n" * 1000, 431)

    def test_one_header_field(self):
        self.bomb(b"GET / HTTP/1.1\r\nX: ", b"x" * 10000, 431)

    def test_a_target(self):
        self.bomb(b"GET /", b"x" * 10000, 414)

    def test_a_body(self):
        self.bomb(self.head("POST", self.path(self.switch.control_url), "CONTENT-LENGTH: 1073741824"), b"x" * 10000, 413)

    def test_a_body_where_none_is_of_use(self):
        self.bomb(self.head("GET", self.path(self.light.location), "CONTENT-LENGTH: 1073741824"), b"x" * 10000, 413)

    def test_chunks(self):
        self.bomb(self.head("POST", self.path(self.switch.control_url), "TRANSFER-ENCODING: chunked"),
                  (b"400\r\n" + b"x" * 1024 + b"\r\n") * 10, 413)

    def test_chunks_of_one_byte(self):
        self.bomb(self.head("POST", self.path(self.switch.control_url), "TRANSFER-ENCODING: chunked"),
                  b"1\r\nx\r\n" * 2000, 413)

    def test_an_extension_of_a_chunk(self):
        self.bomb(self.head("POST", self.path(self.switch.control_url), "TRANSFER-ENCODING: chunked") + b"1;",
                  b"x" * 10000, 413)

    def test_trailers(self):
        self.bomb(self.head("POST", self.path(self.switch.control_url), "TRANSFER-ENCODING: chunked") + b"0\r\n",
                  b"A: b\r\n" * 1000, 431)


if __name__ == "__main__":
    scenario.main()
