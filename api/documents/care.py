"""How soon to get help, in words: the heading of care advice says it before anything else."""

from typing import Final

from api.documents.blocks import CareAdvice, CareLevel

_WORDS: Final = {
    CareLevel.EMERGENCY: ("Immediate action", "get emergency help now"),
    CareLevel.URGENT: ("Urgent advice", "get medical help today"),
    CareLevel.NON_URGENT: ("Non-urgent advice", "speak to a health professional"),
    CareLevel.SELF_CARE: ("Self-care", "what you can do yourself"),
}


def care_heading(care: CareAdvice) -> str:
    urgency, default = _WORDS[care.attrs.level]
    own = care.attrs.heading or default
    return own if own.lower().startswith(urgency.lower()) else f"{urgency}: {own}"
