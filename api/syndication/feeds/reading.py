"""What stands in a feed: live articles by their last great change, and what was taken down lately."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from api import catalogue, ids, paging
from api.accounts.viewer import ANONYMOUS
from api.articles import finding, reading, representation
from api.articles.models import Article
from api.clinic import Clinic, the_clinic
from api.conditions import Condition
from api.errors import NotFound
from api.media import reading as media
from api.paging import Key, Listing, Window
from api.practitioners import Practitioner
from api.sql import Sql
from api.syndication import log
from api.syndication.feeds import archives
from api.syndication.feeds.model import Feed, Image, Item, Named, Removal
from api.treatments import Treatment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tortoise.models import Model

    from api.accounts.viewer import PartnerGrant
    from api.articles.finding import ArticleFacts
    from api.changes import Change
    from api.media.models import MediaAsset

SIZE = 20
TOMBSTONES = 400
"""Days for which a removal stands on the first page."""
ROOMS: Mapping[str, tuple[str, type[Model]]] = {
    "conditions": ("condition", Condition),
    "treatments": ("treatment", Treatment),
    "practitioners": ("practitioner", Practitioner),
}
"""The feeds beside that of all articles: their folder, and what their articles name."""
KEYS = (Key("article.updated_at", "timestamptz"), Key("article.id", "text"))
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class NoSuchFeed(NotFound):
    """There is no such feed: check its address."""


@dataclass(frozen=True)
class Reach:
    """Who reads and where: site, key of cursors, partner, whether whole texts go, and who tells of news."""

    site: str
    key: bytes = field(repr=False)
    partner: PartnerGrant | None = None
    whole: bool = False
    hub: str | None = None

    @property
    def topics(self) -> frozenset[str]:
        return log.topics_of(self.partner)


@dataclass(frozen=True)
class Part:
    """Which part of a feed: the first page, the one behind a cursor, or an archive, where the form has archives."""

    after: str | None = None
    archive: int | None = None
    has_archives: bool = False

    @property
    def is_first(self) -> bool:
        return self.after is None and self.archive is None


@dataclass(frozen=True)
class Chosen:
    """The articles of a part in their order, the cursor behind them, and the numbers of the archives beside it."""

    articles: Sequence[str]
    cursor: str | None = None
    older: int | None = None
    newer: int | None = None


async def read(path: str, about: tuple[str, str] | None, part: Part, reach: Reach) -> Feed:
    """A part of the feed at `path`, of all articles or `about` one thing of a room by its slug."""
    clinic, entry = await the_clinic(), await _entry(about)
    kind = ROOMS[about[0]][0] if about else ""
    topics = [each for each in (frozenset({entry.id} if entry else ()), reach.topics) if each]
    where = [reading.about(ANONYMOUS, kind, entry.id)] if entry else []
    chosen = await _chosen(_among(where, reach.topics), part, reach.key)
    found = await reading.by_id(list(chosen.articles), ANONYMOUS)
    live = [found[one] for one in chosen.articles if one in found]
    tells_all = reach.whole or reach.partner
    finder = finding.Finder(ANONYMOUS) if tells_all else finding.Brief(ANONYMOUS)
    facts = await finding.facts(live, ANONYMOUS, finder) if live else []
    items = [_item(each, reach) for each in facts]
    removals = await _removals(topics, part.archive, reach.site) if part.after is None else []
    address = f"{reach.site}{path}"
    return Feed(
        title=f"{clinic.name}: {entry.name}" if entry else clinic.name,
        description=_description(clinic, kind, entry),
        home=f"{reach.site}/{about[0]}/{about[1]}" if about else f"{reach.site}/articles",
        address=_address(address, "after", part.after) or _address(address, "archive", part.archive) or address,
        first=address,
        next=_address(address, "after", chosen.cursor),
        prev_archive=_address(address, "archive", chosen.older),
        next_archive=_address(address, "archive", chosen.newer),
        is_archive=part.archive is not None,
        language=items[0].language if items else "en",
        publisher=Named(clinic.name, reach.site),
        logo=await _logo(clinic, reach.site),
        licence=_licence(clinic, reach.site),
        updated=max([item.updated for item in items] + [each.at for each in removals], default=NEVER),
        items=items,
        removals=removals,
        tags=("list:articles", "clinic", *([f"{kind}:{entry.id}"] if entry else [])),
        hub=reach.hub if part.is_first else None,
    )


def name_of(article: str, site: str) -> str:
    """The id by which feeds name an article for as long as anybody speaks of it: a `tag:` URI (RFC 4151)."""
    return f"tag:{urlsplit(site).hostname},{ids.made_on(article).isoformat()}:{article}"


async def _chosen(among: tuple[Sql, ...], part: Part, key: bytes) -> Chosen:
    if part.archive is not None:
        if not (part.has_archives and 1 <= part.archive <= await archives.complete()):
            raise NoSuchFeed
        beside = await archives.before(part.archive, among), await archives.behind(part.archive, among)
        return Chosen(await archives.articles(part.archive, among), None, *beside)
    listing = Listing("feed", Sql("article"), among, KEYS, descending=True)
    page = await paging.page(listing, Window(SIZE, part.after), key)
    shown = [one.id for one in page.entries]
    cursor = page.entries[-1].cursor if page.has_next else None
    if not (part.is_first and part.has_archives):
        return Chosen(shown, cursor)
    current = await archives.complete() + 1
    further = [one for one in await archives.articles(current, among) if one not in shown]
    return Chosen([*shown, *further], cursor, await archives.before(current, among))


def _address(first: str, name: str, value: str | int | None) -> str | None:
    return None if value is None else f"{first}?{name}={quote(str(value))}"


async def _entry(about: tuple[str, str] | None) -> Any:  # noqa: ANN401 - a row of any room
    if about is None:
        return None
    model = ROOMS[about[0]][1]
    entry = (await catalogue.by_slug(model, [about[1]], ANONYMOUS)).get(about[1])
    if entry is None:
        raise NoSuchFeed
    return entry


def _description(clinic: Clinic, kind: str, entry: Any) -> str:  # noqa: ANN401 - as above
    if entry is None:
        return clinic.strapline or f"Articles of {clinic.name}."
    return f"Articles of {clinic.name} {'by' if kind == 'practitioner' else 'on'} {entry.name}."


def _among(where: Sequence[Sql], topics: frozenset[str]) -> tuple[Sql, ...]:
    """Among which articles: those that readers see, of a topic, and of the partner's topics."""
    named = [reading.about(ANONYMOUS, kind, topic) for topic in sorted(topics) if (kind := _kind(topic))]
    wanted = Sql("FALSE")
    for one in named:
        wanted = wanted + " OR " + one
    return (reading.visible_to(ANONYMOUS), *where, *((wanted,) if topics else ()))


