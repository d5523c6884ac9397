"""The composition root: settings → database → schema → routes. The only importer of `schema`."""

from __future__ import annotations

import contextlib
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.routing import Route

from api import askers, database, doctor, erasures, figures, paging, sealing
from api.accounts.viewer import ANONYMOUS, Viewer
from api.articles.cards import card_of
from api.caching import Cache, Line, Replicas, Store
from api.comments import watching
from api.comments.watching import Watch
from api.database import AWAY
from api.errors import Forbidden, Unavailable
from api.media.cards import draw
from api.media.intake import Intake
from api.media.workshop import Workshop
from api.outbound import Outbound
from api.paging import BadCursor
from api.readers import Readers
from api.sql import Sql, rows
from api.syndication import embed
from api.syndication.log import CursorExpired
from api.syndication.websub import subscribing
from api.web.application import application
from api.web.callers import Callers, networks
from api.web.cards import Cards
from api.web.codes import REFUSALS, Code
from api.web.crowds import Crowd
from api.web.embeds import Embeds
from api.web.feeds import Feeds
from api.web.graphiql import Page
from api.web.graphql import Answers, Asker, Buckets, Depends, Documents, Execution, GraphQL, Prices, Trusted
from api.web.graphql.trusted import load
from api.web.health import Health
from api.web.media import Media
from api.web.metrics import Metrics
from api.web.spans import Spans
from api.web.tills import Till
from api.web.uploads import Uploads
from api.web.watching import Queue
from api.web.websub import Hub
from schema import costs, files, limits, tags
from schema.context import Context
from schema.plan import Plans
from schema.root import schema

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from api.settings import Settings

__all__ = ["MigrationsMissing", "build", "files"]

DEPENDS = Depends(
    some=tags.CLINIC,
    all_tags=tags.CATALOGUE,
    plain=tags.OF_THE_CLINIC,
    told_apart="Article",
    listed=tags.ARTICLES,
    one="Query.article",
    beside=tags.FINDS_ARTICLES,
    never=tags.NEVER_KEPT,
)
OPERATIONS = Path(__file__).parents[1] / "schema" / "operations.json"


class MigrationsMissing(Unavailable):
    """The database's tables are not up to date: run `python -m api migrate`."""


@dataclass(frozen=True)
class Parts:
    """What is opened when the program starts, and closed when it ends."""

    readers: Readers
    uploads: Uploads
    spans: Spans
    line: Line
    replicas: Replicas
    buckets: Buckets


def build(configured: Settings, database_url: str, crowd: Crowd | None = None) -> tuple[ASGIApp, Health]:
    """The whole program as one ASGI callable, and its health; `crowd` is who is connected, for the counts."""
    health = Health({"database": _database_answers, "migrations": _migrations_applied})
    erasures.keep_in(configured.erasures_dir)
    uploads, readers, buckets = _uploads(configured), Readers(database_url), askers.buckets_of(configured)
    line, watch = Line(database_url), Watch()
    line.further[watching.CHANNEL], line.on_listening = watch.hear, watch.begin
    cache = _cache(configured, database_url, line)
    endpoint, spans = _endpoint(configured, cache, buckets, readers), Spans(configured.otlp_endpoint)
    app = application(
        graphql=endpoint,
        media=Media(configured.media_dir),
        health=health,
        lifespan=functools.partial(
            _lifespan, configured, database_url, Parts(readers, uploads, spans, line, cache.replicas, buckets)
        ),
        routes=[
            Route("/media", uploads, methods=["POST"]),
            Route("/media/og/{name}", Cards(configured.data_dir / "cards", card_of, draw).serve),
            *_pull(configured, buckets),
            *_queue(configured, watch, health),
        ],
        metrics=_metrics(configured, endpoint.documents, Crowd() if crowd is None else crowd, watch),
        spans=spans,
    )
    return app, health


def _cache(configured: Settings, database_url: str, line: Line) -> Cache:
    """A line that is never held never stands: without room for answers, and without replicas, none is believed."""
    listens = configured.cache_bytes or configured.replica_urls
    replicas = Replicas(configured.replica_urls, database_url)
    return Cache(Store(configured.cache_bytes), line if listens else Line(database_url), replicas)


def _metrics(configured: Settings, documents: Documents, crowd: Crowd, watch: Watch) -> Metrics:
    metrics = Metrics(functools.partial(figures.read, configured.backup_dir), configured.metrics_token)
    metrics.watch("meridian_connections", "Connections that are open.", crowd.__len__)
    metrics.watch("meridian_moderation_streams", "Streams of the moderation queue that are open.", watch.__len__)
    metrics.watch("meridian_documents", "Documents that are kept beside the committed ones.", documents.__len__)
    metrics.watch("meridian_documents_bytes", "About how much memory they take.", lambda: documents.bytes)
    return metrics


def _pull(configured: Settings, buckets: Buckets) -> list[BaseRoute]:
    """What others fetch: feeds, the sitemap, and single articles elsewhere; and where they ask to be told."""
    site, authenticated = configured.public_site_url, functools.partial(askers.authenticate, configured.secret_key)
    key = sealing.derive(configured.secret_key, paging.PURPOSE)
    till = Till(buckets, functools.partial(askers.payer_for_pages, configured.cost_per_minute))
    doors = Feeds(site, key, configured.public_feeds == "full", configured.hub, authenticated, AWAY, till)
    script = embed.script(site, configured.public_api_url)
    return [
        *doors.routes(),
        *Embeds(site, script, authenticated, AWAY, till).routes(),
        *_hub(configured, buckets).routes(),
    ]


