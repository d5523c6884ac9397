"""Makes things for tests: each builder writes one thing with sensible values, of which a test names those that matter.

Articles move by their pointers alone, as the database sees it; the verbs that move them have tests of their own.
"""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tortoise.transactions import in_transaction

from api import documents
from api.accounts.models import Member
from api.accounts.viewer import Role, Viewer, with_implied
from api.articles import editing, rendering
from api.articles.models import (
    Article,
    ArticleKind,
    CommentPolicy,
    Redirect,
    Review,
    ReviewOutcome,
    Revision,
    Severity,
    Stage,
    UnpublishKind,
)
from api.clinic import Clinic, Disclaimer
from api.comments.models import Comment, CommentStatus, ProblemKind, ProblemReport
from api.conditions import CareAdvice, CareLevel, Condition
from api.evidence.enums import Certainty, Comparator, SourceStatus, StudyDesign, Timepoint
from api.evidence.models import Source
from api.media.models import MediaAsset
from api.practitioners import Practitioner, PractitionerOffers, PractitionerTreats
from api.statements import EvidenceStatement, StatementSource
from api.syndication import copies, keys, rehearsing
from api.syndication.acting import grant_of
from api.syndication.models import Copy, Partner, Recall, Rehearsal
from api.syndication.webhooks import signing
from api.syndication.webhooks.models import Delivery, Webhook
from api.syndication.websub.models import Intent, Mode, Subscription
from api.treatments import AdverseOutcome, Frequency, Treatment

NOW = datetime.now(UTC).replace(microsecond=0)
_numbers = itertools.count(1)


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def ahead(**time: float) -> datetime:
    return NOW + timedelta(**time)


def viewer(*roles: Role, member: str | None = "mbr_test", **said: Any) -> Viewer:
    return Viewer(member, "Somebody", with_implied(frozenset(roles)), **said)


async def clinic(**said: Any) -> Clinic:
    """The one clinic; written when it is not there yet."""
    terms = {"version": "2026-11", "html": "<p>Show it whole.</p>", "url": "/partners"}
    found, _ = await Clinic.get_or_create(defaults={"name": "Test Clinic", "syndication_terms": terms} | said)
    return found


async def member(*roles: Role, **said: Any) -> Member:
    number = next(_numbers)
    plain = {"email": f"member{number}@clinic.example", "display_name": f"Member {number}", "roles": list(roles)}
    return await Member.create(**plain | said)


async def condition(name: str = "Neck pain", *, care: str | None = None, **said: Any) -> Condition:
    row = await Condition.create(**_entry(name) | {"summary": f"About {name}."} | said)
    if care:
        await CareAdvice.create(condition=row, position=0, level=CareLevel.URGENT, heading="Ask for help", items=[care])
    return row


async def treatment(name: str = "Acupuncture", *, risk: str | None = None, **said: Any) -> Treatment:
    row = await Treatment.create(**_entry(name) | {"summary": f"About {name}."} | said)
    if risk:
        await AdverseOutcome.create(treatment=row, position=0, text=risk, frequency=Frequency.COMMON)
    return row


async def practitioner(
    name: str = "Ada Reed", *, treats: tuple[Condition, ...] = (), offers: tuple[Treatment, ...] = (), **said: Any
) -> Practitioner:
    row = await Practitioner.create(**_entry(name) | {"job_title": "Acupuncturist"} | said)
    for place, entry in enumerate(treats):
        await PractitionerTreats.create(practitioner=row, condition=entry, position=place)
    for place, entry in enumerate(offers):
        await PractitionerOffers.create(practitioner=row, treatment=entry, position=place)
    return row


async def source(key: str | None = None, *, title: str = "A trial", **said: Any) -> Source:
    csl = {"type": "article-journal", "title": title, "author": [{"family": "Irnich", "given": "Dominik"}],
           "issued": {"date-parts": [[2001]]}, "container-title": "BMJ"}  # fmt: skip
    plain = {"key": key or f"source{next(_numbers)}", "csl": csl, "study_design": StudyDesign.RCT,
             "status": SourceStatus.OK, "is_published": True}  # fmt: skip
    return await Source.create(**plain | said)


async def disclaimer(text: str = "See a doctor.", **said: Any) -> Disclaimer:
    return await Disclaimer.create(**{"key": "CUSTOM", "title": "Note", "text": text, "is_published": True} | said)


