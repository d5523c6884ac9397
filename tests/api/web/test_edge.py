"""Around everything: refusals in JSON, headers that protect, and what the log says of a request."""

import httpx
import small_clinic
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from api.errors import NotFound, Refused, Unavailable


async def fault(_request: Request) -> Response:
    raise ValueError(small_clinic.SECRET)


async def refusal(request: Request) -> Response:
    raise {"missing": NotFound, "away": Unavailable, "refused": Refused}[request.path_params["kind"]]


async def half(_request: Request) -> Response:
    async def parts():
        yield b"begun"
        raise ValueError(small_clinic.SECRET)

    return StreamingResponse(parts())


ROUTES = [Route("/fault", fault), Route("/refusal/{kind}", refusal), Route("/half", half)]


async def test_a_fault_is_masked_under_an_id_that_the_log_has(told: list[dict[str, object]]):
    async with small_clinic.connect(routes=ROUTES) as client:
        answer = await client.get("/fault")

    (error,) = answer.json()["errors"]
    assert answer.status_code == 500
    assert error["extensions"] == {"code": "INTERNAL", "errorId": told[0]["error_id"]}
    assert small_clinic.SECRET not in answer.text


async def test_refusals_of_further_rooms_are_json():
    async with small_clinic.connect(routes=ROUTES) as client:
        answers = [await client.get(f"/refusal/{kind}") for kind in ("missing", "away", "refused")]

    assert [answer.status_code for answer in answers] == [404, 503, 400]
    assert [answer.json()["errors"][0]["message"] for answer in answers] == [
        "There is no such thing.",
        "A part that is needed cannot be used now; try again shortly.",
        "The request cannot be carried out.",
    ]


async def test_an_answer_that_broke_off_is_not_completed_with_another(told: list[dict[str, object]]):
    async with small_clinic.connect(routes=ROUTES) as client:
        try:
            await client.get("/half")
        except ValueError:
            told.append({"event": "broken off"})

    assert [entry["event"] for entry in told] == ["request_failed", "request", "broken off"]


async def test_every_answer_is_protected(client: httpx.AsyncClient):
    answers = [
        await client.get("/graphql", params={"query": "{hello}"}),
        await client.get("/nowhere"),
        await client.get("/healthz"),
        await client.put("/graphql"),
    ]

    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert "server" not in answer.headers


async def test_other_methods_are_refused_in_json(client: httpx.AsyncClient):
    answer = await client.post("/healthz")

    assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, {"GET", "HEAD"})
    assert answer.json()["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_the_log_tells_of_requests_and_not_of_people(client: httpx.AsyncClient, told: list[dict[str, object]]):
    headers = {"authorization": "Bearer mrd_1_editor", "user-agent": "Teller/1", "x-forwarded-for": "203.0.113.7"}
    asked = {"query": "query Who { who }", "variables": '{"a":"private"}'}
    answer = await client.get("/graphql", params=asked, headers=headers)

    (entry,) = told
    assert entry.pop("milliseconds")
    assert entry == {
        "event": "request", "log_level": "info", "method": "GET", "path": "/graphql", "status": 200, "operation": "Who",
        "bytes": len(answer.content),
    }  # fmt: skip


async def test_a_path_cannot_forge_lines_of_the_log(client: httpx.AsyncClient, told: list[dict[str, object]]):
    await client.get("/x%0aforged%1b[31m" + "y" * 500)

    assert str(told[0]["path"]).startswith("/x%0aforged%1b[31my")
    assert len(str(told[0]["path"])) == 200


async def test_health_is_not_told(client: httpx.AsyncClient, told: list[dict[str, object]]):
    await client.get("/healthz")
    await client.get("/readyz")

    assert told == []
