"""What a mutation costs, against a bare one-row INSERT and COMMIT through the same driver in the same run.

Run by `python -m tests.benchmarks.writes [ROUNDS]`. It makes a database of its own with the sample clinic, and a real
server. The three are timed in turns, so that whatever else the machine does falls on all of them alike: the bare
insert, createArticle with 7 relations, publishArticle of a text with 20 citations. The mutations are timed twice: as
the schema executes them in this process (their documents are parsed once, as the endpoint does it), and as a program
sends them over HTTP.
"""

import argparse
import asyncio
import functools
import http.client
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
from graphql import DocumentNode, parse

from api import database as db
from api import ids, postgres
from api.accounts.viewer import Role, Viewer
from api.sample import loading
from tests import deskwork, people
from tests.api.web.edge_server import WHOLE, Server
from tests.asking import SITE, Statements, ask, crawl
from tests.builders import viewer as viewer_with

BARS = {"create": 4, "publish": 15}
ROUNDS = 60
CITATIONS = 20
KNOWN = """{ conditions(first: 2) { nodes { id } } treatments(first: 1) { nodes { id } }
  practitioners(first: 2) { nodes { id } } sources(first: 60) { nodes { key status studyDesign } }
  article(by: {slug: "neck-pain-and-acupuncture"}) { disclaimers { id } heroImage { id } } }"""
CREATE = "createArticle"
PUBLISH = "publishArticle"
BARE = "INSERT INTO bare (said) VALUES ($1)"


class Clinic:
    """The sample clinic, an editor of it, and the texts that are written and published."""

    def __init__(self, known: dict[str, Any], editor: Viewer, reviewer: Viewer, token: str) -> None:
        self.editor, self.reviewer, self.token = editor, reviewer, token
        self.sources = [each["key"] for each in known["sources"]["nodes"] if usable(each)][:CITATIONS]
        assert len(self.sources) == CITATIONS
        self.relations = {
            "authors": [each["id"] for each in known["practitioners"]["nodes"]],
            "conditions": [each["id"] for each in known["conditions"]["nodes"]],
            "treatments": [each["id"] for each in known["treatments"]["nodes"]],
            "disclaimers": [known["article"]["disclaimers"][0]["id"]],
            "heroImage": known["article"]["heroImage"]["id"],
        }
        assert sum(len(each) if isinstance(each, list) else 1 for each in self.relations.values()) == 7

    def new(self) -> dict[str, Any]:
        """An article with seven relations."""
        title = f"A short word {ids.new('x')[-10:]}"
        text = {"title": title, "summary": "What one trial found.", "body": {"markdown": deskwork.BODY}}
        return text | self.relations

    async def approved(self) -> dict[str, Any]:
        """What publishes an approved article of twenty citations."""
        cited = "\n\n".join(f"This was looked at before [@{key}], with a sham or without." for key in self.sources)
        body = f"{cited}\n\n## When to get help\n\nSee a doctor if the pain does not ease after a few weeks.\n"
        article = await deskwork.submitted(self.editor, body=body, title=f"Twenty works {ids.new('x')[-10:]}")
        article = await deskwork.decided(article, by=self.reviewer)
        return {"id": article["id"], "expectedVersion": article["version"]}


def usable(source: dict[str, Any]) -> bool:
    return source["status"] == "OK" and source["studyDesign"] != "MECHANISM"


class Sending:
    """One connection to the server that stays open, as a program keeps it."""

    def __init__(self, server: Server, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        self.headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}

    def send(self, verb: str, said: dict[str, Any]) -> None:
        sent = {"query": deskwork.mutation(verb, deskwork.PAYLOAD), "variables": {"input": said}}
        self.connection.request("POST", "/graphql", json.dumps(sent), self.headers)
        answer = json.loads(self.connection.getresponse().read())
        assert answer["data"][verb]["userErrors"] == [], answer


