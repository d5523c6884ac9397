import pytest
from drafts import LEXICAL, draft, found, report
from fair_sentences import FAIR

SPEAKING = (*LEXICAL, "ADV-001")


def test_the_corpus_is_large_enough_and_says_nothing_twice() -> None:
    assert len(set(FAIR)) == len(FAIR) >= 60


@pytest.mark.parametrize("sentence", FAIR)
def test_a_fair_sentence_stays_silent(sentence: str) -> None:
    findings = [finding for finding in report(draft(sentence)).findings if finding.rule in SPEAKING]

    assert [(finding.rule, finding.message) for finding in findings] == []


@pytest.mark.parametrize("sentence", [sentence for sentence in FAIR if not sentence.startswith((">", "*", "#"))])
def test_a_fair_sentence_stays_silent_within_a_longer_text(sentence: str) -> None:
    text = f"Trials differ in size. {sentence} Ask what was measured, and when."

    assert [finding.rule for rule in SPEAKING for finding in found(rule, draft(text))] == []
