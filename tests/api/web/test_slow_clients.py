"""Who keeps us waiting is let go in time, and who does not is served beside them."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
from edge_server import Server

from api.web.crowds import Crowd

POST = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 60000\r\n\r\n"
WAYS = {
    "says nothing": (b"", b""),
    "drips its head": (b"GET /healthz HTTP/1.1\r\nx: ", b"a"),
    "drips line ends": (b"", b"\r\n"),
    "drips its body": (POST, b" "),
    "drips a body that nobody reads": (POST.replace(b"/graphql", b"/healthz"), b" "),
    "stays after an answer": (b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n", b""),
    "drips between two requests": (b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n", b"\r\n"),
}
SOCKETS = 300


class Slow:
    """A client that sends its first bytes at once and a few more each second, until it is cut off."""

    def __init__(self, port: int, way: tuple[bytes, bytes]) -> None:
        self.first, self.then = way
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.sendall(self.first)
        self.socket.settimeout(0)

    def is_gone(self) -> bool:
        with contextlib.suppress(BlockingIOError):
            try:
                if self.then:
                    self.socket.send(self.then)
                while self.socket.recv(65_536):
                    pass
            except OSError as error:
                if isinstance(error, BlockingIOError):
                    raise
            return True
        return False


@pytest.fixture
def crowd() -> Iterator[list[Slow]]:
    slow: list[Slow] = []
    yield slow
    for one in slow:
        one.socket.close()


def test_three_hundred_slow_sockets_are_gone_within_fifteen_seconds(served: Server, crowd: list[Slow]):
    ways = list(WAYS.values())
    began = time.monotonic()
    crowd.extend(Slow(served.port, ways[number % len(ways)]) for number in range(SOCKETS))
    waits: list[float] = []
    normal = threading.Thread(target=ask_for_ten_seconds, args=(served, waits))
    normal.start()

    left = list(crowd)
    while left and time.monotonic() - began < 20:
        time.sleep(0.5)
        left = [one for one in left if not one.is_gone()]
    gone = time.monotonic() - began
    normal.join()

    assert not left
    assert gone < 15
    assert len(waits) >= 40
    assert sorted(waits)[int(len(waits) * 0.99)] < 1


def ask_for_ten_seconds(served: Server, waits: list[float]) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        began = time.monotonic()
        assert httpx.post(f"{served.url}/graphql", json={"query": "{ hello }"}).json()["data"] == {"hello": "world"}
        waits.append(time.monotonic() - began)
        time.sleep(0.15)


def test_a_client_that_does_not_take_its_answer_in_is_cut_off(served: Server):
    query = "{" + " ".join(f'a{n}: echo(text: "{"x" * 1_500}")' for n in range(20)) + "}"
    request = httpx.Request("POST", served.url, json={"query": query}).content
    head = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    began = time.monotonic()
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
        deaf.settimeout(25)
        deaf.connect(("127.0.0.1", served.port))
        with pytest.raises((ConnectionResetError, BrokenPipeError)):  # noqa: PT012 - which one fails is not foreseen
            while True:
                deaf.sendall(head % len(request) + request)
    assert time.monotonic() - began < 15


class Guest:
    def __init__(self, *, waiting: bool) -> None:
        self.keeps_waiting = waiting
        self.out = False

    def turn_out(self) -> None:
        self.out = True


def test_the_oldest_that_keeps_us_waiting_gives_way_to_a_newcomer_of_its_address():
    crowd = Crowd(most=10, most_per_address=2)
    busy, idle, other, newcomer = Guest(waiting=False), Guest(waiting=True), Guest(waiting=True), Guest(waiting=True)
    crowd.enter(busy, "192.0.2.1")
    crowd.enter(idle, "192.0.2.1")
    crowd.enter(other, "192.0.2.2")

    assert crowd.enter(newcomer, "192.0.2.1")
    assert [busy.out, idle.out, other.out, newcomer.out] == [False, True, False, False]


def test_a_newcomer_is_refused_when_everybody_is_being_answered():
    crowd = Crowd(most=2)
    first, second = Guest(waiting=False), Guest(waiting=False)
    crowd.enter(first, "192.0.2.1")
    crowd.enter(second, "192.0.2.2")

    assert not crowd.enter(Guest(waiting=True), "192.0.2.3")
    assert (len(crowd), first.out, second.out) == (2, False, False)


def test_a_subscribers_addresses_count_as_one():
    crowd = Crowd(most_per_address=1)
    first = Guest(waiting=True)
    crowd.enter(first, "2001:db8::1")

    assert crowd.enter(Guest(waiting=True), "2001:db8::2")
    assert first.out
