"""Tells every process of the site which pages no longer hold, a few times a second, and up to when its word is good.

The site believes its kept pages for a moment after each word from here. When no word comes (no worker, no network) it
asks the API before it shows a page, so a lost call costs time and never shows what was withdrawn. What a site was told
is known here only: after a start, or after a call that failed, it is told to drop everything.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import orjson
import structlog

from api import sealing
from api.sql import Sql, rows

if TYPE_CHECKING:
    from collections.abc import Iterable

PATIENCE = 0.3
ANSWER_SECONDS = 3
MOST = 500
ACTS_LOOKED_BACK = 100  # ids of acts are given before their commits: one that comes late is still met
CHANGES = "SELECT id, kind, article_id, slug, moved_to FROM change WHERE id > ? ORDER BY id LIMIT ?"
REMOVED = "SELECT article_id, slug FROM change WHERE kind = 'REMOVE' AND at > now() - interval '25 hours'"
ACTS = """
SELECT entry.id, thing, comment.article_id FROM audit_entry AS entry LEFT JOIN comment ON comment.id = thing
 WHERE entry.id > ? ORDER BY entry.id
"""
NEWEST = (
    "SELECT coalesce((SELECT max(id) FROM change), 0) AS change, coalesce((SELECT max(id) FROM audit_entry), 0) AS act"
)
DUE = "SELECT extract(epoch FROM min(scheduled_for) - clock_timestamp()) * 1000 AS ahead FROM article"
KINDS = {
    "cnd": ("condition", "conditions"),
    "trt": ("treatment", "treatments"),
    "prc": ("practitioner", "practitioners"),
    "src": ("source", "sources"),
    "est": ("statement", "statements"),
}
# An article's acts reach readers as changes; of the others they see nothing.
QUIET = {
    "art", "dlv", "inv", "mbr", "pky", "prb", "pro", "prt", "rcl", "rev", "rlk", "rvw", "tok", "whk", "wvr",
}  # fmt: skip

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Word:
    """What is said at once to every site: tags of what changed, and of what may not be shown even as a copy."""

    at: int
    ahead: int | None
    tags: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    everything: bool = False


@dataclass
class Purger:
    """One worker's own position in the logs, and which sites may have missed a word."""

    urls: tuple[str, ...]
    key: bytes
    change: int = -1
    act: int = -1
    met: set[int] = field(default_factory=set)
    behind: set[str] = field(default_factory=set)

    async def tell(self) -> int:
        """Say what happened since the last word; count what changed."""
        at = time.time_ns() // 1_000_000
        if self.change < 0:
            await self._begin()
        word = await self._read(at)
        await self._say(word)
        return len(word.tags)

    async def _begin(self) -> None:
        newest = (await rows(Sql(NEWEST)))[0]
        self.change, self.act = int(newest["change"]), int(newest["act"])
        self.behind = set(self.urls)
        await self._things()

    async def _read(self, at: int) -> Word:
        due = (await rows(Sql(DUE)))[0]["ahead"]
        changes = await rows(Sql(CHANGES, (self.change, MOST)))
        things = await self._things()
        self.change = int(changes[-1]["id"]) if changes else self.change
        tags = {tag for row in changes for tag in of_article(row["article_id"], row["slug"], row["moved_to"])}
        gone = {f"article:{row['article_id']}" for row in changes if row["kind"] == "REMOVE"}
        touched = [of_thing(*thing) for thing in things]
        whole = len(changes) == MOST or any(each is None for each in touched)
        tags |= {tag for each in touched for tag in each or ()}
        ahead = None if due is None else max(0, int(due))
        return Word(at, ahead, frozenset(tags), frozenset(gone), whole)

    async def _things(self) -> list[tuple[str, str | None]]:
        """What was acted on since the last look, each act once; of a comment, below which article it stands."""
        found = await rows(Sql(ACTS, (max(0, self.act - ACTS_LOOKED_BACK),)))
        fresh = [row for row in found if row["id"] not in self.met]
        self.met = {row["id"] for row in found}
        self.act = max((row["id"] for row in found), default=self.act)
        return [(row["thing"], row["article_id"]) for row in fresh]

    async def _say(self, word: Word) -> None:
        whole = Word(word.at, word.ahead, word.tags, word.gone | await self._removed(), everything=True)
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False, follow_redirects=False) as client:
            await asyncio.gather(*(self._post(client, url, whole if url in self.behind else word) for url in self.urls))

    async def _removed(self) -> frozenset[str]:
        if not self.behind:
            return frozenset()
        return frozenset(f"article:{row['article_id']}" for row in await rows(Sql(REMOVED)))

    async def _post(self, client: httpx.AsyncClient, url: str, word: Word) -> None:
        body = encoded(word)
        try:
            answer = await client.post(f"{url}/_purge", content=body, headers=signed(self.key, body, int(time.time())))
            answer.raise_for_status()
        except httpx.HTTPError as error:
            if url not in self.behind:
                log.warning("site_not_told", url=url, error=type(error).__name__)
            self.behind.add(url)
        else:
            self.behind.discard(url)


def purger(urls: tuple[str, ...], secret_key: str) -> Purger:
    """Who tells these sites, with the key that they know."""
    return Purger(urls, sealing.derive(secret_key, "meridian/purge"))


async def answering(url: str, secret_key: str) -> str | None:
    """Say an empty word to a site, by which it drops nothing; why it was not taken in, None when it was."""
    body = orjson.dumps({"tags": []})
    headers = signed(sealing.derive(secret_key, "meridian/purge"), body, int(time.time()))
    try:
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False, follow_redirects=False) as client:
            status = (await client.post(f"{url}/_purge", content=body, headers=headers)).status_code
    except httpx.HTTPError as error:
        return type(error).__name__
    return None if status == httpx.codes.OK else f"HTTP {status}"


def of_article(article_id: str, slug: str, moved_to: str | None) -> Iterable[str]:
    """The tags of whatever shows this article or says that it is not there."""
    path = f"/articles/{slug}"
    yield from (f"article:{article_id}", f"article:slug:{slug}", f"slug:{slug}", f"route:{path}", "list:articles")
    if moved_to:
        yield f"route:{quote(httpx.URL(moved_to).path, safe='/')}"


def of_thing(thing: str, article_id: str | None = None) -> tuple[str, ...] | None:
    """The tags of what an act touched; None when it cannot be said what shows it, as with a comment that is erased."""
    prefix = thing.partition("_")[0]
    if article_id:
        return (f"article:{article_id}",)
    if prefix in QUIET:
        return ()
    if prefix == "cln":
        return ("clinic",)
    if prefix not in KINDS:
        return None
    one, many = KINDS[prefix]
    return (f"{one}:{thing}", f"list:{many}")


def encoded(word: Word) -> bytes:
    """The body of a call."""
    said = {"tags": sorted(word.tags), "gone": sorted(word.gone), "at": word.at, "ahead": word.ahead}
    return orjson.dumps(said | ({"all": True} if word.everything else {}))


def signed(key: bytes, body: bytes, now: int) -> dict[str, str]:
    """The headers of a call: when it was said, and a proof over that and the body."""
    proof = hmac.digest(key, f"{now}\n{sha256(body).hexdigest()}".encode(), sha256).hex()
    return {"Content-Type": "application/json", "Meridian-Purge": f"t={now},v1={proof}"}
