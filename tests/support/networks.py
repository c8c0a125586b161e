# SPDX-License-Identifier: BSL-1.0
"""Networks of any form, made of Linux network namespaces, and a witness of every packet in them.

segment.Segment is the network that most scenarios need. Here are the parts for the others: hosts with several
interfaces and addresses, LANs, wires between two hosts, tunnels without multicast.
"""

import dataclasses
import fcntl
import ipaddress
import json
import os
import select
import socket
import struct
import subprocess
import threading

import segment


class Network:
    """Use as a context manager: the namespaces exist inside the `with` block."""

    def __init__(self):
        self._prefix = f"onl-{os.getpid()}-"
        self.hosts = []
        self._switch = None
        self._ports = 0
        self._closing = []

    def __enter__(self):
        segment._remove_leftovers()
        self._switch = segment.Host(self._prefix + "switch", None, None)
        self._add(self._switch)
        return self

    def __exit__(self, *_):
        for close in reversed(self._closing):
            close()
        for host in [*self.hosts, self._switch]:
            subprocess.run(["ip", "netns", "delete", host.name], stderr=subprocess.DEVNULL)

    # --- Parts -----------------------------------------------------------------------------------------------

    def host(self, name, address=None, interface="seg0"):
        """A host that has nothing but loopback yet. `address` and `interface` are those it is known by."""
        host = segment.Host(self._prefix + name, address, interface)
        self._add(host)
        self.hosts.append(host)
        setattr(self, name, host)
        return host

    def lan(self, name):
        # Snooping off: without a querier on it, a bridge that snoops may withhold the multicasts of SSDP.
        self.ip(self._switch, f"link add name {name} type bridge mcast_snooping 0")
        self.ip(self._switch, f"link set {name} up")
        return name

    def plug(self, host, lan, *addresses, interface="seg0", at_once=False):
        """Connects the host to the LAN by an interface with these addresses, written with their prefix lengths.

        `at_once`: it comes up when it has them (IPv4), so that to the host all of it is one change. Returns the name of
        the switch's port, for carrier().
        """
        self._ports += 1
        port = f"port{self._ports}"
        self.ip(self._switch, f"link add name {port} type veth peer name {interface} netns {host.name}")
        self.ip(self._switch, f"link set dev {port} master {lan} up")
        if at_once:
            self.give(host, interface, *addresses)
        self.ip(host, f"link set {interface} up")
        if not at_once:
            self.give(host, interface, *addresses)
        return port

    def carrier(self, port, on):
        """The cable of a port is put in, or drawn."""
        self.ip(self._switch, f"link set dev {port} {'up' if on else 'down'}")

    def give(self, host, interface, *addresses):
        for address in addresses:
            # Without duplicate detection, IPv6 addresses are there at once.
            how = "nodad" if ":" in address else "broadcast +"
            self.ip(host, f"address add {address} {how} dev {interface}")

    def wire(self, one, one_interface, other, other_interface):
        """Two hosts, directly: an Ethernet cable. Addresses are the caller's business."""
        self.ip(one, f"link add name {one_interface} type veth peer name {other_interface} netns {other.name}")
        self.ip(one, f"link set {one_interface} up")
        self.ip(other, f"link set {other_interface} up")

    def tunnel(self, one, other, interface="tun0"):
        """Two hosts, point to point, no link-layer addresses and no multicast, as WireGuard's interfaces are."""
        ends = [_open_tun(host, interface) for host in (one, other)]
        for host in (one, other):
            self.ip(host, f"link set dev {interface} multicast off up")
        carrier = _Carrier(*ends)
        self._closing.append(carrier.close)

    def ip(self, host, command):
        return segment._run("ip", "-netns", host.name, *command.split())

    def set(self, host, **settings):
        """Kernel settings, a dot written as two underscores: net__ipv4__ip_forward=1."""
        for name, value in settings.items():
            segment.Segment._set(host, name.replace("__", "/"), value)

    def forward(self, host):
        self.set(host, net__ipv4__ip_forward=1, net__ipv6__conf__all__forwarding=1)

    def believe_anything(self, host):
        """No check of sources: packets are taken whichever way they come."""
        with host.inside():
            interfaces = os.listdir("/proc/sys/net/ipv4/conf")
        for interface in interfaces:
            self.set(host, **{f"net__ipv4__conf__{interface}__rp_filter": 0,
                              f"net__ipv4__conf__{interface}__accept_local": 1})

    # --- What there is ---------------------------------------------------------------------------------------

    def addresses(self, host, interface=None):
        """All addresses of the host, or of one interface, as text."""
        listing = json.loads(self.ip(host, "-json address show"))
        return {entry["local"] for link in listing if interface in (None, link["ifname"])
                for entry in link["addr_info"] if "local" in entry}

    def link_local(self, host, interface="seg0"):
        return next(a for a in self.addresses(host, interface) if a.startswith("fe80:"))

    def acquaint(self, host, *addresses):
        """Makes the host look for these neighbours, by ARP or neighbour discovery, and waits until it found them."""
        for address in addresses:
            family, to = host.endpoint(address, 9)
            with host.socket(socket.SOCK_DGRAM, family) as endpoint:
                endpoint.sendto(b"", to)

        def unknown():
            listing = json.loads(self.ip(host, "-json neighbour show"))
            return set(addresses) - {entry["dst"] for entry in listing if "lladdr" in entry}

        segment.wait_until(lambda: not unknown(), f"{host.name} finds all of {addresses}")

    def _add(self, host):
        segment._run("ip", "netns", "add", host.name)
        self.ip(host, "link set lo up")
        self.set(host, net__ipv6__conf__default__accept_dad=0)


