# SPDX-License-Identifier: BSL-1.0
"""nginx as a yardstick: what the tables of tests/http say of HTTP, said to binary_light and to nginx.

Both have the same documents. Where nginx does otherwise than a row wants, the row says so, and why; a difference that
is not in the table fails.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import http_table
import scenario
import segment

PORT = 49400

CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    types {{ text/xml xml; }}
    default_type text/xml;
    gzip on;
    gzip_vary on;
    gzip_types text/xml;
    server {{
        listen {address}:{port};
        root {folder}/documents;
    }}
}}
"""


class Nginx:
    """nginx on a host, in the foreground, in a folder of its own. Use as a context manager."""

    def __init__(self, host, documents):
        self._host = host
        self._documents = documents

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        folder = pathlib.Path(self._folder.name)
        for path, body in self._documents.items():
            file = folder / "documents" / path.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body)
        configuration = folder / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(folder=folder, address=self._host.address, port=PORT))
        self._process = self._host.start(["nginx", "-p", folder, "-c", configuration, "-e", folder / "error.log"],
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            segment.wait_until(self._listens, "nginx listens")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(timeout=5)
        self._folder.cleanup()

    def _listens(self):
        if self._process.poll() is not None:
            raise AssertionError(f"nginx ended: {(pathlib.Path(self._folder.name) / 'error.log').read_text()}")
        try:
            self._host.connect((self._host.address, PORT)).close()
        except OSError:
            return False
        return True


def path_of(url):
    return urllib.parse.urlsplit(url).path


class Yardstick(scenario.Scenario):
    """The light on one host, nginx on another, and who asks on a third."""

    def setUp(self):
        super().setUp()
        self.start_light()
        doc, other = path_of(self.light.location), path_of(self.switch.scpd_url)
        self.ours = http_table.Server(
            lambda: self.near.connect((segment.DEVICE, segment.HTTP_PORT)), segment.DEVICE, segment.HTTP_PORT, doc,
            other, control=path_of(self.switch.control_url), event=path_of(self.switch.event_url))
        self.enterContext(Nginx(self.near2, {doc: self.ours.bodies["doc"], other: self.ours.bodies["other"]}))
        self.nginx = http_table.Server(
            lambda: self.near.connect((segment.NEAR2, PORT)), segment.NEAR2, PORT, doc, other)

    def check(self, server, row, wanted, patient=True):
        transcript, answers = server.play(row)
        if not patient and re.search("4.. open$", wanted):
            wanted = {wanted, wanted.removesuffix("open") + "closed"}
        else:
            wanted = {wanted}
        self.assertIn(transcript, wanted)
        if row.nginx in (None, "none"):
            self.assertEqual(list(server.faults(row, answers)), [])

    def test_the_light_does_as_the_table_says(self):
        for row in http_table.read("conformance.txt"):
            if not row.bug and not row.uses("echo"):
                with self.subTest(str(row)):
                    self.check(self.ours, row, row.transcript())

    def test_nginx_does_so_too_or_the_table_says_why_not(self):
        # It closes after many a refusal where we go on; a server may do that at any time (RFC 9112, 9.6).
        for row in http_table.read("conformance.txt"):
            if row.nginx != "none":
                with self.subTest(str(row)):
                    self.check(self.nginx, row, row.nginx or row.transcript(), patient=False)

    def test_HEAD_has_the_fields_of_GET(self):
        for server in (self.ours, self.nginx):
            fields = []
            for method in ("GET", "HEAD"):
                with server.connect() as connection:
                    connection.sendall(server.fill_in(
                        method + " {doc} HTTP/1.1\r\n{host}\r\nCONNECTION: close\r\n\r\n").encode())
                    answer = connection.makefile("rb").read()
                head, _, body = answer.partition(b"\r\n\r\n")
                self.assertEqual(body, server.bodies["doc"] if method == "GET" else b"")
                fields.append(re.sub(rb"(?i)\r\ndate: [^\r]*", b"", head))
            self.assertEqual(*fields)


if __name__ == "__main__":
    scenario.main(needs=["nginx"])
