"""Every verb of an article at every stage, asked by everybody: one table says what each of them is answered.

A line of the table is what somebody is answered who may use the verb on this article at all. Who may is said by the
group at its beginning; all others are answered alike whatever the stage.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from api.accounts.viewer import ANONYMOUS, Role, Viewer
from api.articles.models import Revision
from schema.permissions import MUTATIONS
from tests.deskwork import (
    approved,
    decided,
    do,
    due,
    outcome,
    practitioner,
    reviewer,
    submitted,
    version,
    viewer,
    written,
)

pytestmark = pytest.mark.usefixtures("sample")

STAGES = ("DRAFT", "IN_REVIEW", "CHANGES_REQUESTED", "APPROVED", "SCHEDULED", "live", "unpublished", "discarded")
TABLE = """
                              DRAFT    IN_REVIEW CHANGES  APPROVED SCHEDULED live     unpublished discarded
WRITING    reviseArticle      OK       OK        OK       OK       SCHEDULED OK       OK          OK
WRITING    submitArticle      OK       WRONG     OK       WRONG    SCHEDULED WRONG    OK          WRONG
WRITING    discardDraft       OK       OK        OK       OK       OK        WRONG    OK          WRONG
WRITING    restoreRevision    OK       OK        OK       OK       SCHEDULED OK       OK          OK
WRITING    createPreviewLink  OK       OK        OK       OK       OK        OK       OK          WRONG
WRITING    revokePreviewLinks OK       OK        OK       OK       OK        OK       OK          OK
REVIEWING  reviewArticle      WRONG    OK        WRONG    WRONG    SCHEDULED WRONG    WRONG       WRONG
WAIVING    waiveFinding       NOTHING  NOTHING   NOTHING  NOTHING  NOTHING   NOTHING  NOTHING     WRONG
PUBLISHING createReviewLink   WRONG    OK        WRONG    WRONG    WRONG     WRONG    WRONG       WRONG
PUBLISHING publishArticle     BLOCKED  WRONG     WRONG    OK       SCHEDULED WRONG    OK          WRONG
PUBLISHING publishArticles    BLOCKED  WRONG     WRONG    OK       SCHEDULED WRONG    OK          WRONG
PUBLISHING scheduleArticle    BLOCKED  WRONG     WRONG    OK       SCHEDULED WRONG    OK          WRONG
PUBLISHING cancelSchedule     WRONG    WRONG     WRONG    WRONG    OK        WRONG    WRONG       WRONG
PUBLISHING unpublishArticle   WRONG    WRONG     WRONG    WRONG    WRONG     OK       WRONG       WRONG
PUBLISHING correctArticle     WRONG    WRONG     WRONG    WRONG    WRONG     WRONG    OK          WRONG
PUBLISHING changeArticleSlug  OK       OK        OK       OK       OK        OK       OK          OK
PUBLISHING addRedirect        OK       OK        OK       OK       OK        OK       OK          OK
PUBLISHING setCommentPolicy   OK       OK        OK       OK       OK        OK       OK          OK
ERASING    eraseArticle       OK       OK        OK       OK       OK        OK       OK          OK
"""
SHORT = {"WRONG": "WRONG_STAGE", "NOTHING": "NOT_FOUND"}  # NOTHING: the gate finds no such thing
MAY = {
    "WRITING": {"its author", "editor", "admin"},
    "REVIEWING": {"reviewer"},
    "WAIVING": {"reviewer", "editor", "admin"},
    "PUBLISHING": {"editor", "admin"},
    "ERASING": {"admin"},
}
ASKERS = ("nobody", "its author", "another author", "editor", "reviewer", "moderator", "admin", "partner")
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:]]


def expected(group: str, said: str, stage: str, who: str) -> str:
    if who == "nobody":
        return "UNAUTHENTICATED"
    if who in MAY[group]:
        return SHORT.get(said, said)
    if who == "another author" and group == "WRITING":  # of drafts they know nothing; what is live they see
        return "FORBIDDEN" if stage == "live" else "NOT_FOUND"
    return "FORBIDDEN"


async def staged(author: Viewer, editor: Viewer) -> dict[str, dict[str, Any]]:
    """One article at each stage, all by one author."""
    scheduled, taken, gone = await approved(author), await published_by(author, editor), await written(author)
    at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    said = {"kind": "WITHDRAWN", "explanation": "It was wrong."}
    await do("scheduleArticle", editor, id=scheduled["id"], expectedVersion=scheduled["version"], at=at)
    await do("unpublishArticle", editor, id=taken["id"], expectedVersion=taken["version"], **said)
    await do("discardDraft", author, id=gone["id"], expectedVersion=gone["version"])
    each = (
        await written(author),
        await submitted(author),
        await decided(await submitted(author), "CHANGES_REQUESTED"),
        await approved(author),
        scheduled,
        await published_by(author, editor),
        taken,
        gone,
    )
    return dict(zip(STAGES, each, strict=True))


async def published_by(author: Viewer, editor: Viewer) -> dict[str, Any]:
    article = await approved(author)
    done = await do("publishArticle", editor, id=article["id"], expectedVersion=article["version"])
    return dict(done["article"])


async def inputs(article: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What each verb is sent for the article."""
    named = {"id": article["id"], "expectedVersion": await version(article)}
    at = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    first = await Revision.get(article_id=article["id"], number=1)
    return {
        "reviseArticle": named | {"title": "Other"},
        "submitArticle": named,
        "discardDraft": named,
        "restoreRevision": named | {"revision": first.id},
        "createPreviewLink": {"id": article["id"]},
        "revokePreviewLinks": {"id": article["id"]},
        "reviewArticle": named | {"outcome": "APPROVED", "evidenceRechecked": True, "nextReviewDue": due()},
        "waiveFinding": {
            "article": article["id"],
            "expectedVersion": named["expectedVersion"],
            "rule": "RDB-001",
            "fingerprint": "0",
            "why": "x",
            "until": due(),
        },
        "createReviewLink": {"id": article["id"], "practitioner": await practitioner("anita-verwood")},
        "publishArticle": named,
        "publishArticles": {"items": [named]},
        "scheduleArticle": named | {"at": at},
        "cancelSchedule": named,
        "unpublishArticle": named | {"kind": "GONE", "explanation": "It was wrong."},
        "correctArticle": named | {"text": "It was wrong."},
        "changeArticleSlug": named | {"slug": "another-slug"},
        "addRedirect": named | {"path": "/post/other"},
        "setCommentPolicy": named | {"policy": "ON"},
        "eraseArticle": named | {"reason": "LEGAL"},
    }


