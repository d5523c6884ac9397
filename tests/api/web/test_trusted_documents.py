"""Operations by their hash, from the committed file alone."""

from hashlib import sha256
from pathlib import Path

import httpx
import orjson
import pytest
import small_clinic
from small_clinic import DONE

from api.errors import Invalid
from api.web.graphql import trusted

HELLO = "query Hello { hello }"
RENAME = 'mutation Rename { rename(to: "y") }'
HASHES = {text: sha256(text.encode()).hexdigest() for text in (HELLO, RENAME, "{ hello }")}
OPERATIONS = {HASHES[HELLO]: HELLO, HASHES[RENAME]: RENAME}
EDITOR = {"authorization": "Bearer mrd_1_editor"}


def apollo(text: str, **changed: object) -> dict[str, object]:
    return {"persistedQuery": {"version": 1, "sha256Hash": HASHES[text], **changed}}


@pytest.fixture
def client() -> httpx.AsyncClient:
    return small_clinic.connect(small_clinic.graphql(operations=OPERATIONS))


@pytest.fixture
def strict() -> httpx.AsyncClient:
    return small_clinic.connect(small_clinic.graphql(operations=OPERATIONS, only=True))


async def test_a_committed_operation_is_run_by_its_hash(client: httpx.AsyncClient):
    got = await client.get("/graphql", params={"documentId": f"sha256:{HASHES[HELLO]}", "operationName": "Hello"})
    posted = await client.post("/graphql", json={"documentId": f"sha256:{HASHES[HELLO]}"})

    assert got.json()["data"] == posted.json()["data"] == {"hello": "world"}
    assert "etag" in got.headers


async def test_a_committed_mutation_is_not_run_by_get(client: httpx.AsyncClient):
    DONE.clear()

    refused = await client.get("/graphql", params={"documentId": f"sha256:{HASHES[RENAME]}"})
    done = await client.post("/graphql", json={"documentId": f"sha256:{HASHES[RENAME]}"})

    assert (refused.status_code, done.json()["data"], DONE) == (405, {"rename": "y"}, ["y"])


async def test_apollos_form_is_understood(client: httpx.AsyncClient):
    got = await client.get("/graphql", params={"extensions": orjson.dumps(apollo(HELLO)).decode()})
    posted = await client.post("/graphql", json={"extensions": apollo(HELLO), "operationName": "Hello"})

    assert got.json()["data"] == posted.json()["data"] == {"hello": "world"}


async def test_an_unknown_hash_is_not_found_and_never_learnt(client: httpx.AsyncClient):
    unknown = {"documentId": f"sha256:{HASHES['{ hello }']}"}
    first = await client.post("/graphql", json=unknown)
    hashed = await client.post("/graphql", json={"extensions": apollo("{ hello }")})
    sent = await client.post("/graphql", json={"query": "{ hello }", "extensions": apollo("{ hello }")})
    again = await client.post("/graphql", json=unknown)

    assert first.json()["errors"][0]["extensions"] == {"code": "PERSISTED_DOCUMENT_NOT_FOUND"}
    assert hashed.json()["errors"][0] == {
        "message": "PersistedQueryNotFound",
        "extensions": {"code": "PERSISTED_DOCUMENT_NOT_FOUND"},
    }
    assert sent.json()["data"] == {"hello": "world"}
    assert again.json() == first.json()


async def test_a_hash_that_is_not_of_its_query_is_refused(client: httpx.AsyncClient):
    answer = await client.post("/graphql", json={"query": "{ hello }", "extensions": apollo(HELLO)})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "changed", [{"version": 2}, {"version": "1"}, {"sha256Hash": 1}, {"sha256Hash": "0"}, {"sha256Hash": "G" * 64}]
)
async def test_a_malformed_persisted_query_is_refused(client: httpx.AsyncClient, changed: dict[str, object]):
    answer = await client.post("/graphql", json={"extensions": apollo(HELLO, **changed)})

    assert answer.status_code == 400


async def test_document_id_comes_alone(client: httpx.AsyncClient):
    document_id = f"sha256:{HASHES[HELLO]}"

    with_text = await client.post("/graphql", json={"documentId": document_id, "query": HELLO})
    with_apollo = await client.post("/graphql", json={"documentId": document_id, "extensions": apollo(HELLO)})

    assert (with_text.status_code, with_apollo.status_code) == (400, 400)


async def test_a_deployment_may_take_nothing_else_from_anonymous_callers(strict: httpx.AsyncClient):
    refused = await strict.post("/graphql", json={"query": "{ hello }"})
    by_hash = await strict.post("/graphql", json={"documentId": f"sha256:{HASHES[HELLO]}"})
    by_text = await strict.post("/graphql", json={"query": HELLO})
    editor = await strict.post("/graphql", json={"query": "{ hello }"}, headers=EDITOR)
    link = await strict.post("/graphql", json={"query": "{ hello }"}, headers={"authorization": "Bearer mrp_1_link"})

    assert refused.json()["errors"][0]["extensions"] == {"code": "PERSISTED_DOCUMENT_NOT_FOUND"}
    assert by_hash.json()["data"] == by_text.json()["data"] == editor.json()["data"] == {"hello": "world"}
    assert link.json() == refused.json()


def test_the_committed_file_is_read_by_hash(tmp_path: Path):
    path = tmp_path / "operations.json"
    path.write_bytes(orjson.dumps({f"sha256:{digest}": text for digest, text in OPERATIONS.items()}))

    assert trusted.load(path) == OPERATIONS
    assert trusted.load(tmp_path / "none.json") == {}


def test_a_file_whose_ids_are_not_the_hashes_of_its_texts_is_refused(tmp_path: Path):
    path = tmp_path / "operations.json"
    path.write_bytes(orjson.dumps({f"sha256:{HASHES[HELLO]}": RENAME}))

    with pytest.raises(Invalid, match=r"operations\.json: sha256:\w{64} is not the hash of its text"):
        trusted.load(path)
