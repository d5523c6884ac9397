"""What outsiders read of the log: first every article as it stands, then each Change behind the place they came to.

The snapshot walks through all articles by id, those that are live and those that were taken down, and ends at the
place in the log where it began: whatever happened meanwhile comes again as a Change, so nothing is missed.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from hashlib import sha256
from typing import TYPE_CHECKING

import orjson

from api import changes, sealing
from api.accounts.viewer import ANONYMOUS
from api.articles import reading
from api.articles.reading import LIVE, MAY_BE_LIVE, ShownArticle
from api.changes import Change, ChangeKind, ChangeReason
from api.errors import Refused
from api.paging import BadCursor
from api.sql import Sql, rows, sql
from api.syndication import rehearsal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from api.accounts.viewer import PartnerGrant

NAME = "changes"
LATEST = "NOT EXISTS (SELECT FROM change later WHERE later.article_id = change.article_id AND later.id > change.id)"
# A partner's own rehearsal, until it is passed: its article while it is live, then what told of its removal.
PRACTISED = """
SELECT practice.article_id, CASE WHEN practice.recalled_at IS NOT NULL THEN (
  SELECT max(told.id) FROM rehearsal_change told
   WHERE told.partner_id = practice.partner_id AND told.article_id = practice.article_id) END AS change_id
  FROM rehearsal practice WHERE practice.passed_at IS NULL AND practice.partner_id = ? AND practice.article_id > ?
