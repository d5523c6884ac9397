"""What an older renderer derived is derived anew; of which articles partners are shown something else is told."""

from __future__ import annotations

from tortoise.transactions import in_transaction

from api.articles import rendering
from api.articles.derived import Rendering
from api.articles.editing import keep
from api.articles.models import Article, Revision, Severity
from api.changes import record_all
from api.documents import Document
from api.publishing.acting import Acting, eyes_on, now
from api.publishing.catalogue import articles

BATCH = 50


async def renew(site: str) -> int:
    """Derive anew what an older renderer derived; the revisions themselves stay as they are."""
    renewed = 0
    while stale := await Rendering.filter(renderer_version__lt=rendering.RENDERER_VERSION).limit(BATCH):
        for row in stale:
            await _renew(await Revision.get(id=row.revision_id), site)
            renewed += 1
    return renewed


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
