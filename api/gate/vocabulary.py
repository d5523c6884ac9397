"""The names of treatments and conditions as a text may spell them, and what each of them is called."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from api.gate.lexicon import entries, literal
from api.gate.model import Condition, GatedRevision, Treatment

_PLURALS: Final = ("'s", "es", "s")
Names: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""What each thing is called, with all the names that it goes by."""


@dataclass(frozen=True, slots=True)
class Term:
    """A name found in a text: what it is called, and where it stands."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Terms:
    pattern: re.Pattern[str]
    called: Mapping[str, str]

    def find(self, text: str) -> Iterator[Term]:
        for found in self.pattern.finditer(text):
            yield Term(self.name_of(found[0]), found.start(), found.end())

    def name_of(self, word: str) -> str:
        spelled = normal(word)
        singulars = (spelled.removesuffix(ending) for ending in _PLURALS)
        return next((self.called[form] for form in (spelled, *singulars) if form in self.called), spelled)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`listed` holds what the catalogue itself has, by normal name."""

    treatments: Terms
    conditions: Terms
    listed: Mapping[str, Treatment]
    listed_conditions: Mapping[str, Condition]


def vocabulary_of(revision: GatedRevision) -> Vocabulary:
    """Join the catalogue's names with the usual ones; where both know a name, the catalogue says what it is called."""
    treatments = (*revision.treatments, *revision.catalogue.treatments)
    conditions = (*revision.conditions, *revision.catalogue.conditions)
    return Vocabulary(
        treatments=_terms(_names(treatments), "treatments"),
        conditions=_terms(_names(conditions), "conditions"),
        listed={normal(each.name): each for each in reversed(treatments)},
        listed_conditions={normal(each.name): each for each in reversed(conditions)},
    )


def normal(name: str) -> str:
    return " ".join(re.split(r"[\s-]+", name.lower().replace("’", "'"))).strip()


def _names(things: Iterable[Treatment | Condition]) -> Names:
    return tuple(dict.fromkeys((thing.name, (thing.name, *thing.alternate_names)) for thing in things))


@lru_cache(maxsize=16)
def _terms(own: Names, usual: str) -> Terms:
    called: dict[str, str] = {}
    spelled: list[str] = []
    for name, names in (*own, *_joined(own, entries(usual))):
        spelled += names
        for each in names:
            called.setdefault(normal(each), name)
    return Terms(literal(spelled), called)


def _joined(own: Names, usual: Mapping[str, list[str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the usual names of a thing to the catalogue's entry for it, if there is one under any of its names."""
    owner = {normal(each): name for name, names in own for each in names}
    for name, names in usual.items():
        known = next((owner[normal(each)] for each in (name, *names) if normal(each) in owner), name)
        yield known, (name, *names)
