"""What moderators' decisions taught, in counts; and taking back what a comment taught before its words are gone.

The counts are those of the comments that are kept: whoever erases or redacts a comment takes its lesson back in the
same transaction. Where somebody does not, by hand or by an older release, a trigger drops the whole quarter's counts
(migration 0018), and the worker counts anew what is still there.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from anyio import to_thread
from tortoise.transactions import in_transaction

from api.comments.models import Comment, CommentStatus, Rejection
from api.comments.weighing import ALL, QUARTER, QUARTERS, Learned, Lesson, words_of
from api.sql import rows, sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from api.comments.weighing import Words

AT_ONCE: Final = 200
WEIGHED: Final = 500
ABOUT_WORDS: Final = (Rejection.UNSAFE_ADVICE, Rejection.ABUSIVE, Rejection.ADVERTISING, Rejection.OFF_TOPIC)
"""The reasons that lie in what is said. Of the others, which are about persons, nothing is learned."""
ONE_BY_ONE: Final = "SELECT pg_advisory_xact_lock(hashtext('comment words'))"
HOLD: Final = "SELECT FROM comment_word WHERE generation = ? AND bucket = ANY(?::int[]) ORDER BY bucket FOR UPDATE"
COUNT: Final = """
UPDATE comment_word SET shown = greatest(comment_word.shown + by.shown, 0),
                        refused = greatest(comment_word.refused + by.refused, 0)
  FROM unnest(?::int[], ?::int[], ?::int[]) AS by (bucket, shown, refused)
 WHERE generation = ? AND comment_word.bucket = by.bucket
"""
BEGIN: Final = """
INSERT INTO comment_word (generation, bucket, shown, refused)
SELECT ?, bucket, greatest(shown, 0), greatest(refused, 0)
  FROM unnest(?::int[], ?::int[], ?::int[]) AS by (bucket, shown, refused) WHERE shown > 0 OR refused > 0
ON CONFLICT (generation, bucket) DO NOTHING
"""
EMPTIED: Final = "DELETE FROM comment_word WHERE generation = ? AND bucket = ANY(?::int[]) AND shown + refused = 0"
DROP: Final = "DELETE FROM comment_word WHERE generation = ?"
UNTRUE: Final = """
SELECT generation FROM
  (SELECT lesson_of AS generation, count(*) AS n FROM comment WHERE lesson_of IS NOT NULL GROUP BY 1) AS told
  FULL JOIN (SELECT generation, max(shown + refused) FILTER (WHERE bucket = 0) AS n FROM comment_word GROUP BY 1)
    AS counted USING (generation)
 WHERE told.n IS DISTINCT FROM counted.n OR NOT generation = ANY(?::text[])
"""
UNTEACH: Final = "UPDATE comment SET lesson = NULL, lesson_of = NULL WHERE lesson_of = ?"
WANTED: Final = f"""CASE
  WHEN is_redacted THEN NULL
  WHEN status = '{CommentStatus.APPROVED}' THEN '{Lesson.SHOWN}'
  WHEN status = '{CommentStatus.SPAM}' THEN '{Lesson.REFUSED}'
  WHEN reason IN ({", ".join(f"'{reason}'" for reason in ABOUT_WORDS)}) THEN '{Lesson.REFUSED}' END"""
UNLEARNED: Final = f"""
SELECT id, body, decided_at, lesson, lesson_of, {WANTED} AS wanted FROM comment
 WHERE decided_at >= ? AND lesson IS DISTINCT FROM {WANTED} ORDER BY decided_at LIMIT ? FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - names of enums alone
LEARNT: Final = "UPDATE comment SET lesson = ?, lesson_of = ? WHERE id = ?"
COUNTS: Final = "SELECT generation, bucket, shown, refused FROM comment_word"
WAITING: Final = """
SELECT id, body, score FROM comment WHERE status IN ('PENDING', 'SPAM') ORDER BY score IS NOT NULL, at LIMIT ?
"""
WEIGH: Final = """
UPDATE comment SET score = found.score FROM unnest(?::text[], ?::int[]) AS found (id, score)
 WHERE comment.id = found.id AND status IN ('PENDING', 'SPAM')
"""


@dataclass(frozen=True)
class Taught:
    """What one comment taught: which lesson, in which generation, by which words."""

    lesson: Lesson
    generation: str
    body: str


