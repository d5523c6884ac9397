import json

import pytest

from api.documents import Document, InvalidDocument, json_schema
from api.documents.inline import clean
from tests.api.documents.builders import cite, document, entity, leaf, link, node, paragraph, table, text, tree


def refused(value: object) -> tuple[tuple[str | int, ...], str]:
    with pytest.raises(InvalidDocument) as refusal:
        Document.parse(value)
    return refusal.value.path, refusal.value.message


def test_a_document_comes_back_as_it_was_written():
    value = tree(
        {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "Does it help?"}]},
        {
            "type": "paragraph",
            "content": [
                {"type": "text", "text": "Perhaps ", "marks": [{"type": "bold"}]},
                {"type": "citation", "attrs": {"items": [{"key": "irnich2001", "locator": "p. 4"}]}},
            ],
        },
        {"type": "horizontalRule"},
    )

    assert Document.parse(value).dump() == value


def test_an_empty_document_keeps_its_content():
    assert Document.parse({"type": "doc"}).dump() == {"v": 1, "type": "doc", "content": []}


def test_neighbouring_texts_with_equal_marks_become_one():
    made = document(
        paragraph(text("a", "italic", "bold"), text("", "code"), text("b", "bold", "italic", "bold"), text("c"))
    )

    assert made == document(paragraph(text("ab", "bold", "italic"), text("c")))
    assert made.dump()["content"] == [
        {
            "type": "paragraph",
            "content": [
                {"type": "text", "text": "ab", "marks": [{"type": "bold"}, {"type": "italic"}]},
                {"type": "text", "text": "c"},
            ],
        }
    ]


def test_line_ends_become_spaces_and_control_characters_vanish():
    assert document(paragraph("a\r\nb\tc\x00d\ud800e")) == document("a b cde")


def test_line_breaks_at_either_end_of_a_block_are_left_out():
    made = document(paragraph(leaf("hardBreak"), "a", leaf("hardBreak"), "b", leaf("hardBreak")))

    assert made == document(paragraph("a", leaf("hardBreak"), "b"))


def test_what_holds_nothing_is_left_out_but_care_advice_stays():
    made = document(
        paragraph(" \u00a0"),
        node("bulletList", node("listItem", paragraph())),
        node("blockquote"),
        node("callout", tone="note"),
        node("careAdvice", level="URGENT"),
    )

    assert made.dump()["content"] == [{"type": "careAdvice", "attrs": {"level": "URGENT"}}]


def test_marks_that_editors_put_on_citations_and_line_breaks_are_ignored():
    bold = [{"type": "bold"}]

    made = document(paragraph("a", {"type": "hardBreak", "marks": bold}, {**cite("b"), "marks": bold}))

    assert made == document(paragraph("a", leaf("hardBreak"), cite("b")))


def test_a_list_that_starts_at_one_says_nothing_about_it():
    items = node("listItem", paragraph("a"))

    assert document(node("orderedList", items, start=1)) == document(node("orderedList", items))
    assert document(node("orderedList", items, start=0)) != document(node("orderedList", items))


def test_a_header_row_without_a_word_is_no_header():
    assert document(table(["", ""], ["a", "b"])) == document(table(["a", "b"], header=False))


@pytest.mark.parametrize(
    ("block", "path", "message"),
    [
        (node("heading", "x", level=1), ("attrs", "level"), "Use 2, 3 or 4 here."),
        (node("heading", "x"), ("attrs",), "“attrs” is missing: add it."),
        (
            node("heading", "x", leaf("hardBreak"), level=2),
            ("content", 1),
            "A heading or a table cell is one line: take the line break out.",
        ),
        (leaf("image", src="x"), (), "A picture is uploaded first and then placed as a figure by its id."),
        (leaf("codeBlock"), (), "There are no code blocks here: use a paragraph."),
        ({"content": []}, (), "Say what this is: give it a type."),
        (7, (), "Write an object here."),
        ({"type": "paragraph", "content": "x"}, ("content",), "Write a list here."),
        ({"type": "paragraph", "style": "x"}, ("style",), "“style” is not known here: take it out."),
        (paragraph({"type": "text", "text": 1}), ("content", 0, "text"), "Write text here."),
        (
            paragraph(cite("Irnich")),
            ("content", 0, "attrs", "items", 0, "key"),
            "A citation key is lower-case letters, digits, - and _, such as irnich2001. This says “Irnich”.",
        ),
        (paragraph(cite()), ("content", 0, "attrs", "items"), "Put at least 1 here."),
        (
            paragraph(text("x", {"type": "link", "attrs": {"href": "/x", "target": "_blank"}})),
            ("content", 0, "marks", 0, "attrs", "target"),
            "“target” is not known here: take it out.",
        ),
        (
            paragraph(text("x", link("/x"), entity("cnd_1"))),
            ("content", 0, "marks"),
            "A text leads to one place only: keep one of its links.",
        ),
        (
            paragraph(text("x", entity("mbr_1"))),
            ("content", 0, "marks", 0, "attrs", "id"),
            "Link to an entity by its id, such as cnd_… or trt_…. This says “mbr_1”.",
        ),
        (
            leaf("figure", assetId="x"),
            ("attrs", "assetId"),
            "Name an uploaded picture by its id, such as med_…. This says “x”.",
        ),
        (
            leaf("callToAction", target="https://x.uk"),
            ("attrs", "target"),
            "A call to action leads to “clinic” or to a practitioner's id, such as prc_…. This says “https://x.uk”.",
        ),
        (node("callout", "x", tone="loud"), ("attrs", "tone"), "Use 'note', 'tip' or 'warning' here."),
        (
            node("blockquote", node("careAdvice", level="URGENT")),
            ("content", 0),
            "Care advice stands at the top level, not inside another block.",
        ),
        (table(["a", "b"], ["c"]), ("content",), "Give row 2 as many cells as the first."),
        (
            node("table", node("tableRow", node("tableHeader", paragraph("a")), node("tableCell", paragraph("b")))),
            ("content",),
            "Header cells fill the first row, and stand nowhere else.",
        ),
        (node("orderedList", start=True), ("attrs", "start"), "Write a whole number here."),
        (leaf("figure", assetId="med_1", caption="x" * 301), ("attrs", "caption"), "Shorten this to 300 characters."),
    ],
)
def test_a_refusal_names_the_place_and_says_what_to_do(block: object, path: tuple[str | int, ...], message: str):
    found = refused({"type": "doc", "content": [{"type": "horizontalRule"}, block]})

    assert found == (("content", 1, *path), message)


