"""Keeps what a revision leans on public while it goes live: nobody can take an entry from readers meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api import documents
from api.sql import Sql, rows, sql

if TYPE_CHECKING:
    from api.articles.models import Revision
    from api.documents import Document

LINKED = {
    "condition": "SELECT condition_id FROM revision_condition WHERE revision_id = ?",
    "treatment": "SELECT treatment_id FROM revision_treatment WHERE revision_id = ?",
    "practitioner": "SELECT practitioner_id FROM revision_author WHERE revision_id = ? "
    "UNION SELECT reviewer_id FROM standing_review(?) UNION SELECT before.reviewer_id FROM revision "
    "CROSS JOIN LATERAL standing_review(revision.predecessor_id) AS before WHERE revision.id = ?",
    "disclaimer": "SELECT disclaimer_id FROM revision_disclaimer WHERE revision_id = ?",
    "source": "SELECT id FROM source WHERE key IN (SELECT key FROM revision_citation WHERE revision_id = ?)",
}


async def hold(revision: Revision, tree: Document) -> None:
    """Share the locks of every entry that the revision names, by one statement, to the end of the transaction.

    Verbs of the catalogue lock the articles that name an entry before the entry itself, as publishing does.
    """
    named = [*documents.entity_ids(tree), *documents.booking_targets(tree)]
    parts = [_held(table, query, revision.id, named) for table, query in LINKED.items()]
    withs, counts = Sql("WITH "), " + ".join(f"(SELECT count(*) FROM held_{table})" for table in LINKED)
    for place, part in enumerate(parts):
        withs += (", " if place else "") + part
    await rows(withs + f" SELECT {counts} AS held")


def _held(table: str, query: str, revision: str, named: list[str]) -> Sql:
    wanted = sql(query, *[revision] * query.count("?"))
    return (
        f"held_{table} AS MATERIALIZED (SELECT id FROM {table} WHERE id IN ("
        + wanted
        + sql(") OR id = ANY(?::text[]) ORDER BY id FOR SHARE)", named)
    )
