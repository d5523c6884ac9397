"""The snippets of docs/syndication.md, run as they stand there against a real server."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.articles.models import UnpublishKind
from api.publishing import withdrawing
from api.publishing.acting import Acting
from tests import builders
from tests.api.web.edge_server import WHOLE, Server
from tests.asking import ROOT, SITE

TEXT = (ROOT / "docs" / "syndication.md").read_text()
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def snippet(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    return found


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Server]:
    said = {"DATABASE_URL": database, "SECRET_KEY": "s" * 40, "DATA_DIR": str(tmp_path), "PUBLIC_FEEDS": "full"}
    running = Server(tmp_path / "log", WHOLE, **said)
    yield running
    running.stop()


def run(name: str, *arguments: str, **environment: str) -> str:
    found = shutil.which(name, path=PATH)
    if not found:
        pytest.skip(f"{name} is not installed.")
    command = [found, *arguments]
    return subprocess.run(
        command, env={**os.environ, **environment}, check=True, capture_output=True, text=True, timeout=60
    ).stdout


async def test_curl_python_and_javascript_mirror_what_is_live_and_hear_of_a_removal(served, tmp_path):
    articles = [await builders.live(f"Live {number}", f"Words {number}.") for number in range(3)]
    ids = {row.id for row in articles}
    curl = snippet("sh").replace('-H "Authorization: Bearer $KEY" ', "")
    said = json.loads(run("sh", "-c", curl, API=served.url))
    assert {node["articleId"] for node in said["data"]["changes"]["nodes"]} == ids

    python: dict = {}
    exec(snippet("python"), python)  # noqa: S102 - the document's own words
    script = tmp_path / "read.mjs"
    script.write_text(snippet("js") + "const [api, after, held] = JSON.parse(process.argv[2]);\n"
                      "const pages = new Map(held);\nconst end = await read(api, '', pages, after);\n"
                      "console.log(JSON.stringify([end, [...pages]]));\n")  # fmt: skip
    pages: dict[str, str] = {}
    with httpx.Client(base_url=served.url) as client:
        end = python["read"](client, pages)
        by_node = json.loads(run("node", str(script), json.dumps([served.url, None, []])))
        assert dict(by_node[1]) == pages
        assert set(pages) == ids
        assert "Words 0." in pages[articles[0].id]
        gone = withdrawing.TakeDown(UnpublishKind.GONE, "Over.")
        await withdrawing.unpublish(articles[0].id, None, gone, Acting(SITE))
        assert python["read"](client, pages, end) != end
    by_node = json.loads(run("node", str(script), json.dumps([served.url, *by_node])))
    assert set(dict(by_node[1])) == set(pages) == ids - {articles[0].id}
