"""What a client may read of an error, and what only the log has."""

import httpx
import pytest
from small_clinic import SECRET

INTERNAL = "Something went wrong on our side: quote the errorId when you report it."


async def ask(client: httpx.AsyncClient, query: str, **variables: object) -> dict[str, object]:
    answer = await client.post("/graphql", json={"query": query, "variables": variables})
    assert SECRET not in answer.text
    return answer.json()["errors"][0]


@pytest.mark.parametrize("field", ["broken", "uncoded", "unserialisable"])
async def test_a_fault_is_masked_under_an_id_that_the_log_has(
    client: httpx.AsyncClient, told: list[dict[str, object]], field: str
):
    error = await ask(client, f"query Named {{ {field} }}")

    (entry,) = [one for one in told if one["event"] == "request_failed"]
    assert error["message"] == INTERNAL
    assert error["path"] == [field]
    assert error["extensions"] == {"code": "INTERNAL", "errorId": entry["error_id"]}
    assert (entry["log_level"], entry["operation"], entry["path"]) == ("error", "Named", [field])
    assert SECRET in str(entry["exc_info"])


@pytest.mark.parametrize(
    ("field", "code", "message"),
    [
        ("refused", "BAD_USER_INPUT", "Do it otherwise."),
        ("missing", "NOT_FOUND", "There is no such thing."),
        ("coded", "FORBIDDEN", "Only editors see this."),
    ],
)
async def test_a_refusal_says_its_own_sentence(client: httpx.AsyncClient, field: str, code: str, message: str):
    error = await ask(client, f"{{ {field} }}")

    assert (error["message"], error["extensions"]) == (message, {"code": code})


async def test_a_part_that_is_away_is_503_for_the_whole(client: httpx.AsyncClient):
    answer = await client.post("/graphql", json={"query": "{ away }"})

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json()["data"] is None
    assert answer.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}


async def test_a_scalars_refusal_is_read_and_its_other_exceptions_are_not(client: httpx.AsyncClient):
    literal = await ask(client, '{ leaflet(number: "x") }')
    variable = await ask(client, "query ($n: LeafletNumber!) { leaflet(number: $n) }", n="x")
    fault = await ask(client, '{ leaflet(number: "boom") }')
    fault_in_variable = await ask(client, "query ($n: LeafletNumber!) { leaflet(number: $n) }", n="boom")

    assert literal["message"] == "Expected value of type 'LeafletNumber', found: \"x\". A leaflet has a number."
    assert str(variable["message"]).startswith(
        "Variable '$n' has invalid value: Expected value of type 'LeafletNumber'"
    )
    assert str(variable["message"]).endswith("A leaflet has a number.")
    assert fault["message"] == "Expected value of type 'LeafletNumber', found: \"boom\"."
    assert fault_in_variable["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_an_argument_that_proves_wrong_at_run_time_is_the_clients_mistake(client: httpx.AsyncClient):
    error = await ask(client, "query ($f: Int = 1) { node { children(first: $f) { name } } }", f=None)

    assert error["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_what_was_sent_is_not_repeated_at_length(client: httpx.AsyncClient):
    error = await ask(client, "{ half(of: 1, count: " + "9" * 20_000 + ") }")

    assert len(str(error["message"])) == 500
