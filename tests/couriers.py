"""What tests of webhooks share: a worker's courier, entries of the log, and a clock that is moved by hand."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tortoise.transactions import in_transaction

from api import paging, sealing
from api.changes import Change, ChangeKind, ChangeReason, record
from api.outbound import Outbound
from api.syndication.webhooks import signing
from api.syndication.webhooks.delivering import Courier, Keys
from api.syndication.webhooks.models import Webhook

SECRET_KEY = "s" * 40
SIGNING = sealing.derive(SECRET_KEY, signing.PURPOSE)
KEYS = Keys(SIGNING, sealing.derive(SECRET_KEY, paging.PURPOSE))
ARTICLE = "art_01jd8k00000000000000000000"


@dataclass
class Clock:
    """The time, as the courier is told it: the real one, and what it was moved on by."""

    moved: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.moved

    def move(self, **time: float) -> None:
        self.moved += timedelta(**time)


def courier(clock: Clock | None = None, **said: Any) -> Courier:
    """A courier that may call this machine."""
    seconds = said.pop("seconds", 10.0)
    return Courier(Outbound(allow_loopback=True, seconds=seconds), KEYS, clock=clock or Clock(), **said)


async def carry(taking: Courier) -> None:
    """One turn, and the end of all that it set out to."""
    await taking.turn()
    await taking.settle()


async def change(reason: ChangeReason = ChangeReason.PUBLISHED, article: str = ARTICLE, **said: Any) -> Change:
    """A new entry of the log."""
    removals = {ChangeReason.WITHDRAWN, ChangeReason.GONE, ChangeReason.LEGAL, ChangeReason.ERASED}
    kind = ChangeKind.REMOVE if reason in removals else ChangeKind.UPSERT
    plain = {
        "kind": kind, "reason": reason, "at": datetime.now(UTC), "article_id": article, "slug": "sleep",
        "url": "https://clinic.example/articles/sleep",
    }  # fmt: skip
    async with in_transaction() as transaction:
        return await record(Change(**plain | said), transaction)


def secret(webhook: Webhook) -> str:
    return signing.secret(SIGNING, webhook.salt)
