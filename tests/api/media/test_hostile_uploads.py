"""What is sent to do harm: every upload here is refused or comes out clean, and nothing of it stays."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest
from attacks import ATTACKS, CLEANED, MEGABYTE, NAMES, Attack
from forms_by_hand import form, joined, part
from pictures_by_hand import CANARY, PNG, drawn, saved
from PIL import Image
from upload_server import Clinic, Reply, Server, send

CODES = {401: "UNAUTHENTICATED", 403: "FORBIDDEN", 413: "PAYLOAD_TOO_LARGE"}
MOST_MORE_MEMORY = 100 * MEGABYTE


@pytest.fixture(scope="module")
def watched(clinic: Clinic) -> Server:
    """The server after a first upload; the kernel keeps its peak of memory from here on."""
    reply = asyncio.run(attack(clinic, Attack(201, "", form(saved(drawn(seed=40), "JPEG")))))
    assert reply.status == 201
    clinic.server.forget_peak()
    return clinic.server


async def attack(clinic: Clinic, sent: Attack) -> Reply:
    headers = clinic.headers(sent.role) | sent.headers
    body = [sent.body] if isinstance(sent.body, bytes) else sent.body()
    if isinstance(sent.body, bytes):
        headers["content-length"] = str(len(sent.body))
    return await send(clinic.server, {name: value for name, value in headers.items() if value}, body)


def test_there_are_enough_of_them():
    assert len(ATTACKS) + len(CLEANED) + len(NAMES) >= 40


@dataclass
class Onslaught:
    """What each attack got, and what was there before and after them all."""

    replies: dict[str, Reply]
    before: tuple[int, set[str]]
    after: tuple[int, set[str]]


@pytest.fixture(scope="module")
def onslaught(watched: Server, clinic: Clinic) -> Onslaught:
    """All attacks, four at a time."""

    async def everything() -> Onslaught:
        four = asyncio.Semaphore(4)

        async def one(sent: Attack) -> Reply:
            async with four:
                return await attack(clinic, sent)

        before = await clinic.assets(), watched.files()
        replies = await asyncio.gather(*(one(sent) for sent in ATTACKS.values()))
        return Onslaught(dict(zip(ATTACKS, replies, strict=True)), before, (await clinic.assets(), watched.files()))

    return asyncio.run(everything())


@pytest.mark.parametrize("name", ATTACKS)
def test_it_is_refused_with_a_sentence(onslaught: Onslaught, name: str):
    sent = ATTACKS[name]

    status, code, sentence = onslaught.replies[name].error

    assert (status, code) == (sent.status, CODES.get(sent.status, "BAD_USER_INPUT"))
    assert sent.words in sentence
    assert sentence.endswith(".")


def test_no_row_and_no_file_is_left_of_them(onslaught: Onslaught):
    assert onslaught.after == onslaught.before


@pytest.mark.parametrize("name", CLEANED)
async def test_it_is_taken_and_nothing_but_its_pixels_stays(watched: Server, clinic: Clinic, name: str):
    files = watched.files()

    reply = await attack(clinic, Attack(201, "", form(CLEANED[name]())))

    assert reply.status == 201
    new = watched.files() - files
    assert len(new) == len(reply.json["renditions"])
    for path in new:
        content = (watched.data / path).read_bytes()
        assert not any(word in content for word in (CANARY.encode(), b"<script", b"Exif", b"PK\3\4", b"ICC_PROFILE"))
        assert Image.open(io.BytesIO(content)).format in {"WEBP", "JPEG"}


@pytest.mark.parametrize("name", NAMES)
async def test_a_file_name_never_reaches_the_disk(watched: Server, clinic: Clinic, name: str):
    data = saved(drawn(64, 64, seed=50 + NAMES.index(name)), "PNG")

    reply = await attack(clinic, Attack(201, "", form(data, filename=name)))

    assert reply.status == 201
    digest = reply.json["sha256"]
    assert {path for path in watched.files() if digest in path} == {f"media/{digest}-64.webp", f"media/{digest}-64.jpg"}


async def test_a_client_that_hangs_up_leaves_nothing(watched: Server, clinic: Clinic):
    files = watched.files()

    async def half() -> AsyncIterator[bytes]:
        yield joined(part("file", PNG + bytes(2 * MEGABYTE)), closed=False)
        await until(lambda: watched.files() != files)

    await send(watched, clinic.headers() | {"content-length": "5000000"}, half(), hang_up=True)

    await until(lambda: watched.files() == files)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - another process does it, and tells nobody
            await asyncio.sleep(0.02)


async def test_a_crowd_is_told_to_come_back(watched: Server, clinic: Clinic):
    files = watched.files()

    replies = await asyncio.gather(*(attack(clinic, ATTACKS["a body that stops"]) for _ in range(12)))

    assert sorted(reply.status for reply in replies) == [408] * 8 + [503] * 4
    (busy,) = {reply.error[1:] for reply in replies if reply.status == 503}
    assert busy == ("UNAVAILABLE", "Too many pictures are being worked on at this moment: try again shortly.")
    assert {reply.headers.get("retry-after") for reply in replies if reply.status == 503} == {"5"}
    assert watched.files() == files


async def test_all_at_once_cost_little_memory(watched: Server, clinic: Clinic):
    """The whole corpus has been through; now the large ones come together."""
    large = [
        ATTACKS[name] for name in ("20 MB and one byte", "20 MB and one byte, undeclared", "a body without end")
    ] * 2

    replies = await asyncio.gather(*(attack(clinic, sent) for sent in large))

    assert [reply.status for reply in replies] == [413] * 6
    assert watched.memory("VmHWM") - watched.before < MOST_MORE_MEMORY
    assert [list(path.iterdir()) for path in (watched.media / ".incoming").iterdir() if path.is_dir()] == [[]]
