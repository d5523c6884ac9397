"""What moderators taught: it sorts and decides nothing, begins with silence, and is taken back with the words."""

from datetime import UTC, datetime, timedelta

import pytest

from api.accounts.viewer import Role
from api.articles.models import Article
from api.comments import erasing, learning, moderating, weighing
from api.comments.models import Comment, CommentStatus, CommentWord, Rejection
from api.comments.moderating import Decision, ModerationAct
from api.comments.weighing import ALL, Learned
from api.errors import ErrorPolicy
from tests import builders, people
from tests.asking import ask
from tests.builders import ago
from tests.doing import done, member

WORDS = weighing.words_of(people.SECRET_KEY)
PRAISE = "The table of trials is clearly explained, thank you for the sources."
ADVERT = "Cheap miracle pills, order now with discount shipping and casino bonus."


async def study(secret: str = people.SECRET_KEY) -> int:
    return await learning.study(secret, datetime.now(UTC))


async def counted() -> list[tuple[str, int, int, int]]:
    found = await CommentWord.all().order_by("generation", "bucket")
    return [(row.generation, row.bucket, row.shown, row.refused) for row in found]


async def decided(article: Article, body: str, status: CommentStatus, **said) -> Comment:
    return await builders.comment(article, body, status=status, **{"decided_at": builders.NOW} | said)


async def taught(article: Article, each: int = 10) -> None:
    """So many that were shown, and as many that were refused."""
    for number in range(each):
        await decided(article, f"{PRAISE} Reader {number}.", CommentStatus.APPROVED)
        await decided(article, ADVERT, CommentStatus.REJECTED, reason=Rejection.ADVERTISING)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The table, the TABLE.", 2), ("Call 020 7946 0018 on 3 May", 2), ("wren@example.org", 0), ("a an it", 0),
        ("NHS 943 476 5919 b12", 1), ("Ünïcode wörter", 2), ("", 0), ("x" * 21, 0),
    ],
)  # fmt: skip
def test_words_are_of_letters_and_each_counts_once(text, words):
    assert len(WORDS.buckets(text)) == words


def test_a_bucket_tells_no_word_without_the_key_and_there_are_few():
    other = weighing.words_of("t" * 40)
    assert WORDS.buckets("migraine") != other.buckets("migraine")
    assert WORDS.mark != other.mark
    many = WORDS.buckets(" ".join(f"{'abcdefghij'[n // 100 % 10]}{'klmnopqrst'[n // 10 % 10]}{'uvwxyzabcd'[n % 10]}"
                                  for n in range(1000)))  # fmt: skip
    assert len(many) <= weighing.MOST_WORDS
    assert all(1 <= bucket <= weighing.BUCKETS for bucket in many)


def test_nothing_is_said_before_ten_of_each_were_decided():
    bucket = next(iter(WORDS.buckets("casino")))
    few = Learned({ALL: (9.0, 50.0), bucket: (0.0, 40.0)})
    enough = Learned({ALL: (10.0, 50.0), bucket: (0.0, 40.0)})
    assert (few.score({bucket}), enough.score({bucket}), enough.score(())) == (None, 90, 50)


def test_what_one_comment_alone_said_weighs_nothing():
    learned = Learned({ALL: (20.0, 20.0), 7: (0.0, 1.0), 8: (0.0, 2.0)})
    assert (learned.score({7}), learned.score({8})) == (50, 75)


def test_older_quarters_weigh_half_and_those_of_the_year_before_nothing():
    weights = WORDS.weights(datetime(2026, 2, 1, tzinfo=UTC))
    assert list(weights.values()) == [1.0, 0.5, 0.25, 0.125]
    assert [name.partition("-")[0] for name in weights] == ["2026Q1", "2025Q4", "2025Q3", "2025Q2"]
    assert WORDS.generation(datetime(2026, 3, 31, tzinfo=UTC)) in weights


