# SPDX-License-Identifier: BSL-1.0
"""Answers that are asked for and never read."""

import contextlib
import pathlib
import select
import socket
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import scenario
import segment
import siege

OF_ONE_PEER = 12  # limits::http::max_connections_per_peer
AT_A_TIME = 16  # limits::http::max_transfers
LARGE = "/light/large.bin"
ANSWERS = 99  # on one connection: fewer than limits::http::max_requests, and more than the system holds for it


def is_over(connection):
    """Whether the other side has closed it, with whatever is unread."""
    poll = select.poll()
    poll.register(connection, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))


class SlowReaders(siege.Siege):
    once = 3 << 19  # max_transfers times limits::http::transfer_buffer is one of them

    def setUp(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "index.html").write_text("<!DOCTYPE html><title>page</title>")
        with open(folder / "large.bin", "wb") as file:
            file.truncate(64 << 20)
        self.options = ("--page-directory", str(folder))
        super().setUp()

    def ask(self, source, what=LARGE, times=1):
        connection = self.near2.socket(socket.SOCK_STREAM)
        connection.settimeout(5)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.bind((source, 0))
        connection.connect(self.http)
        connection.sendall(self.head("GET", what) * times)
        return connection

    def test_a_large_file_that_is_asked_for_and_not_read(self):
        """As many as may be under way; more of them are told to come later."""
        names = self.aliases(2)

        def attack():
            with contextlib.ExitStack() as closing:
                connections = [closing.enter_context(self.ask(names[number % 2])) for number in range(2 * OF_ONE_PEER)]
                statuses = sorted(connection.recv(12) for connection in connections)
                self.assertEqual(statuses, [b"HTTP/1.1 200"] * AT_A_TIME +
                                 [b"HTTP/1.1 503"] * (2 * OF_ONE_PEER - AT_A_TIME))
                time.sleep(2)

        self.besiege(attack, "too many transfers")

    def test_descriptions_that_are_asked_for_and_not_read(self):
        """As many connections as there are, each again as soon as it is given up."""
        places = [name for name in self.aliases(3) for _ in range(OF_ONE_PEER)]
        path = self.path(self.light.location)

        def attack():
            with contextlib.ExitStack() as closing:
                begin = lambda source: closing.enter_context(self.ask(source, path, ANSWERS))  # noqa: E731
                held = [begin(source) for source in places]
                ended = time.monotonic() + 12
                while time.monotonic() < ended:
                    for place, connection in enumerate(held):
                        if is_over(connection):
                            connection.close()
                            with contextlib.suppress(OSError):  # not even that much is taken of it
                                held[place] = begin(places[place])
                    time.sleep(0.01)

        self.besiege(attack, "too many connections", rounds=2)

    def test_it_is_given_up_in_time(self):
        self.enterContext(self.ask(self.aliases(1)[0]))
        with siege.Honest(self):
            segment.wait_until(lambda: self.refusals().get("answer not taken") == 1, "it is given up", 45)


if __name__ == "__main__":
    scenario.main()
