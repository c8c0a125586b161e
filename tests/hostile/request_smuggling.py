# SPDX-License-Identifier: BSL-1.0
"""Two requests in the bytes of one, for those who count the length in another way: the connection ends with the first,
and what is hidden in it is never answered."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import scenario
import siege

MALFORMED = "request malformed"


class RequestSmuggling(siege.Siege):
    def test_one_answer_and_the_end(self):
        control = self.path(self.switch.control_url)
        hidden = self.head("GET", self.path(self.light.location))
        rows = [
            (["CONTENT-LENGTH: 4", "TRANSFER-ENCODING: chunked"], b"0\r\n\r\n", 400),
            (["TRANSFER-ENCODING: chunked", "CONTENT-LENGTH: 5"], b"0\r\n\r\n", 400),
            (["CONTENT-LENGTH: 3", "CONTENT-LENGTH: 40"], b"abc", 400),
            (["CONTENT-LENGTH: 3, 40"], b"abc", 400),
            (["CONTENT-LENGTH : 3"], b"abc", 400),
            (["CONTENT-LENGTH: +3"], b"abc", 400),
            (["TRANSFER-ENCODING: xchunked"], b"0\r\n\r\n", 501),
            (["TRANSFER-ENCODING: chunked, identity"], b"0\r\n\r\n", 501),
            (["TRANSFER-ENCODING: chunked", "TRANSFER-ENCODING: chunked"], b"0\r\n\r\n", 400),
            ([" CONTENT-LENGTH: 3"], b"abc", 400),
            (["X: a\rCONTENT-LENGTH: 3"], b"abc", 400),
            (["X: a\0"], b"abc", 400),
        ]

        def attack():
            for fields, body, status in rows:
                with self.subTest(fields):
                    answer = self.assert_row(self.head("POST", control, *fields) + body + hidden, status, MALFORMED)
                    self.assertEqual(answer.count(b"HTTP/1.1 "), 1)
                    self.assertNotIn(b"<root", answer)

        self.besiege(attack, MALFORMED, rounds=2)

    def test_a_line_that_ends_with_LF_only_is_no_second_request(self):
        message = (b"GET / HTTP/1.1\nHOST: %s:%d\n\n" % (self.http[0].encode(), self.http[1]) +
                   self.head("GET", self.path(self.light.location)))

        def attack():
            answer = self.assert_row(message, 400, MALFORMED, finish=True)
            self.assertEqual(answer.count(b"HTTP/1.1 "), 1)

        self.besiege(attack, MALFORMED, rounds=2)


if __name__ == "__main__":
    scenario.main()
