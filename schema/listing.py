"""The lists at the root: which filter and which order give which listing."""

from api import catalogue, practitioners, statements
from api.accounts.viewer import Viewer
from api.articles import reading
from api.paging import Listing
from api.sql import Sql, sql
from schema.article import ArticleFilter
from schema.condition import ConditionFilter
from schema.enums import ArticleOrder, CatalogueOrder
from schema.practitioner import PractitionerFilter
from schema.treatment import TreatmentFilter

ARTICLES = {
    ArticleOrder.NEWEST: reading.newest,
    ArticleOrder.RECENTLY_REVIEWED: reading.recently_reviewed,
    ArticleOrder.TITLE: reading.by_title,
}
CATALOGUE = {CatalogueOrder.NAME: catalogue.by_name, CatalogueOrder.NEWEST: catalogue.by_age}
LINKS = {"condition": "practitioner_treats", "treatment": "practitioner_offers"}


def articles(viewer: Viewer, wanted: ArticleFilter, order: ArticleOrder | None) -> Listing:
    named = {kind: getattr(wanted, kind) for kind in ("condition", "treatment", "practitioner")}
    where = [reading.about(viewer, kind, key) for kind, key in named.items() if key is not None]
    if wanted.kind:
        where.append(sql("article.kind = ?", str(wanted.kind)))
    if wanted.language is not None:
        where.append(sql("article.language = ?", wanted.language))
    if wanted.published_after:
        where.append(sql(f"{reading.PUBLISHED} > ?", wanted.published_after))
    if wanted.published_before:
        where.append(sql(f"{reading.PUBLISHED} < ?", wanted.published_before))
    return ARTICLES[order or ArticleOrder.NEWEST](viewer, *where)


def conditions(viewer: Viewer, wanted: ConditionFilter, order: CatalogueOrder | None) -> Listing:
    where = [catalogue.beginning("condition", wanted.starts_with)] if wanted.starts_with else []
    if wanted.parent is not None:
        where.append(catalogue.child_of(viewer, "condition", wanted.parent))
    if wanted.treatment is not None:
        where.append(statements.joining(viewer, "condition", "treatment", wanted.treatment))
    return CATALOGUE[order or CatalogueOrder.NAME](viewer, "condition", *where)


def treatments(viewer: Viewer, wanted: TreatmentFilter, order: CatalogueOrder | None) -> Listing:
    where = [catalogue.beginning("treatment", wanted.starts_with)] if wanted.starts_with else []
    if wanted.condition is not None:
        where.append(statements.joining(viewer, "treatment", "condition", wanted.condition))
    return CATALOGUE[order or CatalogueOrder.NAME](viewer, "treatment", *where)


def practitioners_of(viewer: Viewer, wanted: PractitionerFilter, order: CatalogueOrder | None) -> Listing:
    """Those who stand in lists."""
    named = {kind: getattr(wanted, kind) for kind in LINKS}
    where = [Sql(practitioners.LISTED)]
    for kind, key in named.items():
        if key is not None:
            where.append(catalogue.linked_to(viewer, LINKS[kind], "practitioner", kind, key))
    return CATALOGUE[order or CatalogueOrder.NAME](viewer, "practitioner", *where)
