"""One partner reads the whole clinic over HTTP by its key, page by page, as the example partner asks.

It has the quota that every new partner has; what it was sent is written down on the way.
"""

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import builders
from tests.api.web.edge_server import WHOLE, Server
from tests.asking import ROOT
from tests.benchmarks.filling import TEMPLATES, seed

ARTICLES = int(os.environ.get("SYNC_ARTICLES", "10000"))
OPERATION = (ROOT / "examples" / "partner" / "sync.graphql").read_text().strip()
DOCUMENT = f"sha256:{hashlib.sha256(OPERATION.encode()).hexdigest()}"
SECONDS, MEGABYTES = 60, 50


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Server]:
    settings = {"DATABASE_URL": database, "SECRET_KEY": "s" * 40, "DATA_DIR": str(tmp_path)}
    running = Server(tmp_path / "log", WHOLE, **settings)
    yield running
    running.stop()


def cpu(served: Server) -> float:
    """Seconds of CPU that the API has used."""
    told = Path(f"/proc/{served.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def read(client: httpx.Client, after: str | None) -> dict:
    asked = {"documentId": DOCUMENT, "variables": {"after": after, "first": 100}}
    said = client.post("/graphql", json=asked).json()
    assert "errors" not in said, said
    return said["data"]["changes"]


@pytest.mark.soak
async def test_a_full_sync_of_ten_thousand_articles_takes_a_minute_at_most_and_little_memory(
    database, served, record_property
):
    key = {"authorization": f"Bearer {await builders.key(await builders.partner())}"}
    await seed(database, ARTICLES)
    with httpx.Client(base_url=served.url, timeout=30, headers=key) as client:
        read(client, None)
        before, largest, after, found, size = served.memory, 0, None, set(), 0
        began, worked = time.monotonic(), cpu(served)
        while True:
            page = read(client, after)
            found |= {node["articleId"] for node in page["nodes"] if node["article"]["syndication"]["html"]}
            size += sum(len(node["article"]["syndication"]["html"]) for node in page["nodes"])
            largest = max(largest, served.memory)
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        seconds, more = time.monotonic() - began, (largest - before) / 1e6
        worked = cpu(served) - worked
    read_in = f"{seconds:.1f} s, CPU of the API {worked:.1f} s, memory +{more:.1f} MB"
    told = f"{len(found)} articles, {size / 1e6:.0f} MB of HTML: {read_in}"
    record_property("full sync", told)
    print(told)
    assert len(found) == ARTICLES + TEMPLATES
    assert seconds <= SECONDS
    assert more <= MEGABYTES
