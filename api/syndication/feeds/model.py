"""A page of a feed as values, whatever form it is written in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Named:
    """Somebody or something with a place of its own: who wrote it, who publishes, on which terms."""

    name: str
    url: str


@dataclass(frozen=True)
class Image:
    """A picture that others may show."""

    url: str
    mime: str
    width: int
    height: int
    alt: str
    credit: str | None


@dataclass(frozen=True)
class Item:
    """A live article. `html` is what to show: the summary or the whole, always with who says so and on which terms.

    `content_hash` is that of the whole, where it is written down who was sent it.
    """

    id: str
    article_id: str
    revision_number: int
    url: str
    title: str
    summary: str
    html: str
    is_whole: bool
    language: str
    published: datetime
    updated: datetime
    authors: Sequence[Named]
    about: Sequence[str]
    image: Image | None
    content_hash: str | None = None


@dataclass(frozen=True)
class Removal:
    """An article that was taken down; an erased one has nothing but its id."""

    id: str
    at: datetime
    reason: str
    title: str | None
    explanation: str | None
    url: str | None
    moved_to: str | None

    @property
    def notice(self) -> str:
        """What readers are told in a sentence."""
        return self.explanation or "This article is no longer available."


@dataclass(frozen=True)
class Feed:
    """One page. Removals stand on the first page alone, and so does `hub`, which tells at once of what is new.

    Archives are parts of their own, beside those that `next` leads to.
    """

    title: str
    description: str
    home: str
    address: str
    first: str
    next: str | None
    language: str
    publisher: Named
    logo: str | None
    licence: Named
    updated: datetime
    items: Sequence[Item]
    removals: Sequence[Removal]
    tags: tuple[str, ...]
    hub: str | None = None
    prev_archive: str | None = None
    next_archive: str | None = None
    is_archive: bool = False
