"""Reads the sample clinic from its files and checks that everything named in them is there; no database."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import ValidationError

from api.errors import Invalid
from api.sample.entries import (
    ClinicEntry,
    ConditionEntry,
    DisclaimerEntry,
    Entry,
    PictureEntry,
    PractitionerEntry,
    SourceEntry,
    StatementEntry,
    TreatmentEntry,
)
from api.sample.texts import ArticleEntry, CommentEntry

FOLDER: Final = Path(__file__).parent / "content"
UNRESOLVED: Final = "unresolved-"

_CITATIONS: Final = re.compile(r"\[(-?@[^\]]+)\]")
_KEY: Final = re.compile(r"@([a-z0-9][a-z0-9_-]*)")
_TOKEN: Final = re.compile(r"\{\{([a-z]+:[a-z0-9-]+)\}\}")

E = TypeVar("E", bound=Entry)


class InvalidSample(Invalid):
    """The sample's files do not fit together."""


@dataclass(frozen=True)
class SampleContent:
    """The whole sample clinic, checked: every slug, key and picture that is named exists."""

    clinic: ClinicEntry
    practitioners: tuple[PractitionerEntry, ...]
    conditions: tuple[ConditionEntry, ...]
    treatments: tuple[TreatmentEntry, ...]
    sources: tuple[SourceEntry, ...]
    statements: tuple[StatementEntry, ...]
    disclaimers: tuple[DisclaimerEntry, ...]
    articles: tuple[ArticleEntry, ...]
    comments: tuple[CommentEntry, ...]
    pictures: tuple[PictureEntry, ...]


def read(folder: Path = FOLDER) -> SampleContent:
    """Read and check the sample; raise InvalidSample with the file and the field where something does not fit."""
    content = SampleContent(
        clinic=_entry(ClinicEntry, _yaml(folder / "clinic.yaml"), "clinic.yaml"),
        practitioners=_list(PractitionerEntry, _yaml(folder / "practitioners.yaml"), "practitioners.yaml"),
        conditions=_pages(ConditionEntry, folder / "conditions"),
        treatments=_pages(TreatmentEntry, folder / "treatments"),
        sources=_list(SourceEntry, json.loads((folder / "sources.json").read_text("utf-8")), "sources.json"),
        statements=_list(StatementEntry, _yaml(folder / "statements.yaml"), "statements.yaml"),
        disclaimers=_list(DisclaimerEntry, _yaml(folder / "disclaimers.yaml"), "disclaimers.yaml"),
        articles=tuple(sorted(_pages(ArticleEntry, folder / "articles"), key=_oldest_first)),
        comments=_list(CommentEntry, _yaml(folder / "comments.yaml"), "comments.yaml"),
        pictures=_pictures(_yaml(folder / "pictures.yaml")),
    )
    _check(content)
    return content


def filled(body: str, ids: Mapping[str, str]) -> str:
    """Put ids where the body names things by kind and name, such as {{picture:tea-cup}} or {{condition:migraine}}."""

    def known(match: re.Match[str]) -> str:
        if match[1] not in ids:
            raise InvalidSample(f"Nothing is known as {match[1]}.")
        return ids[match[1]]

    return _TOKEN.sub(known, body)


def named(body: str) -> tuple[str, ...]:
    """Return what the body names by token, such as "picture:tea-cup"."""
    return tuple(_TOKEN.findall(body))


def cited(body: str) -> tuple[str, ...]:
    """Return the keys that the body cites, in reading order, with repetitions."""
    return tuple(key for marks in _CITATIONS.findall(body) for key in _KEY.findall(marks))


def _yaml(path: Path) -> Any:  # noqa: ANN401 - what a file holds is known only after it was checked
    return yaml.safe_load(path.read_text("utf-8"))


def _pages(kind: type[E], folder: Path) -> tuple[E, ...]:
    return tuple(_page(kind, path) for path in sorted(folder.glob("*.md")))


def _page(kind: type[E], path: Path) -> E:
    """Read Markdown with YAML front matter; the file's name is the slug."""
    opening, front, body = path.read_text("utf-8").split("---\n", 2)
    where = f"{path.parent.name}/{path.name}"
    if opening:
        raise InvalidSample("A page begins with its front matter, between two lines of three dashes.", path=(where,))
    return _entry(kind, {**yaml.safe_load(front), "slug": path.stem, "body": body}, where)


