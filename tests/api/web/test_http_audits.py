"""The 61 audits of graphql-http, against a real server."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from edge_server import WHOLE, Server

AUDIT = Path(__file__).parent / "audit"
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


@pytest.fixture(scope="module")
def audits() -> Path:
    if not (AUDIT / "node_modules/graphql-http").is_dir():
        run("npm", "ci", "--ignore-scripts")
    return AUDIT / "audit.js"


@pytest.fixture
def whole(sample: str, tmp_path: Path) -> Iterator[Server]:
    """Serve the whole product with the sample clinic."""
    secret = "s" * 40
    running = Server(tmp_path / "log", WHOLE, DATABASE_URL=sample, SECRET_KEY=secret, DATA_DIR=str(tmp_path))
    yield running
    running.stop()


def run(name: str, *arguments: str) -> str:
    """Run node or npm: the one beside this Python first, where `make` puts them."""
    found = shutil.which(name, path=PATH)
    if not found:
        pytest.skip(f"{name} is not installed: `make test` installs it.")
    environment = {**os.environ, "PATH": PATH}
    command = [found, *arguments]
    return subprocess.run(command, cwd=AUDIT, env=environment, check=True, capture_output=True, text=True).stdout


def verdicts(audits: Path, server: Server) -> list[tuple[str, str]]:
    results = json.loads(run("node", str(audits), f"{server.url}/graphql"))
    return [(result["status"], f"{result['name']}: {result.get('reason')}") for result in results]


def test_all_61_pass_at_the_edge(served: Server, audits: Path):
    found = verdicts(audits, served)

    assert [told for status, told in found if status != "ok"] == []
    assert Counter(status for status, _ in found) == {"ok": 61}


def test_all_61_pass_in_the_whole_product(whole: Server, audits: Path):
    found = verdicts(audits, whole)

    assert [told for status, told in found if status != "ok"] == []
    assert Counter(status for status, _ in found) == {"ok": 61}
