"""Bodies: what was derived from them at save, wherever it is kept."""

from api.sql import Sql
from schema.plan.facts import rows
from schema.plan.model import Column, Facts, Many, One, own

FIELDS = ("html", "text", "blocks", "toc", "citations")


def of_entry() -> One:
    """The body of an entry of the catalogue, whose row carries it and its rendering; null unless both are there."""
    columns = ", ".join(
        f"{{row}}.rendering {'->' if place > 1 else '->>'} '{name}' AS {name}" for place, name in enumerate(FIELDS)
    )
    there = "{row}.rendering IS NOT NULL AND {row}.body IS NOT NULL"
    return One(lambda _: Sql(f"SELECT {columns}, {{row}}.body AS document WHERE {there}"))


def of_citations(listed: str) -> Many:
    """The citations in a list of a rendering."""
    return Many(lambda _: Sql(f"SELECT said.value AS said FROM jsonb_array_elements({listed}) AS said"))


def _listed(column: str) -> Many:
    return Many(lambda _: Sql(f"SELECT said.value AS said FROM jsonb_array_elements({{row}}.{column}) AS said"))


def _said(*names: str) -> Facts:
    """Values of a JSON object, by their GraphQL names, that are the same there."""
    return {name: Column(f"{{row}}.said -> '{name}'") for name in names}


BODY: Facts = {
    **own("html", "text", "document"),
    "blocks": _listed("blocks"),
    "toc": _listed("toc"),
    "citations": of_citations("{row}.citations"),
}
CITATION: Facts = {
    **_said("number", "key", "locator", "marks"),
    "source": One(lambda _: rows.entry_by("source", "key", "{row}.said ->> 'key'")),
}
TYPES = {
    "Body": BODY,
    "BodyBlock": {**_said("html"), "citationNumbers": Column("{row}.said -> 'citation_numbers'")},
    "TocEntry": _said("id", "level", "text"),
    "Citation": CITATION,
}
