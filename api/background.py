"""The worker: what is done beside the requests, until somebody stops it. Several may run; each duty is idempotent."""

import asyncio
import contextlib
import faulthandler
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from api import attempts, changes, erasures, heartbeats, idempotency, letters, mail, paging, sealing, views
from api.accounts import failures, invitations, tokens
from api.articles import shelf
from api.comments import erasing as comments
from api.comments import learning
from api.media.sweeping import sweep
from api.outbound import Outbound
from api.publishing import rerendering
from api.publishing.rechecking import judge_drafts, recheck, recheck_schedules
from api.publishing.schedule import settle_due
from api.settings import Settings
from api.syndication import claims, copies, looking, recalls
from api.syndication.feeds import Reach
from api.syndication.purging import purger
from api.syndication.webhooks import noticing, outbox, signing
from api.syndication.webhooks.delivering import Courier, Keys
from api.syndication.websub import subscribing
from api.syndication.websub.distributing import Distributor
from api.syndication.websub.verifying import Verifier

LONGEST_STRETCH = 120.0
"""Seconds in which a worker must come round to its other duties."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Duty:
    """Something that is done again and again; it tells how much there was to do, and comes to an end by `end`."""

    name: str
    seconds: float
    act: Callable[[], Awaitable[int]]
    end: Callable[[], Awaitable[None]] | None = None


def duties(configured: Settings) -> tuple[Duty, ...]:
    """What there is to do, and how often."""

    async def sweep_pictures() -> int:
        swept = await sweep(configured.media_dir)
        return len(swept.assets) + len(swept.files)

    server = configured.mail
    outbound = Outbound(allow_loopback=configured.outbound_loopback, ports=configured.outbound_ports)

    async def hand_over() -> int:
        return await mail.deliver(server) if server else 0

    by_mail = (
        Duty("letters_written", 60, lambda: letters.write(configured.public_site_url)),
        Duty("letters_sent", 5, hand_over),
    )
    return (
        Duty("schedules_settled", 1, lambda: settle_due(configured.public_site_url)),
        Duty("gate_asked_again", 30, recheck),
        Duty("heartbeat", 15, heartbeats.beat),
        Duty("erasures_listed", 10, lambda: erasures.append(configured.backup_dir)),
        Duty("schedules_cancelled", 30, lambda: recheck_schedules(configured.public_site_url)),
        Duty("drafts_judged", 5, judge_drafts),
        Duty("renderings_renewed", 60, lambda: rerendering.renew(configured.public_site_url)),
        Duty("pictures_swept", 3600, sweep_pictures),
        Duty("shelf_mended", 3600, shelf.mend),
        Duty("views_counted", 300, views.count_days),
        Duty("log_followed_for_recalls", 1, recalls.follow),
        Duty("recalls_breached", 30, lambda: recalls.breach(datetime.now(UTC))),
        Duty("forgotten", 3600, lambda: forget(configured.secret_key)),
        Duty("comments_weighed", 15, lambda: learning.study(configured.secret_key, datetime.now(UTC))),
        *(by_mail if server else ()),
        Duty("copies_looked_at", 300, lambda: looking.look(outbound, datetime.now(UTC))),
        *_webhooks(courier(configured, outbound)),
        *_hub(configured, outbound),
        *_purging(configured),
    )


def _webhooks(courier: Courier) -> tuple[Duty, ...]:
    """What webhooks need: to be served, and to be told what editors want to know."""
    return (
        Duty("webhooks_served", 0.25, courier.turn, courier.end),
        Duty("editors_told", 2, lambda: noticing.notice(noticing.OFTEN)),
        Duty("reviews_told", 600, lambda: noticing.notice(noticing.SELDOM)),
    )


def _hub(configured: Settings, outbound: Outbound) -> tuple[Duty, ...]:
    """What subscribers of feeds need: to be asked whether they are, and to be sent what is new."""
    seals, hides = (sealing.derive(configured.secret_key, each) for each in (paging.PURPOSE, subscribing.PURPOSE))
    reach = Reach(configured.public_site_url, seals, None, configured.public_feeds == "full", configured.hub)
    verifier, distributor = Verifier(outbound, reach), Distributor(outbound, reach, hides)
    return (
        Duty("subscriptions_verified", 0.25, verifier.turn, verifier.end),
        Duty("feeds_distributed", 0.5, distributor.turn, distributor.end),
    )


def courier(configured: Settings, outbound: Outbound) -> Courier:
    """Who takes deliveries to webhooks in this deployment."""
    signs, seals = (sealing.derive(configured.secret_key, each) for each in (signing.PURPOSE, paging.PURPOSE))
    return Courier(outbound, Keys(signs, seals))


def _purging(configured: Settings) -> tuple[Duty, ...]:
    if not configured.site_purge_urls:
        return ()
    return (Duty("pages_purged", 0.2, purger(configured.site_purge_urls, configured.secret_key).tell),)


async def work(wanted: tuple[Duty, ...]) -> None:
    """Do each duty at its pace until SIGTERM or Ctrl-C; one that fails is logged and tried again at its next turn."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await asyncio.gather(_watched(stopped), *(_repeat(duty, stopped) for duty in wanted))


async def _watched(stopped: asyncio.Event) -> None:
    """End the process, with what it was doing on standard error, when one duty keeps all others waiting for too long.

    Who started the worker starts it again; what it had in hand is passed over the fourth time (api/attempts.py).
    """
    try:
        while not stopped.is_set():
            faulthandler.dump_traceback_later(LONGEST_STRETCH, exit=True)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_STRETCH / 10):
                    await stopped.wait()
    finally:
        faulthandler.cancel_dump_traceback_later()


async def forget(secret: str) -> int:
    """Drop what is kept for a while only: used keys, old tokens, links, counts of failures, deliveries."""
    now = datetime.now(UTC)
    accounts = (tokens.forget, invitations.forget, failures.forget)
    partners = (claims.forget, copies.forget, outbox.forget, noticing.forget, subscribing.forget)
    told = (changes.forget, letters.forget, mail.forget, heartbeats.forget, attempts.forget)
    rooms = (*accounts, *partners, *told, idempotency.forget)
    return sum([await each(now) for each in rooms]) + await comments.forget(now, secret)


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
    if duty.end:
        await duty.end()
