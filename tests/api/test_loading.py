"""What a process that serves has loaded when it has answered a reader, and what it has left alone."""

import sys
from pathlib import Path

import httpx
import orjson

from api import __main__ as shell
from tests import builders
from tests.api.web.edge_server import Server

SERVING = """
import gc, json, linecache, sys
from api.__main__ import main
code = main(["serve"])
told = {"modules": sorted(sys.modules), "sources": sorted(linecache.cache), "frozen": gc.get_freeze_count()}
print(json.dumps(told), file=sys.stderr)
sys.exit(code)
"""
ARTICLE = "{ articles(first: 1) { nodes { title } } }"
HEAVY = {
    "PIL": "draws pictures for links, in a thread, when somebody asks for the first",
    "valkey": "counts for several processes, where VALKEY_URL is set",
    "rich": "is for people at a shell",
    "pygments": "is for people at a shell",
    "api.background": "is the worker's",
    "api.launcher": "starts other processes",
    "api.media.decoding": "runs in a child, with Pillow",
    "api.migrations": "is the migrations', and their names are read from the folder",
    "api.pushing": "is a client of other Meridians",
    "api.sample": "is the sample clinic",
    "feedparser": "is the tests'",
    "hypothesis": "is the tests'",
}


async def test_a_serving_process_leaves_alone_what_readers_do_not_need(database: str, tmp_path: Path):
    await builders.live("Sleep")
    given = {"DATABASE_URL": database, "SECRET_KEY": "s" * 40, "DATA_DIR": str(tmp_path), "LOG_FORMAT": "json"}
    server = Server(tmp_path / "log", ("-c", SERVING), **given)
    async with httpx.AsyncClient(base_url=server.url) as client:
        answer = (await client.post("/graphql", json={"query": ARTICLE})).json()

    assert server.stop() == 0
    assert [node["title"] for node in answer["data"]["articles"]["nodes"]] == ["Sleep"]
    told = orjson.loads(server.log.read_text().splitlines()[-1])
    loaded = {name for module in told["modules"] for name in (module, module.partition(".")[0])}
    assert {"api.app", "schema.root", "tortoise", "lxml"} <= loaded
    assert loaded & HEAVY.keys() == set()
    assert [source for source in told["sources"] if "models" in source] == []
    assert told["frozen"] > 100_000


def test_what_is_hidden_while_loading_is_there_again_afterwards():
    before = {name: sys.modules.get(name) for name in ("rich", "httpx._main")}

    with shell._loading():
        assert sys.modules["httpx._main"] is None

    assert {name: sys.modules.get(name) for name in before} == before
