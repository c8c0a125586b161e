# SPDX-License-Identifier: BSL-1.0
"""A control point in plain Python: searches, reads descriptions, calls actions, subscribes, hears events.

It shares no code with the library under test. Every function takes the segment.Host that it acts from.
"""

import contextlib
import dataclasses
import http.client
import http.server
import ipaddress
import re
import select
import socket
import socketserver
import struct
import threading
import time
import urllib.parse
import xml.etree.ElementTree as xml

GROUP = "239.255.255.250"
LINK_GROUP = "ff02::c"
SITE_GROUP = "ff05::c"
SSDP_PORT = 1900

_RECEIVE_BUFFER = 2 << 20  # some devices answer a search a hundred times
_FOR_LATE_ANSWERS = 10.0  # seconds; a machine that is busy may stop anyone for a while

_IP_RECVTTL = 12  # Linux; Python 3.11 has no name for it

DEVICE_NS = "{urn:schemas-upnp-org:device-1-0}"
SERVICE_NS = "{urn:schemas-upnp-org:service-1-0}"
CONTROL_NS = "{urn:schemas-upnp-org:control-1-0}"
EVENT_NS = "{urn:schemas-upnp-org:event-1-0}"
SOAP_NS = "{http://schemas.xmlsoap.org/soap/envelope/}"


def in_url(address):
    """An IP address as it stands in a URL."""
    return f"[{address}]" if ":" in address else address


def at_address(url, address):
    """The same resource of the device at another of its addresses."""
    place = urllib.parse.urlsplit(url)
    return place._replace(netloc=f"{in_url(address)}:{place.port}").geturl()


class Headers(dict):
    """Header fields under their lower-case names; a field that occurs twice is an error of the sender."""

    @classmethod
    def parse(cls, lines):
        headers = cls()
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon or name != name.strip() or name.lower() in headers:
                raise ValueError(f"bad or repeated header line {line!r}")
            headers[name.lower()] = value.strip(" \t")
        return headers


# --- Discovery -----------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Datagram:
    """An SSDP message as it came in, with when and how."""

    start_line: str
    headers: Headers
    sender: tuple
    seconds: float  # since the search was sent, or since listening began
    ttl: int = None

    @classmethod
    def parse(cls, data, sender, seconds, ttl=None):
        text = data.decode("utf-8")
        if not text.endswith("\r\n\r\n"):
            raise ValueError(f"an SSDP message ends with an empty line, this one does not: {text!r}")
        start_line, *lines = text[:-4].split("\r\n")
        return cls(start_line, Headers.parse(lines), sender, seconds, ttl)


def search_message(target, mx=1, host=f"{GROUP}:{SSDP_PORT}", **more):
    """`more`: further header fields, a dot of a name written as an underscore."""
    fields = {"HOST": host, "MAN": '"ssdp:discover"', **({} if mx is None else {"MX": mx}), "ST": target}
    fields.update({name.replace("_", "."): value for name, value in more.items()})
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"M-SEARCH * HTTP/1.1\r\n{lines}\r\n".encode()


def search_endpoint(host, source=None):
    """A socket to search from, at the host's address or another of its own, of either family."""
    family, at = host.endpoint(source or host.address, 0)
    endpoint = host.socket(socket.SOCK_DGRAM, family)
    endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
    if family == socket.AF_INET:
        endpoint.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(at[0]))
    else:
        with host.inside():
            index = socket.if_nametoindex(host.interface)
        endpoint.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
    endpoint.bind(at)
    return endpoint


def start_search(host, message, to=(GROUP, SSDP_PORT), source=None):
    """Sends the search; answers arrive on the returned socket."""
    endpoint = search_endpoint(host, source)
    endpoint.sendto(message, host.endpoint(*to)[1])
    return endpoint


