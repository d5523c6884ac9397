"""The server process: how it starts, what it refuses before anything of ours runs, and how it ends."""

import asyncio
import json
import signal
import socket
import time
from http.client import HTTPResponse
from pathlib import Path

import httpx
import pytest
from edge_server import Server

from api.errors import Unavailable
from api.web.connections import without_upgrade
from api.web.serve import listen


def test_it_tells_the_date_and_not_what_it_is(served: Server):
    answer = httpx.get(f"{served.url}/healthz")

    assert "date" in answer.headers
    assert "server" not in answer.headers


def test_a_port_that_is_taken_is_refused_in_one_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(
            Unavailable, match=rf"^Port {port} of 127\.0\.0\.1 cannot be used .*: stop what uses it, or set API_PORT\.$"
        ):
            listen("127.0.0.1", port)


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /graphql?query=" + b"x" * 70_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n", 414),
        (b"GET /" + b"x" * 500_000, 431),
        (b"GET / HTTP/1.1\r\nx: " + b"x" * 500_000, 431),
        (b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 50_000, 431),
        (b"junk\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00", 400),
        (b"GET /\xff HTTP/1.1\r\nhost: x\r\n\r\n", 400),
        (b"GET /x%ff HTTP/1.1\r\nhost: x\r\n\r\n", 404),
        (b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n", 400),
        (b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n", 400),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_a_head_that_is_no_request_is_refused_in_json(served: Server, head: bytes, status: int):
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(head)
        answer = HTTPResponse(connection)
        answer.begin()
        content = json.loads(answer.read())

    assert answer.status == status
    assert content["errors"][0]["message"].endswith(".")


@pytest.mark.parametrize("protocol", ["h2c", "websocket"])
def test_a_client_that_would_rather_speak_another_protocol_is_answered_in_ours(served: Server, protocol: str):
    headers = {"connection": "Upgrade, HTTP2-Settings", "upgrade": protocol, "http2-settings": "AAEAAEAA"}

    answer = httpx.post(f"{served.url}/graphql", json={"query": "{ hello }"}, headers=headers)

    assert answer.json()["data"] == {"hello": "world"}


def test_only_the_head_of_a_request_is_touched():
    head = b"POST / HTTP/1.1\r\nUPGRADE: h2c\r\nx: upgrade: y"
    body = b"\r\nUpgrade: h2c"

    assert without_upgrade(head + b"\r\n\r\n" + body) == head.replace(b"UPGRADE", b"x-upgrade") + b"\r\n\r\n" + body


def test_a_header_without_end_does_not_fill_memory(served: Server):
    before = served.memory

    with (
        socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection,
        pytest.raises((BrokenPipeError, ConnectionResetError)),
    ):
        connection.sendall(b"GET / HTTP/1.1\r\nx: " + b"x" * 60_000_000)

    assert served.memory - before < 4_000_000


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
async def test_asked_to_end_it_finishes_what_is_under_way_and_exits_well(tmp_path: Path, sent: signal.Signals):
    server = await asyncio.to_thread(Server, tmp_path / "log")
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:
        slow = asyncio.create_task(client.post("/graphql", json={"query": "{ unhurried }"}))
        await asyncio.to_thread(wait_for, "unhurried_begun", server.log)
        server.process.send_signal(sent)
        answer = await slow

    assert answer.json()["data"] == {"unhurried": "done"}
    assert await asyncio.to_thread(server.process.wait, 10) == 0
    assert [json.loads(line)["event"] for line in server.log.read_text().splitlines()] == ["unhurried_begun", "request"]


def wait_for(text: str, log: Path) -> None:
    end = time.monotonic() + 20
    while text not in log.read_text():
        assert time.monotonic() < end
        time.sleep(0.05)
