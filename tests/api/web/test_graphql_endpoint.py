"""The endpoint over HTTP: methods, caches, browsers on other sites, and who asks."""

import httpx
import pytest
import small_clinic
from small_clinic import DONE

HELLO = {"query": "{ hello }"}
EDITOR = {"authorization": "Bearer mrd_1_editor"}


async def test_a_query_is_answered_by_post(client: httpx.AsyncClient):
    answer = await client.post("/graphql", json=HELLO)

    assert (answer.status_code, answer.json()["data"]) == (200, {"hello": "world"})
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_query_with_variables_is_answered_by_get(client: httpx.AsyncClient):
    query = {"query": "query Echo($t: String!) { echo(text: $t) }", "variables": '{"t": "ü"}', "operationName": "Echo"}

    answer = await client.get("/graphql", params=query)

    assert (answer.status_code, answer.json()["data"]) == (200, {"echo": "ü"})


async def test_head_has_the_headers_of_get_and_no_body(client: httpx.AsyncClient):
    named = {"x-request-id": "one-of-ours"}
    got = await client.get("/graphql", params=HELLO, headers=named)
    headed = await client.head("/graphql", params=HELLO, headers=named)

    assert (headed.status_code, headed.content) == (200, b"")
    differing = {name for name in got.headers if headed.headers[name] != got.headers[name]}
    assert differing <= {"ratelimit"}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "BREW"])
async def test_other_methods_are_refused_with_those_that_are_allowed(client: httpx.AsyncClient, method: str):
    answer = await client.request(method, "/graphql", json=HELLO)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    assert answer.json()["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT"}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_mutation_is_run_by_post_alone(client: httpx.AsyncClient, method: str):
    DONE.clear()
    mutation = {"query": 'mutation { rename(to: "x") }'}

    refused = await client.request(method, "/graphql", params=mutation)
    assert (refused.status_code, refused.headers["allow"], DONE) == (405, "POST", [])

    done = await client.post("/graphql", json=mutation)
    assert (done.json()["data"], DONE) == ({"rename": "x"}, ["x"])


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "text/plain,application/json",
        "application/json, text/plain",
        "application/json; charset=utf-16",
        "application/json; boundary=x",
        "application/jsonp",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
    ],
)
async def test_nothing_runs_but_what_is_exactly_json(client: httpx.AsyncClient, content_type: str):
    DONE.clear()
    body = '{"query": "mutation { rename(to: \\"x\\") }"}'

    answer = await client.post("/graphql", content=body, headers={"content-type": content_type})

    assert (answer.status_code, DONE) == (415, [])
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_two_content_types_are_none(client: httpx.AsyncClient):
    headers = [("content-type", "text/plain"), ("content-type", "application/json")]

    answer = await client.post("/graphql", content=b'{"query": "{ hello }"}', headers=headers)

    assert answer.status_code == 415


async def test_a_compressed_body_is_refused(client: httpx.AsyncClient):
    answer = await client.post("/graphql", json=HELLO, headers={"content-encoding": "gzip"})

    assert answer.status_code == 415


@pytest.mark.parametrize("content_type", ["application/json; charset=UTF-8", 'Application/JSON;charset="utf-8"'])
async def test_utf8_may_be_named(client: httpx.AsyncClient, content_type: str):
    answer = await client.post("/graphql", content=b'{"query":"{hello}"}', headers={"content-type": content_type})

    assert answer.json()["data"] == {"hello": "world"}


async def test_a_request_error_is_400_only_for_clients_of_the_newer_type(client: httpx.AsyncClient):
    older = await client.post("/graphql", json={"query": "{ nope }"}, headers={"accept": "application/json"})
    accept = {"accept": "application/graphql-response+json"}
    newer = await client.post("/graphql", json={"query": "{ nope }"}, headers=accept)

    assert (older.status_code, newer.status_code) == (200, 400)
    assert older.json() == newer.json()
    assert "data" not in newer.json()
    assert newer.headers["content-type"] == "application/graphql-response+json; charset=utf-8"


async def test_an_answer_that_no_one_would_accept_is_406(client: httpx.AsyncClient):
    answer = await client.post("/graphql", json=HELLO, headers={"accept": "image/png"})

    assert answer.status_code == 406
    assert answer.json()["errors"][0]["message"].startswith("The answer comes as application/graphql-response+json")


async def test_an_anonymous_get_may_be_kept_and_asked_for_again(client: httpx.AsyncClient):
    first = await client.get("/graphql", params=HELLO)
    tag = first.headers["etag"]
    again = await client.get("/graphql", params=HELLO, headers={"if-none-match": f'"other", W/{tag}'})

    assert first.headers["cache-control"] == "public, max-age=0, s-maxage=0"
    assert first.headers["vary"] == "Accept, Authorization"
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert "content-type" not in again.headers


async def test_the_two_media_types_have_tags_of_their_own(client: httpx.AsyncClient):
    older = await client.get("/graphql", params=HELLO)
    newer = await client.get("/graphql", params=HELLO, headers={"accept": "application/graphql-response+json"})

    assert older.content == newer.content
    assert older.headers["etag"] != newer.headers["etag"]


async def test_an_answer_with_errors_is_never_kept(client: httpx.AsyncClient):
    answer = await client.get("/graphql", params={"query": "{ hello broken }"})

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert "etag" not in answer.headers


@pytest.mark.parametrize("token", ["mrd_1_editor", "mrp_1_link", "mrd_1_unknown"])
async def test_whatever_comes_with_authorization_is_private(client: httpx.AsyncClient, token: str):
    answer = await client.get("/graphql", params=HELLO, headers={"authorization": f"Bearer {token}"})

    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["vary"] == "Accept, Authorization"
    assert {"etag", "access-control-allow-origin"}.isdisjoint(answer.headers)


