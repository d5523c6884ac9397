"""The door outward, tried from the inside: what must not be reached is never even connected to."""

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator, Callable

import pytest

from api.addresses import is_public
from api.outbound import Outbound, OutboundFailed, OutboundRefused

ANY = ".".join("0000")
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Said: yes\r\n\r\nok"


class Canary:
    """A listener that counts whoever connects, on every loopback address that it is given."""

    def __init__(self) -> None:
        self.connections: list[str] = []
        self.heads: list[bytes] = []
        self.hearing: list[asyncio.Task[None] | None] = []
        self.port = 0

    async def heard(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.hearing.append(asyncio.current_task())
        self.connections.append(writer.get_extra_info("sockname")[0])
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                self.heads.append(await reader.readuntil(b"\r\n\r\n"))
                await self.answer(writer)
                writer.close()
                await writer.wait_closed()
        finally:
            writer.transport.abort()

    async def answer(self, writer: asyncio.StreamWriter) -> None:
        writer.write(ANSWER)
        await writer.drain()


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    bird = Canary()
    first = await asyncio.start_server(bird.heard, "127.0.0.1", 0)
    bird.port = first.sockets[0].getsockname()[1]
    servers = [first]
    for host in ("127.0.0.2", "::1"):
        with contextlib.suppress(OSError):
            servers.append(await asyncio.start_server(bird.heard, host, bird.port))
    yield bird
    for server in servers:
        server.close()
    for task in filter(None, bird.hearing):
        task.cancel()
    await asyncio.gather(*filter(None, bird.hearing), return_exceptions=True)
    await asyncio.sleep(0)


def door(canary: Canary, **said: object) -> Outbound:
    """A door for which the canary's port is an allowed one, so that only the address stands in the way."""
    return Outbound(ports=frozenset({80, 443, canary.port}), seconds=2, **said)


PRIVATE = [
    "127.0.0.1", "127.1", "127.0.1", ANY, "0", "2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001",
    "0177.0.0.1", "127.0.0.1.", "127.255.255.254", "localhost", "LOCALHOST", "localhost.", "ip6-localhost",
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16",
    "192.0.0.192", "198.18.0.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "192.88.99.1",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[fe80::1]",
    "[fe80::1%25lo]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]", "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[2001:db8::1]", "[::ffff:0:127.0.0.1]",
    "１２７.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "%31%32%37.0.0.1", "127.0.0.1%00.clinic.example",
]  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
async def test_no_spelling_of_a_private_address_is_connected_to(canary: Canary, host: str):
    with pytest.raises((OutboundRefused, OutboundFailed)) as refused:
        await door(canary).send("GET", f"http://{host}:{canary.port}/")

    assert canary.connections == []
    assert refused.type is OutboundRefused or host == "ip6-localhost"  # a name that not every machine knows


@pytest.mark.parametrize(
    "url",
    [
        "http://clinic.example@127.0.0.1:{port}/", "http://127.0.0.1:{port}@clinic.example/", "ftp://127.0.0.1:{port}/",
        "gopher://127.0.0.1:{port}/_x", "file:///etc/passwd", "unix:///run/pg", "http:127.0.0.1:{port}",
        "//127.0.0.1:{port}",
        "http://127.0.0.1:{port}\\@clinic.example/", "http://clinic.example:{port}#@127.0.0.1/ ", "http:///etc", "http://",
        "http://127.0.0.1:99999/", "http://127.0.0.1:x/", "ht\ntp://127.0.0.1:{port}/", "http://a..b:{port}/", "",
    ],
)  # fmt: skip
async def test_what_is_no_plain_address_of_a_host_is_refused(canary: Canary, url: str):
    with pytest.raises(OutboundRefused):
        await door(canary, allow_loopback=True).send("GET", url.format(port=canary.port))

    assert canary.connections == []


@pytest.mark.parametrize("port", [1, 22, 25, 5432, 6379, 8080])
async def test_odd_ports_are_refused(canary: Canary, port: int):
    for url in (f"http://93.184.216.34:{port}/", f"https://clinic.example:{port}/"):
        with pytest.raises(OutboundRefused, match=f"Port {port} is not allowed"):
            await Outbound().send("GET", url)
    with pytest.raises(OutboundRefused):
        await Outbound().send("GET", f"http://127.0.0.1:{canary.port}/")
    assert canary.connections == []


def resolver(*answers: list[str]) -> tuple[Callable, list[str]]:
    """A resolver that gives another answer each time, and who asked it."""
    asked: list[str] = []

    async def look_up(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    return look_up, asked


async def test_a_name_that_changes_its_mind_is_looked_up_once_and_what_was_checked_is_connected_to(canary: Canary):
    look_up, asked = resolver(["127.0.0.1"], ["127.0.0.2"])

    answer = await door(canary, allow_loopback=True, look_up=look_up).send("GET", f"http://flip.example:{canary.port}/")

    assert answer.status == 200
    assert asked == ["flip.example"]
    assert canary.connections == ["127.0.0.1"]
    assert f"host: flip.example:{canary.port}".encode() in canary.heads[0].lower()


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["fe80::1%lo"]]
)
async def test_a_name_with_any_private_address_is_not_connected_to_at_all(canary: Canary, found: list[str]):
    look_up, asked = resolver(found)

    with pytest.raises(OutboundRefused):
        await door(canary, look_up=look_up).send("GET", f"http://rebind.example:{canary.port}/")

    assert asked == ["rebind.example"]
    assert canary.connections == []


