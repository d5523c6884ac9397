"""Failed sign-ins, counted by account and by address: what slows guessing down, and then stops it.

A try is counted before its password is looked at and forgiven when it was right, so that a hundred guesses at once
count as a hundred. Kept are keyed hashes, never an e-mail or an address, and not for longer than the window. Accounts
that nobody has are counted like any other.
"""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from tortoise.connection import get_connection

from api.accounts.models import SignInFailure
from api.errors import RateLimited

WINDOW = timedelta(minutes=15)
MOST_FOR_ACCOUNT = 10
SLOWED_AFTER = 10
MOST_FROM_ADDRESS = 40
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 2.0

COUNT = """
INSERT INTO sign_in_failure AS kept (key, failures, since) SELECT key, 1, $2 FROM unnest($1::text[]) AS key ORDER BY key
ON CONFLICT (key) DO UPDATE SET failures = CASE WHEN kept.since < $3 THEN 1 ELSE kept.failures + 1 END,
                                since = CASE WHEN kept.since < $3 THEN $2 ELSE kept.since END
RETURNING key, failures
"""
FORGIVE = "UPDATE sign_in_failure SET failures = greatest(failures - 1, 0) WHERE key = $1"


class TooManyTries(RateLimited):
    """There were too many tries to sign in from where you are: wait a quarter of an hour and try again."""


@dataclass(frozen=True)
class Origin:
    """Where a try comes from. `key` makes the hashes; `address` is a prefix as `web.callers` tells it, if known."""

    key: bytes
    address: str | None = None


@dataclass(frozen=True)
class Try:
    """One try to prove a password, counted already."""

    account_key: str
    address_key: str
    for_account: int
    from_address: int

    @property
    def locked(self) -> bool:
        """Whether the account waits; it is answered as if the password were wrong."""
        return self.for_account > MOST_FOR_ACCOUNT


async def count(origin: Origin, account: str) -> Try:
    """Count a try; refused when too many came from the address, and held up when many did."""
    account_key = _hash(origin.key, "account", account)
    address_key = _hash(origin.key, "address", origin.address or "")
    now = datetime.now(UTC)
    asked = [[account_key, address_key], now, now - WINDOW]
    found = {row["key"]: row["failures"] for row in await get_connection("default").execute_query_dict(COUNT, asked)}
    tried = Try(account_key, address_key, found[account_key], found[address_key])
    if tried.from_address > MOST_FROM_ADDRESS:
        raise TooManyTries
    await asyncio.sleep(pause(tried.from_address))
    return tried


async def forgive(tried: Try) -> None:
    """The password was right: the account starts afresh, and the address has one try less."""
    await SignInFailure.filter(key=tried.account_key).delete()
    await get_connection("default").execute_query(FORGIVE, [tried.address_key])


def pause(tries: int) -> float:
    """Seconds that a try is held up, by how many came from its address lately."""
    over = tries - SLOWED_AFTER
    return min(FIRST_PAUSE * 2 ** (over - 1), LONGEST_PAUSE) if over > 0 else 0.0


async def forget(now: datetime) -> int:
    """Drop the counts that have had their day."""
    return await SignInFailure.filter(since__lt=now - WINDOW).delete()


def _hash(key: bytes, kind: str, value: str) -> str:
    return hmac.new(key, f"{kind}:{value}".encode("utf-8", "surrogatepass"), sha256).hexdigest()