async def test_a_page_elsewhere_may_read_public_gets_without_credentials(client: httpx.AsyncClient):
    asked = {"origin": "https://elsewhere.test", "access-control-request-method": "GET"}
    preflight = await client.options("/graphql", headers=asked)
    answer = await client.get("/graphql", params=HELLO, headers={"origin": "https://elsewhere.test"})

    assert (preflight.status_code, preflight.content) == (204, b"")
    assert preflight.headers["access-control-allow-origin"] == "*"  # twice would be `*, *`, which browsers refuse
    assert preflight.headers["access-control-allow-methods"] == "GET, HEAD"
    assert {"etag", "cache-control"}.isdisjoint(preflight.headers)
    assert "authorization" not in preflight.headers["access-control-allow-headers"].lower()
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"] == "ETag, RateLimit, Retry-After"
    assert "access-control-allow-credentials" not in {*preflight.headers, *answer.headers}


async def test_a_page_elsewhere_may_not_read_posts(client: httpx.AsyncClient):
    answer = await client.post("/graphql", json=HELLO, headers={"origin": "https://elsewhere.test"})

    assert "access-control-allow-origin" not in answer.headers


async def test_a_token_says_who_asks(client: httpx.AsyncClient):
    who = {"query": "{ who }"}

    nobody = await client.post("/graphql", json=who)
    editor = await client.post("/graphql", json=who, headers=EDITOR)

    assert nobody.json()["data"]["who"].split()[0] == "nobody"
    assert editor.json()["data"]["who"].split()[0] == "editor"


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer mrd_1_wrong",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "mrd_1_editor",
        "Bearer a b",
        "Bearer ü",
        "Bearer " + "x" * 3000,
    ],
)
async def test_a_token_that_nobody_has_is_refused_before_the_body_counts(client: httpx.AsyncClient, authorization: str):
    headers = {"authorization": authorization.encode(), "content-type": "application/json"}

    answer = await client.post("/graphql", content=b"junk", headers=headers)

    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="meridian"')
    assert answer.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}


async def test_two_authorizations_are_none(client: httpx.AsyncClient):
    headers = [("authorization", "Bearer mrd_1_editor"), ("authorization", "Bearer mrd_1_editor")]

    answer = await client.get("/graphql", params=HELLO, headers=headers)

    assert answer.status_code == 401


async def test_while_the_database_is_away_a_token_is_neither_right_nor_wrong(client: httpx.AsyncClient):
    answer = await client.get("/graphql", params=HELLO, headers={"authorization": "Bearer mrd_1_away"})

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json()["errors"] == [{"message": "The database is away.", "extensions": {"code": "UNAVAILABLE"}}]


async def test_the_body_of_a_token_holder_may_be_larger(client: httpx.AsyncClient):
    padded = {"query": "{ hello }", "variables": {"x": "y" * 70_000}}

    refused = await client.post("/graphql", json=padded)
    answered = await client.post("/graphql", json=padded, headers=EDITOR)
    too_large = await client.post("/graphql", json={**padded, "more": "y" * 1_000_000}, headers=EDITOR)

    assert [refused.status_code, answered.status_code, too_large.status_code] == [413, 200, 413]
    assert refused.json()["errors"][0]["extensions"] == {
        "code": "PAYLOAD_TOO_LARGE",
        "limit": "bytes",
        "maximum": 65_536,
        "asked": int(refused.request.headers["content-length"]),
    }


async def test_an_empty_name_of_an_operation_is_none(client: httpx.AsyncClient):
    one, two = {"query": "query A { hello }", "operationName": ""}, {"query": "query A { hello } query B { hello }"}

    answers = [await client.get("/graphql", params=one), await client.post("/graphql", json=one)]
    several = await client.get("/graphql", params=two | {"operationName": ""})

    assert [(answer.status_code, "errors" in answer.json()) for answer in answers] == [(200, False)] * 2
    assert "several operations" in several.json()["errors"][0]["message"]


async def test_a_preview_link_has_the_limits_of_anonymous_callers(client: httpx.AsyncClient):
    padded = {"query": "{ hello }", "variables": {"x": "y" * 70_000}}

    answer = await client.post("/graphql", json=padded, headers={"authorization": "Bearer mrp_1_link"})

    assert answer.status_code == 413


async def test_several_operations_need_a_name(client: httpx.AsyncClient):
    both = "query A { hello } query B { node { name } }"

    named = await client.post("/graphql", json={"query": both, "operationName": "B"})
    unnamed = await client.post("/graphql", json={"query": both})
    unknown = await client.post("/graphql", json={"query": both, "operationName": "C"})
    none = await client.post("/graphql", json={"query": "fragment F on Query { hello }"})

    assert named.json()["data"] == {"node": {"name": "neck pain"}}
    assert unnamed.json()["errors"][0]["message"].endswith("say which one by operationName.")
    assert unknown.json()["errors"][0]["message"] == "The document has no operation of this name."
    assert "errors" in none.json()


async def test_an_operation_that_takes_too_long_is_ended():
    endpoint = small_clinic.graphql(anonymous_limits=small_clinic.Limits(seconds=0.05))
    async with small_clinic.connect(endpoint) as client:
        answer = await client.post("/graphql", json={"query": "{ slow }"})

    error = answer.json()["errors"][0]
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert error["message"].startswith("This took longer than 0.05 seconds, which is all that is given without a token")
    assert error["extensions"] == {"code": "UNAVAILABLE", "limit": "seconds", "maximum": 0.05}


async def test_a_slash_more_is_another_address(client: httpx.AsyncClient):
    answer = await client.post("/graphql/", json=HELLO)

    assert answer.status_code == 404
    assert answer.json()["errors"][0]["message"] == "There is nothing at this address."
