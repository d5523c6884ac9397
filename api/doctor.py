"""What an operator would want to know before readers do: each part looked at, and told in one plain sentence."""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from pathlib import Path
from smtplib import SMTPException
from typing import TYPE_CHECKING, Any

import asyncpg
import structlog
from tortoise.exceptions import OperationalError

from api import backups, database, figures, heartbeats, mail
from api.articles import shelf
from api.caching import replicas
from api.clinic import Clinic
from api.sql import Sql, rows
from api.syndication import purging

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from api.settings import Settings

OLDEST_POSTGRESQL = 150000
LITTLE_ROOM, TOO_LITTLE_ROOM = 1_000_000_000, 200_000_000  # bytes
CLOCK_ODD, CLOCK_WRONG = timedelta(seconds=5), timedelta(seconds=60)  # the site's signature holds for 60 s
BACKUP_OLD = timedelta(hours=26)
WORKER_GONE = timedelta(seconds=60)
SAFE = {"fsync": "on", "full_page_writes": "on"}
SETTINGS = """
SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
       current_setting('synchronous_commit') AS synchronous_commit,
       current_setting('server_version_num')::int AS version, clock_timestamp() AS now
"""
APPLIED = "SELECT name FROM tortoise_migrations"

log = structlog.get_logger(__name__)


class Level(IntEnum):
    """How bad it is; the highest is the exit code, as monitors know it."""

    OK = 0
    WARNING = 1
    CRITICAL = 2


@dataclass(frozen=True)
class Finding:
    """What is to be said of one part."""

    part: str
    level: Level
    sentence: str


async def examine(configured: Settings, url: str) -> list[Finding]:
    """Look at every part; the database's own come only when it can be reached."""
    found = [*_secrets(configured), *_disk(configured), *_backup(configured)]
    found += [*await _mail(configured), *await _purge(configured), *await _valkey(configured)]
    unreachable = await reach(url)
    if unreachable:
        return [unreachable, *found]
    await database.connect(url, connections=2)
    try:
        if missing := await _migrations():
            return [*await _settings(), missing, *found]
        looks: tuple[Callable[[], Awaitable[list[Finding]]], ...] = (_settings, _worker, _shelf)
        told = [finding for look in looks for finding in await look()]
        told += [*await _replicas(configured, url), *await _waiting(configured), *await _sample(configured)]
        return [*told, *found]
    finally:
        await database.disconnect()


async def tell_at_start(configured: Settings, unreachable: Finding | None = None) -> None:
    """Write into the log of a process that starts, and is connected, what could lose data or stops it from working."""
    for finding in [unreachable] if unreachable else await _at_start(configured):
        log.warning("not_well", part=finding.part, severity=finding.level.name, said=finding.sentence)


async def _at_start(configured: Settings) -> list[Finding]:
    missing = await _migrations()
    found = [*await _settings(), *([missing] if missing else []), *_disk(configured), *_secrets(configured)]
    return [finding for finding in found if finding.level is not Level.OK]


async def reach(url: str) -> Finding | None:
    """Try to connect; why that is not possible."""
    try:
        connection = await asyncpg.connect(**database.credentials(url), timeout=5)
        await connection.close()
    except asyncpg.InvalidPasswordError:
        return _critical("database", "The database refuses the password in DATABASE_URL: check it.")
    except asyncpg.InvalidCatalogNameError:
        return _critical(
            "database", "The database that DATABASE_URL names does not exist: create it, or check the name."
        )
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        said = str(error) or type(error).__name__
        return _critical("database", f"The database cannot be reached ({said}): check that it runs, and DATABASE_URL.")
    return None


async def _settings() -> list[Finding]:
    (said,) = await rows(Sql(SETTINGS))
    return [_keeping(said), _clock(abs(datetime.now(UTC) - said["now"]))]


