"""What every rule is handed: the revision, its words, the names in them, the claims, and the policy that holds."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from api.gate.efficacy import Claim, claims_in
from api.gate.findings import Hit
from api.gate.model import GatedRevision, Source
from api.gate.policy import ClaimPolicy
from api.gate.prose import Prose, prose_of
from api.gate.vocabulary import Vocabulary, vocabulary_of


@dataclass(frozen=True, slots=True)
class Case:
    revision: GatedRevision
    policy: ClaimPolicy
    prose: Prose
    vocabulary: Vocabulary
    claims: tuple[Claim, ...]

    def sources(self, keys: Iterable[str]) -> tuple[Source, ...]:
        """The works that keys name, without those that are not known."""
        return tuple(self.revision.sources[key] for key in keys if key in self.revision.sources)

    @property
    def cited(self) -> Iterator[tuple[Source, str]]:
        """Each cited work that is known, with the path of its first mark."""
        for key, mark in self.prose.first_marks.items():
            if key in self.revision.sources:
                yield self.revision.sources[key], f"body.{mark.path}"


Check: TypeAlias = Callable[[Case], Iterator[Hit]]


def open_case(revision: GatedRevision, policy: ClaimPolicy) -> Case:
    prose = prose_of(revision)
    vocabulary = vocabulary_of(revision)
    return Case(revision, policy, prose, vocabulary, claims_in(prose, vocabulary))
