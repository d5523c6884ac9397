"""The sample clinic's own articles: what is live passes, and the draft that is kept back is kept back."""

import pytest
from drafts import POLICY
from sample_clinic import TODAY, body, catalogue, condition, content, revision, sources, treatment

from api import gate
from api.gate.model import GatedRevision
from api.sample.entries import ConditionEntry, TreatmentEntry
from api.sample.texts import ArticleEntry

PUBLISHED = [article for article in content().articles if not article.draft]
ENTRIES = (*content().conditions, *content().treatments)


def by_slug(entry: ArticleEntry | ConditionEntry | TreatmentEntry) -> str:
    return entry.slug


@pytest.mark.parametrize("article", PUBLISHED, ids=by_slug)
def test_every_article_that_was_published_passes_without_a_waiver(article: ArticleEntry) -> None:
    report = gate.run(revision(article), POLICY)

    assert [(finding.rule, finding.path, finding.excerpt) for finding in report.findings] == []
    assert report.passes


def test_the_unfinished_draft_is_held_back_by_its_mark_and_its_review() -> None:
    report = gate.run(revision(drafted("overactive-bladder-and-acupuncture")), POLICY)

    assert [finding.rule for finding in report.findings] == ["CIT-001", "REV-001"]
    assert not report.passes_for_review


def test_the_draft_in_review_waits_for_its_review_alone_and_has_the_one_finding_that_is_waived() -> None:
    draft = drafted("how-rare-harms-are-counted")

    report = gate.run(revision(draft), POLICY)

    assert [(found.rule, found.severity) for found in report.findings] == [("REV-001", "BLOCK"), ("CIT-004", "WARN")]
    assert report.passes_for_review
    assert [waiver.rule for waiver in draft.waivers] == ["CIT-004"]


def test_the_scheduled_article_passes_without_a_waiver() -> None:
    report = gate.run(revision(drafted("what-official-advice-says")), POLICY)

    assert report.findings == ()


@pytest.mark.parametrize("entry", ENTRIES, ids=by_slug)
def test_no_entry_of_the_catalogue_blocks(entry: ConditionEntry | TreatmentEntry) -> None:
    report = gate.run(clinical(entry), POLICY)

    assert [(finding.rule, finding.path) for finding in report.findings if finding.blocks] == []


def test_a_corrected_source_under_an_entry_warns() -> None:
    warnings = [(each.slug, finding.rule) for each in ENTRIES for finding in gate.run(clinical(each), POLICY).findings]

    assert warnings == [("alexander-technique-lessons", "CIT-006")]


def drafted(slug: str) -> ArticleEntry:
    [draft] = [article for article in content().articles if article.draft and article.slug == slug]
    return draft


def clinical(entry: ConditionEntry | TreatmentEntry) -> GatedRevision:
    """The fields of an entry that the clinical rules read."""
    advice = entry.care_advice if isinstance(entry, ConditionEntry) else ()
    told = [
        (f"careAdvice[{at}].items[{n}]", item) for at, each in enumerate(advice) for n, item in enumerate(each.items)
    ]
    if isinstance(entry, TreatmentEntry):
        told += [(f"adverseOutcomes[{at}].text", each.text) for at, each in enumerate(entry.adverse_outcomes)]
        told += [(f"contraindications[{at}]", each) for at, each in enumerate(entry.contraindications)]
    return GatedRevision(
        kind=gate.Kind.ENTRY,
        title=entry.name,
        summary=entry.summary,
        body=body(entry.body),
        as_of=TODAY,
        conditions=(condition(entry),) if isinstance(entry, ConditionEntry) else (),
        treatments=(treatment(entry),) if isinstance(entry, TreatmentEntry) else (),
        sources=sources(),
        catalogue=catalogue(),
        texts=tuple(gate.FieldText(path, text) for path, text in told),
    )
