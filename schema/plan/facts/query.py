"""The root: what can be asked, and by which arguments."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from api.articles import reading
from api.evidence import reading as evidence
from api.sql import Sql, sql
from schema import listing
from schema.article import ArticleFilter
from schema.condition import ConditionFilter
from schema.enums import ArticleOrder, CatalogueOrder
from schema.plan import routes
from schema.plan.facts import rows
from schema.plan.model import Arguments, Connected, Facts, One, Written, snake
from schema.practitioner import PractitionerFilter
from schema.treatment import TreatmentFilter

if TYPE_CHECKING:
    from api.paging import Listing

Order = TypeVar("Order", bound=Enum)


def _by(said: Arguments) -> tuple[str, Any]:
    """The one key of a @oneOf input and its value."""
    return next((name, value) for name, value in said["by"].items() if value is not None)


def _article(said: Arguments) -> Sql:
    name, value = _by(said)
    return reading.selected(sql(f"article.{name} = ?", value), rows.VIEWER)


def _entry(table: str) -> One:
    def source(said: Arguments) -> Sql:
        name, value = _by(said)
        return rows.entry_by(table, name, sql("?", value))

    return One(source)


def _filter(type_: type[Any], said: Arguments) -> Any:  # noqa: ANN401 - the filter that the field takes
    """What Strawberry would make of it; texts and moments may be slots."""
    return type_(**{snake(name): value for name, value in (said.get("filter") or {}).items()})


def _order(order: type[Order], said: Arguments) -> Order | None:
    return None if said["orderBy"] is None else order(said["orderBy"])


def _articles(said: Arguments) -> Listing:
    return listing.articles(rows.VIEWER, _filter(ArticleFilter, said), _order(ArticleOrder, said))


def _conditions(said: Arguments) -> Listing:
    return listing.conditions(rows.VIEWER, _filter(ConditionFilter, said), _order(CatalogueOrder, said))


def _treatments(said: Arguments) -> Listing:
    return listing.treatments(rows.VIEWER, _filter(TreatmentFilter, said), _order(CatalogueOrder, said))


def _practitioners(said: Arguments) -> Listing:
    return listing.practitioners_of(rows.VIEWER, _filter(PractitionerFilter, said), _order(CatalogueOrder, said))


QUERY: Facts = {
    "clinic": One(lambda _: Sql("SELECT * FROM clinic LIMIT 1")),
    "article": One(_article),
    "articles": Connected(_articles, rows.article),
    "condition": _entry("condition"),
    "conditions": Connected(_conditions, "condition"),
    "treatment": _entry("treatment"),
    "treatments": Connected(_treatments, "treatment"),
    "practitioner": _entry("practitioner"),
    "practitioners": Connected(_practitioners, "practitioner"),
    "source": _entry("source"),
    "route": Written(routes.route),
    "sources": Connected(lambda _: evidence.listing(rows.VIEWER), "source"),
}
TYPES = {"Query": QUERY, **routes.TYPES}
