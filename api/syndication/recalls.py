"""Recalls: each take-down followed with each partner that ever received the article, until its copy is gone.

PENDING → NOTIFIED (received) → ACKNOWLEDGED, or BREACHED once its deadline has passed; LIFTED when the article is live
again before the copy was gone.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tortoise.transactions import in_transaction

from api import changes, ids
from api.accounts.acting import note
from api.accounts.viewer import Role
from api.changes import ChangeKind
from api.errors import NotFound
from api.paging import Key, Listing
from api.sql import Sql, rows, sql
from api.syndication import rehearsal
from api.syndication.acting import locked_partner, partner_of
from api.syndication.models import Copy, Recall, RecallStatus
from api.syndication.webhooks import events
from api.syndication.webhooks.events import WebhookEvent
from api.syndication.webhooks.outbox import Event, enqueue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from api.accounts.viewer import Viewer
    from api.changes import Change

READER = "recalls"
BATCH = 500
OPEN = (RecallStatus.PENDING, RecallStatus.NOTIFIED, RecallStatus.BREACHED)
IS_OPEN = "recall.status IN ('PENDING', 'NOTIFIED', 'BREACHED')"

TAKE_TURN = "SELECT position FROM log_position WHERE reader = $1 FOR UPDATE SKIP LOCKED"
TOLD = "change.id AS change_id, change.article_id, change.severity, change.at, change.acknowledge_by"
HOLDERS = f"""
SELECT copy.partner_id, {TOLD}, partner.log_position >= change.id OR EXISTS (
  SELECT FROM webhook JOIN delivery ON delivery.webhook_id = webhook.id
   WHERE webhook.partner_id = copy.partner_id AND delivery.change_id = change.id AND delivery.state = 'DELIVERED'
 ) AS is_received
  FROM change JOIN copy ON copy.article_id = change.article_id JOIN partner ON partner.id = copy.partner_id
 WHERE change.id = ANY(?::bigint[])
"""
# An answer that was on its way while the article was taken down is written down after its recalls were opened.
LATE = f"""
SELECT ?::text AS partner_id, false AS is_received, {TOLD} FROM unnest(?::text[]) AS shown (article)
  CROSS JOIN LATERAL (SELECT * FROM change WHERE change.article_id = shown.article ORDER BY id DESC LIMIT 1) AS change
 WHERE change.kind = 'REMOVE'
"""
OPENED = """
INSERT INTO recall (id, partner_id, change_id, article_id, is_rehearsal, severity, status, opened_at, acknowledge_by,
                    notified_at)
SELECT * FROM unnest(?::text[], ?::text[], ?::bigint[], ?::text[], ?::bool[], ?::text[], ?::text[], ?::timestamptz[],
                     ?::timestamptz[], ?::timestamptz[])
ON CONFLICT (partner_id, change_id) DO NOTHING RETURNING id
"""
WRITTEN = ("id", "partner_id", "change_id", "article_id", "is_rehearsal", "severity", "status", "opened_at",
           "acknowledge_by", "notified_at")  # fmt: skip
RECEIVED = """
UPDATE recall SET notified_at = ?, status = CASE status WHEN 'PENDING' THEN 'NOTIFIED' ELSE status END
 WHERE partner_id = ? AND notified_at IS NULL AND status IN ('PENDING', 'BREACHED') AND
"""
LIFTED = f"""
UPDATE recall SET status = 'LIFTED', lifted_at = live.at
  FROM unnest(?::text[], ?::bigint[], ?::timestamptz[]) AS live (article, change, at)
 WHERE recall.article_id = live.article AND recall.change_id < live.change AND {IS_OPEN}
"""
BREACHED = """
UPDATE recall SET status = 'BREACHED', breached_at = acknowledge_by
 WHERE status IN ('PENDING', 'NOTIFIED') AND acknowledge_by <= ? RETURNING id
