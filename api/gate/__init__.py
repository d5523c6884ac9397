"""The gate between a draft and a patient: pure rules over a typed revision, and what they find (docs: `RULES`).

- model: what is looked at, put together by the caller          - findings, waivers: what is said, and what may stand
- prose, quotations, negation: sentences as the rules read them   - vocabulary, efficacy: names, and claims about them
- policy, policies: what a country's rules accept               - lexicon: lists of words, as data
- rules: one small function each, and their table               - case, running: handing out and collecting
- printing: a report for a shell
"""

from api.gate.findings import Finding, GateReport, Severity, Waiver
from api.gate.model import (
    CareAdvice,
    Catalogue,
    Clinic,
    Condition,
    Credential,
    FieldText,
    GatedRevision,
    Kind,
    Picture,
    Practitioner,
    Publicity,
    Review,
    ReviewBasis,
    Source,
    StudyFinding,
    Treatment,
)
from api.gate.policy import ClaimPolicy, NoPolicy, for_jurisdiction, load
from api.gate.printing import lines_of, report_lines
from api.gate.rules import RULES, Rule, file_rules, rule, text_rules
from api.gate.rules.links import leads_to
from api.gate.running import RULES_VERSION, run, version_of
from api.gate.waivers import NotTheirs, NotWaivable, WaiverWithoutReason, check_waiver

__all__ = [
    "RULES",
    "RULES_VERSION",
    "CareAdvice",
    "Catalogue",
    "ClaimPolicy",
    "Clinic",
    "Condition",
    "Credential",
    "FieldText",
    "Finding",
    "GateReport",
    "GatedRevision",
    "Kind",
    "NoPolicy",
    "NotTheirs",
    "NotWaivable",
    "Picture",
    "Practitioner",
    "Publicity",
    "Review",
    "ReviewBasis",
    "Rule",
    "Severity",
    "Source",
    "StudyFinding",
    "Treatment",
    "Waiver",
    "WaiverWithoutReason",
    "check_waiver",
    "file_rules",
    "for_jurisdiction",
    "leads_to",
    "lines_of",
    "load",
    "report_lines",
    "rule",
    "run",
    "text_rules",
    "version_of",
]
