"""What copies show of an article that has just gone live, asked for by one statement within the transaction.

`finding.facts` finds the same, and more of each row, for many articles and for any viewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from api.accounts.viewer import ANONYMOUS
from api.articles import reading, reviews
from api.articles.finding import PICTURE, ArticleFacts, Reference, Risks, Work
from api.articles.renderings import FIELDS, RenderedText
from api.clinic import Clinic, Disclaimer
from api.conditions import CareAdvice, Condition
from api.evidence.models import Source
from api.media.models import MediaAsset
from api.practitioners import Practitioner
from api.rows import partly
from api.sql import sql, together
from api.treatments import AdverseOutcome, Treatment

if TYPE_CHECKING:
    from tortoise.models import Model

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
    "advice": BELOW.format(
        columns="care_advice.condition_id, level, heading, items, body, phone", table="care_advice", owner="condition"
    ),
    "outcomes": BELOW.format(
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


async def facts(article_id: str) -> ArticleFacts:
    """The facts behind a live article, as far as they are shown with copies."""
    queries = {name: sql(text, *[article_id] * text.count("?")) for name, text in QUERIES.items()}
    article = reading.selected(sql("article.id = ?", article_id), ANONYMOUS)
    found = await together({"article": article, **queries})
    shown = reading.remembered(found["article"][0])
    text = RenderedText(**found["text"][0])
    pictures = _rows(MediaAsset, found["pictures"])
    inside = dict.fromkeys(PICTURE.findall(text.html))
    by_hash = {asset.sha256: asset for asset in pictures}
    works = {source.key: Work(source) for source in _rows(Source, found["sources"])}
    conditions = _rows(Condition, found["conditions"])
    advice = _rows(CareAdvice, found["advice"])
    return ArticleFacts(
        article=shown,
        text=text,
        clinic=_rows(Clinic, found["clinic"])[0],
        authors=_rows(Practitioner, found["authors"]),
        reviewer=next(iter(_rows(Practitioner, found["reviewer"])), None),
        review=next((reviews.from_json(row) for row in found["review"]), None),
        conditions=conditions,
        care_advice=[said for about in conditions for said in advice if said.condition_id == about.id],
        risks=_risks(found),
        references=[Reference(each["number"], each["key"], works.get(each["key"])) for each in text.citations],
        disclaimers=_rows(Disclaimer, found["disclaimers"]),
        hero_image=next((asset for asset in pictures if asset.id == shown.hero_image_id), None),
        pictures=[by_hash[sign] for sign in inside if sign in by_hash],
    )


def _risks(found: Found) -> list[Risks]:
    outcomes = _rows(AdverseOutcome, found["outcomes"])
    return [
        Risks(treatment, [said for said in outcomes if said.treatment_id == treatment.id])
        for treatment in _rows(Treatment, found["treatments"])
    ]


def _rows(model: type[Row], found: list[dict[str, Any]]) -> list[Row]:
    return [partly(model, row) for row in found]
