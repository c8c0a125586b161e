# SPDX-License-Identifier: BSL-1.0
"""A device that was suspended and goes on: as if nothing had been, but for what has run out."""

import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario
import segment


class Suspension(scenario.Scenario):
    def setUp(self):
        super().setUp()
        self.start_light()

    def suspend(self):
        self.light.process.send_signal(signal.SIGSTOP)
        self.addCleanup(self.light.process.send_signal, signal.SIGCONT)

    def go_on(self):
        self.light.process.send_signal(signal.SIGCONT)

    def test_who_asked_meanwhile_is_answered_and_subscriptions_go_on(self):
        server = self.start_events(self.near)
        control_point.subscribe(self.near, self.switch.event_url, server.callback())
        server.wait_for(1)
        self.suspend()
        path = "/" + self.light.location.split("/", 3)[3]
        message = f"GET {path} HTTP/1.1\r\nHOST: {segment.DEVICE}:{segment.HTTP_PORT}\r\nCONNECTION: close\r\n\r\n"
        waiting = [self.enterContext(self.near2.connect((segment.DEVICE, segment.HTTP_PORT), timeout=10))
                   for _ in range(8)]
        for connection in waiting:
            connection.sendall(message.encode())
        time.sleep(3)
        self.go_on()
        for connection in waiting:
            self.assertEqual(connection.recv(15), b"HTTP/1.1 200 OK")
        self.set_target("1")
        event = server.wait_for(2)[1]
        self.assertEqual((event.properties["Status"], event.seq), ("1", 1))

    def test_the_network_is_another_one_afterwards(self):
        """A notebook that is closed here and opened there."""
        self.set_address(self.near, "192.168.25.10", "add", "delete")
        self.suspend()
        self.set_address(self.device, "192.168.25.5", "add", "delete")
        self.set_address(self.device, segment.DEVICE, "delete", "add")
        time.sleep(1)
        self.go_on()
        there = control_point.at_address(self.light.location, "192.168.25.5")
        segment.wait_until(lambda: self.reads(there), "it is served there", seconds=10)
        self.assertEqual(control_point.describe(self.near, there).udn, self.root.udn)

    def set_address(self, host, address, verb, afterwards):
        self.network.ip(host, f"address {verb} {address}/24 dev seg0")
        self.addCleanup(self.network.ip, host, f"address {afterwards} {address}/24 dev seg0")

    def reads(self, location):
        try:
            return control_point.request(self.near, "GET", location).status == 200
        except OSError:
            return False


if __name__ == "__main__":
    scenario.main()
