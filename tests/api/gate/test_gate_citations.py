from dataclasses import replace

import pytest
from drafts import AUTHOR, draft, found, paths, source

from api.evidence.enums import SourceStatus


def test_a_dangling_citation_blocks_once_for_each_key() -> None:
    findings = found("CIT-001", draft("One thing [@gone]. Another [@trial; @lost]. Again [@gone]."))

    assert [(finding.severity, finding.path, finding.excerpt) for finding in findings] == [
        ("BLOCK", "body.content[0]", "One thing."),
        ("BLOCK", "body.content[0]", "Another."),
    ]
    assert "“gone”" in findings[0].message
    assert not findings[0].is_waivable


def test_a_citation_of_a_known_source_is_silent() -> None:
    assert found("CIT-001", draft("One thing [@trial].")) == []


@pytest.mark.parametrize(
    "heading",
    ["Sources", "References", "Trusted sources:", "Bibliography", "Our sources", "References and further reading"],
)
def test_a_heading_that_promises_sources_and_has_none_blocks(heading: str) -> None:
    [finding] = found("CIT-002", draft(f"Some words.\n\n## {heading}\n\nThank you for reading."))

    assert (finding.path, finding.excerpt) == ("body.content[1]", heading)


@pytest.mark.parametrize(
    "body",
    [
        "Some words [@trial].\n\n## Sources",
        "## Sources\n\n- Example A. A made-up work. Journal of Results. 2001.",
        "## Sources of pain\n\nA joint, a muscle, a nerve.",
        "## Where to find other sources of help\n\nAt the pharmacy.",
    ],
)
def test_a_promise_kept_or_never_given_is_silent(body: str) -> None:
    assert found("CIT-002", draft(body)) == []


def test_a_dangling_mark_keeps_no_promise() -> None:
    assert len(found("CIT-002", draft("Some words [@gone].\n\n## Sources"))) == 1


def test_a_source_listed_and_never_cited_warns() -> None:
    [finding] = found("CIT-003", draft("Words [@trial].", listed=("trial", "other")))

    assert (finding.severity, finding.excerpt) == ("WARN", "other")
    assert found("CIT-003", draft("Words [@trial; @other].", listed=("trial", "other"))) == []


def test_a_source_written_by_hand_under_its_heading_warns() -> None:
    body = "Words [@trial].\n\n## References\n\n1. Example A. A made-up work. 2001.\n2. More in the catalogue [@other]."

    assert paths("CIT-003", draft(body)) == ["body.content[2].content[0].content[0]"]


STUDIES = (
    "Example et al. found less pain.",
    "Example and colleagues saw 40 people.",
    "Example (2001) saw less pain.",
    "This was seen before (Example, 2001).",
    "A paper by Example in 2001 says so.",
    "A review by Example A, Sample BC in 2007 says so.",
    "Example & Sample (2011) disagree.",
    "The British Medical Journal reported it in 2001.",
    "It stood in the Journal of Made-up Results in June 2009.",
    "A study published in a journal of medicine says so.",
    "One trial, published in the Lancet, says so.",
)
NO_STUDIES = (
    "The clinic opened in March 2012.",
    "Since 2001 the rules have changed.",
    "In London in 2012 we began.",
    "Ruth joined us in 2019.",
    "The British Medical Journal is read by doctors.",
    "Two trials say so.",
    "The Act of 2010 says so.",
    "Read “Example (2001)” aloud.",
    "The new leaflet was published in May.",
)


@pytest.mark.parametrize("sentence", STUDIES)
def test_a_study_that_is_named_without_a_mark_warns(sentence: str) -> None:
    [finding] = found("CIT-004", draft(sentence))

    assert (finding.severity, finding.path, finding.excerpt) == ("WARN", "body.content[0]", sentence)


@pytest.mark.parametrize("sentence", STUDIES)
def test_a_study_that_is_named_with_its_mark_is_silent(sentence: str) -> None:
    assert found("CIT-004", draft(f"{sentence[:-1]} [@trial].")) == []


@pytest.mark.parametrize("sentence", NO_STUDIES)
def test_what_names_no_study_is_silent(sentence: str) -> None:
    assert found("CIT-004", draft(sentence)) == []


@pytest.mark.parametrize(
    ("field", "value"), [("doi", "10.1/x"), ("pmid", "123456789"), ("pmcid", "33515"), ("isbn", "978-0-306-40615-8")]
)
def test_a_malformed_identifier_blocks(field: str, value: str) -> None:
    [finding] = found("CIT-005", draft("Words [@trial].", sources={"trial": source(**{field: value})}))

    assert (finding.severity, finding.path) == ("BLOCK", "body.content[0]")
    assert not finding.is_waivable


@pytest.mark.parametrize(
    ("field", "value"),
    [("doi", "10.1136/bmj.322.7302.1574"), ("pmid", "11425761"), ("pmcid", "PMC33515"), ("isbn", "9780306406157")],
)
def test_a_right_identifier_is_silent(field: str, value: str) -> None:
    assert found("CIT-005", draft("Words [@trial].", sources={"trial": source(**{field: value})})) == []


def test_malformed_csl_blocks_with_the_place() -> None:
    csl = {"type": "article-journal", "title": "A made-up work", "DOI": "nonsense"}

    [finding] = found("CIT-005", draft("Words [@trial].", sources={"trial": source(csl=csl)}))

    assert "DOI" in finding.message


def test_a_malformed_source_that_nobody_cites_is_silent() -> None:
    assert found("CIT-005", draft("Words.", sources={"trial": source(pmid="none")})) == []


def test_a_malformed_orcid_of_an_author_blocks() -> None:
    assert paths("CIT-005", draft(authors=(replace(AUTHOR, orcid="0000-0002-1825-0098"),))) == ["authors[0]"]
    assert paths("CIT-005", draft(authors=(replace(AUTHOR, orcid="0000-0002-1825-0097"),))) == []


@pytest.mark.parametrize(
    ("status", "severity"),
    [
        (SourceStatus.UNRESOLVED, ["BLOCK"]),
        (SourceStatus.RETRACTED, ["BLOCK"]),
        (SourceStatus.WITHDRAWN, ["BLOCK"]),
        (SourceStatus.CORRECTED, ["WARN"]),
        (SourceStatus.SUPERSEDED, ["WARN"]),
        (SourceStatus.EXPRESSION_OF_CONCERN, ["WARN"]),
        (SourceStatus.OK, []),
    ],
)
def test_what_a_sources_status_does(status: SourceStatus, severity: list[str]) -> None:
    findings = found("CIT-006", draft("Words [@trial]. More [@trial].", sources={"trial": source(status=status)}))

    assert [finding.severity for finding in findings] == severity
    assert all(finding.is_waivable == (finding.severity == "WARN") for finding in findings)


def test_a_retracted_source_that_nobody_cites_is_silent() -> None:
    assert found("CIT-006", draft("Words.", sources={"trial": source(status=SourceStatus.RETRACTED)})) == []
