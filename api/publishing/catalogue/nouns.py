"""The nouns of the catalogue: what an entry says, what of it is clinical, and what texts carry of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from api import ids
from api.accounts.models import Member
from api.clinic import Clinic, Disclaimer
from api.conditions import CareAdvice, Condition, ConditionCode
from api.evidence.models import Source, SourceFinding
from api.media.models import MediaAsset
from api.practitioners import Credential, Practitioner, PractitionerOffers, PractitionerTreats
from api.statements import EvidenceStatement, StatementSource
from api.treatments import AdverseOutcome, Treatment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tortoise.models import Model


@dataclass(frozen=True)
class Reference:
    """What a field points at. A `tree` may not lead back to itself; a `needed` one is public before the entry is."""

    model: type[Any]
    tree: bool = False
    needed: bool = False


@dataclass(frozen=True)
class Rows:
    """Rows below an entry, replaced as a whole: objects with `columns`, or a plain list of what `link` points at."""

    model: type[Model]
    owner: str
    columns: tuple[str, ...] = ()
    link: str | None = None
    references: Mapping[str, Reference] = field(default_factory=dict)
    ordered: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        return (self.link,) if self.link else self.columns

    def column(self, name: str) -> str:
        return f"{name}_id" if name in self.references else name


@dataclass(frozen=True)
class Noun:
    """A kind of entry.

    `clinical` fields pass the gate and, once public, wait for a reviewer. A change of a `safety` field is told as
    SAFETY. Rendered texts carry a copy of `copied` fields, and are rendered anew when one changes. `shown` fields stand
    on the page of an article that names the entry, in its JSON-LD or in feeds. `path` is where the site shows its
    entries, by slug.
    """

    name: str
    kind: str
    model: type[Any]
    columns: tuple[str, ...]
    rows: Mapping[str, Rows] = field(default_factory=dict)
    references: Mapping[str, Reference] = field(default_factory=dict)
    clinical: frozenset[str] = frozenset()
    safety: frozenset[str] = frozenset()
    copied: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    path: str | None = None
    named: str = "name"
    """The column by which people know an entry."""
    is_publishable: bool = True

    @property
    def words(self) -> str:
        """The noun as it stands in a sentence."""
        return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in self.name).strip()

    def column(self, name: str) -> str:
        return f"{name}_id" if name in self.references else name

    def address(self, slug: str) -> str:
        return f"{self.path}{slug}"


CONDITION = Noun(
    name="Condition",
    kind="condition",
    model=Condition,
    path="/conditions/",
    columns=(
        "name", "slug", "alternate_names", "summary", "body", "body_location", "causes", "symptoms", "risk_factors",
        "parent", "no_urgent_advice_reason",
    ),
    rows={
        "codes": Rows(ConditionCode, "condition", ("system", "value"), ordered=False),
        "care_advice": Rows(CareAdvice, "condition", ("level", "heading", "items", "body", "phone")),
    },
    references={"parent": Reference(Condition, tree=True)},
    clinical=frozenset({"summary", "body", "care_advice", "no_urgent_advice_reason"}),
    safety=frozenset({"care_advice"}),
    copied=frozenset({"slug"}),
    shown=frozenset({"name", "slug", "care_advice", "no_urgent_advice_reason"}),
)  # fmt: skip

TREATMENT = Noun(
    name="Treatment",
    kind="treatment",
    model=Treatment,
    path="/treatments/",
    columns=(
        "name", "slug", "summary", "body", "medicine_system", "how_performed", "preparation", "aftercare",
        "contraindications",
    ),
    rows={
        "adverse_outcomes": Rows(
            AdverseOutcome, "treatment", ("text", "frequency", "figure", "source"),
            references={"source": Reference(Source, needed=True)},
        ),
    },
    clinical=frozenset({"summary", "body", "adverse_outcomes", "contraindications"}),
    safety=frozenset({"adverse_outcomes", "contraindications"}),
    copied=frozenset({"slug"}),
    shown=frozenset({"name", "slug", "adverse_outcomes", "contraindications"}),
)  # fmt: skip

PRACTITIONER = Noun(
    name="Practitioner",
    kind="practitioner",
    model=Practitioner,
    path="/practitioners/",
    columns=(
        "name", "slug", "honorific_prefix", "job_title", "profession", "bio", "photo", "specialties", "booking_url",
        "same_as", "conflict_of_interest", "affiliation",
    ),
    rows={
        "credentials": Rows(
            Credential, "practitioner",
            ("kind", "name", "recognized_by", "identifier", "url", "valid_from", "valid_until"),
        ),
        "treats": Rows(
            PractitionerTreats, "practitioner", link="condition", references={"condition": Reference(Condition)}
        ),
        "offers": Rows(
            PractitionerOffers, "practitioner", link="treatment", references={"treatment": Reference(Treatment)}
        ),
    },
    references={"photo": Reference(MediaAsset)},
    copied=frozenset({"slug", "name", "booking_url"}),
    shown=frozenset({
        "name", "slug", "honorific_prefix", "job_title", "profession", "photo", "booking_url", "affiliation",
        "credentials",
    }),
)  # fmt: skip

SOURCE = Noun(
    name="Source",
    kind="source",
    model=Source,
    columns=(
        "key", "csl", "doi", "pmid", "pmcid", "isbn", "url", "n", "population", "limits", "plain_summary",
        "study_design", "status", "status_note", "status_checked_at", "status_checked_by", "superseded_by",
    ),
    rows={
        "findings": Rows(
            SourceFinding, "source",
            ("outcome", "comparator", "timepoint", "direction", "effect", "ci_low", "ci_high", "p", "note"),
        ),
    },
    references={"superseded_by": Reference(Source, tree=True), "status_checked_by": Reference(Member)},
    safety=frozenset({"status"}),
    copied=frozenset({"key", "csl"}),
    shown=frozenset({
        "key", "csl", "doi", "pmid", "pmcid", "url", "n", "population", "limits", "plain_summary", "study_design",
        "status", "status_note", "superseded_by", "is_published",
    }),
    named="key",
)  # fmt: skip

STATEMENT_COLUMNS = (
    "treatment", "condition", "outcome", "comparator", "timepoint", "certainty", "certainty_basis", "summary",
    "guideline", "assessed_by", "assessed_at",
)  # fmt: skip
STATEMENT = Noun(
    name="EvidenceStatement",
    kind="statement",
    model=EvidenceStatement,
    columns=STATEMENT_COLUMNS,
    rows={
        "sources": Rows(
            StatementSource, "statement", link="source", references={"source": Reference(Source, needed=True)}
        )
    },
    references={
        "treatment": Reference(Treatment, needed=True),
        "condition": Reference(Condition, needed=True),
        "assessed_by": Reference(Practitioner, needed=True),
    },
    clinical=frozenset({*STATEMENT_COLUMNS, "sources"}),
    named="outcome",
)

DISCLAIMER = Noun(
    name="Disclaimer", kind="disclaimer", model=Disclaimer, columns=("key", "title", "text"), named="title",
    shown=frozenset({"key", "title", "text"}),
)  # fmt: skip

CLINIC = Noun(
    name="Clinic",
    kind="clinic",
    model=Clinic,
    columns=(
        "name", "legal_name", "strapline", "url", "address", "telephone", "email", "opening_hours", "geo", "logo",
        "jurisdiction", "timezone", "booking_url", "publishing_principles_url", "complaints_url", "privacy_url",
        "emergency_note", "syndication_terms", "licence", "review_interval_months",
    ),
    references={"logo": Reference(MediaAsset)},
    copied=frozenset({"name", "booking_url"}),
    shown=frozenset({"name", "strapline", "telephone", "logo", "licence", "syndication_terms"}),
    is_publishable=False,
)  # fmt: skip

PICTURE = Noun(
    name="MediaAsset",
    kind="media",
    model=MediaAsset,
    columns=("alt", "decorative", "caption", "credit", "licence", "focal_point"),
    copied=frozenset({"alt", "decorative", "caption", "credit"}),
    shown=frozenset({"alt", "decorative", "caption", "credit", "licence"}),
    named="alt",
    is_publishable=False,
)

ENTRIES: Mapping[str, Noun] = {
    "cnd": CONDITION,
    "trt": TREATMENT,
    "prc": PRACTITIONER,
    "src": SOURCE,
    "est": STATEMENT,
    "dsc": DISCLAIMER,
}
"""The nouns that are created and published, by the prefix of their ids."""


def of(entry_id: str) -> Noun | None:
    """The noun of an id."""
    return ENTRIES.get(ids.prefix_of(entry_id))
