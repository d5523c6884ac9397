import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.documents import sentences
from api.documents.splitting import spans


@pytest.mark.parametrize(
    "text",
    [
        # Plain ends.
        "It helps. | It may not last.",
        "Does it help? | Perhaps! | We do not know.",
        "It ended in 2001. | 177 patients took part.",
        "He said “It works.” | She agreed.",
        "(See below.) | Then rest.",
        "It eased the pain (for a week). | It came back.",
        "It hurt… | Then it stopped.",
        "The score fell by 3.5. | That is small.",
        "The level was 7. | pH was normal.",
        # Abbreviations that never end a sentence.
        "Dr. Irnich led the trial. | It was small.",
        "Prof. Dr. Witt and Mrs. May agreed.",
        "Some treatments, e.g. Massage, i.e. Rubbing, help.",
        "Needles vs. Placebo needles were compared.",
        "It costs approx. £50 a visit.",
        # Names, initials and authors.
        "Irnich et al. found less pain. | Others did not.",
        "As Irnich et al. (2001) say, it helps.",
        "As Fu et al. 2009 say, it helps.",
        "This was shown by Fu et al. | The trials were small.",
        "J. A. Smith and B. Jones wrote it. | D. Lee read it.",
        "It was shown by Ross, B. E. in 2007.",
        # Letters that are no initials.
        "They took vitamin C. | Nobody fell ill.",
        "We compared it with group B. | Acupuncture did better.",
        "He had hepatitis B. | Smith had none.",
        # Numbers.
        "P was 0.04 (95 % CI 0.1 to 0.9). | It was small.",
        "See Fig. 2 and pp. 4 to 6 in vol. 3, no. 12.",
        "Is it safe? | No. | Three people fainted.",
        "It was published on Feb. 3 in London.",
        "1. Rest the neck. | 2. Call us.",
        # Dotted abbreviations: what follows decides.
        "He holds a Ph.D. in biology. | She does not.",
        "Call before 9 a.m. | The line is busy later.",
        "The U.S. Preventive Services Task Force met.",
        "It is common in the U.K. | It is rare elsewhere.",
        "Rest, heat, stretching, etc. help. | So does time.",
        "Rest, heat, etc. | Then call us.",
        # Addresses and versions.
        "See www.nhs.uk for more. | Call 111.",
        "Go to nhs.uk. | Read the page.",
        "Use version 2.1.3 of the form.",
        # Imported marks stay with what they follow.
        "Most people have it once. [1] | It is not as bad. [2, 3] | It ends.",
        "Most people have it once.[1-3] | It ends.",
        # Lower case goes on.
        "It came back after approx. six weeks.",
        "“Why?” he asked. | Nobody knew.",
        # Layout.
        "Causes can be:\n | - poor posture\n | - stress\n | 1. cold",
        "A heading\n\n | A paragraph\nover two lines. | Its end.",
        "No stop at the end",
        "",
        "  \n ",
    ],
)
def test_sentences_end_where_readers_think_they_do(text: str):
    wanted = tuple(part.strip() for part in text.split(" | ") if part.strip())

    assert sentences(text.replace(" | ", " ").replace("\n ", "\n")) == tuple(
        part.replace("\n ", "\n") for part in wanted
    )


@given(st.text(alphabet=st.sampled_from([*'ab AB.!?…"”)]12[\n-•'])) | st.text())
def test_no_word_is_lost_and_none_is_said_twice(text: str):
    found = spans(text)

    assert "".join("".join(text[start:end] for start, end in found).split()) == "".join(text.split())
    assert list(found) == sorted(found)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in found)


@pytest.mark.parametrize(
    "text", ["." * 300_000 + "x", "e.g. " * 60_000, "\n" * 300_000, "(" * 300_000, "A. " * 100_000]
)
def test_no_text_takes_long(text: str):
    assert len(sentences(text)) <= 1
