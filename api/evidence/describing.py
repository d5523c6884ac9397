"""How a work is spoken of, derived from its record once, at save: its reference, its short name and its JSON-LD."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.errors import Refused
from api.evidence import bibliography, csl

Node = dict[str, Any]


@dataclass(frozen=True)
class Described:
    """What readers are told of a work; `work` is a schema.org CreativeWork."""

    reference: str
    short_name: str
    year: int | None
    work: Node


def described(record: object, doi: str | None, url: str | None) -> Described | None:
    """What is told of the work with this CSL-JSON; None where the record is not one that is understood here."""
    try:
        item = csl.parse(record)
    except Refused:
        return None
    return Described(bibliography.vancouver(item), bibliography.short_name(item), item.year, work(item, doi, url))


def work(item: csl.CslItem, doi: str | None, url: str | None) -> Node:
    """The work in JSON-LD."""
    node = {
        "@type": "ScholarlyArticle" if item.type == "article-journal" else "CreativeWork",
        "name": item.title,
        "author": [_author(name) for name in item.author],
        "datePublished": str(item.year) if item.year else None,
        "isPartOf": {"@type": "Periodical", "name": item.container_title} if item.container_title else None,
        "sameAs": f"https://doi.org/{doi}" if doi else None,
        "url": url,
    }
    return _known(node)


def _author(name: csl.CslName) -> Node:
    if name.literal:
        return {"@type": "Organization", "name": name.literal}
    return _known({"@type": "Person", "familyName": name.family, "givenName": name.given})


def _known(node: Node) -> Node:
    return {name: value for name, value in node.items() if value not in (None, [], {})}
