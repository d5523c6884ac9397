"""Links for one thing each, signed: to preview a revision, to review it, to see and erase one's own comment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import orjson

from api import sealing
from api.accounts.viewer import Viewer

if TYPE_CHECKING:
    from datetime import timedelta

PREFIX = "mrp_"
PURPOSE = "meridian/preview"
REVIEW_PREFIX = "mrr_"
REVIEW_PURPOSE = "meridian/review"
COMMENT_PREFIX = "mrm_"
COMMENT_PURPOSE = "meridian/comment"


@dataclass(frozen=True)
class Preview:
    """What a preview link was made for: one revision, by whom, and how often the article's links had been taken back.

    Without a maker the operator made it, on the command line.
    """

    revision: str
    maker: str | None = None
    generation: int = 0


def preview_link(secret: str, preview: Preview, lifetime: timedelta) -> str:
    """A text `mrp_…` that shows this revision to whoever holds it, until it expires or is taken back."""
    expires = int((datetime.now(UTC) + lifetime).timestamp())
    said = [preview.revision, expires, preview.maker, preview.generation]
    return PREFIX + sealing.seal(sealing.derive(secret, PURPOSE), orjson.dumps(said))


def preview_of(secret: str, text: str) -> Preview | None:
    """What a preview link was made for; None when it is forged, has expired, or does not say who made it."""
    content = sealing.unseal(sealing.derive(secret, PURPOSE), text.removeprefix(PREFIX))
    match orjson.loads(content) if content else None:
        case [str(revision), int(expires), str() | None as maker, int(generation)]:
            return Preview(revision, maker, generation) if expires > datetime.now(UTC).timestamp() else None
    return None


def review_link(secret: str, link: str) -> str:
    """A text `mrr_…` for the link of this id; what it is good for stands in its row."""
    return REVIEW_PREFIX + sealing.seal(sealing.derive(secret, REVIEW_PURPOSE), link.encode())


def link_of(secret: str, text: str) -> str | None:
    """The id of the review link that a text stands for; None when it is forged."""
    content = sealing.unseal(sealing.derive(secret, REVIEW_PURPOSE), text.removeprefix(REVIEW_PREFIX))
    return content.decode() if content else None


def comment_link(secret: str, comment: str) -> str:
    """A text `mrm_…` for whoever wrote the comment; nothing of it is kept, and it ends with the comment."""
    return COMMENT_PREFIX + sealing.seal(sealing.derive(secret, COMMENT_PURPOSE), comment.encode())


def writer_of(secret: str, text: str) -> Viewer | None:
    """The viewer that a comment's private link makes; None when it is forged."""
    content = sealing.unseal(sealing.derive(secret, COMMENT_PURPOSE), text.removeprefix(COMMENT_PREFIX))
    return Viewer(comment=content.decode()) if content else None
