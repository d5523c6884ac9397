"""The only door outward: one request to a public address, without redirects, and no more of its answer than is wanted.

Names are looked up here, once, and every address that is found must be public before anything is connected; the
connection then goes to the very address that was checked, where httpx-secure checks it again. (Left to itself it opens
a connection to each address of a name before it looks whether it may.)
"""

from __future__ import annotations

import asyncio
import functools
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING

import httpx
from httpx_secure import SSRFProtectionError, httpx_ssrf_protection

from api.addresses import BadAddress, Target, is_public, target
from api.errors import Invalid, Refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

MOST = 65_536
SECONDS = 10.0
CONNECTING = 4.0
TRIED = 3
LOOKUPS = 64
AGENT = "Meridian/1"
WAYS = frozenset({80, 443})


class OutboundRefused(Invalid):
    """This address may not be reached from here: give a public one."""


class OutboundFailed(Refused):
    """There was no answer."""


@dataclass(frozen=True)
class Answer:
    """What came back; the body is cut where nobody wants more of it. A redirect is an answer, and is not followed."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class _Wanted:
    """A request as it was asked for."""

    target: Target
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    most: int

    def request(self, client: httpx.AsyncClient, address: str) -> httpx.Request:
        """The request to one address; the host keeps its name in the header and in the certificate that is wanted."""
        own = {"host": self.target.named, "user-agent": AGENT, "accept": "*/*", "accept-encoding": "identity"}
        place = httpx.URL(self.url).copy_with(host=address, port=self.target.port)
        named = {"sni_hostname": self.target.host.rstrip(".")}
        headers = {name.lower(): value for name, value in self.headers.items()} | own
        return client.build_request(self.method, place, headers=headers, content=self.body or None, extensions=named)


class Outbound:
    """Sends requests outward. `look_up` gives the addresses of a host; the machine's own resolver does by default."""

    def __init__(
        self,
        *,
        allow_loopback: bool = False,
        ports: frozenset[int] = WAYS,
        look_up: Callable[[str, int], Awaitable[Sequence[str]]] | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self._loopback = allow_loopback
        self._ports = ports
        self._look_up = look_up or _look_up
        self._seconds = seconds

    def check(self, url: str) -> Target:
        """Where the address leads, as far as can be told without a look-up; refused when it may not be reached."""
        try:
            found = target(url, self._ports, any_port=self._loopback)
        except BadAddress as refusal:
            raise OutboundRefused(refusal.message) from None
        host = found.host.rstrip(".")
        literal = ":" in host or host.replace(".", "").isdecimal()
        if (literal and not self._may(host)) or (host.lower() == "localhost" and not self._loopback):
            raise OutboundRefused
        return found

    async def send(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b"", *, most: int = MOST
    ) -> Answer:
        """The answer to one request, within ten seconds in all; up to `most` bytes of its body, as they came."""
        wanted = _Wanted(self.check(url), method, url, headers or {}, body, most)
        try:
            async with asyncio.timeout(self._seconds):
                return await self._first(await self._addresses(wanted.target), wanted)
        except SSRFProtectionError:
            raise OutboundRefused from None
        except TimeoutError:
            raise OutboundFailed(f"There was no whole answer within {self._seconds:g} seconds.") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise OutboundFailed(f"There was no answer: {_reason(error)}.") from error

    async def _addresses(self, wanted: Target) -> Sequence[str]:
        """All addresses of the host, every one of them allowed."""
        try:
            found = await self._look_up(wanted.host, wanted.port)
        except (OSError, UnicodeError):
            raise OutboundFailed("There was no answer: the host's name is not known.") from None
        if not found:
            raise OutboundFailed("There was no answer: the host's name has no address.")
        if not all(map(self._may, found)):
            raise OutboundRefused
        if wanted.port not in self._ports and any(map(is_public, found)):
            raise OutboundRefused(f"Port {wanted.port} is not allowed: any port will do on this machine alone.")
        return found[:TRIED]

    async def _first(self, addresses: Sequence[str], wanted: _Wanted) -> Answer:
        """The answer of the first address that can be connected to."""
        for address in addresses[:-1]:
            try:
                return await self._ask(address, wanted)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._ask(addresses[-1], wanted)

    async def _ask(self, address: str, wanted: _Wanted) -> Answer:
        answer = await self._client.send(wanted.request(self._client, address), stream=True)
        try:
            read = await _read(answer, wanted.most)
        finally:
            await answer.aclose()
        return Answer(answer.status_code, dict(answer.headers), read)

    @functools.cached_property
    def _client(self) -> httpx.AsyncClient:
        """One for all requests, which keeps nothing between them: no cookie, and no connection.

        A connection that was made for one host must never be used for another one at the same address.
        """
        nothing = CookieJar(DefaultCookiePolicy(allowed_domains=()))
        client = httpx.AsyncClient(
            verify=httpx.create_ssl_context(),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(self._seconds, connect=CONNECTING),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
            cookies=nothing,
        )
        return httpx_ssrf_protection(
            client,
            check_globally_reachable=False,
            custom_validator=lambda _host, address, _port: self._may(str(address)),
        )

    def _may(self, address: str) -> bool:
        return is_public(address, loopback=self._loopback)


async def _read(answer: httpx.Response, most: int) -> bytes:
    """The first bytes of a body, as they came; nothing is unpacked."""
    read = b""
    if most:
        async for piece in answer.aiter_raw():
            read += piece
            if len(read) >= most:
                break
    return read[:most]


# Of its own: names that take long to look up must not stand in the way of the program's other threads.
_lookups = ThreadPoolExecutor(LOOKUPS, "look-up")


async def _look_up(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(_lookups, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _reason(error: Exception) -> str:
    """What went wrong in a few words, without anything that the other side said."""
    kinds = {
        httpx.ConnectTimeout: "the connection was not made in time",
        httpx.ConnectError: "the connection was not made",
        httpx.ReadTimeout: "nothing came for too long",
        httpx.RemoteProtocolError: "what came is no HTTP",
        httpx.ReadError: "the connection broke",
        httpx.WriteError: "the connection broke",
    }
    return next((said for kind, said in kinds.items() if isinstance(error, kind)), "the connection failed")
