"""A clinic in which everything is there that a reader may see, and beside it everything that no reader may see."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from api.articles.models import ArticleKind, CommentPolicy, Correction, ReviewOutcome, UnpublishKind
from api.comments.models import CommentStatus
from api.conditions import CodeSystem, ConditionCode
from api.evidence.enums import Comparator, Direction, SourceStatus, StudyDesign
from api.evidence.models import Source, SourceFinding
from api.practitioners import Affiliation, Credential, CredentialKind
from api.treatments import AdverseOutcome, Frequency
from api.views import ViewCount
from tests import builders
from tests.builders import ago, ahead

SIZES = [
    {"width": width, "height": width // 2, "ext": ext, "mime": f"image/{mime}"}
    for width in (480, 1200)
    for ext, mime in (("webp", "webp"), ("jpg", "jpeg"))
]
BODY = (
    "Sleeping *helps* “most” people [@known, p. 4].\n\n## Signs & symptoms\n\n"
    "See [@hidden] and [@known; @nobody; @retracted].\n\n"
    "### More\n\n- one\n- two\n"
)
PARTS = timedelta(microseconds=123456)


@dataclass
class Known:
    """Ids and slugs by kind, of what is public and of what is not, with some that nothing bears."""

    ids: dict[str, list[str]] = field(default_factory=dict)
    slugs: dict[str, list[str]] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)

    def note(self, kind: str, *rows: Any) -> None:
        self.ids.setdefault(kind, [f"{kind[:3]}_{'0' * 26}", "nothing"]).extend(row.id for row in rows)
        self.slugs.setdefault(kind, ["nowhere", ""]).extend(row.slug for row in rows)


async def scene() -> Known:
    known = Known()
    picture = await builders.picture(renditions=SIZES, focal_point={"x": 0.25, "y": 1}, caption="A “room”", credit="Us")
    plain = await builders.picture(decorative=True, alt=None)
    await builders.clinic(
        logo=plain,
        url="/",
        booking_url="https://book.example/a?b=c",
        complaints_url="/complaints",
        strapline='Well & "good"',
        address={"street": "1 High Street", "country": "GB", "postal_code": "AB1 2CD"},
        geo={"latitude": 51.5, "longitude": -1},
        opening_hours=[
            {"days": ["Monday", "Friday"], "opens": "09:00", "closes": "17:30"},
            {"days": ["Sunday"], "note": "Closed"},
        ],
        syndication_terms={"version": "2026-11", "html": "<p onclick='x'>Show it <b>whole</b>.</p><script>1</script>"},
    )
    sources = await _sources(known)
    conditions = await _conditions(known)
    treatments = await _treatments(known, sources)
    people = await _people(known, picture, conditions, treatments)
    for number, (of, about, by) in enumerate(
        [(0, 1, 0), (0, 0, 1), (1, 1, 0), (2, 1, 0), (0, 2, 0), (0, 1, 2)]  # the last three name what is not public
    ):
        guideline = {"body": "NICE", "code": "NG59", "says": "Consider it."} if number == 0 else None
        await builders.statement(
            treatments[of],
            conditions[about],
            people[by],
            sources=tuple(sources),
            guideline=guideline,
            certainty_basis="Ours" if number else None,
        )
    await builders.statement(treatments[0], conditions[0], people[0], is_published=False)
    await _articles(known, picture, conditions, treatments, people)
    return known


async def _sources(known: Known) -> list[Source]:
    newer = await builders.source("newer", title="A newer “trial”", doi="10.1000/newer", pmid="12345", n=40)
    rows = [
        await builders.source(
            "known",
            superseded_by=newer,
            url="https://journal.example/1",
            status=SourceStatus.SUPERSEDED,
            status_note="See newer",
            status_checked_at=date(2026, 1, 2),
        ),
        await builders.source("hidden", is_published=False),
        await builders.source(
            "book",
            study_design=StudyDesign.GUIDELINE,
            csl={"type": "book", "title": "Back pain", "author": [{"literal": "NICE"}], "publisher": "NICE"},
        ),
        newer,
        await builders.source("retracted", status=SourceStatus.RETRACTED, status_note="Taken back"),
        await builders.source("withdrawn", status=SourceStatus.WITHDRAWN),
    ]
    for place in range(2):
        await SourceFinding.create(
            source=rows[0],
            position=place,
            outcome=f"Pain {place}",
            comparator=Comparator.SHAM,
            ci_low=0.5 - place,
            ci_high=1.25,
            direction=Direction.FAVOURS,
            p="< 0.05",
        )
    known.ids["source"] = ["src_" + "0" * 26, *(row.id for row in rows)]
    known.sources = ["nobody", *(row.key for row in rows)]
    return rows


async def _conditions(known: Known) -> list[Any]:
    rendering = {
        "html": "<p>Wide</p>",
        "text": "Wide",
        "blocks": [{"html": "<p>Wide</p>", "citation_numbers": [1]}],
        "toc": [{"id": "a", "level": 2, "text": "A"}],
        "word_count": 1,
        "reading_minutes": 1,
        "reading_grade": None,
        "citations": [{"number": 1, "key": "known", "locator": None, "marks": ["m1"]}],
    }
    wide = await builders.condition(
        "Pain",
        body={"blocks": [], "version": 1},
        rendering=rendering,
        causes=["Load", ""],
        symptoms=["Ache"],
        body_location="Back",
        alternate_names=["Ache"],
    )
    rows = [
        wide,
        await builders.condition("Neck pain", care="Numbness", parent=wide, risk_factors=["Age"]),
        await builders.condition("Unseen pain", care="Nothing", parent=wide, is_published=False),
    ]
    rows += [await builders.condition(f"Ache {letter}", parent=rows[2 if letter == "a" else 1]) for letter in "abc"]
    for system, value in ((CodeSystem.MESH, "D019547"), (CodeSystem.ICD_10, "M54.2")):
        await ConditionCode.create(condition=rows[1], system=system, value=value)
    known.note("condition", *rows)
    return rows


async def _treatments(known: Known, sources: list[Source]) -> list[Any]:
    rows = [
        await builders.treatment("Acupuncture", risk="Bruises", contraindications=["Pregnancy"], preparation="Eat"),
        await builders.treatment("Rest", contraindications=["None"], medicine_system="Any"),
        await builders.treatment("Secret", is_published=False),
    ]
    for place, source in enumerate(sources[:2], 1):
        await AdverseOutcome.create(
            treatment=rows[0],
            position=place,
            text=f"Faint {place}",
            frequency=Frequency.RARE,
            source=source,
            figure="1 %",
        )
    known.note("treatment", *rows)
    return rows


async def _people(known: Known, picture: Any, conditions: list[Any], treatments: list[Any]) -> list[Any]:
    rows = [
        await builders.practitioner(
            "Ada Reed",
            photo=picture,
            treats=tuple(conditions),
            offers=tuple(treatments),
            booking_url="/book",
            bio="Ada",
            same_as=["https://a.example"],
            honorific_prefix="Dr",
        ),
        await builders.practitioner("Ben Ash", affiliation=Affiliation.EXTERNAL_REVIEWER, treats=(conditions[1],)),
        await builders.practitioner("Cy Unseen", is_published=False, treats=(conditions[1],)),
        *[await builders.practitioner(f"Dee {letter}", offers=(treatments[0],)) for letter in "xyz"],
    ]
    today = builders.NOW.date()
    days = [(None, None), (today, today), (None, today - timedelta(days=1)), (today + timedelta(days=1), None)]
    for place, (first, last) in enumerate(days):
        await Credential.create(
            practitioner=rows[0],
            position=place,
            kind=list(CredentialKind)[place],
            name=f"Held {place}",
            valid_from=first,
            valid_until=last,
            recognized_by="GMC" if place else None,
            url="https://r.example" if place else None,
        )
    known.note("practitioner", *rows)
    return rows


async def _articles(
    known: Known, picture: Any, conditions: list[Any], treatments: list[Any], people: list[Any]
) -> None:
    notes = [await builders.disclaimer(), await builders.disclaimer("Not seen.", is_published=False)]
    said = {"conditions": conditions[:3], "treatments": treatments, "authors": people[:3], "disclaimers": notes}
    live = [
        await builders.live(
            "Sleep & rest",
            BODY,
            at=ago(days=9) + PARTS,
            hero_image=picture,
            seo={"title": "Sleep", "noindex": True},
            **said,
        ),
        await builders.live(
            "Sleep again",
            BODY,
            at=ago(days=8),
            language="de",
            comments=CommentPolicy.CLOSED,
            first_out=ago(days=900).date(),
            **said,
        ),
        await builders.live(
            "Quiet", "Nothing.", at=ago(days=8), comments=CommentPolicy.OFF, conditions=[conditions[1]]
        ),
        await builders.live("News", "We moved.", at=ago(days=1), kind=ArticleKind.NEWS, authors=[people[0]]),
        *[await builders.live(f"Ache {n}", at=ago(days=20 + n), conditions=[conditions[1]]) for n in range(4)],
    ]
    revised = await builders.revised(live[0], "Sleep, not yet", conditions=[conditions[1]])
    draft = await builders.draft("Draft", BODY, **said)
    gone = await builders.take_down(await builders.live("Gone", **said), UnpublishKind.GONE)
    withdrawn = await builders.take_down(await builders.live("Wrong", **said), moved_to=f"/articles/{live[1].slug}")
    due = await builders.schedule(await builders.draft("Due", BODY, **said), ago(hours=1))
    later = await builders.schedule(await builders.draft("Later", BODY, **said), ahead(hours=5))
    replaced = await builders.live("Replaced", **said)
    await builders.revised(replaced, "Replacing", BODY, **said)
    await builders.schedule(replaced, ago(minutes=5))
    assert revised.id
    await builders.review(live[0], people[0])
    await builders.review(live[1], people[1], next_review_due=ago(days=1).date())
    await builders.review(live[2], people[2])
    await builders.review(live[3], people[0], outcome=ReviewOutcome.CHANGES_REQUESTED, next_review_due=None)
    for place, article in enumerate([*live, draft, gone, due, later]):
        for status in (CommentStatus.APPROVED, CommentStatus.PENDING, CommentStatus.APPROVED):
            reply = {"reply": "Thanks", "replied_at": ago(hours=1)} if place % 2 else {}
            await builders.comment(article, f"{status} “{place}”", at=ago(hours=place) + PARTS, status=status, **reply)
        redacted = {"is_redacted": True, "display_name": "", "at": ago(days=place)}
        await builders.comment(article, "[…] helped", **redacted)
        await builders.comment(article, "Erased", status=CommentStatus.REJECTED)
        await Correction.create(article=article, at=ago(hours=place), text=f"Corrected {place}")
        await ViewCount.create(article=article, day=date(2026, 1, 1), views=place + 1)
    known.note("article", *live, draft, gone, withdrawn, due, later, replaced)
