from collections import Counter
from pathlib import Path
from shutil import copytree

import pytest

from api.articles.models import ArticleKind, CommentPolicy
from api.comments.models import CommentStatus
from api.conditions import CareLevel
from api.evidence import csl
from api.evidence.enums import SourceStatus
from api.practitioners import Affiliation
from api.sample.content import FOLDER, InvalidSample, SampleContent, filled, read

CONTENT = read()
SUMMARY_WORDS = 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(copytree(FOLDER, tmp_path / "content"))


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_sample_has_what_a_demonstration_needs() -> None:
    live = [article for article in CONTENT.articles if article.is_live]

    assert Counter(article.kind for article in live) == {ArticleKind.HEALTH: 9, ArticleKind.NEWS: 2}
    assert [article.slug for article in CONTENT.articles if article.withdrawn] == ["acupuncture-and-sleep"]
    assert [article.slug for article in CONTENT.articles if article.draft] == [
        "how-rare-harms-are-counted",
        "overactive-bladder-and-acupuncture",
        "what-official-advice-says",
    ]
    assert [slug for article in live for slug in article.moved_from] == ["is-acupuncture-safe"]
    assert [article.slug for article in live if article.corrections] == ["knee-osteoarthritis-and-acupuncture"]
    assert sum(condition.published for condition in CONTENT.conditions) == 9
    assert sum(treatment.published for treatment in CONTENT.treatments) == 5
    assert len(CONTENT.sources) == 44
    assert len(CONTENT.statements) == 21


def test_four_practitioners_stand_in_the_list_and_one_only_reviews() -> None:
    assert Counter(person.affiliation for person in CONTENT.practitioners) == {
        Affiliation.STAFF: 4,
        Affiliation.EXTERNAL_REVIEWER: 1,
    }


def test_everybody_is_plainly_a_sample_person_with_a_current_credential() -> None:
    for person in CONTENT.practitioners:
        assert "sample person" in person.bio
        assert len(person.name.split()) >= 2
        registers = [one for one in person.credentials if one.valid_until_days_ahead]
        assert registers
        assert all("made up" in one.recognized_by for one in person.credentials)
        assert all((one.identifier or "").startswith("SAMPLE") for one in registers)
    assert CONTENT.clinic.is_sample
    assert "Sample" in CONTENT.clinic.name


def test_the_clinic_can_be_reached_only_at_addresses_kept_for_fiction() -> None:
    assert CONTENT.clinic.telephone.startswith("020 7946 0")
    assert CONTENT.clinic.email.endswith("@example.org")
    assert CONTENT.clinic.booking_url.startswith("https://example.org/")


def test_acupuncture_alone_has_its_risks_reviewed() -> None:
    reviewed = [one.slug for one in CONTENT.treatments if one.adverse_outcomes and one.contraindications]
    assert reviewed == ["acupuncture"]
    assert all(
        "isk" in treatment.summary + treatment.body and "not yet reviewed" in treatment.body
        for treatment in CONTENT.treatments
        if treatment.slug not in reviewed
    )


def test_each_published_condition_says_when_to_get_help_quickly() -> None:
    for condition in CONTENT.conditions:
        levels = {advice.level for advice in condition.care_advice}
        assert bool(levels & {CareLevel.URGENT, CareLevel.EMERGENCY}) is condition.published, condition.slug
        assert all(len(advice.items) >= 1 for advice in condition.care_advice)


def test_every_source_is_csl_and_fits_the_note_beside_the_text() -> None:
    for source in CONTENT.sources:
        assert csl.parse(source.csl).id == source.key
        assert len(source.plain_summary) <= 160
    assert len({source.plain_summary for source in CONTENT.sources}) == 44


def test_sources_of_every_kind_are_there_to_show_the_gate() -> None:
    assert Counter(source.status for source in CONTENT.sources) == {
        SourceStatus.OK: 37,
        SourceStatus.CORRECTED: 3,
        SourceStatus.SUPERSEDED: 2,
        SourceStatus.RETRACTED: 1,
        SourceStatus.WITHDRAWN: 1,
    }


def test_a_statement_is_short_and_rests_on_works_that_still_stand() -> None:
    usable = {one.key for one in CONTENT.sources if one.status in {SourceStatus.OK, SourceStatus.CORRECTED}}
    pairs = [(one.treatment, one.condition, one.outcome, one.comparator, one.timepoint) for one in CONTENT.statements]

    assert len(set(pairs)) == len(pairs)
    for statement in CONTENT.statements:
        assert len(statement.summary.split()) <= SUMMARY_WORDS, statement.key
        assert set(statement.sources) <= usable