def _keeping(said: Mapping[str, Any]) -> Finding:
    """Whether what is saved is still there after the power was off."""
    off = [name for name, wanted in SAFE.items() if said[name] != wanted]
    if said["synchronous_commit"] == "off":
        off.append("synchronous_commit")
    if off:
        sentence = f"PostgreSQL runs with {' and '.join(off)} off: what was saved can be lost. Turn it on."
        return _critical("database", sentence)
    if said["version"] < OLDEST_POSTGRESQL:
        return _critical("database", "PostgreSQL is older than 15: upgrade it.")
    return _ok("database", "PostgreSQL answers, and keeps what it was told to.")


async def _replicas(configured: Settings, url: str) -> list[Finding]:
    return [await _replica(url, replica) for replica in configured.replica_urls]


async def _replica(primary: str, replica: str) -> Finding:
    """The primary answers for a replica that cannot, so nothing here is worse than a warning but a wrong address."""
    given = database.credentials(replica, replicas.SETTING)
    place, meanwhile = f"The replica {given['host']}:{given['port']}", "readers are answered by the primary"
    try:
        async with replicas.both(primary, replica) as (first, second):
            state, seconds = await replicas.lag(first, second)
    except replicas.FAULTS as error:
        why = type(error).__name__
        return _warning("replica", f"{place} cannot be reached ({why}), {meanwhile}: see {replicas.SETTING}.")
    if state is replicas.State.LEVEL:
        return _ok("replica", f"{place} follows within {max(seconds, 0.001) * 1000:.0f} ms.")
    if state is replicas.State.STRANGE:
        return _critical("replica", f"{place} does not follow this database: correct {replicas.SETTING}.")
    if state is replicas.State.AHEAD:
        return _warning("replica", f"{place} has a clock that is ahead, {meanwhile}: set both by NTP.")
    return _warning("replica", f"{place} is more than {replicas.MOST_LAG:.0f} s behind, {meanwhile}: look at its log.")


def _clock(off: timedelta) -> Finding:
    seconds = round(off.total_seconds())
    sentence = f"This machine's clock and the database's are {seconds} s apart: set both by NTP."
    if off > CLOCK_WRONG:
        return _critical("clock", sentence)
    return _warning("clock", sentence) if off > CLOCK_ODD else _ok("clock", "The clocks agree.")


async def _migrations() -> Finding | None:
    known = {path.stem for path in (Path(__file__).parent / "migrations").glob("[0-9]*.py")}
    try:
        applied = {row["name"] for row in await rows(Sql(APPLIED))}
    except OperationalError:  # no tables at all
        applied = set()
    if missing := sorted(known - applied):
        return _critical("tables", f"The tables lack {len(missing)} changes: run `python -m api migrate`.")
    return None


async def _worker() -> list[Finding]:
    seen = await heartbeats.last()
    if seen and datetime.now(UTC) - seen < WORKER_GONE:
        return [_ok("worker", "A worker is at work.")]
    when = f"since {seen:%d %B %Y %H:%M} UTC" if seen else "yet"
    return [_critical("worker", f"No worker was seen {when}: start `python -m api worker`.")]


async def _shelf() -> list[Finding]:
    """Whether readers' lists by condition, treatment and practitioner say what the articles say."""
    found = await shelf.differences()
    if not found:
        return [_ok("shelf", "Lists by condition, treatment and practitioner agree with the articles.")]
    rows_of_it = f"it lacks {found.lacking} rows, has {found.surplus} too many"
    sentence = f"The shelf differs from the articles: {rows_of_it}, and counts {found.miscounted:+} articles"
    return [_critical("shelf", f"{sentence}. Restart `python -m api worker`: it fills it anew.")]


async def _waiting(configured: Settings) -> list[Finding]:
    found = await figures.read(configured.backup_dir)
    late, unsent = found.schedules_overdue, found.deliveries_overdue
    schedules = f"{late} scheduled articles wait to be settled: look at the worker."
    deliveries = f"{unsent} deliveries to webhooks are late: look at the worker."
    return [
        _critical("schedules", schedules) if late else _ok("schedules", "No schedule is overdue."),
        _critical("deliveries", deliveries) if unsent else _ok("deliveries", "No delivery is late."),
    ]


