import pytest
from drafts import draft, found, paths

from api import gate

PRIVATE = (
    ("Her number is 943 476 5919.", "somebody's NHS number", "94…"),
    ("Her number is 9434765919.", "somebody's NHS number", "94…"),
    ("NHS no. 943-476-5919 is hers.", "somebody's NHS number", "94…"),
    ("He was born on 12 March 1980.", "somebody's date of birth", "12…"),
    ("DOB: 12/03/1980", "somebody's date of birth", "12…"),
    ("Date of birth 1980-03-12.", "somebody's date of birth", "19…"),
    ("Write to wilma.example@mail.example.", "somebody's e-mail address", "wi…"),
    ("Ring 07700 900123.", "somebody's telephone number", "07…"),
    ("Ring +44 7700 900123.", "somebody's telephone number", "+4…"),
    ("Ring (020) 7946 0999.", "somebody's telephone number", "(0…"),
    ("She lives at SW1A 2AA.", "the postcode of somebody's home", "SW…"),
)
PUBLIC = (
    "Her number is 943 476 5918.",
    "ISBN 9434765919 is a book.",
    "Call 999, 111 or 116 123.",
    "The helpline is 0800 1111.",
    "Ask on 0300 123 3393.",
    "Ring +44 20 7946 0321, write to Reception@Example.org or come to ZZ1 1ZZ.",
    "Write to jo@samaritans.org or to a.team@some.nhs.uk.",
    "The clinic was opened on 12 March 1980.",
    "2,349,434 people and 1,234,567,890 needles.",
    "The row 1111111111 is nobody's.",
    "See 10.1136/9434765919 for it.",
    "Points ST36 and SP6 are used.",
)


@pytest.mark.parametrize(("text", "what", "shown"), PRIVATE)
def test_private_data_blocks_and_is_not_spread_by_the_report(text: str, what: str, shown: str) -> None:
    [finding] = found("PRV-001", draft(text))

    assert (finding.severity, finding.lexical, finding.path) == ("BLOCK", True, "body.content[0]")
    assert (finding.message, finding.excerpt) == (f"This may be {what}.", shown)


@pytest.mark.parametrize("text", PUBLIC)
def test_what_belongs_to_everybody_or_to_the_clinic_is_silent(text: str) -> None:
    assert found("PRV-001", draft(text)) == []


def test_what_belonged_to_the_clinic_is_private_elsewhere() -> None:
    text = "Ring 020 7946 0321, write to reception@example.org, come to ZZ1 1ZZ."

    assert len(found("PRV-001", draft(text, clinic=gate.Clinic()))) == 3


def test_links_captions_title_and_summary_are_read_too() -> None:
    body = "[her](mailto:wilma@mail.example) [him](tel:+447700900123)\n\n::: figure med_1 SW1A 2AA\n:::"
    revision = draft(
        body, title="Wilma, 943 476 5919", summary="Born 12.3.1980", pictures={"med_1": gate.Picture(alt="x")}
    )

    assert paths("PRV-001", revision) == [
        "title",
        "summary",
        "body.content[1].attrs.caption",
        "body.content[0]",
        "body.content[0]",
    ]


def test_a_telephone_number_is_not_read_as_an_nhs_number_too() -> None:
    assert len(found("PRV-001", draft("Ring 07700 900123 or 07700 900124."))) == 2
