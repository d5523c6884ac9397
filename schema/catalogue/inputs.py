"""Pieces that the catalogue's inputs share, and what an input says as the rooms want it."""

from datetime import date
from enum import Enum
from typing import Annotated, Any

import pydantic
from pydantic import Field, StringConstraints
from strawberry import Some

from schema.editing import DocumentInput

ADDRESS = r"^(?:https?://[^\s/?#]+\S*|/(?:[^/\\\s]\S*)?)$"
"""A web address, or a path of the clinic's own site."""
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5_000)]
Lines = Annotated[
    list[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]], Field(max_length=50)
]
Address = Annotated[str, StringConstraints(pattern=ADDRESS, max_length=2_000)]
Slug = Annotated[str, StringConstraints(max_length=160)]
SLUG = "Its place in the address: small letters, digits and single hyphens; made of the name when nothing is said."
MOVED = "A new place in the address; once it was public, the old one leads there."
BODY = "The longer text."

PLAIN = {"id", "expected_version", "idempotency_key"}
LISTS = {
    "alternate_names", "causes", "symptoms", "risk_factors", "codes", "care_advice", "contraindications",
    "adverse_outcomes", "specialties", "same_as", "credentials", "treats", "offers", "findings", "sources",
    "opening_hours",
}  # fmt: skip


def said(given: pydantic.BaseModel) -> dict[str, Any]:
    """What an input says, by name, as JSON has it; what is absent stays away.

    A list that is null is empty, and null stands for the default where there is one.
    """
    found = {name: _plain(_said(given, name)) for name in given.model_fields_set if name not in PLAIN}
    return {name: [] if value is None and name in LISTS else value for name, value in found.items()}


def _said(given: pydantic.BaseModel, name: str) -> Any:  # noqa: ANN401 - whatever an input holds
    value = getattr(given, name)
    return type(given).model_fields[name].get_default() if value is None else value


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever an input holds
    if isinstance(value, Some):
        return _plain(value.value)
    if isinstance(value, DocumentInput):
        return value.parsed().dump()
    if isinstance(value, pydantic.BaseModel):
        return {name: _plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
