"""Whatever arrives, the answer is JSON, says what was wrong, and is never a fault of ours."""

from urllib.parse import quote

import httpx
import orjson
import pytest
import small_clinic
from edge_server import Server
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

QUERIES = [
    *("{ hello }", "{", "", "{ __typename }", "query", "{ nope }", "{ half(of: 1e999) }", '{ leaflet(number: "x") }'),
    *(
        "query ($n: Int) { half(of: 1, count: $n) }",
        "{ half(of: 1, count: 99999999999) }",
        "{ node { ...F } } fragment F",
    ),
    "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=8,
)
PARAMETERS = ["query", "variables", "operationName", "extensions", "documentId", "other"]
BODIES = st.one_of(
    st.binary(max_size=200),
    JSON.map(orjson.dumps),
    st.fixed_dictionaries({}, optional=dict.fromkeys(PARAMETERS, st.sampled_from(QUERIES) | JSON)).map(orjson.dumps),
)
TYPES = st.sampled_from(["application/json", "application/json; charset=utf-8", "text/plain", ""]) | st.text(
    st.characters(min_codepoint=32, max_codepoint=126), max_size=40
)
HEADERS = st.fixed_dictionaries(
    {"content-type": TYPES},
    optional={
        "accept": st.sampled_from(["*/*", "application/json", "application/graphql-response+json", "text/html"])
        | TYPES,
        "authorization": st.sampled_from(["Bearer mrd_1_editor", "Bearer x", "Bearer"]) | TYPES,
        "meridian-site": st.just("t=1,ip=::1,v1=" + "0" * 64) | TYPES,
        "content-length": st.sampled_from(["0", "7", "99999999999", "-1", "x"]),
        "if-none-match": TYPES,
        "x-forwarded-for": TYPES,
    },
)
JUNK = [
    *(
        b"",
        b"null",
        b"1",
        b"-1.5e300",
        b"true",
        b'"x"',
        b"[]",
        b"[{}]",
        b"{}",
        b"{",
        b"\xff\xfe",
        b'{"query": "\xff"}',
        b"NaN",
    ),
    *(
        b"\xef\xbb\xbf" + b'{"query":"{hello}"}',
        b'{"query":"\\ud800"}',
        b"[" * 50_000,
        b'{"a":' * 10_000,
        b"9" * 10_000,
    ),
    *(b'{"query":1}', b'{"query":null}', b'{"query":{}}', b'{"query":["{hello}"]}', b'{"query":true}'),
    *(b'{"query":"{hello}","variables":%s}' % junk for junk in (b"1", b'"x"', b"[]", b"true", b"1e999")),
    *(b'{"query":"{hello}","operationName":%s}' % junk for junk in (b"1", b"{}", b"[]", b"true")),
    *(b'{"query":"{hello}","extensions":%s}' % junk for junk in (b"1", b'"x"', b"[]", b'{"persistedQuery":1}')),
    *(b'{"documentId":%s}' % junk for junk in (b"1", b'""', b'"sha256:"', b'"md5:0"', b"{}")),
]


@pytest.mark.parametrize("body", JUNK, ids=lambda body: repr(body[:30]))
async def test_a_body_that_is_no_request_is_refused_in_json(client: httpx.AsyncClient, body: bytes):
    answer = await client.post("/graphql", content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 400
    assert_one_sentence(answer)


@pytest.mark.parametrize(
    "query",
    [
        "", "?", "?query", "?query=", "?variables={}", "?query={hello}&query={hello}", "?query=%ff", "?query=%ED%A0%80",
        "?query={hello}&variables=1", "?query={hello}&variables=[", "?query={hello}&variables=",
        "?query={hello}&extensions=x",
        "?" + "&".join(f"p{n}=1" for n in range(30)), "?query=" + quote("{" * 5_000), "?documentId=x",
    ],
    ids=lambda query: query[:30],
)  # fmt: skip
async def test_a_query_string_that_is_no_request_is_refused_in_json(client: httpx.AsyncClient, query: str):
    headers = {"accept": "application/graphql-response+json"}

    answer = await client.get(f"/graphql{query}", headers=headers)

    assert answer.status_code == 400
    assert_one_sentence(answer)


@pytest.mark.parametrize(
    "query",
    [
        "{ half(of: 1, count: " + "9" * 20_000 + ") }",
        "{ half(of: " + "9" * 20_000 + ") }",
        "{ echo(text: " + "[" * 900 + "]" * 90 + ") }",
        "{ a" * 400 + "}" * 400,
        "{ node " * 150 + "{ name }" + "}" * 150,
        "#" * 60_000,
        "# x\n" * 12_000,
        '{ echo(text: "' + "x" * 60_000 + '") }',
        '{ echo(text: """' + "x" * 60_000 + " }",
        "\0{ hello }",
        "{ hello } " * 200,
        "query (" + "$a: Int " * 200 + ") { hello }",
        "subscription { hello }",
        "type Query { hello: Int }",
        "{ hello @skip }",
        "{ hello @include(if: 3) }",
        '{ leaflet(number: "boom") }',
    ],
    ids=lambda query: query[:24],
)
async def test_a_hostile_document_is_answered_in_one_piece(client: httpx.AsyncClient, query: str):
    answer = await client.post("/graphql", json={"query": query})

    assert answer.status_code == 200
    assert len(answer.content) < 200_000
    assert small_clinic.SECRET not in answer.text


@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "POST", "POST", "OPTIONS", "PUT"]),
    headers=HEADERS,
    body=BODIES,
    query=BODIES,
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_request_is_our_fault(method: str, headers: dict[str, str], body: bytes, query: bytes):
    async with small_clinic.connect() as client:
        address = "/graphql" + ("" if method == "POST" else "?query=" + quote(query))
        answer = await client.request(method, address, content=body, headers=headers)

    assert answer.status_code < 500
    assert (
        method in {"HEAD", "OPTIONS"}
        or answer.status_code == 304
        or "html" in answer.headers["content-type"]
        or answer.json()
    )


@pytest.mark.parametrize("chunked", [False, True])
def test_sixty_megabytes_are_refused_unread_and_memory_stays_flat(served: Server, *, chunked: bool):
    before = served.memory
    content = b"[" * 60_000_000

    answers = [
        httpx.post(
            f"{served.url}/graphql",
            content=(content[n : n + 10**6] for n in range(0, len(content), 10**6)) if chunked else content,
            headers={"content-type": "application/json"},
        )
        for _ in range(3)
    ]

    assert [answer.status_code for answer in answers] == [413, 413, 413]
    assert [answer.headers["connection"] for answer in answers] == ["close"] * 3
    assert_one_sentence(answers[0])
    assert served.memory - before < 8_000_000


def test_fifty_thousand_brackets_leave_memory_flat(served: Server):
    before = served.memory

    for _ in range(50):
        answer = httpx.post(
            f"{served.url}/graphql", content=b"[" * 50_000, headers={"content-type": "application/json"}
        )
        assert answer.status_code == 400

    assert served.memory - before < 4_000_000


def assert_one_sentence(answer: httpx.Response) -> None:
    (error,) = answer.json()["errors"]
    assert set(error) <= {"message", "locations", "extensions"}
    assert error["message"][0].isupper() or error["message"].startswith(tuple(PARAMETERS))
    assert error["message"].rstrip().endswith(".")
    assert error["extensions"]["code"] in {"BAD_USER_INPUT", "PAYLOAD_TOO_LARGE", "COST_LIMIT_EXCEEDED"}
