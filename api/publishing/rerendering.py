"""What an older renderer derived is derived anew; of which articles partners are shown something else is told."""

from __future__ import annotations

from functools import partial

from tortoise.transactions import in_transaction

from api.articles import rendering
from api.articles.derived import Rendering
from api.articles.editing import keep
from api.articles.models import Article, Revision, Severity
from api.attempts import tried
from api.changes import record_all
from api.documents import Document
from api.publishing.acting import Acting, eyes_on, now
from api.publishing.catalogue import articles

BATCH = 50
FAILING = "not_rendered"
"""What the log calls it when one could not be derived anew."""


async def renew(site: str) -> int:
    """Derive anew what an older renderer derived; the revisions themselves stay as they are.

    What fails is told of and what ended workers is passed over: neither keeps the others waiting.
    """
    renewed, last = 0, ""
    older = Rendering.filter(renderer_version__lt=rendering.RENDERER_VERSION).order_by("revision_id")
    while stale := await older.filter(revision_id__gt=last).limit(BATCH):
        last = stale[-1].revision_id
        works = {f"render {row.revision_id}": partial(_renew, row.revision_id, site) for row in stale}
        renewed += sum([await tried(work, derive, FAILING) for work, derive in works.items()])
    return renewed


async def _renew(revision_id: str, site: str) -> bool:
    revision = await Revision.get(id=revision_id).select_related("article")
    derived = await rendering.derive(Document.parse(revision.body), await eyes_on(revision))
    async with in_transaction() as transaction:
        named = [revision.article_id]
        await Article.filter(id__in=named).select_for_update(no_key=True)
        before = await articles.shown(named, site)
        await keep(revision, derived)
        doing = Acting(site, at=await now())
        await record_all(await articles.altered(named, before, doing, Severity.ROUTINE), transaction)
    return True
