import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings

from api.documents import Booking, Document, Label, Picture, RenderContext, cited, from_markdown, render
from api.documents.rendering import tags
from tests.api.documents.builders import (
    DOCUMENTS,
    cite,
    document,
    entity,
    leaf,
    link,
    node,
    paragraph,
    table,
    text,
)

LABELS = {
    "irnich2001": Label(1, "Irnich 2001"),
    "fu2009": Label(2, "Fu et al. 2009"),
    "x": Label(3, "", resolved=False),
}
CONTEXT = RenderContext(
    labels=LABELS,
    addresses={"cnd_1a": "/conditions/neck-pain"},
    pictures={
        "med_1a": Picture(
            "/media/a-800.webp",
            800,
            450,
            "A neck",
            caption="Own",
            credit="Ann",
            srcset="/media/a-400.webp 400w, /media/a-800.webp 800w",
        ),
        "med_2b": Picture("https://cdn.example/b.webp", 10, 10, None),
    },
    bookings={
        "clinic": Booking("Book a visit", "/contact"),
        "prc_3c": Booking("Book with Ann", "https://book.example/"),
    },
)
COPY = RenderContext(
    labels=LABELS,
    addresses=CONTEXT.addresses,
    pictures=CONTEXT.pictures,
    bookings=CONTEXT.bookings,
    id_prefix="meridian-",
    absolute="https://clinic.example",
    calls_to_action=False,
)


def html(*blocks: dict[str, object] | str, context: RenderContext = CONTEXT) -> str:
    return render(document(*blocks), context).html


def test_a_citation_is_a_numbered_mark_that_names_its_source():
    assert html(paragraph("Less pain", cite("irnich2001"), ".")) == (
        '<p>Less pain<sup class="cite"><a id="cite-irnich2001-1" href="#ref-irnich2001" role="doc-noteref" '
        'aria-label="Reference 1, Irnich 2001">1</a></sup>.</p>'
    )


def test_a_citation_without_a_source_leads_nowhere_and_says_so():
    assert html(paragraph("Pain", cite("x"))) == (
        '<p>Pain<sup class="cite cite-unresolved"><a id="cite-x-1" role="doc-noteref" '
        'aria-label="Reference 3, source missing">3</a></sup></p>'
    )


def test_a_key_that_nobody_labelled_counts_on():
    rendered = render(document(paragraph("a", cite("new", "irnich2001", "newer", "new"))), CONTEXT)

    assert rendered.blocks[0].citation_numbers == (4, 1, 5)
    assert rendered.marks == {
        "new": ("cite-new-1", "cite-new-2"),
        "irnich2001": ("cite-irnich2001-1",),
        "newer": ("cite-newer-1",),
    }


def test_several_sources_in_one_citation_are_told_apart_with_their_locators():
    written = html(paragraph("a", cite("irnich2001", "fu2009", locator="p. 4")))

    assert written.count('<sup class="cite-comma">, </sup>') == 1
    assert 'aria-label="Reference 2, Fu et al. 2009, p. 4"' in written


def test_blocks_know_the_numbers_that_they_cite_each_once():
    rendered = render(
        document(
            "a", paragraph("b", cite("fu2009"), "c", cite("irnich2001"), "d", cite("fu2009")), paragraph(cite("x"))
        ),
        CONTEXT,
    )

    assert [block.citation_numbers for block in rendered.blocks] == [(), (2, 1), (3,)]
    assert "\n".join(block.html for block in rendered.blocks) == rendered.html


def test_headings_get_ids_from_their_words_each_once():
    rendered = render(
        document(
            *(
                node("heading", words, level=2)
                for words in ("Does it “help”?", "Does it help", "頭痛", "Ref a", "Café", "Café-2", "Café")
            )
        ),
        CONTEXT,
    )

    assert [entry.id for entry in rendered.toc] == [
        *("does-it-help", "does-it-help-2", "section", "section-ref-a", "cafe", "cafe-2", "cafe-3"),
    ]
    assert '<h2 id="cafe-2">Café-2</h2>' in rendered.html


