"""Failed sign-ins, counted by account and place, by address, and by account: guessing is slowed down, then stopped.

A place is a neighbourhood of addresses: a /24, or the /48 that holds all that one subscriber has, which also counts as
one address. The hard wait belongs to an account at one place, so that whoever knows an e-mail cannot make its member
wait. Over all places an account is slowed down after 50 failures in six hours and waits after 500, except where its
member got in within the last 30 days.

So from however many addresses, an account is guessed at no more than 2,000 times a day (500 in each six hours), and
10 times in a quarter of an hour (960 a day) from each place that its member uses. One address gets 40 tries in a
quarter of an hour for all accounts together. Whoever is signed in and gives the password again is counted apart, at
all places together: 10 in a quarter of an hour, which only a holder of a token can use up.

A try is counted before its password is looked at and forgiven when it was right, so that a hundred guesses at once
count as a hundred. What is refused for its address is not counted for an account. Kept are keyed hashes, never an
e-mail or an address; a place's holds the password's digest too, so that a new password is known nowhere. Accounts that
nobody has are counted like any other.
"""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from tortoise.connection import get_connection

from api.accounts.models import SignInFailure
from api.addresses import neighbourhood
from api.errors import RateLimited

WINDOW = timedelta(minutes=15)
MOST_FOR_ACCOUNT = 10
"""From one place, within the window."""
SLOWED_AFTER = 10
MOST_FROM_ADDRESS = 40
LONG_WINDOW = timedelta(hours=6)
SLOWED_EVERYWHERE_AFTER = 50
MOST_EVERYWHERE = 500
"""For one account from all places, within the long window."""
KNOWN_FOR = timedelta(days=30)
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 2.0

COUNT = """
INSERT INTO sign_in_failure AS kept (key, failures, since)
VALUES ($1, $2, $3)
ON CONFLICT (key) DO UPDATE SET failures = CASE WHEN kept.since < $4 THEN $2 ELSE kept.failures + $2 END,
                                since = CASE WHEN kept.since < $4 THEN $3 ELSE kept.since END
RETURNING failures, proven_at
"""
FORGIVE = "UPDATE sign_in_failure SET failures = greatest(failures - 1, 0) WHERE key = ANY($1::text[])"


class TooManyTries(RateLimited):
    """There were too many tries to sign in from where you are: wait a quarter of an hour and try again."""


@dataclass(frozen=True)
class Origin:
    """Where a try comes from. `key` makes the hashes; `address` is a prefix as `web.callers` tells it, if known."""

    key: bytes
    address: str | None = None

    @property
    def place(self) -> str:
        """The neighbourhood of the address; empty when it is not known."""
        return neighbourhood(self.address)

    @property
    def counted(self) -> str:
        """What counts as one address; empty when it is not known."""
        return neighbourhood(self.address, v4=32)


@dataclass(frozen=True)
class Try:
    """One try to prove a password, counted already.

    `from_place`: those for this account from here; `everywhere`: those for this account that were looked at, from all
    places; `known`: its member got in from here lately.
    """

    place_key: str
    address_key: str
    account_key: str
    from_place: int
    from_address: int
    everywhere: int
    known: bool

    @property
    def locked(self) -> bool:
        """Whether the account waits; it is answered as if the password were wrong."""
        return self.from_place > MOST_FOR_ACCOUNT or (self.everywhere > MOST_EVERYWHERE and not self.known)

    @property
    def pause(self) -> float:
        """Seconds that it is held up: the same for accounts that are there and that are not."""
        everywhere = pause(self.everywhere - SLOWED_EVERYWHERE_AFTER + SLOWED_AFTER)
        return max(pause(self.from_address), everywhere)


async def count(origin: Origin, account: str, digest: str | None, *, again: bool = False) -> Try:
    """Count a try; refused when too many came from the address, and held up when many did.

    `digest`: of the account's password, if it has one. `again`: by somebody who is signed in; all places are one then.
    """
    kind = "again" if again else "account"
    place_key = _hash(origin.key, f"{kind} at {'any place' if again else origin.place}", f"{account} {digest or ''}")
    address_key = _hash(origin.key, "address", origin.counted)
    account_key = _hash(origin.key, f"{kind} everywhere", account)
    from_address, _ = await _add(address_key, 1, WINDOW)
    if from_address > MOST_FROM_ADDRESS:
        raise TooManyTries
    from_place, proven = await _add(place_key, 1, WINDOW)
    everywhere, _ = await _add(account_key, int(from_place <= MOST_FOR_ACCOUNT), LONG_WINDOW)
    known = proven is not None and proven > datetime.now(UTC) - KNOWN_FOR
    tried = Try(place_key, address_key, account_key, from_place, from_address, everywhere, known)
    await asyncio.sleep(tried.pause)
    return tried


async def forgive(tried: Try) -> None:
    """The password was right: here the account starts afresh and is known, and elsewhere it has one try less."""
    await SignInFailure.filter(key=tried.place_key).update(failures=0, proven_at=datetime.now(UTC))
    await get_connection("default").execute_query(FORGIVE, [[tried.account_key, tried.address_key]])


def pause(tries: int) -> float:
    """Seconds that a try is held up, by how many came from its address lately."""
    over = tries - SLOWED_AFTER
    return min(FIRST_PAUSE * 2 ** (min(over, 8) - 1), LONGEST_PAUSE) if over > 0 else 0.0


async def forget(now: datetime) -> int:
    """Drop the counts that have had their day, and the places where nobody got in for long."""
    old = SignInFailure.filter(since__lt=now - LONG_WINDOW)
    never = await old.filter(proven_at__isnull=True).delete()
    return never + await old.filter(proven_at__lt=now - KNOWN_FOR).delete()


async def _add(key: str, tries: int, window: timedelta) -> tuple[int, datetime | None]:
    """Count so many, anew where the window is over; the count, and when the key was last proven."""
    now = datetime.now(UTC)
    asked = [key, tries, now, now - window]
    (row,) = await get_connection("default").execute_query_dict(COUNT, asked)
    return row["failures"], row["proven_at"]


def _hash(key: bytes, kind: str, value: str) -> str:
    return hmac.new(key, f"{kind}:{value}".encode("utf-8", "surrogatepass"), sha256).hexdigest()
