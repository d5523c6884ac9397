"""The endpoint: one request from its head to its answer, a bare ASGI callable that stands in front of Starlette."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from graphql import ExecutionResult, GraphQLError, OperationType
from starlette.types import Receive, Scope, Send

from api.addresses import neighbourhood
from api.errors import Unavailable
from api.web import bearer
from api.web.answers import Answer, Turned
from api.web.bearer import Authenticate, Viewer
from api.web.callers import Callers
from api.web.codes import REFUSALS, Code, Codes
from api.web.graphiql import Page
from api.web.graphql import limits, reading
from api.web.graphql.bills import Bill
from api.web.graphql.buckets import Buckets, Payer
from api.web.graphql.documents import Documents, Operation, Prepared
from api.web.graphql.exchange import Exchange
from api.web.graphql.execution import Asker, Execution, Question
from api.web.graphql.introspection import Introspection
from api.web.graphql.kept import Answers
from api.web.graphql.limits import Limits
from api.web.graphql.negotiation import Media, negotiate, require_json
from api.web.graphql.reading import Asked, bad
from api.web.graphql.responses import ALLOWED, PREFLIGHT, RETRY, finish, respond
from api.web.graphql.trusted import Trusted
from api.web.graphql.turns import Turns
from api.web.graphql.ways import Way, Ways

BODY_SECONDS = 10
LINGER_SECONDS = 2
LINGER_BYTES = 256_000_000
PER_MINUTE = 50_000

Quota = Callable[[Viewer], Payer | None]
"""The bucket of a viewer who has one, whatever the address; None for whoever is known by the address alone."""


@dataclass(frozen=True)
class GraphQL:
    """`/graphql`: everything that it must know of the house is handed in."""

    execution: Execution
    documents: Documents
    callers: Callers
    authenticate: Authenticate
    anonymous: Viewer
    page: Page
    codes: Codes = field(default_factory=lambda: REFUSALS)
    trusted: Trusted = field(default_factory=Trusted)
    anonymous_limits: Limits = limits.ANONYMOUS
    token_limits: Limits = limits.TOKEN
    buckets: Buckets = field(default_factory=Buckets)
    quota: Quota = lambda _viewer: None
    per_minute: int = PER_MINUTE
    introspection: Introspection = field(default_factory=Introspection)
    answers: Answers | None = None
    ways: Ways = field(default_factory=Ways)
    turns: Turns = field(default_factory=Turns)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange(scope, receive)
        try:
            answer = await self._answer(exchange)
        except reading.Gone:
            return
        except Turned as turned:
            answer = turned.answer(exchange.media.header)
        except Unavailable as error:
            answer = Turned(503, Code.UNAVAILABLE, error.message, headers=[RETRY]).answer(exchange.media.header)
        await _send(exchange, finish(exchange, answer), send)

    async def _answer(self, exchange: Exchange) -> Answer:
        if way := self.ways.find(exchange.scope):
            return await self._again(exchange, way)
        if exchange.method == "OPTIONS":
            return PREFLIGHT
        if exchange.method not in {"GET", "HEAD", "POST"}:
            raise _not_allowed("Send a query by GET or POST, a mutation by POST.", ALLOWED[1])
        page = not exchange.is_post and not exchange.scope["query_string"]
        media = negotiate(b",".join(exchange.values(b"accept")).decode("latin-1"), page=page)
        if media is Media.HTML:
            return self.page.answer()
        if media is None:
            raise _not_acceptable()
        exchange.media = media
        if exchange.is_post:
            require_json(exchange.values(b"content-type"), exchange.values(b"content-encoding"))
        viewer, allowed = await self._viewer(exchange)
        body = await _body(exchange, allowed)
        asked = _asked(exchange, body, allowed)
        asker = Asker(viewer, self.callers.of(exchange.scope, body))
        exchange.bill = self._bill(asker, allowed)
        try:
            return await self._operate(exchange, asked, asker, exchange.bill)
        except GraphQLError as error:
            return respond(exchange, ExecutionResult(None, [error]), self.codes, asked.operation_name)

    async def _again(self, exchange: Exchange, way: Way) -> Answer:
        """Answer what was asked in exactly this way before; who asks, and what that one may ask for, is seen anew."""
        exchange.media, exchange.tags = way.media, way.tags
        asker = Asker(self.anonymous, self.callers.of(exchange.scope, b""))
        exchange.bill = self._bill(asker, self.anonymous_limits)
        question = way.asked_by(asker, self.anonymous_limits)
        try:
            return await self._run(exchange, question, way.cost, exchange.bill)
        except GraphQLError as error:
            return respond(exchange, ExecutionResult(None, [error]), self.codes, question.operation.name)

    def _bill(self, asker: Asker, allowed: Limits) -> Bill:
        return Bill(allowed, self.buckets, None if asker.caller.site else self._payer(asker))

    async def _viewer(self, exchange: Exchange) -> tuple[Viewer, Limits]:
        token = bearer.token(exchange.values(b"authorization"))
        if token is None:
            return self.anonymous, self.anonymous_limits
        viewer = await bearer.viewer_of(token, self.authenticate)
        return viewer, self.token_limits if viewer.is_authenticated else self.anonymous_limits

    def _payer(self, asker: Asker) -> Payer | None:
        """Whose bucket pays; nobody's where the minute has no limit."""
        if not self.per_minute:
            return None
        return self.quota(asker.viewer) or Payer(f"address {asker.caller.address_prefix}", self.per_minute)

    async def _operate(self, exchange: Exchange, asked: Asked, asker: Asker, bill: Bill) -> Answer:
        """From what was asked to its answer: the document, what it costs, and its result."""
        text, digest = self._text(asked, asker)
        prepared = await self._prepared(text, digest, asker, bill)
        if not prepared.document:
            return respond(exchange, ExecutionResult(None, list(prepared.errors)), self.codes, asked.operation_name)
        operation = _operation(prepared, asked.operation_name)
        if not exchange.is_post and operation.kind is not OperationType.QUERY:
            raise _not_allowed("Send a mutation by POST: GET and HEAD run queries only.", b"POST")
        if operation.kind is not OperationType.QUERY:
            bill.payer = self._payer(asker)  # the site's questions are free: it asks for many readers
        question = Question(prepared.document, operation, digest, asked.variables, asker, bill.limits)
        cost = operation.cost(asked.variables)
        if self.answers and exchange.is_public:
            exchange.tags = self.answers.tags(question)
            if digest in self.documents.committed and not operation.introspects:
                self.ways.keep(exchange.scope, Way(exchange.media, question, cost, exchange.tags))
        return await self._run(exchange, question, cost, bill)

    async def _run(self, exchange: Exchange, question: Question, cost: int, bill: Bill) -> Answer:
        """From a question and its cost to its answer: what is kept, or its result."""
        operation = question.operation
        notes = exchange.notes
        notes.kind, notes.operation, notes.cost = _kind(operation), operation.name, cost
        if self.answers and self.answers.takes(exchange, question):
            return await self.answers.answer(exchange, question, bill, self.codes, self._result)
        await bill.charge(cost)
        result = await self._result(question)
        if self.answers and operation.kind is not OperationType.QUERY:
            await self.answers.settle()
        return respond(exchange, result, self.codes, operation.name, kept="no-store" not in question.asker.told)

    async def _result(self, question: Question) -> ExecutionResult:
        """From one operation to its result; what asks of the schema alone was perhaps answered before."""
        if not question.operation.introspects:
            return await self.execution.run(question)
        key = (question.digest, question.operation.name)
        found = self.introspection.find(key)
        if found is None:
            found = await self.execution.run(question)
            self.introspection.keep(key, found)
        return found

    async def _prepared(self, text: str, digest: str, asker: Asker, bill: Bill) -> Prepared:
        """The document, read in its turn when it is not known yet; what is charged then is time."""
        if self.documents.knows(digest, bill.limits) or digest in self.documents.committed:
            # The site's pages, which are few, stand behind nobody.
            return self.documents.prepare(text, digest, bill.limits)
        await bill.require_room()
        try:
            async with self.turns.turn(self._household(asker)):
                with bill.reading():
                    return self.documents.prepare(text, digest, bill.limits)
        finally:
            await bill.charge_reading()

    def _household(self, asker: Asker) -> str:
        """Whose documents wait for each other: those of one token or partner, or of one neighbourhood."""
        payer = self.quota(asker.viewer)
        return payer.name if payer else f"neighbourhood {neighbourhood(asker.caller.address_prefix)}"

    def _text(self, asked: Asked, asker: Asker) -> tuple[str, str]:
        """Find the document's text and hash: in the request or, by its hash, among the committed operations."""
        digest = asked.digest if asked.query is None else sha256(asked.query.encode()).hexdigest()
        if digest is None or asked.digest not in {None, digest}:
            raise bad("extensions.persistedQuery.sha256Hash is not the hash of the query that came with it.")
        committed = self.trusted.operations.get(digest)
        if committed is not None:
            return committed, digest
        if asked.query is None:
            raise _unknown(asked, "There is no committed operation with this hash: send the query's text instead.")
        if self.trusted.only and not asker.viewer.is_authenticated:
            raise _unknown(asked, "Without a token only the committed operations are answered: send their documentId.")
        return asked.query, digest


