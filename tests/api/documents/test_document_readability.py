import pytest

from api.documents import reading_grade, reading_minutes, syllables

_COUNTED = """
1: pain neck sham cure cause care used based caused called year years tongue there were are more fruit
2: needle needles headache headaches patient patients doctor treatment movement muscle muscles disease trial trials
   study studies review reviews science quiet diet client exam table centre measure handled treated causes doses
   patches being doing tissue issue value technique unique spasm rhythm useful safely guideline guidelines blue-green
3: evidence medicine adverse-like chronic-pain therapy diseases exercise management element supplement period various
   serious religious opinion physician dementia idea area placebo vertebrae manual gradual randomised
4: acupuncture inflammation anxiety analysis analyses exercises systematic situation medication
   ibuprofen emergency moxibustion insomnia metabolic society variety
5: acupuncturist paracetamol metabolism homeopathy homeopathic
6: musculoskeletal physiotherapy fibromyalgia cardiovascular radiotherapy
"""


def counted() -> list[tuple[str, int]]:
    pairs = []
    for line in _COUNTED.strip().splitlines():
        head, colon, rest = line.partition(":")
        number = int(head) if colon else pairs[-1][1]
        pairs += [(word, number) for word in (rest if colon else line).split()]
    return pairs


@pytest.mark.parametrize(("word", "number"), counted())
def test_syllables_are_counted_as_they_are_spoken(word: str, number: int):
    assert syllables(word) == number


def test_a_number_counts_as_one_syllable():
    assert syllables("177") == 1


def test_the_grade_is_flesch_and_kincaids():
    # 10 words, 2 sentences, 12 syllables: 0.39 * 5 + 11.8 * 1.2 - 15.59
    assert reading_grade("The cat sat on the table. We saw the doctor.") == 0.5


def test_long_words_in_long_sentences_are_harder_than_short_ones():
    hard = (
        "Musculoskeletal inflammation necessitates multidisciplinary physiotherapeutic interventions in osteoarthritis."
    )
    easy = "Sore joints can ease. Rest helps. So does heat."

    assert reading_grade(hard) > 20
    assert reading_grade(easy) < 2


def test_headings_and_fragments_in_lists_do_not_flatter_a_text():
    prose = "Acupuncture may reduce chronic neck pain in the short term, compared with no treatment at all."

    assert reading_grade(f"What we know\n\n{prose}\n\n- rest\n- heat") == reading_grade(prose)


def test_fragments_are_judged_where_nothing_else_is_there():
    assert reading_grade("poor posture") is not None


@pytest.mark.parametrize("text", ["", "  ", "…", "—\n\n—"])
def test_without_a_word_there_is_no_grade(text: str):
    assert reading_grade(text) is None


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (1, 1), (200, 1), (201, 2), (2000, 10)])
def test_minutes_are_whole_and_at_least_one(words: int, minutes: int):
    assert reading_minutes(words) == minutes
