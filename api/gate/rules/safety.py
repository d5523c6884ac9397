"""SAF: risks are told, readers learn when to get help, and nothing keeps them from a doctor."""

from collections.abc import Iterator
from typing import Final

from api.documents import CareLevel
from api.gate.case import Case
from api.gate.findings import Hit
from api.gate.lexicon import words
from api.gate.model import Condition, Kind, Treatment
from api.gate.prose import TITLE
from api.gate.rules.discouragement import discouraging
from api.gate.vocabulary import normal

NOT_A_SUBSTITUTE: Final = "NOT_A_SUBSTITUTE"
_QUICKLY: Final = {CareLevel.URGENT, CareLevel.EMERGENCY}


def risks_unreviewed(case: Case) -> Iterator[Hit]:
    for name, (path, treatment) in _treatments(case).items():
        lacks = _lacks(treatment)
        if lacks:
            yield Hit(
                path=path,
                message=f"The article is about {name}, and its record lacks {lacks}.",
                help=f"Add {lacks} to the treatment in the catalogue; until then write no article about it.",
                about=name,
            )


def care_advice_missing(case: Case) -> Iterator[Hit]:
    if _shows_own_advice(case):
        return
    for name, (path, condition, is_shown) in _conditions(case).items():
        if not is_shown or not _advises(condition):
            yield Hit(
                path=path,
                message=f"The article is about {name}, and shows no urgent or emergency care advice.",
                help="Add “::: urgent” with the signs to act on, or complete the condition, and relate the two.",
                about=name,
            )


def disclaimer_missing(case: Case) -> Iterator[Hit]:
    if case.revision.kind is Kind.HEALTH and NOT_A_SUBSTITUTE not in case.revision.disclaimers:
        yield Hit(
            path="disclaimers",
            message="The disclaimer NOT_A_SUBSTITUTE is missing.",
            help="Add it to the article's disclaimers.",
            lexical=False,
        )


def discourages_care(case: Case) -> Iterator[Hit]:
    for line in discouraging(case.prose.lines):
        yield Hit(
            path=line.path,
            message="This keeps readers from a doctor, or makes them stop a medicine.",
            help="Write “keep taking your medicines as planned, and talk with your doctor before any change”.",
            excerpt=line.text,
        )


def _treatments(case: Case) -> dict[str, tuple[str, Treatment | None]]:
    """What the article is about: by relation, by any name in the title, by the catalogue's names in headings."""
    found: dict[str, tuple[str, Treatment | None]] = {
        each.name: (f"treatments[{at}]", each) for at, each in enumerate(case.revision.treatments)
    }
    for line in case.prose.lines:
        if not line.is_heading and line.path != TITLE:
            continue
        for term in case.vocabulary.treatments.find(line.plain):
            listed = case.vocabulary.listed.get(normal(term.name))
            is_named = line.path == TITLE and not words("effects", "loose_names").fullmatch(
                line.plain[term.start : term.end]
            )
            if listed or is_named:
                found.setdefault(term.name, (line.path, listed))
    return found


def _lacks(treatment: Treatment | None) -> str:
    risks = bool(treatment and any(map(str.strip, treatment.adverse_outcomes)))
    limits = bool(treatment and any(map(str.strip, treatment.contraindications)))
    return " and ".join(
        name for name, is_there in (("adverse outcomes", risks), ("contraindications", limits)) if not is_there
    )


def _conditions(case: Case) -> dict[str, tuple[str, Condition, bool]]:
    """The article's conditions, and those of the catalogue that its title names though it is not related to them."""
    found = {each.name: (f"conditions[{at}]", each, True) for at, each in enumerate(case.revision.conditions)}
    title = next((line for line in case.prose.lines if line.path == TITLE), None)
    for term in case.vocabulary.conditions.find(title.plain) if title else ():
        listed = case.vocabulary.listed_conditions.get(normal(term.name))
        if listed and not found:
            found[term.name] = (TITLE, listed, False)
    return found


def _advises(condition: Condition) -> bool:
    reason = (condition.no_urgent_advice_reason or "").strip()
    return bool(reason) or any(each.level in _QUICKLY and each.says_something for each in condition.care_advice)


def _shows_own_advice(case: Case) -> bool:
    """Tell whether the text itself has urgent care advice; a heading alone is none."""
    return any(passage.care in _QUICKLY and "careAdvice" in passage.within for passage in case.prose.passages)
