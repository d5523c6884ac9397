"""Claim policies: which treatment may be said to help with which condition in a country, and in which words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from api.errors import NotFound
from api.gate.lexicon import pattern
from api.gate.vocabulary import normal

_FOLDER: Final = Path(__file__).parent / "policies"
_JURISDICTIONS: Final = {"GB": "uk-cap"}
_COUNTED: Final = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_NUMBERS: Final = {word: number for number, word in enumerate(_COUNTED.split(), start=1)} | {
    "a": 1,
    "some": 3,
    "few": 3,
    "several": 5,
}
_WEEKS: Final = {"day": 1 / 7, "week": 1.0, "month": 13 / 3, "year": 52.0}
_NUMBER: Final = rf"(?P<{{0}}>\d{{{{1,3}}}}|{'|'.join(_NUMBERS)})"
_MEASURED: Final = re.compile(
    r"\b(?:(?:after|at|within|by|until|up to|in the first)\s+(?:about\s+|the\s+first\s+|a\s+)?"
    rf"{_NUMBER.format('n1')}(?:\s+|-)(?P<u1>day|week|month|year)s?"
    rf"|{_NUMBER.format('n2')}\s+(?P<u2>day|week|month|year)s?\s+(?:after|later)"
    r"|(?:in\s+)?(?P<u3>week|month)s?\s+(?:\d{1,3}\s*(?:to|-|–)\s*)?(?P<n3>\d{1,3}))\b",
    re.IGNORECASE,
)


class NoPolicy(NotFound):
    """There is no claim policy for this country."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a claim has to say: one of the phrases, or (with `weeks`) when the effect was measured, early enough."""

    add: str
    phrases: re.Pattern[str]
    weeks: int | None = None

    def stands_in(self, text: str) -> bool:
        return bool(self.phrases.search(text)) or (self.weeks is not None and _is_measured_by(self.weeks, text))


@dataclass(frozen=True, slots=True)
class Accepted:
    """A condition for which a claim is accepted, and the words that it then needs."""

    condition: str
    terms: frozenset[str]
    requires: tuple[Wording, ...]

    def missing(self, text: str) -> tuple[Wording, ...]:
        return tuple(wording for wording in self.requires if not wording.stands_in(text))


@dataclass(frozen=True, slots=True)
class Governed:
    """A treatment that the policy speaks of: what is not accepted may not be claimed."""

    name: str
    terms: frozenset[str]
    accepted: tuple[Accepted, ...]

    def for_condition(self, names: frozenset[str]) -> Accepted | None:
        return next((accepted for accepted in self.accepted if accepted.terms & names), None)


@dataclass(frozen=True, slots=True)
class ClaimPolicy:
    """A dated reading of a country's rules; never legal advice."""

    name: str
    version: str
    retrieved_at: date
    jurisdiction: str
    notice: str
    sources: tuple[Mapping[str, Any], ...]
    treatments: tuple[Governed, ...]

    def governs(self, names: frozenset[str]) -> Governed | None:
        return next((governed for governed in self.treatments if governed.terms & names), None)


@cache
def load(name: str) -> ClaimPolicy:
    """Read a pack that comes with the gate."""
    path = _FOLDER / f"{name}.yaml"
    if not re.fullmatch(r"[a-z]+(?:-[a-z]+)*", name) or not path.is_file():
        raise NoPolicy
    return parse(yaml.safe_load(path.read_text("utf-8")))


def for_jurisdiction(country: str) -> ClaimPolicy:
    """Return the pack that holds in a country (ISO 3166-1 alpha-2)."""
    if country not in _JURISDICTIONS:
        raise NoPolicy
    return load(_JURISDICTIONS[country])


def parse(pack: Mapping[str, Any]) -> ClaimPolicy:
    """Turn the data of a pack into a policy."""
    wordings = {
        name: Wording(said["add"], pattern(said["phrases"]), said.get("weeks"))
        for name, said in pack["wordings"].items()
    }
    return ClaimPolicy(
        name=pack["name"],
        version=pack["version"],
        retrieved_at=pack["retrievedAt"],
        jurisdiction=pack["jurisdiction"],
        notice=pack["notice"],
        sources=tuple(pack["sources"]),
        treatments=tuple(_governed(pack["treatments"], wordings)),
    )


def _governed(treatments: list[Mapping[str, Any]], wordings: Mapping[str, Wording]) -> Iterator[Governed]:
    for said in treatments:
        accepted = tuple(
            Accepted(each["condition"], _normal(each["terms"]), tuple(wordings[name] for name in each["requires"]))
            for each in said["accepted"]
        )
        yield Governed(said["name"], _normal(said["terms"]), accepted)


def _normal(terms: list[str]) -> frozenset[str]:
    return frozenset(map(normal, terms))


def _is_measured_by(weeks: int, text: str) -> bool:
    """Tell whether the text says when the effect was measured, and that was within so many weeks."""
    return any(_weeks(found) <= weeks for found in _MEASURED.finditer(text))


def _weeks(found: re.Match[str]) -> float:
    number = next(found[name] for name in ("n1", "n2", "n3") if found[name])
    unit = next(found[name] for name in ("u1", "u2", "u3") if found[name])
    return (int(number) if number.isdigit() else _NUMBERS[number.lower()]) * _WEEKS[unit.lower()]
