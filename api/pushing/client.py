"""The way to a Meridian: one GraphQL document at a time, and every fault in one plain sentence without the token."""

import ipaddress
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from api.errors import Forbidden, Invalid, Unavailable

SECONDS = 60
PAGE = 20


class Insecure(Invalid):
    """The address has to begin with https://, or the token could be read on its way."""


class Unreachable(Unavailable):
    """The server cannot be reached."""


class NotAllowed(Forbidden):
    """The server does not let this token do that."""


class Rejected(Invalid):
    """The server does not accept this."""


class Client:
    """Asks the server at an address, as the holder of a token."""

    def __init__(self, url: str, token: str) -> None:
        self.url = address(url)
        if not token.isascii() or not token.isprintable() or not token or " " in token:
            raise Invalid("This is not a token: one begins with mrd_ and has no spaces.")
        headers = {"authorization": f"Bearer {token}", "accept": "application/json"}
        self._http = httpx.Client(headers=headers, timeout=SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def ask(self, document: str, **variables: object) -> Mapping[str, Any]:
        """Return the data that a document is answered with."""
        try:
            answer = self._http.post(f"{self.url}/graphql", json={"query": document, "variables": variables})
        except httpx.TimeoutException:
            raise Unreachable(f"{self.url} did not answer within {SECONDS} seconds: try again.") from None
        except (httpx.HTTPError, OSError):
            raise Unreachable(f"{self.url} cannot be reached: check the address and that the API runs.") from None
        return self._data(answer)

    def all(self, document: str, *path: str) -> Iterator[Mapping[str, Any]]:
        """Yield the nodes of every page of a connection; the document takes `$first` and `$after`."""
        after: str | None = None
        while True:
            found: Any = self.ask(document, first=PAGE, after=after)
            for name in path:
                found = found[name] if found else None
            if not found:
                raise NotAllowed("This token may not write here: use the token of an author or an editor.")
            yield from found["nodes"]
            if not found["pageInfo"]["hasNextPage"]:
                return
            after = found["pageInfo"]["endCursor"]

    def _data(self, answer: httpx.Response) -> Mapping[str, Any]:
        try:
            content = answer.json()
            errors, data = content.get("errors"), content.get("data")
        except (ValueError, AttributeError):
            raise Unreachable(
                f"{self.url} answered with status {answer.status_code} and not as a Meridian: check the address."
            ) from None
        if errors:
            _refuse(errors[0])
        if not isinstance(data, dict):
            raise Unreachable(f"{self.url} answered without data: check the address.")
        return data


def address(url: str) -> str:
    """Return the base address of the API; only a loopback address may do without TLS."""
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Invalid("This is no address: one looks like https://api.clinic.example.") from None
    if not host or parts.scheme not in {"http", "https"} or parts.query or parts.fragment:
        raise Invalid("This is no address: one looks like https://api.clinic.example.")
    if parts.username is not None or parts.password is not None:
        raise Invalid("Leave name and password out of the address: the token says who asks.")
    if parts.scheme == "http" and not _is_loopback(host):
        raise Insecure
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix('/graphql')}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse(error: Mapping[str, Any]) -> None:
    code = (error.get("extensions") or {}).get("code")
    message = str(error.get("message", "The server gives no reason."))
    if code == "UNAUTHENTICATED":
        raise NotAllowed("The server does not know this token: it was revoked, has expired or is another server's.")
    if code == "FORBIDDEN":
        raise NotAllowed(message)
    if code in {"UNAVAILABLE", "INTERNAL", "THROTTLED"}:
        raise Unreachable(f"The server cannot do that now: {message}")
    raise Rejected(message)
