"""Flags: each fires on its examples, keeps silent on the others, and is quick whatever is sent."""

import time

import pytest

from api.comments.flags import FLAGS, Flag, FlagName, HelpKind, flags_of, help_for

EACH = [pytest.param(flag, id=flag.name) for flag in FLAGS]
HOSTILE = (
    "a" * 2000, "my " * 660, "0 " * 1000, "1" * 2000, "a@" * 1000, "a.a" * 660, "my mother " * 200, "born on 1 " * 200,
    "i have a " * 220, "at a dot " * 220, "(0)" * 660, "www" * 660, "’" * 2000, "\n" * 2000, "can i " * 333,
    "sudden a " * 220, "+44 " * 500, "a " * 1000, "LS1" * 660,
)  # fmt: skip


def test_every_name_has_one_row():
    assert [flag.name for flag in FLAGS] == list(FlagName)


@pytest.mark.parametrize("flag", EACH)
def test_a_flag_fires_on_its_examples(flag: Flag):
    assert [text for text in flag.firing if not flag.finds(text)] == []


@pytest.mark.parametrize("flag", EACH)
def test_a_flag_keeps_silent_on_what_only_looks_alike(flag: Flag):
    assert [text for text in flag.silent if flag.finds(text)] == []


def test_a_plain_word_of_thanks_raises_nothing():
    assert flags_of(("Thank you for telling what the sham laser was. I had never understood that part.", "Wren")) == ()


def test_a_name_is_looked_at_like_the_text():
    assert flags_of(("Thank you.", "wren@example.org")) == (FlagName.EMAIL,)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_of_full_length_takes_long(text: str):
    began = time.perf_counter()
    flags_of((text[:2000],))
    assert time.perf_counter() - began < 0.1


def test_help_begins_with_what_is_most_urgent():
    flags = {FlagName.ADVICE_REQUEST, FlagName.EMERGENCY, FlagName.SELF_HARM}
    shown = help_for(flags, "Test Clinic", "020 7946 0018")
    assert [one.kind for one in shown] == [HelpKind.SELF_HARM, HelpKind.EMERGENCY, HelpKind.ADVICE]
    assert [[phone.number for phone in one.telephones] for one in shown] == [
        ["116 123", "999", "111"],
        ["999", "111"],
        ["020 7946 0018"],
    ]


def test_a_clinic_without_a_telephone_names_the_gp_and_111():
    (shown,) = help_for({FlagName.ADVICE_REQUEST}, "Test Clinic", None)
    assert shown.text.endswith("Ask your GP, or call 111.")
    assert [phone.number for phone in shown.telephones] == ["111"]
