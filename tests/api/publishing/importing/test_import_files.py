import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from saved_pages import article, wix

from api.documents import Document, to_markdown
from api.errors import Refused
from api.publishing.importing import Format, Unreadable, read
from api.publishing.importing.wording import slugify


def test_a_mark_at_the_start_of_utf_8_is_no_part_of_the_title():
    assert read("a.txt", b"\xef\xbb\xbfTitle\r\n\r\nText.").title == "Title"


def test_what_is_not_utf_8_is_read_as_windows_1252_and_said():
    result = read("a.txt", "Title\n\nAda\u2019s caf\u00e9.".encode("windows-1252"))

    assert to_markdown(result.body) == "Ada\u2019s caf\u00e9.\n"
    assert result.report.lines[0] == (
        "The file is not UTF-8; it was read as windows-1252: check quotation marks and accents."
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty: leave it out."),
        (b" \r\n\t", "This file is empty: leave it out."),
        (b"\xef\xbb\xbf", "This file is empty: leave it out."),
        (b"text\x00text", "This file is not text: save the article as text, Markdown or a web page."),
        (b"a\x01\x02\x03b", "This file is not text: save the article as text, Markdown or a web page."),
        (b"\x81\x8d\x8f", "This file is neither UTF-8 nor windows-1252 text: save it as UTF-8."),
        ("Text".encode("utf-16"), "This file is written in UTF-16: save it as UTF-8."),
        (b"%PDF-1.7", "This is a PDF: copy its text into a plain text file, or import the web page."),
        (b"PK\x03\x04", "This is a Word document or an archive: save it as a web page or as plain text."),
        (b"{\\rtf1", "This is a rich text document: save it as a web page or as plain text."),
        (b"\x89PNG\r\n", "This is an image: bring in the text that it belongs to."),
        (b"x" * 2_000_001, "This file is larger than 2 MB: save the article alone, without the site."),
        (
            b"<?xml version='1.0'?>\n<rss version='2.0'><channel/></rss>",
            "This is a feed or an export of a whole site: save each article as a page of its own.",
        ),
        (
            b"From: <Saved by a browser>\nMIME-Version: 1.0\n",
            "This is a web archive (MHTML): save each article as a page of its own.",
        ),
        (b'{"db": [{"data": {}}]}', "This is an export of a whole site: save each article as a page of its own."),
        (
            b"top of page\n\nbottom of page",
            "This file holds no text of an article: leave it out, or save the page with its text.",
        ),
        (b"Only a title", "This file holds no text of an article: leave it out, or save the page with its text."),
    ],
)
def test_what_holds_no_article_is_refused_with_a_plain_sentence(data, sentence):
    with pytest.raises(Unreadable) as refusal:
        read("a.txt", data)

    assert refusal.value.message == sentence
    assert isinstance(refusal.value, Refused)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.html", wix(), Format.HTML),
        ("a.HTM", "<p>x y", Format.HTML),
        ("a.html", "Words\n\nalone", Format.PLAIN),
        ("a.md", "Words\n\nalone", Format.MARKDOWN),
        ("a.md", wix(), Format.HTML),
        ("a.txt", wix(), Format.HTML),
        ("a.txt", "Words\n\nalone with a [link](https://example.com)", Format.PLAIN),
        ("a.txt", "# Words\n\nalone", Format.MARKDOWN),
        ("a", "<div>Words</div>", Format.HTML),
        ("a", "<!-- saved -->\n<HTML><body>Words", Format.HTML),
        ("a", "Words with a [link](https://example.com)", Format.MARKDOWN),
        ("a", "---\ntitle: A\n---\nWords", Format.MARKDOWN),
        ("", "Words\n\nalone", Format.PLAIN),
        ("a.docx", "Words\n\nalone", Format.PLAIN),
    ],
)
def test_the_format_is_told_by_the_name_unless_the_content_says_otherwise(name, text, kind):
    assert read(name, text.encode()).format is kind


def test_a_wrong_name_is_said():
    assert (
        "The file is called .txt and was read as a web page, which it is." in read("a.txt", wix().encode()).report.lines
    )


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Towels for Stiff Necks!", "towels-for-stiff-necks"),
        ("Don\u2019t panic: \u201cCaf\u00e9\u201d & Stra\u00dfe", "dont-panic-cafe-and-strasse"),
        ("  --  ", ""),
        ("\u4e2d\u6587", ""),
        ("word " * 40, "-".join(["word"] * 16)),
        ("x" * 200, "x" * 80),
    ],
)
def test_a_slug_is_ascii_words_with_hyphens(text, slug):
    assert slugify(text) == slug


@pytest.mark.parametrize(
    ("address", "prefix", "slug", "path"),
    [
        ("https://e.org/post/warm-towels", "/post/", "warm-towels", "/post/warm-towels"),
        ("https://e.org/2019/03/04/warm-towels/", "", "warm-towels", "/2019/03/04/warm-towels/"),
        ("https://e.org/warm_towels.html?utm=1#x", "", "warm-towels", "/warm_towels.html"),
        ("https://e.org/post/caf%C3%A9", "", "cafe", "/post/caf%C3%A9"),
        ("https://e.org/blog/2019/03/", "", "towels", "/blog/2019/03/"),
    ],
)
def test_slug_and_old_path_follow_from_the_address(address, prefix, slug, path):
    html = article("<p>Text.</p>", head=f'<link rel="canonical" href="{address}">')

    result = read("a.html", html.encode(), map_url_prefix=prefix)

    assert (result.slug, result.old_paths) == (slug, (path,))


