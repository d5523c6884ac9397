"""Passwords: which ones will do, and their argon2id digests, computed in a few threads of their own."""

from __future__ import annotations

import asyncio
import base64
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.errors import Invalid, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

SHORTEST = 12
LONGEST = 200
FEWEST_LETTERS = 5
AT_ONCE = 2
WAITING = 64
MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1

COMMON = frozenset(
    """
    123456789012 1234567890123 12345678901234 1234567890123456 0123456789012 123412341234 112233445566 987654321098
    qwertyuiopas qwertyuiop12 qwertyuiop123 qwertyuiop1234 qwerty123456 qwerty1234567 1q2w3e4r5t6y 1qaz2wsx3edc
    1q2w3e4r5t6y7u qazwsxedcrfv asdfghjkl123 zxcvbnm12345 abcdefghijkl abcdefgh1234 abcd12345678 abc123456789
    a12345678910 password1234 password12345 password123456 passwordpassword password!234 p@ssw0rd1234 p@ssword1234
    passw0rd1234 mypassword123 newpassword1 changeme1234 changemenow1 letmeinletmein letmein12345 welcome12345
    welcome123456 welcome!2026 iloveyou1234 iloveyouforever administrator administrator1 admin1234567 admin12345678
    superadmin123 rootrootroot testtesttest test12345678 test1234test secret123456 trustno1trustno1 sunshine1234
    football1234 princess1234 baseball1234 superman1234 monkey123456 dragon123456 liverpool1234 chelsea12345
    arsenal12345 manchester12 manchesterunited london123456 england12345 acupuncture1 acupuncture12
    acupuncture123 acupuncturist meridian1234 meridianmeridian clinic123456 clinicclinic physiotherapy therapist123
    correcthorsebatterystaple correct-horse-battery-staple
    """.split()  # noqa: SIM905 - words are read more easily than a list of quotes
) | {"correct horse battery staple"}
"""Those of the passwords that are guessed first which are long enough; in small letters."""

Answer = TypeVar("Answer")


class TooShort(Invalid):
    """This password is too short: give at least 12 characters; a few words will do."""


class TooLong(Invalid):
    """This password is too long: give up to 200 characters."""


class TooEasy(Invalid):
    """This password is guessed too easily: choose a few words that do not belong together."""


class Busy(Unavailable):
    """Many people are signing in at this moment: try again in a few seconds."""


_hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
_waiting = 0


def check(password: str, *, field: str = "password", email: str = "") -> str:
    """The password in its normal form; refused, at this field, when it is too short, too long or guessed too easily."""
    chosen = normal(password)
    folded = chosen.casefold()
    if len(chosen) < SHORTEST:
        raise TooShort(path=(field,))
    if len(chosen) > LONGEST:
        raise TooLong(path=(field,))
    if folded in COMMON or len(set(folded)) < FEWEST_LETTERS or folded == email.casefold():
        raise TooEasy(path=(field,))
    return chosen


async def digest(password: str) -> str:
    """The argon2id digest of a password that `check` let pass."""
    return await _in_a_thread(lambda: _hasher.hash(_bytes(password)))


async def verify(kept: str | None, password: str) -> bool:
    """Whether the password is the one of this digest; without one the same work is done and the answer is no."""
    matches = await _in_a_thread(lambda: _matches(kept or NOBODYS, password))
    return matches and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether the digest was computed with less effort than is asked for today."""
    return _hasher.check_needs_rehash(kept)


def _matches(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, _bytes(normal(password)[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False


async def _in_a_thread(work: Callable[[], Answer]) -> Answer:
    global _waiting  # noqa: PLW0603 - the threads are the process's, and so is their queue
    if _waiting >= WAITING:
        raise Busy
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, work)
    finally:
        _waiting -= 1


def normal(password: str) -> str:
    """The same characters for the same keys, whatever composed them (NFKC, as NIST SP 800-63B has it)."""
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")


def _nobodys() -> str:
    """A digest with today's effort that no password has: all of its bits are zero."""
    salt, bits = (base64.b64encode(bytes(length)).rstrip(b"=").decode() for length in (16, 32))
    return f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${bits}"


NOBODYS = _nobodys()
