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
from tests.benchmarks.questions import MANY
from tests.benchmarks.stage import ENDS, ends

if TYPE_CHECKING:
    from collections.abc import Callable

LOCKED = Path(__file__).parent / "peer"
FILES = ("package.json", "package-lock.json", ".npmrc", "server.js")
INSTALLED = ROOT / ".cache" / "peer"
PREPARE = """
SET LOCAL session_replication_role = replica;
DELETE FROM article WHERE live_id IS NULL;
DELETE FROM revision_condition USING condition WHERE condition_id = condition.id AND NOT is_published;
DELETE FROM revision_treatment USING treatment WHERE treatment_id = treatment.id AND NOT is_published;
DELETE FROM revision_author USING practitioner WHERE practitioner_id = practitioner.id AND NOT is_published;
SELECT fill_shelf();
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
LIST = """query List($after: String) {
  articles(first: 20, after: $after, orderBy: NEWEST) {
    totalCount
    pageInfo { hasNextPage }
    nodes { slug kind title summary conditions { name slug } }
  }
}"""
THEIR_LIST = """query List($after: Cursor) {
  allArticles(first: 20, after: $after, orderBy: [FIRST_PUBLISHED_AT_DESC, ROW_ID_DESC]) {
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


THEIR_ENDS = """query Ends($first: Int) {
  allArticles(first: $first, orderBy: [FIRST_PUBLISHED_AT_DESC, ROW_ID_DESC]) { pageInfo { endCursor } }
}"""


@dataclass(frozen=True)
class Asking:
    """The requests that ask both servers for the same, one by one."""

    ours: list[bytes]
    theirs: list[bytes]


@dataclass(frozen=True)
class Pair:
    """One question in both schemas, and what makes of their answer ours; `paged`: from each article on, by cursors."""

    name: str
    ours: str
    theirs: str
    translated: Callable[[dict[str, Any]], dict[str, Any]]
    paged: bool = False

    async def same(self, ours: Server, theirs: Server) -> tuple[Asking, bytes]:
        """What asks both, and one of our answers; refuses to go on unless every answer is the same in every field."""
        mine, others = await self._variables(ours, theirs)
        asking, answers = Asking([], []), []
        async with httpx.AsyncClient(timeout=60, headers={"content-type": "application/json"}) as client:
            for said, other in zip(mine, others, strict=True):
                sent = [orjson.dumps({"query": self.ours, "variables": said}),
                        orjson.dumps({"query": self.theirs, "variables": other})]  # fmt: skip
                answer = await client.post(f"{ours.url}/graphql", content=sent[0])
                self._check(answer.json(), (await client.post(f"{theirs.url}/graphql", content=sent[1])).json())
                asking.ours.append(load.post("/graphql", sent[0]))
                asking.theirs.append(load.post("/graphql", sent[1]))
                answers.append(answer.content)
        return asking, sorted(answers, key=len)[len(answers) // 2]

    async def _variables(self, ours: Server, theirs: Server) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        if not self.paged:
            slugs = [{"slug": f"copied-{number}"} for number in range(1, MANY)]
            return slugs, slugs
        mine, others = await ends(ours, ENDS, "articles"), await ends(theirs, THEIR_ENDS, "allArticles")
        return [{"after": cursor} for cursor in mine], [{"after": cursor} for cursor in others]

    def _check(self, mine: dict[str, Any], other: dict[str, Any]) -> None:
        for server, said in (("Meridian", mine), ("PostGraphile", other)):
            if "errors" in said:
                raise SystemExit(f"{self.name}: {server} says {said['errors'][0]['message']}")
        if differing := differences(mine["data"], self.translated(other["data"])):
            raise SystemExit(f"{self.name}: PostGraphile's content differs: {'; '.join(differing[:5])}")


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
    Pair("article page", PAGE, THEIR_PAGE, _page),
    Pair("list of 20", LIST, THEIR_LIST, _list, paged=True),
)