def test_an_unknown_block_is_told_what_may_stand_there():
    _, message = refused(tree(leaf("video")))

    assert message.startswith("“video” cannot stand here; use one of: heading, paragraph, bulletList,")


def test_all_problems_are_told_at_once():
    with pytest.raises(InvalidDocument) as refusal:
        Document.parse(tree(node("heading", "x", level=9), leaf("figure", assetId="x")))

    assert [problem.path for problem in refusal.value.problems] == [
        ("content", 0, "attrs", "level"),
        ("content", 1, "attrs", "assetId"),
    ]


@pytest.mark.parametrize(
    "href",
    [
        *("https://www.nhs.uk/conditions/?a=1&b=(2)#c", "http://a.uk", "http://a.uk:8080/", "mailto:a@b.uk"),
        *("tel:+442012345678", "/", "/articles/x", "#does-it-help", "https://bücher.example/é"),
    ],
)
def test_an_address_of_a_known_kind_is_kept(href: str):
    made = document(paragraph(text("x", link(href))))

    assert made.dump()["content"][0]["content"][0]["marks"] == [link(href)]


@pytest.mark.parametrize(
    "href",
    [
        *("javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", " javascript:alert(1)"),
        *("data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://a.uk", "blob:https://a.uk/x"),
        *("//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example", "https://", "https:///x"),
        *("https://www.nhs.uk@evil.example/", "articles/x", "www.nhs.uk", "", "#", "mailto:", "tel:"),
        *(
            'https://a.uk/"onclick="x',
            "https://a.uk/<b>",
            "https://a.uk/ x",
            "https://a.uk/\u202f",
            "https://a.uk/\x00",
        ),
    ],
)
def test_any_other_address_is_refused(href: str):
    path, message = refused(tree(paragraph(text("x", link(href)))))

    assert path == ("content", 0, "content", 0, "marks", 0, "attrs", "href")
    assert message.startswith("A link leads to https://, http://, mailto:, tel:,")
    assert message.endswith("on this page. This says “" + clean(href)[:60] + "”.")


def test_deep_nesting_is_refused_however_deep():
    deep: dict[str, object] = {"type": "doc", "content": []}
    inner = deep
    for _ in range(100_000):
        child: dict[str, object] = {"type": "blockquote", "content": []}
        inner["content"] = [child]
        inner = child

    path, message = refused(deep)

    assert len(path) == 42
    assert message == "This is nested deeper than 20 levels: take some out."


def test_too_many_parts_are_refused():
    assert refused(tree(*[leaf("horizontalRule")] * 20_000))[1] == "A document has at most 20,000 parts: split it."


def test_too_much_text_is_refused_wherever_it_stands():
    message = "A document holds at most 400 kB of text: split it."

    assert refused(tree("é" * 200_001))[1] == message
    assert refused(tree(paragraph(cite(*["a" * 100] * 4001))))[1] == message


@pytest.mark.parametrize("value", [None, 7, "x", [], {"type": "document"}, {"type": "doc", "v": 2}])
def test_what_is_no_document_at_all_is_refused(value: object):
    refused(value)


def test_the_schema_for_other_programs_is_plain_json_and_names_every_block():
    schema = json_schema()

    assert json.loads(json.dumps(schema)) == schema
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    blocks = schema["properties"]["content"]["items"]["discriminator"]["mapping"]
    assert len(blocks) == 11
