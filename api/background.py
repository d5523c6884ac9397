"""The worker: what is done beside the requests, until somebody stops it. Several may run; each step is idempotent."""

import asyncio
import signal

import structlog
from tortoise.transactions import in_transaction

from api.articles import rendering
from api.articles.editing import keep
from api.articles.models import Rendering, Revision
from api.documents import Document

PAUSE = 60.0
BATCH = 50

log = structlog.get_logger(__name__)


async def work() -> None:
    """Do what there is to do, again every minute, until SIGTERM or Ctrl-C."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    while not stopped.is_set():
        if renewed := await renew_renderings():
            log.info("renderings_renewed", count=renewed)
        try:
            async with asyncio.timeout(PAUSE):
                await stopped.wait()
        except TimeoutError:
            continue


async def renew_renderings() -> int:
    """Derive anew what an older renderer derived; the revisions themselves stay as they are."""
    renewed = 0
    while stale := await Rendering.filter(renderer_version__lt=rendering.RENDERER_VERSION).limit(BATCH):
        for row in stale:
            revision = await Revision.get(id=row.revision_id)
            derived = await rendering.derive(Document.parse(revision.body))
            async with in_transaction():
                await keep(revision, derived)
            renewed += 1
    return renewed
