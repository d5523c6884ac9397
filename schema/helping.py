"""Help that is shown at once when what a reader wrote calls for it, whatever becomes of it."""

import strawberry
from strawberry import field

from api.comments import submitting
from api.comments.flags import HelpKind
from schema.payloads import KEEP


@strawberry.type(description="A number to call.")
class HelpTelephone:
    label: str = field(description="Whose it is.", metadata={KEEP: True})
    number: str = field(description="The number as people write it.", metadata={KEEP: True})


@strawberry.type(description="Help that is shown at once.")
class CommentHelp:
    kind: HelpKind = field(description="For what it is.", metadata={KEEP: True})
    heading: str = field(description="What to say first.", metadata={KEEP: True})
    text: str = field(description="A few plain sentences.", metadata={KEEP: True})
    telephones: list[HelpTelephone] = field(description="Whom to call.", metadata={KEEP: True})


async def help_in(*words: str) -> list[CommentHelp]:
    """The help that words call for, the most urgent first; of each the beginning is looked at."""
    return [
        CommentHelp(
            kind=one.kind,
            heading=one.heading,
            text=one.text,
            telephones=[HelpTelephone(label=phone.label, number=phone.number) for phone in one.telephones],
        )
        for one in await submitting.help_in(*words)
    ]