def collect(endpoints, began, seconds, enough=0):
    """All answers that arrive on any of the sockets within this many seconds after `began`.

    `enough`: so many have to come. If they are late, as the machine is busy, they are waited for, and then as many seconds
    are listened for once more, so that one too many is seen then too.
    """
    answers = []

    def listen(until, enough=None):
        while enough is None or len(answers) < enough:
            ready = select.select(endpoints, [], [], max(0.0, until - time.monotonic()))[0]
            if not ready:
                break
            for endpoint in ready:
                data, sender = endpoint.recvfrom(65535)
                answers.append(Datagram.parse(data, sender, time.monotonic() - began))

    listen(began + seconds)
    if len(answers) < enough:
        listen(time.monotonic() + _FOR_LATE_ANSWERS, enough)
        listen(time.monotonic() + seconds)
    return answers


def search_each(host, messages, seconds, enough=0):
    """Sends all searches at once, each from a port of its own; the answers to each. `enough`: so many to each have to
    come, however late."""
    began = time.monotonic()
    endpoints = [start_search(host, message) for message in messages]
    try:
        return [collect([endpoint], began, seconds, enough) for endpoint in endpoints]
    finally:
        for endpoint in endpoints:
            endpoint.close()


def search(host, target, mx=1, wait=None, to=(GROUP, SSDP_PORT), source=None, enough=0):
    """Answers to one search within MX and a little for the way. `enough`: so many have to come, however late."""
    unicast = not ipaddress.ip_address(to[0]).is_multicast
    message = search_message(target, None if unicast else mx, f"{in_url(to[0]).upper()}:{to[1]}")
    began = time.monotonic()
    with contextlib.closing(start_search(host, message, to, source)) as endpoint:
        return collect([endpoint], began, wait or (1.0 if unicast else mx) + 0.3, enough)


class Advertisements:
    """Listens on the multicast group. Use as a context manager."""

    def __init__(self, host):
        self._host = host

    def __enter__(self):
        self._socket = self._host.socket(socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.setsockopt(socket.IPPROTO_IP, _IP_RECVTTL, 1)
        membership = socket.inet_aton(GROUP) + socket.inet_aton(self._host.address)
        self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        self._socket.bind((GROUP, SSDP_PORT))
        self._began = time.monotonic()
        self._heard = []
        return self

    def __exit__(self, *_):
        self._socket.close()

    def heard(self, subtype, seconds, enough=None):
        """The NOTIFY messages of one NTS heard so far, listening for further `seconds` or until `enough`."""
        deadline = time.monotonic() + seconds
        while enough is None or len(self._of(subtype)) < enough:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._socket], [], [], left)[0]:
                break
            self._receive()
        return self._of(subtype)

    def _of(self, subtype):
        return [message for message in self._heard if message.headers.get("nts") == subtype]

    def _receive(self):
        data, extras, _, sender = self._socket.recvmsg(65535, socket.CMSG_SPACE(4))
        if data.startswith(b"NOTIFY "):
            ttl = struct.unpack("i", extras[0][2])[0]
            self._heard.append(Datagram.parse(data, sender, time.monotonic() - self._began, ttl))


# --- HTTP ----------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Response:
    status: int
    headers: Headers
    body: bytes


class _Connection(http.client.HTTPConnection):
    def __init__(self, host, address, port, timeout):
        super().__init__(address, port, timeout=timeout)
        self._from = host

    def connect(self):
        self.sock = self._from.connect((self.host, self.port), self.timeout)


def connect(host, url, timeout=5.0):
    """A connection that can carry several requests, by http.client's interface."""
    place = urllib.parse.urlsplit(url)
    return _Connection(host, place.hostname, place.port or 80, timeout)


def exchange(connection, method, url, headers=None, body=None):
    place = urllib.parse.urlsplit(url)
    target = (place.path or "/") + (f"?{place.query}" if place.query else "")
    connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
    for name, value in {"HOST": place.netloc, **(headers or {})}.items():
        connection.putheader(name, value)
    if body is not None:
        connection.putheader("CONTENT-LENGTH", str(len(body)))
    connection.endheaders(body)
    response = connection.getresponse()
    return Response(response.status, Headers.parse(f"{n}:{v}" for n, v in response.getheaders()), response.read())