async def _mail(configured: Settings) -> list[Finding]:
    if configured.mail is None:
        return []
    place = f"{configured.mail.host}:{configured.mail.port}"
    try:
        await mail.greet(configured.mail)
    except (OSError, SMTPException) as error:
        return [_critical("mail", f"The mail server {place} does not take us ({type(error).__name__}): see SMTP_URL.")]
    return [_ok("mail", f"The mail server {place} takes us.")]


async def _purge(configured: Settings) -> list[Finding]:
    told = {url: await purging.answering(url, configured.secret_key) for url in configured.site_purge_urls}
    away = [
        _critical("purge", f"The site at {url} does not hear what changed ({why}): see SITE_PURGE_URLS and its log.")
        for url, why in told.items()
        if why
    ]
    return away or ([_ok("purge", "Every process of the site hears what changed.")] if told else [])


async def _valkey(configured: Settings) -> list[Finding]:
    """By what every process asks; each counts by itself meanwhile, so nothing here is worse than a warning."""
    if not configured.valkey_url:
        return []
    shared = importlib.import_module("api.web.graphql.shared")  # as the API does, only where there is one
    buckets = shared.Shared(url=configured.valkey_url, key=bytes(32))
    try:
        await buckets.ask(shared.TRIAL, 1, anyway=True)
    except shared.FAULTS as error:
        why = type(error).__name__
        sentence = f"Valkey does not share our buckets ({why}), each process counts by itself: see VALKEY_URL."
        return [_warning("valkey", sentence)]
    finally:
        await buckets.close()
    return [_ok("valkey", "Valkey shares the buckets of all processes.")]


async def _sample(configured: Settings) -> list[Finding]:
    clinic = await Clinic.first()
    if clinic and clinic.is_sample and configured.is_public:
        return [_critical("clinic", "The sample clinic stands on a public address: run `python -m api sample remove`.")]
    return [] if clinic else [_warning("clinic", "There is no clinic yet: open the site, and follow its checklist.")]


def _secrets(configured: Settings) -> list[Finding]:
    kept = configured.data_dir / "secret.key"
    if kept.exists() and kept.stat().st_mode & 0o077:
        return [_critical("secrets", f"Others can read {kept}: run `chmod 600 {kept}`.")]
    if configured.is_public and not configured.public_site_url.startswith("https://"):
        return [_warning("secrets", "PUBLIC_SITE_URL is not https: what readers send can be read on the way.")]
    return [_ok("secrets", "SECRET_KEY is long enough, and nobody else can read it.")]


def _disk(configured: Settings) -> list[Finding]:
    folder = configured.data_dir
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"\0" * 4096)
            trial.flush()
            os.fsync(trial.fileno())
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return [_critical("disk", f"DATA_DIR {folder} cannot be written ({error.strerror}): make room or give rights.")]
    told = f"{free / 1_000_000_000:.1f} GB are free for DATA_DIR."
    if free < TOO_LITTLE_ROOM:
        return [_critical("disk", f"{told} Make room now: PostgreSQL stops when the disk is full.")]
    return [_warning("disk", f"{told} Make room soon.") if free < LITTLE_ROOM else _ok("disk", told)]


def _backup(configured: Settings) -> list[Finding]:
    place = backups.newest(configured.backup_dir)
    if place is None:
        return [_warning("backup", f"There is no backup in {configured.backup_dir}: run `python -m api backup` daily.")]
    age = datetime.now(UTC) - backups.read(place).at
    hours = age.total_seconds() / 3600
    if age > BACKUP_OLD:
        return [_critical("backup", f"The newest backup is {hours:.0f} hours old: look at what runs it daily.")]
    return [_ok("backup", f"The newest backup is {hours:.0f} hours old.")]


def _ok(part: str, sentence: str) -> Finding:
    return Finding(part, Level.OK, sentence)


def _warning(part: str, sentence: str) -> Finding:
    return Finding(part, Level.WARNING, sentence)


def _critical(part: str, sentence: str) -> Finding:
    return Finding(part, Level.CRITICAL, sentence)