async def _send(exchange: Exchange, answer: Answer, send: Send) -> None:
    """Send it; some of a body that nobody read is taken in first, or its client would never see why it was refused."""
    unread = exchange.has_unread_body
    await answer.send(send, closing=unread, with_body=exchange.method != "HEAD")
    if unread:
        await reading.discard(exchange.receive, most=LINGER_BYTES, seconds=LINGER_SECONDS)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _body(exchange: Exchange, allowed: Limits) -> bytes:
    if not exchange.is_post:
        return b""
    declared = exchange.first(b"content-length")
    body = await reading.read_body(exchange.receive, most=allowed.body_bytes, declared=declared, seconds=BODY_SECONDS)
    exchange.body_read = True
    return body


def _asked(exchange: Exchange, body: bytes, allowed: Limits) -> Asked:
    if exchange.is_post:
        return reading.from_body(body)
    return reading.from_query_string(exchange.scope["query_string"], most=allowed.body_bytes)


def _operation(prepared: Prepared, name: str | None) -> Operation:
    operations = prepared.operations
    if name is None and len(operations) > 1:
        raise GraphQLError("The document has several operations: say which one by operationName.")
    operation = operations.get(name) if name is not None else next(iter(operations.values()), None)
    if operation is None:
        raise GraphQLError("The document has no operation of this name." if name else "The document has no operation.")
    if operation.kind is OperationType.SUBSCRIPTION:
        raise GraphQLError("Subscriptions are not served here.")
    return operation


def _kind(operation: Operation) -> str:
    return "introspection" if operation.introspects else operation.kind.value


def _not_acceptable() -> Turned:
    accepted = f"{Media.GRAPHQL.value} or {Media.JSON.value}"
    return Turned(406, Code.BAD_USER_INPUT, f"The answer comes as {accepted}: accept one of them.")


def _not_allowed(sentence: str, allow: bytes) -> Turned:
    return Turned(405, Code.BAD_USER_INPUT, sentence, headers=[(b"allow", allow)])


def _unknown(asked: Asked, sentence: str) -> GraphQLError:
    """Apollo's clients send the whole text once they read exactly their own word for it."""
    message = "PersistedQueryNotFound" if asked.apollo and asked.query is None else sentence
    return GraphQLError(message, extensions={"code": Code.PERSISTED_DOCUMENT_NOT_FOUND})
