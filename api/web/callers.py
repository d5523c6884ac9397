r"""Which machine calls: the clinic's own site, which signs its calls, or an address of which only the prefix is kept.

The site's header is `Meridian-Site: t=<unix seconds>,ip=<reader's address>,v1=<hex HMAC-SHA256>` over the bytes of
`{t}\n{ip}\n{METHOD}\n{target}\n{hex sha256 of the body}`, the target being path and query exactly as sent. It is no
Authorization: what the reader may see stays what anybody may see.
"""

import hmac
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import structlog
from starlette.types import Scope

from api.errors import Invalid

HEADER = re.compile(rb"t=([0-9]{1,12}),ip=([0-9a-fA-F.:]{2,45}),v1=([0-9a-f]{64})")
VALID_FOR = 60
"""Seconds; also how far the two clocks may differ."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Caller:
    """Who is at the other end of the wire: the site on behalf of a reader, or anybody.

    `address_prefix` stands for the reader in limits: one IPv4 address, or the /64 that one IPv6 subscriber has; None
    when it is not known.
    """

    site: bool
    address_prefix: str | None


@dataclass(frozen=True)
class Callers:
    """Tells callers apart, by the site's `key` (HKDF purpose `meridian/site`) and the `proxies` that are believed."""

    key: bytes
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    now: Callable[[], float] = field(default=time.time)

    def of(self, scope: Scope, body: bytes) -> Caller:
        signed = values(scope, b"meridian-site")
        if signed:
            address = self._signed_address(scope, signed, body)
            if address:
                return Caller(site=True, address_prefix=prefix(address))
            log.warning("site_signature_refused", hint="check that site and API share SECRET_KEY and the time of day")
        return _anybody(self._address(scope))

    def _signed_address(self, scope: Scope, signed: Sequence[bytes], body: bytes) -> str | None:
        found = HEADER.fullmatch(signed[0]) if len(signed) == 1 else None
        if not found:
            return None
        moment, address, signature = found.groups()
        target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        told = b"\n".join([moment, address, scope["method"].encode(), target, sha256(body).hexdigest().encode()])
        genuine = hmac.compare_digest(hmac.new(self.key, told, sha256).hexdigest().encode(), signature)
        fresh = abs(self.now() - int(moment)) <= VALID_FOR
        return address.decode() if genuine and fresh else None

    def _address(self, scope: Scope) -> str:
        """Find the nearest address that is no proxy of ours; a stranger's X-Forwarded-For counts for nothing."""
        peer: str = (scope.get("client") or ("", 0))[0]
        forwarded = values(scope, b"x-forwarded-for")
        if not (forwarded and self.proxies):
            return peer
        hops = [hop.strip() for hop in b",".join(forwarded).decode("latin-1").split(",") if hop.strip()]
        while hops and self._believed(peer):
            peer = hops.pop()
        return peer

    def _believed(self, peer: str) -> bool:
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self.proxies)


def networks(names: Sequence[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    """Read the peers that TRUSTED_PROXIES names, each an address or a network such as 10.0.0.0/8."""
    try:
        return tuple(ip_network(name) for name in names)
    except ValueError as error:
        raise Invalid(f"TRUSTED_PROXIES is not understood ({error}): give addresses or networks.") from error


@lru_cache(maxsize=1_000)
def prefix(address: str) -> str | None:
    """What of an address stands for whoever uses it; None where it is none."""
    try:
        found = ip_address(address)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        return prefix(str(found.ipv4_mapped)) if found.ipv4_mapped else str(ip_network((found, 64), strict=False))
    return str(found)


@lru_cache(maxsize=1_000)
def _anybody(address: str) -> Caller:
    return Caller(site=False, address_prefix=prefix(address))


def values(scope: Scope, name: bytes) -> list[bytes]:
    """Every value of a header, in the order sent."""
    return [value for key, value in scope["headers"] if key == name]
