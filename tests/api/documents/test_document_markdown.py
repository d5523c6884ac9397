from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings

from api.documents import Document, InvalidDocument, from_markdown, to_markdown
from api.documents.markdown import lines
from tests.api.documents.builders import (
    DOCUMENTS,
    MARKDOWN,
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

_PATIENT = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def bullets(*items: str, **attrs: object) -> dict[str, object]:
    return node(
        "orderedList" if attrs else "bulletList", *(node("listItem", paragraph(item)) for item in items), **attrs
    )


@_PATIENT
@given(DOCUMENTS)
def test_a_document_survives_the_way_through_json_and_through_markdown(made: Document):
    assert Document.parse(made.dump()) == made
    assert from_markdown(to_markdown(made)) == made


@pytest.mark.soak
@settings(_PATIENT, max_examples=5_000)
@given(DOCUMENTS)
def test_five_thousand_documents_survive_the_way_through_markdown(made: Document):
    assert from_markdown(to_markdown(made)) == made


@_PATIENT
@given(MARKDOWN)
def test_any_text_is_read_or_refused_and_what_is_read_is_stable(markdown: str):
    with suppress(InvalidDocument):
        made = from_markdown(markdown)
        assert from_markdown(to_markdown(made)) == made


@pytest.mark.parametrize(
    "words", ["][", "[", "]", "[]", "[a][b]", "[[a]", "[a]]", "]a[", "[a] and [b]", "[ a ]", "a]["]
)
def test_brackets_survive_wherever_words_stand_behind_colons(words: str):
    made = document(
        leaf("figure", assetId="med_1", caption=words),
        leaf("callToAction", target="clinic", text=words),
        node("careAdvice", paragraph("a"), level="URGENT", heading=words),
    )

    assert from_markdown(to_markdown(made)) == made


def test_marks_survive_even_where_stars_are_never_tried(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lines, "_reads_back", lambda *_: False)

    @_PATIENT
    @given(DOCUMENTS)
    def survives(made: Document):
        assert from_markdown(to_markdown(made)) == made

    survives()


@pytest.mark.parametrize(
    ("markdown", "blocks"),
    [
        ("## Does it *help*?", [node("heading", "Does it ", text("help", "italic"), "?", level=2)]),
        ("a\nb\\\nc", [paragraph("a b", leaf("hardBreak"), "c")]),
        ("**a [@b] c**", [paragraph(text("a ", "bold"), cite("b"), text(" c", "bold"))]),
        ("[@a; @b, p. 4]", [paragraph(leaf("citation", items=[{"key": "a"}, {"key": "b", "locator": "p. 4"}]))]),
        ("[@a chap. 2]", [paragraph(cite("a", locator="chap. 2"))]),
        ("[neck pain](entity:cnd_1a)", [paragraph(text("neck pain", entity("cnd_1a")))]),
        ("[a **b**](/c)", [paragraph(text("a ", link("/c")), text("b", link("/c"), "bold"))]),
        (
            "<https://a.uk> <a@b.uk>",
            [paragraph(text("https://a.uk", link("https://a.uk")), " ", text("a@b.uk", link("mailto:a@b.uk")))],
        ),
        ("H~2~O and 10^-3^", [paragraph("H", text("2", "sub"), "O and 10", text("-3", "sup"))]),
        ("[a *b*]{.bold .code}", [paragraph(text("a ", "bold", "code"), text("b", "bold", "italic", "code"))]),
        ("`a`", [paragraph(text("a", "code"))]),
        ("- a\n- b\n\n* c", [bullets("a", "b"), bullets("c")]),
        ("3. a\n4. b", [bullets("a", "b", start=3)]),
        ("> a\n\n---", [node("blockquote", paragraph("a")), leaf("horizontalRule")]),
        ("| A | B |\n|---|:-:|\n| a \\| b | |", [table(["A", "B"], ["a | b", ""])]),
        ("|  |\n|---|\n| a |", [table(["a"], header=False)]),
        ("::: note\na\n:::", [node("callout", paragraph("a"), tone="note")]),
        (
            "::: urgent See a doctor\na\n:::",
            [node("careAdvice", paragraph("a"), level="URGENT", heading="See a doctor")],
        ),
        ("::: emergency\na\n:::", [node("careAdvice", paragraph("a"), level="EMERGENCY")]),
        ("::: self-care [Rest]\na\n:::", [node("careAdvice", paragraph("a"), level="SELF_CARE", heading="Rest")]),
        ("::: non-urgent\na\n:::", [node("careAdvice", paragraph("a"), level="NON_URGENT")]),
        ("::: figure med_1 [A neck]\n:::", [leaf("figure", assetId="med_1", caption="A neck")]),
        ("::: figure med_1 A [neck]\n:::", [leaf("figure", assetId="med_1", caption="A [neck]")]),
        ("::: call-to-action clinic Book\n:::", [leaf("callToAction", target="clinic", text="Book")]),
        ("::: call-to-action prc_1\n:::", [leaf("callToAction", target="prc_1")]),
    ],
)
def test_markdown_is_read_as_authors_mean_it(markdown: str, blocks: list[dict[str, object]]):
    made = document(*blocks)

    assert from_markdown(markdown) == made
    assert from_markdown(to_markdown(made)) == made


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("<b onclick=x>a</b>", "<b onclick=x>a</b>"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("<!-- a -->", "<!-- a -->"),
        ("<javascript:alert(1)>", "<javascript:alert(1)>"),
        ("~~gone~~", "~~gone~~"),
        ("[a@b.uk] and [3]", "[a@b.uk] and [3]"),
        ("[see @a]", "[see @a]"),
        ("[@a]{.large}", None),
        ("[a]{.large}", "[a]{.large}"),
        ("[^1]: a note", "[^1]: a note"),
        ("    indented", "indented"),
        (":::\na", "::: a"),
        ("2 * 3 * 4 < 5 & 6 > 1", "2 * 3 * 4 < 5 & 6 > 1"),
    ],
)
def test_what_we_do_not_speak_is_text(markdown: str, words: str | None):
    wanted = paragraph(words) if words else paragraph(cite("a"), "{.large}")

    assert from_markdown(markdown) == document(wanted)


