"""What an older renderer derived is derived anew; of which articles partners are shown something else is told."""

from __future__ import annotations

import structlog
from tortoise.transactions import in_transaction

from api.articles import rendering
from api.articles.derived import Rendering
from api.articles.editing import keep
from api.articles.models import Article, Revision, Severity
from api.attempts import attempt
from api.changes import record_all
from api.documents import Document
from api.publishing.acting import Acting, eyes_on, now
from api.publishing.catalogue import articles

BATCH = 50

log = structlog.get_logger(__name__)


async def renew(site: str) -> int:
    """Derive anew what an older renderer derived; the revisions themselves stay as they are.

    What fails is told of and what ended workers is passed over: neither keeps the others waiting.
    """
    renewed, last = 0, ""
    older = Rendering.filter(renderer_version__lt=rendering.RENDERER_VERSION).order_by("revision_id")
    while stale := await older.filter(revision_id__gt=last).limit(BATCH):
        last = stale[-1].revision_id
        renewed += sum([await _tried(row.revision_id, site) for row in stale])
    return renewed


async def _tried(revision_id: str, site: str) -> bool:
    try:
        async with attempt(f"render {revision_id}") as may_be_done:
            if may_be_done:
                await _renew(await Revision.get(id=revision_id), site)
            return may_be_done
    except Exception as error:
        log.warning("not_rendered", revision=revision_id, exc_info=error)
        return False


async def _renew(revision: Revision, site: str) -> None:
    await revision.fetch_related("article")
    derived = await rendering.derive(Document.parse(revision.body), await eyes_on(revision))
    async with in_transaction() as transaction:
        named = [revision.article_id]
        await Article.filter(id__in=named).select_for_update(no_key=True)
        before = await articles.shown(named, site)
        await keep(revision, derived)
        doing = Acting(site, at=await now())
        await record_all(await articles.altered(named, before, doing, Severity.ROUTINE), transaction)
