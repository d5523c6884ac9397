"""A dry run of publishing: what would go live, what stands in the way, what it leans on, which addresses change."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from api import gate, ids
from api.articles.models import Article, Redirect, Revision
from api.documents import Document
from api.errors import Invalid, Refused
from api.evidence.models import Source
from api.gate.model import Publicity
from api.publishing import gathering, gating, workflow
from api.publishing.acting import NoSuchArticle, may_write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.gate.findings import GateReport
    from api.gate.model import GatedRevision
    from api.publishing.acting import Acting

MOST = 100
ARTICLES = "/articles/"


class TooMany(Invalid):
    """Plan for 1 to 100 articles at once."""


class AddressChange(StrEnum):
    """What an address does from then on: answer for the first time, answer again, or lead on to the article."""

    NEW = "NEW"
    RETURNS = "RETURNS"
    REDIRECTS = "REDIRECTS"


@dataclass(frozen=True)
class Address:
    """A path of the site, and what it does once the article is live."""

    path: str
    change: AddressChange


@dataclass(frozen=True)
class Leaning:
    """Something that readers cannot see, and that the draft names, cites or links to."""

    id: str
    name: str
    is_planned: bool
    """Whether it would go live by the same plan."""


@dataclass(frozen=True)
class Planned:
    """What publishing one article would do; `refusal` is the answer that it would get."""

    id: str
    refusal: Refused | None
    report: GateReport | None = None
    leans_on: tuple[Leaning, ...] = ()
    addresses: tuple[Address, ...] = ()


async def plan(wanted: Sequence[str], doing: Acting) -> list[Planned]:
    """Tell of each article what publishing it now would do; nothing is written. Others' drafts are not found."""
    if not 1 <= len(wanted) <= MOST:
        raise TooMany
    rows = await Article.in_bulk(list(wanted), "id")
    mine = {key: row for key, row in rows.items() if may_write(doing.viewer, row)}
    return [
        await _planned(mine[key], set(mine), doing)
        if key in mine
        else Planned(key, NoSuchArticle(path=("ids", wanted.index(key))))
        for key in dict.fromkeys(wanted)
    ]


async def _planned(article: Article, planned: set[str], doing: Acting) -> Planned:
    try:
        revision = await workflow.publishable(article)
    except Refused as refusal:
        return Planned(article.id, refusal)
    gated = await gathering.gathered(article, revision, doing.at)
    policy = gate.for_jurisdiction(gated.clinic.jurisdiction)
    report = gate.run(gated, policy, await gating.waivers_of(article))
    return Planned(
        article.id,
        refusal=None if report.passes else gating.blocked(article, report),
        report=report,
        leans_on=(*await _entries(gated), *await _articles(revision, planned)),
        addresses=await _addresses(article),
    )


async def _entries(gated: GatedRevision) -> list[Leaning]:
    """Entries of the catalogue that readers cannot see: named by the revision, linked to or cited."""
    named = {author.id: author.publicity for author in gated.authors}
    named |= {condition.id: condition.publicity for condition in gated.conditions}
    named |= {treatment.id: treatment.publicity for treatment in gated.treatments}
    hidden = [key for key, seen in (dict(gated.linked) | named).items() if seen is not Publicity.PUBLIC]
    found: list[Leaning] = []
    for prefix, (table, _) in gathering.TABLES.items():
        mine = [key for key in hidden if ids.prefix_of(key) == prefix]
        names = await table.filter(id__in=mine).order_by("name").values_list("id", "name")
        found += [Leaning(str(key), str(name), is_planned=False) for key, name in names]
    keys = [source.key for source in gated.sources.values() if source.publicity is not Publicity.PUBLIC]
    sources = await Source.filter(key__in=keys).order_by("key")
    return found + [Leaning(row.id, row.key, is_planned=False) for row in sources]


async def _articles(revision: Revision, planned: set[str]) -> list[Leaning]:
    """Other articles that the text links to and readers cannot see."""
    led = gate.leads_to(Document.parse(revision.body))
    slugs = [place.removeprefix(ARTICLES) for place in led if place.startswith(ARTICLES)]
    found = [*await Article.filter(id__in=list(led)), *await Article.filter(slug__in=slugs)]
    hidden = {row.id: row for row in found if row.live_id is None and row.id != revision.article_id}
    return [Leaning(row.id, row.slug, row.id in planned) for row in hidden.values()]


async def _addresses(article: Article) -> tuple[Address, ...]:
    if article.live_id is not None:
        return ()
    own = AddressChange.RETURNS if article.first_published_at else AddressChange.NEW
    led = await Redirect.filter(article_id=article.id).order_by("path").values_list("path", flat=True)
    paths = [str(path) for path in led]
    return (Address(ARTICLES + article.slug, own), *(Address(path, AddressChange.REDIRECTS) for path in paths))
