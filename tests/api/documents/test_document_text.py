from api.documents import (
    CareLevel,
    CitedAt,
    CitedItem,
    Image,
    Linked,
    Passage,
    PassageKind,
    Sentence,
    Tabled,
    booking_targets,
    cited,
    entity_ids,
    images,
    links,
    passages,
    tables,
    to_text,
    words,
)
from tests.api.documents.builders import cite, document, entity, leaf, link, node, paragraph, table, text

ARTICLE = document(
    node("heading", "Does it ", text("help", "italic"), "?", level=2),
    paragraph(
        "Perhaps ",
        cite("a"),
        ". It may not last. ",
        cite("b", "c"),
        " Ask ",
        text("us", link("/contact")),
        leaf("hardBreak"),
        "first.",
    ),
    node(
        "bulletList",
        node("listItem", paragraph("rest"), node("orderedList", node("listItem", paragraph("a lot")), start=3)),
        node("listItem", paragraph("heat"), paragraph("and time")),
    ),
    table(["Outcome", "Result"], ["Pain", "Less"]),
    node("careAdvice", paragraph("Call 999 ", cite("a"), "."), level="EMERGENCY", heading="Call 999"),
    node("callout", node("blockquote", paragraph("Quoted.")), tone="tip"),
    leaf("figure", assetId="med_1a", caption="The neck"),
    leaf("callToAction", target="clinic", text="Book now"),
    leaf("horizontalRule"),
)


def test_plain_text_has_every_word_but_no_marks_and_no_calls_to_action():
    assert to_text(ARTICLE) == (
        "Does it help?\n\nPerhaps. It may not last. Ask us\nfirst.\n\n- rest\n  3. a lot\n- heat\n  and time\n\n"
        "Outcome | Result\nPain | Less\n\nImmediate action: Call 999\n\nCall 999.\n\nQuoted.\n\nThe neck"
    )


def test_words_are_counted_with_numbers_and_compounds_as_one_each():
    assert words(document("Well-being fell by 0.05 in 1,200 people; it didn't last.")) == 10


def test_an_empty_document_has_no_text():
    assert to_text(document()) == ""
    assert words(document()) == 0
    assert passages(document()) == ()


def test_every_passage_has_its_place_and_every_sentence_its_keys():
    found = passages(ARTICLE)

    assert [(passage.path, passage.kind.value, passage.text) for passage in found] == [
        ("content[0]", "heading", "Does it help?"),
        ("content[1]", "paragraph", "Perhaps. It may not last. Ask us first."),
        ("content[2].content[0].content[0]", "paragraph", "rest"),
        ("content[2].content[0].content[1].content[0].content[0]", "paragraph", "a lot"),
        ("content[2].content[1].content[0]", "paragraph", "heat"),
        ("content[2].content[1].content[1]", "paragraph", "and time"),
        ("content[3].content[0].content[0].content[0]", "tableHeader", "Outcome"),
        ("content[3].content[0].content[1].content[0]", "tableHeader", "Result"),
        ("content[3].content[1].content[0].content[0]", "tableCell", "Pain"),
        ("content[3].content[1].content[1].content[0]", "tableCell", "Less"),
        ("content[4].attrs.heading", "careHeading", "Immediate action: Call 999"),
        ("content[4].content[0]", "paragraph", "Call 999."),
        ("content[5].content[0].content[0]", "paragraph", "Quoted."),
        ("content[6].attrs.caption", "caption", "The neck"),
        ("content[7].attrs.text", "callToAction", "Book now"),
    ]
    assert found[1] == Passage(
        path="content[1]",
        kind=PassageKind.PARAGRAPH,
        text="Perhaps. It may not last. Ask us first.",
        citations=(CitedAt(7, "a"), CitedAt(25, "b"), CitedAt(25, "c")),
        sentences=(
            Sentence("Perhaps.", ("a",), "content[1]"),
            Sentence("It may not last.", ("b", "c"), "content[1]"),
            Sentence("Ask us first.", (), "content[1]"),
        ),
        within=(),
        heading="Does it help?",
    )
    assert (found[0].level, found[1].level) == (2, None)
    assert found[3].within == ("bulletList", "listItem", "orderedList", "listItem")
    assert [passage.care for passage in found if passage.care] == [CareLevel.EMERGENCY, CareLevel.EMERGENCY]
    assert [passage.text for passage in found if passage.is_quotation] == ["Quoted."]


def test_a_mark_belongs_to_the_sentence_that_it_follows():
    made = document(
        paragraph(cite("first"), "One", cite("one"), ". Two.", cite("two"), "Three ", cite("three"), "goes on.")
    )

    assert [(sentence.text, sentence.keys) for sentence in passages(made)[0].sentences] == [
        ("One.", ("first", "one")),
        ("Two.", ("two",)),
        ("Three goes on.", ("three",)),
    ]


def test_the_cells_of_a_row_share_its_sources():
    row = node(
        "tableRow", node("tableCell", paragraph("Less pain")), node("tableCell", paragraph("14 trials", cite("a")))
    )
    other = node("tableRow", node("tableCell", paragraph("Sleep")), node("tableCell", paragraph("Unknown")))

    assert [passage.sentences[0].keys for passage in passages(document(node("table", row, other)))] == [
        *(("a",), ("a",), (), ()),
    ]


def test_citations_are_listed_in_reading_order_with_their_marks_and_headings():
    assert cited(ARTICLE) == (
        CitedItem("a", None, "cite-a-1", "Does it help?", "content[1]"),
        CitedItem("b", None, "cite-b-1", "Does it help?", "content[1]"),
        CitedItem("c", None, "cite-c-1", "Does it help?", "content[1]"),
        CitedItem("a", None, "cite-a-2", "Immediate action: Call 999", "content[4].content[0]"),
    )
    assert cited(document(paragraph("a", cite("b", locator="p. 4")))) == (
        CitedItem("b", "p. 4", "cite-b-1", None, "content[0]"),
    )


def test_tables_say_whether_they_have_a_header():
    made = document(table(["A"], ["a"]), node("blockquote", table(["a"], header=False)))

    assert tables(made) == (
        Tabled(has_header=True, path="content[0]"),
        Tabled(has_header=False, path="content[1].content[0]"),
    )


def test_pictures_links_entities_and_bookings_are_listed():
    made = document(
        paragraph(
            text("neck ", entity("cnd_1a")),
            text("pain", entity("cnd_1a"), "bold"),
            " or ",
            text("it", entity("cnd_1a")),
        ),
        paragraph(text("a", link("/a")), text("b", link("/b"))),
        leaf("figure", assetId="med_1a"),
        leaf("callToAction", target="prc_1"),
        leaf("callToAction", target="clinic"),
        leaf("callToAction", target="prc_1"),
    )

    assert links(made) == (
        Linked("neck pain", None, "cnd_1a", "content[0]"),
        Linked("it", None, "cnd_1a", "content[0]"),
        Linked("a", "/a", None, "content[1]"),
        Linked("b", "/b", None, "content[1]"),
    )
    assert entity_ids(made) == ("cnd_1a",)
    assert images(made) == (Image("med_1a", None, "content[2]"),)
    assert booking_targets(made) == ("prc_1", "clinic")