async def test_the_queue_is_sorted_by_what_was_taught_and_nothing_is_decided(database):
    article = await builders.live()
    good = await builders.comment(article, PRAISE, status=CommentStatus.PENDING)
    bad = await builders.comment(article, ADVERT, status=CommentStatus.PENDING, at=ago(minutes=-1))
    await study()
    assert {row.score for row in await Comment.all()} == {None}
    await taught(article)
    await study()
    moderator = await member(Role.MODERATOR)
    asked = """query ($f: ModerationFilter) { editorial {
      moderationQueue(filter: $f, orderBy: HIGHEST_SCORE) { nodes { id moderation { status score } } } } }"""
    nodes = (await ask(asked, moderator))["editorial"]["moderationQueue"]["nodes"]
    assert [(one["id"], one["moderation"]["status"]) for one in nodes] == [(bad.id, "PENDING"), (good.id, "PENDING")]
    high, low = (one["moderation"]["score"] for one in nodes)
    assert (high, low) == (99, 1)
    nodes = (await ask(asked, moderator, f={"scoreAtLeast": 50}))["editorial"]["moderationQueue"]["nodes"]
    assert [one["id"] for one in nodes] == [bad.id]
    assert await study() == 0


async def test_only_what_lies_in_the_words_is_learned(database):
    article = await builders.live()
    about_persons = set(Rejection) - set(learning.ABOUT_WORDS)
    for reason in about_persons:
        await decided(article, f"Refused for {reason}.", CommentStatus.REJECTED, reason=reason)
    await builders.comment(article, "A trap caught it.", status=CommentStatus.SPAM)
    await decided(article, "Other words.", CommentStatus.APPROVED, is_redacted=True)
    await decided(article, "Long ago.", CommentStatus.APPROVED, decided_at=ago(days=400))
    await study()
    assert await counted() == []


async def test_a_decision_that_is_turned_around_is_learned_anew(database):
    article = await builders.live()
    row = await decided(article, ADVERT, CommentStatus.APPROVED)
    await study()
    shown = await counted()
    moderator = await member(Role.MODERATOR)
    await done("moderateComments", moderator, "results { id }",
               items=[{"id": row.id, "act": "REMOVE", "reason": "ADVERTISING"}])  # fmt: skip
    await study()
    assert [(name, bucket, refused, taken) for name, bucket, taken, refused in await counted()] == shown


@pytest.mark.parametrize("act", ["erase", "redact", "forget"])
async def test_what_a_comment_taught_goes_with_its_words(database, act):
    article = await builders.live()
    await decided(article, PRAISE, CommentStatus.APPROVED)
    await study()
    before = await counted()
    row = await decided(article, ADVERT + PRAISE, CommentStatus.SPAM, at=ago(days=6))
    await study()
    assert len(await counted()) > len(before)
    if act == "erase":
        await erasing.erase(row.id, "reader", people.SECRET_KEY)
    elif act == "forget":
        await erasing.forget(datetime.now(UTC) + timedelta(days=2), people.SECRET_KEY)
        assert not await Comment.filter(id=row.id).exists()
    else:
        redacted = Decision(row.id, ModerationAct.APPROVE_REDACTED, body="The table is clear.")
        moderator = await member(Role.MODERATOR)
        await moderating.moderate([redacted], ErrorPolicy.REJECT_EVERYTHING, moderator, people.SECRET_KEY)
        assert (await Comment.get(id=row.id)).lesson is None
    assert await counted() == before
    await study()
    assert await counted() == before


@pytest.mark.parametrize("how", ["deleted by hand", "reworded by hand", "emptied by a crash", "another key"])
async def test_counts_that_are_not_those_of_the_kept_comments_are_dropped_and_made_anew(database, how):
    article = await builders.live()
    await decided(article, PRAISE, CommentStatus.APPROVED)
    await study()
    before = await counted()
    row = await decided(article, ADVERT, CommentStatus.SPAM)
    await study()
    secret = people.SECRET_KEY
    if how == "emptied by a crash":
        await CommentWord.all().delete()
    elif how == "another key":
        secret = "t" * 40
        await erasing.erase(row.id, "reader", secret)
    elif how == "deleted by hand":
        await Comment.filter(id=row.id).delete()
    else:
        await Comment.filter(id=row.id).update(body=PRAISE, is_redacted=True)
    if how != "emptied by a crash":
        assert await counted() == []
    await study(secret)
    await study(secret)
    after = await counted()
    assert len(after) >= len(before)
    assert {generation for generation, *_ in after} == {weighing.words_of(secret).generation(builders.NOW)}
    if how in {"deleted by hand", "reworded by hand"}:
        assert after == before
