"""Storing what was read from old texts: each becomes a draft, old addresses redirect, and a repeat adds nothing.

A text is known again by its old address, or by its file's name where it has none. A draft that nobody touched since is
brought up to date; one that was edited or published here is left alone, and the report says so.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tortoise.transactions import in_transaction

from api.articles import editing, rendering
from api.articles.editing import Content, Identity
from api.articles.models import Article, Redirect, Revision
from api.audit import AuditEntry
from api.documents import Document
from api.evidence.enums import SourceStatus, StudyDesign
from api.evidence.models import Source
from api.publishing import slugs
from api.publishing.acting import may_write
from api.publishing.importing.reading import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.articles.renderings import RenderedText
    from api.publishing.acting import Acting
    from api.publishing.importing.model import ImportedArticle, ImportedSource

COMMAND = "import"
LONGEST_TITLE = 500
LONGEST_ORIGIN = 500


class Outcome(StrEnum):
    """What became of a text."""

    NEW = "new draft"
    UPDATED = "draft brought up to date"
    UNCHANGED = "imported before, unchanged"
    LEFT_ALONE = "edited here since, left alone"


@dataclass(frozen=True)
class Stored:
    """Where a text is now, and what is to be told beside the reading's own report."""

    outcome: Outcome
    article: str
    slug: str
    revision: str
    cited: int
    dangling: tuple[str, ...]
    lines: tuple[str, ...] = ()


async def bring(name: str, content: str, map_url_prefix: str, doing: Acting) -> tuple[ImportedArticle, Stored]:
    """Read a text that a member sent, and store it as theirs."""
    article = await asyncio.to_thread(read, name, content.encode(errors="replace"), map_url_prefix=map_url_prefix)
    return article, await store(article, doing, assumed=assumed_path(article, map_url_prefix))


def assumed_path(imported: ImportedArticle, map_url_prefix: str) -> str:
    """The old path that comes of the prefix alone, and that the text does not tell itself."""
    return f"/{map_url_prefix.strip('/')}/{imported.slug}"


async def store(imported: ImportedArticle, doing: Acting | None = None, *, assumed: str = "") -> Stored:
    """Store one text, in one transaction; without anybody acting it is the command that does so.

    `assumed` is the old path that the text does not tell itself.
    """
    told = [path for path in imported.old_paths if path != assumed]
    async with in_transaction():
        known, origin = await _known([*told, imported.name], doing)
        keys = await _sources(imported.sources)
        content = _content(imported, keys)
        derived = await rendering.derive(content.body, doing.viewer if doing else None)
        if known is None:
            where, outcome, lines = await _create(imported, content, derived, origin, doing)
        else:
            where, outcome, lines = *await _again(known, content, derived, doing), ()
    cited = [item["key"] for item in derived.citations]
    resolved = set(await Source.filter(key__in=cited).values_list("key", flat=True))
    return Stored(outcome, *where, len(cited), tuple(key for key in cited if key not in resolved), lines)


Where = tuple[str, str, str]


async def _known(origins: list[str], doing: Acting | None) -> tuple[Article | None, str]:
    """The article that came of the same text before, and what that text is known by, its own address first.

    What somebody else brought in, and this member may not write, does not exist for them: theirs is another one.
    """
    origin = origins[0]
    known = await Article.select_for_update().filter(imported_from__in=origins).first()
    if known is None or doing is None or may_write(doing.viewer, known):
        return known, origin
    own = f"{doing.actor}:{origin}"[:LONGEST_ORIGIN]
    return await Article.select_for_update().get_or_none(imported_from=own), own


