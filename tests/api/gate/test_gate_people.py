"""REV and AUT: who read it, and who stands behind it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from drafts import AUTHOR, REVIEWER, TODAY, draft, found, paths, report, review

from api import gate
from api.gate.model import ReviewBasis

DAY = timedelta(days=1)
MEMBER = gate.Credential(kind="PROFESSIONAL_MEMBERSHIP", name="Member")
REGISTERED = gate.Credential(kind="ACCREDITED_REGISTER", name="Member")
STATUTORY = gate.Credential(kind="STATUTORY_REGISTER", name="Physiotherapist")
DOCTORATE = gate.Credential(kind="QUALIFICATION", name="PhD in Statistics")


def test_a_reviewed_revision_passes() -> None:
    assert report(draft()).findings == ()
    assert report(draft()).passes


@pytest.mark.parametrize(
    "standing",
    [
        None,
        review(approved=False),
        review(content_hash="other words"),
        review(reviewer=AUTHOR),
        review(reviewer=replace(REVIEWER, credentials=())),
        review(reviewer=replace(REVIEWER, credentials=(replace(STATUTORY, valid_until=TODAY - 11 * DAY),))),
        review(reviewer=replace(REVIEWER, credentials=(replace(STATUTORY, valid_from=TODAY - 9 * DAY),))),
        review(basis=ReviewBasis.DELETION),
        review(basis=ReviewBasis.DELETION, corrected_on=TODAY - 8 * DAY),
    ],
    ids=["none", "refused", "other", "author", "no credential", "expired", "too new", "no day", "after 7 days"],
)
def test_content_that_nobody_was_free_to_approve_blocks(standing: gate.Review | None) -> None:
    [finding] = found("REV-001", draft(review=standing))

    assert (finding.path, finding.severity, finding.is_waivable) == ("review", "BLOCK", False)


def test_whoever_edited_last_may_not_have_approved() -> None:
    assert len(found("REV-001", draft(last_edited_by=REVIEWER.id))) == 1
    assert found("REV-001", draft(last_edited_by=AUTHOR.id)) == []
    assert found("REV-001", draft(last_edited_by=REVIEWER.id, review=review(basis=ReviewBasis.INHERITED))) == []


@pytest.mark.parametrize(
    "standing",
    [
        review(basis=ReviewBasis.INHERITED, content_hash="the predecessor's"),
        review(basis=ReviewBasis.DELETION, content_hash="the longer one's", corrected_on=TODAY - 7 * DAY),
        review(reviewer=replace(REVIEWER, credentials=(replace(STATUTORY, valid_until=TODAY - 10 * DAY),))),
    ],
    ids=["minor", "deletion", "current on that day"],
)
def test_an_approval_that_counts_is_silent(standing: gate.Review) -> None:
    assert found("REV-001", draft(review=standing)) == []


def test_only_a_missing_review_lets_a_draft_be_submitted() -> None:
    unreviewed = report(draft(review=None))
    unsourced = report(draft("Words [@gone].", review=None))

    assert (unreviewed.passes, unreviewed.passes_for_review) == (False, True)
    assert (unsourced.passes, unsourced.passes_for_review) == (False, False)


@pytest.mark.parametrize(
    ("due", "blocks"),
    [
        (None, True),
        (TODAY - DAY, True),
        (TODAY, False),
        (date(2029, 11, 12), False),
        (date(2029, 11, 13), True),
    ],
)
def test_the_next_review_is_neither_past_nor_beyond_the_interval(due: date | None, *, blocks: bool) -> None:
    assert paths("REV-002", draft(review=review(on=date(2026, 11, 12), next_due=due))) == ["review"] * blocks


def test_the_next_review_is_judged_on_the_day_of_going_live() -> None:
    due = review(next_due=TODAY + 5 * DAY)

    assert found("REV-002", draft(review=due)) == []
    assert len(found("REV-002", draft(review=due, as_of=TODAY + 6 * DAY))) == 1


def test_a_month_without_that_day_ends_the_interval_on_its_last() -> None:
    clinic = replace(draft().clinic, review_interval_months=3)
    given = review(on=date(2026, 11, 30), next_due=date(2027, 2, 28))
    late = replace(given, next_due=date(2027, 3, 1))

    assert found("REV-002", draft(review=given, clinic=clinic, as_of=date(2026, 12, 1))) == []
    assert len(found("REV-002", draft(review=late, clinic=clinic, as_of=date(2026, 12, 1)))) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Wilma"},
        {"job_title": " "},
        {"credentials": ()},
        {"credentials": (replace(MEMBER, valid_until=TODAY - DAY),)},
    ],
)
def test_an_author_without_name_title_or_credential_blocks(changes: dict[str, Any]) -> None:
    [finding] = found("AUT-001", draft(authors=(replace(AUTHOR, **changes),)))

    assert (finding.path, finding.is_waivable) == ("authors", False)


def test_no_author_at_all_blocks() -> None:
    assert paths("AUT-001", draft(authors=())) == ["authors"]


def test_one_whole_author_is_enough() -> None:
    assert paths("AUT-001", draft(authors=(replace(AUTHOR, id="prc_x", job_title=""), AUTHOR))) == []


@pytest.mark.parametrize(
    ("changes", "credentials", "blocks"),
    [
        ({"job_title": "Registered acupuncturist"}, (MEMBER,), True),
        ({"job_title": "Registered acupuncturist"}, (REGISTERED,), False),
        ({"job_title": "Regulated acupuncturist"}, (REGISTERED,), True),
        ({"job_title": "Regulated physiotherapist"}, (STATUTORY,), False),
        ({"bio": "She is fully registered."}, (MEMBER,), True),
        ({"honorific_prefix": "Dr"}, (REGISTERED,), True),
        ({"honorific_prefix": "Dr."}, (REGISTERED, DOCTORATE), False),
        ({"name": "Dr Wilma Example"}, (REGISTERED,), True),
        ({"honorific_prefix": "Dr"}, (replace(STATUTORY, name="General practitioner"),), False),
        ({"honorific_prefix": "Dr"}, (replace(MEMBER, recognized_by="General Medical Council"),), False),
        ({"honorific_prefix": "Ms"}, (MEMBER,), False),
        ({"bio": "She works beside a regulated profession."}, (MEMBER,), True),
        ({"bio": "She left the unregistered trade."}, (MEMBER,), False),
    ],
)
def test_titles_go_no_further_than_credentials(
    changes: dict[str, Any], credentials: tuple[gate.Credential, ...], *, blocks: bool
) -> None:
    author = replace(AUTHOR, credentials=credentials, **changes)

    assert paths("AUT-001", draft(authors=(author,))) == ["authors[0]"] * blocks


def test_the_text_calls_an_author_no_more_than_the_profile_may() -> None:
    assert paths("AUT-001", draft("Dr Wilma Example explains.")) == ["authors[0]"]
    assert paths("AUT-001", draft("Dr Somebody Else explains.")) == []