def test_the_table_of_contents_lists_headings_at_the_top_level_in_plain_words():
    rendered = render(
        document(
            node("heading", "What ", text("we", "bold"), " know", cite("x"), level=2),
            node("blockquote", node("heading", "Quoted", level=3)),
            node("heading", "More", level=3),
        ),
        CONTEXT,
    )

    assert [(entry.level, entry.text) for entry in rendered.toc] == [(2, "What we know"), (3, "More")]


def test_marks_nest_so_that_a_link_stays_one_link():
    assert html(paragraph(text("a ", link("/x")), text("b", link("/x"), "bold", "italic"), text(" c", link("/x")))) == (
        '<p><a href="/x">a <strong><em>b</em></strong> c</a></p>'
    )


def test_every_inline_mark_has_its_element():
    assert html(paragraph(text("a", "sub"), text("b", "sup"), text("c", "code"), leaf("hardBreak"), "d")) == (
        "<p><sub>a</sub><sup>b</sup><code>c</code><br>d</p>"
    )


def test_links_to_other_sites_give_them_no_handle_on_ours():
    assert html(paragraph(text("a", link("https://a.uk/?b=1&c=2")))) == (
        '<p><a href="https://a.uk/?b=1&amp;c=2" rel="noopener">a</a></p>'
    )
    assert html(paragraph(text("a", link("tel:111")))) == '<p><a href="tel:111">a</a></p>'


def test_an_entity_link_carries_its_address_and_without_one_only_its_words():
    assert (
        html(paragraph(text("neck pain", entity("cnd_1a")))) == '<p><a href="/conditions/neck-pain">neck pain</a></p>'
    )
    assert html(paragraph(text("back pain", entity("cnd_2")))) == "<p>back pain</p>"


def test_a_copy_elsewhere_has_prefixed_ids_and_absolute_addresses():
    written = html(
        node("heading", "A", level=2),
        paragraph(text("b", entity("cnd_1a")), text("c", link("#a")), text("d", link("/e")), cite("fu2009")),
        leaf("figure", assetId="med_1a"),
        context=COPY,
    )

    assert '<h2 id="meridian-a">' in written
    assert 'href="https://clinic.example/conditions/neck-pain"' in written
    assert 'href="#meridian-a"' in written
    assert 'href="https://clinic.example/e"' in written
    assert 'id="meridian-cite-fu2009-1" href="#meridian-ref-fu2009"' in written
    assert 'src="https://clinic.example/media/a-800.webp"' in written
    assert (
        'srcset="https://clinic.example/media/a-400.webp 400w, https://clinic.example/media/a-800.webp 800w"' in written
    )


def test_lists_of_single_paragraphs_are_written_close_together():
    inner = node("bulletList", node("listItem", paragraph("b")))

    assert html(node("bulletList", node("listItem", paragraph("a"), inner))) == "<ul><li>a<ul><li>b</li></ul></li></ul>"
    assert html(node("orderedList", node("listItem", paragraph("a"), paragraph("b")), start=3)) == (
        '<ol start="3"><li><p>a</p><p>b</p></li></ol>'
    )


def test_a_table_scrolls_in_a_region_with_a_name_of_its_own():
    assert html(table(["Outcome", "Certainty"], ["Pain", "Low"]), table(["a"], header=False)) == (
        '<div class="table" role="region" tabindex="0" aria-label="Table 1: Outcome, Certainty"><table><thead><tr>'
        '<th scope="col">Outcome</th><th scope="col">Certainty</th></tr></thead><tbody><tr><td>Pain</td><td>Low</td>'
        '</tr></tbody></table></div>\n<div class="table" role="region" tabindex="0" aria-label="Table 2"><table><tbody>'
        "<tr><td>a</td></tr></tbody></table></div>"
    )


