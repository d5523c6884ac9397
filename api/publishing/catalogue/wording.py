"""Asking the gate about an entry's clinical words (invariant 11): CIT, CLM, SAF-003, PRV and ACC, before it is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from api import documents, gate
from api.clinic import the_clinic
from api.documents import Document
from api.errors import Blocked
from api.evidence.models import Source
from api.gate import findings, model
from api.publishing import entries, gathering

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from api.publishing.catalogue.nouns import Noun

ASIDE = re.compile(r"body\.content\[(\d+)\]")
EMPTY: dict[str, Any] = {"v": 1, "type": "doc", "content": []}


@dataclass(frozen=True)
class Aside:
    """A text beside the body that rests on sources, by their ids: the rules see it as a paragraph that cites them."""

    path: str
    text: str
    sources: tuple[str, ...]


async def require(noun: Noun, said: Mapping[str, Any], entry_id: str, at: datetime) -> findings.GateReport | None:
    """What the gate says of what an entry says; refused when it blocks. None for nouns without clinical words."""
    if not noun.clinical:
        return None
    report = await report_of(noun, said, entry_id, at)
    if any(finding.blocks for finding in report.findings):
        refusal = Blocked(
            "The gate blocks what this says, and nothing was saved: mend what its report names. Findings on entries of "
            "the catalogue cannot be waived.",
            path=_place(noun, report),
        )
        refusal.thing, refusal.report = entry_id or None, report
        raise refusal
    return report


async def report_of(noun: Noun, said: Mapping[str, Any], entry_id: str, at: datetime) -> findings.GateReport:
    """The report on an entry's clinical words, each finding under the path of its field."""
    asides = [aside for aside in _asides(noun, said) if aside.text.strip()]
    tree = await _with_asides(said.get("body") or EMPTY, asides)
    clinic = await the_clinic()
    keys = {item.key for item in documents.cited(tree)}
    named = str(said.get("name") or "")
    revision = model.GatedRevision(
        title=named,
        body=tree,
        as_of=at.astimezone(ZoneInfo(clinic.timezone)).date(),
        kind=model.Kind.ENTRY,
        summary=said["summary"] if noun.kind != "statement" else "",
        sources=await entries.sources(keys),
        pictures=await entries.pictures([image.asset_id for image in documents.images(tree)]),
        clinic=gathering.clinic_of(clinic),
        conditions=await _conditions(noun, said, entry_id),
        treatments=await entries.treatments([said["treatment"]] if noun.kind == "statement" else []),
        catalogue=await entries.catalogue(),
        texts=tuple(model.FieldText(path, text) for path, text in _texts(said) if text.strip()),
    )
    report = gate.run(revision, gate.for_jurisdiction(clinic.jurisdiction))
    placed = tuple(replace(finding, path=_placed(finding.path, asides)) for finding in report.findings)
    return replace(report, findings=placed, passes=not any(finding.blocks for finding in placed))


async def _conditions(noun: Noun, said: Mapping[str, Any], entry_id: str) -> tuple[model.Condition, ...]:
    """What the words are about, so that "the pain" and "headache" mean that."""
    if noun.kind == "statement":
        return await entries.conditions([said["condition"]])
    names = tuple(said.get("alternate_names") or ())
    return (model.Condition(id=entry_id, name=said["name"], alternate_names=names),) if noun.kind == "condition" else ()


def _texts(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The plain texts that cite nothing."""
    for place, advice in enumerate(said.get("care_advice") or ()):
        at = f"careAdvice[{place}]"
        yield f"{at}.heading", advice["heading"]
        yield from ((f"{at}.items[{number}]", item) for number, item in enumerate(advice["items"]))
        yield f"{at}.body", advice["body"] or ""
    yield "noUrgentAdviceReason", said.get("no_urgent_advice_reason") or ""
    yield from ((f"contraindications[{place}]", text) for place, text in enumerate(said.get("contraindications") or ()))


def _asides(noun: Noun, said: Mapping[str, Any]) -> Iterator[Aside]:
    if noun.kind == "statement":
        yield Aside("summary", said["summary"], tuple(said.get("sources") or ()))
    for place, outcome in enumerate(said.get("adverse_outcomes") or ()):
        text = " ".join(part for part in (outcome["text"], outcome["figure"]) if part)
        yield Aside(f"adverseOutcomes[{place}]", text, (outcome["source"],) if outcome["source"] else ())


async def _with_asides(body: dict[str, Any], asides: list[Aside]) -> Document:
    """The body behind one paragraph for each aside."""
    wanted = {source for aside in asides for source in aside.sources}
    keys = dict(await Source.filter(id__in=list(wanted)).values_list("id", "key"))
    paragraphs = [_paragraph(aside, [keys[each] for each in aside.sources if each in keys]) for aside in asides]
    return Document.parse(body | {"content": [*paragraphs, *body.get("content", ())]})


def _paragraph(aside: Aside, keys: list[str]) -> dict[str, Any]:
    """The text with a mark behind each sentence: the whole of it rests on these sources."""
    marks = [{"type": "citation", "attrs": {"items": [{"key": key} for key in keys]}}] if keys else []
    said = [[{"type": "text", "text": f"{sentence} "}, *marks] for sentence in documents.sentences(aside.text)]
    return {"type": "paragraph", "content": [node for each in said for node in each]}


def _placed(path: str, asides: list[Aside]) -> str:
    """The path as the entry has it: an aside's own, or one in the body without the asides before it."""
    found = ASIDE.match(path)
    if found is None:
        return path
    place = int(found[1])
    if place < len(asides):
        return asides[place].path
    return f"body.content[{place - len(asides)}]{path[found.end() :]}"


def _place(noun: Noun, report: findings.GateReport) -> tuple[str, ...]:
    """The field of the first finding that blocks."""
    first = next(finding.path for finding in report.findings if finding.blocks)
    name = re.split(r"[.\[]", first)[0]
    return (name,) if name != "title" else (noun.named,)
