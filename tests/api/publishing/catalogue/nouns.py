"""The six nouns as tests write them: one input that is accepted, one plain and one clinical change, and their names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests import builders
from tests.doing import done

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from api.accounts.viewer import Viewer

ENTRY = "id version isPublished"
CSL = {
    "type": "article-journal", "title": "A trial of rest", "author": [{"family": "Irnich", "given": "Dominik"}],
    "issued": {"date-parts": [[2001]]}, "container-title": "BMJ",
}  # fmt: skip
CARE = [{"level": "URGENT", "heading": "Ask for help today", "items": ["Numbness in both arms."]}]


@dataclass(frozen=True)
class Noun:
    """`change` is applied at once, `clinical` waits once the entry is public; `named` shows one thing of it."""

    name: str
    said: Callable[[], Awaitable[dict[str, Any]]]
    change: dict[str, Any]
    clinical: dict[str, Any] = field(default_factory=dict)
    given: str = ""

    @property
    def field(self) -> str:
        return self.name[0].lower() + self.name[1:]

    def fields(self, more: str = "") -> str:
        return f"{self.field} {{ {ENTRY} {more} }}"


async def condition() -> dict[str, Any]:
    return {"name": "Stiff shoulder", "summary": "A shoulder that moves less.", "careAdvice": CARE}


async def treatment() -> dict[str, Any]:
    return {"name": "Slow stretching", "summary": "Stretching, slowly."}


async def practitioner() -> dict[str, Any]:
    return {"name": "Ada Reed", "jobTitle": "Physiotherapist"}


async def source() -> dict[str, Any]:
    return {"csl": CSL, "studyDesign": "RCT", "status": "OK"}


async def statement() -> dict[str, Any]:
    about, of, by = await builders.condition(), await builders.treatment(), await builders.practitioner()
    work = await builders.source()
    return {
        "treatment": of.id, "condition": about.id, "assessedBy": by.id, "sources": [work.id], "outcome": "Pain",
        "comparator": "SHAM", "timepoint": "SHORT_TERM", "certainty": "LOW", "summary": "Little is known.",
        "assessedAt": "2026-01-02",
    }  # fmt: skip


async def disclaimer() -> dict[str, Any]:
    return {"title": "Note", "text": "See a doctor."}


NOUNS = (
    Noun("Condition", condition, {"bodyLocation": "Shoulder"}, {"summary": "A shoulder that moves less than it did."}),
    Noun("Treatment", treatment, {"aftercare": "Rest a while."}, {"contraindications": ["A broken bone."]}),
    Noun("Practitioner", practitioner, {"bio": "Treats shoulders."}),
    Noun("Source", source, {"limits": "Few people took part."}),
    Noun("EvidenceStatement", statement, {"certaintyBasis": "Our own reading."}, {"summary": "Nothing is known."}),
    Noun("Disclaimer", disclaimer, {"title": "A note"}),
)
BY_NAME = {noun.name: noun for noun in NOUNS}


async def created(noun: Noun, editor: Viewer, **more: Any) -> dict[str, Any]:
    await builders.clinic()
    said = await noun.said() | more
    entry: dict[str, Any] = (await done(f"create{noun.name}", editor, noun.fields(), **said))[noun.field]
    return entry


async def published(noun: Noun, editor: Viewer, **more: Any) -> dict[str, Any]:
    entry = await created(noun, editor, **more)
    said = {"id": entry["id"], "expectedVersion": entry["version"]}
    public: dict[str, Any] = (await done(f"publish{noun.name}", editor, noun.fields(), **said))[noun.field]
    return public
