from datetime import date

import pytest
from saved_pages import ARTICLE, article, canonical, ghost, json_ld, page, wix, wordpress

from api.documents import to_markdown
from api.publishing.importing import Format, ImportedArticle, ImportedImage, read

BODY = """\
Most stiff necks ease by themselves. [@unresolved-1] Few need more.

## What helps?

- moving gently
- a warm towel

One small study looked at towels [@unresolved-2; @unresolved-3].
"""


def imported(html: str, **options: str) -> ImportedArticle:
    return read("page.html", html.encode(), **options)


def markdown(body: str) -> str:
    """Return what becomes of this inside the least page."""
    return to_markdown(imported(article(body)).body)


def lines(result: ImportedArticle, start: str) -> list[str]:
    return [line for line in result.report.lines if line.startswith(start)]


def test_a_wix_page_gives_its_article_and_what_it_says_about_itself():
    result = imported(wix(), map_url_prefix="/post/")

    assert to_markdown(result.body) == BODY
    assert result.format is Format.HTML
    assert result.title == "Towels for stiff necks"
    assert result.slug == "towels-for-stiff-necks"
    assert result.old_paths == ("/post/towels-for-stiff-necks",)
    assert result.canonical_url == "https://www.example.org/post/towels-for-stiff-necks"
    assert result.originally_published_on == date(2022, 2, 20)
    assert result.updated_on == date(2022, 2, 27)
    assert result.authors == ("Ada Example",)
    assert result.language == "en-GB"
    assert result.dangling == ("unresolved-1", "unresolved-2", "unresolved-3")
    assert result.report.lines == (
        "3 citation marks, 0 sources: [1], [2] and [3] have no listed source and stay dangling.",
        "Originally published on 20 February 2022.",
        "Updated on 27 February 2022; the date of publication is another.",
        "It stood at /post/towels-for-stiff-necks.",
        (
            "Dropped, parts of the page around the article: 4 times: “Towels for stiff necks Ada Example 2 min read "
            "Updated: Feb 27, 2022”, “top of page”, “Home Blog” and “bottom of page”."
        ),
        "Dropped, counters and likes: 1 time: “53 views 0 comments”.",
        "Dropped, related posts: 1 time: “Recent Posts Cold feet”.",
        "Dropped, comments: 1 time: “Comments Write a comment...”.",
        "Dropped, footers: 1 time: “© 2022 Example Clinic”.",
    )


def test_a_wordpress_page_loses_its_theme_share_bar_related_posts_and_comments():
    result = imported(wordpress())

    assert to_markdown(result.body) == BODY
    assert result.title == "Towels for stiff necks"
    assert result.summary == "What towels do for necks."
    assert result.tags == ("neck", "self-care")
    assert result.authors == ("Bo Sample",)
    assert result.slug == "towels"
    assert result.old_paths == ("/2019/03/towels/",)
    assert result.originally_published_on == date(2019, 3, 4)
    assert result.updated_on == date(2020, 5, 6)
    assert lines(result, "Dropped, share") == ["Dropped, share bars: 1 time: “Share this: Tweet”."]
    assert lines(result, "Dropped, rel") == ["Dropped, related posts: 1 time: “Related Cold feet”."]
    assert lines(result, "Dropped, comm") == ["Dropped, comments: 1 time: “Thank you, it helped my uncle.”."]


