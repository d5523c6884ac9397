"""A later look at a copy that was recalled: when it is gone, or shows the notice, nothing is owed any more."""

from __future__ import annotations

import asyncio
import html
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from api.errors import Refused
from api.sql import rows, sql
from api.syndication import recalls
from api.syndication.models import Partner
from api.syndication.partners import copy_url

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

AT_ONCE = 10
EVERY = timedelta(hours=6)
FIRST = timedelta(minutes=15)
GONE = frozenset({404, 410})
HEADERS = {"accept": "text/html", "user-agent": "Meridian (recall)"}
# Taken before anything is sent, so that several workers do not look at the same copy at once.
DUE = """
UPDATE recall SET looked_at = ? FROM partner WHERE partner.id = recall.partner_id AND recall.id IN (
  SELECT due.id FROM recall due JOIN partner holder ON holder.id = due.partner_id
   WHERE due.status IN ('PENDING', 'NOTIFIED', 'BREACHED') AND NOT due.is_rehearsal
     AND holder.copy_url_template IS NOT NULL AND due.opened_at <= ? AND (due.looked_at IS NULL OR due.looked_at <= ?)
   ORDER BY due.looked_at NULLS FIRST, due.id LIMIT ? FOR UPDATE OF due SKIP LOCKED)
RETURNING recall.id, recall.partner_id, recall.article_id,
  (SELECT slug FROM change WHERE change.id = recall.change_id) AS slug,
  (SELECT explanation FROM change WHERE change.id = recall.change_id) AS explanation
"""


class Answer(Protocol):
    """What a look at an address brings back."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> bytes: ...


class Outbound(Protocol):
    """Sends to addresses on the open internet; raises a `Refused` for what it may not reach or could not."""

    async def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer: ...


@dataclass(frozen=True)
class Look:
    """A recall whose copy is looked at."""

    recall: str
    url: str
    explanation: str | None


async def look(outbound: Outbound, now: datetime) -> int:
    """Look at the copies whose turn it is; how many were found gone."""
    due = await rows(sql(DUE, now, now - FIRST, now - EVERY, AT_ONCE))
    partners = {row.id: row for row in await Partner.filter(id__in=list({row["partner_id"] for row in due}))}
    looks = [each for row in due if (each := _look(row, partners[row["partner_id"]]))]
    return sum(await asyncio.gather(*(_looked(outbound, each, now) for each in looks)))


def is_gone(status: int, body: bytes, explanation: str | None) -> bool:
    """Whether a page is no more, or says in place of the text why the article was withdrawn."""
    if status in GONE:
        return True
    shown = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body.decode("utf-8", "replace"))).split())
    notice = " ".join((explanation or "").split())
    return bool(notice) and notice in shown


def _look(row: Mapping[str, Any], partner: Partner) -> Look | None:
    url = copy_url(partner, row["article_id"], row["slug"] or "")
    return Look(row["id"], url, row["explanation"]) if url else None


async def _looked(outbound: Outbound, wanted: Look, now: datetime) -> bool:
    try:
        answer = await outbound.send("GET", wanted.url, HEADERS, b"")
    except (Refused, OSError):
        return False
    return is_gone(answer.status, answer.body, wanted.explanation) and await recalls.seen_gone(wanted.recall, now)