async def test_a_name_without_an_address_is_a_failure():
    look_up, _ = resolver([])
    with pytest.raises(OutboundFailed, match="no address"):
        await Outbound(look_up=look_up).send("GET", "https://nowhere.example/")


async def test_even_an_address_that_came_past_the_first_look_is_not_connected_to(canary: Canary, monkeypatch):
    """The guard at the connection itself: here everything before it is made blind."""
    guarded = door(canary)
    monkeypatch.setattr(guarded, "_addresses", _blind)

    with pytest.raises(OutboundRefused):
        await guarded.send("GET", f"http://clinic.example:{canary.port}/")

    assert canary.connections == []


async def _blind(_wanted: object) -> list[str]:
    return ["127.0.0.1"]


async def test_a_redirect_is_an_answer_and_is_not_followed(canary: Canary):
    async def move(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")

    canary.answer = move
    answer = await door(canary, allow_loopback=True).send("POST", f"http://127.0.0.1:{canary.port}/", {}, b"{}")

    assert answer.status == 302
    assert len(canary.connections) == 1


async def test_with_loopback_allowed_this_machine_is_reached_at_any_port_and_nothing_else_is(canary: Canary):
    development = Outbound(allow_loopback=True)

    answer = await development.send("POST", f"http://localhost:{canary.port}/hook?x=1", {"x-own": "1"}, b'{"a":1}')

    assert (answer.status, answer.headers["x-said"], answer.body) == (200, "yes", b"ok")
    assert canary.heads[0].startswith(b"POST /hook?x=1 HTTP/1.1\r\n")
    for host in ("10.0.0.1", "169.254.169.254", "[fd00::1]", ANY):
        with pytest.raises(OutboundRefused):
            await development.send("GET", f"http://{host}/")
    look_up, _ = resolver(["93.184.216.34"])
    with pytest.raises(OutboundRefused, match="Port 8080 is not allowed"):
        await Outbound(allow_loopback=True, look_up=look_up).send("GET", "http://clinic.example:8080/")


async def test_an_endless_answer_is_cut(canary: Canary):
    sent = 0

    async def pour(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while sent < 1_000_000_000:
                writer.write(b"x" * 65_536)
                await writer.drain()
                sent += 65_536

    canary.answer = pour
    answer = await door(canary, allow_loopback=True).send("GET", f"http://127.0.0.1:{canary.port}/")

    assert answer.status == 200
    assert len(answer.body) == 65_536
    assert sent < 20_000_000  # what the two ends of a connection hold


async def test_a_small_answer_that_unpacks_to_a_large_one_is_left_packed(canary: Canary):
    packed = gzip.compress(b"x" * 10_000_000)

    async def pack(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed)

    canary.answer = pack
    answer = await door(canary, allow_loopback=True).send("GET", f"http://127.0.0.1:{canary.port}/")

    assert answer.body == packed[:65_536]
    assert b"accept-encoding: identity" in canary.heads[0].lower()


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"])
async def test_whoever_is_slow_is_given_up_in_time(canary: Canary, begun: bytes):
    async def dawdle(writer: asyncio.StreamWriter) -> None:
        writer.write(begun)
        with contextlib.suppress(ConnectionError):
            for _ in range(100):
                await asyncio.sleep(0.1)
                writer.write(b"x" if begun.endswith(b"ab") else b"")
                await writer.drain()

    canary.answer = dawdle
    began = asyncio.get_running_loop().time()
    slow = Outbound(allow_loopback=True, seconds=0.5)
    with contextlib.suppress(OutboundFailed):
        await slow.send("GET", f"http://127.0.0.1:{canary.port}/")

    assert asyncio.get_running_loop().time() - began < 1.5


async def test_a_broken_connection_and_what_is_no_http_are_failures(canary: Canary):
    async def babble(writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n\r\n")

    async def hang_up(writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    for answer, said in ((babble, "is no HTTP"), (hang_up, "broke|no HTTP")):
        canary.answer = answer
        with pytest.raises(OutboundFailed, match=said):
            await door(canary, allow_loopback=True).send("GET", f"http://127.0.0.1:{canary.port}/")


async def test_nobody_listening_is_a_failure_and_no_refusal():
    with pytest.raises(OutboundFailed, match="the connection was not made"):
        await Outbound(allow_loopback=True).send("GET", "http://127.0.0.1:1/")


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "::ffff:93.184.216.34"]
)
def test_a_public_address_is_public_also_inside_another_one(address: str):
    assert is_public(address)


@pytest.mark.parametrize("address", ["64:ff9b::a00:1", "::ffff:10.0.0.1", "3fff::1", "nonsense", ""])
def test_what_is_no_public_address_is_none_inside_another_one(address: str):
    assert not is_public(address)
    assert not is_public(address, loopback=True)