async def _create(
    imported: ImportedArticle, content: Content, derived: RenderedText, origin: str, doing: Acting | None
) -> tuple[Where, Outcome, tuple[str, ...]]:
    slug, told = await _free_slug(imported.slug)
    paths = tuple([path for path in imported.old_paths if path != f"/articles/{slug}" and not await _answers(path)])
    identity = Identity(
        slug,
        language=imported.language or "en",
        originally_published_on=imported.originally_published_on,
        old_paths=paths,
    )
    article = await editing.create(identity, content, derived, by=doing.viewer.member if doing else None)
    article.imported_from, article.imported_hash = origin, content.hash
    await article.save(update_fields=["imported_from", "imported_hash"])
    await _note(article, doing, {"from": origin, "slug": slug})
    refused = [path for path in imported.old_paths if path not in paths and path != f"/articles/{slug}"]
    told += [f"{path} answers already and was not registered again." for path in refused]
    return (article.id, slug, str(article.draft_id)), Outcome.NEW, tuple(told)


async def _again(
    article: Article, content: Content, derived: RenderedText, doing: Acting | None
) -> tuple[Where, Outcome]:
    latest = await Revision.filter(article_id=article.id).order_by("-number").first()
    assert latest is not None  # noqa: S101 - an article has a revision from the start
    where = (article.id, article.slug, latest.id)
    if article.imported_hash == content.hash:
        return where, Outcome.UNCHANGED
    untouched = latest.number == 1 and latest.frozen_at is None and latest.content_hash == article.imported_hash
    if not untouched:
        return where, Outcome.LEFT_ALONE
    await editing.rewrite(latest, content, derived)
    article.imported_hash, article.sort_title = content.hash, content.title.lower()
    article.version += 1
    await article.save()
    await _note(article, doing, {"from": article.imported_from})
    return where, Outcome.UPDATED


async def _note(article: Article, doing: Acting | None, after: dict[str, Any]) -> None:
    actor, verb = (doing.actor, "importArticle") if doing else (COMMAND, "import")
    await AuditEntry.create(actor=actor, verb=verb, thing=article.id, after=after)


def _content(imported: ImportedArticle, keys: Mapping[str, str]) -> Content:
    body = Document.parse(_renamed(imported.body.dump(), keys))
    return Content(title=imported.title, summary=imported.summary, body=body)


async def _sources(listed: tuple[ImportedSource, ...]) -> dict[str, str]:
    """Keep each listed source as it stood, UNRESOLVED until somebody confirms it; the key that each bears here."""
    return {source.key: await _source(source) for source in listed}


async def _source(listed: ImportedSource) -> str:
    for name in ("doi", "pmid", "pmcid"):
        value = getattr(listed, name)
        if value and (known := await Source.get_or_none(**{name: value})):
            return known.key
    title = listed.text[:LONGEST_TITLE]
    key, number = listed.key, 2
    while (other := await Source.get_or_none(key=key)) is not None and other.csl.get("title") != title:
        key, number = f"{listed.key}-{number}", number + 1
    if other is None:
        identifiers = {name: getattr(listed, name) for name in ("doi", "pmid", "pmcid", "isbn", "url")}
        csl = {"type": "document", "title": title}
        kind, status = StudyDesign.OTHER, SourceStatus.UNRESOLVED
        await Source.create(key=key, csl=csl, study_design=kind, status=status, **identifiers)
    return key


def _renamed(node: Any, keys: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON is anything
    """The block tree with the citations' keys as they are called here."""
    if isinstance(node, list):
        return [_renamed(each, keys) for each in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "citation":
        items = [each | {"key": keys.get(each["key"], each["key"])} for each in node["attrs"]["items"]]
        return node | {"attrs": {"items": items}}
    return {name: _renamed(value, keys) for name, value in node.items()}


async def _free_slug(wanted: str) -> tuple[str, list[str]]:
    slug, number = wanted, 2
    while await Article.exists(slug=slug) or await Redirect.exists(path=f"/articles/{slug}"):
        slug, number = f"{wanted}-{number}", number + 1
    told = [] if slug == wanted else [f"The slug {wanted} is taken: this one is {slug}."]
    return slug, told


async def _answers(path: str) -> bool:
    return await Redirect.exists(path=path) or await slugs.answers(path)