def request(host, method, url, headers=None, body=None, timeout=5.0, over=None):
    """`over`: a connection that is there already."""
    if over:
        return exchange(over, method, url, headers, body)
    with contextlib.closing(connect(host, url, timeout)) as connection:
        return exchange(connection, method, url, headers, body)


# --- Description ---------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Service:
    type: str
    id: str
    scpd_url: str
    control_url: str
    event_url: str


@dataclasses.dataclass(frozen=True)
class Device:
    type: str
    name: str
    udn: str
    services: list
    embedded: list

    def all(self):
        """This device and those embedded in it."""
        return [self] + [device for child in self.embedded for device in child.all()]

    def advertised(self):
        """The set of UDA 2.0, 1.2.2 for this root device: (NT, USN) of each."""
        pairs = {("upnp:rootdevice", f"{self.udn}::upnp:rootdevice")}
        for device in self.all():
            pairs |= {(device.udn, device.udn), (device.type, f"{device.udn}::{device.type}")}
            pairs |= {(service.type, f"{device.udn}::{service.type}") for service in device.services}
        return pairs


def describe(host, location, over=None):
    """Fetches and reads the device description; all URLs come back absolute."""
    response = request(host, "GET", location, over=over)
    if response.status != 200:
        raise AssertionError(f"GET {location}: {response.status}")
    return _read_device(xml.fromstring(response.body).find(DEVICE_NS + "device"), location)


def _read_device(element, base):
    def text(parent, name):
        return parent.findtext(DEVICE_NS + name, "")

    def url(parent, name):
        return urllib.parse.urljoin(base, text(parent, name))

    services = [Service(text(s, "serviceType"), text(s, "serviceId"), url(s, "SCPDURL"), url(s, "controlURL"),
                        url(s, "eventSubURL"))
                for s in element.iterfind(f"{DEVICE_NS}serviceList/{DEVICE_NS}service")]
    embedded = [_read_device(d, base) for d in element.iterfind(f"{DEVICE_NS}deviceList/{DEVICE_NS}device")]
    return Device(text(element, "deviceType"), text(element, "friendlyName"), text(element, "UDN"), services,
                  embedded)


# --- Control -------------------------------------------------------------------------------------------------


class UpnpFault(Exception):
    """The device answered with a UPnP error."""

    def __init__(self, code, description):
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description


def soap_body(service_type, action, arguments):
    lines = "".join(f"<{name}>{value}</{name}>" for name, value in arguments.items())
    return ('<?xml version="1.0"?>\n'
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
            ' s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>'
            f'<u:{action} xmlns:u="{service_type}">{lines}</u:{action}></s:Body></s:Envelope>').encode()


def call(host, service, action, timeout=5.0, over=None, **arguments):
    """Calls an action; returns its out arguments as text. Raises UpnpFault on a SOAP fault."""
    headers = {"CONTENT-TYPE": 'text/xml; charset="utf-8"', "SOAPACTION": f'"{service.type}#{action}"'}
    response = request(host, "POST", service.control_url, headers, soap_body(service.type, action, arguments), timeout,
                       over)
    if response.status not in (200, 500) or not response.body:
        raise AssertionError(f"{action}: status {response.status}, {len(response.body)} bytes")
    body = xml.fromstring(response.body).find(SOAP_NS + "Body")
    if response.status == 500:
        error = body.find(f"{SOAP_NS}Fault/detail/{CONTROL_NS}UPnPError")
        raise UpnpFault(int(error.findtext(CONTROL_NS + "errorCode")),
                        error.findtext(CONTROL_NS + "errorDescription"))
    answer = body.find(f"{{{service.type}}}{action}Response")
    return {argument.tag: argument.text for argument in answer}