def test_a_ghost_page_gives_its_article_and_dates():
    result = imported(ghost())

    assert to_markdown(result.body) == BODY
    assert result.summary == "Warm, simple, cheap."
    assert result.originally_published_on == date(2021, 7, 8)
    assert result.updated_on == date(2021, 7, 9)
    assert result.slug == "towels"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a <b>b</b> <em>c</em> <code>d</code> H<sub>2</sub>O m<sup>2</sup></p>", "a **b** *c* `d` H~2~O m^2^\n"),
        ("<p><span style='font-weight: 700'>b</span> c</p>", "**b** c\n"),
        ("<p><b style='font-weight:normal'>b</b> c</p>", "b c\n"),
        ("<p>one<br>two<br><br>three</p>", "one\\\ntwo\n\nthree\n"),
        ("one<p>two</p>three<div>four</div>five", "one\n\ntwo\n\nthree\n\nfour\n\nfive\n"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n\n  - b\n\n- c\n"),
        ("<ul>stray<li>a</li><ul><li>b</li></ul></ul>", "- stray\n\n- a\n\n- - b\n"),
        ("<ol start='3'><li>a<li>b</ol>", "3. a\n4. b\n"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b\n"),
        ("<p>a</p><hr><p>b</p>", "a\n\n___\n\nb\n"),
        ("<dl><dt>Heat</dt><dd>a towel</dd></dl>", "**Heat**\n\na towel\n"),
        ("<details><summary>Heat</summary><p>a</p></details>", "**Heat**\n\na\n"),
        ("<pre>a\n  b</pre>", "`a`\\\n`b`\n"),
        ("<p>a&nbsp;b&#8203;c&shy;d</p>", "a bcd\n"),
        ("<h2>a<br>b</h2><p>c</p>", "## a b\n\nc\n"),
        ("<p>* not a list</p><p># nor a heading [x](y)</p>", "\\* not a list\n\n\\# nor a heading \\[x\\](y)\n"),
        ("<div class='kg-card kg-callout-card'><div>Note <b>this</b></div></div>", "::: note\nNote **this**\n:::\n"),
    ],
)
def test_markup_becomes_the_blocks_that_it_means(html, expected):
    assert markdown(html) == expected


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://example.com/a b?c=d", "https://example.com/ab?c=d"),
        ("//example.com/x", "https://example.com/x"),
        ("https://old.example/post/cold-feet#top", "/post/cold-feet#top"),
        ("../cold-feet", "/cold-feet"),
        ("mailto:ada@example.com", "mailto:ada@example.com"),
        ("tel:020 7946 0000", "tel:02079460000"),
    ],
)
def test_links_are_kept_and_those_to_the_old_site_become_paths(href, kept):
    head = canonical("https://old.example/post/towels")
    result = imported(article(f'<p>see <a href="{href}">this</a></p>', head=head))

    assert to_markdown(result.body) == f"see [this]({kept})\n"


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "data:text/html,x", "https://user@example.com/", "ftp://example.com", "https://[", "feet"],
)
def test_an_address_that_cannot_be_kept_leaves_its_words_and_a_line_in_the_report(href):
    result = imported(article(f'<p>see <a href="{href}">this</a></p>'))

    assert to_markdown(result.body) == "see this\n"
    assert lines(result, "Dropped, addr") == [
        f"Dropped, addresses of links that cannot be kept: 1 time: “this ({href})”."
    ]


def test_images_are_listed_with_text_caption_and_place_and_not_brought_in():
    head = canonical("https://old.example/post/towels")
    body = (
        '<h2>Heat</h2><figure><img src="data:image/gif;base64,R0" data-src="/media/towel.jpg" alt="A towel">'
        "<figcaption>A warm <b>towel</b></figcaption></figure><p>Text.</p>"
        '<p><img srcset="https://cdn.example/b.jpg 1x, https://cdn.example/c.jpg 2x" alt=""></p>'
        '<img src="/pixel.gif" width="1" height="1"><p>Well <img class="emoji" alt=":)" src="/e.png"></p>'
    )

    result = imported(article(body, head=head))

    assert to_markdown(result.body) == "## Heat\n\nText.\n\nWell :)\n"
    assert result.images == (
        ImportedImage("https://old.example/media/towel.jpg", "A towel", "A warm towel", "Heat"),
        ImportedImage("https://cdn.example/b.jpg", heading="Heat"),
    )
    assert lines(result, "2 images") == [
        (
            "2 images were not brought in, to be uploaded and placed again: "
            "“A towel” (https://old.example/media/towel.jpg) and “” (https://cdn.example/b.jpg)."
        ),
    ]
    assert lines(result, "Dropped, inv") == [
        "Dropped, invisible counting images: 1 time: “https://old.example/pixel.gif”."
    ]


def test_a_table_keeps_its_header_caption_and_spans():
    table = (
        "<table><caption>Sizes</caption><thead><tr><th>Kind</th><th colspan=2>Warm</th></tr></thead>"
        "<tr><th rowspan=2>Big</th><td>yes</td><td><p>one</p><p>two</p></td></tr><tr><td>no</td></tr></table>"
    )

    assert markdown(table) == (
        "Sizes\n\n| Kind | Warm |  |\n| --- | --- | --- |\n| Big | yes | one two |\n|  | no |  |\n"
    )


def test_a_table_without_a_header_is_kept_and_reported():
    result = imported(article("<table><tr><td>a</td><td>b</td></tr></table>"))

    assert to_markdown(result.body) == "|  |  |\n| --- | --- |\n| a | b |\n"
    assert "A table has no header cells: name its columns." in result.report.lines


def test_a_table_that_laid_out_the_page_becomes_running_text():
    result = imported(article("<table><tr><td><h3>Heat</h3><p>a</p></td><td><ul><li>b</li></ul></td></tr></table>"))

    assert to_markdown(result.body) == "## Heat\n\na\n\n- b\n"
    assert "A table that only laid out the page was read as running text." in result.report.lines


def test_scripts_forms_videos_and_buttons_are_dropped_counted_and_quoted():
    body = (
        "<p>Text.</p><script>steal()</script><style>p{}</style><form><input>Your e-mail</form>"
        '<iframe src="https://video.example/1" title="A film"></iframe><noscript><img src="x"></noscript>'
        '<div class="wp-block-buttons"><a href="/book">Book</a></div><p hidden>Secret</p>'
        '<div class="kg-card kg-signup-card">Join us</div>'
    )

    result = imported(article(body))

    assert to_markdown(result.body) == "Text.\n"
    assert lines(result, "Dropped") == [
        "Dropped, scripts and styles: 2 times.",
        "Dropped, forms: 1 time: “Your e-mail”.",
        "Dropped, embedded pages, videos and players: 1 time: “https://video.example/1”.",
        "Dropped, buttons: 1 time: “Book (/book)”.",
        "Dropped, hidden parts: 1 time: “Secret”.",
        "Dropped, subscriptions: 1 time: “Join us”.",
        "Dropped, lines that repeat the title: 1 time: “Towels”.",
    ]


