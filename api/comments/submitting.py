"""A reader's comment on its way in: what is asked of it, and what becomes of it. Nothing here publishes anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tortoise.transactions import in_transaction

from api import ids
from api.accounts.viewer import ANONYMOUS
from api.articles import reading as articles
from api.articles.models import CommentPolicy
from api.clinic import the_clinic
from api.comments import abuse, consent, forms, texts
from api.comments.flags import CALLING, Help, flags_of, help_for
from api.comments.models import Comment, CommentProof, CommentSketch, CommentStatus
from api.errors import Invalid, NotFound, RateLimited, WrongStage
from api.sql import rows, sql

if TYPE_CHECKING:
    from tortoise.backends.base.client import TransactionalDBClient

LOOKED_AT = 20_000
"""Characters of a text in which help is looked for, whatever else is wrong with it."""
MOST_HELD = 100
"""Comments of one article that wait, and again as many that are held as spam."""
ONE_BY_ONE = "SELECT pg_advisory_xact_lock(hashtext($1))"
USE = "INSERT INTO comment_proof (nonce, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING nonce"


class NoSuchArticle(NotFound):
    """There is no such article: check its address."""


class CommentsClosed(WrongStage):
    """This article takes no comments now: you can still write to the clinic."""


class EmptyComment(Invalid):
    """Write your comment first."""


class LongComment(Invalid):
    """A comment has up to 2,000 characters: shorten it."""


class EmptyName(Invalid):
    """Give a name to show; it need not be your own."""


class LongName(Invalid):
    """A name has up to 60 characters: shorten it."""


class QueueFull(RateLimited):
    """Many comments wait to be read for this article: try again in a day or two."""


@dataclass(frozen=True)
class Sent:
    """What a form brings. `website` is a field that people do not see and do not fill in."""

    article: str
    body: str
    display_name: str
    text_version: str
    consent_given: bool
    form_token: str
    proof_of_work: str = ""
    website: str = ""


@dataclass(frozen=True)
class Door:
    """Where forms come in: the secret that signs them, and the prefix of the sender's address, where it is known."""

    secret: str
    address: str | None = None


@dataclass(frozen=True)
class Admitted:
    """A comment that may be kept: nothing of it is in the database yet."""

    comment: Comment
    address: str | None
    proof: forms.Proof | None
    today: abuse.Keys
    trapped: bool


async def help_in(*words: str) -> tuple[Help, ...]:
    """The help that words call for; to be shown whatever becomes of them."""
    clinic = await the_clinic()
    flags = flags_of(tuple(texts.plain(text[:LOOKED_AT]) for text in words), CALLING)
    return help_for(flags, clinic.name, clinic.telephone)


async def admit(sent: Sent, door: Door) -> Admitted:
    """Look at all that can be wrong with a form, each thing with a sentence of its own; nothing is counted yet."""
    now = datetime.now(UTC)
    body, name = _text(sent)
    consent.check(sent.text_version, given=sent.consent_given)
    proof = forms.prove(door.secret, sent.proof_of_work, sent.article) if sent.proof_of_work.strip() else None
    forms.check(door.secret, sent.form_token, sent.article, now, proven=proof is not None)
    today = await abuse.keys(door.secret, now)
    comment = Comment(
        id=ids.comment(), article_id=sent.article, body=body, display_name=name,
        flags=list(flags_of((body, name))),
        consent={"textVersion": sent.text_version, "at": now.isoformat()},
    )  # fmt: skip
    return Admitted(comment, door.address, proof, today, trapped=bool(sent.website.strip()))


async def keep(admitted: Admitted) -> str:
    """Count a comment, and keep it until a moderator reads it; the id under which it waits."""
    comment, proven = admitted.comment, admitted.proof is not None
    await abuse.fill("comment", admitted.today, admitted.address, comment.article_id, proven=proven)
    await _check_open(comment.article_id)
    async with in_transaction() as transaction:
        await transaction.execute_query(ONE_BY_ONE, [f"comments {comment.article_id}"])
        if admitted.proof:
            await use(admitted.proof, transaction)
        await _hold(comment, admitted.today, trapped=admitted.trapped)
    return comment.id


async def use(proof: forms.Proof, transaction: TransactionalDBClient) -> None:
    """Use a proof of work up; refused the second time."""
    if not await transaction.execute_query_dict(USE, [proof.nonce, proof.expires_at]):
        raise forms.ProofUsed(path=("proof_of_work",))


def _text(sent: Sent) -> tuple[str, str]:
    body, name = texts.plain(sent.body), texts.one_line(sent.display_name)
    if not name:
        raise EmptyName(path=("display_name",))
    if len(name) > texts.LONGEST_NAME:
        raise LongName(path=("display_name",))
    if not body:
        raise EmptyComment(path=("body",))
    if len(body) > texts.LONGEST_BODY:
        raise LongComment(path=("body",))
    return body, name


async def _check_open(article: str) -> None:
    shown = (await articles.by_id([article], ANONYMOUS)).get(article)
    if shown is None:
        raise NoSuchArticle(path=("article",))
    if shown.comment_policy is not CommentPolicy.ON:
        raise CommentsClosed(path=("article",))


async def _hold(comment: Comment, today: abuse.Keys, *, trapped: bool) -> None:
    """Hold it, as spam what a trap caught or what came before; a program is not told which.

    A queue of spam that is full takes no more, and its sender is not told that either.
    """
    sketch = today.sketch(comment.body)
    if trapped or await abuse.is_known(today, sketch):
        comment.status = CommentStatus.SPAM
    query = sql("SELECT count(*) AS held FROM comment WHERE article_id = ? AND status = ?",
                comment.article_id, str(comment.status))  # fmt: skip
    (found,) = await rows(query)
    if found["held"] >= MOST_HELD:
        if comment.status is CommentStatus.SPAM:
            return
        raise QueueFull(path=("article",))
    await comment.save(force_create=True)
    await CommentSketch.create(comment_id=comment.id, day=today.day, sketch=sketch)


async def forget_proofs(now: datetime) -> int:
    """Drop the used proofs that would be refused as too old by now."""
    return await CommentProof.filter(expires_at__lt=now).delete()
