"""What a monitor reads at `/metrics`, what the log says of a request, and the span that a collector is sent."""

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
import small_clinic
from edge_server import WHOLE, Server

from api import figures, heartbeats
from api.heartbeats import Heartbeat
from api.web.metrics import Metrics
from api.web.noting import Notes
from api.web.spans import MOST_WAITING, Spans
from tests import builders

WAITING = SimpleNamespace(
    schedules_overdue=1, deliveries_pending=2, deliveries_overdue=3, deliveries_oldest_seconds=4.5, letters_waiting=5,
    letters_oldest_seconds=6.5, worker_seconds=7.5, backup_seconds=None, recalls={"BREACHED": 8}, findings={"WARN": 9},
)  # fmt: skip


def series(text: str) -> dict[str, float]:
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


async def asked(client: httpx.AsyncClient, **headers: str) -> dict[str, float]:
    answer = await client.get("/metrics", headers=headers)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    return series(answer.text)


async def test_requests_are_counted_by_kind_temperature_and_status():
    metrics = Metrics()
    async with small_clinic.connect(metrics=metrics) as client:
        for _ in range(3):
            await client.post("/graphql", json={"query": "{ hello }"})
        await client.post("/graphql", json={"query": 'mutation { rename(to: "x") }'})
        await client.post("/graphql", json={"query": "{ __typename }"})
        await client.post("/graphql", content=b"junk", headers={"content-type": "application/json"})
        await client.get("/nothing")
        told = await asked(client)

    def of(*labels: str) -> float:
        name = 'meridian_requests_total{{kind="{}",method="{}",status="{}",temperature="{}"}}'
        return told[name.format(*labels)]

    assert of("query", "POST", "200", "fallback") == 3
    assert of("mutation", "POST", "200", "fallback") == 1
    assert of("introspection", "POST", "200", "fallback") == 1
    assert of("graphql", "POST", "400", "none") == 1
    assert of("other", "GET", "404", "none") == 1
    assert told['meridian_request_seconds_count{kind="query",temperature="fallback"}'] == 3
    assert told['meridian_cost_total{kind="query"}'] > 0


async def test_nothing_that_a_client_sends_becomes_a_label():
    metrics = Metrics()
    async with small_clinic.connect(metrics=metrics) as client:
        for number in range(50):
            name = f"Name{number}"
            await client.post("/graphql", json={"query": f"query {name} {{ hello }}"}, headers={"x-request-id": name})
            await client.request(f"VERB{number}", f"/place/{number}")
        told = await asked(client)

    assert not [name for name in told if "Name" in name or "VERB" in name or "/place" in name]
    assert len([name for name in told if name.startswith("meridian_requests_total")]) == 2


async def test_what_waits_is_read_from_the_tables_for_each_answer():
    async def read() -> SimpleNamespace:
        return WAITING

    async with small_clinic.connect(metrics=Metrics(read)) as client:
        told = await asked(client)

    names = ("schedules_overdue", "deliveries_pending", "deliveries_overdue", "deliveries_oldest_seconds")
    assert [told[f"meridian_{name}"] for name in names] == [1, 2, 3, 4.5]
    assert [told[f"meridian_{name}"] for name in ("letters_waiting", "letters_oldest_seconds")] == [5, 6.5]
    assert told["meridian_worker_seconds"] == 7.5
    assert told["meridian_backup_seconds"] != told["meridian_backup_seconds"]  # not a number: there is none
    assert (told['meridian_recalls{status="BREACHED"}'], told['meridian_gate_findings{severity="WARN"}']) == (8, 9)
    assert told["meridian_database_up"] == 1


async def test_a_database_that_is_away_is_told_and_the_counts_still_come():
    async def read() -> SimpleNamespace:
        raise OSError("connect to 10.1.2.3 failed")

    async with small_clinic.connect(metrics=Metrics(read)) as client:
        await client.post("/graphql", json={"query": "{ hello }"})
        told = await asked(client)

    assert told["meridian_database_up"] == 0
    assert any(name.startswith("meridian_requests_total") for name in told)


async def test_with_a_token_only_who_has_it_is_told():
    async with small_clinic.connect(metrics=Metrics(token="secret-of-the-monitor")) as client:
        for shown in ({}, {"authorization": "Bearer wrong"}, {"authorization": "secret-of-the-monitor"}):
            refused = await client.get("/metrics", headers=shown)
            assert refused.status_code == 401
            assert refused.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert await asked(client, authorization="Bearer secret-of-the-monitor")


