# SPDX-License-Identifier: BSL-1.0
"""XML that is small on the wire and large, deep or far away behind it: refused before a tree is made of it."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import scenario
import siege

XML = "XML refused"
DEEPEST, MOST, ATTRIBUTES = 16, 256, 16  # limits::xml
OPEN = ('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        '<u:SetTarget xmlns:u="urn:schemas-upnp-org:service:SwitchPower:1"><newTargetValue>')
CLOSE = "</newTargetValue></u:SetTarget></s:Body></s:Envelope>"
OF_A_CALL = 4  # elements of it, each within the other
PIECES = ("<!--x-->", "<?x y?>", "<![CDATA[]]>")


class XmlBombs(siege.Siege):
    def post(self, body):
        body = body.encode()
        return self.head("POST", self.path(self.switch.control_url), 'CONTENT-TYPE: text/xml; charset="utf-8"',
                         f'SOAPACTION: "{self.switch.type}#SetTarget"', f"CONTENT-LENGTH: {len(body)}",
                         "CONNECTION: close") + body

    def bomb(self, body, status=400, reason=XML):
        message = self.post(body)

        def attack():
            for _ in range(20):
                self.assert_row(message, status, reason)

        self.besiege(attack, reason, rounds=2)

    def budget(self, call, most):
        """`call(number)` is taken for as many as there may be. With one more it is a bomb, and nothing else is wrong with
        it."""
        self.assert_row(self.post(call(most)), 200, None)
        self.bomb(call(most + 1))

    def test_depth(self):
        """CVE-2021-28302, libupnp 249: 100,000 elements, each within the other; so many as one body can have."""
        self.bomb("<a>" * 21800)

    def test_depth_with_an_end(self):
        self.bomb("<a>" * 9300 + "</a>" * 9300)

    def test_one_deeper_than_there_may_be(self):
        """In an argument of nobody, which is ignored."""
        start, end = OPEN.replace("<newTargetValue>", "<more>"), f"</more><newTargetValue>1{CLOSE}"
        self.budget(lambda depth: start + "<a>" * (depth - OF_A_CALL) + "</a>" * (depth - OF_A_CALL) + end, DEEPEST)

    def test_width(self):
        """libupnp 250: siblings."""
        self.bomb("<a>" + "<b/>" * 16000 + "</a>")

    def test_attributes(self):
        self.bomb("<a " + " ".join(f"a{number}='x'" for number in range(6000)) + "/>")

    def test_billion_laughs(self):
        entities = '<!ENTITY a "ha">' + "".join(
            f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
        self.bomb(f"<!DOCTYPE x [{entities}]>{OPEN}&j;{CLOSE}")

    def test_quadratic_blowup(self):
        self.bomb(f'<!DOCTYPE x [<!ENTITY a "{"x" * 20000}">]>{OPEN}{"&a;" * 5000}{CLOSE}')

    def test_external_entities(self):
        """CVE-2018-13415, -13416 and -13417: a file, and a server that would be asked."""
        server = self.enterContext(self.near2.listen())
        for place in ("file:///etc/passwd", "http://%s:%d/x" % server.getsockname()):
            self.bomb(f'<!DOCTYPE x [<!ENTITY e SYSTEM "{place}">]>{OPEN}&e;{CLOSE}')
            self.bomb(f'<!DOCTYPE x SYSTEM "{place}">{OPEN}1{CLOSE}')
        server.settimeout(0.2)
        with self.assertRaises(TimeoutError):
            server.accept()

    def test_entities_that_nobody_declared(self):
        self.bomb(f"{OPEN}&nbsp;{CLOSE}")

    def test_comments_and_instructions(self):
        self.bomb("<a>" + "<!--x-->" * 8000 + "<b>")

    def test_one_comment_instruction_or_section_more_than_there_may_be(self):
        """In the text of an argument, which they part."""
        for piece in PIECES:
            with self.subTest(piece):
                self.budget(lambda number: OPEN + piece * (number - OF_A_CALL) + "1" + CLOSE, MOST)

    def test_elements_and_what_is_between_them_are_counted_together(self):
        one_of_each = "<a/>" + "".join(PIECES)
        before = OPEN.replace("<newTargetValue>", "")
        self.bomb(before + one_of_each * (MOST // 4) + "<newTargetValue>1" + CLOSE)

    def test_one_attribute_more_than_there_may_be(self):
        self.budget(lambda number: OPEN[:-1] + "".join(f" a{n}='x'" for n in range(number)) + ">1" + CLOSE, ATTRIBUTES)


if __name__ == "__main__":
    scenario.main()
