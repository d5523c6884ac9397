"""What is told, and the payload of each event: ids and addresses, never the text itself."""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from api import sealing
from api.changes import Change, ChangeReason

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

CURSOR = "meridian/changes"
LONGEST = 4_000


class WebhookEvent(StrEnum):
    """What a webhook may be told of."""

    ARTICLE_PUBLISHED = "article.published"
    ARTICLE_UPDATED = "article.updated"
    ARTICLE_CORRECTED = "article.corrected"
    ARTICLE_WITHDRAWN = "article.withdrawn"
    ARTICLE_GONE = "article.gone"
    ARTICLE_MOVED = "article.moved"
    ARTICLE_ERASED = "article.erased"
    RECALL_OPENED = "recall.opened"
    SOURCE_RETRACTED = "source.retracted"
    REVIEW_DUE = "review.due"
    COMMENT_PENDING = "comment.pending"
    WEBHOOK_TEST = "webhook.test"


EDITORIAL = frozenset({WebhookEvent.SOURCE_RETRACTED, WebhookEvent.REVIEW_DUE, WebhookEvent.COMMENT_PENDING})
"""For the clinic's own webhooks alone."""
OF_REASON = {reason: WebhookEvent(f"article.{reason.lower()}") for reason in ChangeReason if reason != "LEGAL"} | {
    ChangeReason.LEGAL: WebhookEvent.ARTICLE_GONE
}


def of_change(change: Change, topics: Collection[str], key: bytes) -> dict[str, Any]:
    """What is said of an entry of the log to whoever has these topics; `key` is the one of `CURSOR`."""
    return {
        "articleId": change.article_id,
        "cursor": cursor(change.id, topics, key),
        "kind": change.kind,
        "reason": change.reason,
        "severity": change.severity,
        "at": moment(change.at),
        "slug": change.slug,
        "url": change.url,
        "revisionNumber": change.revision_number,
        "contentHash": change.content_hash,
        "explanation": change.explanation and change.explanation[:LONGEST],
        "movedTo": change.moved_to,
        "acknowledgeBy": change.acknowledge_by and moment(change.acknowledge_by),
    }


def cursor(change_id: int, topics: Collection[str], key: bytes) -> str:
    """The entry's place in the log as `changes(after:)` takes it; it holds for these topics."""
    mark = sha256(orjson.dumps(sorted(topics))).hexdigest()[:16] if topics else ""
    return sealing.seal(key, orjson.dumps(["changes", change_id, None, mark]))


def body(event: str, at: datetime, data: dict[str, Any]) -> str:
    """The message as it is sent and signed."""
    return orjson.dumps({"type": event, "timestamp": moment(at), "data": data}).decode()


def moment(at: datetime) -> str:
    """The moment as JSON has it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