def _kind(topic: str) -> str:
    return {"cnd": "condition", "trt": "treatment"}.get(ids.prefix_of(topic), "")


def _item(facts: ArticleFacts, reach: Reach) -> Item:
    article, site = facts.article, reach.site
    said = representation.attribution(facts, site).html
    short = f"<p>{escape(article.summary)}</p>\n{said}\n{representation.terms(facts, site)}"
    image = facts.shared_image
    return Item(
        id=name_of(article.id, site),
        article_id=article.id,
        revision_number=article.revision_number,
        url=f"{site}{article.path}",
        title=article.title,
        summary=article.summary,
        html=representation.html(facts, site, f"{article.slug}-") if reach.whole else short,
        is_whole=reach.whole,
        language=article.language,
        published=article.published_at or article.updated_at,
        updated=article.updated_at,
        authors=[Named(author.name, f"{site}/practitioners/{author.slug}") for author in facts.authors],
        about=[*(each.name for each in facts.conditions), *(each.treatment.name for each in facts.risks)],
        image=_image(image, site) if image else None,
        content_hash=representation.content_hash(facts, site) if reach.partner else None,
    )


def _image(asset: MediaAsset, site: str) -> Image:
    largest = max(asset.renditions, key=lambda size: int(size["width"]))
    address = f"{site}/media/{asset.sha256}-{largest['width']}.{largest['ext']}"
    return Image(address, largest["mime"], largest["width"], largest["height"], asset.alt or "", asset.credit)


async def _removals(topics: Sequence[frozenset[str]], archive: int | None, site: str) -> list[Removal]:
    """What was taken down lately; in an archive, of what stood there."""
    told = await log.removed(TOMBSTONES, topics)
    if archive is not None:
        stood = await archives.named(archive)
        told = [change for change in told if change.article_id in stood]
    kept = await Article.filter(id__in=[change.article_id for change in told]) if told else []
    titles = {row.id: row.unpublished_title for row in kept if row.unpublished_kind == "WITHDRAWN"}
    return [_removal(change, titles.get(change.article_id), site) for change in told]


def _removal(change: Change, title: str | None, site: str) -> Removal:
    to = change.moved_to
    return Removal(
        id=name_of(change.article_id, site),
        at=change.at,
        reason=change.reason.value,
        title=title,
        explanation=change.explanation,
        url=change.url or None,
        moved_to=site + to if to and to.startswith("/") else to,
    )


async def _logo(clinic: Clinic, site: str) -> str | None:
    found = (await media.by_id([clinic.logo_id])).get(clinic.logo_id) if clinic.logo_id else None
    return _image(found, site).url if found else None


def _licence(clinic: Clinic, site: str) -> Named:
    """What may be done with it, and where that stands."""
    if clinic.licence:
        return Named(clinic.licence["name"], clinic.licence.get("url") or f"{site}/partners")
    terms = clinic.syndication_terms
    address = terms.get("url") or "/partners"
    whole = site + address if address.startswith("/") else address
    return Named(f"Republishing terms of {clinic.name}, version {terms['version']}", whole)
