"""What is asked in exactly the same way again is not read again: answer and asker are looked at anew."""

import json

from api.clinic import Clinic
from tests import builders
from tests.api.caching.programs import running
from tests.asking import ROOT

MANIFEST = json.loads((ROOT / "schema" / "operations.json").read_text())
CLINIC = {"documentId": next(key for key, text in MANIFEST.items() if text.startswith("query ClinicPage"))}


async def test_the_same_question_again_has_the_answer_of_now(database: str, tmp_path):
    await builders.clinic()
    async with running(database, tmp_path) as program:
        answers = [await program.plain.get("/graphql", params=CLINIC) for _ in range(2)]
        await Clinic.all().update(name="Another Clinic")
        answers.append(await program.plain.get("/graphql", params=CLINIC))

    assert [answer.json()["data"]["clinic"]["name"] for answer in answers] == [
        "Test Clinic", "Test Clinic", "Another Clinic",
    ]  # fmt: skip
    assert answers[0].headers["etag"] == answers[1].headers["etag"] != answers[2].headers["etag"]
    assert [answer.headers["cache-tag"] for answer in answers] == ["clinic,list:media"] * 3


async def test_the_same_question_with_a_token_that_nobody_made_is_refused(database: str, tmp_path):
    await builders.clinic()
    async with running(database, tmp_path) as program:
        before = await program.plain.get("/graphql", params=CLINIC)
        refused = await program.plain.get("/graphql", params=CLINIC, headers={"authorization": "Bearer mrd_x_y"})

    assert (before.status_code, refused.status_code) == (200, 401)
    assert refused.headers["cache-control"] == "private, no-store"


async def test_the_same_question_again_is_charged_for_again(database: str, tmp_path):
    await builders.clinic()
    async with running(database, tmp_path, cost_per_minute=1_000) as program:
        told = [(await program.plain.get("/graphql", params=CLINIC)).headers["ratelimit"] for _ in range(3)]

    left = [int(one.split(";r=")[1].split(";")[0]) for one in told]
    assert left[0] > left[1] > left[2]
