"""Drafts for the gate's tests: one that passes every rule, and short ways to change it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from api import gate
from api.documents import CareLevel, Document, from_markdown
from api.evidence.enums import Comparator, Direction, SourceStatus, StudyDesign
from api.gate.model import GatedRevision

TODAY = date(2026, 11, 22)
POLICY = gate.load("uk-cap")
LEXICAL = ("CLM-003", "CLM-004", "SAF-003", "PRV-001")

AUTHOR = gate.Practitioner(
    id="prc_author",
    name="Wilma Example",
    job_title="Acupuncturist",
    credentials=(gate.Credential(kind="ACCREDITED_REGISTER", name="Member", recognized_by="Example Register"),),
)
REVIEWER = gate.Practitioner(
    id="prc_reviewer",
    name="Ronan Example",
    job_title="General practitioner",
    credentials=(gate.Credential(kind="STATUTORY_REGISTER", name="General practitioner", recognized_by="Register"),),
)
NECK_PAIN = gate.Condition(
    id="cnd_neck",
    name="Neck pain",
    alternate_names=("Chronic neck pain",),
    care_advice=(gate.CareAdvice(level=CareLevel.URGENT, items=("you have a fever",)),),
)
ACUPUNCTURE = gate.Treatment(
    id="trt_needles",
    name="Acupuncture",
    adverse_outcomes=("A bruise",),
    contraindications=("A bleeding disorder",),
)
HASH = "as reviewed"
FAIR = "Acupuncture may ease neck pain in the short term [@trial]. A sham did nearly as well [@trial]."


def source(key: str = "trial", **changes: Any) -> gate.Source:
    csl = {
        "type": "article-journal",
        "title": f"A made-up work called {key}",
        "author": [{"family": "Example", "given": "Ada"}],
        "container-title": "Journal of Made-up Results",
        "issued": {"date-parts": [[2001]]},
    }
    whole = gate.Source(key=key, csl=csl, design=StudyDesign.RCT, status=SourceStatus.OK)
    return replace(whole, **changes)


def sham(direction: Direction, key: str = "trial") -> gate.Source:
    return source(key, findings=(gate.StudyFinding(comparator=Comparator.SHAM, direction=direction),))


def review(**changes: Any) -> gate.Review:
    given = gate.Review(
        reviewer=REVIEWER, on=TODAY - timedelta(days=10), content_hash=HASH, next_due=TODAY + timedelta(days=300)
    )
    return replace(given, **changes)


def draft(body: str | Document = FAIR, **changes: Any) -> GatedRevision:
    """A revision about acupuncture for neck pain that passes, with this body and these changes."""
    whole = GatedRevision(
        title="A made-up title",
        summary="What was found, and what was not.",
        body=from_markdown(body) if isinstance(body, str) else body,
        as_of=TODAY,
        content_hash=HASH,
        authors=(AUTHOR,),
        conditions=(NECK_PAIN,),
        treatments=(ACUPUNCTURE,),
        disclaimers=("NOT_A_SUBSTITUTE",),
        sources={key: source(key) for key in ("trial", "other")},
        review=review(),
        clinic=gate.Clinic(
            telephones=("020 7946 0321",),
            emails=("reception@example.org",),
            postcodes=("ZZ1 1ZZ",),
            site="https://clinic.example",
        ),
        catalogue=gate.Catalogue(treatments=(ACUPUNCTURE,), conditions=(NECK_PAIN,)),
    )
    return replace(whole, **changes)


def report(revision: GatedRevision, *waivers: gate.Waiver) -> gate.GateReport:
    return gate.run(revision, POLICY, waivers)


def found(rule: str, revision: GatedRevision) -> list[gate.Finding]:
    return [finding for finding in report(revision).findings if finding.rule == rule]


def paths(rule: str, revision: GatedRevision) -> list[str]:
    return [finding.path for finding in found(rule, revision)]


def rules(revision: GatedRevision) -> list[str]:
    return [finding.rule for finding in report(revision).findings]
