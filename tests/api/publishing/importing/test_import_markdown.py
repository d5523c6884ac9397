from datetime import date

import pytest

from api.documents import to_markdown
from api.publishing.importing import Format, ImportedArticle, ImportedImage, Unreadable, read


def imported(text: str, name: str = "towels.md", **options: str) -> ImportedArticle:
    return read(name, text.encode(), **options)


def front(matter: str) -> ImportedArticle:
    return imported(f"---\n{matter}\n---\nText.\n")


def test_front_matter_and_footnotes_of_a_static_site():
    result = imported(
        "---\n"
        "title: 'Towels: warm ones'\n"
        "date: 2020-02-03 10:00:00 +0100\n"
        "lastmod: 2021-04-05\n"
        "author: {name: Ada Example, url: x}\n"
        "tags: [neck, 12, self care]\n"
        "slug: Warm Towels\n"
        "aliases:\n  - /old/towels/\n  - nonsense\n"
        "draft: true\n"
        "---\n"
        "# Towels: warm ones\n\nThey help.[^a]\n\n### How?\n\n[^a]: Example A. Towels. 2001.\n"
    )

    source = result.sources[0]
    assert to_markdown(result.body) == f"They help.[@{source.key}]\n\n## How?\n"
    assert source.text == "Example A. Towels. 2001."
    assert result.format is Format.MARKDOWN
    assert result.title == "Towels: warm ones"
    assert result.slug == "warm-towels"
    assert result.old_paths == ("/old/towels/",)
    assert (result.originally_published_on, result.updated_on) == (date(2020, 2, 3), date(2021, 4, 5))
    assert result.authors == ("Ada Example",)
    assert result.tags == ("neck", "12", "self care")
    assert "“nonsense” in the front matter is no address that can be redirected." in result.report.lines
    assert "The front matter says more than is brought in: “draft: true”." in result.report.lines


@pytest.mark.parametrize(
    "matter",
    [
        "a: &a [x]\nb: *a",
        "a: !!python/object:os.system x",
        "a: [",
        "title: !!timestamp 2022-99-99",
        "[" * 500,
        "? {a: b}\n: c",
    ],
)
def test_front_matter_that_cannot_be_read_is_refused(matter):
    with pytest.raises(Unreadable, match="front matter"):
        front(matter)


@pytest.mark.parametrize(
    ("matter", "said"),
    [("title:\n  deep: [1, {a: b}]", "“title”"), ("1: 2", "“1: 2”"), ("title: \nx: [a]", "“x”")],
)
def test_what_front_matter_says_beyond_our_names_is_told(matter, said):
    result = front(matter)

    assert result.title == "Towels"
    assert f"The front matter says more than is brought in: {said}." in result.report.lines


@pytest.mark.parametrize(
    ("lines", "text"),
    [("just words", "___\n\n## just words\n\nText.\n"), ("- a\n- b", "___\n\n- a\n- b\n\n___\n\nText.\n")],
)
def test_lines_between_dashes_that_name_nothing_are_text(lines, text):
    assert to_markdown(front(lines).body) == text


def test_a_date_that_could_be_two_days_is_left_out_and_said():
    result = front("title: A\ndate: 03/04/2020")

    assert result.originally_published_on is None
    assert "The date “03/04/2020” under “date” cannot be read for certain; it was left out." in result.report.lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a **b** *c* `d` [e](https://example.com/)", "a **b** *c* `d` [e](https://example.com/)\n"),
        ("| a | b |\n| - | - |\n| 1 | 2 |", "| a | b |\n| --- | --- |\n| 1 | 2 |\n"),
        ("1. a\n2. b\n   - c", "1. a\n\n2. b\n\n   - c\n"),
        ("```\ncode [1]\n```", "`code [1]`\n"),
        ("a <b>b</b> <script>x</script>&amp;", "a **b** &\n"),
        ("> quoted [1]", "> quoted [@unresolved-1]\n"),
        ("Setext\n======\n\na\n\nSmall\n-----\n\nb", "a\n\n## Small\n\nb\n"),
        ("a [1]: b", "a [@unresolved-1]: b\n"),
    ],
)
def test_common_markdown_is_read_with_the_html_in_it(text, expected):
    assert to_markdown(imported(text).body) == expected


def test_images_of_markdown_are_listed_and_not_brought_in():
    result = imported('# A\n\n## Heat\n\nText. ![A towel](/towel.jpg "Warm")')

    assert to_markdown(result.body) == "## Heat\n\nText.\n"
    assert result.images == (ImportedImage("/towel.jpg", "A towel", heading="Heat"),)


OURS = """# Warm towels

Less pain in *one* trial. [@example2001, p. 4; @unresolved-2] See [neck pain](entity:cnd_01).

![A towel](towel.jpg)

### How H~2~O helps

::: urgent Get help today

- fever

:::
"""


def test_our_own_markdown_keeps_citations_care_advice_and_entity_links():
    result = imported(OURS)

    assert result.title == "Warm towels"
    assert to_markdown(result.body) == (
        "Less pain in *one* trial. [@example2001, p. 4; @unresolved-2] See [neck pain](entity:cnd_01).\n\n"
        "## How H~2~O helps\n\n::: urgent Get help today\n- fever\n:::\n"
    )
    assert result.images == (ImportedImage("towel.jpg", "A towel"),)


def test_our_own_markdown_may_have_headings_of_any_level_and_kind():
    result = imported("Warm towels\n===\n\n[@a]\n\nHow?\n---\n\n# Again\n\n- ###### deep")

    assert result.title == "Warm towels"
    assert to_markdown(result.body) == "[@a]\n\n## How?\n\n## Again\n\n- ### deep\n"


def test_numbers_without_a_source_dangle_beside_citations_by_key():
    result = imported("A [@example2001] and [3].")

    assert to_markdown(result.body) == "A [@example2001] and [@unresolved-3].\n"
    assert result.dangling == ("unresolved-3",)


def test_what_is_nested_beyond_reading_is_refused_and_not_cut_off():
    with pytest.raises(Unreadable, match="too deeply"):
        imported(f"{'> ' * 200}words")


def test_lists_deeper_than_a_document_are_flattened_and_reported():
    text = "\n".join(f"{'  ' * depth}- level {depth}" for depth in range(12))

    result = imported(text)

    written = to_markdown(result.body)
    assert [f"level {depth}" in written for depth in range(12)] == [True] * 12
    assert "Lists or quotations nested more than six deep were flattened." in result.report.lines
