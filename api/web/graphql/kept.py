"""Answers that are kept for everybody who has no token: found, made once for many, and sent as they are.

Whatever comes with an Authorization header, right or wrong, neither gets anything from here nor leaves anything.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

import orjson
from graphql import ExecutionResult, GraphQLSchema, OperationType
from starlette.types import Scope

from api.caching import Cache, Kept, Made
from api.web.answers import Answer, Turned
from api.web.codes import Code, Codes, code_of
from api.web.graphql import shapes
from api.web.graphql.bills import Bill
from api.web.graphql.buckets import Buckets
from api.web.graphql.errors import FAULTS, origin
from api.web.graphql.exchange import Exchange
from api.web.graphql.execution import Question
from api.web.graphql.reach import Depends, Reach, reach
from api.web.graphql.responses import HOT, TIMINGS, Whole, respond, temperature_of
from api.web.graphql.shapes import STALE, Ready, Shape, Told, encoding_for

MOST_REACHES = 2_000
LONGEST_WAY = 16_000
CLOSER = frozenset({b"authorization", b"content-length", b"transfer-encoding"})
"""Headers of requests that are not answered at first sight."""
OF_A_BODY = frozenset({b"content-type", b"content-encoding"})
COST = b',"extensions":{"cost":'

Run = Callable[[Question], Awaitable[ExecutionResult]]


@dataclass
class Answers:
    """The cache as the endpoint uses it: what depends on HTTP and on GraphQL."""

    cache: Cache
    schema: GraphQLSchema
    depends: Depends
    _reaches: OrderedDict[str, Reach] = field(default_factory=OrderedDict)
    _paying: WeakValueDictionary[Hashable, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def at_once(self, scope: Scope) -> tuple[Ready, bytes] | None:
        """The answer to a GET that was asked in exactly this way before, while it holds; and the id it came with."""
        if not self.cache.line.stands:
            return None
        way, condition, identity = _way(scope)
        found: Shape | None = self.cache.store.form(way) if way else None
        if found is None:
            return None
        return (found.unchanged if condition and _has(condition, found.etag) else found.whole), identity

    def tags(self, question: Question) -> bytes:
        """What the answer to this depends on, as a header tells it: others may keep what we make anew each time."""
        return b",".join(sorted(tag.encode() for tag in self._reach(question).of(question.variables)))

    def takes(self, exchange: Exchange, question: Question) -> bool:
        """Whether the answer to this is to be kept."""
        operation = question.operation
        if (
            not self.cache.store.most
            or exchange.is_private
            or operation.kind is not OperationType.QUERY
            or operation.introspects
        ):
            return False
        return self._reach(question).may_be_kept

    async def answer(self, exchange: Exchange, question: Question, bill: Bill, codes: Codes, run: Run) -> Answer:
        """The answer, from what is kept where that holds; only whoever has it made pays for it."""
        key = (question.digest, question.operation.name, orjson.dumps(_said(question), option=orjson.OPT_SORT_KEYS))
        cost = question.operation.cost(question.variables)
        found = self.cache.find(key)
        if found:
            bill.let_pass(cost)
            return self._shaped(exchange, found, bill, HOT)
        if late := self.cache.stale(key):
            bill.let_pass(cost)
            return _late(exchange, late)
        await self._pay(key, cost, bill)
        tags = self._reach(question).of(question.variables)
        made = await self.cache.make(key, tags, _filling(question, cost, codes, run))
        if isinstance(made, Kept):
            return self._shaped(exchange, made, bill, made.way)
        if made.away:
            await self.cache.line.tried()
            if late := self.cache.stale(key):
                return _late(exchange, late)
        if isinstance(made.answer, Turned):
            raise made.answer
        return respond(exchange, made.answer, codes, question.operation.name)  # type: ignore[arg-type] # a result

    async def settle(self) -> None:
        """Wait until what this process has just written counts here, too."""
        await self.cache.line.caught_up()

    async def _pay(self, key: Hashable, cost: int, bill: Bill) -> None:
        """Charge one asker for one answer: whoever asks while that one is being charged finds it on its way."""
        async with self._paying.setdefault(key, asyncio.Lock()):
            if self.cache.is_coming(key):
                bill.let_pass(cost)
            else:
                await bill.charge(cost)

    def _shaped(self, exchange: Exchange, entry: Kept, bill: Bill, temperature: str) -> Answer:
        exchange.notes.temperature, timing = temperature, TIMINGS[temperature]
        if exchange.is_post:
            data = entry.body[: entry.body.rindex(COST)]
            body = data + COST + orjson.dumps(bill.told(public=False)) + b"}}"
            return Answer(200, body, ((b"content-type", exchange.media.header), timing))
        way, condition, _ = _way(exchange.scope)
        kept = entry in self.cache.store
        encoding = way[2] if way and kept else b""
        self.cache.store.grow(entry, shapes.pack(entry, encoding))
        form = shapes.shape(entry, exchange.media, encoding, Told(exchange.notes.operation, exchange.notes.cost or 0))
        if way and kept and exchange.method == "GET":
            self.cache.store.shape(entry, way, form, form.size + len(way[0]))
        if condition and _has(condition, form.etag):
            return Whole(304, b"", (*(one for one in form.headers if one[0] not in OF_A_BODY), timing))
        return Whole(200, form.body, (*form.headers, timing))

    def _reach(self, question: Question) -> Reach:
        found = self._reaches.get(question.digest)
        if found is None:
            found = self._reaches[question.digest] = reach(self.schema, question.document, self.depends)
            if len(self._reaches) > MOST_REACHES:
                self._reaches.popitem(last=False)
        return found


def _filling(question: Question, cost: int, codes: Codes, run: Run) -> Callable[[], Awaitable[Made]]:
    """What makes the answer, in the form in which anybody may keep it."""

    async def fill() -> Made:
        try:
            result = await run(question)
        except Turned as turned:
            return Made(turned, away=turned.code is Code.UNAVAILABLE)
        if result.errors:
            found = {code_of(origin(error), codes) for error in result.errors}
            return Made(result, away=Code.UNAVAILABLE in found, failed=not FAULTS.isdisjoint(found))
        told = Bill(question.limits, Buckets(), None, cost).told(public=True)
        body = orjson.dumps({"data": result.data, "extensions": {"cost": told}})
        return Made(result, body, way=temperature_of(result))

    return fill


def _said(question: Question) -> dict[str, Any]:
    """The variables that the operation knows; one that was left out differs from one that is null."""
    names = [one.variable.name.value for one in question.operation.node.variable_definitions or ()]
    return {name: question.variables[name] for name in names if name in question.variables}


def _late(exchange: Exchange, entry: Kept) -> Answer:
    """What held when the database was last heard, marked so; nobody keeps it."""
    exchange.notes.temperature = HOT
    return Answer(200, entry.body, ((b"content-type", exchange.media.header), *STALE))


def _way(scope: Scope) -> tuple[tuple[bytes, bytes, bytes] | None, bytes, bytes]:
    """The way in which a GET asks, the ETags that its client has, and its id; no way for what must be read closely."""
    asked, accept, encoding, condition, identity = scope["query_string"], b"", b"", b"", b""
    for name, value in scope["headers"]:
        if name == b"accept":
            accept = accept + b"," + value if accept else value
        elif name == b"accept-encoding":
            encoding = encoding_for(value)
        elif name == b"if-none-match":
            condition = condition + b"," + value if condition else value
        elif name == b"x-request-id":
            identity = value
        elif name in CLOSER:
            return None, b"", b""
    return ((asked, accept, encoding) if asked and len(asked) <= LONGEST_WAY else None), condition, identity


def _has(condition: bytes, tag: bytes) -> bool:
    held = [one.strip().removeprefix(b"W/") for one in condition.split(b",")]
    return tag in held or b"*" in held