def taught_by(comment: Comment) -> Taught | None:
    """What is to be taken back before this comment's words go."""
    if comment.lesson is None or comment.lesson_of is None:
        return None
    return Taught(comment.lesson, comment.lesson_of, comment.body)


async def take_back(taught: Iterable[Taught | None], secret: str) -> None:
    """Subtract what comments taught; to be called once in a transaction, after the comments' rows are locked."""
    words = words_of(secret)
    await _count([(one, -1) for one in taught if one], words)


async def study(secret: str, now: datetime) -> int:
    """Learn from what was decided, and weigh what waits; how many comments were looked at to some end."""
    words = words_of(secret)
    await _drop_untrue(words, now)
    learned = await _learn(words, now)
    return learned + await _weigh(words, now)


async def _drop_untrue(words: Words, now: datetime) -> None:
    """Drop counts that are old, of another key, or not those of the comments that are kept."""
    for row in await rows(sql(UNTRUE, list(words.weights(now)))):
        async with in_transaction():
            await rows(sql(UNTEACH, row["generation"]))
            await rows(sql(DROP, row["generation"]))


async def _learn(words: Words, now: datetime) -> int:
    weights = words.weights(now)
    async with in_transaction():
        await rows(sql(ONE_BY_ONE))
        found = await rows(sql(UNLEARNED, now - QUARTERS * QUARTER, AT_ONCE))
        changes: list[tuple[Taught, int]] = []
        for row in found:
            if row["lesson"]:
                changes.append((Taught(Lesson(row["lesson"]), row["lesson_of"], row["body"]), -1))
            generation = words.generation(row["decided_at"])
            lesson = Lesson(row["wanted"]) if row["wanted"] and generation in weights else None
            if lesson:
                changes.append((Taught(lesson, generation, row["body"]), 1))
            await rows(sql(LEARNT, lesson, generation if lesson else None, row["id"]))
        await _count(changes, words)
    return len(found)


async def _count(changes: Sequence[tuple[Taught, int]], words: Words) -> None:
    """Add and subtract what each generation's comments taught."""
    by_row: defaultdict[str, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    foreign = {one.generation for one, _ in changes if not one.generation.endswith(words.mark)}
    for one, by in changes:
        if one.generation not in foreign:
            for bucket in words.buckets(one.body) | {ALL}:
                by_row[one.generation][bucket][one.lesson is Lesson.REFUSED] += by
    for generation in sorted(foreign):  # counted with a key that is gone: nothing of it can be told apart any more
        await rows(sql(DROP, generation))
    for generation, counts in sorted(by_row.items()):
        await _write(generation, sorted(counts), [counts[bucket] for bucket in sorted(counts)])


async def _write(generation: str, buckets: list[int], by: list[list[int]]) -> None:
    """Rows are locked in their order, so that two who count never wait for each other."""
    deltas = buckets, [shown for shown, _ in by], [refused for _, refused in by]
    await rows(sql(HOLD, generation, buckets))
    await rows(sql(COUNT, *deltas, generation))
    await rows(sql(BEGIN, generation, *deltas))
    await rows(sql(EMPTIED, generation, buckets))


async def _weigh(words: Words, now: datetime) -> int:
    waiting = await rows(sql(WAITING, WEIGHED))
    if not waiting:
        return 0
    learned = await _learned(words, now)
    bodies = [row["body"] for row in waiting]
    scores = await to_thread.run_sync(lambda: [learned.score(words.buckets(body)) for body in bodies])
    moved = [(row["id"], score) for row, score in zip(waiting, scores, strict=True) if row["score"] != score]
    if moved:
        await rows(sql(WEIGH, [one for one, _ in moved], [score for _, score in moved]))
    return len(moved)


async def _learned(words: Words, now: datetime) -> Learned:
    """The counts of all generations that still count, each by its weight."""
    weights, sums = words.weights(now), defaultdict[int, list[float]](lambda: [0.0, 0.0])
    for row in await rows(sql(COUNTS)):
        weight = weights.get(row["generation"], 0.0)
        sums[row["bucket"]][0] += weight * row["shown"]
        sums[row["bucket"]][1] += weight * row["refused"]
    return Learned({bucket: (shown, refused) for bucket, (shown, refused) in sums.items()})
