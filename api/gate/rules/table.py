"""Every rule with its title, its severity, whether it rests on language, what it looks at, and what it is for."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from api.gate.case import Case, Check
from api.gate.findings import Hit, Severity
from api.gate.model import Kind
from api.gate.rules import (
    access,
    advertising,
    authorship,
    citations,
    claims,
    links,
    privacy,
    readability,
    reviews,
    safety,
    wording,
)

_EVERYWHERE: Final = frozenset(Kind)
_ARTICLES: Final = frozenset({Kind.HEALTH, Kind.NEWS})
_HEALTH: Final = frozenset({Kind.HEALTH})
_CLINICAL: Final = frozenset({Kind.HEALTH, Kind.ENTRY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`severity` and `lexical` hold unless a finding says otherwise; `needs_records` when words alone do not decide."""

    id: str
    title: str
    why: str
    check: Check
    severity: Severity = Severity.BLOCK
    lexical: bool = False
    kinds: frozenset[Kind] = _EVERYWHERE
    needs_records: bool = False


def _all(*checks: Check) -> Check:
    def check(case: Case) -> Iterator[Hit]:
        return chain.from_iterable(each(case) for each in checks)

    return check


RULES: Final = (
    Rule(
        id="CIT-001",
        title="A citation leads nowhere",
        why="A mark that no source stands behind looks like evidence and is none.",
        check=citations.dangling_citation,
    ),
    Rule(
        id="CIT-002",
        title="A list of sources is empty",
        why="A heading that promises sources must keep its promise.",
        check=citations.empty_list_of_sources,
    ),
    Rule(
        id="CIT-003",
        title="A source is never cited",
        why="Readers cannot tell which statement it is meant to bear.",
        check=citations.source_never_cited,
        severity=Severity.WARN,
    ),
    Rule(
        id="CIT-004",
        title="A study is named without a citation",
        why="Whoever hears of a study must be able to find it.",
        check=citations.study_without_citation,
        severity=Severity.WARN,
    ),
    Rule(
        id="CIT-005",
        title="The record of a source is malformed",
        why="A wrong identifier leads to another work, or nowhere.",
        check=citations.malformed_source,
        needs_records=True,
    ),
    Rule(
        id="CIT-006",
        title="A source does not stand",
        why="What was retracted or withdrawn bears nothing, and what nobody confirmed bears nothing yet.",
        check=citations.broken_source,
        needs_records=True,
    ),
    Rule(
        id="CLM-001",
        title="A claim carries no citation",
        why="Whoever says that a treatment helps says where that was found. In NEWS a claim blocks.",
        check=claims.uncited_claim,
        severity=Severity.WARN,
    ),
    Rule(
        id="CLM-002",
        title="A claim rests on mechanism only",
        why="How something might work is the lowest level of evidence (Oxford 2011, level 5) that it does.",
        check=claims.claim_from_mechanism,
        kinds=_CLINICAL,
        needs_records=True,
    ),
    Rule(
        id="CLM-003",
        title="The claim policy does not accept a claim",
        why="Advertising rules say for which conditions a treatment may be said to help, and in which words.",
        check=claims.claim_against_policy,
        lexical=True,
        kinds=_CLINICAL,
    ),
    Rule(
        id="CLM-004",
        title="Wording is absolute",
        why="No study proves, cures or guarantees; words that do so mislead.",
        check=wording.absolute_wording,
        lexical=True,
    ),
    Rule(
        id="CLM-005",
        title="How a sham did is left unsaid",
        why="A treatment that does no better than a sham owes its effect to something else.",
        check=claims.sham_left_unsaid,
        severity=Severity.WARN,
        kinds=_CLINICAL,
        needs_records=True,
    ),
    Rule(
        id="SAF-001",
        title="The risks of a treatment are not reviewed",
        why="Nobody can choose a treatment without knowing what can go wrong, and for whom.",
        check=safety.risks_unreviewed,
        kinds=_HEALTH,
        needs_records=True,
    ),
    Rule(
        id="SAF-002",
        title="Readers do not learn when to get help",
        why="Some who read about a complaint need a doctor today.",
        check=safety.care_advice_missing,
        kinds=_HEALTH,
        needs_records=True,
    ),
    Rule(
        id="SAF-003",
        title="Text stands in the way of medical care",
        why="An article is no substitute for a clinician, and must not keep anybody from one.",
        check=_all(safety.disclaimer_missing, safety.discourages_care),
        lexical=True,
        kinds=_CLINICAL,
    ),
    Rule(
        id="REV-001",
        title="No review stands behind this content",
        why="A clinician who was free to say no has read exactly these words.",
        check=reviews.review_missing,
        kinds=_HEALTH,
        needs_records=True,
    ),
    Rule(
        id="REV-002",
        title="The next review is overdue or too far away",
        why="Evidence ages.",
        check=reviews.next_review_wrong,
        kinds=_HEALTH,
        needs_records=True,
    ),
    Rule(
        id="AUT-001",
        title="Nobody with a credential stands behind the text",
        why="Readers may ask who says so, and what entitles them to.",
        check=authorship.author_unfit,
        kinds=_HEALTH,
        needs_records=True,
    ),
    Rule(
        id="ADV-001",
        title="A call to action stands inside running text",
        why="Information and advertising are told apart by their place.",
        check=advertising.call_in_running_text,
        kinds=_ARTICLES,
    ),
    Rule(
        id="ACC-001",
        title="A picture has no words",
        why="Who cannot see it must learn what it tells.",
        check=access.picture_without_words,
        needs_records=True,
    ),
    Rule(
        id="ACC-002",
        title="The structure does not carry",
        why="Headings, links and tables are how many people find their way.",
        check=access.structure_unclear,
    ),
    Rule(
        id="RDB-001",
        title="The text is hard to read",
        why="Most adults read comfortably up to grade 9; worry and pain make it harder.",
        check=readability.hard_to_read,
        severity=Severity.WARN,
        kinds=_ARTICLES,
    ),
    Rule(
        id="PRV-001",
        title="Text may name a private person",
        why="What is published about somebody's health cannot be taken back.",
        check=privacy.private_data,
        lexical=True,
    ),
    Rule(
        id="LNK-001",
        title="The article leads to what readers cannot see",
        why="A link, a relation or a source that nobody can open is a broken promise.",
        check=_all(links.leads_nowhere, links.unknown_picture),
        kinds=_ARTICLES,
        needs_records=True,
    ),
)

_BY_ID: Final = {each.id: each for each in RULES}


def rule(name: str) -> Rule:
    return _BY_ID[name]


def text_rules() -> tuple[Rule, ...]:
    """Return those that need nothing but the words: for a file that is not in any database."""
    return tuple(each for each in RULES if not each.needs_records)


def file_rules() -> tuple[Rule, ...]:
    """Return those that need the words and the sources that they cite: for a file beside a database."""
    return tuple(each for each in RULES if not each.needs_records or each.id[:3] in {"CIT", "CLM"})
