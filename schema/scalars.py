"""The scalars beside GraphQL's own: moments, days, addresses and the identifiers of works."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final, NewType

import strawberry
from graphql import GraphQLError, GraphQLID, GraphQLScalarType
from strawberry.types.scalar import ScalarDefinition

from api.errors import Refused
from api.evidence import identifiers

URL = NewType("URL", str)
DOI = NewType("DOI", str)
PMID = NewType("PMID", str)
PMCID = NewType("PMCID", str)
ISBN = NewType("ISBN", str)
LONGEST_ID: Final = 40
"""Characters; the columns of ids are as wide, and no id is as long."""


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value).upper())  # RFC 3339: t and z may be small
        told = moment.astimezone(UTC) if isinstance(value, str) and moment.tzinfo else None
    except (ValueError, OverflowError):
        told = None
    if told is None:
        raise GraphQLError("Give a moment with its offset, such as 2026-11-22T10:00:00Z.")
    return told


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise GraphQLError("Give a day such as 2026-11-22.") from None


def _identifier(read: Callable[[str], str]) -> Callable[[object], str]:
    def parse(value: object) -> str:
        try:
            return read(value if isinstance(value, str) else "")
        except Refused as refusal:
            raise GraphQLError(refusal.message) from None

    return parse


def _address(value: object) -> str:
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        raise GraphQLError("Give an address that begins with https:// or http://.")
    return value


def _as_it_is(value: object) -> str:
    return str(value)


def _write_moment(value: datetime) -> str:
    return (
        value.astimezone(UTC)
        .isoformat(timespec="seconds" if value.microsecond == 0 else "milliseconds")
        .replace("+00:00", "Z")
    )


def refuse_unstorable(*builtin: GraphQLScalarType) -> None:
    """Let GraphQL's own scalars refuse the sign that PostgreSQL cannot keep, so that no room has to think of it.

    An id that is longer than any is cut here: it still names nothing, and no column refuses it.
    """
    for scalar in builtin:
        scalar.coerce_input_value = _storable(scalar.coerce_input_value, is_id=scalar is GraphQLID)
        if scalar.coerce_input_literal:
            scalar.coerce_input_literal = _storable(scalar.coerce_input_literal, is_id=scalar is GraphQLID)


def _storable(coerce: Callable[..., Any], *, is_id: bool) -> Callable[..., Any]:
    def coerced(*arguments: Any) -> Any:  # noqa: ANN401 - as graphql-core passes them
        value = coerce(*arguments)
        if isinstance(value, str) and "\0" in value:
            raise GraphQLError("A text cannot hold the sign U+0000.")
        return value[:LONGEST_ID] if is_id and isinstance(value, str) else value

    return coerced


def _scalar(
    name: str,
    description: str,
    parse: Callable[[Any], Any],
    write: Callable[[Any], Any] = _as_it_is,
    source: str | None = None,
) -> ScalarDefinition:
    return strawberry.scalar(
        name=name, description=description, parse_value=parse, serialize=write, specified_by_url=source
    )


SCALARS: dict[object, ScalarDefinition] = {
    datetime: _scalar(
        "DateTime",
        "A moment in ISO 8601, written in UTC such as `2026-11-22T10:00:00Z`. What is sent must carry its offset.",
        _moment,
        _write_moment,
        "https://www.rfc-editor.org/rfc/rfc3339",
    ),
    date: _scalar("Date", "A day in ISO 8601, such as `2026-11-22`.", _day, date.isoformat),
    URL: _scalar("URL", "An absolute address that begins with https:// or http://.", _address),
    DOI: _scalar(
        "DOI",
        "A digital object identifier such as `10.1136/bmj.322.7302.1574`; a doi.org address is understood.",
        _identifier(identifiers.doi),
        source="https://www.doi.org/the-identifier/resources/handbook",
    ),
    PMID: _scalar("PMID", "The number of a PubMed record, 1 to 8 digits.", _identifier(identifiers.pmid)),
    PMCID: _scalar(
        "PMCID", "The number of a PubMed Central article, such as `PMC33515`.", _identifier(identifiers.pmcid)
    ),
    ISBN: _scalar(
        "ISBN",
        "The number of a book; ten digits are turned into thirteen, the check digit is checked.",
        _identifier(identifiers.isbn),
    ),
}
