# SPDX-License-Identifier: BSL-1.0
"""A resource browser on GSSDP (PyGObject), run by gssdp.py: prints what comes and goes, a line each.

usage: gssdp_browser.py INTERFACE ipv4|ipv6
Ends by itself after a minute.
"""

import sys

import gi

gi.require_version("GSSDP", "1.6")
from gi.repository import Gio, GLib, GSSDP

FAMILIES = {"ipv4": Gio.SocketFamily.IPV4, "ipv6": Gio.SocketFamily.IPV6}


def say(*words):
    print(*words, flush=True)


def main():
    client = GSSDP.Client(interface=sys.argv[1], address_family=FAMILIES[sys.argv[2]])
    client.init(None)
    browser = GSSDP.ResourceBrowser.new(client, "ssdp:all")
    browser.connect("resource-available", lambda _, usn, locations: say("available", usn, *locations))
    browser.connect("resource-unavailable", lambda _, usn: say("unavailable", usn))
    browser.set_active(True)
    say("ready", client.get_address().to_string())
    loop = GLib.MainLoop()
    GLib.timeout_add_seconds(60, loop.quit)
    loop.run()


if __name__ == "__main__":
    main()
