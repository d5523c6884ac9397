"""What becomes of what readers write."""

from enum import Enum

from api.comments.flags import FLAGS, FlagName, HelpKind
from api.comments.models import CommentStatus, ProblemKind, ProblemOutcome, Rejection
from api.comments.moderating import ModerationAct
from api.comments.reading import ModerationOrder

MEANINGS: dict[type[Enum], tuple[str, dict[str, str]]] = {
    CommentStatus: (
        "Where a comment stands.",
        {
            "PENDING": "It waits for a moderator.",
            "APPROVED": "Readers see it.",
            "REJECTED": "A moderator decided not to show it; erased after 30 days.",
            "REMOVED": "It was shown and is not any more; erased after 30 days.",
            "SPAM": "Held as spam; erased after 7 days.",
        },
    ),
    FlagName: (
        "What an automatic look saw in a comment; it holds and never decides.",
        {flag.name.value: flag.told for flag in FLAGS},
    ),
    HelpKind: (
        "For what help is shown.",
        {
            "EMERGENCY": "Somebody may be in danger now.",
            "SELF_HARM": "Somebody may think of harming themselves.",
            "ADVICE": "Somebody asks what only a clinician who knows them can answer.",
        },
    ),
    Rejection: (
        "Why a comment is not shown.",
        {
            "PERSONAL_DATA": "It holds personal data.",
            "HEALTH_DETAILS": "It tells of somebody's health in a way that others should not read.",
            "TESTIMONIAL": "It praises an effect, which a clinic may not show.",
            "ADVICE_SOUGHT": "It asks for advice in one's own case.",
            "UNSAFE_ADVICE": "It gives advice that could harm somebody.",
            "ABUSIVE": "It is abusive.",
            "ADVERTISING": "It advertises something.",
            "OFF_TOPIC": "It is not about the article.",
            "ASKED_FOR": "Its writer, or whom it is about, asked for it.",
        },
    ),
    ModerationOrder: (
        "The order of the moderation queue.",
        {
            "OLDEST": "What came in first.",
            "HIGHEST_SCORE": "What most resembles what was refused; of equals the newest. Those without a score last.",
        },
    ),
    ModerationAct: (
        "What a moderator does with a comment.",
        {
            "APPROVE": "Shows it; from any state but APPROVED.",
            "APPROVE_REDACTED": "Shows it in other words and purges the original; from any state.",
            "REJECT": "Does not show it, for a reason; from PENDING and SPAM.",
            "REMOVE": "Shows it no longer, for a reason; from APPROVED.",
            "MARK_AS_SPAM": "Holds it as spam; from PENDING.",
        },
    ),
    ProblemKind: (
        "What a reported problem is about.",
        {
            "WRONG": "Something is not true, or out of date.",
            "HARMFUL": "Somebody could come to harm.",
            "PRIVACY": "It tells something about a person that it should not.",
            "RIGHTS": "It uses what belongs to somebody else.",
            "TECHNICAL": "The page does not work.",
            "OTHER": "Anything else.",
        },
    ),
    ProblemOutcome: (
        "What became of a reported problem.",
        {
            "MENDED": "It was mended.",
            "NOTHING_WRONG": "It was looked at; nothing was wrong.",
            "PASSED_ON": "Somebody else deals with it.",
        },
    ),
}
