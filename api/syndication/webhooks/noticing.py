"""What the clinic's own webhooks are told beside articles: found by looking, told once, by ids alone."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
from tortoise.transactions import in_transaction

from api.publishing.desk import DUE
from api.sql import rows, sql
from api.syndication.webhooks.events import WebhookEvent
from api.syndication.webhooks.outbox import Event, enqueue

RETRACTED = """
SELECT source.id AS thing, coalesce(source.status_checked_at::text, '') AS mark,
       jsonb_build_object('sourceId', source.id, 'articleIds', coalesce(leaning.articles, '[]')) AS told
  FROM source CROSS JOIN LATERAL (
         SELECT jsonb_agg(article.id ORDER BY article.id) AS articles FROM article
           JOIN revision_citation cited ON cited.revision_id = article.live_id WHERE cited.key = source.key) AS leaning
 WHERE source.status = 'RETRACTED'
"""
PENDING = """
SELECT comment.id AS thing, '' AS mark,
       jsonb_build_object('commentId', comment.id, 'articleId', comment.article_id) AS told
  FROM comment WHERE comment.status = 'PENDING'
"""
OVERDUE = f"""
SELECT article.id AS thing, due.day::text AS mark, jsonb_build_object('articleId', article.id, 'dueOn', due.day) AS told
  FROM article CROSS JOIN LATERAL ({DUE}) AS due (day) WHERE due.day < current_date
"""
STATES = {
    WebhookEvent.SOURCE_RETRACTED: RETRACTED,
    WebhookEvent.COMMENT_PENDING: PENDING,
    WebhookEvent.REVIEW_DUE: OVERDUE,
}
OFTEN = (WebhookEvent.SOURCE_RETRACTED, WebhookEvent.COMMENT_PENDING)
SELDOM = (WebhookEvent.REVIEW_DUE,)
"""What takes a look at every live article, and changes by the day."""
REMEMBER = """
WITH found AS (%s), new AS (
  INSERT INTO noticed (event, thing, mark, at) SELECT ?, thing, mark, ? FROM found
  ON CONFLICT (event, thing, mark) DO NOTHING RETURNING thing)
SELECT found.told FROM found JOIN new USING (thing)
"""
FORGET = """
WITH gone AS (
  DELETE FROM noticed WHERE event = ? AND NOT EXISTS (
    SELECT FROM (%s) AS found WHERE found.thing = noticed.thing AND found.mark = noticed.mark) RETURNING id)
SELECT count(*) AS n FROM gone
"""


async def notice(events: tuple[WebhookEvent, ...]) -> int:
    """Tell of what has become so since the last look; of how much."""
    return sum([await _notice(event) for event in events])


async def forget(_now: datetime) -> int:
    """Forget having told of what is no longer so: should it become so again, it is told again."""
    return sum([int((await rows(sql(FORGET % state, str(event))))[0]["n"]) for event, state in STATES.items()])


async def _notice(event: WebhookEvent) -> int:
    async with in_transaction():
        found = await rows(sql(REMEMBER % STATES[event], str(event), datetime.now(UTC)))
        await enqueue(*(Event(None, event, orjson.loads(row["told"])) for row in found))
    return len(found)
