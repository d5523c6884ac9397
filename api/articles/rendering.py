"""Deriving HTML, text and lists from a block tree, with the labels, addresses and pictures that it refers to.

`documents` is pure: what it must know of sources, entries and pictures is looked up here and handed to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from api import catalogue, documents, ids
from api.articles import reading
from api.articles.models import Article
from api.articles.renderings import RenderedText
from api.clinic import Clinic
from api.conditions import Condition
from api.documents import Booking, Document, Label, Picture, RenderContext
from api.evidence import bibliography, csl
from api.evidence.numbering import numbered
from api.media import reading as media
from api.practitioners import Practitioner
from api.sql import Sql, rows, sql
from api.treatments import Treatment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tortoise.models import Model
    from tortoise.queryset import QuerySet

    from api.accounts.viewer import Viewer
    from api.media.models import MediaAsset

Entry = TypeVar("Entry", bound="Model")
RENDERER_VERSION = 1
ADDRESSED: dict[str, type[Model]] = {
    "article": Article,
    "condition": Condition,
    "treatment": Treatment,
    "practitioner": Practitioner,
}
"""The kinds that have a page of their own."""


async def derive(document: Document, viewer: Viewer | None = None) -> RenderedText:
    """Everything that is kept of a body beside the body itself.

    What a viewer is named for must exist for them: else it is written as if it were not there. Without one, for the
    program itself, everything is.
    """
    context = await context_for(document, viewer)
    written = documents.render(document, context)
    text = documents.to_text(document)
    count = documents.words(document)
    return RenderedText(
        html=written.html,
        blocks=[{"html": block.html, "citation_numbers": list(block.citation_numbers)} for block in written.blocks],
        text=text,
        toc=[{"id": entry.id, "level": entry.level, "text": entry.text} for entry in written.toc],
        citations=_citations(document, context, written),
        word_count=count,
        reading_minutes=documents.reading_minutes(count),
        reading_grade=documents.reading_grade(text),
    )


async def context_for(
    document: Document,
    viewer: Viewer | None = None,
    **options: Any,  # noqa: ANN401 - RenderContext's own fields
) -> RenderContext:
    """What the renderer must know to write this document."""
    targets = documents.booking_targets(document)
    return RenderContext(
        labels=await labels((item.key for item in documents.cited(document)), viewer),
        addresses=await addresses(documents.entity_ids(document), viewer),
        pictures=await pictures(image.asset_id for image in documents.images(document)),
        bookings=await bookings(targets, viewer),
        **options,
    )


async def labels(keys: Iterable[str], viewer: Viewer | None = None) -> dict[str, Label]:
    """Number and name of each cited key; a key that no source bears keeps its number and is marked unresolved."""
    numbers = numbered(keys)
    if not numbers:
        return {}
    visible = catalogue.visible_sql(viewer, "source") if viewer else Sql("TRUE")
    found = await rows(
        sql("SELECT key, csl, short_name FROM source WHERE key = ANY(?::text[]) AND ", list(numbers)) + visible
    )
    known = {
        row["key"]: row["short_name"] or bibliography.short_name(csl.parse(orjson.loads(row["csl"]))) for row in found
    }
    return {key: Label(number, known.get(key, key), resolved=key in known) for key, number in numbers.items()}


async def addresses(wanted: Iterable[str], viewer: Viewer | None = None) -> dict[str, str]:
    """The path of each entry that is linked; an entry that is gone has none."""
    found: dict[str, str] = {}
    for kind, model in ADDRESSED.items():
        if mine := [key for key in wanted if ids.kind_of(key) == kind]:
            if model is Article and viewer is not None:
                mine = list(await reading.by_id(mine, viewer))
            there = Article.all() if model is Article else _there(model, viewer)
            slugs = await there.filter(id__in=mine).values_list("id", "slug")
            found |= {key: f"/{kind}s/{slug}" for key, slug in slugs}
    return found


async def pictures(wanted: Iterable[str]) -> dict[str, Picture]:
    """The pictures by asset id, with site-relative addresses."""
    named = list(wanted)
    return {key: picture(asset) for key, asset in (await media.by_id(named)).items()} if named else {}


def picture(asset: MediaAsset) -> Picture:
    sizes = [size for size in asset.renditions if size["mime"] == "image/webp"]
    largest = max(sizes, key=lambda size: int(size["width"]))
    return Picture(
        src=f"/media/{asset.sha256}-{largest['width']}.{largest['ext']}",
        width=largest["width"],
        height=largest["height"],
        alt=None if asset.decorative else asset.alt,
        caption=asset.caption,
        credit=asset.credit,
        srcset=", ".join(f"/media/{asset.sha256}-{size['width']}.{size['ext']} {size['width']}w" for size in sizes),
    )


async def bookings(targets: Iterable[str], viewer: Viewer | None = None) -> dict[str, Booking]:
    """Where each call to action leads: the clinic's or a practitioner's booking page."""
    found: dict[str, Booking] = {}
    for target in targets:
        if target == "clinic":
            clinic = await Clinic.first()
            found |= {target: Booking(f"Book at {clinic.name}", clinic.booking_url or "/contact")} if clinic else {}
        elif practitioner := await _there(Practitioner, viewer).get_or_none(id=target):
            found[target] = Booking(f"Book with {practitioner.name}", practitioner.booking_url or "/contact")
    return found


def _there(model: type[Entry], viewer: Viewer | None) -> QuerySet[Entry]:
    return catalogue.visible_to(viewer, model) if viewer else model.all()


def _citations(document: Document, context: RenderContext, written: documents.Rendered) -> list[dict[str, Any]]:
    locators: dict[str, str] = {}
    for item in documents.cited(document):
        if item.locator:
            locators.setdefault(item.key, item.locator)
    return [
        {"number": label.number, "key": key, "locator": locators.get(key), "marks": list(written.marks.get(key, ()))}
        for key, label in context.labels.items()
    ]