def test_a_callout_says_what_it_is():
    assert html(node("callout", paragraph("a"), tone="warning")) == (
        '<div class="callout callout-warning" role="note"><p class="callout-label">Warning</p><p>a</p></div>'
    )


def test_care_advice_says_in_words_how_soon_to_act_and_its_numbers_can_be_called():
    assert html(
        node("heading", "Help", level=2),
        node("careAdvice", paragraph("Call 999, or 111 at night."), level="EMERGENCY", heading="Call 999 now if you"),
    ) == (
        '<h2 id="help">Help</h2>\n<section id="care-emergency" class="care care-emergency" '
        'aria-labelledby="care-emergency-heading"><h3 id="care-emergency-heading">Immediate action: Call '
        '<a href="tel:999">999</a> now if you</h3><p>Call <a href="tel:999">999</a>, or '
        '<a href="tel:111">111</a> at night.</p></section>'
    )


@pytest.mark.parametrize(
    ("level", "heading", "words"),
    [
        ("EMERGENCY", None, "Immediate action: get emergency help now"),
        ("URGENT", None, "Urgent advice: get medical help today"),
        ("NON_URGENT", "See a doctor", "Non-urgent advice: See a doctor"),
        ("SELF_CARE", None, "Self-care: what you can do yourself"),
        ("URGENT", "Urgent advice: see a doctor", "Urgent advice: see a doctor"),
    ],
)
def test_care_advice_has_a_heading_whoever_wrote_it(level: str, heading: str | None, words: str):
    assert f">{words}</h2>" in html(node("careAdvice", paragraph("a"), level=level, heading=heading))


@pytest.mark.parametrize("words", ["£999", "1,999", "999.50", "111 %", "111%", "A111", "111-222", "3.111", "+44 1119"])
def test_numbers_that_are_no_helpline_stay_as_they_are(words: str):
    assert "tel:" not in html(node("careAdvice", paragraph(words), level="URGENT"))


def test_outside_care_advice_and_inside_links_numbers_stay_as_they_are():
    assert "tel:" not in html("Call 999")
    assert html(node("careAdvice", paragraph(text("call 999", link("tel:999"))), level="URGENT")).count("tel:") == 1


def test_two_pieces_of_urgent_advice_have_different_ids():
    care = node("careAdvice", paragraph("a"), level="URGENT")

    assert re.findall(r'section id="([^"]+)"', html(care, care)) == ["care-urgent", "care-urgent-2"]


def test_a_figure_has_its_size_its_words_and_its_credit():
    assert html(leaf("figure", assetId="med_1a", caption="The neck")) == (
        '<figure><img src="/media/a-800.webp" srcset="/media/a-400.webp 400w, /media/a-800.webp 800w" '
        'sizes="(min-width: 45em) 42rem, 100vw" width="800" height="450" alt="A neck" loading="lazy" decoding="async">'
        '<figcaption>The neck <small class="credit">Ann</small></figcaption></figure>'
    )
    assert '<img src="https://cdn.example/b.webp" width="10" height="10" alt=""' in html(
        leaf("figure", assetId="med_2b")
    )


def test_a_picture_that_is_not_there_leaves_an_empty_block():
    rendered = render(document("a", leaf("figure", assetId="med_9"), "b"), CONTEXT)

    assert [block.html for block in rendered.blocks] == ["<p>a</p>", "", "<p>b</p>"]
    assert rendered.html == "<p>a</p>\n<p>b</p>"


def test_a_call_to_action_is_a_block_of_its_own_and_can_be_left_out():
    calls = (leaf("callToAction", target="clinic"), leaf("callToAction", target="prc_3c", text="See Ann"))

    assert html(*calls) == (
        '<p class="call-to-action"><a class="button" href="/contact">Book a visit</a></p>\n'
        '<p class="call-to-action"><a class="button" href="https://book.example/" rel="noopener">See Ann</a></p>'
    )
    assert html(*calls, context=COPY) == ""
    assert html(leaf("callToAction", target="prc_9")) == ""


