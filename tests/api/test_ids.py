import time
import uuid
from datetime import UTC, date, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from api import ids

_DIGITS = {letter: value for value, letter in enumerate(ids.ALPHABET)}


def as_uuid(key: str) -> uuid.UUID:
    number = 0
    for letter in key.partition("_")[2]:
        number = number * 32 + _DIGITS[letter]
    return uuid.UUID(int=number)


def test_an_id_is_a_uuid_of_version_7_of_this_moment():
    before = time.time_ns() // 1_000_000
    found = as_uuid(ids.article())
    assert (found.version, found.variant) == (7, uuid.RFC_4122)
    assert before <= found.int >> 80 <= time.time_ns() // 1_000_000


def test_ids_are_unique():
    assert len({ids.new("art") for _ in range(20_000)}) == 20_000


def test_ids_sort_by_the_time_at_which_they_were_made(monkeypatch):
    moments = iter(range(1_700_000_000_000, 1_700_000_000_000 + 50))
    monkeypatch.setattr(ids.time, "time_ns", lambda: next(moments) * 1_000_000)
    made = [ids.article() for _ in range(50)]
    assert made == sorted(made)


def test_every_kind_has_a_prefix_of_its_own():
    others = {"new", "prefix_of", "kind_of", "made_on", "_base32", "date", "datetime"}
    makers = [made for name, made in vars(ids).items() if callable(made) and name not in others]
    prefixes = [ids.prefix_of(made()) for made in makers]
    assert len(makers) >= 15
    assert len(set(prefixes)) == len(prefixes)
    assert all(len(prefix) == 3 for prefix in prefixes)


def test_the_prefix_is_read_from_a_well_formed_id_only():
    key = ids.article()
    assert ids.prefix_of(key) == "art"
    for broken in ("", "art", "art_", "_" + key[4:], key[:-1], key + "0", key.upper(), key[:-1] + "u", key + "\n"):
        assert ids.prefix_of(broken) == "", broken


@given(st.text())
def test_whatever_is_asked_for_has_a_prefix_or_none(text):
    assert ids.prefix_of(text) == "" or len(text.partition("_")[2]) == ids.LENGTH


@pytest.mark.parametrize("number", [0, 1, 2**128 - 1, 2**127])
def test_base32_has_26_characters_and_keeps_the_number(number):
    text = ids._base32(number)
    assert len(text) == 26
    assert as_uuid(f"x_{text}").int == number


def test_an_id_tells_the_day_on_which_it_was_made():
    with time_machine.travel(datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC), tick=False):
        assert ids.made_on(ids.article()) == date(2026, 11, 22)
