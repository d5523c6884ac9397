"""`POST /websub`: where others subscribe to our feeds. It answers in plain text, as the Recommendation asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.routing import Route

from api.errors import Refused, Unavailable
from api.syndication.websub import subscribing
from api.syndication.websub.subscribing import Asked
from api.web.answers import NO_STORE, Answer, Header, Turned
from api.web.callers import values
from api.web.codes import SENTENCES, Code
from api.web.graphql.buckets import Buckets, Payer
from api.web.graphql.reading import read_body

if TYPE_CHECKING:
    from starlette.routing import BaseRoute
    from starlette.types import Receive, Scope, Send

    from api.outbound import Outbound
    from api.web.callers import Callers

MOST_BYTES = 16_384
MOST_PARAMETERS = 50
SECONDS = 10.0
FORM = b"application/x-www-form-urlencoded"
TEXT: Header = (b"content-type", b"text/plain; charset=utf-8")
PER_MINUTE = 120
"""Requests of one address; and those that name one host as their callback, whoever sends them."""


@dataclass(frozen=True)
class Hub:
    """The door of the hub; `key` masks the secrets of subscribers."""

    site: str
    key: bytes = field(repr=False)
    outbound: Outbound
    callers: Callers
    away: tuple[type[Exception], ...] = ()
    buckets: Buckets = field(default_factory=Buckets)

    def routes(self) -> list[BaseRoute]:
        return [Route("/websub", _Door(self), methods=["POST"])]

    async def answer(self, scope: Scope, receive: Receive) -> Answer:
        try:
            body = await _body(scope, receive)
            await self._count(f"address {self.callers.of(scope, body).address_prefix}")
            asked = Asked.read(_parameters(body), self.site)
            await self._count(f"host {self.outbound.check(asked.callback).host.lower()}")
            await subscribing.accept(asked, self.outbound, self.key)
        except Turned as turned:
            return _said(turned.status, turned.message, *turned.headers)
        except subscribing.Crowded as refusal:
            return _said(429, refusal.message, (b"retry-after", b"60"))
        except Unavailable:
            raise
        except Refused as refusal:
            return _said(400, refusal.message)
        except self.away as error:
            raise Unavailable(SENTENCES[Code.UNAVAILABLE]) from error
        return _said(202, "Your callback will be asked whether it wants this.")

    async def _count(self, name: str) -> None:
        level = await self.buckets.take(Payer(f"websub {name}", PER_MINUTE), 1)
        if level.wait:
            sentence = f"At most {PER_MINUTE} requests a minute: try again in {level.wait} seconds."
            raise Turned(429, Code.THROTTLED, sentence, headers=[(b"retry-after", b"%d" % level.wait)])


@dataclass(frozen=True)
class _Door:
    """The hub as ASGI."""

    hub: Hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self.hub.answer(scope, receive)
        await answer.send(send)


async def _body(scope: Scope, receive: Receive) -> bytes:
    kinds = values(scope, b"content-type")
    if len(kinds) != 1 or kinds[0].partition(b";")[0].strip().lower() != FORM:
        raise Turned(415, Code.BAD_USER_INPUT, "Send a form: Content-Type: application/x-www-form-urlencoded.")
    (declared, *_) = [*values(scope, b"content-length"), None]
    return await read_body(receive, most=MOST_BYTES, declared=declared, seconds=SECONDS)


def _parameters(body: bytes) -> dict[str, str]:
    """The parameters of the form; refused when one of the hub's own stands there twice."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except ValueError as error:
        sentence = f"The form is not valid UTF-8, or has more than {MOST_PARAMETERS} parameters."
        raise Turned(400, Code.BAD_USER_INPUT, sentence) from error
    ours = [name for name, _ in pairs if name.startswith("hub.")]
    if len(set(ours)) != len(ours):
        raise Turned(400, Code.BAD_USER_INPUT, "The form names a parameter of the hub twice: give each one once.")
    return dict(pairs)


def _said(status: int, sentence: str, *headers: Header) -> Answer:
    return Answer(status, f"{sentence}\n".encode(), (TEXT, NO_STORE, *headers))
