"""What the sample's files may say of articles and comments, as entries.py has it of the rest."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from api.articles.models import ArticleKind, CommentPolicy, Severity
from api.comments.models import CommentStatus
from api.sample.entries import Days, Entry, Line, Slug, Words


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
