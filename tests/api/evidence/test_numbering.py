from api.evidence.enums import StudyDesign, evidence_level
from api.evidence.numbering import numbered


def test_works_are_numbered_by_first_appearance():
    assert numbered(["irnich2001", "fu2009", "irnich2001", "unresolved-3"]) == {
        "irnich2001": 1,
        "fu2009": 2,
        "unresolved-3": 3,
    }
    assert numbered([]) == {}


def test_every_study_design_has_its_oxford_level_or_none():
    assert {design.value: evidence_level(design) for design in StudyDesign} == {
        "SYSTEMATIC_REVIEW": 1,
        "META_ANALYSIS": 1,
        "RCT": 2,
        "NON_RANDOMISED": 3,
        "COHORT": 3,
        "CASE_CONTROL": 4,
        "CASE_SERIES": 4,
        "NARRATIVE_REVIEW": 5,
        "MECHANISM": 5,
        "GUIDELINE": None,
        "REFERENCE": None,
        "OTHER": None,
    }
