"""The part of CSL-JSON (schema 1.0.2) in which a work is described here; anything else is refused with its path."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic import model_validator as check
from pydantic_core import ErrorDetails, PydanticCustomError

from api.errors import Invalid, Refused
from api.evidence import identifiers


class InvalidCsl(Invalid):
    """This is not CSL-JSON as it is accepted here."""


def _number_as_text(value: object) -> object:
    """Let a volume be 322 or "322", as the schema does."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9 else value


def _one_line(value: str) -> str:
    """Fold white space into single spaces; no reader needs control characters, and PostgreSQL stores no NUL."""
    folded = " ".join(value.split())
    if not folded or re.search(r"[\x00-\x1f\x7f-\x9f]", folded):
        raise PydanticCustomError("not_one_line", "empty, or control characters")
    return folded


def _normal(read: Callable[[str], str]) -> AfterValidator:
    def normal(value: str) -> str:
        try:
            return read(value)
        except Refused as refusal:
            raise ValueError(refusal.message) from None

    return AfterValidator(normal)


Text = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_one_line)]
NumberOrText = Annotated[Text, BeforeValidator(_number_as_text)]
DateNumber = Annotated[int, Field(ge=-9999, le=9999)]
Address = Annotated[Text, StringConstraints(pattern=r"^https?://[^\s/?#]+[^\s]*$")]

ItemType = Literal[
    "article",
    "article-journal",
    "article-magazine",
    "article-newspaper",
    "book",
    "chapter",
    "document",
    "paper-conference",
    "post-weblog",
    "report",
    "standard",
    "thesis",
    "webpage",
]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CslName(_Closed):
    """A person (family, given) or an organisation (literal)."""

    family: Text | None = None
    given: Text | None = None
    suffix: Text | None = None
    dropping_particle: Text | None = Field(None, alias="dropping-particle")
    non_dropping_particle: Text | None = Field(None, alias="non-dropping-particle")
    literal: Text | None = None

    @check(mode="after")
    def _is_one_or_the_other(self) -> Self:
        if (self.family is None) == (self.literal is None):
            raise ValueError("A name has either a family name (and given names) or, for an organisation, a literal.")
        return self


class CslDate(_Closed):
    """A date with the parts that are known: year, or year and month, or all three; two of them make a range."""

    date_parts: tuple[tuple[DateNumber, ...], ...] = Field(alias="date-parts", min_length=1, max_length=2)

    @check(mode="after")
    def _exists_in_the_calendar(self) -> Self:
        for parts in self.date_parts:
            year, month, day = (*parts, 1, 1)[:3] if 1 <= len(parts) <= len(("year", "month", "day")) else (0, 0, 0)
            try:
                date(year, month, day)
            except ValueError:
                raise ValueError("A date is a year, a year and month, or a year, month and day that exist.") from None
        return self

    @property
    def parts(self) -> tuple[int, ...]:
        """The parts of the first (often the only) date."""
        return self.date_parts[0]


class CslItem(_Closed):
    """One work that can be cited."""

    id: NumberOrText | None = None
    type: ItemType
    title: Text
    author: tuple[CslName, ...] = Field((), max_length=1000)
    editor: tuple[CslName, ...] = Field((), max_length=1000)
    container_title: Text | None = Field(None, alias="container-title")
    container_title_short: Text | None = Field(None, alias="container-title-short")
    collection_title: Text | None = Field(None, alias="collection-title")
    volume: NumberOrText | None = None
    issue: NumberOrText | None = None
    page: NumberOrText | None = None
    number: NumberOrText | None = None
    edition: NumberOrText | None = None
    genre: Text | None = None
    publisher: Text | None = None
    publisher_place: Text | None = Field(None, alias="publisher-place")
    issued: CslDate | None = None
    accessed: CslDate | None = None
    language: Text | None = None
    DOI: Annotated[Text, _normal(identifiers.doi)] | None = None
    PMID: Annotated[NumberOrText, _normal(identifiers.pmid)] | None = None
    PMCID: Annotated[Text, _normal(identifiers.pmcid)] | None = None
    ISBN: Annotated[Text, _normal(identifiers.isbn)] | None = None
    ISSN: Text | None = None
    URL: Address | None = None

    @property
    def year(self) -> int | None:
        return self.issued.parts[0] if self.issued else None

    def dump(self) -> dict[str, Any]:
        """Return the canonical JSON: the schema's names, normal identifiers, nothing that is absent."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)


def parse(value: object) -> CslItem:
    """Read one CSL-JSON item, or refuse it with one sentence and the path to the first place that is wrong."""
    try:
        return CslItem.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InvalidCsl(_sentence(first), path=first["loc"]) from None


_SENTENCES = {
    "extra_forbidden": "“{name}” is not a field of CSL-JSON that is accepted here.",
    "missing": "“{name}” is missing.",
    "literal_error": "“{name}” has to be one of {expected}.",
    "string_type": "“{name}” has to be text.",
    "not_one_line": "“{name}” is empty or holds control characters.",
    "string_too_long": "“{name}” is longer than {max_length} characters.",
    "string_pattern_mismatch": "“{name}” has to be a web address that starts with https:// or http://.",
    "too_long": "“{name}” holds more entries than the {max_length} that are accepted.",
    "too_short": "“{name}” is empty: leave it out instead.",
    "tuple_type": "“{name}” has to be a list.",
    "model_type": "“{name}” has to be an object with fields.",
}


def _sentence(error: ErrorDetails) -> str:
    """Say in words what pydantic found; our own rules already speak in sentences."""
    context = error.get("ctx", {})
    if isinstance(cause := context.get("error"), ValueError):
        return str(cause)
    name = next((part for part in reversed(error["loc"]) if isinstance(part, str)), "The item")
    template = _SENTENCES.get(error["type"], "“{name}” does not have the form that CSL-JSON gives it.")
    return template.format(name=name, **context)
