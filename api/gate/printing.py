"""A report for a shell: each finding with its line in the file, what stands there, and what to write instead."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from typing import Final

from api.gate.findings import Finding, GateReport, Severity
from api.gate.rules.table import rule

_WIDTH: Final = 100
_SHOWN: Final = 160
_INDENT: Final = " " * 10
_WORD: Final = re.compile(r"[^\W_]+")
_ASIDE: Final = re.compile(r"\[-?@[^\[\]\n]*\]|\]\([^()\n]*\)|^[ \t]*:::[^\n]*?(?=\b[A-Z]|$)", re.MULTILINE)
_IN_FRONT_MATTER: Final = {
    "title": re.compile(r"^title\s*:|^#\s", re.MULTILINE),
    "summary": re.compile(r"^summary\s*:", re.MULTILINE),
}
_FRONT_MATTER: Final = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_ENDS: Final = re.compile(r"[.!?…:|\n]")
_FEWEST: Final = 4


def report_lines(text_markdown: str, report: GateReport, *, of_file: bool = False) -> Iterator[str]:
    """Yield the lines of a readable report, findings in the order of the file, those without a line at the end.

    `of_file`: only the words and their sources were asked about, which does not say that they may be published.
    """
    places = _Places(text_markdown)
    placed = [(places.line_of(finding), finding) for finding in report.findings]
    for line, finding in sorted(placed, key=lambda pair: pair[0] or len(text_markdown) + 1):
        yield from _entry(line, finding)
        yield ""
    yield _counts(report)
    yield (_of_file if of_file else _verdict)(report)


def lines_of(text_markdown: str, findings: Iterable[Finding]) -> list[int | None]:
    """Return the line of the file on which each finding begins, as far as it can be told."""
    places = _Places(text_markdown)
    return [places.line_of(finding) for finding in findings]


def _entry(line: int | None, finding: Finding) -> Iterator[str]:
    where = f"line {line}" if line else finding.path
    state = "WAIVED" if finding.waiver else finding.severity.value
    yield f"{state:<7} {finding.rule}  {where}  {rule(finding.rule).title}"
    yield from _wrapped(finding.message)
    if finding.excerpt:
        yield from _wrapped(_short(finding.excerpt), "| ")
    yield from _wrapped(finding.help, "→ ")
    if finding.waiver:
        yield from _wrapped(f"Waived by {finding.waiver.who}: {finding.waiver.why}", "✓ ")


def _counts(report: GateReport) -> str:
    counts = Counter(finding.severity for finding in report.findings if not finding.waiver)
    waived = sum(1 for finding in report.findings if finding.waiver)
    blocks, warnings = counts[Severity.BLOCK], counts[Severity.WARN]
    return f"{_counted(blocks, 'block')}, {_counted(warnings, 'warning')}, {waived} waived · {report.policy_version}"


def _verdict(report: GateReport) -> str:
    if report.passes:
        return "This may be published."
    if report.passes_for_review:
        return "This may be submitted for review, and not published yet."
    return "This may be neither submitted nor published yet."


def _of_file(report: GateReport) -> str:
    if any(finding.blocks for finding in report.findings):
        return "These words may not be submitted yet."
    rest = "Authors, relations, pictures, links and the review are asked about once it is a draft."
    return f"Nothing blocks in these words. {rest}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _wrapped(text: str, sign: str = "") -> Iterator[str]:
    for number, line in enumerate(wrap(" ".join(text.split()), _WIDTH - len(_INDENT) - len(sign)) or [""]):
        yield f"{_INDENT}{sign if number == 0 or sign == '| ' else ' ' * len(sign)}{line}"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1].rstrip()}…"


class _Places:
    """Finds excerpts in Markdown by their words alone, whatever marks stand between them."""

    def __init__(self, markdown: str) -> None:
        self._markdown = markdown
        plain = _ASIDE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), markdown)
        self._starts = [0, *(found.end() for found in re.finditer("\n", markdown))]
        front = _FRONT_MATTER.match(markdown)
        self._plain = plain
        found = list(_WORD.finditer(plain, front.end() if front else 0))
        self._words = [each[0].lower() for each in found]
        self._offsets = [each.start() for each in found]
        self._at: Mapping[str, list[int]] = _index(self._words)
        self._used: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)

    def line_of(self, finding: Finding) -> int | None:
        """Return the line on which the excerpt begins; the same words at another path are looked for further down."""
        field = _IN_FRONT_MATTER.get(finding.path)
        if field and (found := field.search(self._markdown)):
            return self._line(found.start())
        if finding.excerpt is None or not finding.path.startswith("body"):
            return None
        words = tuple(_WORD.findall(finding.excerpt.lower().removesuffix("…")))
        return self._find(words, finding.path) if words else None

    def _find(self, words: tuple[str, ...], path: str) -> int | None:
        used = self._used[words]
        if path not in used:
            places = self._places(words)
            used[path] = next((place for place in places if place not in used.values()), -1)
        place = used[path]
        return self._line(self._offsets[place]) if place >= 0 else None

    def _places(self, words: tuple[str, ...]) -> Iterator[int]:
        """Yield where the words make a sentence, then where they only follow one another, then where they begin."""
        whole = self._runs(words)
        yield from (at for at in whole if self._ends(at + len(words) - 1))
        yield from whole
        yield from self._runs(words[:_FEWEST])

    def _runs(self, words: tuple[str, ...]) -> list[int]:
        wanted = list(words)
        return [at for at in self._at.get(words[0], ()) if self._words[at : at + len(wanted)] == wanted]

    def _ends(self, word: int) -> bool:
        """Tell whether a sentence or a block ends behind a word."""
        start = self._offsets[word] + len(self._words[word])
        end = self._offsets[word + 1] if word + 1 < len(self._words) else len(self._plain)
        return start >= len(self._plain) or bool(_ENDS.search(self._plain[start:end])) or end == len(self._plain)

    def _line(self, offset: int) -> int:
        return bisect_right(self._starts, offset)


def _index(words: Iterable[str]) -> Mapping[str, list[int]]:
    index: dict[str, list[int]] = defaultdict(list)
    for at, word in enumerate(words):
        index[word].append(at)
    return index
