# SPDX-License-Identifier: BSL-1.0
"""Chromium without a screen, on a host of the segment, driven by its DevTools protocol over a pipe.

It reads commands from descriptor 3 and writes answers and events to descriptor 4: JSON, each message ended by a NUL.
Every wait ends: after SECONDS, unless told otherwise.
"""

import base64
import contextlib
import json
import os
import pathlib
import pwd
import signal
import subprocess
import tempfile
import threading
import time

PROGRAM = "chromium"
SECONDS = 20.0

_USER = "nobody"  # Chromium does not run as root, unless without its sandbox
_LONGEST_MESSAGE = 32 << 20

# Nothing but what a test asks for: no look-ups and downloads of its own, no upgrade to https. Requests from one
# private address to another are not asked about, as the light must refuse them where a browser does not.
_OPTIONS = (
    "--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
    "--disable-breakpad", "--disable-crash-reporter", "--no-first-run", "--no-default-browser-check", "--no-proxy-server",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-extensions",
    "--disable-sync", "--mute-audio", "--hide-scrollbars", "--metrics-recording-only", "--lang=en-GB",
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LocalNetworkAccessChecks,OptimizationHints,"
    "MediaRouter,Translate")


class Failed(AssertionError):
    """The browser says that it cannot do what it is told, or a script of the test threw."""


