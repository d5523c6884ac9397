"""Takes a site's own lines out of a text: furniture, dates, bylines, captions; every one is counted and quoted."""

from dataclasses import replace

from api.publishing.importing import furniture
from api.publishing.importing.dates import said
from api.publishing.importing.found import Found
from api.publishing.importing.nodes import LISTS, Node, words
from api.publishing.importing.notes import Notes

# A byline stands at the head of a text; further down "By Ada Example" may belong to a quotation.
_HEAD = 8
_LINES = ("paragraph", "heading")


class Removal:
    """Looks at lines in reading order, takes what belongs to the site, and keeps the facts that it tells."""

    def __init__(self, notes: Notes, found: Found | None = None) -> None:
        self.found = found or Found()
        self._notes = notes
        self._seen = 0

    def takes(self, line: str) -> bool:
        """Tell whether a whole line is the site's and not the article's."""
        self._seen += 1
        if kind := furniture.kind_of(line):
            self._notes.drop(kind, line)
        elif dated := furniture.dated(line):
            self._take_date(line, dated)
        elif self._seen <= _HEAD and (name := furniture.byline(line)):
            self._notes.drop("bylines", line)
            self.found = replace(self.found, authors=tuple(dict.fromkeys([*self.found.authors, name])))
        elif furniture.is_caption(line):
            self._notes.drop("captions of images", line)
        else:
            return False
        return True

    def _take_date(self, line: str, dated: furniture.DatedLine) -> None:
        self._notes.drop("lines with a date", line)
        if dated.is_publication:
            self.found = replace(self.found, published=self.found.published or dated.day)
        elif dated.is_update:
            self.found = replace(self.found, updated=self.found.updated or dated.day)
        else:
            self._notes.say(
                f"The text says {dated.what.lower()} on {said(dated.day)}: a review counts only once made here."
            )


def remove(found: Found, notes: Notes) -> Found:
    """Take the site's lines from the top level of a page."""
    removal = Removal(notes, found)
    kept = [node for node in found.blocks if not _is_taken(node, removal)]
    return replace(removal.found, blocks=kept)


def _is_taken(node: Node, removal: Removal) -> bool:
    """Look at a line, and at a list as the lines of its items if all of them are furniture (a row of share links)."""
    if node["type"] in _LINES:
        return removal.takes(words(node))
    lines = [words(item) for item in node.get("content", ())] if node["type"] in LISTS else []
    return bool(lines) and all(map(furniture.kind_of, lines)) and all(map(removal.takes, lines))
