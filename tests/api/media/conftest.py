"""What the tests of pictures share: one real server for uploads, its members' tokens, and its rows."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from upload_server import Clinic, Server

from api import database as db
from api.accounts import links, tokens
from api.accounts.models import Member
from api.accounts.viewer import Role
from api.ids import new
from tests import builders


@pytest.fixture(scope="session")
def clinic(server: str, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    url = asyncio.run(_prepared(server, migrated))
    served = Server(url, tmp_path_factory.mktemp("uploads"))
    made = Clinic(served, asyncio.run(_tokens(url)))
    served.start()
    yield made
    served.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A media folder of the test's own."""
    made = tmp_path / "media"
    made.mkdir()
    return made


async def _prepared(server: str, migrated: str) -> str:
    connection = await asyncpg.connect(**db.credentials(server))
    name = new("uploads")
    await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated}"')
    await connection.close()
    return server.replace(urlsplit(server).path, f"/{name}", 1)


async def _tokens(url: str) -> dict[str, str]:
    await db.connect(url)
    try:
        shown = links.Preview(str((await builders.draft("Shown to one")).draft_id))
        found = {"PREVIEW": links.preview_link("k" * 32, shown, timedelta(hours=1))}
        for role in Role:
            member = await Member.create(email=f"{role.lower()}@clinic.example", display_name=role, roles=[role])
            found[role] = (await tokens.mint(member, "test", timedelta(hours=1))).text
    finally:
        await db.disconnect()
    return found
