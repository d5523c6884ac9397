import pytest
from saved_pages import article

from api.documents import to_markdown
from api.publishing.importing import ImportedArticle, read

PAPER = "Example A, Sample B. Towels for necks. J Towels. 2001;3(2):15-8. doi:10.5555/TOWEL.1. PMID: 123456"
WEB = "Example Institute. Warmth (2009). https://example.org/warmth"


def imported(html: str) -> ImportedArticle:
    return read("page.html", article(html).encode())


def summary(result: ImportedArticle) -> str:
    return next(line for line in result.report.lines if "citation mark" in line)


def test_a_list_of_sources_leaves_the_text_and_marks_become_citations_by_key():
    result = imported(
        f"<p>One [1]. Two [2,1].</p><h2>References:</h2><ol><li>{PAPER}</li><li>{WEB}</li></ol><p>The end.</p>"
    )

    first, second = result.sources
    assert to_markdown(result.body) == f"One [@{first.key}]. Two [@{second.key}; @{first.key}].\n\nThe end.\n"
    assert (first.text, first.numbers, first.doi, first.pmid) == (PAPER, (1,), "10.5555/towel.1", "123456")
    assert (first.pmcid, first.isbn, first.url) == (None, None, None)
    assert (second.text, second.numbers, second.url) == (WEB, (2,), "https://example.org/warmth")
    assert first.key.startswith("example2001-")
    assert second.key.startswith("example2009-")
    assert result.dangling == ()
    assert summary(result) == "3 citation marks, 2 sources."
    assert "2 listed sources moved out of the text, all unresolved until confirmed." in result.report.lines


def test_keys_depend_on_the_words_alone_so_that_an_import_can_be_repeated():
    once = imported(f"<p>Text.</p><h2>Sources</h2><p>{PAPER}</p>")
    again = imported(f"<p>Other.</p><h2>Literature</h2><ul><li>{WEB}</li><li>{PAPER}</li></ul>")

    assert once.sources[0].key == again.sources[1].key


@pytest.mark.parametrize(
    "heading",
    [
        "Trusted sources:",
        "References",
        "REFERENCES AND FURTHER READING",
        "List of references",
        "5. Bibliography",
        "Works cited",
    ],
)
def test_a_heading_that_promises_sources_and_has_none_stays_for_all_to_see(heading):
    result = imported(f"<p>One [1].</p><h2>{heading}</h2><p>Do get in touch with us!</p>")

    assert result.sources == ()
    assert result.dangling == ("unresolved-1",)
    assert to_markdown(result.body).count("## ") == 1
    assert f"“{heading}” promises sources and none follows; it was left in the text." in result.report.lines
    assert summary(result) == "1 citation mark, 0 sources: [1] has no listed source and stays dangling."


@pytest.mark.parametrize("heading", ["Sources of stress", "Resources", "What the references say", "Sourcing towels"])
def test_a_heading_that_speaks_of_something_else_promises_nothing(heading):
    result = imported(f"<p>x</p><h2>{heading}</h2><ul><li>Work in 2001</li></ul>")

    assert result.sources == ()


def test_numbers_printed_beside_the_sources_count_and_a_missing_one_dangles():
    result = imported(f"<p>One [7]. Two [8].</p><h2>Sources</h2><p>[7] {PAPER}<br>[9] {WEB}</p>")

    assert [source.numbers for source in result.sources] == [(7,), (9,)]
    assert result.dangling == ("unresolved-8",)
    assert result.sources[0].text == PAPER
    assert any(line.startswith("Listed and never cited: “Example Institute") for line in result.report.lines)


def test_a_source_listed_twice_is_one_source_with_two_numbers():
    result = imported(f"<p>One [1]. Two [2].</p><h2>Sources</h2><ol><li>{WEB}</li><li>{WEB}</li></ol>")

    assert [source.numbers for source in result.sources] == [(1, 2)]
    assert to_markdown(result.body) == f"One [@{result.sources[0].key}]. Two [@{result.sources[0].key}].\n"


def test_footnotes_are_sources_and_their_links_back_are_left_out():
    result = imported(
        '<p>One<sup><a href="#fn1" id="b1">1</a></sup> and two<sup>[<a href="#fn2">2</a>]</sup>.</p>'
        f'<section class="footnotes"><ol><li id="fn1">{PAPER} <a href="#b1">↩︎</a></li><li>{WEB}</li></ol></section>'
    )

    first, second = result.sources
    assert to_markdown(result.body) == f"One[@{first.key}] and two[@{second.key}].\n"
    assert first.text == PAPER


def test_a_raised_number_is_a_mark_only_where_a_source_bears_it():
    result = imported(f"<p>One.<sup>1</sup> 10 m<sup>2</sup>.</p><h2>Sources</h2><ol><li>{WEB}</li></ol>")

    assert to_markdown(result.body) == f"One.[@{result.sources[0].key}] 10 m^2^.\n"


@pytest.mark.parametrize(
    ("mark", "markdown"),
    [
        ("[1]", "[@unresolved-1]"),
        ("[1, 3]", "[@unresolved-1; @unresolved-3]"),
        ("[2-4]", "[@unresolved-2; @unresolved-3; @unresolved-4]"),
        ("[1][2]", "[@unresolved-1; @unresolved-2]"),
        ("[[1]]", "[@unresolved-1]"),
        ("[0]", "\\[0\\]"),
        ("[4-2]", "\\[4-2\\]"),
        ("[1-400]", "\\[1-400\\]"),
        ("[2001]", "\\[2001\\]"),
        ("[sic]", "\\[sic\\]"),
        ("<code>a[1]</code>", "`a[1]`"),
        ("<b>so [1]</b>", "**so** [@unresolved-1]"),
    ],
)
def test_marks_are_read_as_they_were_meant(mark, markdown):
    assert to_markdown(imported(f"<p>x {mark}</p>").body) == f"x {markdown}\n"


def test_where_a_mark_led_is_said_because_it_may_name_the_source():
    result = imported('<p>One <a href="https://example.org/paper">[1]</a>.</p>')

    assert to_markdown(result.body) == "One [@unresolved-1].\n"
    assert "The mark [1] was a link to https://example.org/paper: look there for its source." in result.report.lines


def test_identifiers_are_kept_only_when_they_are_right():
    entries = "".join(
        f"<li>{entry}</li>"
        for entry in (
            "A book, 2001. ISBN 978-0-306-40615-7.",
            "A wrong book, 2001. ISBN 978-0-306-40615-8.",
            "A paper (doi: 10.5555/abc(1)de).",
            'A <a href="https://pubmed.ncbi.nlm.nih.gov/11532841/">linked</a> paper, PMC33515, 2001',
            "Something without a year",
        )
    )

    sources = imported(f"<p>Text.</p><h2>Sources</h2><ul>{entries}</ul>").sources

    assert [source.isbn for source in sources] == ["9780306406157", None, None, None, None]
    assert [source.doi for source in sources] == [None, None, "10.5555/abc(1)de", None, None]
    assert [source.pmid for source in sources] == [None, None, None, "11532841", None]
    assert [source.pmcid for source in sources] == [None, None, None, "PMC33515", None]
    assert sources[3].text == "A linked paper, PMC33515, 2001"
    assert sources[4].key.startswith("something-")
