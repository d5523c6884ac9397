"""Passwords: which ones will do, how they are kept, and what verifying costs."""

import asyncio
import threading

import pytest
from argon2 import PasswordHasher, extract_parameters

from api.accounts import passwords
from api.accounts.passwords import Busy, TooEasy, TooLong, TooShort


@pytest.mark.parametrize(
    "password", ["seven quiet herons", "x9!fK2#mQ7$z", "ночь улица фонарь", "水月镜花水月镜花风雨同舟"]
)
def test_a_long_password_that_nobody_guesses_first_will_do(password):
    assert passwords.check(password) == password


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("", TooShort),
        ("eleven char", TooShort),
        ("x" * 201, TooLong),
        ("a quiet heron " * 15, TooLong),
        ("Password1234", TooEasy),
        ("QWERTYUIOP12", TooEasy),
        ("aaaaaaaaaaaa", TooEasy),
        ("abababababab", TooEasy),
        ("ADA@clinic.example", TooEasy),
    ],
)
def test_a_weak_password_is_refused_at_its_field(password, refusal):
    with pytest.raises(refusal) as refused:
        passwords.check(password, field="new_password", email="ada@clinic.example")

    assert refused.value.path == ("new_password",)


def test_every_common_password_on_the_list_is_one_that_the_length_alone_lets_pass():
    assert {word for word in passwords.COMMON if len(word) < passwords.SHORTEST} == set()
    assert {word for word in passwords.COMMON if word != word.casefold()} == set()


async def test_a_password_is_kept_as_argon2id_with_at_least_19_mib_and_two_passes():
    kept = extract_parameters(await passwords.digest("seven quiet herons"))

    assert kept.type.name == "ID"
    assert kept.memory_cost >= 19 * 1024
    assert kept.time_cost >= 2


async def test_the_same_password_is_never_kept_the_same_way_twice():
    assert await passwords.digest("seven quiet herons") != await passwords.digest("seven quiet herons")


async def test_a_password_verifies_however_its_characters_were_composed():
    kept = await passwords.digest(passwords.check("cafe\u0301 quiet herons"))

    assert await passwords.verify(kept, "caf\u00e9 quiet herons")
    assert not await passwords.verify(kept, "cafe quiet herons")


@pytest.mark.parametrize("password", ["", "seven quiet herons", "\ud800", "x" * 100_000])
async def test_nobodys_digest_has_no_password(password):
    assert not await passwords.verify(None, password)
    assert not await passwords.verify(passwords.NOBODYS, password)


def test_nobodys_digest_takes_the_same_work_as_anybodys():
    asked, nobodys = PasswordHasher(2, passwords.MEMORY_KIB, 1), extract_parameters(passwords.NOBODYS)

    assert (nobodys.time_cost, nobodys.memory_cost, nobodys.parallelism) == (asked.time_cost, asked.memory_cost, 1)
    assert not passwords.is_outdated(passwords.NOBODYS)


async def test_a_digest_that_is_no_digest_lets_nobody_in():
    assert not await passwords.verify("plain", "plain")


def test_a_digest_with_less_effort_is_outdated():
    assert passwords.is_outdated(PasswordHasher(1, 8 * 1024, 1).hash("seven quiet herons"))


async def test_no_more_than_two_are_computed_at_once_and_the_loop_stays_free(monkeypatch):
    running, most = 0, 0
    lock = threading.Lock()
    real = passwords._matches

    def counted(kept, password):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        try:
            return real(kept, password)
        finally:
            with lock:
                running -= 1

    monkeypatch.setattr(passwords, "_matches", counted)
    ticks = 0

    async def tick():
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.005)

    ticking = asyncio.create_task(tick())
    await asyncio.gather(*(passwords.verify(None, "seven quiet herons") for _ in range(8)))
    ticking.cancel()

    assert most == 2
    assert ticks > 5


async def test_when_too_many_wait_the_next_one_is_told_to_come_back():
    tries = [asyncio.create_task(passwords.verify(None, "x")) for _ in range(passwords.WAITING)]
    await asyncio.sleep(0)

    with pytest.raises(Busy):
        await passwords.verify(None, "x")

    for each in tries:
        each.cancel()
    await asyncio.gather(*tries, return_exceptions=True)
