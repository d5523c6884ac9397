"""The children that open pictures: bounded in memory and time, two at once, and never left behind."""

import asyncio
import contextlib
import time
from dataclasses import replace
from pathlib import Path

import pytest
from forms_by_hand import joined, part
from pictures_by_hand import drawn, many_scans, photograph, png, saved
from PIL import Image
from upload_server import Clinic, send

from api.errors import Refused
from api.media.formats import Kind
from api.media.incoming import Incoming
from api.media.limits import Limits
from api.media.workshop import Made, TooDemanding, Unreadable, Workshop

LIMITS = Limits()
STEM = "a" * 64
LARGE = png(5_000, 5_000, depth=8, colour=2)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    made = tmp_path / "work"
    made.mkdir()
    return made


async def make(work: Path, data: bytes, kind: Kind, limits: Limits = LIMITS) -> Made:
    (work / "original").write_bytes(data)
    return await Workshop(limits).make(work, kind, STEM)


def children() -> set[str]:
    """The processes that this one has started and not yet buried."""
    found: set[str] = set()
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):
            found |= set((task / "children").read_text().split())
    return found


@pytest.mark.parametrize("kind", [Kind.WEBP, Kind.AVIF])  # those that take most memory
async def test_the_largest_picture_that_is_allowed_fits_into_the_limits(work: Path, kind: Kind):
    picture = Image.new("RGBA", (5_000, 5_000), (90, 120, 110, 128))
    options = {"speed": 10} if kind is Kind.AVIF else {"method": 0}

    made = await make(work, saved(picture, kind, **options), kind)

    assert (made.width, made.height, len(made.sizes)) == (5_000, 5_000, 8)


@pytest.mark.parametrize(
    ("data", "kind", "limits"),
    [
        pytest.param(many_scans(), Kind.JPEG, replace(LIMITS, cpu_seconds=1), id="processor time"),
        pytest.param(many_scans(), Kind.JPEG, replace(LIMITS, seconds=1), id="time"),
        pytest.param(
            png(5_000, 5_000, depth=8, colour=2), Kind.PNG, replace(LIMITS, memory_bytes=150_000_000), id="memory"
        ),
    ],
)
async def test_a_child_that_is_over_its_limits_is_ended_and_a_sentence_says_so(
    work: Path, data: bytes, kind: Kind, limits: Limits
):
    assert len(data) < 1_000_000
    before, started = children(), time.monotonic()

    with pytest.raises(TooDemanding, match=r"takes too much to open: .*\.$"):
        await make(work, data, kind, limits)

    assert time.monotonic() - started < 20
    assert children() == before


async def test_a_child_that_writes_more_than_it_may_makes_nothing(work: Path):
    with pytest.raises(Refused, match=r"\.$"):
        await make(work, saved(photograph(800, 800), "PNG"), Kind.PNG, replace(LIMITS, file_bytes=2_000))


async def test_of_a_jpeg_with_a_second_picture_inside_the_first_is_meant(work: Path):
    both = saved(drawn(640, 480), "MPO", save_all=True, append_images=[drawn(320, 240)])

    made = await make(work, both, Kind.JPEG)

    assert (made.width, made.height) == (640, 480)


async def test_a_file_of_another_kind_than_told_is_not_opened(work: Path):
    with pytest.raises(Unreadable):
        await make(work, saved(drawn(), "GIF"), Kind.PNG)


async def test_two_work_at_once_and_the_others_wait(tmp_path: Path):
    workshop, most, before = Workshop(), 0, children()
    tasks = []
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "original").write_bytes(saved(drawn(800, 600, seed=number), "PNG"))
        tasks.append(asyncio.create_task(workshop.make(folder, Kind.PNG, STEM)))

    while not all(task.done() for task in tasks):
        most = max(most, len(children() - before))
        await asyncio.sleep(0.005)

    assert most == 2
    assert [task.result().width for task in tasks] == [800] * 4


async def test_a_child_ends_when_nobody_waits_for_it_any_more(work: Path):
    before = children()
    task = asyncio.create_task(make(work, many_scans(), Kind.JPEG))
    while children() == before:  # noqa: ASYNC110 - another process begins, and tells nobody
        await asyncio.sleep(0.01)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert children() == before


def test_what_a_dead_process_left_is_gone_when_the_next_one_starts(folder: Path):
    left = folder / ".incoming" / "tmpdead"
    left.mkdir(parents=True)
    (left / "original").write_bytes(b"x")

    with Incoming(folder).opened() as living, living.cleared() as upload:
        assert not left.exists()
        with Incoming(folder).opened():
            assert upload.is_dir()
    assert [path.name for path in (folder / ".incoming").iterdir()] == ["turn"]


async def test_a_server_killed_during_an_upload_leaves_nothing_once_it_is_back(clinic: Clinic):
    server, files = clinic.server, clinic.server.files()
    headers = clinic.headers() | {"content-length": "5000000"}
    upload = [joined(part("file", bytes(1_000_000)), closed=False)]
    sending = asyncio.create_task(send(server, headers, upload))
    while server.files() == files:  # noqa: ASYNC110 - as above
        await asyncio.sleep(0.01)

    server.kill()
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await sending
    assert len(server.files() - files) == 1

    server.start()
    assert server.files() == files
