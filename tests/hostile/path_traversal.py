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
        climbs = ["../secret", "inner/../../secret", "%2e%2e/secret", "..%2fsecret", "%2e%2e%2fsecret", "%252e%252e/secret",
                  "..\\secret", "..%5csecret", "./../secret", ".../secret", "..;/secret", "%c0%ae%c0%ae/secret",
                  "..%00/secret", "link", "linked/secret", "pipe", "inner", "inner//../../secret", "index.html%00.png",
                  "index.html/../../secret", "/" + self.outside + "/secret", "../page/../secret"]

        def attack():
            for climb in climbs:
                for start in (served, "/ui/", "//", ""):
                    with self.subTest(start + climb):
                        answer = self.send(self.head("GET", start + climb), finish=True)
                        self.assertRegex(answer, rb"^HTTP/1\.1 4\d\d ")
                        self.assertNotIn(SECRET, answer)

        self.besiege(attack, "not found", "request malformed", rounds=2)


if __name__ == "__main__":
    scenario.main()
