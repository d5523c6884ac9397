import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import sealing

KEY = sealing.derive("s" * 32, "meridian/cursor")


@pytest.mark.parametrize(
    ("material", "salt", "info", "wanted"),
    [  # RFC 5869, appendix A, test cases 1, 2 and 3: the first 32 bytes of the output
        (
            "0b" * 22,
            "000102030405060708090a0b0c",
            "f0f1f2f3f4f5f6f7f8f9",
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf",
        ),
        (
            bytes(range(0x50)).hex(),
            bytes(range(0x60, 0xB0)).hex(),
            bytes(range(0xB0, 0x100)).hex(),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c",
        ),
        ("0b" * 22, "", "", "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"),
    ],
)
def test_keys_are_derived_as_rfc_5869_has_it(material, salt, info, wanted):
    found = sealing.expand(bytes.fromhex(material), salt=bytes.fromhex(salt), info=bytes.fromhex(info))
    assert found.hex() == wanted


def test_each_purpose_and_each_secret_has_a_key_of_its_own():
    keys = {sealing.derive(secret * 32, purpose) for secret in "ab" for purpose in ("meridian/cursor", "meridian/site")}
    assert len(keys) == 4


@given(st.binary(max_size=200))
def test_what_was_sealed_opens_again(content):
    assert sealing.unseal(KEY, sealing.seal(KEY, content)) == content


@given(st.binary(min_size=1, max_size=60), st.data())
def test_whatever_was_changed_does_not_open(content, data):
    sealed = bytearray(sealing.seal(KEY, content).encode())
    place = data.draw(st.integers(0, len(sealed) - 1))
    other = data.draw(st.sampled_from(b"ABCxyz019-_=. ").filter(lambda sign: sign != sealed[place]))
    sealed[place] = other
    assert sealing.unseal(KEY, sealed.decode()) is None


def test_a_text_sealed_for_another_purpose_does_not_open():
    other = sealing.derive("s" * 32, "meridian/preview")
    assert sealing.unseal(KEY, sealing.seal(other, b"rev_1")) is None


def test_a_truncated_or_lengthened_text_does_not_open():
    sealed = sealing.seal(KEY, b"rev_1")
    cut = [sealed[:length] for length in range(len(sealed))]
    assert [sealing.unseal(KEY, text) for text in [*cut, sealed + "A", sealed + "="]] == [None] * (len(cut) + 2)


@given(st.text(max_size=80))
def test_junk_does_not_open(text):
    assert sealing.unseal(KEY, text) is None


def test_a_second_spelling_of_the_same_bytes_does_not_open():
    """Unused bits at the end of base64 would give one place two names."""
    sealed = sealing.seal(KEY, b"12")
    raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    spelt = [sealed[:-1] + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"]
    same = [text for text in spelt if base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) == raw]
    assert [text for text in same if sealing.unseal(KEY, text) is not None] == [sealed]
