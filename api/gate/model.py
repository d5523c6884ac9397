"""What the gate looks at: a revision with all that it leans on, typed and frozen, put together by the caller."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from api.documents import CareLevel, Document
from api.evidence.enums import Comparator, Direction, SourceStatus, StudyDesign


class Kind(StrEnum):
    """What is looked at: an article of either kind, or an entry of the catalogue (invariant 11)."""

    HEALTH = "HEALTH"
    NEWS = "NEWS"
    ENTRY = "ENTRY"


class Publicity(StrEnum):
    """Whether readers can see a thing on the day in question, could once, or never could."""

    PUBLIC = "PUBLIC"
    ONCE_PUBLIC = "ONCE_PUBLIC"
    NEVER_PUBLIC = "NEVER_PUBLIC"


class ReviewBasis(StrEnum):
    """Why an approval counts for a revision."""

    OWN = "OWN"
    """It was given to exactly this content."""
    INHERITED = "INHERITED"
    """Only MINOR revisions lie between."""
    DELETION = "DELETION"
    """The revision only deletes text from a reviewed one, as a correction; this counts for seven days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """`kind` is a CredentialKind by its name; a date that is None leaves that side open."""

    kind: str
    name: str = ""
    recognized_by: str | None = None
    identifier: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    def is_current(self, day: date) -> bool:
        return (self.valid_from or day) <= day <= (self.valid_until or day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Practitioner:
    id: str
    name: str
    job_title: str = ""
    honorific_prefix: str | None = None
    bio: str | None = None
    orcid: str | None = None
    credentials: tuple[Credential, ...] = ()
    publicity: Publicity = Publicity.PUBLIC

    def current(self, day: date) -> tuple[Credential, ...]:
        return tuple(credential for credential in self.credentials if credential.is_current(day))


@dataclass(frozen=True, slots=True, kw_only=True)
class CareAdvice:
    level: CareLevel
    items: tuple[str, ...] = ()
    body: str | None = None

    @property
    def says_something(self) -> bool:
        return any(text.strip() for text in (*self.items, self.body or ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    id: str
    name: str
    alternate_names: tuple[str, ...] = ()
    care_advice: tuple[CareAdvice, ...] = ()
    no_urgent_advice_reason: str | None = None
    publicity: Publicity = Publicity.PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    id: str
    name: str
    alternate_names: tuple[str, ...] = ()
    adverse_outcomes: tuple[str, ...] = ()
    contraindications: tuple[str, ...] = ()
    publicity: Publicity = Publicity.PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFinding:
    comparator: Comparator
    direction: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A work that can be cited, as its record has it; identifiers are those of the record, beside its CSL-JSON."""

    key: str
    csl: Mapping[str, Any]
    design: StudyDesign
    status: SourceStatus
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    isbn: str | None = None
    findings: tuple[StudyFinding, ...] = ()
    publicity: Publicity = Publicity.PUBLIC

    @property
    def title(self) -> str:
        title = self.csl.get("title")
        return title if isinstance(title, str) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    alt: str | None = None
    decorative: bool = False
    file_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The decision that stands behind a revision, and what tells whether its reviewer was free to take it."""

    reviewer: Practitioner
    on: date
    content_hash: str
    approved: bool = True
    basis: ReviewBasis = ReviewBasis.OWN
    next_due: date | None = None
    corrected_on: date | None = None
    """The day of the deletion-only correction, where that is the basis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """`site` is the origin of the clinic's own pages; what belongs to the clinic is no private person's."""

    jurisdiction: str = "GB"
    review_interval_months: int = 36
    telephones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    site: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Every treatment and condition that the clinic knows, so that the text can be searched for their names."""

    treatments: tuple[Treatment, ...] = ()
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldText:
    """A plain text beside the body, such as an item of care advice, under the path of its field."""

    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GatedRevision:
    """All that the rules may look at.

    `as_of` is the day, in the clinic's time zone, for which is asked: today, or the day of the schedule. `disclaimers`
    are keys. `sources` holds every record that a cited key leads to (more do no harm); `listed` names those that the
    article lists, cited or not. `last_edited_by` is a practitioner's id. `linked` tells of everything that the text
    leads to, by entity id and by path (see `gate.leads_to`): what is not in it counts as never public.
    """

    title: str
    body: Document
    as_of: date
    kind: Kind = Kind.HEALTH
    summary: str = ""
    content_hash: str = ""
    authors: tuple[Practitioner, ...] = ()
    last_edited_by: str | None = None
    conditions: tuple[Condition, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    disclaimers: tuple[str, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    listed: tuple[str, ...] = ()
    hero_image: str | None = None
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    review: Review | None = None
    clinic: Clinic = field(default_factory=Clinic)
    catalogue: Catalogue = field(default_factory=Catalogue)
    linked: Mapping[str, Publicity] = field(default_factory=dict)
    texts: tuple[FieldText, ...] = ()
