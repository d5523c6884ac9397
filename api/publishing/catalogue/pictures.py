"""Changing what is said of a picture: the texts that show it say it anew, and whoever holds copies is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.articles.models import Severity
from api.media import editing
from api.publishing.catalogue import articles, entries, verbs
from api.publishing.catalogue.nouns import PICTURE

if TYPE_CHECKING:
    from collections.abc import Collection

    from tortoise.backends.base.client import BaseDBAsyncClient

    from api.media.editing import Sent
    from api.media.models import MediaAsset
    from api.publishing.acting import Acting


async def describe(asset_id: str, expected: int, sent: Sent, doing: Acting) -> MediaAsset:
    """Write the words of a picture; `sent` holds what is to change, and None clears."""

    async def act(row: Any, held: Collection[str], connection: BaseDBAsyncClient) -> MediaAsset:  # noqa: ANN401 - the row
        reached = await articles.reach(PICTURE, row.id, held, doing, texts=True)
        before = await entries.said_by(PICTURE, row)
        described = await editing.describe(row.id, expected, doing.actor, **sent)
        await articles.render_anew(reached)
        after = await entries.said_by(PICTURE, described)
        edited = {name for name, value in after.items() if before[name] != value}
        await articles.tell(await articles.changes(reached, doing, Severity.ROUTINE, edited), connection)
        return described

    described: MediaAsset = await verbs.altering(PICTURE, asset_id, expected, dict.fromkeys(PICTURE.copied), doing, act)
    return described
