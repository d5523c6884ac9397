"""The words of a revision as the rules read them: every sentence with its place, and with what is quoted taken out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from api.documents import CitedItem, Document, Passage, PassageKind, cited, passages, sentences
from api.documents.blocks import CellParagraph, Heading, Paragraph
from api.documents.inline import Style, Text
from api.documents.walk import walk
from api.gate.model import GatedRevision
from api.gate.quotations import GAP, is_title_like, titles_of, without_quotations

BODY: Final = "body"
TITLE: Final = "title"
SUMMARY: Final = "summary"
_RUN: Final = re.compile(r"\s{2,}")
_LISTS: Final = frozenset({"bulletList", "orderedList"})


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence. `plain` has the length of `text`: signs are straight there, and quotations and titles are gaps.

    `lead` is the plain sentence that leads to it: an item of a list behind "Acupuncture helps with:" says more than
    itself. `before` is the plain sentence before it in the same block. `passage` counts blocks with text; title and
    summary come first.
    """

    text: str
    plain: str
    path: str
    passage: int
    keys: tuple[str, ...] = ()
    kind: PassageKind | None = None
    within: tuple[str, ...] = ()
    heading: str | None = None
    lead: str = ""
    lead_keys: tuple[str, ...] = ()
    before: str = ""

    @property
    def is_heading(self) -> bool:
        return self.kind is PassageKind.HEADING

    @property
    def in_care_advice(self) -> bool:
        return "careAdvice" in self.within or self.kind is PassageKind.CARE_HEADING


@dataclass(frozen=True, slots=True)
class Prose:
    """`lines` holds all sentences in reading order, title and summary first; `marks` every citation."""

    lines: tuple[Line, ...]
    passages: tuple[Passage, ...]
    marks: tuple[CitedItem, ...]

    @property
    def body(self) -> Iterator[Line]:
        return (line for line in self.lines if line.path.startswith(BODY))

    @property
    def first_marks(self) -> dict[str, CitedItem]:
        """The first mark of each key that is cited, in reading order."""
        firsts: dict[str, CitedItem] = {}
        for mark in self.marks:
            firsts.setdefault(mark.key, mark)
        return firsts


def prose_of(revision: GatedRevision) -> Prose:
    marks = cited(revision.body)
    keys = dict.fromkeys((*(mark.key for mark in marks), *revision.listed))
    works = (revision.sources[key].title for key in keys if key in revision.sources)
    titles = titles_of(chain(works, _titles_in_italics(revision.body)))
    found = tuple(map(_respaced, passages(revision.body)))
    fields = [
        (TITLE, respaced(revision.title)),
        (SUMMARY, respaced(revision.summary)),
        *((text.path, respaced(text.text)) for text in revision.texts),
    ]
    beside = [_field(path, text, number, titles) for number, (path, text) in enumerate(fields)]
    inside = _inside(found, titles, first=len(fields))
    return Prose(tuple(chain.from_iterable((*beside[:2], inside, *beside[2:]))), found, marks)


def respaced(text: str) -> str:
    """Return the text with one blank, one line end or one empty line for each run of them: more mean nothing.

    Rules look for words with blanks between; a run of thousands would only cost them time.
    """
    return _RUN.sub(lambda run: "\n\n"[: run[0].count("\n")] or " ", text)


def in_body(path: str) -> str:
    return f"{BODY}.{path}"


def place_of(passage: Passage) -> str:
    """Return where a passage stands; the heading of care advice counts as its block, since it may be the usual one."""
    path = passage.path.removesuffix(".attrs.heading") if passage.kind is PassageKind.CARE_HEADING else passage.path
    return in_body(path)


def _respaced(passage: Passage) -> Passage:
    if not _RUN.search(passage.text):
        return passage
    sentences_ = tuple(replace(each, text=respaced(each.text)) for each in passage.sentences)
    return replace(passage, text=respaced(passage.text), sentences=sentences_)


def _inside(found: tuple[Passage, ...], titles: re.Pattern[str], *, first: int) -> Iterator[Line]:
    """Yield the sentences of the body, remembering which one leads to the list that is being read."""
    lead: str = ""
    lead_keys: tuple[str, ...] = ()
    for number, passage in enumerate(found, start=first):
        in_list = not _LISTS.isdisjoint(passage.within)
        lines = tuple(_lines(passage, titles, number))
        if in_list:
            yield from (replace(line, lead=lead, lead_keys=lead_keys) for line in lines)
            continue
        yield from lines
        leads = bool(lines) and lines[-1].plain.rstrip().endswith(":")
        lead, lead_keys = (lines[-1].plain, lines[-1].keys) if leads else ("", ())


def _lines(passage: Passage, titles: re.Pattern[str], number: int) -> Iterator[Line]:
    plain = GAP * len(passage.text) if passage.is_quotation else without_quotations(passage.text, titles)
    end, before = 0, ""
    for sentence in passage.sentences:
        start = passage.text.index(sentence.text, end)
        end = start + len(sentence.text)
        yield Line(
            text=sentence.text,
            plain=plain[start:end],
            path=place_of(passage),
            passage=number,
            keys=sentence.keys,
            kind=passage.kind,
            within=passage.within,
            heading=passage.heading,
            before=before,
        )
        before = plain[start:end]


def _field(path: str, text: str, number: int, titles: re.Pattern[str]) -> tuple[Line, ...]:
    plain = without_quotations(text, titles)
    lines: list[Line] = []
    end = 0
    for sentence in sentences(text):
        start = text.index(sentence, end)
        end = start + len(sentence)
        before = lines[-1].plain if lines else ""
        lines.append(Line(sentence, plain[start:end], path, number, before=before))
    return tuple(lines)


def _titles_in_italics(document: Document) -> Iterator[str]:
    for place in walk(document):
        if isinstance(place.node, Heading | Paragraph | CellParagraph):
            yield from (node.text for node in place.node.content if isinstance(node, Text) and _is_title(node))


def _is_title(node: Text) -> bool:
    italic = any(isinstance(mark, Style) and mark.type == "italic" for mark in node.marks)
    return italic and is_title_like(node.text)