async def statement(
    of: Treatment, about: Condition, by: Practitioner, *, sources: tuple[Source, ...] = (), **said: Any
) -> EvidenceStatement:
    plain = {"treatment": of, "condition": about, "assessed_by": by, "outcome": f"Pain {next(_numbers)}",
             "comparator": Comparator.SHAM, "timepoint": Timepoint.SHORT_TERM, "certainty": Certainty.LOW,
             "summary": "Little is known.", "assessed_at": date(2026, 1, 1), "is_published": True}  # fmt: skip
    row = await EvidenceStatement.create(**plain | said)
    for place, work in enumerate(sources):
        await StatementSource.create(statement=row, source=work, position=place)
    return row


async def picture(**said: Any) -> MediaAsset:
    number = next(_numbers)
    sizes = [{"width": width, "height": width // 2, "ext": "webp", "mime": "image/webp"} for width in (480, 1200)]
    plain = {"sha256": f"{number:064x}", "mime": "image/png", "width": 1200, "height": 600, "alt": f"Picture {number}",
             "renditions": sizes}  # fmt: skip
    return await MediaAsset.create(**plain | said)


def content(title: str = "Sleep", body: str = "Sleep well.", **relations: Any) -> editing.Content:
    """What a revision says; relations are given as rows."""
    said = {"summary": f"About {title}."} | relations
    for name in ("authors", "conditions", "treatments", "disclaimers"):
        said[name] = tuple(row.id for row in said.get(name, ()))
    if "hero_image" in said:
        said["hero_image"] = said["hero_image"].id
    return editing.Content(title=title, body=documents.from_markdown(body), **said)


async def webhook(url: str = "https://partner.example/hook", *, of: Partner | None = None, **said: Any) -> Webhook:
    """An address that is told of everything: the clinic's own, unless it is a partner's."""
    return await Webhook.create(**{"url": url, "partner": of, "salt": signing.new_salt()} | said)


async def subscription(callback: str = "https://reader.example/hook", **said: Any) -> Subscription:
    """A subscription to the feed of all articles, and the intent to end it."""
    place = {"topic": "/feeds/articles.atom", "callback": callback, "host": "reader.example", "position": 0}
    await Intent.create(**place, mode=Mode.UNSUBSCRIBE, lease_seconds=864_000, created_at=NOW)
    plain = place | {"expires_at": ahead(days=10), "due_at": NOW, "created_at": NOW}
    return await Subscription.create(**plain | said)


async def delivery(to: Webhook, **said: Any) -> Delivery:
    plain = {"webhook": to, "event": "webhook.test", "payload": {}, "due_at": NOW, "created_at": NOW}
    return await Delivery.create(**plain | said)


async def draft(
    title: str = "Sleep",
    body: str = "Sleep well.",
    *,
    slug: str | None = None,
    by: Member | None = None,
    kind: ArticleKind = ArticleKind.HEALTH,
    comments: CommentPolicy = CommentPolicy.ON,
    language: str = "en",
    old_paths: tuple[str, ...] = (),
    first_out: date | None = None,
    **relations: Any,
) -> Article:
    """An article that was never live; `first_out` is when it came out elsewhere."""
    identity = editing.Identity(
        slug or _slug(title),
        kind,
        language=language,
        comment_policy=comments,
        old_paths=old_paths,
        originally_published_on=first_out,
    )
    said = content(title, body, **relations)
    async with in_transaction():
        return await editing.create(identity, said, await rendering.derive(said.body), by=by.id if by else None)


async def revised(
    article: Article, title: str = "Sleep anew", body: str = "Sleep better.", **relations: Any
) -> Revision:
    """A newer draft of the article."""
    said = content(title, body, **relations)
    number = await Revision.filter(article_id=article.id).count() + 1
    async with in_transaction():
        newer = await editing.write(article, number, said, await rendering.derive(said.body))
        article.draft_id, article.stage = newer.id, Stage.DRAFT
        await article.save(update_fields=["draft_id", "stage"])
    return newer


async def publish(article: Article, at: datetime | None = None) -> Article:
    """Move the draft to where readers see it."""
    await clinic()
    revision = await _frozen(article.draft_id, at or NOW)
    article.live_id, article.draft_id, article.stage = revision.id, None, None
    article.first_published_at = article.first_published_at or at or NOW
    article.updated_at = at or NOW
    article.sort_title = revision.title.lower()
    await article.save()
    return article


async def live(title: str = "Sleep", body: str = "Sleep well.", *, at: datetime | None = None, **said: Any) -> Article:
    """An article that readers see, first published at that moment."""
    return await publish(await draft(title, body, **said), at)


async def schedule(article: Article, at: datetime) -> Article:
    """Let the draft become visible at that moment; nobody settles it."""
    await clinic()
    await _frozen(article.draft_id, NOW)
    article.stage, article.scheduled_for = Stage.SCHEDULED, at
    await article.save(update_fields=["stage", "scheduled_for"])
    return article


async def take_down(
    article: Article,
    kind: UnpublishKind = UnpublishKind.WITHDRAWN,
    explanation: str | None = "It was wrong.",
    *,
    severity: Severity = Severity.ROUTINE,
    moved_to: str | None = None,
) -> Article:
    """Take the live revision down; a tombstone answers."""
    revision = await Revision.get(id=article.live_id)
    article.draft_id, article.stage, article.live_id = article.draft_id or article.live_id, Stage.DRAFT, None
    article.unpublished_kind, article.unpublished_at, article.unpublished_severity = kind, NOW, severity
    article.unpublished_title, article.explanation, article.moved_to = revision.title, explanation, moved_to
    await article.save()
    return article


async def redirect(path: str, *, to: Article | None = None, target: str | None = None) -> Redirect:
    return await Redirect.create(path=path, article=to, target=target)


async def review(article: Article, by: Practitioner, **said: Any) -> Review:
    """An approval of what is live, or else of the draft."""
    revision = await Revision.get(id=article.live_id or article.draft_id)
    plain = {"revision": revision, "content_hash": revision.content_hash, "reviewer": by, "at": ago(days=30),
             "outcome": ReviewOutcome.APPROVED, "evidence_rechecked": True,
             "next_review_due": ahead(days=300).date()}  # fmt: skip
    made = await Review.create(**plain | said)
    await Article.filter(id=article.id).update(reviewed_on=made.at.date())
    return made


async def partner(name: str = "Health Portal", *, accepted: bool = True, active: bool = True, **said: Any) -> Partner:
    """A partner who accepted the terms and passed the rehearsal, unless said otherwise."""
    terms = {"version": "2026-11", "by": "Bo Lin", "at": NOW.isoformat()} if accepted else None
    plain = {"contact": "bo@portal.example", "site_origins": ["https://portal.example"],
             "copy_url_template": "https://portal.example/health/{slug}", "full_text": True,
             "terms_accepted": terms, "activated_at": NOW if accepted and active else None}  # fmt: skip
    return await Partner.create(**plain | {"name": name} | said)


async def key(of: Partner) -> str:
    """The text of a key of the partner's."""
    return (await keys.make(of, datetime.now(UTC))).text


def asking(partner: Partner) -> Viewer:
    """The partner's program, as the edge knows it by its key."""
    return keys.viewer(grant_of(partner))


async def copy(of: Partner, article: Article, at: datetime | None = None) -> Copy:
    """What a partner fetched of an article."""
    await copies.fetched(grant_of(of), [(article.id, 1, None)], at or NOW)
    return await Copy.get(partner_id=of.id, article_id=article.id)


async def recall(of: Partner, article: Article, **said: Any) -> Recall:
    """An open recall that no Change stands behind."""
    plain = {"partner": of, "change_id": next(_numbers), "article_id": article.id, "severity": "ROUTINE",
             "opened_at": NOW, "acknowledge_by": ahead(days=7)}  # fmt: skip
    return await Recall.create(**plain | said)


async def rehearsal(of: Partner) -> Rehearsal:
    return await rehearsing.rehearse(asking(of), rehearsing.RehearsalStep.PUBLISH, "https://clinic.example")


async def comment(article: Article, body: str = "Thank you.", *, at: datetime | None = None, **said: Any) -> Comment:
    plain = {"display_name": "Reader", "status": CommentStatus.APPROVED, "consent": {"textVersion": "1"}}
    row = await Comment.create(article_id=article.id, body=body, **plain | said)
    if at:
        await Comment.filter(id=row.id).update(at=at)
    return row


async def problem(article: Article, body: str = "A number is wrong.", **said: Any) -> ProblemReport:
    """A problem that somebody reported."""
    return await ProblemReport.create(article_id=article.id, body=body, **{"kind": ProblemKind.WRONG} | said)


def _entry(name: str) -> dict[str, Any]:
    return {"name": name, "slug": _slug(name), "is_published": True}


def _slug(name: str) -> str:
    plain = "-".join("".join(sign if sign.isalnum() else " " for sign in name.lower() if sign.isascii()).split())
    return f"{plain or 'thing'}-{next(_numbers)}"


async def _frozen(key: str | None, at: datetime) -> Revision:
    revision = await Revision.get(id=key)
    if revision.frozen_at is None:
        revision.frozen_at = at
        await revision.save(update_fields=["frozen_at"])
    return revision
