"""ADV, ACC, RDB and LNK: where things stand, and whether everybody can use and read them."""

from dataclasses import replace

import pytest
from drafts import ACUPUNCTURE, AUTHOR, NECK_PAIN, draft, found, paths, source

from api import gate
from api.documents import Document, from_markdown

CALLS = (
    "Call 020 7946 0321 to book.",
    "Contact the clinic today to arrange a consultation.",
    "Why not book a session?",
    "Come and see us for a free consultation.",
    "Click here to book online.",
    "To book, call us today.",
    "Visit Alder Row today and feel the difference.",
    "Book now!",
    "Book your appointment today.",
    "Sore again? Book a massage appointment.",
    "If you live nearby, contact Wilma at Example Clinic.",
    "It is high time to contact us about your back.",
    "Get in touch with us.",
    "Call us on 020 7946 0321.",
    "Contact us for more.",
    "Visit our clinic today.",
    "Please book a free consultation.",
    "Experience the power of massage at our practice today.",
    "Pick up the phone and book your session today.",
    "Places are limited.",
    "Sign up now.",
)


@pytest.mark.parametrize("sentence", CALLS)
def test_a_call_to_action_in_running_text_blocks(sentence: str) -> None:
    [finding] = found("ADV-001", draft(sentence))

    assert (finding.severity, finding.is_waivable, finding.path) == ("BLOCK", False, "body.content[0]")


def test_a_call_to_action_in_its_own_block_is_silent() -> None:
    assert found("ADV-001", draft("::: call-to-action clinic Book your appointment today!\n:::")) == []


def test_a_call_in_a_heading_or_a_list_blocks_too() -> None:
    assert paths("ADV-001", draft("## Book now\n\n- Call us today")) == [
        "body.content[0]",
        "body.content[1].content[0].content[0]",
    ]


def test_care_advice_may_say_whom_to_call() -> None:
    assert found("ADV-001", draft("::: urgent\n- call us today\n:::")) == []


@pytest.mark.parametrize(
    ("picture", "blocks"),
    [
        (gate.Picture(), True),
        (gate.Picture(alt="  "), True),
        (gate.Picture(alt="A made-up title"), True),
        (gate.Picture(alt="a made up TITLE."), True),
        (gate.Picture(alt="neck-pain-01.jpg"), True),
        (gate.Picture(alt="Neck pain 01", file_name="neck-pain-01.jpg"), True),
        (gate.Picture(alt="IMG_2041"), True),
        (gate.Picture(decorative=True), False),
        (gate.Picture(alt="Two bars; the right one is shorter.", file_name="bars.png"), False),
    ],
)
def test_a_picture_needs_words_of_its_own(picture: gate.Picture, *, blocks: bool) -> None:
    pictures = {"med_1": picture}

    assert paths("ACC-001", draft("::: figure med_1\n:::", pictures=pictures)) == ["body.content[0]"] * blocks
    assert paths("ACC-001", draft(pictures=pictures, hero_image="med_1")) == ["heroImage"] * blocks


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ("## One\n\n#### Two", ["body.content[1]"]),
        ("### One", ["body.content[0]"]),
        ("## One\n\n### Two\n\n## Three", []),
        ("## One\n\nWords.\n\n## one!", ["body.content[2]"]),
        ("## A made-up title", ["body.content[0]"]),
        ("[here](https://example.org)", ["body.content[0]"]),
        ("[Click here](https://example.org)", ["body.content[0]"]),
        ("[read more](https://example.org)", ["body.content[0]"]),
        ("[https://example.org/x](https://example.org/x)", ["body.content[0]"]),
        ("[www.example.org](https://www.example.org)", ["body.content[0]"]),
        ("[example.org/a/page](https://example.org/a/page)", ["body.content[0]"]),
        ("[the trial's own page](https://example.org)", []),
        ("[the **here** and now](https://example.org)", []),
        ("| One | Two |\n| --- | --- |\n| a | b |", []),
    ],
)
def test_the_structure_carries(body: str, at: list[str]) -> None:
    assert paths("ACC-002", draft(body)) == at


def test_a_table_without_a_header_blocks() -> None:
    cell = {"type": "tableCell", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "One"}]}]}
    table = {"type": "table", "content": [{"type": "tableRow", "content": [cell]}]}
    body = Document.parse({"v": 1, "type": "doc", "content": [table]})

    [finding] = found("ACC-002", draft(body))

    assert (finding.path, finding.excerpt) == ("body.content[0]", "One")


