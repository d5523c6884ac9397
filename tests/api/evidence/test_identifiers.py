from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import Invalid
from api.evidence.identifiers import InvalidIdentifier, doi, isbn, orcid, pmcid, pmid


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("10.1136/bmj.322.7302.1574", "10.1136/bmj.322.7302.1574"),
        ("  https://doi.org/10.7326/M15-0667 ", "10.7326/m15-0667"),
        ("http://dx.doi.org/10.1089/acm.2008.0135", "10.1089/acm.2008.0135"),
        ("doi:10.1016/S0140-6736(05)67217-4.", "10.1016/s0140-6736(05)67217-4"),
        ("DOI: https://doi.org/10.1002/14651858.CD004870.pub4", "10.1002/14651858.cd004870.pub4"),
        ("https://doi.org/10.1002/%28SICI%291097-0258", "10.1002/(sici)1097-0258"),
    ],
)
def test_a_doi_loses_its_address_and_its_capitals(written, normal):
    assert doi(written) == normal


@pytest.mark.parametrize("wrong", ["", "11.1136/bmj", "10.1/x", "10.1136/", "10.1136 /bmj", "10.1136/b mj", "bmj.l689"])
def test_what_is_no_doi_is_refused_with_an_example(wrong):
    with pytest.raises(InvalidIdentifier) as refusal:
        doi(wrong)

    assert refusal.value.message == "This is not a DOI: one looks like 10.1136/bmj.322.7302.1574."
    assert isinstance(refusal.value, Invalid)


@pytest.mark.parametrize(
    "written",
    ["11532841", " PMID: 11532841 ", "https://pubmed.ncbi.nlm.nih.gov/11532841/", "pmid11532841", "0011532841"],
)
def test_a_pmid_is_its_number(written):
    assert pmid(written) == "11532841"


@pytest.mark.parametrize("wrong", ["", "0", "123456789", "PMC33515", "12a", "\u0661\u0662\u0663", "-5", "1.0"])
def test_what_is_no_pmid_is_refused(wrong):
    with pytest.raises(InvalidIdentifier, match="1 to 8 digits"):
        pmid(wrong)


@pytest.mark.parametrize(
    "written",
    [
        "PMC33515",
        "pmc33515",
        "PMCID: PMC33515",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC33515/",
        "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC33515",
    ],
)
def test_a_pmcid_keeps_its_letters(written):
    assert pmcid(written) == "PMC33515"


@pytest.mark.parametrize("wrong", ["33515", "PMC", "PMC123456789", "PMCX", "PMC1 2"])
def test_a_bare_number_is_no_pmcid_for_it_could_be_a_pmid(wrong):
    with pytest.raises(InvalidIdentifier, match="PMC33515"):
        pmcid(wrong)


@pytest.mark.parametrize(
    "written",
    [
        "0-306-40615-2",
        "0306406152",
        "978-0-306-40615-7",
        "ISBN-13: 978 0 306 40615 7",
        "ISBN 9780306406157",
        "isbn-10:0306406152",
    ],
)
def test_both_lengths_of_an_isbn_become_thirteen_digits(written):
    assert isbn(written) == "9780306406157"


def test_the_check_sign_of_an_isbn_10_may_be_x():
    assert isbn("0-8044-2957-X") == "9780804429573"


@pytest.mark.parametrize(
    "wrong", ["", "0-306-40615-3", "978-0-306-40615-8", "977-0-306-40615-7", "X306406152", "97803064061577", "ISBN"]
)
def test_an_isbn_with_a_wrong_check_digit_or_length_is_refused(wrong):
    with pytest.raises(InvalidIdentifier, match="10 or 13 digits"):
        isbn(wrong)


@pytest.mark.parametrize(
    "written",
    ["0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097", "0000000218250097", "ORCID: 0000-0002-1825-0097"],
)
def test_an_orcid_is_written_in_four_groups(written):
    assert orcid(written) == "0000-0002-1825-0097"


def test_the_check_sign_of_an_orcid_may_be_x():
    assert orcid("0000-0002-1694-233x") == "0000-0002-1694-233X"


@pytest.mark.parametrize("wrong", ["", "0000-0002-1825-0098", "0000-0002-1825-009", "0000-0002-1825-00977"])
def test_an_orcid_with_a_wrong_check_digit_or_length_is_refused(wrong):
    with pytest.raises(InvalidIdentifier, match="16 digits"):
        orcid(wrong)


@given(st.sampled_from([doi, pmid, pmcid, isbn, orcid]), st.text(max_size=60))
def test_any_text_is_normalised_or_refused_and_the_normal_form_stays(read: Callable[[str], str], text: str):
    try:
        normal = read(text)
    except InvalidIdentifier:
        return
    assert read(normal) == normal


@given(st.from_regex(r"10\.[0-9]{4,9}/[!-~]{1,40}", fullmatch=True))
def test_the_normal_form_of_a_doi_stays(written: str):
    try:
        normal = doi(written)
    except InvalidIdentifier:
        assert not written.partition("/")[2].rstrip(".,;")
        return
    assert doi(normal) == normal == doi(f"https://doi.org/{normal.replace('%', '%25')}")


@given(st.text("0123456789", min_size=12, max_size=12), st.sampled_from(["978", "979"]))
def test_exactly_one_of_ten_check_digits_makes_an_isbn(tail: str, prefix: str):
    twelve = prefix + tail[:9]

    accepted = [digit for digit in "0123456789" if _accepts(isbn, twelve + digit)]

    assert len(accepted) == 1
    assert isbn(twelve + accepted[0]) == twelve + accepted[0]


@given(st.text("0123456789", min_size=9, max_size=9))
def test_exactly_one_of_eleven_check_signs_makes_an_isbn_10(nine: str):
    accepted = [sign for sign in "0123456789X" if _accepts(isbn, nine + sign)]

    assert len(accepted) == 1
    assert isbn(nine + accepted[0])[:12] == f"978{nine}"


@given(st.text("0123456789", min_size=15, max_size=15))
def test_exactly_one_of_eleven_check_signs_makes_an_orcid(fifteen: str):
    accepted = [sign for sign in "0123456789X" if _accepts(orcid, fifteen + sign)]

    assert len(accepted) == 1
    assert orcid(fifteen + accepted[0]).replace("-", "") == fifteen + accepted[0]


def _accepts(read: Callable[[str], str], text: str) -> bool:
    try:
        read(text)
    except InvalidIdentifier:
        return False
    return True