def test_comments_stand_under_articles_that_take_them_and_after_their_publication() -> None:
    articles = {article.slug: article for article in CONTENT.articles}

    assert Counter(comment.status for comment in CONTENT.comments) == {
        CommentStatus.APPROVED: 6,
        CommentStatus.PENDING: 1,
        CommentStatus.REJECTED: 1,
    }
    for comment in CONTENT.comments:
        article = articles[comment.article]
        assert article.comment_policy is not CommentPolicy.OFF
        assert comment.days_ago <= (article.published or 0)
        assert comment.reply is None or comment.reply.days_ago <= comment.days_ago


def test_an_unknown_key_in_a_file_is_refused_with_its_place(folder: Path) -> None:
    _replace(folder / "articles" / "jaw-pain-and-acupuncture.md", "hero:", "heroine:")

    with pytest.raises(InvalidSample) as refusal:
        read(folder)

    assert refusal.value.path == ("articles/jaw-pain-and-acupuncture.md", "heroine")


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("articles/jaw-pain-and-acupuncture.md", "[samir-norwood]", "[nobody]", "There is no practitioner “nobody”."),
        ("articles/jaw-pain-and-acupuncture.md", "[@jung2011]", "[@jung2012]", "There is no source “jung2012”."),
        ("articles/how-rare-harms-are-counted.md", "by: anita-verwood", "by: me", "There is no practitioner “me”."),
        ("articles/jaw-pain-and-acupuncture.md", "pears-bowl", "plums", "There is no picture “plums”."),
        ("conditions/migraine.md", "parent: headache", "parent: heads", "There is no condition “heads”."),
        ("treatments/acupuncture.md", "source: zhang2010", "source: zhang2000", "There is no source “zhang2000”."),
        ("statements.yaml", "treatment: acupuncture", "treatment: magic", "There is no treatment “magic”."),
        ("comments.yaml", "article: neck-pain-and-acupuncture", "article: none", "There is no article “none”."),
    ],
)
def test_what_is_named_and_missing_is_refused(folder: Path, file: str, old: str, new: str, sentence: str) -> None:
    _replace(folder / file, old, new)

    with pytest.raises(InvalidSample) as refusal:
        read(folder)

    assert refusal.value.message == sentence


def test_a_slug_that_stands_twice_is_refused(folder: Path) -> None:
    _replace(
        folder / "articles" / "what-to-expect-from-acupuncture.md", "is-acupuncture-safe", "jaw-pain-and-acupuncture"
    )

    with pytest.raises(InvalidSample, match="More than one article is called jaw-pain-and-acupuncture"):
        read(folder)


def test_a_review_younger_than_the_revision_it_was_for_is_refused(folder: Path) -> None:
    _replace(folder / "articles" / "jaw-pain-and-acupuncture.md", "reviewed: 26", "reviewed: 24")

    with pytest.raises(InvalidSample, match="a health article names its reviewer"):
        read(folder)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("what-official-advice-says.md", "reviewed: 1", "reviewed: 5"),
        ("what-official-advice-says.md", "submitted: 4\n", ""),
        ("what-official-advice-says.md", "reviewed: 1\n", ""),
        ("what-official-advice-says.md", "scheduled: 6", "scheduled: 0"),
        ("what-official-advice-says.md", "nextReview: 365\n", ""),
        ("how-rare-harms-are-counted.md", "submitted: 2\n", ""),
    ],
)
def test_a_draft_whose_steps_are_out_of_order_is_refused(folder: Path, file: str, old: str, new: str) -> None:
    _replace(folder / "articles" / file, old, new)

    with pytest.raises(InvalidSample, match="draft"):
        read(folder)


def test_names_in_a_body_become_ids() -> None:
    body = "::: figure {{picture:tea-cup}} Tea\n:::\n\n[Migraine](entity:{{condition:migraine}})"

    assert filled(body, {"picture:tea-cup": "med_1", "condition:migraine": "cnd_2"}) == (
        "::: figure med_1 Tea\n:::\n\n[Migraine](entity:cnd_2)"
    )


def test_a_name_without_an_id_is_refused() -> None:
    with pytest.raises(InvalidSample, match="Nothing is known as picture:tea-cup"):
        filled("{{picture:tea-cup}}", {})


def test_reading_twice_gives_the_same() -> None:
    assert isinstance(CONTENT, SampleContent)
    assert read() == CONTENT