SIMPLE = "We sat down. We had tea. It was warm. "
HARD = (
    "Considering heterogeneous multidimensional biopsychosocial determinants, interdisciplinary rehabilitation "
    "necessitates individualised physiotherapeutic prescription."
)


def test_a_high_reading_grade_warns() -> None:
    [finding] = found("RDB-001", draft(HARD))

    assert (finding.severity, finding.path) == ("WARN", "body")
    assert finding.message.startswith("The text asks for reading grade ")
    assert found("RDB-001", draft(SIMPLE)) == []


@pytest.mark.parametrize(("words", "warns"), [(30, False), (31, True)])
def test_a_long_sentence_warns(words: int, *, warns: bool) -> None:
    long = " ".join(["go"] * words)

    assert paths("RDB-001", draft(SIMPLE * 20 + f"\n\n{long}.")) == ["body.content[1]"] * warns


@pytest.mark.parametrize(
    ("text", "warns"),
    [
        ("The EMG was read.", True),
        ("Electromyography (EMG) was read. The EMG was calm.", False),
        ("The EMG (a long test) was read.", True),
        ("The EMG (electro myo graphy) was read.", False),
        ("The National Institute for Health and Care Excellence (NICE) says so. NICE is careful.", False),
        ("Ask the NHS or your GP.", False),
        ("It was written by Example AB, Sample CD in 2007.", False),
        ("Do NOT wait.", False),
        ("Point SP6 is above the ankle.", False),
        ("Many RCTs were read.", True),
        ("Many randomised controlled trials (RCTs) were read. One RCT was large.", False),
    ],
)
def test_an_abbreviation_is_spelled_out(text: str, *, warns: bool) -> None:
    assert paths("RDB-001", draft(f"{SIMPLE * 20}\n\n{text}")) == ["body.content[1]"] * warns


def test_an_abbreviation_warns_once() -> None:
    assert len(found("RDB-001", draft(SIMPLE * 20 + "The EMG was read. The EMG was calm."))) == 1


PUBLIC, ONCE, NEVER = gate.Publicity.PUBLIC, gate.Publicity.ONCE_PUBLIC, gate.Publicity.NEVER_PUBLIC


@pytest.mark.parametrize(("publicity", "severity"), [(PUBLIC, []), (ONCE, ["WARN"]), (NEVER, ["BLOCK"])])
def test_what_an_article_leads_to_is_public(publicity: gate.Publicity, severity: list[str]) -> None:
    leads = (
        draft("[neck pain](entity:cnd_other)", linked={"cnd_other": publicity}),
        draft("[our page](/articles/other#part)", linked={"/articles/other": publicity}),
        draft("[our page](https://clinic.example/articles/other/?a=1)", linked={"/articles/other": publicity}),
        draft("::: call-to-action prc_other\n:::", linked={"prc_other": publicity}),
        draft(conditions=(replace(NECK_PAIN, publicity=publicity),)),
        draft(treatments=(replace(ACUPUNCTURE, publicity=publicity),)),
        draft(authors=(replace(AUTHOR, publicity=publicity),)),
        draft("Words [@trial].", sources={"trial": source(publicity=publicity)}),
    )

    assert [[finding.severity for finding in found("LNK-001", lead)] for lead in leads] == [severity] * len(leads)


def test_what_nobody_looked_up_counts_as_never_public() -> None:
    [finding] = found("LNK-001", draft("[neck pain](entity:cnd_other)"))

    assert (finding.severity, finding.is_waivable, finding.path) == ("BLOCK", False, "body.content[0]")


def test_addresses_elsewhere_are_not_ours_to_judge() -> None:
    body = (
        "[a](https://elsewhere.example/x) [b](mailto:a@b.uk) [c](tel:111) [d](#part) [e](https://clinic.example.org/)"
    )

    assert found("LNK-001", draft(body)) == []


def test_a_picture_that_is_not_there_blocks() -> None:
    assert paths("LNK-001", draft("::: figure med_gone\n:::")) == ["body.content[0]"]


def test_the_caller_learns_what_to_look_up() -> None:
    body = from_markdown(
        "[neck pain](entity:cnd_other) [ours](https://clinic.example/about?x=1) [home](/) [away](https://a.uk/b)\n\n"
        "::: call-to-action prc_other\n:::\n\n::: call-to-action clinic\n:::"
    )

    assert gate.leads_to(body, "https://clinic.example") == ("cnd_other", "/about", "/", "prc_other")
