"""Whether a process lives, and whether it may be sent readers."""

import asyncio

import small_clinic

from api.errors import Unavailable
from api.web import health
from api.web.health import Health


async def well() -> None:
    pass


async def behind() -> None:
    raise Unavailable("2 migrations are not applied: run `python -m api migrate`.")


async def fault() -> None:
    raise OSError("connect to 10.1.2.3 failed")


async def test_a_process_that_answers_lives():
    async with small_clinic.connect(health=Health({"database": fault})) as client:
        answer = await client.get("/healthz")

    assert (answer.status_code, answer.json(), answer.headers["cache-control"]) == (200, {"status": "ok"}, "no-store")


async def test_it_is_ready_when_every_part_works():
    async with small_clinic.connect(health=Health({"database": well, "migrations": well})) as client:
        answer = await client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


async def test_it_says_why_it_is_not_ready(told: list[dict[str, object]]):
    async with small_clinic.connect(health=Health({"database": fault, "migrations": behind, "media": well})) as client:
        answer = await client.get("/readyz")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json() == {
        "status": "not ready",
        "reasons": {
            "database": "It does not answer; the log says more.",
            "migrations": "2 migrations are not applied: run `python -m api migrate`.",
        },
    }
    assert [entry["part"] for entry in told] == ["database"]


async def test_a_part_that_hangs_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(health, "SECONDS", 0.05)
    async with small_clinic.connect(health=Health({"database": lambda: asyncio.sleep(30)})) as client:
        answer = await client.get("/readyz")

    assert answer.json()["reasons"] == {"database": "It did not answer within 0.05 seconds."}


async def test_a_process_that_is_ending_is_not_ready():
    async with small_clinic.connect(health=Health({"database": well}, draining=True)) as client:
        answer = await client.get("/readyz")

    assert (answer.status_code, answer.json()["reasons"]) == (503, {"process": "It is shutting down."})
