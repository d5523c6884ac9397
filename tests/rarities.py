"""`python -m tests.rarities`: give a running sample clinic the pages that it seldom has, and say where, as JSON.

Whatever looks at pages (journeys, `make quality`, the pictures) sees them beside the usual ones: old, long, bare,
withdrawn, forbidden.
"""

import sys
from datetime import timedelta
from typing import Any

import orjson

from api import settings
from api.accounts import links
from api.articles.models import Article, ArticleKind, CommentPolicy, Correction, Severity, Stage, UnpublishKind
from api.clinic import Disclaimer
from api.commands.connected import connected
from api.comments.models import CommentStatus
from api.conditions import Condition
from api.evidence.enums import SourceStatus
from api.evidence.models import Source
from api.practitioners import Practitioner
from api.publishing.models import ReviewLink
from api.treatments import Treatment
from tests import builders

REFERENCES, AT_ONCE = 40, 4
WORDS = 300
SUMMARY = "What is seldom seen is seldom looked at, so it is shown here on purpose."
HELP = "See a doctor if the pain does not ease after a few weeks."
SENTENCE = "Whoever reads this on a small screen should find the next line without looking for it."
LONG_TITLE = (
    "What the pneumonoultramicroscopicsilicovolcanoconiosis of otorhinolaryngologists says of everyday neck pain"
)
PUT_RIGHT = "The text said 40 people and should have said 14. What follows from the study has not changed."
WHY = "We could not check it in time.\n\nThe other articles about neck pain are as good as before."


async def tell(secret: str) -> None:
    """Write every rare page once; the addresses go to the standard output."""
    paths = await _articles() | await _taken_down() | await _behind_links(secret)
    sys.stdout.write(orjson.dumps(paths).decode() + "\n")


async def _articles() -> dict[str, str]:
    retracted = await Source.filter(status=SourceStatus.RETRACTED, is_published=True).first()
    known = await Source.filter(is_published=True).order_by("key").limit(REFERENCES)
    assert retracted
    assert len(known) == REFERENCES
    cited = "\n\n".join(
        " ".join(f"{SENTENCE[:-1]} [@{source.key}]." for source in known[place : place + AT_ONCE])
        for place in range(0, REFERENCES, AT_ONCE)
    )
    paragraph = " ".join([SENTENCE] * (WORDS // len(SENTENCE.split()) + 1))
    made = {
        "article-40-references": await _live("Everything that was looked at", f"## What was found\n\n{cited}"),
        "article-past-review": await _live("What we once found out about stiff necks", HELP, due=-40),
        "article-retracted-source": await _live(
            "A study that was taken back", f"It was said to help [@{retracted.key}]. It can no longer be believed."
        ),
        "article-long-title": await _live(LONG_TITLE, HELP),
        "article-long-paragraph": await _live("One paragraph of 300 words", paragraph),
        "article-short": await _live("A short word on the summer break", "We are away in August.", kind="NEWS"),
    }
    await Correction.create(article=made["article-long-paragraph"], at=builders.ago(days=90), text=PUT_RIGHT)
    return {name: f"/articles/{article.slug}" for name, article in made.items()}


async def _taken_down() -> dict[str, str]:
    ways: dict[str, dict[str, Any]] = {
        "withdrawn": {"explanation": WHY},
        "withdrawn-for-safety": {"explanation": WHY, "severity": Severity.SAFETY},
        "gone": {"kind": UnpublishKind.GONE, "explanation": None},
        "legal": {"kind": UnpublishKind.LEGAL, "explanation": "A court has ordered it."},
    }
    made = {name: await _live(f"An article that is {name.replace('-', ' ')}", HELP) for name in ways}
    for name, article in made.items():
        await builders.take_down(article, **ways[name])
    return {name: f"/articles/{article.slug}" for name, article in made.items()}


async def _behind_links(secret: str) -> dict[str, str]:
    article = await _live("Where readers write", HELP, days=5)
    comment = await builders.comment(article, "Does it hurt?\n\nI would like to know.", status=CommentStatus.PENDING)
    preview = links.preview_link(secret, links.Preview(str(article.live_id)), timedelta(days=1))
    return {
        "comment-form": f"/articles/{article.slug}/comment",
        "own-comment": f"/comment/{links.comment_link(secret, comment.id)}",
        "preview": f"/preview/{preview}",
        "problem-report": f"/report?article={article.slug}",
        "comments-closed": "/articles/migraine-prevention-and-acupuncture/comment",
        "review": await _to_review(secret),
    }


async def _to_review(secret: str) -> str:
    """A draft that promises too much, as the colleague sees it who is asked to review it."""
    draft = await builders.draft(
        "Needles that cure neck pain", f"Acupuncture cures neck pain.\n\n{HELP}", **await _about()
    )
    await Article.filter(id=draft.id).update(stage=Stage.IN_REVIEW)
    reviewer = await _the(Practitioner, "anita-verwood")
    link = await ReviewLink.create(
        revision_id=draft.draft_id, practitioner=reviewer, expires_at=builders.ahead(days=7), created_at=builders.NOW
    )
    return f"/review/{links.review_link(secret, link.id)}"


async def _live(title: str, body: str, *, kind: str = "HEALTH", days: int = 400, due: int = 300) -> Article:
    """An article that readers see; a health article was reviewed, and is to be again in so many days."""
    said = await _about(kind)
    article = await builders.live(
        title, body, kind=ArticleKind(kind), comments=CommentPolicy.ON, at=builders.ago(days=days), **said
    )
    if kind == "HEALTH":
        reviewer = await _the(Practitioner, "anita-verwood")
        day = builders.ahead(days=due).date()
        await builders.review(article, reviewer, at=builders.ago(days=300), next_review_due=day)
    return article


async def _about(kind: str = "HEALTH") -> dict[str, Any]:
    said: dict[str, Any] = {"authors": (await _the(Practitioner, "maren-holloway"),), "summary": SUMMARY}
    if kind == "HEALTH":
        said["conditions"] = (await _the(Condition, "neck-pain"),)
        said["treatments"] = (await _the(Treatment, "acupuncture"),)
        said["disclaimers"] = await Disclaimer.filter(is_published=True)
    return said


async def _the(model: Any, slug: str) -> Any:
    return await model.get(slug=slug)


if __name__ == "__main__":
    configured = settings.read()
    sys.exit(connected(configured, lambda: tell(configured.secret_key)))