async def test_the_tables_tell_what_is_late(database, tmp_path):
    article = await builders.draft("Sleep")
    await builders.schedule(article, builders.ahead(hours=1))
    assert (await figures.read(tmp_path)).schedules_overdue == 0
    await type(article).all().update(scheduled_for=builders.ago(seconds=120))
    await heartbeats.beat()
    await Heartbeat.all().update(at=builders.ago(seconds=300))

    told = await figures.read(tmp_path)

    assert (told.schedules_overdue, told.deliveries_pending, told.letters_waiting) == (1, 0, 0)
    assert told.worker_seconds is not None
    assert 299 < told.worker_seconds < 330
    assert told.backup_seconds is None
    assert told.recalls == {"PENDING": 0, "NOTIFIED": 0, "BREACHED": 0}


async def test_findings_about_what_is_live_are_counted(sample, tmp_path):
    found = (await figures.read(tmp_path)).findings
    assert set(found) == {"BLOCK", "WARN"}
    assert found["BLOCK"] == 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [("0b9c6d3e-41f7-4c1b-9d0e-2f6a7f7d1c11", True), ("a" * 64, True), ("a" * 65, False), ("short", False),
     ('"><script>', False), ("name@clinic.example", False)],
)  # fmt: skip
async def test_a_plain_request_id_is_kept_and_any_other_is_replaced(given, kept):
    async with small_clinic.connect() as client:
        answers = [await client.get(place, headers={"x-request-id": given}) for place in ("/healthz", "/nothing")]
    for answer in answers:
        assert (answer.headers["x-request-id"] == given) is kept
        assert 8 <= len(answer.headers["x-request-id"]) <= 64


def test_the_log_has_the_requests_id_beside_its_error_and_nothing_of_who_asked(tmp_path: Path):
    server = Server(tmp_path / "log")
    private = {
        "x-request-id": "from-the-proxy-1",
        "authorization": "Bearer mrd_1_editor",
        "x-forwarded-for": "192.0.2.77",
    }
    answer = httpx.post(f"{server.url}/graphql", json={"query": "query Ask { broken }"}, headers=private)
    server.stop()
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]

    failed, request = [line for line in lines if line.get("request_id") == "from-the-proxy-1"]
    assert (failed["event"], request["event"]) == ("request_failed", "request")
    assert failed["error_id"] == answer.json()["errors"][0]["extensions"]["errorId"]
    assert (request["operation"], request["status"], request["path"]) == ("Ask", 200, "/graphql")
    text = server.log.read_text()
    for word in ("192.0.2.77", "mrd_1_editor", "{ broken }"):
        assert word not in text


class Collector:
    """Takes in spans over HTTP, as a collector does, or answers 503."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.spans: list[dict] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length: ")[1].split("\r\n")[0])
        said = json.loads(await reader.readexactly(length))
        self.paths.append(head.split()[1])
        self.spans += [span for one in said["resourceSpans"] for scope in one["scopeSpans"] for span in scope["spans"]]
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()


async def test_each_operation_is_one_span_of_its_callers_trace():
    collector = Collector()
    server = await asyncio.start_server(collector.serve, "127.0.0.1", 0)
    spans = Spans(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", seconds=60)
    trace, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
    async with spans.sending(), small_clinic.connect(spans=spans) as client:
        asked = {"query": "query Ask($to: String!) { echo(text: $to) }", "variables": {"to": "a reader's words"}}
        await client.post("/graphql", json=asked, headers={"traceparent": f"00-{trace}-{parent}-01"})
        await client.get("/healthz")
    server.close()

    assert collector.paths == ["/v1/traces"]
    (span,) = collector.spans
    assert (span["name"], span["traceId"], span["parentSpanId"]) == ("query Ask", trace, parent)
    assert int(span["endTimeUnixNano"]) >= int(span["startTimeUnixNano"])
    told = {one["key"]: next(iter(one["value"].values())) for one in span["attributes"]}
    assert (told["graphql.operation.type"], told["http.response.status_code"]) == ("query", "200")
    assert "a reader's words" not in json.dumps(collector.spans)


async def test_a_collector_that_is_away_costs_spans_and_no_reader():
    spans = Spans("http://127.0.0.1:1", seconds=60)
    async with spans.sending():
        for _ in range(MOST_WAITING + 5):
            spans.note(Notes("id", "query", cost=1), 200, 0.01)
    assert spans.dropped == MOST_WAITING + 5


def test_the_whole_program_tells_its_connections_and_documents(database, tmp_path: Path):
    server = Server(tmp_path / "log", WHOLE, DATABASE_URL=database, SECRET_KEY="s" * 40, DATA_DIR=str(tmp_path))
    with httpx.Client(base_url=server.url) as client:
        client.post("/graphql", json={"query": "{ __typename }"})
        told = series(client.get("/metrics").text)
    server.stop()
    # A crowd that is empty is still the one that was configured.
    assert (told["meridian_connections"], told["meridian_documents"], told["meridian_database_up"]) == (1, 1, 1)
    assert told["meridian_documents_bytes"] > 0
