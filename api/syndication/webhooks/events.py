"""What is told, and the payload of each event: ids and addresses, never the text itself."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import orjson

from api.changes import Change, ChangeReason
from api.syndication import log
from api.syndication.log import Place

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from api.syndication.models import Recall

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
TAKE_DOWNS = frozenset(
    {
        WebhookEvent.ARTICLE_WITHDRAWN,
        WebhookEvent.ARTICLE_GONE,
        WebhookEvent.ARTICLE_MOVED,
        WebhookEvent.ARTICLE_ERASED,
        WebhookEvent.RECALL_OPENED,
    }
)
"""What a partner hears of for as long as it may hold copies."""
OF_REASON = {reason: WebhookEvent(f"article.{reason.lower()}") for reason in ChangeReason if reason != "LEGAL"} | {
    ChangeReason.LEGAL: WebhookEvent.ARTICLE_GONE
}


def of_change(change: Change, topics: Collection[str], key: bytes) -> dict[str, Any]:
    """What is said of an entry of the log to whoever has these topics; `key` is the one of all cursors."""
    return {
        "articleId": change.article_id,
        "cursor": log.seal(Place(change.id), frozenset(topics), key),
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


def of_recall(recall: Recall) -> dict[str, Any]:
    """What is said to a partner of a recall that was opened."""
    return {
        "recallId": recall.id,
        "articleId": recall.article_id,
        "severity": recall.severity,
        "isRehearsal": recall.is_rehearsal,
        "openedAt": moment(recall.opened_at),
        "acknowledgeBy": moment(recall.acknowledge_by),
    }


def body(event: str, at: datetime, data: dict[str, Any]) -> str:
    """The message as it is sent and signed."""
    return orjson.dumps({"type": event, "timestamp": moment(at), "data": data}).decode()


def moment(at: datetime) -> str:
    """The moment as JSON has it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