class Browser:
    """Use as a context manager. `names`: host names that lead to an address, as a hostile DNS server would have it."""

    def __init__(self, host, names=None):
        self._host = host
        self._rules = [f"MAP {name} {address}" for name, address in (names or {}).items()]
        self._answers = {}
        self._events = []
        self._news = threading.Condition()
        self._number = 0
        self._ended = False

    def __enter__(self):
        with contextlib.ExitStack() as undo:
            self._home = undo.enter_context(tempfile.TemporaryDirectory())
            os.chown(self._home, pwd.getpwnam(_USER).pw_uid, -1)
            self._start()
            undo.callback(self._end)
            self.version = self.command("Browser.getVersion")["product"]
            self._undo = undo.pop_all()
        return self

    def __exit__(self, *_):
        self._undo.close()

    def open(self, url):
        """A new page that shows the URL."""
        page = Page(self)
        page.open(url)
        return page

    def command(self, method, session=None, seconds=SECONDS, **parameters):
        """What the browser answers. The names of methods and parameters are those of the protocol."""
        with self._news:
            self._number += 1
            number = self._number
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self._commands.write(json.dumps(message).encode() + b"\0")
        self._commands.flush()
        with self._news:
            if not self._news.wait_for(lambda: number in self._answers or self._ended, seconds):
                raise AssertionError(f"the browser does not answer {method} within {seconds} s")
            answer = self._answers.pop(number, None)
        if answer is None:
            raise AssertionError(f"the browser ended:\n{self.log()}")
        if "error" in answer:
            raise Failed(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def events(self, session, method):
        """The parameters of all events of that name so far."""
        with self._news:
            return [event["params"] for event in self._events
                    if event.get("sessionId") == session and event["method"] == method]

    def wait_for_event(self, session, method, is_it=lambda event: True, seconds=SECONDS):
        """The first such event."""
        def first():
            return next((event["params"] for event in self._events if event.get("sessionId") == session
                         and event["method"] == method and is_it(event["params"])), None)

        with self._news:
            self._news.wait_for(lambda: first() is not None or self._ended, seconds)
            found = first()
        if found is None:
            raise AssertionError(f"no {method} from the browser within {seconds} s")
        return found

    def forget_events(self, session):
        with self._news:
            self._events = [event for event in self._events if event.get("sessionId") != session]

    def log(self):
        return pathlib.Path(self._home, "printed").read_text(errors="replace")

    def _start(self):
        rules = ["--host-resolver-rules=" + ",".join(self._rules)] if self._rules else []
        commands, to_browser = os.pipe()
        from_browser, answers = os.pipe()
        # Popen passes on descriptors under their own numbers; bash gives them the two that Chromium wants.
        with open(f"{self._home}/printed", "wb") as printed:
            self._process = self._host.start(
                ["bash", "-c", f'exec "$@" 3<&{commands} 4>&{answers}',
                 "bash", "setpriv", "--reuid", _USER, "--regid", "nogroup", "--clear-groups", "--pdeathsig", "KILL",
                 "env", f"HOME={self._home}", f"XDG_RUNTIME_DIR={self._home}", PROGRAM, *_OPTIONS,
                 f"--user-data-dir={self._home}/profile", *rules],
                stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT, pass_fds=(commands, answers),
                start_new_session=True)
        os.close(commands)
        os.close(answers)
        self._commands = open(to_browser, "wb")
        self._messages = open(from_browser, "rb", buffering=0)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _end(self):
        """The browser and every process that it started: they are one process group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join(timeout=5)
        with contextlib.suppress(BrokenPipeError):
            self._commands.close()
        self._messages.close()

    def _read(self):
        rest = b""
        while len(rest) < _LONGEST_MESSAGE and (data := self._messages.read(1 << 16)):
            *messages, rest = (rest + data).split(b"\0")
            for message in map(json.loads, messages):
                with self._news:
                    if "id" in message:
                        self._answers[message["id"]] = message
                    else:
                        self._events.append(message)
                    self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()


class Page:
    """A tab."""

    def __init__(self, browser):
        self._browser = browser
        self.status = None
        self._target = browser.command("Target.createTarget", url="about:blank")["targetId"]
        self._session = browser.command("Target.attachToTarget", targetId=self._target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.command(f"{domain}.enable")

    def close(self):
        self._browser.command("Target.closeTarget", targetId=self._target)
        self._browser.forget_events(self._session)

    def command(self, method, **parameters):
        return self._browser.command(method, self._session, **parameters)

    def open(self, url):
        """Loads it to the end; `status` is that of the answer. Fails if there is none."""
        self._browser.forget_events(self._session)
        begun = self.command("Page.navigate", url=url)
        if "errorText" in begun:
            raise Failed(f"{url}: {begun['errorText']}")
        self._browser.wait_for_event(self._session, "Page.frameNavigated",
                                     lambda event: event["frame"]["loaderId"] == begun["loaderId"])
        self.wait_until("document.readyState === 'complete'")
        answers = self._browser.events(self._session, "Network.responseReceived")
        self.status = next((a["response"]["status"] for a in answers if a["type"] == "Document"), None)

    def run(self, script):
        """The value of an expression, or what the promise in it comes to."""
        done = self.command("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True,
                            userGesture=True)
        if "exceptionDetails" in done:
            thrown = done["exceptionDetails"]
            raise Failed(thrown.get("exception", {}).get("description", thrown["text"]))
        return done["result"].get("value")

    def wait_until(self, condition, seconds=SECONDS):
        """Asks again and again until the expression is true."""
        deadline = time.monotonic() + seconds
        while not self.run(f"Boolean({condition})"):
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {seconds} s: {condition}; the page reads {self.text()!r}")
            time.sleep(0.05)

    def text(self):
        return self.run("document.body.innerText")

    def click(self, selector):
        """As a finger or mouse does, in the middle of the element."""
        x, y = self.run(f"(box => [box.x + box.width / 2, box.y + box.height / 2])"
                        f"(document.querySelector({json.dumps(selector)}).getBoundingClientRect())")
        for what in ("mousePressed", "mouseReleased"):
            self.command("Input.dispatchMouseEvent", type=what, x=x, y=y, button="left", clickCount=1)

    def press(self, key, code, text=""):
        number = {"Tab": 9, "Space": 32}[code]
        for what in ("keyDown", "keyUp"):
            self.command("Input.dispatchKeyEvent", type=what, key=key, code=code, windowsVirtualKeyCode=number,
                         **({"text": text} if text and what == "keyDown" else {}))

    def complaints(self):
        """What its console shows of errors: scripts that failed, loads that its policy forbade."""
        thrown = [e["exceptionDetails"]["text"] for e in self._events("Runtime.exceptionThrown")]
        said = [e["entry"]["text"] for e in self._events("Log.entryAdded") if e["entry"]["level"] == "error"]
        return thrown + said

    def requests(self):
        """All URLs that it asked for."""
        return [event["request"]["url"] for event in self._events("Network.requestWillBeSent")]

    def appear(self, width, height, scheme="light", scale=1):
        """The size of the window in CSS pixels, and the user's colour scheme."""
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale,
                     mobile=width < 600)
        self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def settle(self):
        """Waits until nothing moves any more."""
        self.wait_until("document.getAnimations().every(each => each.playState === 'finished')")

    def accessible(self, *properties):
        """What assistive technology is told of: (role, name, those of its properties) each."""
        nodes = self.command("Accessibility.getFullAXTree")["nodes"]
        return [(node["role"]["value"], node.get("name", {}).get("value"),
                 {p["name"]: p["value"]["value"] for p in node.get("properties", ()) if p["name"] in properties})
                for node in nodes if "role" in node]

    def screenshot(self, path):
        picture = self.command("Page.captureScreenshot", format="png", optimizeForSpeed=False)
        pathlib.Path(path).write_bytes(base64.b64decode(picture["data"]))

    def _events(self, method):
        return self._browser.events(self._session, method)
