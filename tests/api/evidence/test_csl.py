from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.evidence.csl import InvalidCsl, parse

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
fields = ["id", "type", "title", "author", "editor", "volume", "page", "issued", "DOI", "PMID", "ISBN", "URL", "other"]


def work(**fields: Any) -> dict[str, Any]:
    return {"type": "article-journal", "title": "Needles and necks"} | fields


def test_an_item_comes_back_with_normal_identifiers_and_nothing_that_is_absent():
    item = parse(
        work(
            author=[{"family": "Example", "given": "Ada"}, {"literal": "The Neck Group"}],
            volume=12,
            issued={"date-parts": [[2020, 2, 29]]},
            DOI="https://doi.org/10.5555/ABC",
            PMID=123,
            PMCID="pmc77",
            ISBN="0-306-40615-2",
            URL="https://example.org/paper",
            page=None,
        )
    )

    assert item.dump() == {
        "type": "article-journal",
        "title": "Needles and necks",
        "author": [{"family": "Example", "given": "Ada"}, {"literal": "The Neck Group"}],
        "volume": "12",
        "issued": {"date-parts": [[2020, 2, 29]]},
        "DOI": "10.5555/abc",
        "PMID": "123",
        "PMCID": "PMC77",
        "ISBN": "9780306406157",
        "URL": "https://example.org/paper",
    }
    assert parse(item.dump()) == item
    assert item.year == 2020


def test_white_space_in_a_text_is_folded():
    assert parse(work(title="  Needles\n and\tnecks ")).title == "Needles and necks"


@pytest.mark.parametrize(
    ("value", "path", "message"),
    [
        (work(abstract="…"), ("abstract",), "“abstract” is not a field of CSL-JSON that is accepted here."),
        (work(container_title="…"), ("container_title",), "“container_title” is not a field"),
        ({"type": "book"}, ("title",), "“title” is missing."),
        (work(title=" "), ("title",), "“title” is empty or holds control characters."),
        (work(title="a\x00b"), ("title",), "“title” is empty or holds control characters."),
        (work(title="x" * 2001), ("title",), "“title” is longer than 2000 characters."),
        (work(type="song"), ("type",), "“type” has to be one of 'article', "),
        (work(volume=True), ("volume",), "“volume” has to be text."),
        (work(volume=10**5000), ("volume",), "“volume” has to be text."),
        (work(author="Ada"), ("author",), "“author” has to be a list."),
        (work(author=["Ada"]), ("author", 0), "“author” has to be an object with fields."),
        (work(author=[{"given": "Ada"}]), ("author", 0), "A name has either a family name"),
        (work(author=[{"family": "Ex", "literal": "Ex"}]), ("author", 0), "A name has either a family name"),
        (work(author=[{"family": "Ex", "age": 3}]), ("author", 0, "age"), "“age” is not a field"),
        (work(issued={"date-parts": [[2021, 2, 29]]}), ("issued",), "A date is a year, "),
        (work(issued={"date-parts": [[2021, 1, 1, 1]]}), ("issued",), "A date is a year, "),
        (work(issued={"date-parts": [[]]}), ("issued",), "A date is a year, "),
        (work(issued={"date-parts": []}), ("issued", "date-parts"), "“date-parts” is empty: leave it out instead."),
        (work(issued="2021"), ("issued",), "“issued” has to be an object with fields."),
        (work(DOI="doi"), ("DOI",), "This is not a DOI: one looks like 10.1136/bmj.322.7302.1574."),
        (work(PMID="x"), ("PMID",), "This is not a PubMed id (PMID): "),
        (work(PMCID="7"), ("PMCID",), "This is not a PubMed Central id (PMCID): "),
        (work(ISBN="978-0-306-40615-8"), ("ISBN",), "This is not an ISBN: "),
        (work(URL="javascript:alert(1)"), ("URL",), "“URL” has to be a web address"),
        ([], (), "“The item” has to be an object with fields."),
    ],
)
def test_what_is_wrong_is_refused_with_its_path(value, path, message):
    with pytest.raises(InvalidCsl) as refusal:
        parse(value)

    assert refusal.value.path == path
    assert refusal.value.message.startswith(message)


@given(json_values | st.fixed_dictionaries({}, optional=dict.fromkeys(fields, json_values)))
def test_anything_is_an_item_or_refused(value):
    try:
        item = parse(value)
    except InvalidCsl:
        return
    assert parse(item.dump()) == item
