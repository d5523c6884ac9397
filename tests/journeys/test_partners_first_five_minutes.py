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
    said = {"DATABASE_URL": database, "SECRET_KEY": "s" * 40, "DATA_DIR": str(tmp_path)}
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


def said_in_graphql(name: str) -> str:
    """The document of the text in which this name stands."""
    (found,) = [each for each in re.findall(r"^```graphql\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL) if name in each]
    return found


async def test_curl_python_and_javascript_mirror_what_is_live_and_hear_of_a_removal(served, tmp_path):
    articles = [await builders.live(f"Live {number}", f"Words {number}.") for number in range(3)]
    ids = {row.id for row in articles}
    key = await builders.key(await builders.partner())
    said = json.loads(run("sh", "-c", snippet("sh"), API=served.url, KEY=key))
    assert {node["articleId"] for node in said["data"]["changes"]["nodes"]} == ids

    python: dict = {}
    exec(snippet("python"), python)  # noqa: S102 - the document's own words
    script = tmp_path / "read.mjs"
    script.write_text(snippet("js") + "const [api, key, after, held] = JSON.parse(process.argv[2]);\n"
                      "const pages = new Map(held);\nconst end = await read(api, key, pages, after);\n"
                      "console.log(JSON.stringify([end, [...pages]]));\n")  # fmt: skip
    pages: dict[str, str] = {}
    with httpx.Client(base_url=served.url, headers={"authorization": f"Bearer {key}"}) as client:
        end = python["read"](client, pages)
        by_node = json.loads(run("node", str(script), json.dumps([served.url, key, None, []])))
        assert dict(by_node[1]) == pages
        assert set(pages) == ids
        assert "Words 0." in pages[articles[0].id]
        gone = withdrawing.TakeDown(UnpublishKind.GONE, "Over.")
        await withdrawing.unpublish(articles[0].id, None, gone, Acting(SITE))
        assert python["read"](client, pages, end) != end
    by_node = json.loads(run("node", str(script), json.dumps([served.url, key, *by_node])))
    assert set(dict(by_node[1])) == set(pages) == ids - {articles[0].id}


async def test_a_new_partner_rehearses_by_the_text_and_then_has_whole_articles_within_its_quota(served):
    await builders.clinic()
    article = await builders.live("Live", "Whole words.")
    partner = await builders.partner(active=False)
    python: dict = {}
    exec(snippet("python"), python)  # noqa: S102 - the document's own words
    pages: dict[str, str] = {}
    with httpx.Client(
        base_url=served.url, headers={"authorization": f"Bearer {await builders.key(partner)}"}
    ) as client:

        def ask(document: str, **variables: str) -> tuple[dict, httpx.Response]:
            answer = client.post("/graphql", json={"query": document, "variables": variables})
            assert "errors" not in answer.json(), answer.text
            return answer.json()["data"], answer

        end = python["read"](client, pages)
        assert pages == {article.id: None}
        for step in ("PUBLISH", "CORRECT", "RECALL"):
            done, _ = ask(said_in_graphql("rehearse(").replace("PUBLISH", step))
            assert done["rehearse"]["userErrors"] == []
            end = python["read"](client, pages, end)
        assert set(pages) == {article.id}
        listed, _ = ask(said_in_graphql("recalls(openOnly"))
        (recall,) = listed["viewer"]["partner"]["recalls"]["nodes"]
        done, _ = ask(said_in_graphql("acknowledgeRecall("), id=recall["id"])
        assert done["acknowledgeRecall"]["recall"] == {"status": "ACKNOWLEDGED", "partner": {"status": "ACTIVE"}}
        python["read"](client, pages)
        assert "Whole words." in pages[article.id]

        log, answer = ask(said_in_graphql("PartnerSync"), first=50)
        assert len(log["changes"]["nodes"]) == 1
        cost = answer.json()["extensions"]["cost"]["requested"]
        (told,) = re.findall(r"A page of 50 articles with `html` costs about ([\d,]+)", TEXT)
        assert round(cost, -2) == int(told.replace(",", ""))
        assert answer.headers["ratelimit-policy"] == f'"cost";q={partner.quota};w=60'
        held, answer = ask(said_in_graphql("quota {"))
        quota = held["viewer"]["partner"]["quota"]
        assert quota["limit"] == partner.quota
        assert quota["used"] + quota["remaining"] == partner.quota
        (left,) = re.findall(r'"cost";r=(\d+);t=\d+', answer.headers["ratelimit"])
        assert int(left) <= quota["remaining"] < quota["limit"]  # time empties the bucket while the answer is made
