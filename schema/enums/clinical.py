"""What is said of conditions, treatments and the evidence behind them."""

from enum import Enum

from api.conditions import CareLevel, CodeSystem
from api.evidence.enums import Certainty, Comparator, Direction, SourceStatus, StudyDesign, Timepoint
from api.treatments import Frequency

MEANINGS: dict[type[Enum], tuple[str, dict[str, str]]] = {
    CareLevel: (
        "How soon to get help.",
        {
            "SELF_CARE": "What one can do oneself.",
            "NON_URGENT": "See a doctor, without hurry.",
            "URGENT": "Ask for help today (in the United Kingdom: 111).",
            "EMERGENCY": "Get help at once (in the United Kingdom: 999).",
        },
    ),
    CodeSystem: (
        "A vocabulary that names conditions by code.",
        {
            "ICD_10": "International Classification of Diseases, 10th revision.",
            "ICD_11": "International Classification of Diseases, 11th revision.",
            "SNOMED_CT": "SNOMED Clinical Terms.",
            "MESH": "Medical Subject Headings.",
        },
    ),
    Frequency: (
        "How often an adverse outcome is seen (bands of the European Commission's SmPC guideline).",
        {
            "VERY_COMMON": "In 1 in 10 people or more.",
            "COMMON": "In 1 in 100 to 1 in 10.",
            "UNCOMMON": "In 1 in 1,000 to 1 in 100.",
            "RARE": "In 1 in 10,000 to 1 in 1,000.",
            "VERY_RARE": "In fewer than 1 in 10,000.",
            "UNKNOWN": "Reported, but nobody knows how often.",
        },
    ),
    StudyDesign: (
        "How a work came to what it says.",
        {
            "SYSTEMATIC_REVIEW": "A systematic review.",
            "META_ANALYSIS": "A systematic review that pools figures.",
            "RCT": "A randomised controlled trial.",
            "NON_RANDOMISED": "A controlled study without randomisation.",
            "COHORT": "A cohort study.",
            "CASE_CONTROL": "A case-control study.",
            "CASE_SERIES": "A case series.",
            "NARRATIVE_REVIEW": "A review that is not systematic.",
            "MECHANISM": "Reasoning about how something might work.",
            "GUIDELINE": "A clinical guideline.",
            "REFERENCE": "A reference work or ruling.",
            "OTHER": "Something else.",
        },
    ),
    SourceStatus: (
        "What is known of a work today.",
        {
            "UNRESOLVED": "Nobody has confirmed it yet.",
            "OK": "Confirmed, and nothing is held against it.",
            "CORRECTED": "A correction was published.",
            "EXPRESSION_OF_CONCERN": "Its editors have voiced concern.",
            "RETRACTED": "It was retracted.",
            "WITHDRAWN": "It was withdrawn.",
            "SUPERSEDED": "A newer version replaces it.",
        },
    ),
    Comparator: (
        "What a treatment was compared with.",
        {
            "NO_TREATMENT": "No treatment, or waiting.",
            "SHAM": "A sham or placebo.",
            "ACTIVE": "Another treatment.",
            "USUAL_CARE": "The care that people usually get.",
        },
    ),
    Timepoint: (
        "When an outcome was measured.",
        {
            "SHORT_TERM": "Up to 3 months.",
            "MEDIUM_TERM": "From 3 to 12 months.",
            "LONG_TERM": "At 12 months or later.",
        },
    ),
    Direction: (
        "Which way a finding points.",
        {
            "FAVOURS": "In favour of the treatment.",
            "NO_DIFFERENCE": "No difference was found.",
            "AGAINST": "Against the treatment.",
            "INCONCLUSIVE": "Nothing can be concluded.",
        },
    ),
    Certainty: (
        "How sure one can be of a body of evidence (GRADE).",
        {
            "HIGH": "Further research is very unlikely to change the estimate.",
            "MODERATE": "Further research may change the estimate.",
            "LOW": "Further research is likely to change the estimate.",
            "VERY_LOW": "Any estimate is very uncertain.",
        },
    ),
}
