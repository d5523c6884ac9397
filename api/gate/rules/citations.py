"""CIT: every mark leads to a work, every work is what it claims to be, and every study that is named is cited."""

import functools
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from api.errors import Invalid
from api.evidence import csl, identifiers
from api.evidence.enums import SourceStatus
from api.gate.case import Case
from api.gate.findings import Hit, Severity
from api.gate.lexicon import alternatives, entries, words
from api.gate.model import Source
from api.gate.prose import Line, in_body

_YEAR: Final = r"(?:19[5-9]\d|20\d\d)"
_HAS_YEAR: Final = re.compile(rf"(?<![\d./-]){_YEAR}(?![\d/-])")
_NAME: Final = r"[A-Z][a-zà-öø-ÿ]{1,40}(?:[-'][A-Z]?[a-zà-öø-ÿ]{1,40}){0,3}"
_INITIALS: Final = r"(?:\s+[A-Z]{1,3}\b\.?)"
_COLLEAGUES: Final = r"colleagues|others|co-?workers|(?:his|her|their)\s+(?:team|group)"
_AND_OTHERS: Final = rf"(?:\s+et\s+al\.?|(?:,|\s+and|\s+&|,\s+and)\s+(?:{_NAME}{_INITIALS}?|{_COLLEAGUES}))"
_AUTHOR_YEAR: Final = re.compile(
    rf"(?<![\w'])(?P<author>{_NAME}){_INITIALS}?(?P<more>{_AND_OTHERS}){{0,6}}"
    rf"(?:\s{{0,3}}[,(]\s{{0,3}}|\s{{1,3}}\(|\s{{1,3}}(?:in|from|of)\s{{1,3}})\(?{_YEAR}(?!\d)"
)
_AND_TEAM: Final = re.compile(rf"(?<![\w']){_NAME}{_INITIALS}?(?:\s+et\s+al\b|\s+and\s+(?:colleagues|co-?workers)\b)")
_NO_AUTHOR: Final = re.compile(rf"(?:{alternatives(entries('studies')['no_authors'])})$", re.IGNORECASE)

_BROKEN: Final = {SourceStatus.UNRESOLVED, SourceStatus.RETRACTED, SourceStatus.WITHDRAWN}
_STATUS_HELP: Final = {
    SourceStatus.UNRESOLVED: "Look the work up, confirm it in the catalogue, or cite another.",
    SourceStatus.RETRACTED: "Take the mark out, and what rests on it alone; look for work that stands.",
    SourceStatus.WITHDRAWN: "Take the mark out, and what rests on it alone; look for the version that replaced it.",
    SourceStatus.CORRECTED: "Read the correction, check that the sentence holds, and waive this with a word on it.",
    SourceStatus.SUPERSEDED: "Read the newer version, cite that, and change the sentence if the answer has changed.",
    SourceStatus.EXPRESSION_OF_CONCERN: "Say that doubts about this work are open, or cite another.",
}
_IDENTIFIERS: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("doi", identifiers.doi),
    ("pmid", identifiers.pmid),
    ("pmcid", identifiers.pmcid),
    ("isbn", identifiers.isbn),
)


def dangling_citation(case: Case) -> Iterator[Hit]:
    for key, mark in case.prose.first_marks.items():
        if key not in case.revision.sources:
            yield Hit(
                path=in_body(mark.path),
                message=f"The text cites “{key}”, and no source bears that key.",
                help=f"Add the source and give it the key “{key}”, cite one that is there, or take the mark out.",
                excerpt=_sentence_with(case, key),
                about=key,
            )


def empty_list_of_sources(case: Case) -> Iterator[Hit]:
    if any(True for _ in case.cited):
        return
    for line in case.prose.body:
        if line.is_heading and _promises(line) and not any(map(_is_entry, _under(case, line))):
            yield Hit(
                path=line.path,
                message="The heading promises sources, and there is none.",
                help="Cite the sources in the text: the list is made from the marks. Then take this heading out.",
                excerpt=line.text,
            )


def source_never_cited(case: Case) -> Iterator[Hit]:
    marked = case.prose.first_marks
    for key in dict.fromkeys(case.revision.listed):
        if key not in marked:
            yield Hit(
                path="sources",
                message=f"The source “{key}” is listed and never cited.",
                help=f"Cite it where the text leans on it, as [@{key}], or take it off the list.",
                excerpt=key,
            )
    for line in case.prose.body:
        if not line.is_heading and _promises_above(line) and _is_entry(line) and not line.keys:
            yield Hit(
                path=line.path,
                message="This source is listed by hand, and no mark in the text leads to it.",
                help="Make it a source with a key, cite it where the text leans on it, and take the line out here.",
                excerpt=line.text,
            )