# --- Eventing ------------------------------------------------------------------------------------------------


def subscribe(host, event_url, callback, timeout=1800):
    """`callback` is the whole header value, angle brackets included."""
    return request(host, "SUBSCRIBE", event_url,
                   {"CALLBACK": callback, "NT": "upnp:event", "TIMEOUT": f"Second-{timeout}"})


def renew(host, event_url, sid, timeout=1800):
    return request(host, "SUBSCRIBE", event_url, {"SID": sid, "TIMEOUT": f"Second-{timeout}"})


def unsubscribe(host, event_url, sid):
    return request(host, "UNSUBSCRIBE", event_url, {"SID": sid})


@dataclasses.dataclass(frozen=True)
class Event:
    target: str
    headers: Headers
    properties: dict
    at: float  # time.monotonic()

    @property
    def seq(self):
        return int(self.headers["seq"])

    @property
    def sid(self):
        return self.headers["sid"]


class _Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def server_bind(self):
        """Without the look-up of our own name that http.server does."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]

    def handle_error(self, *_):
        """A device that hangs up is no news here: the light is stopped before its subscribers."""


def start_server(host, address, handler):
    """An HTTP server of the host, on a free port, until shutdown() and server_close()."""
    family, at = host.endpoint(address, 0)
    listener = _Listener(at, handler, False)
    listener.socket.close()
    listener.socket = host.socket(socket.SOCK_STREAM, family)
    listener.server_bind()
    listener.server_activate()
    threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True).start()
    return listener


class EventServer:
    """Receives NOTIFY requests on a free port of the host, at one of its addresses. Use as a context manager.

    `keeps`: whether a connection is kept for the next one.
    """

    def __init__(self, host, address=None, keeps=True):
        self._host = host
        self._keeps = keeps
        self._address = address or host.address
        self.events = []
        self.problems = []
        self._news = threading.Condition()

    def __enter__(self):
        self._server = start_server(self._host, self._address, self._handler())
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self):
        return self._server.server_port

    def url(self, path="/events"):
        return f"http://{in_url(self._address)}:{self.port}{path}"

    def callback(self, path="/events"):
        return f"<{self.url(path)}>"

    def wait_for(self, count, seconds=5.0):
        """The events so far, once there are `count` of them; fails if they do not come."""
        with self._news:
            self._news.wait_for(lambda: len(self.events) >= count or self.problems, seconds)
            if self.problems:
                raise AssertionError(f"a NOTIFY that cannot be read: {self.problems}")
            if len(self.events) < count:
                raise AssertionError(f"{len(self.events)} events instead of {count} after {seconds} s: {self.events}")
            return list(self.events)

    def _record(self, handler):
        headers = Headers.parse(f"{name}:{value}" for name, value in handler.headers.items())
        body = xml.fromstring(handler.rfile.read(int(headers["content-length"])))
        if body.tag != EVENT_NS + "propertyset":
            raise ValueError(f"a {body.tag} instead of a propertyset")
        properties = {variable.tag: variable.text
                      for variable in body.iterfind(f"{EVENT_NS}property/*")}
        return Event(handler.path, headers, properties, time.monotonic())

    def _handler(self):
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_NOTIFY(self):
                with server._news:
                    try:
                        server.events.append(server._record(self))
                    except (KeyError, ValueError, xml.ParseError) as problem:
                        server.problems.append(str(problem))
                    server._news.notify_all()
                self.send_response_only(200)
                self.send_header("Content-Length", "0")
                if not server._keeps:
                    self.send_header("Connection", "close")
                self.end_headers()

            def log_message(self, *_):
                pass

        return Handler


SID_FORM = re.compile(r"uuid:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
SERVER_FORM = re.compile(r"[^ /]+/[^ ]+ UPnP/2\.0 [^ /]+/[^ ]+( .*)?")
