"""What the sample's files may say: one frozen model for each kind of entry, and nothing unknown is let in.

Keys are camelCase in the files. Whole numbers called `…daysAgo` or `…daysAhead`, and the dates of an article, count
days from the day of loading.
"""

from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from api.articles.models import ArticleKind, CommentPolicy, Severity
from api.comments.models import CommentStatus
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


class Withdrawal(Entry):
    days_ago: Days
    explanation: Words
    severity: Severity


class CorrectionEntry(Entry):
    days_ago: Days
    text: Words


class WaiverEntry(Entry):
    """A rule whose one finding a reviewer lets pass, until so many days ahead."""

    rule: Line
    by: Slug
    reason: Words
    until_days_ahead: Days


class ArticleEntry(Entry):
    """An article. Its dates are days ago, and `next_review` and `scheduled` days ahead, of the day of loading.

    A draft was never live: it is being written, or was `submitted`, or was `reviewed` too and is `scheduled`.
    """

    slug: Slug
    title: Annotated[str, Field(min_length=1, max_length=110)]
    summary: Annotated[str, Field(min_length=1, max_length=300)]
    kind: ArticleKind
    authors: tuple[Slug, ...] = Field(min_length=1)
    reviewer: Slug | None = None
    conditions: tuple[Slug, ...] = ()
    treatments: tuple[Slug, ...] = ()
    disclaimers: tuple[Literal["NOT_A_SUBSTITUTE", "CUSTOM"], ...]
    hero: Slug | None = None
    published: Days | None = None
    updated: Days | None = None
    reviewed: Days | None = None
    next_review: Days | None = None
    originally_published_on: Days | None = None
    moved_from: tuple[Slug, ...] = ()
    withdrawn: Withdrawal | None = None
    corrections: tuple[CorrectionEntry, ...] = ()
    comment_policy: CommentPolicy = CommentPolicy.OFF
    draft: bool = False
    submitted: Days | None = None
    scheduled: Days | None = None
    waivers: tuple[WaiverEntry, ...] = ()
    body: Words

    @property
    def is_live(self) -> bool:
        return not self.draft and self.withdrawn is None

    @model_validator(mode="after")
    def _dates_in_order(self) -> "ArticleEntry":
        if self.draft:
            return self._steps_in_order()
        if self.published is None or self.updated is None or self.updated > self.published:
            raise ValueError("published and updated are needed, and the update is not older than the publication")
        if self.kind is ArticleKind.NEWS:
            return self
        if self.reviewer is None or self.reviewed is None or self.next_review is None or self.reviewed < self.updated:
            raise ValueError("a health article names its reviewer, a review before its update, and the next one")
        return self

    def _steps_in_order(self) -> "ArticleEntry":
        if self.submitted is None and (self.waivers or self.scheduled is not None):
            raise ValueError("a draft with a waiver, or with a schedule, was submitted")
        if self.submitted is None or self.scheduled is None:
            return self
        if self.reviewer is None or self.reviewed is None or self.next_review is None or self.scheduled == 0:
            raise ValueError("a scheduled draft names its reviewer, its review, the next one, and a day ahead")
        if self.reviewed > self.submitted:
            raise ValueError("a scheduled draft was reviewed after it was submitted")
        return self


class ReplyEntry(Entry):
    days_ago: Days
    body: Annotated[str, Field(min_length=1, max_length=2000)]


class CommentEntry(Entry):
    article: Slug
    display_name: Annotated[str, Field(min_length=1, max_length=60)]
    days_ago: Days
    status: CommentStatus
    body: Annotated[str, Field(min_length=1, max_length=2000)]
    reply: ReplyEntry | None = None


class PictureEntry(Entry):
    name: Slug
    alt: Line
    width: int = 1600
    height: int = 900
