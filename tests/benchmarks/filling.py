"""Fills a database with many live articles within seconds: a few are written as always, the rest are copies by SQL.

Each copy has its own id, slug, title and dates, a revision with relations and citations, its rendering and its review;
texts are those of the few. `python -m tests.benchmarks.filling DATABASE_URL 10000` does it by itself.
"""

import asyncio
import sys

import asyncpg

from api import database as db
from tests import builders
from tests.builders import ago

TEMPLATES = 20
WORKS = 60
CITED = 8
PARAGRAPH = (
    "In one trial of 177 people, acupuncture eased pain on movement more than massage in the short term, but not "
    "clearly more than a sham laser [@{}]. People who were treated slept somewhat better after three months, and the "
    "difference was small. Nobody knows yet whether that lasts, since few studies looked beyond half a year.\n\n"
)
DIGITS = "lpad(n::text, 8, '0')"
COPIES = f"""
CREATE TEMP TABLE copy ON COMMIT DROP AS
  SELECT n, template.id AS old_article, template.live_id AS old_revision,
         'art_01m81c0py0' || {DIGITS} || 'seededxx' AS article, 'rev_01m81c0py0' || {DIGITS} || 'seededxx' AS revision
    FROM generate_series(1, $1::int) AS n
    JOIN (SELECT id, live_id, row_number() OVER (ORDER BY id) - 1 AS place FROM article WHERE slug LIKE 'template-%')
      AS template ON template.place = n % {TEMPLATES};
"""
# Each table, by the column that leads to the copy, and the columns that say something else in it.
REVISION = {"id": "copy.revision", "article_id": "copy.article", "title": "old.title || ' ' || copy.n"}
LINKS = ("revision_author", "revision_condition", "revision_treatment", "revision_disclaimer", "revision_citation")
DATES = "old.updated_at - make_interval(mins => copy.n)"


async def seed(url: str, articles: int) -> None:
    """Write so many live articles beside what is there; triggers and foreign keys are silent meanwhile."""
    await db.connect(url)
    try:
        await _templates()
    finally:
        await db.disconnect()
    connection = await asyncpg.connect(**db.credentials(url))
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            await connection.execute(COPIES.replace("$1", str(articles)))
            await _copy(connection, "article", "old_article", {
                "id": "copy.article", "slug": "'copy-' || copy.n", "live_id": "copy.revision",
                "sort_title": "old.sort_title || ' ' || copy.n", "updated_at": DATES, "first_published_at": DATES,
            })  # fmt: skip
            await _copy(connection, "revision", "old_revision", REVISION)
            for link in LINKS:
                await _copy(
                    connection,
                    link,
                    "old_revision",
                    {"revision_id": "copy.revision"},
                    key="revision_id",
                    left_out=frozenset({"id"}),
                )
            await _copy(connection, "rendering", "old_revision", {"revision_id": "copy.revision"}, key="revision_id")
            changed = {"revision_id": "copy.revision", "id": f"'rvw_01m81c0py0' || {DIGITS} || 'seededxx'"}
            await _copy(connection, "review", "old_revision", changed, key="revision_id")
            await connection.execute("SELECT fill_shelf()")
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


async def _templates() -> None:
    works = [await builders.source(f"seeded{number}", title=f"Trial {number} of needling") for number in range(WORKS)]
    conditions = [await builders.condition(f"Condition {n}", care="Numbness in both arms.") for n in range(10)]
    treatments = [await builders.treatment(f"Treatment {n}", risk="Bruises") for n in range(5)]
    people = [await builders.practitioner(f"Person {n}") for n in range(10)]
    note = await builders.disclaimer()
    for number in range(TEMPLATES):
        cited = [works[(number * 3 + place) % WORKS].key for place in range(CITED)]
        body = "".join(f"## Part {place}\n\n" + 2 * PARAGRAPH.format(key) for place, key in enumerate(cited))
        article = await builders.live(
            f"Seeded {number}", body, slug=f"template-{number}", at=ago(days=1), authors=[people[number % 10]],
            conditions=[conditions[number % 10]], treatments=[treatments[number % 5]], disclaimers=[note],
        )  # fmt: skip
        await builders.review(article, people[(number + 1) % 10])


async def _copy(
    connection: asyncpg.Connection,
    table: str,
    through: str,
    changed: dict[str, str],
    *,
    key: str = "id",
    left_out: frozenset[str] = frozenset(),
) -> None:
    found = await connection.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 "
        "AND is_generated = 'NEVER' ORDER BY ordinal_position",
        table,
    )
    columns = [row["column_name"] for row in found if row["column_name"] not in left_out]
    values = [changed.get(column, f'old."{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    source = f"copy JOIN {table} AS old ON old.{key} = copy.{through}"
    await connection.execute(f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {source}")


if __name__ == "__main__":
    asyncio.run(seed(sys.argv[1], int(sys.argv[2])))
