"""Who works here, as what, and on what."""

from enum import Enum

from api.accounts.viewer import Role, Scope
from api.practitioners import Affiliation, CredentialKind
from api.worklist import WorklistKind

MEANINGS: dict[type[Enum], tuple[str, dict[str, str]]] = {
    WorklistKind: (
        "What is to be done.",
        {
            "TO_REVIEW": "A draft was submitted, or a change of the catalogue was proposed: review it.",
            "CHANGES_REQUESTED": "A reviewer asked for changes: revise the draft.",
            "READY": "A draft is approved: publish it.",
            "REVIEW_OVERDUE": "The day by which a live article was to be reviewed has passed.",
            "REVIEW_DUE_SOON": "A live article must be reviewed within 30 days.",
            "NEW_FINDING": "The gate finds something in a live article that was not there when it was published.",
            "SOURCE_CHANGED": "A source of a live or scheduled article no longer stands as it did.",
            "SCHEDULE_CANCELLED": "A draft does not go live as planned: see `why`, and schedule it anew.",
            "COMMENT": "A comment waits for a moderator.",
            "RECALL_OPEN": "A partner may still show what was taken down.",
            "PROBLEM_REPORTED": "Somebody reported a problem; it is to be answered within 30 days.",
        },
    ),
    Role: (
        "What a member may do.",
        {
            "AUTHOR": "Writes own drafts.",
            "EDITOR": "Edits every article, publishes and takes down; includes AUTHOR.",
            "REVIEWER": "Decides on clinical content.",
            "MODERATOR": "Handles comments.",
            "ADMIN": "Manages members, partners and settings; includes EDITOR and MODERATOR.",
            "PARTNER": "A third-party site that syndicates.",
        },
    ),
    Scope: (
        "What a token may be used for; the roles of its member bound it as well.",
        {
            "ARTICLES": "Writing drafts.",
            "PUBLISHING": "Publishing and taking down.",
            "REVIEWING": "Deciding on clinical content.",
            "CATALOGUE": "Conditions, treatments, practitioners and sources.",
            "MEDIA": "Pictures.",
            "COMMENTS": "Moderating comments.",
            "PARTNERS": "Partners, their keys and webhooks.",
            "MEMBERS": "Members and everybody's tokens.",
        },
    ),
    Affiliation: (
        "How a practitioner belongs to the clinic.",
        {
            "STAFF": "Works at the clinic.",
            "EXTERNAL_REVIEWER": "Reviews articles; has a profile, but stands in no list.",
        },
    ),
    CredentialKind: (
        "What sort of entitlement a credential is.",
        {
            "STATUTORY_REGISTER": "A register kept by law.",
            "ACCREDITED_REGISTER": "A voluntary register accredited by a public body.",
            "PROFESSIONAL_MEMBERSHIP": "Membership of a professional body.",
            "QUALIFICATION": "A degree or diploma.",
            "LICENCE": "A licence given by an authority.",
        },
    ),
}