def test_without_an_address_or_prefix_nothing_is_redirected_and_that_is_said():
    result = read("a.html", article("<p>Text.</p>", head='<link rel="canonical" href="https://e.org/?p=7">').encode())

    assert result.old_paths == ()
    assert result.slug == "towels"
    assert "The text does not tell its old address: nothing will lead from there to here." in result.report.lines
    assert "The old address https://e.org/?p=7 has a query, which a redirect does not look at." in result.report.lines


def test_fifty_thousand_blocks_within_blocks_are_refused_and_as_neighbours_read():
    with pytest.raises(Unreadable, match="nests its elements too deeply"):
        read("a.html", ("<div>" * 50_000 + "Text.").encode())

    assert to_markdown(read("a.html", ("<div></div>" * 50_000 + "<p>Text.").encode()).body) == "Text.\n"
    assert to_markdown(read("a.html", ("<div>" * 1500 + "Text.").encode()).body) == "Text.\n"


def test_more_than_a_document_holds_is_refused():
    for name, text, sentence in (
        ("a.html", "<p>word</p>" * 15_000, "A document has at most 20,000 parts: split it."),
        ("a.html", "<p>word</p>" * 50_000, "This page has more than 40,000 parts: split it."),
        ("a.html", "<p>word</p>" * 120_000, "This page has more than 100,000 elements: save the article alone."),
        ("a.html", f"<p>{'word ' * 100_000}", "A document holds at most 400 kB of text: split it."),
        ("a.html", f"<p>{'word ' * 200_000}", "This page is longer than an article can be (600 kB): split it."),
        ("a.md", "word " * 200_000, "This text is longer than an article can be (600 kB): split it."),
        ("a.md", "[1]" * 30_000, "This text has more than 20,000 citation marks: split it."),
    ):
        with pytest.raises(Refused) as refusal:
            read(name, text.encode())
        assert refusal.value.message == sentence


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script><p onclick='x()'>Text.</p>",
        "<p>Text.</p><img src=x onerror=alert(1)><svg><script>x</script></svg><math><mi>x</mi></math>",
        "<p>Text.</p><a href='java\nscript:alert(1)'></a><style>@import 'x'</style><base href='https://evil.example/'>",
        '<!DOCTYPE html><!ENTITY a "aaa"><!ENTITY b "&a;&a;"><p>Text.</p>',
        '<!DOCTYPE html SYSTEM "file:///etc/passwd"><p>Text.</p>',
        "<?php system('x') ?><p>Text.</p><!-- <p>hidden</p> -->",
        "<p>Text.&#0;&#xD800;&#xFFFF;&#1;</p>",
        "<template><p>no</p></template><noscript>no</noscript><p>Text.</p><iframe srcdoc='<p>no</p>'></iframe>",
    ],
)
def test_hostile_markup_leaves_words_only(hostile):
    written = to_markdown(read("a.html", hostile.encode()).body)

    assert written.replace("\ufffd", "") == "Text.\n"


TAGS = (
    "p div span ul ol li table tr td th b a h1 h3 h6 blockquote pre br hr img figure figcaption caption sup dl nav form"
)
pieces = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS.split()] + [f"</{tag}>" for tag in TAGS.split()]),
    st.sampled_from(
        ['<a href="#x">1</a>', "[1]", "<sup>2</sup>", "<h2>References</h2>", '<ol class="footnotes">', "word"]
    ),
    st.sampled_from(
        ["<td colspan=9 rowspan=99>", "<ol start=99999999999>", "Updated: 1 May 2020", "3 views", "&nbsp;", "\n"]
    ),
    st.sampled_from(
        ["<a href='https://[x'>", "<a href='//a:b/'>", "<img src='http://[' srcset=,>", "::: urgent\n", "[@a; @b]"]
    ),
    st.text(max_size=12),
)
line_starts = ["# A", "A title", "• item", "- item", "  more", "1. one", "2. two", "[1] Source 2001", "Sources:", "***"]
site_lines = [
    "top of page",
    "Published: 1 May 2020",
    "By Ada Example",
    "Text. [1, 2-3]",
    "===",
    "---",
    "title: x",
    "| a |",
]
lines = st.sampled_from(["", "", "> q", "```", *line_starts, *site_lines])


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(pieces, max_size=40).map("".join), st.sampled_from(["a.html", "a.md", "a.txt", ""]))
@example("<ul><td>x<table>y<li>z", "a.html")
@example("<h2><h2><caption><figcaption>x<table><caption>y<li>z", "a.html")
def test_any_soup_of_tags_is_an_article_or_refused(soup: str, name: str):
    assert_article_or_refused(name, soup.encode(errors="replace"))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(lines, max_size=30).map("\n".join), st.sampled_from(["a.html", "a.md", "a.txt", ""]))
def test_any_order_of_lines_is_an_article_or_refused(text: str, name: str):
    assert_article_or_refused(name, text.encode())


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode(errors="surrogatepass")),
    st.text(max_size=12),
)
def test_any_bytes_under_any_name_are_an_article_or_refused(data: bytes, name: str):
    assert_article_or_refused(name, data)


def assert_article_or_refused(name: str, data: bytes) -> None:
    try:
        result = read(name, data, map_url_prefix="/post/")
    except Refused:
        return
    assert Document.parse(result.body.dump()) == result.body
    assert 1 <= len(result.title) <= 110
    assert result.slug
    assert result.report.lines
    str(result).encode()
