"""The articles that an edit of the catalogue reaches: held while it happens, rendered and gated anew, and told of.

Publishing locks an article and then shares the locks of what it names; an edit locks the articles first as well, then
the entry. So neither waits for the other in a ring, and no article goes live with an entry as it was before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.accounts.viewer import ANONYMOUS
from api.articles import editing, finding, reading, rendering, renderings, representation
from api.articles.models import Article, Revision, Severity
from api.changes import DEADLINES, Change, ChangeKind, ChangeReason, record_all
from api.conditions import Condition
from api.documents import Document
from api.publishing import acting, gating, reports, schedule
from api.publishing.catalogue import naming
from api.treatments import Treatment

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from tortoise.backends.base.client import BaseDBAsyncClient

    from api.publishing.acting import Acting
    from api.publishing.catalogue.naming import Naming
    from api.publishing.catalogue.nouns import Noun

TEXTS = {"condition": Condition, "treatment": Treatment}
BESIDE = {"practitioner": naming.articles_reviewed_by, "source": naming.articles_showing}


@dataclass(frozen=True)
class Reached:
    """The articles that name an entry, under their rows' locks, and what partners were shown of each until now.

    `live` are those that name it in what readers see.
    """

    noun: Noun
    name: str
    articles: tuple[str, ...]
    live: frozenset[str]
    shown: Mapping[str, str]


class SomebodyPublished(Exception):  # noqa: N818 - never leaves this room: the edit begins anew
    """Between the articles' locks and the entry's, another article came to name it."""


async def lock(noun: Noun, name: str, *, texts: bool) -> tuple[str, ...]:
    """Lock the articles that name the entry, before the entry itself is locked."""
    named = sorted({each.id for each in await _reached(noun, name, texts=texts)})
    await Article.filter(id__in=named).order_by("id").select_for_update(no_key=True)
    return tuple(named)


async def reach(noun: Noun, name: str, held: Collection[str], doing: Acting, *, texts: bool) -> Reached:
    """What the edit reaches, now that the entry is locked: nothing else can come to name it in public."""
    found = await _reached(noun, name, texts=texts)
    named = tuple(dict.fromkeys(each.id for each in found))
    if not set(named) <= set(held):
        raise SomebodyPublished
    live = frozenset(each.id for each in found if each.live)
    return Reached(noun, name, named, live, await shown(named, doing.site))


async def render_anew(reached: Reached) -> None:
    """Derive the texts that name the entry again, since they carry a copy of what changed."""
    pointed = [key for row in await Article.filter(id__in=reached.articles) for key in _pointers(row)]
    for revision in await Revision.filter(id__in=pointed).select_related("article"):
        derived = await rendering.derive(Document.parse(revision.body), await acting.eyes_on(revision))
        (kept,) = await renderings.of_revisions([revision.id])
        if kept != derived:
            await editing.keep(revision, derived)
    for each in await naming.entries_naming(reached.noun, reached.name):
        row: Any = await TEXTS[each.kind].get(id=each.id)
        derived = await rendering.derive(Document.parse(row.body))
        await TEXTS[each.kind].filter(id=each.id).update(rendering=vars(derived))


async def settle_status(reached: Reached, doing: Acting) -> None:
    """After a source's status changed: ask the gate anew, and take back schedules that it would not let pass."""
    now = await acting.now()
    for row in await Article.filter(id__in=reached.articles):
        if row.scheduled_for is not None and row.scheduled_for > now:
            await schedule.take_back_unless_sound(row, doing)
        for revision in await Revision.filter(id__in=_pointers(row)):
            await reports.keep(revision, await gating.report_of(row, revision, doing.at), doing.at)


async def changes(
    reached: Reached, doing: Acting, severity: Severity, edited: Collection[str] = frozenset()
) -> list[Change]:
    """One Change for each live article of which readers or partners now see something else; not yet written.

    `edited` are the fields that the edit changes: some stand on the page or in feeds, and in no partner's text.
    """
    seen = reached.live if reached.noun.shown & set(edited) else frozenset()
    return await altered(reached.articles, reached.shown, doing, severity, seen)


async def altered(
    named: Collection[str],
    before: Mapping[str, str],
    doing: Acting,
    severity: Severity,
    seen: Collection[str] = frozenset(),
) -> list[Change]:
    """The same for these articles, of which partners were shown `before` until now; of those in `seen` in any case."""
    now = await shown(named, doing.site)
    changed = [key for key in named if key in seen or before.get(key) != now.get(key)]
    articles = await reading.by_id(changed, ANONYMOUS)
    return [
        Change(
            kind=ChangeKind.UPSERT, reason=ChangeReason.UPDATED, severity=severity, at=doing.at, article_id=article.id,
            slug=article.slug, url=f"{doing.site}{article.path}", revision_number=article.revision_number,
            content_hash=now[article.id],
            acknowledge_by=doing.at + DEADLINES[severity] if severity is Severity.SAFETY else None,
        )
        for article in articles.values()
    ]  # fmt: skip


async def tell(written: Sequence[Change], connection: BaseDBAsyncClient) -> None:
    """Write the Changes as the last act of the transaction."""
    await record_all(written, connection)


async def shown(articles: Collection[str], site: str) -> dict[str, str]:
    """The hash of what partners are shown of each of the articles that is live."""
    live = list((await reading.by_id(list(articles), ANONYMOUS)).values())
    facts = await finding.facts(live, ANONYMOUS) if live else []
    return {each.article.id: representation.content_hash(each, site) for each in facts}


async def _reached(noun: Noun, name: str, *, texts: bool) -> list[Naming]:
    """The articles that name the entry, and those that show it without: their reviewer, or a source beside them."""
    named = await naming.articles_naming(noun, name, texts=texts)
    beside = BESIDE.get(noun.kind)
    return [*named, *(await beside(name) if beside else [])]


def _pointers(row: Article) -> list[str]:
    return [key for key in (row.live_id, row.draft_id) if key]
