"""What the sample's files may say: one frozen model for each kind of entry, and nothing unknown is let in.

Keys are camelCase in the files. Whole numbers called `…daysAgo` or `…daysAhead`, and the dates of an article, count
days from the day of loading.
"""

from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from api.conditions import CareLevel, CodeSystem
from api.evidence.enums import Certainty, Comparator, Direction, SourceStatus, StudyDesign, Timepoint
from api.practitioners import Affiliation, CredentialKind
from api.treatments import Frequency

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=160)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=120)]
Days = Annotated[int, Field(ge=0, strict=True)]
Line = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[str, Field(min_length=1)]


class Entry(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True, str_strip_whitespace=True
    )


class Address(Entry):
    street: Line
    locality: Line
    region: Line | None = None
    postal_code: Line
    country: Line


class OpeningHours(Entry):
    days: tuple[Literal["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"], ...]
    opens: time
    closes: time
    note: Line | None = None


class GeoPoint(Entry):
    latitude: float
    longitude: float


class SyndicationTerms(Entry):
    version: Line
    url: Line
    html: Words


class ClinicEntry(Entry):
    """The clinic. An address that begins with "/" is a path of the clinic's own site."""

    name: Line
    legal_name: Line
    is_sample: Literal[True]
    strapline: Words
    url: Line
    address: Address
    telephone: Line
    email: Line
    emergency_note: Words
    opening_hours: tuple[OpeningHours, ...]
    geo: GeoPoint
    logo: Slug
    jurisdiction: Literal["GB"]
    timezone: Line
    booking_url: Line
    publishing_principles_url: Line
    complaints_url: Line
    privacy_url: Line
    review_interval_months: int
    syndication_terms: SyndicationTerms


class CredentialEntry(Entry):
    kind: CredentialKind
    name: Line
    recognized_by: Line
    identifier: Line | None = None
    valid_from_days_ago: Days
    valid_until_days_ahead: Days | None = None


class PractitionerEntry(Entry):
    slug: Slug
    name: Line
    job_title: Line
    profession: Line
    affiliation: Affiliation
    photo: Slug
    bio: Words
    specialties: tuple[Line, ...] = ()
    booking_url: Line | None = None
    conflict_of_interest: Words
    credentials: tuple[CredentialEntry, ...] = Field(min_length=1)
    treats: tuple[Slug, ...] = ()
    offers: tuple[Slug, ...] = ()


class CareAdviceEntry(Entry):
    level: CareLevel
    heading: Line
    items: tuple[Line, ...]
    body: Words | None = None
    phone: Line | None = None


class CodeEntry(Entry):
    system: CodeSystem
    value: Line


class ConditionEntry(Entry):
    slug: Slug
    name: Line
    published: bool
    alternate_names: tuple[Line, ...] = ()
    parent: Slug | None = None
    summary: Words
    body_location: Line
    causes: tuple[Line, ...] = ()
    symptoms: tuple[Line, ...] = ()
    risk_factors: tuple[Line, ...] = ()
    codes: tuple[CodeEntry, ...] = ()
    care_advice: tuple[CareAdviceEntry, ...]
    no_urgent_advice_reason: Words | None = None
    body: Words


class AdverseOutcomeEntry(Entry):
    text: Words
    frequency: Frequency
    figure: Words
    source: Key


class TreatmentEntry(Entry):
    slug: Slug
    name: Line
    published: bool
    summary: Words
    medicine_system: Line
    how_performed: Words
    preparation: Words | None = None
    aftercare: Words | None = None
    adverse_outcomes: tuple[AdverseOutcomeEntry, ...]
    contraindications: tuple[Line, ...]
    body: Words


class FindingEntry(Entry):
    outcome: Words
    comparator: Comparator
    timepoint: Timepoint
    direction: Direction
    effect: Words | None = None
    ci: tuple[float, float] | None = None
    p: Line | None = None
    note: Words | None = None


class SourceEntry(Entry):
    """A work that can be cited; `csl` holds its identifiers. `n` counts people only."""

    key: Key
    csl: dict[str, Any]
    study_design: StudyDesign
    status: SourceStatus
    status_note: Words | None = None
    status_checked_at: date
    superseded_by: Key | None = None
    population: Words
    n: int | None = None
    findings: tuple[FindingEntry, ...]
    limits: Words
    plain_summary: Annotated[str, Field(min_length=1, max_length=160)]


class GuidelineEntry(Entry):
    body: Line
    code: Line
    says: Words


class StatementEntry(Entry):
    key: Key
    treatment: Slug
    condition: Slug
    outcome: Line
    comparator: Comparator
    timepoint: Timepoint
    certainty: Certainty
    certainty_basis: Line
    summary: Words
    sources: tuple[Key, ...] = Field(min_length=1)
    guideline: GuidelineEntry | None = None
    assessed_by: Slug
    assessed_days_ago: Days


class DisclaimerEntry(Entry):
    key: Literal["NOT_A_SUBSTITUTE", "CUSTOM"]
    title: Line
    text: Words


class PictureEntry(Entry):
    name: Slug
    alt: Line
    width: int = 1600
    height: int = 900