def test_what_is_named_like_furniture_and_holds_the_article_is_the_article():
    assert markdown(f'<div class="social-care related">{ARTICLE}</div>') == BODY


def test_lines_of_the_site_inside_the_article_are_taken_for_what_they_are():
    body = (
        "<p>By Ada Example</p><p>Published: 3 March 2020</p><p>Last updated on 4 May 2021</p><p>3 min read</p>"
        "<p>Last reviewed: 5 June 2021</p><p>Text.</p><ul><li>Facebook</li><li>Share this post</li></ul><p>12 views</p>"
    )

    result = imported(article(body))

    assert to_markdown(result.body) == "Text.\n"
    assert result.authors == ("Ada Example",)
    assert (result.originally_published_on, result.updated_on) == (date(2020, 3, 3), date(2021, 5, 4))
    assert "The text says last reviewed on 5 June 2021: a review counts only once made here." in result.report.lines
    assert lines(result, "Dropped, share") == [
        "Dropped, share and follow lines: 2 times: “Facebook” and “Share this post”."
    ]


def test_the_heading_that_readers_saw_is_the_title_and_another_name_is_reported():
    result = imported(article("<p>Text.</p>", title="Warm towels", head="<title>10 tricks with towels</title>"))

    assert result.title == "Warm towels"
    assert lines(result, "The page is headed") == [
        "The page is headed “Warm towels” and calls itself “10 tricks with towels” elsewhere: the heading was taken."
    ]


def test_without_a_heading_the_page_is_called_what_it_calls_itself():
    assert imported(page("<main><p>Text.</p></main>", head="<title>Towels</title>")).title == "Towels"
    assert imported(page("<main><p>Text.</p></main>")).title == "Page"


def test_a_long_title_is_cut_and_told_in_full():
    result = imported(article("<p>Text.</p>", title="word " * 40))

    assert len(result.title) <= 110
    assert result.title.endswith("word…")
    assert len(lines(result, "The title is longer than 110 characters and was cut; in full: “word word")) == 1


def test_a_date_that_says_nothing_of_itself_is_taken_from_time_and_reported():
    result = imported(article('<time datetime="2020-01-02">2 Jan</time><p>Text.</p>'))

    assert result.originally_published_on == date(2020, 1, 2)
    assert lines(result, "The page does not say") == [
        "The page does not say what its date 2 January 2020 is; as a <time> of the post it was taken."
    ]


def test_an_update_alone_is_no_publication():
    result = imported(article('<time class="updated" datetime="2020-01-02">2 Jan</time><p>Text.</p>'))

    assert (result.originally_published_on, result.updated_on) == (None, date(2020, 1, 2))


@pytest.mark.parametrize(
    "broken", ["{", "[" * 100_000, "null", '{"@type": 3, "@graph": [[]]}', '{"@graph": {"@type": []}}']
)
def test_broken_json_ld_is_passed_over(broken):
    result = imported(article("<p>Text.</p>", head=f'<script type="application/ld+json">{broken}</script>'))

    assert to_markdown(result.body) == "Text.\n"


def test_an_article_is_found_in_json_ld_whatever_stands_before_it():
    items = [
        {"@type": "BreadcrumbList"},
        {"@type": ["Article"], "datePublished": "2020-01-02", "keywords": ["a", 1, "b"]},
    ]

    result = imported(article("<p>Text.</p>", head=json_ld(items)))

    assert result.originally_published_on == date(2020, 1, 2)
    assert result.tags == ("a", "b")


def test_struck_out_words_and_bold_paragraphs_are_pointed_out():
    result = imported(article("<p><b>Who is it for?</b></p><p>It <s>cures</s> helps.</p>"))

    assert to_markdown(result.body) == "**Who is it for?**\n\nIt cures helps.\n"
    assert "Words that were struck out are kept as plain text: “cures”." in result.report.lines
    assert "1 paragraph is bold throughout, as headings are: “Who is it for?”." in result.report.lines


def test_headings_run_from_two_to_four_without_gaps():
    result = imported(article("<h1>A</h1><h3>B</h3><h5>C</h5><h6>D</h6><ul><li><h3>E</h3>x</li></ul><h4></h4>"))

    assert to_markdown(result.body) == "## A\n\n### B\n\n#### C\n\n#### D\n\n- ### E\n\n  x\n"
    assert lines(result, "Heading levels") == [
        (
            "Heading levels shifted: 1 became 2, 5 became 4 and 6 became 4; "
            "an article's headings run from 2 to 4 without gaps."
        ),
    ]
    assert "Dropped, headings without words: 1 time." in result.report.lines
