"""CLM: what may be said of a treatment's effect, on what ground, and in which words."""

from collections.abc import Iterator

from api.evidence.enums import Comparator, Direction, StudyDesign
from api.gate.case import Case
from api.gate.efficacy import Claim
from api.gate.findings import Hit, Severity
from api.gate.lexicon import words
from api.gate.model import Kind
from api.gate.policy import Governed
from api.gate.prose import SUMMARY, TITLE
from api.gate.rules.discouragement import discouraging
from api.gate.vocabulary import normal

_NEWS = "This makes a health claim: make it HEALTH."
_OPEN = {Direction.NO_DIFFERENCE, Direction.INCONCLUSIVE}


def uncited_claim(case: Case) -> Iterator[Hit]:
    """Title, summary and headings carry no marks: the body has to bear them out."""
    if case.revision.kind is Kind.NEWS:
        yield from _health_in_news(case)
        return
    for claim in case.claims:
        if not claim.keys and not claim.line.is_heading and claim.line.path not in (TITLE, SUMMARY):
            yield Hit(
                path=claim.line.path,
                message=f"This says that {claim.treatment} helps, and carries no citation.",
                help="Cite the study that found it, as [@key], or write that it is not known.",
                excerpt=claim.line.text,
            )


def claim_from_mechanism(case: Case) -> Iterator[Hit]:
    for claim in case.claims:
        known = case.sources(claim.keys)
        if known and all(source.design is StudyDesign.MECHANISM for source in known):
            yield Hit(
                path=claim.line.path,
                message="This says that a treatment helps, and cites only works on how it might work.",
                help="Cite a study of patients, or write that the idea is conceivable and was not tested on people.",
                excerpt=claim.line.text,
            )


def claim_against_policy(case: Case) -> Iterator[Hit]:
    if case.revision.kind is Kind.NEWS:
        return
    for claim in case.claims:
        governed = case.policy.governs(_names_of_treatment(case, claim))
        if governed and not _tells_of_weak_evidence(case, claim):
            yield from _objection(case, claim, governed)


def sham_left_unsaid(case: Case) -> Iterator[Hit]:
    if any(words("evidence", "sham").search(line.text) for line in case.prose.lines):
        return
    for source, path in case.cited:
        if any(_is_open_against_sham(finding.comparator, finding.direction) for finding in source.findings):
            yield Hit(
                path=path,
                message=f"“{source.key}” found no clear difference from a sham, and the text never says so.",
                help="Say what the sham was and how it did, such as “no clear difference from a sham [@key]”.",
                about=source.key,
            )


def _health_in_news(case: Case) -> Iterator[Hit]:
    said = {claim.line: None for claim in case.claims} | dict.fromkeys(discouraging(case.prose.lines))
    for line in said:
        yield Hit(
            path=line.path,
            message=_NEWS,
            help="Make the article HEALTH, with sources and a review, or take the sentence out.",
            excerpt=line.text,
            severity=Severity.BLOCK,
            lexical=True,
        )


def _names_of_treatment(case: Case, claim: Claim) -> frozenset[str]:
    listed = case.vocabulary.listed.get(normal(claim.treatment))
    return frozenset(map(normal, (claim.treatment, *(listed.alternate_names if listed else ()))))


def _tells_of_weak_evidence(case: Case, claim: Claim) -> bool:
    """A cited sentence that says how weak the evidence is, or that it speaks against, is a report and no claim."""
    return bool(case.sources(claim.keys)) and bool(words("evidence", "weak").search(claim.line.plain))


def _objection(case: Case, claim: Claim, governed: Governed) -> Iterator[Hit]:
    """Yield at most one finding: the first condition that is not accepted, else every word that is missing."""
    text = f"{claim.line.lead} {claim.line.text}"
    missing: dict[str, None] = {}
    for condition, names in _conditions(case, claim):
        accepted = governed.for_condition(names)
        if accepted is None:
            yield _not_accepted(case, claim, condition)
            return
        missing |= dict.fromkeys(wording.add for wording in accepted.missing(text))
    if not claim.conditions and not case.revision.conditions:
        yield _not_accepted(case, claim, "")
    elif missing:
        yield _wording_absent(case, claim, tuple(missing))


def _not_accepted(case: Case, claim: Claim, condition: str) -> Hit:
    what = f"helps with {condition}" if condition else "helps, without naming the condition"
    return Hit(
        path=claim.line.path,
        message=f"The claim policy {case.policy.name} accepts no claim that {claim.treatment} {what}.",
        help="Take the claim out, or tell what weak or negative evidence says, such as “the evidence is weak [@key]”.",
        excerpt=claim.line.text,
    )


def _wording_absent(case: Case, claim: Claim, missing: tuple[str, ...]) -> Hit:
    add = " and ".join(f"“{wording}”" for wording in missing)
    return Hit(
        path=claim.line.path,
        message=f"The claim policy {case.policy.name} accepts this claim only with {add}.",
        help=f"Add {add} to this sentence.",
        excerpt=claim.line.text,
    )


def _conditions(case: Case, claim: Claim) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what the claim is about, each with all its names; "the pain" and "headache" are the article's own."""
    own = {each.name: (each.name, *each.alternate_names) for each in case.revision.conditions}
    for name in claim.conditions or tuple(own):
        meant = [each for each in own if _is_short_for(name, own[each])] or [name]
        for each in meant:
            listed = case.vocabulary.listed_conditions.get(normal(each))
            names = own.get(each) or ((each, *listed.alternate_names) if listed else (each,))
            yield each, frozenset(map(normal, names))


def _is_short_for(name: str, names: tuple[str, ...]) -> bool:
    """Tell whether "headache" stands for "tension-type headache": its words are among those of the longer name."""
    said = set(normal(name).split())
    return any(said <= set(normal(each).split()) for each in names)


def _is_open_against_sham(comparator: Comparator, direction: Direction) -> bool:
    return comparator is Comparator.SHAM and direction in _OPEN
