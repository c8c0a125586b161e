# SPDX-License-Identifier: BSL-1.0
"""A control point on GUPnP (PyGObject), run by gupnp.py: switches the light on and prints what it sees.

usage: gupnp_control_point.py INTERFACE [COUNT]
Ends by itself once it has heard the light go on, or after ten seconds. With COUNT, as side_by_side.py runs it, it only
listens: until so many events have come, or two minutes have passed.
"""

import sys

import gi

gi.require_version("GSSDP", "1.6")
gi.require_version("GUPnP", "1.6")
from gi.repository import GLib, GObject, GSSDP, GUPnP

SWITCH_POWER = "urn:schemas-upnp-org:service:SwitchPower:1"


def say(text):
    print(text, flush=True)


class ControlPoint:
    def __init__(self, interface, loop, count):
        self._loop = loop
        self._count = count
        self._heard = []
        context = GUPnP.Context.new_full(interface, None, 0, GSSDP.UDAVersion.VERSION_1_1)
        self._searcher = GUPnP.ControlPoint.new(context, SWITCH_POWER)
        self._searcher.connect("service-proxy-available", self._on_service)
        self._searcher.set_active(True)

    def _on_service(self, _, service):
        self._service = service
        say(f"found {service.get_udn()} {service.get_service_type()} at {service.get_location()}")
        service.add_notify("Status", GObject.TYPE_BOOLEAN, self._on_status)
        service.connect("subscription-lost", lambda _, error: say(f"subscription lost: {error.message}"))
        service.set_subscribed(True)

    def _on_status(self, _, name, value):
        say(f"event {name}={value}")
        self._heard.append(value)
        if self._count:
            if len(self._heard) == self._count:
                self._loop.quit()
        elif len(self._heard) == 1:
            self._switch_on()
        else:
            self._make_mistakes()
            self._loop.quit()

    def _switch_on(self):
        target = GObject.Value(GObject.TYPE_BOOLEAN, True)
        set_target = GUPnP.ServiceProxyAction.new_from_list("SetTarget", ["newTargetValue"], [target])
        self._service.call_action(set_target, None)
        say("SetTarget newTargetValue=True -> ok")
        get_status = GUPnP.ServiceProxyAction.new_from_list("GetStatus", [], [])
        self._service.call_action(get_status, None)
        _, values = get_status.get_result_list(["ResultStatus"], [GObject.TYPE_BOOLEAN])
        say(f"GetStatus -> ResultStatus={values[0]}")

    def _make_mistakes(self):
        maybe = GObject.Value(GObject.TYPE_STRING, "maybe")
        self._fail("SetTarget newTargetValue=maybe",
                   GUPnP.ServiceProxyAction.new_from_list("SetTarget", ["newTargetValue"], [maybe]))
        self._fail("Explode", GUPnP.ServiceProxyAction.new_from_list("Explode", [], []))

    def _fail(self, what, action):
        try:
            self._service.call_action(action, None)
            action.get_result_list([], [])
            say(f"{what} -> ok")
        except GLib.Error as error:
            say(f"{what} -> error {error.code} {error.message}")


def main():
    loop = GLib.MainLoop()
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    control_point = ControlPoint(sys.argv[1], loop, count)
    GLib.timeout_add_seconds(120 if count else 10, loop.quit)
    loop.run()


if __name__ == "__main__":
    main()
