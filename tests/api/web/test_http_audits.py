"""The 61 audits of graphql-http, against a real server."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from edge_server import Server

AUDIT = Path(__file__).parent / "audit"


PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def run(name: str, *arguments: str) -> str:
    """Run node or npm: the one beside this Python first, where the launcher puts them."""
    found = shutil.which(name, path=PATH)
    if not found:
        pytest.skip(f"{name} is not installed: `make test` installs it.")
    environment = {**os.environ, "PATH": PATH}
    answer = subprocess.run([found, *arguments], cwd=AUDIT, env=environment, check=True, capture_output=True, text=True)
    return answer.stdout


@pytest.fixture(scope="module")
def audits() -> Path:
    if not (AUDIT / "node_modules/graphql-http").is_dir():
        run("npm", "ci", "--ignore-scripts")
    return AUDIT / "audit.js"


def test_all_61_audits_of_graphql_over_http_pass(server: Server, audits: Path):
    results = json.loads(run("node", str(audits), f"{server.url}/graphql"))

    assert [result for result in results if result["status"] != "ok"] == []
    assert Counter(result["status"] for result in results) == {"ok": 61}
