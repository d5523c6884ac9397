"""PostGraphile in front of the same tables: installed from its lock, asked the same, compared field by field.

The tables are a copy of their own: PostGraphile knows no drafts, so there are none, and it gets an index for its order.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import httpx
import orjson

from api import database as db
from api.bootstrap.node import install_node_packages, node_environment, node_program
from api.bootstrap.steps import ROOT
from tests.api.web.edge_server import Server
from tests.benchmarks import load

if TYPE_CHECKING:
    from collections.abc import Callable

LOCKED = Path(__file__).parent / "peer"
FILES = ("package.json", "package-lock.json", ".npmrc", "server.js")
INSTALLED = ROOT / ".cache" / "peer"
PREPARE = """
SET LOCAL session_replication_role = replica;
DELETE FROM article WHERE live_id IS NULL;
CREATE INDEX ON article (first_published_at DESC, id DESC);
"""
PAGE = """query Page($slug: String!) {
  article(by: {slug: $slug}) {
    slug kind language title summary
    body { html }
    authors { name slug }
    conditions { name slug }
    treatments { name slug }
    disclaimers { title text }
  }
}"""
THEIR_PAGE = """query Page($slug: String!) {
  articleBySlug(slug: $slug) {
    slug kind language
    revisionByLiveId {
      title summary
      renderingByRevisionId { html }
      revisionAuthorsByRevisionId(orderBy: POSITION_ASC) { nodes { practitionerByPractitionerId { name slug } } }
      revisionConditionsByRevisionId(orderBy: POSITION_ASC) { nodes { conditionByConditionId { name slug } } }
      revisionTreatmentsByRevisionId(orderBy: POSITION_ASC) { nodes { treatmentByTreatmentId { name slug } } }
      revisionDisclaimersByRevisionId(orderBy: POSITION_ASC) { nodes { disclaimerByDisclaimerId { title text } } }
    }
  }
}"""
LIST = """query List {
  articles(first: 20, orderBy: NEWEST) {
    totalCount
    pageInfo { hasNextPage }
    nodes { slug kind title summary conditions { name slug } }
  }
}"""
THEIR_LIST = """query List {
  allArticles(first: 20, orderBy: [FIRST_PUBLISHED_AT_DESC, ROW_ID_DESC]) {
    totalCount
    pageInfo { hasNextPage }
    nodes {
      slug kind
      revisionByLiveId {
        title summary
        revisionConditionsByRevisionId(orderBy: POSITION_ASC) { nodes { conditionByConditionId { name slug } } }
      }
    }
  }
}"""


@dataclass(frozen=True)
class Pair:
    """One question in both schemas, and what makes of their answer ours."""

    name: str
    ours_asked: str
    theirs_asked: str
    translated: Callable[[dict[str, Any]], dict[str, Any]]
    variables: tuple[tuple[str, str], ...] = ()

    def ours(self) -> bytes:
        return load.post("/graphql", self._body(self.ours_asked))

    def theirs(self) -> bytes:
        return load.post("/graphql", self._body(self.theirs_asked))

    async def same(self, ours: Server, theirs: Server) -> bytes:
        """Our answer; raises unless theirs says the same in every field."""
        async with httpx.AsyncClient(timeout=60, headers={"content-type": "application/json"}) as client:
            mine = await client.post(f"{ours.url}/graphql", content=self._body(self.ours_asked))
            other = await client.post(f"{theirs.url}/graphql", content=self._body(self.theirs_asked))
        data, said = mine.json()["data"], other.json()
        if "errors" in said:
            raise SystemExit(f"{self.name}: PostGraphile says {said['errors'][0]['message']}")
        if differing := differences(data, self.translated(said["data"])):
            raise SystemExit(f"{self.name}: PostGraphile's content differs: {'; '.join(differing[:5])}")
        return mine.content

    def _body(self, query: str) -> bytes:
        return orjson.dumps({"query": query, "variables": dict(self.variables)})


class Peer(Server):
    """PostGraphile in one process of Node, in its production mode."""

    def __init__(self, folder: Path, url: str) -> None:
        install()
        self.database = url
        super().__init__(folder / "peer.log", ("-c", "pass"))

    def _wait(self) -> None:
        self.process.wait()
        command = (str(node_program()), str(INSTALLED / "server.js"), self.database, str(self.port))
        told = node_environment() | {"GRAPHILE_ENV": "production", "NODE_ENV": "production"}
        with self.log.open("wb") as file:
            self.process = subprocess.Popen(command, env=told, stdout=file, stderr=file)
        super()._wait()


def install() -> None:
    """Install what the lock names into the cache, unless that was done with this very lock."""
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy2(LOCKED / name, INSTALLED / name)
    install_node_packages(INSTALLED)


async def prepare(url: str) -> None:
    """Leave what everybody may see, and nothing else."""
    connection = await asyncpg.connect(**db.credentials(url))
    async with connection.transaction():
        await connection.execute(PREPARE)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


def differences(ours: object, theirs: object, where: str = "data") -> list[str]:
    """Every field in which two answers differ, by its path."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        names = [*ours, *(name for name in theirs if name not in ours)]
        return [one for name in names for one in differences(ours.get(name), theirs.get(name), f"{where}.{name}")]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [
            one
            for place, (mine, other) in enumerate(zip(ours, theirs, strict=True))
            for one in differences(mine, other, f"{where}[{place}]")
        ]
    return [] if ours == theirs else [f"{where}: {ours!r:.80} is {theirs!r:.80} there"]


def _linked(revision: dict[str, Any], links: str, entry: str) -> list[dict[str, Any]]:
    return [node[entry] for node in revision[links]["nodes"]]


def _conditions(revision: dict[str, Any]) -> list[dict[str, Any]]:
    return _linked(revision, "revisionConditionsByRevisionId", "conditionByConditionId")


def _page(data: dict[str, Any]) -> dict[str, Any]:
    found = dict(data["articleBySlug"])
    revision = found.pop("revisionByLiveId")
    return {
        "article": found
        | {name: revision[name] for name in ("title", "summary")}
        | {
            "body": {"html": revision["renderingByRevisionId"]["html"]},
            "authors": _linked(revision, "revisionAuthorsByRevisionId", "practitionerByPractitionerId"),
            "conditions": _conditions(revision),
            "treatments": _linked(revision, "revisionTreatmentsByRevisionId", "treatmentByTreatmentId"),
            "disclaimers": _linked(revision, "revisionDisclaimersByRevisionId", "disclaimerByDisclaimerId"),
        }
    }


def _list(data: dict[str, Any]) -> dict[str, Any]:
    found = dict(data["allArticles"])
    nodes = []
    for each in found["nodes"]:
        revision = each["revisionByLiveId"]
        own = {name: each[name] for name in ("slug", "kind")} | {name: revision[name] for name in ("title", "summary")}
        nodes.append(own | {"conditions": _conditions(revision)})
    return {"articles": found | {"nodes": nodes}}


PAIRS = (
    Pair("article page", PAGE, THEIR_PAGE, _page, (("slug", "copied-8"),)),
    Pair("list of 20", LIST, THEIR_LIST, _list),
)