# --- Tunnels -------------------------------------------------------------------------------------------------

_TUNSETIFF = 0x400454CA
_IFF_TUN = 0x0001
_IFF_NO_PI = 0x1000


def _open_tun(host, interface):
    with host.inside():
        end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(end, _TUNSETIFF, struct.pack("16sH22x", interface.encode(), _IFF_TUN | _IFF_NO_PI))
    return end


class _Carrier:
    """Carries packets between two tun devices."""

    def __init__(self, one, other):
        self._ends = {one: other, other: one}
        self._stop, self._stopped = os.pipe()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self):
        os.write(self._stopped, b"x")
        self._thread.join(timeout=5)
        for end in (*self._ends, self._stop, self._stopped):
            os.close(end)

    def _run(self):
        while True:
            ready = select.select([*self._ends, self._stop], [], [])[0]
            if self._stop in ready:
                return
            for end in ready:
                try:
                    os.write(self._ends[end], os.read(end, 65536))
                except OSError:
                    pass  # the device is down: so is the cable


# --- Forgery -------------------------------------------------------------------------------------------------


def forge_search(host, source, target, port=1900):
    """Sends a unicast M-SEARCH that claims to come from a port of another host."""
    message = (f"M-SEARCH * HTTP/1.1\r\nHOST: {target}:1900\r\nMAN: \"ssdp:discover\"\r\nST: ssdp:all\r\n\r\n").encode()
    _forge(host, source, target, 17, struct.pack("!HHHH", port, 1900, 8 + len(message), 0) + message, checksum_at=6)


def forge_syn(host, source, target, port):
    """Sends the first packet of a TCP connection that claims to come from another host."""
    _forge(host, source, target, 6, struct.pack("!HHIIBBHHH", 40000, port, 7, 0, 5 << 4, SYN, 65535, 0, 0),
           checksum_at=16)


def forge_port_unreachable(host, source, target, group, port=1900):
    """Sends an ICMP error (RFC 792) that claims a datagram from the target's port to that of a group has met nobody."""
    quoted = struct.pack("!BBHHHBBH", 0x45, 0, 36, 0, 0, 2, 17, 0) + socket.inet_aton(target) + socket.inet_aton(group)
    quoted += struct.pack("!HHHH", port, port, 16, 0)
    message = struct.pack("!BBHI", 3, 3, 0, 0) + quoted
    _send_raw(host, source, target, 1, message[:2] + struct.pack("!H", _checksum(message)) + message[4:])


def _forge(host, source, target, protocol, payload, checksum_at):
    family = socket.AF_INET6 if ":" in target else socket.AF_INET
    ends = socket.inet_pton(family, source) + socket.inet_pton(family, target)
    checksum = _checksum(ends + struct.pack("!II", protocol, len(payload)) + payload)
    _send_raw(host, source, target, protocol,
              payload[:checksum_at] + struct.pack("!H", checksum) + payload[checksum_at + 2:])


def _send_raw(host, source, target, protocol, payload):
    family = socket.AF_INET6 if ":" in target else socket.AF_INET
    ends = socket.inet_pton(family, source) + socket.inet_pton(family, target)
    if family == socket.AF_INET:  # the system fills in length and checksum
        header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0) + ends
    else:
        header = struct.pack("!IHBB", 6 << 28, len(payload), protocol, 64) + ends
    with host.inside(), socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        raw.sendto(header + payload, (target, 0))


def _checksum(data):
    """Of the Internet: RFC 1071."""
    total = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


# --- The witness ---------------------------------------------------------------------------------------------

