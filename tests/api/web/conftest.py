"""What the tests of the edge share: the small clinic in this process, and one behind a real server."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import small_clinic
from edge_server import Server
from structlog.testing import capture_logs


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("server") / "log")
    yield running
    running.stop()


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with small_clinic.connect() as connected:
        yield connected


@pytest.fixture(autouse=True)
def told() -> Iterator[list[dict[str, object]]]:
    """What was written to the log."""
    with capture_logs() as entries:
        yield entries
