"""What the gate says of a file before it is a draft: of its words, and of the sources in the database that it cites."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from api import documents, gate
from api.clinic import Clinic
from api.evidence.enums import SourceStatus, StudyDesign
from api.evidence.models import Source
from api.gate import model
from api.publishing import entries, gathering
from api.publishing.importing import files
from api.publishing.importing.model import Format
from api.publishing.importing.notes import Notes
from api.publishing.importing.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from api.publishing.importing.model import ImportedArticle, ImportedSource

NOT_IN_A_FILE = ("NOT_A_SUBSTITUTE",)
"""A disclaimer is chosen for the draft: that a file does not name one is nothing to report."""
UNSEEN = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^<>]*>|&#?\w{1,32};", re.DOTALL | re.IGNORECASE)
"""What a reader of a web page does not see as words."""


@dataclass(frozen=True)
class Judged:
    """The report on a file, and the lines of it that are to be read."""

    report: gate.GateReport
    lines: tuple[str, ...]


async def judge(name: str, data: bytes, at: datetime, kind: model.Kind = model.Kind.HEALTH) -> Judged:
    """Read a file as the import does, and ask the gate about it as of a moment; nothing is written."""
    article = read(name, data)
    clinic = await Clinic.first()
    known = gathering.clinic_of(clinic) if clinic else model.Clinic()
    revision = model.GatedRevision(
        title=article.title,
        summary=article.summary,
        body=article.body,
        as_of=at.astimezone(ZoneInfo(clinic.timezone if clinic else "UTC")).date(),
        kind=kind,
        disclaimers=NOT_IN_A_FILE,
        sources=await _sources(article),
        clinic=known,
        catalogue=await entries.catalogue(),
    )
    report = gate.run(revision, gate.for_jurisdiction(known.jurisdiction), rules=gate.file_rules())
    return Judged(report, tuple(gate.report_lines(_text(data, article), report, of_file=True)))


async def _sources(article: ImportedArticle) -> dict[str, model.Source]:
    """The sources that the text cites by key, and those that it lists: unresolved, unless the database has them."""
    listed = {each.key: await _listed(each) for each in article.sources}
    return listed | await entries.sources({item.key for item in documents.cited(article.body)} - listed.keys())


async def _listed(listed: ImportedSource) -> model.Source:
    for name in ("doi", "pmid", "pmcid"):
        value = getattr(listed, name)
        if value and (row := await Source.get_or_none(**{name: value})):
            return (await entries.sources([row.key]))[row.key]
    csl = {"type": "document", "title": listed.text}
    identifiers = {name: getattr(listed, name) for name in ("doi", "pmid", "pmcid", "isbn")}
    unresolved = SourceStatus.UNRESOLVED
    return model.Source(key=listed.key, csl=csl, design=StudyDesign.OTHER, status=unresolved, **identifiers)


def _text(data: bytes, article: ImportedArticle) -> str:
    """The file's text with its lines as they are; of a web page the words alone."""
    text = files.text_of(data, Notes())
    return "".join(_blanked(text)) if article.format is Format.HTML else text


def _blanked(page: str) -> Iterator[str]:
    """The page with spaces for whatever is not read, so that every word stays on its line."""
    end = 0
    for found in UNSEEN.finditer(page):
        yield page[end : found.start()]
        yield re.sub(r"[^\n]", " ", found[0])
        end = found.end()
    yield page[end:]
