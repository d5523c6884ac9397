"""What copies show of an article that has just gone live, asked for by one statement within the transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from api.accounts.viewer import ANONYMOUS
from api.articles import finding, reading, reviews
from api.articles.finding import PICTURE, ArticleFacts, Finder
from api.articles.renderings import FIELDS, RenderedText
from api.clinic import Clinic, Disclaimer
from api.conditions import Condition
from api.evidence.models import Source
from api.media.models import MediaAsset
from api.practitioners import Practitioner
from api.rows import partly
from api.sql import sql, together
from api.treatments import Treatment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tortoise.models import Model

    from api.articles.reviews import StandingReview

Row = TypeVar("Row", bound="Model")
Found = dict[str, list[dict[str, Any]]]
REVISION = f"(SELECT {reading.LIVE} FROM article WHERE id = ?)"
LINKED = f"""
SELECT {{columns}} FROM revision_{{link}} link JOIN {{table}} ON {{table}}.id = link.{{table}}_id
 WHERE link.revision_id = {REVISION} AND {{table}}.is_published ORDER BY link.position
"""
BELOW = f"""
SELECT {{columns}} FROM {{table}} JOIN revision_{{owner}} link ON link.{{owner}}_id = {{table}}.{{owner}}_id
 WHERE link.revision_id = {REVISION} ORDER BY {{table}}.position
"""
PERSON = "practitioner.id, name, slug, job_title"
QUERIES = {
    "clinic": "SELECT name, telephone, licence, syndication_terms, logo_id FROM clinic",
    "text": f"SELECT {', '.join(FIELDS)} FROM rendering WHERE revision_id = {REVISION}",
    "authors": LINKED.format(columns=PERSON, link="author", table="practitioner"),
    "conditions": LINKED.format(columns="condition.id, name, slug", link="condition", table="condition"),
    "treatments": LINKED.format(
        columns="treatment.id, name, slug, contraindications", link="treatment", table="treatment"
    ),
    "disclaimers": LINKED.format(columns="disclaimer.id, title, text", link="disclaimer", table="disclaimer"),
    "care_advice": BELOW.format(
        columns="care_advice.condition_id, level, heading, items, body, phone", table="care_advice", owner="condition"
    ),
    "adverse_outcome": BELOW.format(
        columns="adverse_outcome.treatment_id, text, figure", table="adverse_outcome", owner="treatment"
    ),
    "review": f"SELECT {REVISION} AS revision_id, shown.* FROM shown_review({REVISION}) AS shown",
    "reviewer": f"SELECT {PERSON} FROM practitioner WHERE is_published "
    f"AND id = (SELECT reviewer_id FROM shown_review({REVISION}))",
    "sources": "SELECT key, csl, doi, status, reference FROM source WHERE is_published "
    f"AND key IN (SELECT key FROM revision_citation WHERE revision_id = {REVISION})",
    "pictures": "SELECT id, sha256, alt, credit, licence FROM media_asset "
    f"WHERE id = (SELECT hero_image_id FROM revision WHERE id = {REVISION}) "
    f"OR sha256 IN (SELECT found[1] FROM rendering, regexp_matches(html, '{PICTURE.pattern}', 'g') AS found "
    f"WHERE revision_id = {REVISION})",
}
ENTRIES: dict[str, tuple[type[Model], str]] = {
    "practitioner": (Practitioner, "authors"),
    "condition": (Condition, "conditions"),
    "treatment": (Treatment, "treatments"),
    "disclaimer": (Disclaimer, "disclaimers"),
}
"""The tables to which a revision is linked, and the question that asks for their rows."""


class Live(Finder):
    """Gives what one statement has found of an article: of each row what is shown with copies."""

    def __init__(self, found: Found) -> None:
        super().__init__(ANONYMOUS)
        self.found = found

    async def clinic(self) -> Clinic:
        return self._rows(Clinic, "clinic")[0]

    async def texts(self, _revisions: Sequence[str]) -> list[RenderedText]:
        return [RenderedText(**row) for row in self.found["text"]]

    async def linked(self, _through: type[Model], target: str, _revisions: Sequence[str]) -> list[list[Any]]:
        return [self._rows(*ENTRIES[target])]

    async def below(self, model: type[Model], owner: str, owners: Sequence[str]) -> list[list[Any]]:
        found = self._rows(model, model._meta.db_table)  # noqa: SLF001 - its table
        return [[row for row in found if getattr(row, f"{owner}_id") == key] for key in owners]

    async def reviews(self, _revisions: Sequence[str]) -> list[StandingReview | None]:
        return [next((reviews.from_json(row) for row in self.found["review"]), None)]

    async def practitioners(self, wanted: Sequence[str]) -> list[Practitioner | None]:
        found = {person.id: person for person in self._rows(Practitioner, "reviewer")}
        return [found.get(key) for key in wanted]

    async def sources(self, keys: Sequence[str]) -> list[Source | None]:
        found = {source.key: source for source in self._rows(Source, "sources")}
        return [found.get(key) for key in keys]

    async def pictures(self, _wanted: set[str], _hashes: set[str]) -> list[MediaAsset]:
        return self._rows(MediaAsset, "pictures")

    def _rows(self, model: type[Row], name: str) -> list[Row]:
        return [partly(model, row) for row in self.found[name]]


async def facts(article_id: str) -> ArticleFacts:
    """The facts behind a live article, as far as they are shown with copies."""
    queries = {name: sql(text, *[article_id] * text.count("?")) for name, text in QUERIES.items()}
    article = reading.selected(sql("article.id = ?", article_id), ANONYMOUS)
    found = await together({"article": article, **queries})
    (told,) = await finding.facts([reading.remembered(found["article"][0])], ANONYMOUS, Live(found))
    return told
