"""The closed sets, each with what its values mean."""

from enum import Enum

import strawberry

from api.accounts.viewer import Role, Scope
from api.articles.models import ArticleKind, CommentPolicy, ReviewOutcome, Severity, Stage, UnpublishKind, UpdateType
from api.changes import ChangeKind, ChangeReason
from api.comments.flags import FLAGS, FlagName, HelpKind
from api.comments.models import CommentStatus, ProblemKind, ProblemOutcome, Rejection
from api.comments.moderating import ModerationAct
from api.comments.reading import ModerationOrder
from api.conditions import CareLevel, CodeSystem
from api.errors import ErrorPolicy
from api.evidence.enums import Certainty, Comparator, Direction, SourceStatus, StudyDesign, Timepoint
from api.practitioners import Affiliation, CredentialKind
from api.publishing.comparing import DiffChange
from api.publishing.erasing import EraseReason
from api.publishing.importing.storing import Outcome
from api.publishing.planning import AddressChange
from api.syndication.acting import PartnerStatus
from api.syndication.models import RecallStatus
from api.syndication.rehearsing import RehearsalStep
from api.syndication.webhooks.events import WebhookEvent
from api.syndication.webhooks.models import DeliveryState
from api.treatments import Frequency
from api.worklist import WorklistKind


@strawberry.enum(description="The order of a list of articles.")
class ArticleOrder(Enum):
    NEWEST = strawberry.enum_value("NEWEST", description="By first publication, newest first.")
    RECENTLY_REVIEWED = strawberry.enum_value(
        "RECENTLY_REVIEWED", description="By the last clinical review, newest first."
    )
    TITLE = strawberry.enum_value("TITLE", description="From A to Z.")


@strawberry.enum(description="The order of a list of catalogue entries.")
class CatalogueOrder(Enum):
    NAME = strawberry.enum_value("NAME", description="From A to Z.")
    NEWEST = strawberry.enum_value("NEWEST", description="Newest first.")


@strawberry.enum(description="What a search may find.")
class SearchType(Enum):
    ARTICLE = strawberry.enum_value("ARTICLE", description="Articles.")
    CONDITION = strawberry.enum_value("CONDITION", description="Conditions.")
    TREATMENT = strawberry.enum_value("TREATMENT", description="Treatments.")
    PRACTITIONER = strawberry.enum_value("PRACTITIONER", description="Practitioners.")


@strawberry.enum(description="How much a finding weighs.")
class FindingSeverity(Enum):
    BLOCK = strawberry.enum_value("BLOCK", description="It stands between the draft and readers.")
    WARN = strawberry.enum_value("WARN", description="It asks to be mended, or waived with a reason.")


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
    WebhookEvent: (
        "What a webhook may be told of; the name that is sent stands with each.",
        {
            "ARTICLE_PUBLISHED": "`article.published`: an article went live.",
            "ARTICLE_UPDATED": "`article.updated`: what copies show has changed.",
            "ARTICLE_CORRECTED": "`article.corrected`: something was wrong, and is said so.",
            "ARTICLE_WITHDRAWN": "`article.withdrawn`: it was taken down, with an explanation; drop the copy.",
            "ARTICLE_GONE": "`article.gone`: it is gone, for good or by law; drop the copy.",
            "ARTICLE_MOVED": "`article.moved`: it has another address, or another one took its place.",
            "ARTICLE_ERASED": "`article.erased`: it was erased, and nothing is said of it; drop the copy.",
            "RECALL_OPENED": "`recall.opened`: a take-down of something that you hold waits for your answer.",
            "SOURCE_RETRACTED": "`source.retracted`: a source was retracted; for the clinic's own webhooks.",
            "REVIEW_DUE": "`review.due`: a live article's review is overdue; for the clinic's own webhooks.",
            "COMMENT_PENDING": "`comment.pending`: a comment waits; for the clinic's own webhooks.",
            "WEBHOOK_TEST": "`webhook.test`: nothing has happened; sent when sendTestEvent is called.",
        },
    ),
    DeliveryState: (
        "Where a delivery is on its way.",
        {
            "PENDING": "It will be sent, or sent again.",
            "DELIVERED": "It was answered with 2xx.",
            "FAILED": "It was given up, after the last try or because the webhook was switched off; replay it.",
        },
    ),
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
    PartnerStatus: (
        "How a partner stands.",
        {
            "INVITED": "It has yet to accept the terms by its link.",
            "SANDBOX": "It has a key, and full texts once its rehearsal is passed.",
            "ACTIVE": "Its keys open what its grant says.",
            "SUSPENDED": "Its keys open nothing.",
        },
    ),
    RecallStatus: (
        "How far a take-down has come with one partner.",
        {
            "PENDING": "The partner has not received it yet.",
            "NOTIFIED": "The partner has received it: a webhook was answered, or a cursor is past it.",
            "ACKNOWLEDGED": "The copy is gone: the partner said so, or it was seen.",
            "BREACHED": "The deadline passed and nobody said that the copy is gone.",
            "LIFTED": "The article is live again, so nothing is owed any more.",
        },
    ),
    RehearsalStep: (
        "What is rehearsed.",
        {
            "PUBLISH": "The article is published.",
            "CORRECT": "Its mistake is corrected.",
            "RECALL": "It is withdrawn for safety, and must be taken down.",
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

# Where the contract's name is longer than the room's.
NAMES: dict[type[Enum], str] = {Stage: "ArticleStage", Outcome: "ImportOutcome"}

for _set, (_description, _values) in MEANINGS.items():
    _name = NAMES.get(_set, _set.__name__)
    _definition = strawberry.enum(_set, name=_name, description=_description).__strawberry_definition__  # type: ignore[attr-defined]
    for _value in _definition.values:
        _value.description = _values[_value.name]
