"""What the benchmark asks: operations of the site and of partners, as they come over the wire."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from tests.asking import ROOT
from tests.benchmarks import load

OPERATIONS: dict[str, str] = json.loads((ROOT / "schema" / "operations.json").read_text())
UNPLANNED = "viewer { roles }"
"""What no plan covers, and costs next to nothing: whatever asks for it is executed by Strawberry as a whole."""


@dataclass(frozen=True)
class Question:
    """One operation with its variables, or a path; `text` is sent in place of the hash of a committed one.

    `others`: further variables, asked in turn. Those who ask the same at the same time get one answer from the API,
    with and without its cache; cold answers are compared only when everybody asks something else.
    """

    name: str
    operation: str = ""
    variables: dict[str, Any] = field(default_factory=dict)
    path: str = ""
    text: str = ""
    with_key: bool = False
    others: tuple[dict[str, Any], ...] = ()

    @property
    def each(self) -> list[Question]:
        """The question with each of its variables."""
        return [replace(self, variables=said, others=()) for said in (self.variables, *self.others)]

    @property
    def target(self) -> str:
        """The path and the query string of its GET."""
        if self.path:
            return self.path
        key = next(key for key, text in OPERATIONS.items() if text.startswith(f"query {self.operation}"))
        return "/graphql?" + urlencode({"documentId": key, "variables": json.dumps(self.variables)})

    def request(self, token: str = "") -> bytes:
        """The request as it goes over the wire; `token`: for what only a partner asks."""
        headers = [f"authorization: Bearer {token}"] if self.with_key else []
        if not self.text:
            return load.get(self.target, *headers)
        return load.post("/graphql", json.dumps({"query": self.text, "variables": self.variables}).encode(), *headers)


def text_of(operation: str) -> str:
    return next(text for text in OPERATIONS.values() if text.startswith(f"query {operation}"))


def unplanned(operation: str) -> str:
    """The text of an operation that is executed, whatever plans there are."""
    head, brace, rest = text_of(operation).partition("{\n")
    return f"{head}{brace}  {UNPLANNED}\n{rest}"


MANY = 64
SLUGS = tuple({"by": {"slug": f"copied-{number}"}} for number in range(9, 9 + MANY))
HUBS = tuple({"slug": f"copied-condition-{number}"} for number in range(3, 3 + MANY))
FEW = tuple({"query": f"few{number}"} for number in range(1, 20) if number != 7)
PAGE = Question("article page", "ArticlePage", {"by": {"slug": "copied-8"}}, others=SLUGS)
LIST = Question("list of 20", "ArticlesPage", {"first": 20, "orderBy": "NEWEST"})
HUB = Question("condition hub", "ConditionPage", {"slug": "copied-condition-2"}, others=HUBS)
SEARCH = Question("search", "SearchPage", {"query": "few7"}, others=FEW)
SYNC = Question("sync page of 20", "PartnerSync", {"first": 20}, with_key=True)
FEED = Question("feed (Atom)", path="/feeds/articles.atom")
FALLBACK = Question("article page", variables=PAGE.variables, text=unplanned("ArticlePage"), others=SLUGS)
EVERYWHERE = (PAGE, LIST, HUB, SEARCH, SYNC, FEED)
"""Asked at every size."""
