"""What is known while one page is written: ids given out, numbers cited so far, the level of the last heading."""

from collections import defaultdict
from dataclasses import dataclass, field

from api.documents.ids import Ids
from api.documents.rendering.context import Label, RenderContext, TocEntry
from api.documents.rendering.tags import Html, element, is_address, joined


@dataclass(slots=True)
class Page:
    context: RenderContext
    ids: Ids = field(default_factory=Ids)
    toc: list[TocEntry] = field(default_factory=list)
    marks: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[int, None] = field(default_factory=dict)
    unknown: dict[str, Label] = field(default_factory=dict)
    tables: int = 0
    level: int = 1
    latest_heading: str = ""
    in_care: bool = False

    def id(self, wanted: str) -> str:
        return f"{self.context.id_prefix}{self.ids.take(wanted)}"

    def label(self, key: str) -> Label:
        """Find a key's label; one that nobody resolved counts on from those that are there."""
        if key in self.context.labels:
            return self.context.labels[key]
        return self.unknown.setdefault(key, Label(len(self.context.labels) + len(self.unknown) + 1, "", resolved=False))

    def mark(self, key: str) -> str:
        """Name the next place that cites a key, and remember it."""
        found = f"{self.context.id_prefix}{self.ids.mark(key)}"
        self.marks[key].append(found)
        return found

    def address(self, url: str) -> str:
        """Make an address right for the page's place: a copy elsewhere needs the site's name and its own ids."""
        if url.startswith("/"):
            return f"{self.context.absolute}{url}"
        return f"#{self.context.id_prefix}{url[1:]}" if url.startswith("#") else url

    def anchor(self, url: str | None, *children: Html, class_: str | None = None) -> Html:
        """Link to an address; without a good one the words stand alone."""
        if url is None or not is_address(url):
            return joined(*children)
        outside = "noopener" if url.startswith("http") else None
        return element("a", *children, class_=class_, href=self.address(url), rel=outside)
