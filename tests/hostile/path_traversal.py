# SPDX-License-Identifier: BSL-1.0
"""Paths that climb out of a folder that is served (CVE-2020-19858), in every spelling: nothing from outside is sent."""

import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import scenario
import siege

SECRET = b"what nobody may read"
MALFORMED, NOT_FOUND, HOST = "request malformed", "not found", "wrong HOST"


class PathTraversal(siege.Siege):
    def setUp(self):
        outside = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (outside / "secret").write_bytes(SECRET)
        folder = outside / "page"
        folder.mkdir()
        (folder / "index.html").write_text("<!DOCTYPE html><title>page</title>")
        (folder / "inner").mkdir()
        os.symlink(outside / "secret", folder / "link")
        os.symlink(outside, folder / "linked")
        os.mkfifo(folder / "pipe")
        self.outside = str(outside)
        self.options = ("--page-directory", str(folder))
        super().setUp()

    def test_nothing_from_outside_the_folder(self):
        served = "/light/"
        self.assertIn(b"<title>page</title>", self.send(self.head("GET", served + "index.html", "CONNECTION: close")))
        absolute = "/" + self.outside + "/secret"
        climbs = ["../secret", "inner/../../secret", "%2e%2e/secret", "..%2fsecret", "%2e%2e%2fsecret", "..\\secret",
                  "..%5csecret", "./../secret", "%c0%ae%c0%ae/secret", "..%00/secret", "inner//../../secret",
                  "index.html%00.png", "index.html/../../secret", "../page/../secret"]
        names = ["%252e%252e/secret", ".../secret", "..;/secret", "link", "linked/secret", "pipe", "inner", absolute]
        rows = [(start + path, status, reason) for paths, status, reason in ((climbs, 400, MALFORMED), (names, 404, NOT_FOUND))
                for start in (served, "/ui/", "//") for path in paths]
        rows += [(path, 400, HOST) for path in (*climbs, *names) if path != absolute]  # it begins with the authority
        rows.append((absolute, 404, NOT_FOUND))

        def attack():
            for path, status, reason in rows:
                with self.subTest(path):
                    answer = self.assert_row(self.head("GET", path), status, reason, finish=True)
                    self.assertNotIn(SECRET, answer)

        self.besiege(attack, NOT_FOUND, MALFORMED, rounds=2)


if __name__ == "__main__":
    scenario.main()