_ETH_P_ALL = 0x0003
_ETH_P_IP = 0x0800
_ETH_P_ARP = 0x0806
_ETH_P_IPV6 = 0x86DD
_MOST_AT_ONCE = 10000
_OUTGOING = 4  # PACKET_OUTGOING
_SO_RCVBUFFORCE = 33  # Linux; Python 3.11 has no names for these
_SO_TIMESTAMPNS = 35
_TAP_BUFFER = 8 << 20  # a large device tree announces itself in thousands of datagrams
_PROTOCOLS = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmpv6"}
SYN, RST, ACK = 0x02, 0x04, 0x10


@dataclasses.dataclass(frozen=True)
class Packet:
    """An IP packet or an ARP message (protocol "arp": who asks, and for whom), as one host saw it."""

    host: str
    interface: str
    outgoing: bool
    source: str
    target: str
    protocol: str
    hops: int = None
    ports: tuple = (None, None)
    flags: int = 0
    payload: bytes = b""  # of UDP
    at: float = 0.0  # seconds since 1970, by the kernel's stamp

    @property
    def group(self):
        """Whether it is for many: multicast or broadcast, or neighbour discovery, which is ARP by another name."""
        target = ipaddress.ip_address(self.target)
        return target.is_multicast or self.target.endswith(".255")


class Witness:
    """Sees every packet of these hosts, on all their interfaces, both ways. Use as a context manager."""

    def __init__(self, hosts):
        self._hosts = list(hosts)
        self._packets = []
        self._lock = threading.Lock()

    def __enter__(self):
        self._sockets = {}
        for host in self._hosts:
            with host.inside():
                tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ETH_P_ALL))
            tap.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _TAP_BUFFER)
            tap.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
            tap.setblocking(False)
            self._sockets[tap] = host.name.rsplit("-", 1)[1]
        self._stop, self._stopped = os.pipe()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        os.write(self._stopped, b"x")
        self._thread.join(timeout=5)
        for tap in self._sockets:
            tap.close()
        os.close(self._stop)
        os.close(self._stopped)

    def seen(self, wanted=lambda packet: True):
        with self._lock:
            self._take_what_waits()
            return [packet for packet in self._packets if wanted(packet)]

    def forget(self):
        with self._lock:
            self._take_what_waits()
            self._packets.clear()

    def _run(self):
        """Empties the taps before they overflow."""
        while True:
            ready = select.select([*self._sockets, self._stop], [], [])[0]
            if self._stop in ready:
                return
            with self._lock:
                self._take_what_waits()

    def _take_what_waits(self):
        for tap, host in self._sockets.items():
            for _ in range(_MOST_AT_ONCE):
                try:
                    data, extras, _, (interface, protocol, kind, *_) = tap.recvmsg(65535, socket.CMSG_SPACE(16))
                except BlockingIOError:
                    break
                except OSError:
                    continue  # an interface went down
                packet = _read(data, protocol, host, interface, kind == _OUTGOING)
                if packet:
                    self._packets.append(dataclasses.replace(packet, at=_stamp(extras)))


def _stamp(extras):
    for level, kind, value in extras:
        if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS):
            seconds, nanoseconds = struct.unpack("qq", value)
            return seconds + nanoseconds / 1e9
    return 0.0


def _read(data, protocol, host, interface, outgoing):
    if protocol == _ETH_P_ARP and len(data) >= 28:
        return Packet(host, interface, outgoing, socket.inet_ntoa(data[14:18]), socket.inet_ntoa(data[24:28]), "arp")
    if protocol == _ETH_P_IP and len(data) >= 20:
        source, target = (socket.inet_ntoa(data[at:at + 4]) for at in (12, 16))
        hops, number, payload = data[8], data[9], data[4 * (data[0] & 15):]
    elif protocol == _ETH_P_IPV6 and len(data) >= 40:
        source, target = (socket.inet_ntop(socket.AF_INET6, data[at:at + 16]) for at in (8, 24))
        hops, number, payload = data[7], data[6], data[40:]
    else:
        return None
    ports, flags, content = (None, None), 0, b""
    name = _PROTOCOLS.get(number, str(number))
    if name in ("tcp", "udp") and len(payload) >= 4:
        ports = struct.unpack("!HH", payload[:4])
    if name == "udp":
        content = payload[8:struct.unpack("!H", payload[4:6])[0]] if len(payload) >= 8 else b""
    if name == "tcp" and len(payload) >= 14:
        flags = payload[13]
    if name == "icmpv6" and payload and 133 <= payload[0] <= 137:
        name = "nd"
    return Packet(host, interface, outgoing, source, target, name, hops, ports, flags, content)
