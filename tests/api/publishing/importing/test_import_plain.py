from datetime import date
from pathlib import Path

import pytest

from api.documents import to_markdown
from api.publishing.importing import Format, ImportedArticle, read

COPIED = """top of page

Towels for stiff necks
Updated: Mar 1, 2020
4 min read

Why a towel is worth trying.

Towels for stiff necks
Towels for stiff necks

Most stiff necks ease by themselves. [1]

What can you do?

Try these things:

  • moving gently

  • a warm towel,
    changed often

Photo by Ada Example on a camera

Sources

12 views0 comments

bottom of page
"""


def imported(text: str, name: str = "post.txt", **options: str) -> ImportedArticle:
    return read(name, text.encode(), **options)


def markdown(text: str) -> str:
    """Return what becomes of this below a title."""
    return to_markdown(imported(f"A title\n\n{text}").body)


def test_a_copied_post_gets_its_structure_back():
    result = imported(COPIED, map_url_prefix="post")

    assert to_markdown(result.body) == (
        "Why a towel is worth trying.\n\n"
        "Most stiff necks ease by themselves. [@unresolved-1]\n\n"
        "## What can you do?\n\n"
        "Try these things:\n\n"
        "- moving gently\n"
        "- a warm towel, changed often\n\n"
        "## Sources\n"
    )
    assert result.format is Format.PLAIN
    assert result.title == "Towels for stiff necks"
    assert result.slug == "towels-for-stiff-necks"
    assert result.old_paths == ("/post/towels-for-stiff-necks",)
    assert (result.originally_published_on, result.updated_on) == (None, date(2020, 3, 1))
    assert result.report.lines == (
        (
            "“Towels for stiff necks” stands twice in a row, as the text of an image and its caption do; "
            "look for the image."
        ),
        "Read as headings, from how the lines stand: “What can you do?” and “Sources”.",
        "“Sources” promises sources and none follows; it was left in the text.",
        "1 citation mark, 0 sources: [1] has no listed source and stays dangling.",
        (
            "Updated on 1 March 2020: that is not when it was published, which the text does not say; "
            "the date of publication stays empty."
        ),
        (
            "The text does not tell its old address; "
            "/post/towels-for-stiff-necks is assumed from the prefix and the title."
        ),
        "Dropped, marks of the page's ends: 2 times: “top of page” and “bottom of page”.",
        "Dropped, lines with a date: 1 time: “Updated: Mar 1, 2020”.",
        "Dropped, counters: 2 times: “4 min read” and “12 views0 comments”.",
        "Dropped, captions of images: 1 time: “Photo by Ada Example on a camera”.",
        "Dropped, lines that repeat the title: 2 times: “Towels for stiff necks” and “Towels for stiff necks”.",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One line.\nAnother line.", "One line.\n\nAnother line.\n"),
        (f"{'word ' * 15}\n{'more ' * 15}\nend.", f"{'word ' * 15}{'more ' * 15}end.\n"),
        ("- a\n- b\n\n- c", "- a\n- b\n- c\n"),
        ("1. a\n2. b", "1. a\n2. b\n"),
        ("3) a\n\n4) b", "3. a\n4. b\n"),
        ("2001. That was a year.", "2001\\. That was a year.\n"),
        ("1. Only one.", "1\\. Only one.\n"),
        ("a\n\n***\n\nb", "a\n\n___\n\nb\n"),
        ("*A note with a star", "\\*A note with a star\n"),
        ("Heading\n\nText under it.", "## Heading\n\nText under it.\n"),
        ("Heading\n\n• item", "## Heading\n\n- item\n"),
        ("Last short line", "Last short line\n"),
        ("no capital\n\nText.", "no capital\n\nText.\n"),
        ("Ends a sentence.\n\nText.", "Ends a sentence.\n\nText.\n"),
        ("Poor posture\n\nCold feet\n\nOld pillows\n\nText.", "Poor posture\n\nCold feet\n\nOld pillows\n\nText.\n"),
        ("Part\n\nChapter\n\nText.", "## Part\n\n## Chapter\n\nText.\n"),
        ("<b>[x](y) #1 & 2*3*4", "\\<b>\\[x\\](y) \\#1 & 2\\*3\\*4\n"),
    ],
)
def test_lines_become_the_blocks_that_they_look_like(text, expected):
    assert markdown(text) == expected