"""


class CursorExpired(Refused):
    """This cursor is older than the log, or your topics have changed since: begin anew without `after`."""


@dataclass(frozen=True)
class SyncedArticle(ShownArticle):
    """A live article as it is read in bulk, which partners may do in full only where their grant says so."""


@dataclass(frozen=True)
class Place:
    """How far somebody has read: behind the number `position`, or `article` of a snapshot that began there."""

    position: int
    article: str | None = None

    @property
    def in_snapshot(self) -> bool:
        return self.article is not None


START = ""
"""The place before the first article."""


@dataclass(frozen=True)
class Entry:
    """A Change and the place behind it; `live` is the article, where readers see it now."""

    change: Change
    place: Place
    live: SyncedArticle | None


@dataclass(frozen=True)
class Stretch:
    """Some entries in their order, where to read on, and whether there is more."""

    entries: tuple[Entry, ...]
    end: Place
    has_next: bool


def seal(place: Place, topics: frozenset[str], key: bytes) -> str:
    """The place as a cursor; it holds for these topics."""
    return sealing.seal(key, orjson.dumps([NAME, place.position, place.article, _print(topics)]))


async def unseal(cursor: str, topics: frozenset[str], key: bytes) -> Place:
    """The place of a cursor: refused when it was not made here, or when what stood behind it was dropped."""
    content = sealing.unseal(key, cursor)
    name, *told = orjson.loads(content) if content else ("",)
    if name != NAME:
        raise BadCursor
    place = Place(told[0], told[1])
    if told[2] != _print(topics) or place.position < await changes.horizon():
        raise CursorExpired
    return place


async def read(place: Place | None, most: int, site: str, grant: PartnerGrant | None = None) -> Stretch:
    """The next entries behind a place, at most so many; without a place, from the beginning."""
    place = place or Place(await _newest(grant), START)
    if place.in_snapshot:
        return await _snapshot(place, most, site, grant)
    return await _deltas(place, most, grant)


async def left(place: Place | None, grant: PartnerGrant | None = None) -> int:
    """How many entries stand behind a place: of the snapshot, while that is being read, else of the log."""
    if place is None or place.in_snapshot:
        query = _standing(place.article if place else START, grant)
    else:
        query = _behind(place, grant)
    return int((await rows("SELECT count(*) AS n FROM (" + query + ") AS standing"))[0]["n"])


async def modified() -> datetime | None:
    """When the log last grew; it never runs backwards."""
    found = await rows(Sql("SELECT recorded_at FROM change ORDER BY id DESC LIMIT 1"))
    return found[0]["recorded_at"] if found else None


async def removed(days: int, topics: Sequence[frozenset[str]] = ()) -> list[Change]:
    """What was taken down within so many days and is not live, newest first; it named one of each set of topics."""
    query = sql(
        f"SELECT id FROM change WHERE kind = 'REMOVE' AND {LATEST} AND at > now() - make_interval(days => ?)",
        days,
    )
    for each in topics:
        query += _concerning(each)
    found = [row["id"] for row in await rows(query)]
    return await Change.filter(id__in=found).order_by("-id") if found else []


async def _deltas(place: Place, most: int, grant: PartnerGrant | None) -> Stretch:
    found = await rows(_behind(place, grant, most + 1) + sql(" ORDER BY id LIMIT ?", most + 1))
    told = await _told([row["id"] for row in found[:most]], grant)
    live = await _live([change.article_id for change in told], grant)
    entries = tuple(Entry(change, Place(change.id), live.get(change.article_id)) for change in told)
    return Stretch(entries, entries[-1].place if entries else place, len(found) > most)


def _behind(place: Place, grant: PartnerGrant | None, most: int | None = None) -> Sql:
    """The entries behind a place, a partner's own of its rehearsals among them.

    One statement, which sees one moment: with one for each of the two, an entry that came between them would be missed.
    """
    enough = sql(" ORDER BY id LIMIT ?)", most) if most else Sql(")")
    query = sql("(SELECT id FROM change WHERE id > ?", place.position) + _concerning(topics_of(grant)) + enough
    if grant:
        own = "SELECT id FROM rehearsal_change WHERE partner_id = ? AND id > ?"
        query = query + " UNION ALL (" + sql(own, grant.partner, place.position) + enough
    return "SELECT id FROM (" + query + ") AS behind"


async def _told(wanted: Sequence[int], grant: PartnerGrant | None) -> list[Change]:
    """The entries with these numbers, in their order."""
    found = await Change.filter(id__in=list(wanted))
    missing = {*wanted} - {change.id for change in found}
    own = await rehearsal.own(grant.partner, missing) if grant and missing else []
    return sorted([*found, *own], key=lambda change: change.id)


async def _snapshot(place: Place, most: int, site: str, grant: PartnerGrant | None) -> Stretch:
    standing = _standing(place.article, grant, most + 1)
    found = await rows(standing + sql(" ORDER BY article_id LIMIT ?", most + 1))
    kept = found[:most]
    live = await _live([row["article_id"] for row in kept if row["change_id"] is None], grant)
    told = await _told([row["change_id"] for row in kept if row["change_id"] is not None], grant)
    removals = {change.article_id: change for change in told}
    entries = []
    for row in kept:
        shown, article = live.get(row["article_id"]), row["article_id"]
        change = _as_it_stands(shown, site) if shown else removals.get(article)
        if change:  # one that was taken down between the two statements comes behind the snapshot
            entries.append(Entry(change, Place(place.position, article), shown))
    if len(found) > most:
        return Stretch(tuple(entries), Place(place.position, kept[-1]["article_id"]), has_next=True)
    end = Place(place.position)
    if entries:
        entries[-1] = replace(entries[-1], place=end)
    return Stretch(tuple(entries), end, await _newest(grant) > place.position)


async def _newest(grant: PartnerGrant | None) -> int:
    """The number of the newest entry that there is for this reader."""
    if grant is None:
        return await changes.newest()
    query = "SELECT coalesce(max(id), 0) AS id FROM (SELECT max(id) AS id FROM change UNION ALL "
    own = sql("SELECT max(id) FROM rehearsal_change WHERE partner_id = ?) AS newest", grant.partner)
    return int((await rows(query + own))[0]["id"])


def _standing(article: str | None, grant: PartnerGrant | None, most: int | None = None) -> Sql:
    """Each article behind this one that is live, or of which the last that was told is that it is gone."""
    topics = topics_of(grant)
    practised = " UNION ALL (" + sql(PRACTISED, grant.partner, article or START) + ")" if grant else Sql("")
    enough = sql(" ORDER BY article_id LIMIT ?)", most) if most else Sql(")")
    live = f"SELECT article.id AS article_id, NULL::bigint AS change_id FROM article WHERE {MAY_BE_LIVE} AND ({LIVE}) "
    gone = f"SELECT change.article_id, change.id FROM change WHERE kind = 'REMOVE' AND {LATEST} "
    return (
        "SELECT article_id, change_id FROM (("
        + sql(live + "IS NOT NULL AND article.id > ? ", article or START)
        + _concerning(topics, "article")
        + enough
        + " UNION ALL ("
        + sql(gone + "AND change.article_id > ? ", article or START)
        + _concerning(topics)
        + enough
        + practised
        + ") AS standing"
    )


def _concerning(topics: frozenset[str], table: str = "change") -> Sql:
    """Narrow to articles that name one of the topics, or did when they were told of: copies must hear of both.

    Of an erased article nobody knows any more what it was about: everybody is told.
    """
    if not topics:
        return Sql("")
    told = "SELECT FROM change told WHERE told.article_id = about.article_id AND told.revision_number = about.number"
    source, article = ("revision about", "article.id")
    if table == "change":
        source, article = ("revision about JOIN article ON article.id = about.article_id", "change.article_id")
    about = (
        f"SELECT FROM {source} WHERE about.article_id = {article} AND (about.id = ({LIVE}) OR EXISTS ({told})) AND ("
    )
    named = Sql("FALSE")
    for kind, table_of_links in reading.LINKS.items():
        linked = f" OR EXISTS (SELECT FROM {table_of_links} link WHERE link.revision_id = about.id "
        named += sql(f"{linked}AND link.{kind}_id = ANY(?::text[]))", sorted(topics))
    erased = " OR change.reason = 'ERASED'" if table == "change" else ""
    return f" AND (EXISTS ({about}" + named + f")){erased})"


async def _live(articles: Sequence[str], grant: PartnerGrant | None) -> Mapping[str, SyncedArticle]:
    found = dict(await reading.by_id(list(dict.fromkeys(articles)), ANONYMOUS))
    missing = {*articles} - found.keys()
    if grant and missing:
        found |= await rehearsal.articles(missing, grant.partner)
    return {key: synced(article) for key, article in found.items()}


def topics_of(grant: PartnerGrant | None) -> frozenset[str]:
    """What a reader hears of; nothing stands for everything."""
    return grant.topics if grant else frozenset()


def synced(article: ShownArticle) -> SyncedArticle:
    told: dict[str, Any] = {one.name: getattr(article, one.name) for one in fields(ShownArticle)}
    return SyncedArticle(**told)


def _as_it_stands(article: ShownArticle, site: str) -> Change:
    """What is told of a live article to whoever begins: that it is there; its hash is computed when it is asked for."""
    return Change(
        kind=ChangeKind.UPSERT, reason=ChangeReason.PUBLISHED, severity="ROUTINE", at=article.updated_at,
        article_id=article.id, slug=article.slug, url=f"{site}{article.path}", revision_number=article.revision_number,
    )  # fmt: skip


def _print(topics: frozenset[str]) -> str:
    return sha256(orjson.dumps(sorted(topics))).hexdigest()[:16] if topics else ""
