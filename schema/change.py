"""The ordered log of what readers and partners see, for everybody: first all that is there, then each change."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import strawberry
from strawberry import ID, Parent, field

from api import changes as log_of_changes
from api import paging
from api.articles.models import Severity
from api.publishing import schedule
from api.syndication import copies, log
from api.syndication.log import Entry, Place, Stretch
from schema.context import Info
from schema.paging import After, Connection, First
from schema.refs import ArticleRef

ChangeKind = log_of_changes.ChangeKind
ChangeReason = log_of_changes.ChangeReason


@strawberry.type(description="One entry of the log: what a copy must do now, and why.")
class Change:
    @field(description="The place behind this entry, for `after`; it holds for 400 days.")
    @staticmethod
    def cursor(entry: Parent[Entry], info: Info) -> str:
        return _sealed(entry.place, info)

    @field(description="What a copy must do.")
    @staticmethod
    def kind(entry: Parent[Entry]) -> ChangeKind:
        return entry.change.kind

    @field(description="Why. Articles that a first reading finds live are PUBLISHED.")
    @staticmethod
    def reason(entry: Parent[Entry]) -> ChangeReason:
        return entry.change.reason

    @field(description="How quickly those who hold copies must act.")
    @staticmethod
    def severity(entry: Parent[Entry]) -> Severity:
        return Severity(entry.change.severity)

    @field(description="When it happened.")
    @staticmethod
    def at(entry: Parent[Entry]) -> datetime:
        return entry.change.at

    @field(description="The article; the same id for as long as it is spoken of.")
    @staticmethod
    def article_id(entry: Parent[Entry]) -> ID:
        return ID(entry.change.article_id)

    @field(description="The article's slug at that time; empty when it was erased.")
    @staticmethod
    def slug(entry: Parent[Entry]) -> str:
        return entry.change.slug

    @field(description="Its address at that time; empty when it was erased.")
    @staticmethod
    def url(entry: Parent[Entry]) -> str:
        return entry.change.url

    @field(
        description="The article as it is now, perhaps newer than this entry; null when it is not live now: "
        "its removal then stands in this entry, or in a later one."
    )
    @staticmethod
    async def article(entry: Parent[Entry], info: Info) -> ArticleRef | None:
        if entry.live is None or entry.change.kind is ChangeKind.REMOVE:
            return None
        await info.context.loaders.sent(entry.live, info.context.site)
        return entry.live

    @field(description="Which of the article's revisions it is about.")
    @staticmethod
    def revision_number(entry: Parent[Entry]) -> int | None:
        return entry.change.revision_number

    @field(description="`Article.syndication.contentHash` after this change; null when the article was removed.")
    @staticmethod
    async def content_hash(entry: Parent[Entry], info: Info) -> str | None:
        if entry.change.content_hash or entry.live is None or entry.change.kind is ChangeKind.REMOVE:
            return entry.change.content_hash
        return await info.context.loaders.content_hash(entry.live, info.context.site)

    @field(description="Why it was taken down, plain text.")
    @staticmethod
    def explanation(entry: Parent[Entry]) -> str | None:
        return entry.change.explanation

    @field(description="Where to go instead, as a whole address.")
    @staticmethod
    def moved_to(entry: Parent[Entry], info: Info) -> str | None:
        return info.context.link(entry.change.moved_to)

    @field(description="Until when those who hold copies must have acted; null when nothing presses.")
    @staticmethod
    def acknowledge_by(entry: Parent[Entry]) -> datetime | None:
        return entry.change.acknowledge_by


@dataclass(frozen=True)
class Reading:
    """A stretch of the log as a connection's page."""

    place: Place | None
    stretch: Stretch
    info: Info

    @functools.cached_property
    def page(self) -> paging.Page:
        entries = tuple(
            paging.Entry(entry.change.article_id, _sealed(entry.place, self.info)) for entry in self.stretch.entries
        )
        return paging.Page(
            entries, self.stretch.has_next, self.place is not None, goes_on=_sealed(self.stretch.end, self.info)
        )

    async def rows(self) -> Sequence[tuple[paging.Entry, Any]]:
        return list(zip(self.page.entries, self.stretch.entries, strict=True))

    async def total(self) -> int:
        return await log.left(self.place, self.info.context.viewer.partner)


@strawberry.type(description="Changes for everybody who keeps a copy.")
class Changes:
    @field(
        description="What changed behind a cursor, in order and without gaps. Without a cursor: every live article as "
        "UPSERT and everything that was taken down as REMOVE; its last page ends in a cursor that stands where the "
        "reading began, so keep `pageInfo.endCursor`, which is never null here, and ask again with it. `totalCount` is "
        "what is left."
    )
    @staticmethod
    async def changes(info: Info, after: After = None, first: First = None) -> Connection[Change]:
        size = paging.window(first).size
        await schedule.settle_due(info.context.site)
        partner, key = info.context.viewer.partner, info.context.cursor_key
        place = await log.unseal(after, log.topics_of(partner), key) if after is not None else None
        if partner and place and not place.in_snapshot:
            await copies.passed(partner, place.position)
        stretch = await log.read(place, size, info.context.site, partner)
        return Reading(place, stretch, info)  # type: ignore[return-value] # Connection is made from Reading


def _sealed(place: Place, info: Info) -> str:
    return log.seal(place, log.topics_of(info.context.viewer.partner), info.context.cursor_key)