def _hub(configured: Settings, buckets: Buckets) -> Hub:
    key = sealing.derive(configured.secret_key, subscribing.PURPOSE)
    return Hub(configured.public_site_url, key, _outbound(configured), _callers(configured), AWAY, buckets)


def _queue(configured: Settings, watch: Watch, health: Health) -> list[BaseRoute]:
    """What moderators follow."""
    return Queue(watch, functools.partial(askers.authenticate, configured.secret_key), health).routes()


def _uploads(configured: Settings) -> Uploads:
    return Uploads(
        authenticate=functools.partial(askers.authenticate, configured.secret_key),
        intake=Intake(configured.media_dir, Workshop()),
        site=configured.public_site_url,
        away=AWAY,
    )


def _endpoint(configured: Settings, cache: Cache, buckets: Buckets, readers: Readers) -> GraphQL:
    trusted = Trusted(load(OPERATIONS), only=configured.trusted_documents_only)
    return GraphQL(
        execution=Execution(
            schema,
            _context_maker(configured, buckets),
            database.patience.set,
            _plans(configured, readers).answer,  # type: ignore[arg-type] # the edge knows a viewer by one property
        ),
        buckets=buckets,
        documents=Documents(
            schema._schema,  # noqa: SLF001 - graphql-core's own schema
            checks=(limits.once_per_document,),
            prices=prices(),
            committed=frozenset(trusted.operations),
        ),
        callers=_callers(configured),
        authenticate=functools.partial(askers.authenticate, configured.secret_key),
        anonymous=ANONYMOUS,
        page=Page(),
        codes={
            **REFUSALS,
            BadCursor: Code.BAD_CURSOR,
            CursorExpired: Code.CURSOR_EXPIRED,
            Forbidden: Code.FORBIDDEN,
            **dict.fromkeys(AWAY, Code.UNAVAILABLE),
        },
        trusted=trusted,
        quota=functools.partial(askers.payer, configured.cost_per_minute),
        per_minute=configured.cost_per_minute,
        answers=Answers(cache, schema._schema, DEPENDS),  # noqa: SLF001 - as above
    )


def _callers(configured: Settings) -> Callers:
    return Callers(sealing.derive(configured.secret_key, "meridian/site"), networks(configured.trusted_proxies))


def _outbound(configured: Settings) -> Outbound:
    return Outbound(allow_loopback=configured.outbound_loopback, ports=configured.outbound_ports)


def _plans(configured: Settings, readers: Readers) -> Plans:
    return Plans(
        schema._schema,  # noqa: SLF001 - graphql-core's own schema
        readers.fetch,
        site=configured.public_site_url,
        cursor_key=sealing.derive(configured.secret_key, paging.PURPOSE),
    )


def prices() -> Prices:
    """What the schema's fields cost."""
    mutations = {f"Mutation.{name}": costs.MUTATION for name in _mutations()}
    return Prices(costs.SIZES, mutations | costs.EXTRA)


def _mutations() -> Iterable[str]:
    kind = schema._schema.mutation_type  # noqa: SLF001 - as above
    return kind.fields if kind else ()


def _context_maker(configured: Settings, buckets: Buckets) -> functools.partial[Context]:
    return functools.partial(
        _context,
        configured,
        sealing.derive(configured.secret_key, paging.PURPOSE),
        sealing.derive(configured.secret_key, "meridian/hash"),
        _outbound(configured),
        remaining=functools.partial(askers.remaining, configured.cost_per_minute, buckets),
    )


def _context(
    configured: Settings,
    cursor_key: bytes,
    hash_key: bytes,
    outbound: Outbound,
    asker: Asker,
    *,
    remaining: Callable[[str, int], Awaitable[int | None]],
) -> Context:
    viewer: Viewer = asker.viewer  # type: ignore[assignment] # the edge knows a viewer by one property
    return Context(
        viewer,
        site=configured.public_site_url,
        api=configured.public_api_url,
        cursor_key=cursor_key,
        hash_key=hash_key,
        address_prefix=asker.caller.address_prefix,
        secret=configured.secret_key,
        from_site=asker.caller.site,
        outbound=outbound,
        full_feeds=configured.public_feeds == "full",
        told=asker.told,
        remaining=remaining,
    )


@contextlib.asynccontextmanager
async def _lifespan(configured: Settings, database_url: str, parts: Parts, _app: object) -> AsyncIterator[None]:
    """Without the line nothing is ever kept, no replica is read, and nobody is told of the moderation queue."""
    await database.connect(database_url)
    await parts.readers.open()
    try:
        await doctor.tell_at_start(configured, await doctor.reach(database_url))
        async with parts.spans.sending(), parts.line.held(), parts.replicas.held():
            with parts.uploads.opened():
                yield
    finally:
        await parts.buckets.close()
        await parts.readers.close()
        await database.disconnect()


async def _database_answers() -> None:
    await rows(Sql("SELECT 1"))


async def _migrations_applied() -> None:
    known = {path.stem for path in (Path(__file__).parent / "migrations").glob("[0-9]*.py")}
    applied = {row["name"] for row in await rows(Sql("SELECT name FROM tortoise_migrations"))}
    if known - applied:
        raise MigrationsMissing