@pytest.mark.parametrize(
    ("markdown", "message"),
    [
        ("# Title", "Use 2, 3 or 4 here."),
        ("![a](b.jpg)", "A picture is uploaded first and then placed as a figure by its id."),
        ("[a](javascript:alert(1))", "A link leads to https://, http://, mailto:, tel:, a path that starts with"),
        ("[a](entity:neck-pain)", "Link to an entity by its id, such as cnd_… or trt_…."),
        ("[@Irnich]", "A citation key is lower-case letters, digits, - and _, such as irnich2001."),
        ("::: urgnet\na\n:::", "There is no “::: urgnet”; use one of: note, tip, warning, self-care, non-urgent,"),
        ("::: note Remember\na\n:::", "A “::: note” has no heading: put its words on the next line."),
        ("::: figure med_1\na\n:::", "A figure holds no text: close it with “:::” on the line after it."),
        ("> ::: urgent\n> a\n> :::", "Care advice stands at the top level, not inside another block."),
        ("| A |\n|---|\n| `a|b` |", "Row 2 of a table is longer than its first: write a | inside a cell as \\|."),
        ("[" * 301, "More than 300 brackets open and hold others, or never close: split it."),
        ("[@a] " * 1_501, "A document has at most 1,500 of the signs [ and <: split it."),
        ("*a* " * 1_501, "A document has at most 3,000 of the signs *, _, `, ~ and ^: split it."),
        ("|a|b\n|-|-\n" + "|c|d\n" * 1_500, "The tables of a document have at most 3,000 of the sign |: split it."),
        ("|a|\n|-|\n\n" * 201, "A document has at most 200 tables and lines across: split it."),
        ("- " * 41 + "a", "This is nested deeper than 20 levels: take some out."),
        ("a" * 800_001, "A document holds at most 400 kB of text: split it."),
    ],
)
def test_what_must_not_be_is_refused_with_what_to_do(markdown: str, message: str):
    with pytest.raises(InvalidDocument) as refusal:
        from_markdown(markdown)

    assert refusal.value.message.startswith(message)


@pytest.mark.parametrize(
    ("blocks", "markdown"),
    [
        ([paragraph("5 * 3 [a] _b_")], "5 \\* 3 \\[a\\] \\_b\\_\n"),
        ([paragraph("1. a"), paragraph("- b"), paragraph("::: note")], "1\\. a\n\n\\- b\n\n\\::: note\n"),
        ([paragraph(" a ")], "&#32;a&#32;\n"),
        ([paragraph(text("Note:", "bold"), " rest")], "**Note:** rest\n"),
        ([paragraph(text("Note: ", "bold"), "rest")], "[Note: ]{.bold}rest\n"),
        ([bullets("a", "b"), bullets("c")], "- a\n- b\n\n* c\n"),
        (
            [node("bulletList", node("listItem", paragraph("a"), node("blockquote", paragraph("b"))))],
            "- a\n\n  > b\n",
        ),
        ([table(["A"], ["a|b"])], "| A |\n| --- |\n| a\\|b |\n"),
        ([paragraph(cite("a", "b", locator="p. 4; [x]"))], "[@a, p. 4\\; \\[x\\]; @b, p. 4\\; \\[x\\]]\n"),
        (
            [node("careAdvice", leaf("figure", assetId="med_1", caption="[a]"), level="NON_URGENT", heading="See [b]")],
            ":::: non-urgent See [b]\n::: figure med_1 [[a]]\n:::\n::::\n",
        ),
        ([], ""),
    ],
)
def test_markdown_is_written_as_plainly_as_it_can_be(blocks: list[dict[str, object]], markdown: str):
    made = document(*blocks)

    assert to_markdown(made) == markdown
    assert from_markdown(markdown) == made