NASTY = [
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<svg/onload=alert(1)>", "<!--", "]]>"),
    *("&lt;script&gt;", "&#x3c;script&#x3e;", "javascript:alert(1)", "' onmouseover='alert(1)", "</p><iframe src=//x>"),
    *(
        '" onfocus="alert(1)" autofocus="',
        "<a href=javascript:x>y</a>",
        "\u202e<b>",
        "<math><mtext></p>",
        "`${alert(1)}`",
    ),
    *("<style>*{x:expression(alert(1))}</style>", "<base href=//x>", "<form action=//x>", "{{7*7}}", "\x00<b>"),
]


@pytest.mark.parametrize("payload", NASTY)
def test_nothing_that_is_written_anywhere_becomes_markup(payload: str):
    context = RenderContext(
        labels={"a": Label(1, payload)},
        addresses={"cnd_1a": payload},
        pictures={"med_1a": Picture("/a.webp", 1, 1, payload, caption=payload, credit=payload, srcset=payload)},
        bookings={"clinic": Booking(payload, "/contact"), "prc_3c": Booking("x", payload)},
    )
    written = html(
        node("heading", payload, level=2),
        paragraph(payload, text(payload, "bold"), text(payload, "code"), cite("a", "b", locator=payload)),
        paragraph(text(payload, entity("cnd_1a"))),
        table([payload], [payload]),
        node("careAdvice", paragraph(payload), level="URGENT", heading=payload),
        leaf("figure", assetId="med_1a", caption=payload),
        leaf("callToAction", target="clinic", text=payload),
        leaf("callToAction", target="prc_3c"),
        context=context,
    )

    assert_well_formed(written)
    assert "alert" not in "".join(attributes_that_act(written))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DOCUMENTS)
def test_every_document_becomes_well_formed_html_with_unique_ids(made: Document):
    rendered = render(made, CONTEXT)

    assert_well_formed(rendered.html)
    assert [mark.mark_id for mark in cited(made)] == marks_in(rendered.html)
    assert len(rendered.blocks) == len(made.content)


class _Reader(HTMLParser):
    """Reads what a browser would: elements with their attributes, each closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in {"br", "hr", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)


def read(written: str) -> _Reader:
    reader = _Reader()
    reader.feed(written)
    reader.close()
    return reader


def assert_well_formed(written: str) -> None:
    reader = read(written)
    ids = [attributes["id"] for _, attributes in reader.seen if "id" in attributes]
    assert reader.open == []
    assert len(ids) == len(set(ids))
    for tag, attributes in reader.seen:
        assert attributes.keys() <= tags._ALLOWED[tag]


def attributes_that_act(written: str) -> list[str]:
    return [
        f"{name}={value}"
        for _, attributes in read(written).seen
        for name, value in attributes.items()
        if name.startswith("on") or name in {"href", "src", "style"}
    ]


def marks_in(written: str) -> list[str]:
    return [str(attributes["id"]) for _, attributes in read(written).seen if attributes.get("role") == "doc-noteref"]


def test_the_writer_refuses_what_is_not_on_its_list():
    with pytest.raises(KeyError):
        tags.element("script")
    with pytest.raises(KeyError):
        tags.element("p", onclick="x")


def test_rendering_takes_time_in_proportion_to_the_text():
    sentence = "Neck pain is **common** [@irnich2001] and *may* ease [after treatment](/treatments/acupuncture). "
    context = RenderContext(labels=LABELS)
    of_200, of_2000 = (from_markdown(("## Part\n\n" + sentence * 18 + "\n\n") * parts) for parts in (1, 12))

    small, large = (min(_seconds(made, context) for _ in range(7)) for made in (of_200, of_2000))
    assert large < 3 * 12 * small


def _seconds(made: Document, context: RenderContext) -> float:
    start = time.process_time()
    for _ in range(5):
        render(made, context)
    return time.process_time() - start
