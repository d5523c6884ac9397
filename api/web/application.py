"""The whole: one ASGI callable from the parts that the composition root hands in."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from time import perf_counter
from typing import Any

from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from api.web.connections import send_whole
from api.web.edge import Edge
from api.web.graphiql import PREFIX, Assets
from api.web.graphql import Answers, GraphQL
from api.web.graphql.shapes import Ready
from api.web.health import Health
from api.web.media import Media
from api.web.metrics import Metrics
from api.web.noting import Notes, identity_of
from api.web.spans import Spans

Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]


class Front:
    """Sends what is kept at once, counted and with an id as any other; everything else passes through the edge.

    A line of the log would take as long as the whole answer, so there is none.
    """

    def __init__(self, edge: ASGIApp, answers: Answers, metrics: Metrics, spans: Spans) -> None:
        self.edge = edge
        self.answers = answers
        self.metrics = metrics
        self.spans = spans

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"] == "/graphql":
            began = perf_counter()
            found = self.answers.at_once(scope)
            if found:
                ready, said = found
                identity = identity_of(said)
                if not send_whole(send, ready.status, b"x-request-id: ", identity, b"\r\n", ready.head, ready.body):
                    await _send_marked(send, ready, identity)
                self._note(scope, ready, identity, began)
                return
        await self.edge(scope, receive, send)

    def _note(self, scope: Scope, ready: Ready, identity: bytes, began: float) -> None:
        seconds = perf_counter() - began
        self.metrics.note_hot(ready.status, seconds)
        if self.spans.endpoint:
            traceparent = dict(scope["headers"]).get(b"traceparent", b"")
            notes = Notes(identity.decode(), "query", "hot", ready.told.operation, ready.told.cost, traceparent)
            self.spans.note(notes, ready.status, seconds)


async def _send_marked(send: Send, ready: Ready, identity: bytes) -> None:
    start, rest = ready.messages
    await send({**start, "headers": [*start["headers"], (b"x-request-id", identity)]})
    await send(rest)


class Application:
    """The endpoint in front, and a router for everything else."""

    def __init__(self, graphql: GraphQL, router: Router) -> None:
        self.graphql = graphql
        self.router = router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self  # Starlette's router raises its refusals when it has an application, or answers in text
        if scope["type"] == "http" and scope["path"] == "/graphql":
            await self.graphql(scope, receive, send)
        else:
            await self.router(scope, receive, send)


def application(
    *,
    graphql: GraphQL,
    media: Media,
    health: Health,
    lifespan: Lifespan | None = None,
    routes: Sequence[BaseRoute] = (),
    metrics: Metrics | None = None,
    spans: Spans | None = None,
) -> ASGIApp:
    """Put the parts together; `routes` are the doors of further rooms (feeds, sync, embeds)."""
    metrics, spans = metrics or Metrics(), spans or Spans()
    own = [
        Route("/media/{name}", media.serve),
        Route(PREFIX + "{name}", Assets(graphql.page).serve),
        Route("/healthz", health.live),
        Route("/readyz", health.ready),
        Route("/metrics", metrics.serve),
    ]
    # A redirect to an address with or without a slash would be made from the Host header, which anybody may write.
    router = Router([*own, *routes], redirect_slashes=False, default=_nothing, lifespan=lifespan)
    edge = Edge(Application(graphql, router), metrics, spans)
    return Front(edge, graphql.answers, metrics, spans) if graphql.answers else edge


async def _nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise HTTPException(404)