class Times:
    """Milliseconds by name."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = {}

    async def time(self, name: str, act: Callable[[], Awaitable[object]]) -> None:
        began = time.perf_counter()
        await act()
        self.taken.setdefault(name, []).append(1_000 * (time.perf_counter() - began))

    def median(self, name: str) -> float:
        return statistics.median(self.taken[name])


async def measure(url: str, folder: Path, rounds: int) -> Times:
    """Time everything in turns, after a few turns that only warm it up."""
    clinic = await scene(url, folder)
    said = {"DATABASE_URL": url, "DATA_DIR": str(folder), "SECRET_KEY": people.SECRET_KEY}
    server = Server(folder / "log", WHOLE, **said)
    bare = await asyncpg.connect(**db.credentials(url), server_settings=db.GUARDS)
    await bare.execute("CREATE TABLE bare (id bigserial PRIMARY KEY, said text NOT NULL)")
    try:
        sending = Sending(server, clinic.token)
        await turns(clinic, sending, bare, 10)
        await told(clinic)
        return await turns(clinic, sending, bare, rounds)
    finally:
        await bare.close()
        server.stop()


async def turns(clinic: Clinic, sending: Sending, bare: asyncpg.Connection, rounds: int) -> Times:
    times = Times()

    async def insert() -> None:
        async with bare.transaction():
            await bare.execute(BARE, "said")

    for _ in range(rounds):
        here, there = await clinic.approved(), await clinic.approved()
        for _ in range(3):
            await times.time("bare", insert)
        await times.time("autocommit", lambda: bare.execute(BARE, "said"))
        await times.time("create, schema", lambda: executed(clinic, CREATE, clinic.new()))
        await times.time("create, HTTP", lambda: over_http(sending, CREATE, clinic.new()))
        await times.time("publish, schema", lambda said=here: executed(clinic, PUBLISH, said))
        await times.time("publish, HTTP", lambda said=there: over_http(sending, PUBLISH, said))
    return times


async def executed(clinic: Clinic, verb: str, said: dict[str, Any]) -> None:
    found = await crawl(prepared(verb), clinic.editor, input=said)
    assert found[verb]["userErrors"] == [], found


@functools.cache
def prepared(verb: str) -> DocumentNode:
    """The document as the endpoint keeps it: parsed once, however often it is sent."""
    return parse(deskwork.mutation(verb, deskwork.PAYLOAD))


async def over_http(sending: Sending, verb: str, said: dict[str, Any]) -> None:
    sending.send(verb, said)


async def told(clinic: Clinic) -> None:
    """Say how many statements each takes."""
    for verb, said in ((CREATE, clinic.new()), (PUBLISH, await clinic.approved())):
        with Statements() as statements:
            await executed(clinic, verb, said)
        print(f"{verb}: {len(statements)} statements")


async def scene(url: str, folder: Path) -> Clinic:
    await loading.load(folder / "media", SITE)
    member = await people.member(Role.EDITOR, password=None, email="times@clinic.example")
    editor = viewer_with(Role.EDITOR, member=member.id)
    return Clinic(await ask(KNOWN, editor), editor, await deskwork.reviewer(), await people.token(member))


def report(times: Times) -> bool:
    """Print the medians as multiples of the bare insert; whether every bar holds, through the schema and over HTTP."""
    bare = times.median("bare")
    print(f"bare INSERT + COMMIT: {bare:.2f} ms (autocommit: {times.median('autocommit'):.2f} ms)")
    held = True
    for verb, bar in BARS.items():
        for layer in ("schema", "HTTP"):
            median = times.median(f"{verb}, {layer}")
            held = held and median <= bar * bare
            print(f"{verb}, {layer}: {median:.2f} ms, {median / bare:.1f} × (bar {bar} ×)")
    return held


async def whole(rounds: int) -> bool:
    with tempfile.TemporaryDirectory(prefix="meridian-writes-") as name:
        folder = Path(name)
        with postgres.running(folder) as url:
            await db.migrate(url)
            await db.connect(url)
            try:
                return report(await measure(url, folder, rounds))
            finally:
                await db.disconnect()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=ROUNDS)
    return 0 if asyncio.run(whole(parser.parse_args(arguments).rounds)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
