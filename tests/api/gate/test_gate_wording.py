import pytest
from drafts import draft, found, source

ABSOLUTE = (
    "Science has proven that acupuncture works.",
    "You will see miraculous results.",
    "Acupuncture has zero side effects.",
    "There are no side effects.",
    "This is the best treatment in London.",
    "It is 100 % safe.",
    "Needles cure migraine.",
    "It cures.",
    "She was cured after a week.",
    "A curative course takes six weeks.",
    "The study proves that it works.",
    "It was proven years ago.",
    "Its effect was proved in 2001.",
    "There is living proof.",
    "We guarantee a result.",
    "Relief is guaranteed.",
    "It is a miracle.",
    "The change was miraculous.",
    "It is 100% natural and 100% effective.",
    "It helps 100 % of our patients.",
    "It works in one hundred per cent of cases.",
    "It is safe and effective.",
    "It works safely and effectively.",
    "Needling is completely safe.",
    "It is the best remedy.",
    "It may be the very best.",
    "It has no side effects.",
    "It works without any side effects.",
    "It is free from adverse effects.",
    "It has no known side effects.",
    "It always works.",
    "Expect instant relief.",
    "It is clinically proven.",
)
EVASIVE = (
    "There is no doubt that acupuncture cures migraine.",
    "It not only eases pain, it cures it.",
    "Not only does it help, it is guaranteed.",
    "It has no catch and cures pain.",
    "It does not hurt and cures migraine.",
    "It is not a drug, it cures.",
    "Unlike drugs, which do not last, acupuncture cures.",
    "Few people know that acupuncture cures asthma.",
    "Not everyone knows that acupuncture cures asthma.",
    "While not everybody agrees, it proves our point.",
    "You do not need drugs, because acupuncture cures.",
    "Why is acupuncture the best treatment?",
    "Why does acupuncture cure so many?",
    "Looking for a guaranteed result?",
    "Nothing less than a miracle happened.",
    "Without doubt it is the best choice.",
    "Doctors could not help; acupuncture cured her.",
    "“It works,” she said, and she was cured.",
    "If you suffer, acupuncture cures you.",
    "It cures pain with no needles at all.",
    "## The Best Treatment",
)


@pytest.mark.parametrize("sentence", ABSOLUTE)
def test_absolute_wording_blocks(sentence: str) -> None:
    [finding] = found("CLM-004", draft(sentence))

    assert (finding.severity, finding.lexical, finding.path) == ("BLOCK", True, "body.content[0]")


@pytest.mark.parametrize("sentence", EVASIVE)
def test_absolute_wording_blocks_whatever_stands_around_it(sentence: str) -> None:
    assert len(found("CLM-004", draft(sentence))) == 1


@pytest.mark.parametrize("word", ["secure", "procure", "obscure", "approved", "improves", "waterproof", "behest"])
def test_only_whole_words_count(word: str) -> None:
    assert found("CLM-004", draft(f"The word {word} is no promise, {word} it is.")) == []


def test_each_kind_of_absolute_wording_is_found_once_in_a_sentence() -> None:
    findings = found("CLM-004", draft("It cures and cures, and it is guaranteed."))

    assert [finding.message for finding in findings] == [
        "“cures” is absolute wording (cure).",
        "“guaranteed” is absolute wording (guarantee).",
    ]


def test_title_and_summary_are_read_too() -> None:
    revision = draft(title="Acupuncture cures neck pain", summary="The best there is.")

    assert [finding.path for finding in found("CLM-004", revision)] == ["title", "summary"]


def test_the_help_says_what_to_write_instead() -> None:
    [finding] = found("CLM-004", draft("The trial proves it."))

    assert finding.help == "No study proves it; write “found”, “suggests” or “saw less …”, with the mark."
    assert finding.excerpt == "The trial proves it."


def test_the_title_of_a_cited_work_may_say_anything() -> None:
    revision = draft("In Needles prove their worth the authors tell what they saw [@trial].")
    titled = source(csl={**source().csl, "title": "Needles prove their worth"})

    assert len(found("CLM-004", revision)) == 1
    assert found("CLM-004", draft(revision.body, sources={"trial": titled})) == []