def _list(kind: type[E], values: Iterable[Any], file: str) -> tuple[E, ...]:
    return tuple(_entry(kind, value, file, index) for index, value in enumerate(values))


def _pictures(values: Mapping[str, Mapping[str, Any]]) -> tuple[PictureEntry, ...]:
    return tuple(_entry(PictureEntry, {**value, "name": name}, "pictures.yaml", name) for name, value in values.items())


def _entry(kind: type[E], value: object, *where: str | int) -> E:
    try:
        return kind.model_validate(value)
    except ValidationError as failure:
        first = failure.errors()[0]
        raise InvalidSample(str(first["msg"]), path=(*where, *first["loc"])) from None


def _oldest_first(article: ArticleEntry) -> tuple[int, str]:
    return (-(article.published or 0) if not article.draft else 1, article.slug)


def _check(content: SampleContent) -> None:
    known = _known(content)
    for kind, name, where in _mentions(content):
        if name not in known[kind]:
            raise InvalidSample(f"There is no {kind} “{name}”.", path=where)


def _known(content: SampleContent) -> dict[str, frozenset[str]]:
    """Everything that can be named, by kind; a name that stands twice is refused."""
    lists: dict[str, list[str]] = {
        "practitioner": [one.slug for one in content.practitioners],
        "condition": [one.slug for one in content.conditions],
        "treatment": [one.slug for one in content.treatments],
        "source": [one.key for one in content.sources],
        "disclaimer": [one.key for one in content.disclaimers],
        "picture": [one.name for one in content.pictures],
        "article": [slug for one in content.articles for slug in (one.slug, *one.moved_from)],
        "statement": [one.key for one in content.statements],
    }
    for kind, names in lists.items():
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise InvalidSample(f"More than one {kind} is called {', '.join(sorted(twice))}.")
    return {kind: frozenset(names) for kind, names in lists.items()}


Mention = tuple[str, str, tuple[str, ...]]


def _mentions(content: SampleContent) -> Iterator[Mention]:
    """Everything that one entry says of another: its kind, its name, and where that stands."""
    yield "picture", content.clinic.logo, ("clinic.yaml", "logo")
    for person in content.practitioners:
        where = ("practitioners.yaml", person.slug)
        yield "picture", person.photo, where
        yield from _of("condition", person.treats, where)
        yield from _of("treatment", person.offers, where)
    for condition in content.conditions:
        where = ("conditions", condition.slug)
        yield from _of("condition", [condition.parent] if condition.parent else [], where)
        yield from _in_body(condition.body, where)
    for treatment in content.treatments:
        where = ("treatments", treatment.slug)
        yield from _of("source", (outcome.source for outcome in treatment.adverse_outcomes), where)
        yield from _in_body(treatment.body, where)
    for source in content.sources:
        yield from _of("source", [source.superseded_by] if source.superseded_by else [], ("sources.json", source.key))
    yield from _statements(content.statements)
    for article in content.articles:
        yield from _article(article)
    for comment in content.comments:
        yield "article", comment.article, ("comments.yaml", comment.display_name)


def _statements(statements: Iterable[StatementEntry]) -> Iterator[Mention]:
    for one in statements:
        where = ("statements.yaml", one.key)
        yield "treatment", one.treatment, where
        yield "condition", one.condition, where
        yield "practitioner", one.assessed_by, where
        yield from _of("source", one.sources, where)


def _article(article: ArticleEntry) -> Iterator[Mention]:
    where = ("articles", article.slug)
    yield from _of("practitioner", article.authors, where)
    yield from _of("practitioner", [article.reviewer] if article.reviewer else [], where)
    yield from _of("practitioner", (waiver.by for waiver in article.waivers), where)
    yield from _of("condition", article.conditions, where)
    yield from _of("treatment", article.treatments, where)
    yield from _of("disclaimer", article.disclaimers, where)
    yield from _of("picture", [article.hero] if article.hero else [], where)
    yield from _in_body(article.body, where, draft=article.draft)


def _in_body(body: str, where: tuple[str, ...], *, draft: bool = False) -> Iterator[Mention]:
    """Yield what a body cites and names; only a draft may hold a mark whose source is still missing."""
    yield from _of("source", (key for key in cited(body) if not (draft and key.startswith(UNRESOLVED))), where)
    for token in named(body):
        kind, _, name = token.partition(":")
        yield kind, name, where


def _of(kind: str, names: Iterable[str], where: tuple[str, ...]) -> Iterator[Mention]:
    return ((kind, name, where) for name in names)
