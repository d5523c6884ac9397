"""The restore drill: how long a clinic of so many articles takes to be backed up and brought back, and its sizes.

python tests/benchmarks/drill.py 1000 10000
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

import asyncpg

sys.path.insert(0, str(Path(__file__).parents[2]))

from api import backups, database, postgres
from api.sample import loading
from tests.benchmarks.seeding import seed
from tests.conftest import named

SITE = "https://clinic.example"
SECRET = "drill " * 8
SIZE = "SELECT pg_database_size(current_database())"


def megabytes(number: float) -> str:
    return f"{number / 1_000_000:,.0f} MB"


async def drill(server: str, folder: Path, articles: int) -> None:
    """One clinic: filled, backed up, restored, compared."""
    url, media = await fresh(server, f"drill_{articles}"), folder / f"media_{articles}"
    await database.migrate(url)
    await database.connect(url)
    await loading.load(media, SITE)
    await database.disconnect()
    connection = await asyncpg.connect(**database.credentials(url))
    await seed(connection, articles)
    size = await connection.fetchval(SIZE)
    await connection.close()
    began = time.monotonic()
    place = await backups.write(url, media, folder / f"backups_{articles}", keep=1)
    backed_up = time.monotonic() - began
    dump = sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
    began = time.monotonic()
    returned = await fresh(server, f"back_{articles}"), folder / f"back_{articles}"
    compared = await backups.restore(place, *returned, SITE, SECRET)
    restored = time.monotonic() - began
    print(f"{articles:,} articles: database {megabytes(size)}, backup {megabytes(dump)} in {backed_up:.1f} s, "
          f"back and compared in {restored:.1f} s ({compared.rows:,} rows)", flush=True)  # fmt: skip


async def fresh(server: str, name: str) -> str:
    connection = await asyncpg.connect(**database.credentials(server))
    await connection.execute(f'CREATE DATABASE "{name}"')
    await connection.close()
    return named(server, name)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, postgres.running(Path(folder) / "data") as server:
        for articles in map(int, sys.argv[1:] or ("1000", "10000")):
            asyncio.run(drill(server, Path(folder), articles))


if __name__ == "__main__":
    main()