"""


class NoSuchRecall(NotFound):
    """There is no such recall: check its id."""


async def follow() -> int:
    """Read on in the log: open what was taken down, lift what is live again; how many entries were read.

    Whoever holds the reader's row reads; another worker leaves it to that one.
    """
    async with in_transaction() as connection:
        turn = await connection.execute_query_dict(TAKE_TURN, [READER])
        news = await changes.after(turn[0]["position"], BATCH) if turn else []
        if not news:
            return 0
        removed = [change.id for change in news if change.kind is ChangeKind.REMOVE]
        if removed:
            await _open(await rows(sql(HOLDERS, removed)))
        await _lift([change for change in news if change.kind is ChangeKind.UPSERT])
        await connection.execute_query("UPDATE log_position SET position = $1 WHERE reader = $2", [news[-1].id, READER])
    return len(news)


async def open_late(partner_id: str, articles: Sequence[str]) -> None:
    """Open the recall of what a partner was sent in the moment in which it was taken down."""
    if found := await rows(sql(LATE, partner_id, list(articles))):
        async with in_transaction():
            await _open(found)


async def rehearsed(partner_id: str, change: Change) -> None:
    """Open the recall of a rehearsal, in the transaction that wrote its Change."""
    told = {"partner_id": partner_id, "change_id": change.id, "article_id": change.article_id, "at": change.at,
            "severity": change.severity, "acknowledge_by": change.acknowledge_by, "is_received": False}  # fmt: skip
    await _open([told], is_rehearsal=True)


async def received(partner_id: str, position: int, now: datetime) -> None:
    """The partner has read the log up to this position."""
    await rows(sql(RECEIVED, now, partner_id) + sql("change_id <= ?", position))


async def delivered(partner_id: str, change_id: int, now: datetime) -> None:
    """A webhook with this Change was answered with 2xx."""
    await rows(sql(RECEIVED, now, partner_id) + sql("change_id = ?", change_id))


async def told(partner_id: str, recall_id: str, now: datetime) -> None:
    """A webhook with this recall itself was answered with 2xx."""
    await rows(sql(RECEIVED, now, partner_id) + sql("id = ?", recall_id))


async def breach(now: datetime) -> int:
    """Mark what nobody acknowledged by its deadline; how many there were."""
    return len(await rows(sql(BREACHED, now)))


async def acknowledge(asking: Viewer, recall_id: str, now: datetime | None = None) -> Recall:
    """The partner says that its copy is gone. Said twice, or after the recall was lifted, it changes nothing."""
    moment = now or datetime.now(UTC)
    async with in_transaction():
        partner = await locked_partner(partner_of(asking))
        recall = await Recall.select_for_update().get_or_none(id=recall_id, partner_id=partner.id)
        if recall is None:
            raise NoSuchRecall(path=("id",))
        if recall.status not in OPEN:
            return recall
        await _acknowledged(recall, moment)
        if recall.is_rehearsal:
            await rehearsal.passed(partner, recall.article_id, moment)
        await note(asking, "acknowledgeRecall", partner.id, {"recall": recall.id, "article": recall.article_id})
    return recall


async def seen_gone(recall_id: str, now: datetime) -> bool:
    """A look at the copy found it gone; whether that was news."""
    async with in_transaction():
        recall = await Recall.select_for_update().get_or_none(id=recall_id)
        if recall is None or recall.status not in OPEN:
            return False
        await _acknowledged(recall, now)
    return True


def listing(*, only_open: bool = False) -> Listing:
    """The recalls for the editors, newest first; no rehearsal is among them."""
    where = [Sql("NOT recall.is_rehearsal"), *([Sql(IS_OPEN)] if only_open else [])]
    return _listing("recall.newest", where)


def of_partner(*, only_open: bool = False) -> Listing:
    """The recalls below each partner, newest first, those of rehearsals included."""
    return _listing("recall.of_partner", [Sql(IS_OPEN)] if only_open else [], parent="recall.partner_id")


async def by_id(wanted: Sequence[str], viewer: Viewer) -> dict[str, Recall]:
    """Those of the recalls that exist for the viewer: a partner's own, and all but rehearsals for editors."""
    found = Recall.filter(id__in=list(wanted)).select_related("partner")
    if viewer.partner:
        found = found.filter(partner_id=viewer.partner.partner)
    elif Role.ADMIN not in viewer.roles:
        found = found.filter(is_rehearsal=False)
    seen = viewer.partner is not None or Role.EDITOR in viewer.roles
    return {row.id: row for row in await found} if seen else {}


def _listing(name: str, where: Sequence[Sql], parent: str = "") -> Listing:
    keys = (Key("recall.opened_at", "timestamptz"), Key("recall.id", "text"))
    return Listing(name, Sql("recall"), tuple(where), keys, descending=True, parent=parent)


async def _acknowledged(recall: Recall, now: datetime) -> None:
    """Close it; that it came too late stays told. The caller holds the row."""
    recall.status, recall.acknowledged_at = RecallStatus.ACKNOWLEDGED, now
    if recall.acknowledge_by <= now:
        recall.breached_at = recall.acknowledge_by
    await recall.save(update_fields=["status", "acknowledged_at", "breached_at"])
    held = Copy.filter(partner_id=recall.partner_id, article_id=recall.article_id, dropped_at=None)
    await held.filter(fetched_at__lte=now).update(dropped_at=now)


async def _open(told: Iterable[Mapping[str, Any]], *, is_rehearsal: bool = False) -> None:
    """Open the recalls and tell their partners, in the caller's transaction; one that is open stays as it is."""
    now = datetime.now(UTC)
    wanted = {each.id: each for each in (_recall(row, now, is_rehearsal=is_rehearsal) for row in told)}
    if not wanted:
        return
    columns = ([getattr(each, name) for each in wanted.values()] for name in WRITTEN)
    opened = await rows(sql(OPENED, *columns))
    news = [wanted[row["id"]] for row in opened]
    await enqueue(*(Event(each.partner_id, WebhookEvent.RECALL_OPENED, events.of_recall(each)) for each in news))


def _recall(row: Mapping[str, Any], now: datetime, *, is_rehearsal: bool) -> Recall:
    return Recall(
        id=ids.recall(), partner_id=row["partner_id"], change_id=row["change_id"], article_id=row["article_id"],
        is_rehearsal=is_rehearsal, severity=row["severity"], opened_at=row["at"],
        status=RecallStatus.NOTIFIED if row["is_received"] else RecallStatus.PENDING,
        acknowledge_by=row["acknowledge_by"] or row["at"] + changes.DEADLINES[row["severity"]],
        notified_at=now if row["is_received"] else None,
    )  # fmt: skip


async def _lift(live: Sequence[Change]) -> None:
    if live:
        columns = [change.article_id for change in live], [change.id for change in live], [change.at for change in live]
        await rows(sql(LIFTED, *columns))
