"""Fills a database with as many articles as are wanted, by a few statements: copies of what is live in it.

The copies have addresses, titles and days of their own; catalogue and relations grow with them. Every seventh article
is about one condition, treatment and author, the others are spread evenly.
"""

from typing import Any

EVERY = 100
"""Articles for each entry of the catalogue that is added."""
LEAST = 200

TEMPLATES = """
CREATE TEMP TABLE copy AS
SELECT n, template.id AS article, template.live_id AS revision,
       'art_' || lpad(to_hex(n), 26, '0') AS new_article, 'rev_' || lpad(to_hex(n), 26, '0') AS new_revision
  FROM generate_series(1, $1::int) AS n
  JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many, id, live_id
          FROM article WHERE live_id IS NOT NULL) AS template ON template.place = n % template.many
"""
OWN = {
    "article": {
        "id": "copy.new_article",
        "slug": "'copied-' || copy.n",
        "live_id": "copy.new_revision",
        "draft_id": "NULL",
        "stage": "NULL",
        "scheduled_for": "NULL",
        "imported_from": "NULL",
        "sort_title": "lower('copy ' || md5(copy.n::text))",
        "first_published_at": "now() - copy.n * interval '7 minutes'",
        "reviewed_on": "current_date - copy.n % 700",
    },
    "revision": {
        "id": "copy.new_revision",
        "article_id": "copy.new_article",
        "number": "1",
        "predecessor_id": "NULL",
        "title": "left(revision.title, 95) || ', copy ' || copy.n",
    },
    "rendering": {
        "revision_id": "copy.new_revision",
        # A word of every article's own, one that a few share.
        "search_vector": "rendering.search_vector || to_tsvector('english', 'word' || copy.n || ' few' || copy.n / 50)",
    },
    "review": {"id": "'rvw_' || lpad(to_hex(copy.n), 26, '0')", "revision_id": "copy.new_revision"},
    "revision_disclaimer": {"revision_id": "copy.new_revision"},
}
JOINED = {"article": "article.id = copy.article", "revision": "revision.id = copy.revision"}
ENTRIES = {"condition": "cnd", "treatment": "trt", "practitioner": "prc"}
LINKS = {"revision_condition": "condition", "revision_treatment": "treatment", "revision_author": "practitioner"}
COLUMNS = """
SELECT column_name FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' AND is_identity = 'NO'
   AND NOT (column_name = 'id' AND data_type = 'bigint')
"""


async def seed(connection: Any, articles: int) -> None:
    """Add so many live articles to a database that has some, over a connection of its owner (asyncpg)."""
    async with connection.transaction():
        # As a replica would: triggers and foreign keys, which the copies satisfy, take most of the time.
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(TEMPLATES.replace("$1::int", str(articles)))
        for table, prefix in ENTRIES.items():
            await _entries(connection, table, prefix, max(LEAST, articles // EVERY))
        for table, own in OWN.items():
            joined = JOINED.get(table, f"{table}.revision_id = copy.revision")
            await _copy(connection, table, own, f"copy JOIN {table} ON {joined}")
        for table, target in LINKS.items():
            await connection.execute(_links(table, target))
        await connection.execute("DROP TABLE copy")
        await connection.execute("SELECT fill_shelf()")
    await connection.execute("VACUUM ANALYZE")  # by which an index alone can answer


async def _entries(connection: Any, table: str, prefix: str, many: int) -> None:
    own = {
        "id": f"'{prefix}_' || lpad(to_hex(n), 26, '0')",
        "slug": f"'copied-{table}-' || n",
        "name": f"initcap(md5('{table}' || n))",
        "parent_id": "NULL",
    }
    one = f"(SELECT * FROM {table} WHERE is_published ORDER BY id LIMIT 1) AS {table}"
    await _copy(connection, table, own, f"generate_series(1, {many}) AS n, {one}")


async def _copy(connection: Any, table: str, own: dict[str, str], source: str) -> None:
    columns = [row["column_name"] for row in await connection.fetch(COLUMNS, table)]
    values = ", ".join(own.get(column, f"{table}.{column}") for column in columns)
    # A revision whose review is of another one brings none: what is not there is not copied.
    await connection.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {source} ON CONFLICT DO NOTHING"
    )


def _links(table: str, target: str) -> str:
    """Two entries for each copy: one of a few that are in every seventh article, and one of all."""
    return f"""
    INSERT INTO {table} (revision_id, {target}_id, position)
    SELECT copy.new_revision, entry.id, entry.position FROM copy
      CROSS JOIN (SELECT count(*) AS many FROM {target}) AS counted
      CROSS JOIN LATERAL (VALUES (0, CASE WHEN copy.n % 7 = 0 THEN 0 ELSE copy.n % counted.many END),
                                 (1, (copy.n * 31 + 1) % counted.many)) AS chosen (position, place)
      JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM {target}) AS named USING (place)
      CROSS JOIN LATERAL (SELECT named.id, chosen.position) AS entry
    ON CONFLICT DO NOTHING"""
