"""What an article is and becomes, and what is told of it."""

from enum import Enum

from api.articles.models import ArticleKind, CommentPolicy, ReviewOutcome, Severity, Stage, UnpublishKind, UpdateType
from api.changes import ChangeKind, ChangeReason
from api.errors import ErrorPolicy
from api.publishing.comparing import DiffChange
from api.publishing.erasing import EraseReason
from api.publishing.importing.storing import Outcome
from api.publishing.planning import AddressChange

MEANINGS: dict[type[Enum], tuple[str, dict[str, str]]] = {
    ArticleKind: (
        "What sort of article it is.",
        {
            "HEALTH": "Makes claims about health and passes every rule.",
            "NEWS": "News of the clinic; makes no claim about health.",
        },
    ),
    CommentPolicy: (
        "Whether readers may comment.",
        {
            "OFF": "No comments.",
            "ON": "Comments are welcome and moderated first.",
            "CLOSED": "Comments stand; no new ones.",
        },
    ),
    UpdateType: (
        "Whether readers are told of a change.",
        {"MAJOR": "Readers are told.", "MINOR": "A small mend: no number, citation, relation or advice differs."},
    ),
    Stage: (
        "Where a draft is on its way.",
        {
            "DRAFT": "It is being written.",
            "IN_REVIEW": "A clinician is asked.",
            "CHANGES_REQUESTED": "The clinician asked for changes.",
            "APPROVED": "The clinician approved it.",
            "SCHEDULED": "It goes live at a moment.",
        },
    ),
    UnpublishKind: (
        "What an address answers after a take-down.",
        {
            "WITHDRAWN": "Title, date and explanation, never the text.",
            "MOVED": "Another place.",
            "GONE": "That it is gone (HTTP 410).",
            "LEGAL": "That the law forbids it (HTTP 451).",
        },
    ),
    ChangeKind: (
        "What a copy must do.",
        {"UPSERT": "Show this, in place of what it showed.", "REMOVE": "Show this no more."},
    ),
    ChangeReason: (
        "Why something changed for readers.",
        {
            "PUBLISHED": "It went live for the first time.",
            "UPDATED": "Its text changed, or something that it shows: advice, risks, a source, a name.",
            "CORRECTED": "It was wrong and has been corrected.",
            "WITHDRAWN": "It was withdrawn, and the clinic says why.",
            "GONE": "It was taken down for good.",
            "LEGAL": "The law forbids it.",
            "MOVED": "It is to be read elsewhere.",
            "ERASED": "It was erased; nothing of it may be kept.",
        },
    ),
    ReviewOutcome: (
        "What a clinician decided.",
        {"APPROVED": "It may go live.", "CHANGES_REQUESTED": "It must be changed first."},
    ),
    Severity: (
        "How quickly those who hold copies must act.",
        {"ROUTINE": "Within seven days.", "SAFETY": "Within 24 hours: somebody could come to harm."},
    ),
    ErrorPolicy: (
        "What is done when some of many cannot be.",
        {"REJECT_EVERYTHING": "Nothing is done.", "IGNORE_FAILED": "The others are done."},
    ),
    EraseReason: (
        "Why something must go for good.",
        {"PERSONAL_DATA": "It holds somebody's personal data.", "LEGAL": "The law demands it."},
    ),
    Outcome: (
        "What became of an imported text.",
        {
            "NEW": "A new draft.",
            "UPDATED": "The draft of an earlier import, that nobody has touched, was brought up to date.",
            "UNCHANGED": "It was imported before and has not changed.",
            "LEFT_ALONE": "It was imported before and edited here since; nothing was changed.",
        },
    ),
    DiffChange: (
        "What became of a field or a block.",
        {
            "ADDED": "It is new.",
            "REMOVED": "It is gone.",
            "CHANGED": "It says something else.",
            "EQUAL": "It is as it was.",
        },
    ),
    AddressChange: (
        "What an address does once an article is live.",
        {
            "NEW": "It answers for the first time.",
            "RETURNS": "It answers again.",
            "REDIRECTS": "It leads on to the article.",
        },
    ),
}
