"""The worker: what is done beside the requests, until somebody stops it. Several may run; each duty is idempotent."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from tortoise.transactions import in_transaction

from api import idempotency
from api.accounts import failures, invitations, tokens
from api.articles import rendering
from api.articles.editing import keep
from api.articles.models import Rendering, Revision
from api.comments import erasing as comments
from api.documents import Document
from api.media.sweeping import sweep
from api.publishing.rechecking import recheck
from api.publishing.schedule import settle_due
from api.settings import Settings

BATCH = 50

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Duty:
    """Something that is done again and again; it tells how much there was to do."""

    name: str
    seconds: float
    act: Callable[[], Awaitable[int]]


def duties(configured: Settings) -> tuple[Duty, ...]:
    """What there is to do, and how often."""

    async def sweep_pictures() -> int:
        swept = await sweep(configured.media_dir)
        return len(swept.assets) + len(swept.files)

    return (
        Duty("schedules_settled", 1, lambda: settle_due(configured.public_site_url)),
        Duty("gate_asked_again", 30, recheck),
        Duty("renderings_renewed", 60, renew_renderings),
        Duty("pictures_swept", 3600, sweep_pictures),
        Duty("forgotten", 3600, forget),
    )


async def work(wanted: tuple[Duty, ...]) -> None:
    """Do each duty at its pace until SIGTERM or Ctrl-C; one that fails is logged and tried again at its next turn."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await asyncio.gather(*(_repeat(duty, stopped) for duty in wanted))


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


async def forget() -> int:
    """Drop what is kept for a while only: used keys, old tokens, links, counts of failures, comments."""
    now = datetime.now(UTC)
    rooms = (idempotency.forget, tokens.forget, invitations.forget, failures.forget, comments.forget)
    return sum([await each(now) for each in rooms])


async def _repeat(duty: Duty, stopped: asyncio.Event) -> None:
    while not stopped.is_set():
        try:
            if done := await duty.act():
                log.info(duty.name, count=done)
        except Exception as error:
            log.warning("duty_failed", duty=duty.name, exc_info=error)
        try:
            async with asyncio.timeout(duty.seconds):
                await stopped.wait()
        except TimeoutError:
            continue
