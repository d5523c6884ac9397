"""A partner's rehearsal: an article that is published, corrected and recalled for that partner alone.

It stands in tables of its own and in no table of articles, so no path of the readers' can come upon it. Its entries
take their ids from the log's own sequence, under the log's own lock: merged into what the partner reads, one cursor
counts both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.articles import finding, rendering, renderings
from api.articles.finding import ArticleFacts, Finder
from api.articles.models import ArticleKind, CommentPolicy
from api.articles.reading import ShownArticle
from api.changes import Change
from api.clinic import the_clinic
from api.documents import from_markdown
from api.sql import rows, sql
from api.syndication.models import Rehearsal, RehearsalChange

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from api.accounts.viewer import Viewer
    from api.articles.renderings import RenderedText
    from api.syndication.models import Partner

TITLE = "A rehearsal: this article is for your program only"
SUMMARY = "Publish it, correct it and take it down, as your site will have to do with real articles."
FIRST = (
    "This text is a rehearsal. No reader ever sees it, and no other partner.\n\n"
    "This first version holds a mistake: a rehearsal has four steps.\n"
)
CORRECTED = (
    "This text is a rehearsal. No reader ever sees it, and no other partner.\n\n"
    "This version is corrected: a rehearsal has three steps.\n"
)
BODIES = (FIRST, CORRECTED)
REVISION = "rehearsal"
"""What the ids of its revisions begin with, which no revision's id does."""
COLUMNS = ("id", "kind", "reason", "severity", "at", "article_id", "slug", "url", "revision_number", "content_hash",
           "explanation", "moved_to", "acknowledge_by")  # fmt: skip
FETCHED = """
UPDATE rehearsal SET fetched_number = greatest(fetched_number, least(revision_number, shown.number))
  FROM unnest(?::text[], ?::int[]) AS shown (article, number)
 WHERE rehearsal.partner_id = ? AND rehearsal.article_id = shown.article RETURNING rehearsal.article_id
"""


@dataclass(frozen=True)
class Entry:
    """An entry of the log; `partner` is the one who alone sees it, where it is of a rehearsal."""

    partner: str | None
    change: Change


async def passed(partner: Partner, article_id: str, now: datetime) -> None:
    """The recall was acknowledged: the partner leaves the sandbox; the caller holds the partner's lock."""
    of_this = Rehearsal.filter(partner_id=partner.id, article_id=article_id)
    if await of_this.update(passed_at=now) and partner.activated_at is None:
        partner.activated_at = now
        partner.version += 1
        await partner.save(update_fields=["activated_at", "version"])


async def fetched(partner_id: str, shown: Mapping[str, tuple[int, str | None]]) -> list[str]:
    """Note what of the rehearsal a partner was sent; the ids that are the rehearsal's."""
    numbers = [number for number, _ in shown.values()]
    return [row["article_id"] for row in await rows(sql(FETCHED, list(shown), numbers, partner_id))]


async def own(partner_id: str, wanted: Collection[int]) -> list[Change]:
    """Those of the entries with these numbers that are of the partner's own rehearsals, oldest first."""
    found = await RehearsalChange.filter(partner_id=partner_id, id__in=list(wanted)).order_by("id")
    return [_plain(row) for row in found]


async def after(position: int, most: int) -> list[Entry]:
    """All partners' entries behind a position, oldest first, for what is sent to each partner by itself."""
    found = await RehearsalChange.filter(id__gt=position).order_by("id").limit(most)
    return [Entry(row.partner_id, _plain(row)) for row in found]


async def articles(wanted: Collection[str], partner_id: str) -> dict[str, ShownArticle]:
    """The partner's own rehearsal article, when it is among the wanted ones and not taken down."""
    found = await Rehearsal.filter(partner_id=partner_id, article_id__in=list(wanted), recalled_at=None)
    return {row.article_id: shown(row) for row in found}


def is_rehearsed(revision_id: str) -> bool:
    """Whether this is a revision of the rehearsal's article."""
    return revision_id.partition(":")[0] == REVISION


async def texts(revisions: Sequence[str]) -> list[RenderedText]:
    """The rendering of each revision, those of the rehearsal included."""
    kept = [revision for revision in revisions if not is_rehearsed(revision)]
    found = dict(zip(kept, await renderings.of_revisions(kept), strict=True)) if kept else {}
    return [found[each] if each in found else await _text(each) for each in revisions]


async def documents(revisions: Sequence[str]) -> list[dict[str, Any]]:
    """The block tree of each revision, those of the rehearsal included."""
    kept = [revision for revision in revisions if not is_rehearsed(revision)]
    found = dict(zip(kept, await renderings.documents_of(kept), strict=True)) if kept else {}
    return [found[each] if each in found else _body(each).dump() for each in revisions]


async def facts(wanted: Sequence[ShownArticle], viewer: Viewer, finder: Finder | None = None) -> list[ArticleFacts]:
    """The facts behind each article, the rehearsal's included."""
    kept = [article for article in wanted if not is_rehearsed(article.revision_id)]
    found = {each.article.id: each for each in await finding.facts(kept, viewer, finder)} if kept else {}
    return [found[article.id] if article.id in found else await facts_of(article) for article in wanted]


def _plain(row: RehearsalChange) -> Change:
    return Change(**{name: getattr(row, name) for name in COLUMNS})


def shown(row: Rehearsal) -> ShownArticle:
    return ShownArticle(
        id=row.article_id,
        slug=f"rehearsal-{row.article_id[-8:]}",
        kind=ArticleKind.NEWS,
        language="en",
        comment_policy=CommentPolicy.OFF,
        published_at=row.begun_at,
        originally_published_on=None,
        updated_at=row.begun_at,
        is_live=True,
        revision_id=f"{REVISION}:{row.revision_number}",
        title=TITLE,
        summary=SUMMARY,
        hero_image_id=None,
        seo=None,
        content_hash="",
        revision_number=row.revision_number,
    )


def _body(revision_id: str) -> Any:  # noqa: ANN401 - a Document
    return from_markdown(BODIES[int(revision_id.partition(":")[2]) - 1])


async def _text(revision_id: str) -> RenderedText:
    return await rendering.derive(_body(revision_id))


async def facts_of(article: ShownArticle) -> ArticleFacts:
    return ArticleFacts(
        article=article,
        text=await _text(article.revision_id),
        clinic=await the_clinic(),
        authors=(),
        reviewer=None,
        review=None,
        conditions=(),
        care_advice=(),
        risks=(),
        references=(),
        disclaimers=(),
        hero_image=None,
        pictures=(),
    )
