# SPDX-License-Identifier: BSL-1.0
"""Chromium shows the light's page and switches it; a page of anybody else, open in the same browser, does not.

ONLINK_SCREENSHOTS names a folder for pictures of the page, as docs/images has them.
"""

import base64
import hashlib
import http.server
import json
import os
import pathlib
import re
import sys
import time
import urllib.parse
import xml.etree.ElementTree as xml

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import browser
import control_point
import light
import scenario
import segment

SCREENSHOTS = os.environ.get("ONLINK_SCREENSHOTS")
PAGE = pathlib.Path(__file__).parents[2] / "examples/page"


class Scenario(scenario.Scenario):
    """One browser for the class, on the host near."""

    names = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = cls.enterClassContext(browser.Browser(cls.near, cls.names))

    def start_light(self, *options, **which):
        super().start_light(*options, **which)
        self.page_url = urllib.parse.urljoin(self.light.location, "/light/")

    def open(self, url=None):
        """The light's page, once it knows the light."""
        page = self.browser.open(url or self.page_url)
        self.addCleanup(page.close)
        page.wait_until("document.querySelector('#switch').ariaDisabled === 'false'")
        return page

    def presentation_url(self):
        description = xml.fromstring(control_point.request(self.near, "GET", self.light.location).body)
        path = description.findtext(f"{control_point.DEVICE_NS}device/{control_point.DEVICE_NS}presentationURL")
        return urllib.parse.urljoin(self.light.location, path)


