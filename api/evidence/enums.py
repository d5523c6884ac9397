"""The closed sets in which evidence is described, and the level that a study design carries."""

from enum import StrEnum


class StudyDesign(StrEnum):
    """How the work came to what it says."""

    SYSTEMATIC_REVIEW = "SYSTEMATIC_REVIEW"
    META_ANALYSIS = "META_ANALYSIS"
    RCT = "RCT"
    NON_RANDOMISED = "NON_RANDOMISED"
    COHORT = "COHORT"
    CASE_CONTROL = "CASE_CONTROL"
    CASE_SERIES = "CASE_SERIES"
    NARRATIVE_REVIEW = "NARRATIVE_REVIEW"
    MECHANISM = "MECHANISM"
    GUIDELINE = "GUIDELINE"
    REFERENCE = "REFERENCE"
    OTHER = "OTHER"


class SourceStatus(StrEnum):
    """What is known of the work today; nobody has confirmed an UNRESOLVED one."""

    UNRESOLVED = "UNRESOLVED"
    OK = "OK"
    CORRECTED = "CORRECTED"
    EXPRESSION_OF_CONCERN = "EXPRESSION_OF_CONCERN"
    RETRACTED = "RETRACTED"
    WITHDRAWN = "WITHDRAWN"
    SUPERSEDED = "SUPERSEDED"


class Comparator(StrEnum):
    """What the treatment was compared with."""

    NO_TREATMENT = "NO_TREATMENT"
    SHAM = "SHAM"
    ACTIVE = "ACTIVE"
    USUAL_CARE = "USUAL_CARE"


class Timepoint(StrEnum):
    """When the outcome was measured: up to 3 months, 3 to 12 months, 12 months and later."""

    SHORT_TERM = "SHORT_TERM"
    MEDIUM_TERM = "MEDIUM_TERM"
    LONG_TERM = "LONG_TERM"


class Direction(StrEnum):
    """Which way a finding points; FAVOURS means that it favours the treatment studied."""

    FAVOURS = "FAVOURS"
    NO_DIFFERENCE = "NO_DIFFERENCE"
    AGAINST = "AGAINST"
    INCONCLUSIVE = "INCONCLUSIVE"


class Certainty(StrEnum):
    """How sure the evidence makes us, in the words of GRADE."""

    HIGH = "HIGH"
    MODERATE = "MODERATE"
    LOW = "LOW"
    VERY_LOW = "VERY_LOW"


# Oxford Centre for Evidence-Based Medicine, levels of evidence 2011, "does this intervention help?".
# A narrative review carries no more than the opinion of its authors: mechanism-based reasoning, the last level.
_LEVELS = {
    StudyDesign.SYSTEMATIC_REVIEW: 1,
    StudyDesign.META_ANALYSIS: 1,
    StudyDesign.RCT: 2,
    StudyDesign.NON_RANDOMISED: 3,
    StudyDesign.COHORT: 3,
    StudyDesign.CASE_CONTROL: 4,
    StudyDesign.CASE_SERIES: 4,
    StudyDesign.NARRATIVE_REVIEW: 5,
    StudyDesign.MECHANISM: 5,
}


def evidence_level(design: StudyDesign) -> int | None:
    """Return the Oxford level from 1 (strongest) to 5, or None for what is not a study: guidelines, references."""
    return _LEVELS.get(design)
