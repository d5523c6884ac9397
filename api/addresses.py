"""Addresses on the network (pure): which may be reached from here, and which are neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_interface, ip_network
from urllib.parse import SplitResult, urlsplit

from api.errors import Invalid

PORTS = {"http": 80, "https": 443}
LONGEST = 2048
NAT64 = IPv6Network("64:ff9b::/96")
UNICAST = IPv6Network("2000::/3")
# Global as Python has it, and still no public host: 6to4, protocols, documentation, a cloud's own.
DENIED = tuple(
    map(ip_network, ("2002::/16", "2001::/23", "3fff::/20", "192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"))
)
LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
NAME = re.compile(rf"{LABEL}(?:\.{LABEL})*\.?", re.IGNORECASE)
NUMERIC = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)


class BadAddress(Invalid):
    """Give an address that begins with https://, with a public host and without a user name."""


@dataclass(frozen=True)
class Target:
    """Where a request goes: the host as it is named, and the port."""

    scheme: str
    host: str
    port: int

    @property
    def named(self) -> str:
        """The host as the `Host` header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def target(url: str, ports: frozenset[int], *, any_port: bool = False) -> Target:
    """Take the address apart, or refuse it; nothing is looked up. Only a host with a strict spelling passes."""
    if len(url) > LONGEST or not url.isascii() or re.search(r"[\x00-\x20\x7f\\]", url):
        raise BadAddress("The address is too long or has signs that no address has: write it in plain ASCII.")
    parts, host, port = _parts(url)
    if parts.scheme not in PORTS:
        raise BadAddress("The address must begin with https:// or http://.")
    if "@" in parts.netloc:
        raise BadAddress("The address must not carry a user name or a password.")
    if not _is_strict(host):
        raise BadAddress("The host is not understood: give a name, or an IP address in its usual spelling.")
    port = PORTS[parts.scheme] if port is None else port
    if port not in ports and not any_port:
        raise BadAddress(f"Port {port} is not allowed: use {' or '.join(map(str, sorted(ports)))}.")
    return Target(parts.scheme, host, port)


def is_public(address: str, *, loopback: bool = False) -> bool:
    """Whether an IP address may be reached; what is wrapped into IPv6 counts as what it wraps."""
    try:
        found = _unwrapped(ip_address(address))
    except ValueError:
        return False
    if found.is_loopback:
        return loopback
    if isinstance(found, IPv6Address) and found not in UNICAST:
        return False
    inner = any(found in network for network in DENIED if network.version == found.version)
    return found.is_global and not (inner or found.is_multicast or found.is_reserved or found.is_unspecified)


@lru_cache(maxsize=1_000)
def neighbourhood(address: str | None, *, v4: int = 24, v6: int = 48) -> str:
    """The network of that many bits around an address or a smaller network, else what was given; empty without one.

    A /24 is one household or small network; a /48 holds all that one IPv6 subscriber has.
    """
    try:
        network = ip_interface(address or "").network
        return str(network.supernet(new_prefix=v4 if isinstance(network, IPv4Network) else v6))
    except ValueError:
        return address or ""


def _parts(url: str) -> tuple[SplitResult, str, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadAddress from None
    return parts, parts.hostname or "", port


def _is_strict(host: str) -> bool:
    """A name, or an IP address as it is usually written; not `127.1`, `0x7f000001`, `017700000001`, `[::1%eth0]`."""
    try:
        ip_address(host)
    except ValueError:
        last = host.rstrip(".").rpartition(".")[2]
        return len(host) <= 253 and bool(NAME.fullmatch(host)) and not NUMERIC.fullmatch(last)  # noqa: PLR2004 - RFC 1035
    return "%" not in host


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    return IPv4Address(address.packed[-4:]) if address in NAT64 else address