def study_without_citation(case: Case) -> Iterator[Hit]:
    for line in case.prose.body:
        if line.keys or line.is_heading or line.in_care_advice or _promises_above(line):
            continue
        if _names_a_study(line.plain):
            yield Hit(
                path=line.path,
                message="This sentence names a study and carries no citation.",
                help="Set the mark in the sentence that names the study, such as “… found [@smith2020].”",
                excerpt=line.text,
            )


def malformed_source(case: Case) -> Iterator[Hit]:
    for source, path in case.cited:
        for said in _faults(source):
            yield Hit(
                path=path,
                message=f"The record of “{source.key}” is malformed: {said}",
                help="Correct the record of the source; the work's own page or PubMed has the right one.",
                about=f"{source.key} {said}",
            )
    for number, author in enumerate(case.revision.authors):
        if author.orcid and (said := _refusal(identifiers.orcid, author.orcid)):
            yield Hit(
                path=f"authors[{number}]", message=said, help="Correct the author's ORCID iD.", about=author.orcid
            )


def broken_source(case: Case) -> Iterator[Hit]:
    for source, path in case.cited:
        if source.status in _STATUS_HELP:
            words_ = source.status.replace("_", " ").lower()
            yield Hit(
                path=path,
                message=f"The source “{source.key}” has the status {words_}.",
                help=_STATUS_HELP[source.status],
                excerpt=_sentence_with(case, source.key),
                about=f"{source.key} {source.status}",
                severity=Severity.BLOCK if source.status in _BROKEN else Severity.WARN,
            )


def _sentence_with(case: Case, key: str) -> str | None:
    return next((line.text for line in case.prose.lines if key in line.keys), None)


def _promises(line: Line) -> bool:
    return _is_promise(line.text)


def _promises_above(line: Line) -> bool:
    return _is_promise(line.heading or "")


def _is_promise(heading: str) -> bool:
    return bool(words("headings", "promise").fullmatch(heading.strip(" :.#*")))


def _under(case: Case, heading: Line) -> Iterator[Line]:
    """Yield the sentences that stand under a heading, until the next one."""
    after = (line for line in case.prose.body if line.passage > heading.passage)
    for line in after:
        if line.is_heading:
            return
        yield line


def _is_entry(line: Line) -> bool:
    return bool(words("headings", "entry").search(line.text))


def _names_a_study(text: str) -> bool:
    if words("studies", "published").search(text) or _AND_TEAM.search(text):
        return True
    if not _HAS_YEAR.search(text):
        return False
    if words("studies", "journals").search(text):
        return True
    return any(_is_author(found, text) for found in _AUTHOR_YEAR.finditer(text))


def _is_author(found: re.Match[str], text: str) -> bool:
    """Tell "Irnich (2001)" and "Ross BE in 2007" from "Since March 2001" and "London in 2012"."""
    if _NO_AUTHOR.match(found["author"]):
        return False
    before = text[: found.start()].rstrip()
    bracketed = "(" in found[0][len(found["author"]) :] or before.endswith(("(", ";"))
    several = found["more"] is not None or bool(re.search(r"\s[A-Z]{1,3}\b", found[0]))
    in_a_study = bool(words("studies", "nouns_before").search(before[-60:]))
    return bracketed or several or in_a_study


def _faults(source: Source) -> Iterator[str]:
    if said := _fault_of_record(json.dumps(source.csl, default=dict)):
        yield said
    for name, read in _IDENTIFIERS:
        value = getattr(source, name)
        if value and (said := _refusal(read, value)):
            yield said


@functools.lru_cache(maxsize=2_000)
def _fault_of_record(record: str) -> str:
    """What is wrong with CSL-JSON; the same works are cited again and again."""
    try:
        csl.parse(json.loads(record))
    except Invalid as refusal:
        return f"{_spelled(refusal.path)}{refusal.message}"
    return ""


def _spelled(path: tuple[str | int, ...]) -> str:
    return f"{'.'.join(map(str, path))}: " if path else ""


def _refusal(read: Callable[[str], str], value: Any) -> str:  # noqa: ANN401 - a record may hold anything
    try:
        read(str(value))
    except Invalid as refusal:
        return refusal.message
    return ""