def test_a_first_line_as_long_as_a_paragraph_is_no_title():
    result = imported("word " * 60 + "\n\nText.", name="warm_towels.txt")

    assert result.title == "Warm towels"
    assert "The text has no title; that of the file stands in for it." in result.report.lines
    assert to_markdown(result.body).startswith("word word")


def test_a_doubled_line_is_taken_for_an_image_and_reported():
    result = imported("A title\n\nA warm towel\nA warm towel\n\nText.")

    assert to_markdown(result.body) == "Text.\n"
    assert "Dropped, captions of images: 2 times: “A warm towel” and “A warm towel”." in result.report.lines


def test_calls_to_action_stay_and_are_pointed_out():
    result = imported(
        "A title\n\nIt works. Book your first appointment today!\n\nContact Dermatitis is red."
        "\n\nContact Ada on Monday."
    )

    assert to_markdown(result.body) == (
        "It works. Book your first appointment today\\!\n\nContact Dermatitis is red.\n\nContact Ada on Monday.\n"
    )
    assert (
        "2 passages ask readers to book or to get in touch, and stayed in the text: "
        "“Book your first appointment today!” and “Contact Ada on Monday.”. Give each its own block."
        in result.report.lines
    )


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Published: 3 April 2019", date(2019, 4, 3)),
        ("Posted on April 3rd, 2019 at 10:15 am", date(2019, 4, 3)),
        ("first published 2019-04-03", date(2019, 4, 3)),
        ("Published: 23/04/2019", date(2019, 4, 23)),
        ("Published: 04/23/2019", date(2019, 4, 23)),
        ("Published: 04.04.2019", date(2019, 4, 4)),
        ("Published: 03/04/2019", None),
        ("Published: 31 February 2019", None),
        ("Published in 2019 by Ada", None),
        ("3 April 2019", None),
    ],
)
def test_a_date_of_publication_is_read_only_when_it_can_be_read_in_one_way(line, day):
    result = imported(f"A title\n\n{line}\n\nText.")

    assert result.originally_published_on == day
    assert ("No date was found." in result.report.lines) == (day is None)


SEED = [
    path
    for above in Path(__file__).parents
    if (path := above / "shared" / "seed" / "acupuncture-for-neck-pain.txt").is_file()
]


@pytest.mark.skipif(not SEED, reason="the seed article (shared/seed) is not beside the repository")
def test_the_seed_article_has_three_dangling_marks_no_source_and_one_date():
    result = read(SEED[0].name, SEED[0].read_bytes(), map_url_prefix="/post/")

    assert result.title == "Acupuncture for Neck Pain"
    assert result.old_paths == ("/post/acupuncture-for-neck-pain",)
    assert result.dangling == ("unresolved-1", "unresolved-2", "unresolved-3")
    assert result.sources == ()
    assert (result.originally_published_on, result.updated_on) == (None, date(2022, 2, 27))
    assert result.authors == ()
    blocks = [block["type"] for block in result.body.dump()["content"]]
    assert (blocks.count("heading"), blocks.count("bulletList"), blocks.count("paragraph")) == (4, 2, 14)
    lines = result.report.lines
    assert "3 citation marks, 0 sources: [1], [2] and [3] have no listed source and stay dangling." in lines
    assert sum("promises sources and none follows" in line for line in lines) == 1
    assert sum(line.startswith("2 passages ask readers to book") for line in lines) == 1
    assert [line.partition(":")[0] for line in lines if line.startswith("Dropped")] == [
        "Dropped, marks of the page's ends",
        "Dropped, lines with a date",
        "Dropped, counters",
        "Dropped, lines that repeat the title",
    ]
