"""What a reader is shown at once when a comment tells of danger, or asks what only a clinician can answer."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from api.comments.flags.table import FlagName


class HelpKind(StrEnum):
    """For what the help is."""

    EMERGENCY = "EMERGENCY"
    SELF_HARM = "SELF_HARM"
    ADVICE = "ADVICE"


@dataclass(frozen=True)
class Telephone:
    """A number to call, and whose it is."""

    label: str
    number: str


@dataclass(frozen=True)
class Help:
    """One piece of help, with the numbers to call."""

    kind: HelpKind
    heading: str
    text: str
    telephones: tuple[Telephone, ...] = ()


AMBULANCE: Final = Telephone("Emergency services", "999")
NHS: Final = Telephone("NHS 111", "111")
SAMARITANS: Final = Telephone("Samaritans", "116 123")
EMERGENCY: Final = Help(
    HelpKind.EMERGENCY,
    "If this is happening now, get help at once",
    "Nobody watches these comments as they come in. Call 999 if somebody’s life may be in danger. Call 111 if you "
    "need medical help quickly and are not sure what to do.",
    (AMBULANCE, NHS),
)
SELF_HARM: Final = Help(
    HelpKind.SELF_HARM,
    "You do not have to go through this alone",
    "Nobody watches these comments as they come in, so please talk to somebody now. Samaritans listen at any hour, "
    "free of charge. Call 999 if you have hurt yourself or are about to. Call 111 for urgent help with your "
    "mental health.",
    (SAMARITANS, AMBULANCE, NHS),
)


CALLING: Final = (FlagName.SELF_HARM, FlagName.EMERGENCY, FlagName.ADVICE_REQUEST)
"""The flags that call for help."""


def help_for(flags: Collection[FlagName], clinic: str, telephone: str | None) -> tuple[Help, ...]:
    """The help that the flags call for, the most urgent first; `telephone` is the clinic's."""
    found = []
    if FlagName.SELF_HARM in flags:
        found.append(SELF_HARM)
    if FlagName.EMERGENCY in flags:
        found.append(EMERGENCY)
    if FlagName.ADVICE_REQUEST in flags:
        found.append(_advice(clinic, telephone))
    return tuple(found)


def _advice(clinic: str, telephone: str | None) -> Help:
    return Help(
        HelpKind.ADVICE,
        "For advice about yourself, please talk to somebody",
        "A comment cannot answer what is right for you: that takes somebody who knows your health. "
        + ("Call us, or ask your GP." if telephone else "Ask your GP, or call 111."),
        (Telephone(clinic, telephone),) if telephone else (NHS,),
    )
