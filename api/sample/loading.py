"""Puts the sample clinic into the database, and takes it out again; its dates count from the day of loading."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tortoise import Tortoise
from tortoise.transactions import in_transaction

from api import clinic, documents
from api.articles import editing, rendering
from api.articles.models import (
    Article,
    ArticleKind,
    Correction,
    Review,
    ReviewOutcome,
    Revision,
    UnpublishKind,
)
from api.comments.models import Comment
from api.errors import Refused
from api.media import renditions
from api.media.models import MediaAsset
from api.publishing import withdrawing, workflow
from api.publishing.acting import Acting
from api.sample import catalogue, content, pictures
from api.sample.drafts import hand_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from api.sample.texts import ArticleEntry


class ClinicExists(Refused):
    """There is a clinic already: the sample goes into an empty database only."""


@dataclass
class Loading:
    """The sample on its way in: ids by kind and name, such as `condition:migraine`."""

    said: content.SampleContent
    media: Path
    site: str
    now: datetime
    ids: dict[str, str] = field(default_factory=dict)

    def moment(self, days_ago: int, hour: int = 9) -> datetime:
        return (self.now - timedelta(days=days_ago)).replace(hour=hour, minute=0, second=0, microsecond=0)

    def of(self, kind: str, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.ids[f"{kind}:{name}"] for name in names)


async def load(media: Path, site: str, told: Callable[[str], None] = lambda _: None) -> bool:
    """Load the sample into an empty database; False when it is there already."""
    if (found := await clinic.Clinic.first()) is not None:
        if found.is_sample:
            return False
        raise ClinicExists
    loading = Loading(content.read(), media, site, datetime.now(UTC))
    told("Drawing the pictures")
    drawn = await _drawn(loading)
    told("Writing the catalogue")
    async with in_transaction():
        await _pictures(loading, drawn)
        await catalogue.write(loading)
    told("Publishing the articles")
    await catalogue.write_bodies(loading)
    for article in loading.said.articles:
        await _article(loading, article)
    await _comments(loading)
    return True


async def remove() -> bool:
    """Take the sample out, with everything that was written into its database since; False when there is no sample."""
    found = await clinic.Clinic.first()
    if found is None or not found.is_sample:
        return False
    tables = sorted({model._meta.db_table for model in Tortoise.apps["meridian"].values()})  # noqa: SLF001
    async with in_transaction() as transaction:
        await transaction.execute_script("".join(f"ALTER TABLE {table} DISABLE TRIGGER USER;" for table in tables))
        # But for this one, which says that nothing is as it was: a running API and the site let go of all they keep.
        await transaction.execute_script("ALTER TABLE clinic ENABLE TRIGGER clinic_emptied_says")
        await transaction.execute_script(
            f"TRUNCATE {', '.join(tables)}, search_word, article_tally RESTART IDENTITY CASCADE"
        )
        await transaction.execute_script("".join(f"ALTER TABLE {table} ENABLE TRIGGER USER;" for table in tables))
    return True


async def _drawn(loading: Loading) -> dict[str, renditions.Kept]:
    names = [picture.name for picture in loading.said.pictures]
    running = asyncio.get_running_loop()

    def kept(name: str) -> renditions.Kept:
        return renditions.keep(pictures.draw(name), loading.media)

    with ThreadPoolExecutor(max_workers=4) as pool:
        tasks = [running.run_in_executor(pool, kept, name) for name in names]
        return dict(zip(names, await asyncio.gather(*tasks), strict=True))


async def _pictures(loading: Loading, drawn: dict[str, renditions.Kept]) -> None:
    for picture in loading.said.pictures:
        kept = drawn[picture.name]
        asset = await MediaAsset.create(
            sha256=kept.sha256, mime="image/webp", width=kept.width, height=kept.height, alt=picture.alt,
            credit="Drawn for the sample clinic", licence="CC0-1.0", renditions=kept.sizes,
        )  # fmt: skip
        loading.ids[f"picture:{picture.name}"] = asset.id


async def _article(loading: Loading, said: ArticleEntry) -> None:
    tree = documents.from_markdown(content.filled(said.body, loading.ids))
    body = editing.Content(
        title=said.title,
        summary=said.summary,
        body=tree,
        authors=loading.of("practitioner", said.authors),
        conditions=loading.of("condition", said.conditions),
        treatments=loading.of("treatment", said.treatments),
        disclaimers=loading.of("disclaimer", said.disclaimers),
        hero_image=loading.ids[f"picture:{said.hero}"] if said.hero else None,
    )
    origin = loading.moment(said.originally_published_on).date() if said.originally_published_on else None
    slug = said.moved_from[0] if said.moved_from else said.slug
    identity = editing.Identity(slug, said.kind, comment_policy=said.comment_policy, originally_published_on=origin)
    derived = await rendering.derive(tree)
    async with in_transaction():
        article = await editing.create(identity, body, derived)
    loading.ids[f"article:{said.slug}"] = article.id
    if said.draft:
        await hand_on(loading, said, article)
    else:
        await _publish(loading, said, article)


async def _publish(loading: Loading, said: ArticleEntry, article: Article) -> None:
    """Publish as of the last update, which its review precedes; the first publication is dated back afterwards."""
    assert said.published is not None  # noqa: S101 - the entry checks its dates
    if said.kind is ArticleKind.HEALTH:
        await _review(loading, said, article)
    doing = Acting(loading.site, at=loading.moment(said.published if said.updated is None else said.updated, hour=10))
    await workflow.publish(article.id, None, doing)
    for slug in (*said.moved_from[1:], said.slug) if said.moved_from else ():
        await workflow.change_slug(article.id, None, slug, doing)
    await Article.filter(id=article.id).update(first_published_at=loading.moment(said.published))
    for each in said.corrections:
        await Correction.create(article=article, at=loading.moment(each.days_ago), text=each.text)
    if said.withdrawn:
        withdrawn = Acting(loading.site, at=loading.moment(said.withdrawn.days_ago))
        told = withdrawing.TakeDown(UnpublishKind.WITHDRAWN, said.withdrawn.explanation, said.withdrawn.severity)
        await withdrawing.unpublish(article.id, None, told, withdrawn)


async def _review(loading: Loading, said: ArticleEntry, article: Article) -> None:
    assert said.reviewed is not None and said.next_review is not None  # noqa: S101, PT018 - the entry checks its dates
    revision = await Revision.get(id=article.draft_id)
    await Review.create(
        revision=revision, content_hash=revision.content_hash, reviewer_id=loading.ids[f"practitioner:{said.reviewer}"],
        outcome=ReviewOutcome.APPROVED, evidence_rechecked=True, at=loading.moment(said.reviewed),
        next_review_due=loading.moment(-said.next_review).date(),
    )  # fmt: skip


async def _comments(loading: Loading) -> None:
    for said in loading.said.comments:
        row = await Comment.create(
            article_id=loading.ids[f"article:{said.article}"],
            body=said.body, display_name=said.display_name, status=said.status,
            consent={"textVersion": "sample-1", "at": loading.moment(said.days_ago).isoformat()},
            reply=said.reply.body if said.reply else None,
            replied_at=loading.moment(said.reply.days_ago) if said.reply else None,
        )  # fmt: skip
        await Comment.filter(id=row.id).update(at=loading.moment(said.days_ago, hour=18))
