"""The Authorization header: a bearer token in its one right form, and whom it stands for."""

import re
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from api.errors import Refused, Unavailable
from api.web.answers import Header, Turned
from api.web.codes import Code

BEARER = re.compile(rb"bearer +([A-Za-z0-9_.~+/-]{1,2000}=*)", re.IGNORECASE)
CHALLENGE: Header = (b"www-authenticate", b'Bearer realm="meridian"')


class Viewer(Protocol):
    """As much of a viewer as the edge needs to know."""

    @property
    def is_authenticated(self) -> bool: ...


Known = TypeVar("Known", bound=Viewer)
Authenticate = Callable[[str], Awaitable[Viewer]]
"""Whom a token stands for; refuses (any `Refused` but `Unavailable`) a token that is unknown, revoked or expired."""


def token(authorization: list[bytes]) -> str | None:
    """Take the token from the Authorization headers of a request; None when there are none."""
    if not authorization:
        return None
    found = BEARER.fullmatch(authorization[0].strip()) if len(authorization) == 1 else None
    if not found:
        raise unauthenticated("The Authorization header is not understood: send it once, as Bearer and a token.")
    return found[1].decode()


async def viewer_of(found: str, authenticate: Callable[[str], Awaitable[Known]]) -> Known:
    try:
        return await authenticate(found)
    except Unavailable:
        raise
    except Refused as error:
        raise unauthenticated(
            "This token is unknown, revoked or expired: sign in again, or leave the Authorization header out."
        ) from error


def unauthenticated(message: str) -> Turned:
    return Turned(401, Code.UNAUTHENTICATED, message, headers=[CHALLENGE])
