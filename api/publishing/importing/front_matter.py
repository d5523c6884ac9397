"""The block between two lines of three dashes with which Jekyll, Hugo, Ghost and Astro begin a Markdown file."""

import re
from datetime import date
from urllib.parse import urlsplit

import yaml

from api.publishing.importing.dates import written
from api.publishing.importing.found import Found
from api.publishing.importing.model import Unreadable
from api.publishing.importing.notes import Notes
from api.publishing.importing.wording import listed, one_line, shown, slugify

_BLOCK = re.compile(r"\ufeff?---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_LONGEST = 64_000
_DEEPEST = 20

Value = str | list[str]


class _Words(yaml.SafeLoader):
    """Every scalar is text: a date or a number means what this module says, and nothing is ever built from a tag."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse aliases, which could unfold into gigabytes, and depths that exhaust the stack."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("alias")
        self.depth += 1
        if self.depth > _DEEPEST:
            raise yaml.YAMLError("depth")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


_Words.yaml_implicit_resolvers = {}


def is_there(text: str) -> bool:
    return _BLOCK.match(text) is not None


def read(text: str, notes: Notes) -> tuple[Found, str]:
    """Return what the front matter says, and the text after it; lines between dashes that name nothing are text."""
    match = _BLOCK.match(text)
    values = _values(match[1]) if match else None
    if match is None or values is None:
        return Found(), text
    return _found(values, notes), text[match.end() :]


def _values(block: str) -> dict[str, Value] | None:
    if len(block) > _LONGEST:
        raise Unreadable("The front matter (between the lines ---) is longer than an article's could be: shorten it.")
    try:
        loaded = yaml.load(block, Loader=_Words)  # noqa: S506 - a SafeLoader that makes text of everything
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        raise Unreadable("The front matter (between the lines ---) is not YAML that can be read: correct it.") from None
    if not isinstance(loaded, dict):
        return None
    return {one_line(str(name)): _value(value) for name, value in loaded.items() if value}


def _value(value: object) -> Value:
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, list):
        parts = (part.get("name") if isinstance(part, dict) else part for part in value)
        return [words for part in parts if isinstance(part, str) and (words := one_line(part))]
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        return one_line(value["name"])
    return ""


def _found(values: dict[str, Value], notes: Notes) -> Found:
    reading = _Reading(values)
    found = Found(
        title=reading.line("title"),
        summary=reading.line("summary", "description", "excerpt", "customexcerpt"),
        slug=slugify(reading.line("slug")),
        addresses=tuple(
            address
            for name in ("canonicalurl", "canonical", "url", "permalink", "aliases", "redirectfrom", "alias")
            for address in reading.all(name)
            if _is_address(address, notes)
        ),
        published=reading.day(
            notes, "originallypublishedon", "published", "publishedat", "publishdate", "pubdate", "date"
        ),
        updated=reading.day(notes, "updated", "updatedat", "lastmod", "modified", "dateupdated"),
        authors=tuple(reading.all("author", "authors")),
        tags=tuple(dict.fromkeys(reading.all("tags", "keywords", "categories", "category"))),
        language=reading.line("language", "lang", "locale") or None,
    )
    if unread := reading.unread():
        notes.say(f"The front matter says more than is brought in: {listed([shown(line) for line in unread])}.")
    return found


class _Reading:
    """Looks values up by any of their usual names, and remembers which names were used."""

    def __init__(self, values: dict[str, Value]) -> None:
        self._names = {re.sub(r"[\W_]", "", name.lower()): name for name in values}
        self._values = values
        self._used: set[str] = set()

    def line(self, *names: str) -> str:
        return next(iter(self.all(*names)), "")

    def all(self, *names: str) -> list[str]:
        """Return the values of the first name that is there; "a, b" under a plural name are two."""
        for name in names:
            if value := self._values.get(self._names.get(name, "")):
                self._used.add(self._names[name])
                if isinstance(value, list):
                    return value
                return [part.strip() for part in value.split(",") if part.strip()] if name in _PLURAL else [value]
        return []

    def day(self, notes: Notes, *names: str) -> date | None:
        for name in names:
            if value := self.line(name):
                if day := written(value):
                    return day
                notes.say(f"The date {shown(value)} under {shown(name)} cannot be read for certain; it was left out.")
        return None

    def unread(self) -> list[str]:
        said = ((name, value) for name, value in self._values.items() if name not in self._used)
        return [f"{name}: {value}" if value and isinstance(value, str) else name for name, value in said]


_PLURAL = {"authors", "tags", "keywords", "categories"}


def _is_address(address: str, notes: Notes) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    is_one = parts.scheme in ("http", "https") or (not parts.scheme and address.startswith("/"))
    if not is_one:
        notes.say(f"{shown(address)} in the front matter is no address that can be redirected.")
    return is_one