class ThePage(Scenario):
    def shows(self, page, text):
        page.wait_until(f"document.querySelector('#state').textContent === {json.dumps(text)}")

    def test_DESC_80_the_presentation_url_leads_to_it(self):
        self.start_light()
        self.assertEqual(self.presentation_url(), self.page_url)
        page = control_point.request(self.near, "GET", self.page_url)
        self.assertEqual((page.status, page.headers["content-type"]), (200, 'text/html; charset="utf-8"'))
        self.assertEqual(page.body, (PAGE / "index.html").read_bytes())

    def test_it_shows_the_light_and_switches_it(self):
        self.start_light()
        page = self.open()
        self.assertEqual(page.text().split(), [*light.NAME.split(), "Off"])
        page.click("#switch")
        self.shows(page, "On")
        self.assertEqual(self.status(), "1")
        page.click("#switch")
        self.shows(page, "Off")
        self.assertEqual(self.status(host=self.near2), "0")
        self.assertEqual(page.complaints(), [])

    def test_it_follows_other_control_points(self):
        self.start_light()
        page = self.open()
        for value, text in (("1", "On"), ("0", "Off")):
            self.set_target(value, host=self.near2)
            self.shows(page, text)

    def test_DESC_82_it_asks_for_nothing_but_what_the_description_names(self):
        self.start_light()
        page = self.open()
        self.assertEqual(set(page.requests()), {self.page_url, self.light.location, self.switch.control_url})
        self.assertIsNone(self.light.find("refused .*"), self.light.log())

    def test_it_works_by_keyboard_and_says_what_it_is(self):
        self.start_light()
        page = self.open()
        page.press("Tab", "Tab")
        page.press(" ", "Space", text=" ")
        self.shows(page, "On")
        self.assertEqual(self.status(), "1")
        self.assertIn(("switch", light.NAME, {"checked": "true"}), page.accessible("checked"))

    def test_it_says_that_the_light_does_not_answer_and_finds_it_again(self):
        self.start_light()
        page = self.open()
        self.light.switch_off()
        page.wait_until("document.querySelector('#news').textContent.startsWith('The light does not answer.')")
        page.click("#switch")
        self.light.switch_on()
        page.wait_until("document.querySelector('#switch').ariaDisabled === 'false'")
        self.shows(page, "Off")
        self.assertEqual(self.status(), "0")

    def test_it_rests_while_nobody_sees_it(self):
        self.start_light()
        page = self.open()
        page.run("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
        time.sleep(1.5)  # what was under way
        asked = len(self.light.output)
        time.sleep(2.5)
        self.assertEqual(self.light.output[asked:], [])
        page.run("Object.defineProperty(document, 'hidden', {value: false})")
        self.set_target("1")
        page.run("document.dispatchEvent(new Event('visibilitychange'))")
        self.shows(page, "On")

    def test_a_name_is_text_whatever_it_looks_like(self):
        name = "<img src=x onerror=alert(1)>&amp;"
        self.start_light("--name", name)
        page = self.open()
        self.assertEqual(page.run("document.querySelector('#name').textContent"), name)
        self.assertEqual(page.run("document.querySelectorAll('img').length"), 0)

    def test_each_of_several_lights_has_its_page(self):
        self.start_light("--root-devices", "2")
        locations = {match[1] for match in self.light.wait_for_count(r"on \S+ [\d.]+: (\S+)", 2)}
        self.light.location = max(locations, key=len)
        self.describe()
        page = self.open(self.presentation_url())
        self.assertEqual(page.text().split(), [*light.NAME.split(), "#1", "Off"])
        page.click("#switch")
        self.shows(page, "On")
        self.assertEqual(self.status(), "1")
        self.shows(self.open(), "Off")

    def test_it_can_come_from_a_folder(self):
        self.start_light("--page-directory", PAGE)
        self.shows(self.open(), "Off")

    def test_it_fits_a_small_phone(self):
        self.start_light("--name", "The light in the hall behind the kitchen, on the left-hand side")
        page = self.open()
        page.appear(320, 480)
        self.assertEqual(page.run("document.documentElement.scrollWidth"), 320)

    def test_its_policy_lets_in_its_own_script_and_style_only(self):
        text = (PAGE / "index.html").read_text()
        for element in ("script", "style"):
            content = re.search(rf"<{element}>(.*?)</{element}>", text, re.DOTALL)[1].encode()
            digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
            self.assertIn(f"{element}-src 'sha256-{digest}'", text)

    def test_inside_another_page_it_does_nothing(self):
        self.start_light()
        site = self.enterContext(Site(self.near))
        page = self.browser.open(site.url)
        self.addCleanup(page.close)
        self.assertEqual(page.run(f"""new Promise(done => {{
            const frame = document.createElement("iframe");
            frame.onload = () => done("loaded");
            frame.src = {json.dumps(self.page_url)};
            document.body.append(frame);
        }})"""), "loaded")
        time.sleep(1.0)
        self.assertIsNone(self.light.find("action .*"), self.light.log())

    def test_pictures_of_it(self):
        if not SCREENSHOTS:
            self.skipTest("ONLINK_SCREENSHOTS names no folder")
        self.start_light("--name", "Kitchen light")
        page = self.open()
        folder = pathlib.Path(SCREENSHOTS)
        page.appear(720, 480)
        page.screenshot(folder / "page-off.png")
        page.click("#switch")
        self.shows(page, "On")
        page.settle()
        page.screenshot(folder / "page-on.png")
        page.appear(360, 640, "dark")
        page.settle()
        page.screenshot(folder / "page-phone.png")


class Site:
    """A web site on a host of the segment, at an origin that is not the light's. Use as a context manager."""

    def __init__(self, host):
        self._host = host

    def __enter__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response_only(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b"<!DOCTYPE html><title>Free wallpapers</title><body>")

            def log_message(self, *_):
                pass

        self._server = control_point.start_server(self._host, self._host.address, Handler)
        self.url = f"http://{self._host.address}:{self._server.server_port}/"
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


# What the scripts below have in common. Each comes to what the script got to see.
ATTACK = """(async () => {
    const control = %(control)s, event = %(event)s, description = %(description)s, body = %(body)s;
    const soap = {"Content-Type": "text/xml", "SOAPACTION": %(action)s};
    const seen = (url, request) => fetch(url, request).then(a => `${a.type} ${a.status}`, e => e.name);
    %(script)s
})()"""

OPAQUE = "opaque 0"  # an answer that the script may not read
NONE = "TypeError"


class AForeignPage(Scenario):
    """It knows everything about the light, and is open in a browser on the segment."""

    def setUp(self):
        super().setUp()
        self.start_light()
        self.site = self.enterContext(Site(self.near))
        self.page = self.browser.open(self.site.url)
        self.addCleanup(self.page.close)

    def attack(self, script):
        body = control_point.soap_body(self.switch.type, "SetTarget", {"newTargetValue": 1}).decode()
        parts = {"control": self.switch.control_url, "event": self.switch.event_url, "body": body,
                 "description": self.light.location, "action": f'"{self.switch.type}#SetTarget"'}
        return self.page.run(ATTACK % {"script": script, **{name: json.dumps(text) for name, text in parts.items()}})

    def check(self, origin=None):
        """It was refused for its origin, by default that of the site, and nothing has come of it."""
        origin = origin or self.site.url.rstrip("/")
        self.light.wait_for(rf"refused request from \S+ on seg0: ORIGIN .* \(403\) {re.escape(origin)}")
        self.assertEqual(self.status(), "0")
        self.assertIsNone(self.light.find("action .* SetTarget.*"), self.light.log())
        self.assertIsNone(self.light.find("subscribed .*"), self.light.log())

    def test_an_action_as_a_control_point_would_call_it(self):
        self.assertEqual(self.attack("return seen(control, {method: 'POST', headers: soap, body});"), NONE)
        self.check()

    def test_an_action_that_a_browser_does_not_ask_about_first(self):
        self.assertEqual(self.attack("return seen(control, {method: 'POST', mode: 'no-cors', body});"), OPAQUE)
        self.check()

    def test_a_request_that_outlives_its_page(self):
        self.assertTrue(self.attack("return navigator.sendBeacon(control, body);"))
        self.check()

    def test_a_form(self):
        self.assertEqual(self.attack("""
            const frame = document.createElement("iframe"), form = document.createElement("form");
            const field = document.createElement("input");
            frame.name = form.target = "answer";
            form.method = "POST", form.enctype = "text/plain", form.action = control;
            const equals = body.indexOf("=");
            field.name = body.slice(0, equals), field.value = body.slice(equals + 1);
            form.append(field);
            document.body.append(frame, form);
            const answered = new Promise(done => frame.onload = () => done("answered"));
            form.submit();
            return answered;"""), "answered")
        self.check()

    def test_a_frame_of_no_origin(self):
        self.assertEqual(self.attack("""
            const frame = document.createElement("iframe");
            frame.sandbox = "allow-scripts";
            const request = {method: "POST", mode: "no-cors", body};
            frame.srcdoc = `<script>
                fetch(${JSON.stringify(control)}, ${JSON.stringify(request)})
                    .then(answer => answer.type, problem => problem.name)
                    .then(seen => parent.postMessage([origin, seen], "*"));
                <` + `/script>`;
            const said = new Promise(done => window.onmessage = message => done(message.data));
            document.body.append(frame);
            return said;"""), ["null", "opaque"])
        self.check("null")

    def test_a_subscription(self):
        self.assertEqual(self.attack("""
            return seen(event, {method: "SUBSCRIBE", headers: {"CALLBACK": `<${location}>`, "NT": "upnp:event"}});
            """), NONE)
        self.check()

    def test_it_cannot_even_read_the_description(self):
        self.assertEqual(self.attack("return seen(description);"), NONE)
        self.assertEqual(self.attack("return seen(description, {mode: 'no-cors'});"), OPAQUE)


class ANameThatLeadsToTheLight(Scenario):
    """DNS rebinding: the browser takes the light for the attacker's own server."""

    names = {"evil.example": segment.DEVICE}

    def setUp(self):
        super().setUp()
        self.start_light()
        self.url = f"http://evil.example:{segment.HTTP_PORT}/light/"

    def test_it_gets_no_page_but_an_answer_that_says_why(self):
        page = self.browser.open(self.url)
        self.addCleanup(page.close)
        self.assertEqual(page.status, 421)
        self.assertRegex(page.text(), r"\w+ \w+")
        self.light.wait_for(r"refused request from \S+ on seg0: .* \(421\).*")

    def test_its_scripts_are_refused_everything(self):
        """They are of the same origin as the light to the browser, which lets them send and read anything."""
        page = self.browser.open(self.url)
        self.addCleanup(page.close)
        control = urllib.parse.urlsplit(self.switch.control_url).path
        body = control_point.soap_body(self.switch.type, "SetTarget", {"newTargetValue": 1}).decode()
        script = f"""fetch({json.dumps(control)}, {{
            method: "POST", body: {json.dumps(body)},
            headers: {{"Content-Type": "text/xml", "SOAPACTION": {json.dumps(f'"{self.switch.type}#SetTarget"')}}}
            }}).then(answer => answer.status)"""
        self.assertEqual(page.run(script), 421)
        self.assertEqual(page.run("fetch('/light.xml').then(answer => answer.status)"), 421)
        self.assertEqual(self.status(), "0")


if __name__ == "__main__":
    scenario.main(needs=[browser.PROGRAM, "setpriv", "bash"])
