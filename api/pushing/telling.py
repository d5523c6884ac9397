"""What became of each file, and what the gate found in it, line by line."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from api.gate import Finding, Severity, lines_of


class Outcome(StrEnum):
    """The word that stands before a file's name."""

    UNCHANGED = "unchanged"
    CREATED = "created"
    REVISED = "revised"
    WRITTEN = "written"
    KEPT = "kept"
    CONFLICT = "CONFLICT"
    BLOCKED = "BLOCKED"
    REFUSED = "REFUSED"


BAD = frozenset({Outcome.CONFLICT, Outcome.BLOCKED, Outcome.REFUSED})


@dataclass(frozen=True)
class Told:
    """One file's outcome, with sentences and findings to show below it."""

    name: str
    outcome: Outcome
    lines: tuple[str, ...] = ()


Tell = Callable[[Told], None]


def findings(name: str, text: str, report: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield `file:line: rule message` and the help for each finding of a `gateReport` that is not waived."""
    found = [_finding(each) for each in (report or {}).get("findings", ()) if not each["waiver"]]
    placed = zip(lines_of(text, found), found, strict=True)
    for line, finding in sorted(placed, key=lambda pair: pair[0] or len(text) + 1):
        where = f"{name}:{line}" if line else f"{name} ({finding.path})"
        yield f"{where}: {finding.severity} {finding.rule} {finding.message}"
        if finding.excerpt:
            yield f"  | {' '.join(finding.excerpt.split())}"
        yield f"  → {finding.help}"


def refusals(errors: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Sentences of `userErrors`, each with the field that it is about."""
    return tuple(
        f"{'.'.join(error['field'])}: {error['message']}" if error.get("field") else str(error["message"])
        for error in errors
    )


def _finding(found: Mapping[str, Any]) -> Finding:
    severity = Severity.BLOCK if found["severity"] == "BLOCK" else Severity.WARN
    names = ("rule", "message", "path", "excerpt", "help")
    return Finding(severity=severity, **{name: found[name] for name in names})
