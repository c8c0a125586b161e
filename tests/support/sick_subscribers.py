# SPDX-License-Identifier: BSL-1.0
"""Servers of subscribers that treat events as they should not."""

import contextlib
import socket
import struct
import threading
import time


class Animal:
    """A subscriber's server on a host that treats each connection in its own way. Use as a context manager."""

    def __init__(self, host):
        self._host = host
        self.calls = 0

    def __enter__(self):
        self._listener = self._host.listen(backlog=64)
        self._listener.settimeout(0.1)
        self._open = True
        self._held = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._open = False
        self._thread.join(timeout=5)
        self._listener.close()
        for connection in self._held:
            connection.close()

    @property
    def callback(self):
        return "<http://%s:%d/ev>" % self._listener.getsockname()

    def _run(self):
        while self._open:
            with contextlib.suppress(OSError):
                connection, _ = self._listener.accept()
                self.calls += 1
                threading.Thread(target=self._treat, args=(connection,), daemon=True).start()

    def _treat(self, connection):
        with contextlib.suppress(OSError):
            connection.settimeout(10)
            self.treat(connection)

    def treat(self, connection):
        raise NotImplementedError


class NeverReads(Animal):
    def treat(self, connection):
        self._held.append(connection)


class NeverAnswers(Animal):
    def treat(self, connection):
        self._held.append(connection)
        while self._open and connection.recv(4096):
            pass


class OneBytePerSecond(Animal):
    def treat(self, connection):
        connection.recv(4096)
        for byte in b"HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 0\r\n\r\n":
            if not self._open:
                return
            connection.sendall(bytes([byte]))
            time.sleep(1)


class AnswersMegabytes(Animal):
    def treat(self, connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        for _ in range(64):
            connection.sendall(b"x" * (1 << 20))


class AnswersALargeBody(Animal):
    def treat(self, connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 67108864\r\n\r\n")
        for _ in range(64):
            connection.sendall(b"x" * (1 << 20))


class ClosesInTheAnswer(Animal):
    def treat(self, connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 20")
        connection.close()


class ResetsInTheAnswer(Animal):
    def treat(self, connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 20")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()


class Answers(Animal):
    def __init__(self, host, answer):
        super().__init__(host)
        self._answer = answer.encode()

    def treat(self, connection):
        while connection.recv(4096):
            connection.sendall(self._answer)
