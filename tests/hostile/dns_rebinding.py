# SPDX-License-Identifier: BSL-1.0
"""A name of the attacker that resolves to the light (CVE-2021-29462, CVE-2021-33516): its HOST gives it away."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import scenario
import segment
import siege

US = f"{segment.DEVICE}:{segment.HTTP_PORT}"
REASON = "wrong HOST"


class DnsRebinding(siege.Siege):
    def test_only_our_own_address_and_port_are_us(self):
        body = control_point.soap_body(self.switch.type, "SetTarget", {"newTargetValue": "1"})
        action = (f'SOAPACTION: "{self.switch.type}#SetTarget"', 'CONTENT-TYPE: text/xml; charset="utf-8"',
                  f"CONTENT-LENGTH: {len(body)}")
        port = segment.HTTP_PORT
        rows = [(421, [f"HOST: {host}"]) for host in
                (f"evil.example:{port}", "evil.example", "8.8.8.8", segment.DEVICE, f"{segment.DEVICE}:80",
                 f"{segment.NEAR}:{port}", f"[::ffff:{segment.DEVICE}]:{port}", "[::ffff:c0a8:1405]", f"localhost:{port}",
                 f"3232240645:{port}", f"0xc0.168.20.5:{port}")]
        rows += [(400, [f"HOST: {host}"]) for host in ("", f"{US}.evil.example", f"x@{US}", f"{US}/")]
        rows += [(400, []), (400, [f"HOST: {US}", "HOST: evil.example"]), (400, [f"HOST: {US}", f"HOST: {US}"])]

        def attack():
            for method, url, fields, content in (("GET", self.light.location, (), b""),
                                                 ("POST", self.switch.control_url, action, body),
                                                 ("SUBSCRIBE", self.switch.event_url, ("NT: upnp:event",), b"")):
                for status, host in rows:
                    with self.subTest(f"{method} {host}"):
                        message = self.head(method, self.path(url), *host, *fields, "CONNECTION: close", host=False)
                        self.assert_row(message + content, status, REASON)

        with self.assert_nothing_is_done():
            self.besiege(attack, REASON, rounds=2, changes=False)


if __name__ == "__main__":
    scenario.main()
