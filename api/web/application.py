"""The whole: one ASGI callable from the parts that the composition root hands in."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from api.web.connections import send_whole
from api.web.edge import Edge
from api.web.graphiql import PREFIX, Assets
from api.web.graphql import Answers, GraphQL
from api.web.health import Health
from api.web.media import Media
from api.web.metrics import Metrics
from api.web.spans import Spans

Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]


class Front:
    """Sends what is kept at once; everything else passes through the edge."""

    def __init__(self, edge: ASGIApp, answers: Answers, metrics: Metrics) -> None:
        self.edge = edge
        self.answers = answers
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"] == "/graphql":
            found = self.answers.at_once(scope)
            if found:
                self.metrics.note_hot(found.status)
                if not send_whole(send, found.status, found.head, found.body):
                    await send(found.messages[0])
                    await send(found.messages[1])
                return
        await self.edge(scope, receive, send)


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
    metrics = metrics or Metrics()
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
    return Front(edge, graphql.answers, metrics) if graphql.answers else edge


async def _nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise HTTPException(404)