class _Undone(Exception):  # noqa: N818 - it only ends the transaction
    pass


def undo() -> None:
    raise _Undone


async def tried(verb: str, asker: Viewer, said: dict[str, Any]) -> str:
    """The answer to a verb, whose effect is undone."""
    found = ""
    try:
        async with in_transaction():
            found = await outcome(verb, asker, **said)
            undo()
    except _Undone:
        return found


async def test_every_verb_at_every_stage_answers_everybody_as_the_table_says():
    author, editor = await viewer(Role.AUTHOR), await viewer(Role.EDITOR)
    askers = {
        "nobody": ANONYMOUS,
        "its author": author,
        "another author": await viewer(Role.AUTHOR),
        "editor": editor,
        "reviewer": await reviewer(),
        "moderator": await viewer(Role.MODERATOR),
        "admin": await viewer(Role.ADMIN),
        "partner": await viewer(Role.PARTNER),
    }
    wanted, found = {}, {}
    for stage, article in (await staged(author, editor)).items():
        sent = await inputs(article)
        for group, verb, *line in ROWS:
            for who in ASKERS:
                combination = f"{verb} at {stage} by {who}"
                wanted[combination] = expected(group, line[STAGES.index(stage)], stage, who)
                found[combination] = await tried(verb, askers[who], sent[verb])
    assert len(wanted) == len(STAGES) * len(ROWS) * len(ASKERS) == 1_216
    assert {name: code for name, code in found.items() if code != wanted[name]} == {}


def test_the_table_names_every_verb_that_has_a_stage():
    verbs = {verb for _, verb, *_ in ROWS}
    assert {"createArticle", "importArticle"} == {name for name in MUTATIONS if "rticle" in name} - verbs
