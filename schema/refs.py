"""Names by which types point at each other without importing each other.

The type checker sees the row that a resolver returns; Strawberry sees the GraphQL type, looked up when it is needed.
"""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from api.accounts.models import Member as MemberRef
    from api.accounts.models import Token as TokenRef
    from api.articles.models import Revision as RevisionRef
    from api.articles.reading import ShownArticle as ArticleRef
    from api.clinic import Disclaimer as DisclaimerRef
    from api.comments.models import Comment as CommentRef
    from api.comments.models import ProblemReport as ProblemReportRef
    from api.conditions import CareAdvice as CareAdviceRef
    from api.conditions import Condition as ConditionRef
    from api.evidence.models import Source as SourceRef
    from api.media.models import MediaAsset as MediaAssetRef
    from api.practitioners import Practitioner as PractitionerRef
    from api.publishing.models import Proposal as ProposalRef
    from api.statements import EvidenceStatement as EvidenceStatementRef
    from api.syndication.models import Partner as PartnerRef
    from api.syndication.models import PartnerKey as PartnerKeyRef
    from api.syndication.models import Recall as RecallRef
    from api.syndication.webhooks.models import Delivery as DeliveryRef
    from api.syndication.webhooks.models import Webhook as WebhookRef
    from api.treatments import AdverseOutcome as AdverseOutcomeRef
    from api.treatments import Treatment as TreatmentRef
else:
    ArticleRef = Annotated["Article", strawberry.lazy("schema.article")]
    DisclaimerRef = Annotated["Disclaimer", strawberry.lazy("schema.clinic")]
    CommentRef = Annotated["Comment", strawberry.lazy("schema.comment")]
    ProblemReportRef = Annotated["ProblemReport", strawberry.lazy("schema.moderation")]
    CareAdviceRef = Annotated["CareAdvice", strawberry.lazy("schema.condition")]
    ConditionRef = Annotated["Condition", strawberry.lazy("schema.condition")]
    RevisionRef = Annotated["Revision", strawberry.lazy("schema.revision")]
    SourceRef = Annotated["Source", strawberry.lazy("schema.source")]
    MemberRef = Annotated["Member", strawberry.lazy("schema.member")]
    TokenRef = Annotated["Token", strawberry.lazy("schema.member")]
    MediaAssetRef = Annotated["MediaAsset", strawberry.lazy("schema.media")]
    PartnerRef = Annotated["Partner", strawberry.lazy("schema.partner")]
    PartnerKeyRef = Annotated["PartnerKey", strawberry.lazy("schema.partner")]
    RecallRef = Annotated["Recall", strawberry.lazy("schema.recall")]
    PractitionerRef = Annotated["Practitioner", strawberry.lazy("schema.practitioner")]
    ProposalRef = Annotated["Proposal", strawberry.lazy("schema.catalogue.proposal")]
    EvidenceStatementRef = Annotated["EvidenceStatement", strawberry.lazy("schema.statement")]
    AdverseOutcomeRef = Annotated["AdverseOutcome", strawberry.lazy("schema.treatment")]
    DeliveryRef = Annotated["Delivery", strawberry.lazy("schema.webhook")]
    WebhookRef = Annotated["Webhook", strawberry.lazy("schema.webhook")]
    TreatmentRef = Annotated["Treatment", strawberry.lazy("schema.treatment")]

__all__ = [
    "AdverseOutcomeRef",
    "ArticleRef",
    "CareAdviceRef",
    "CommentRef",
    "ConditionRef",
    "DeliveryRef",
    "DisclaimerRef",
    "EvidenceStatementRef",
    "MediaAssetRef",
    "MemberRef",
    "PartnerKeyRef",
    "PartnerRef",
    "PractitionerRef",
    "ProblemReportRef",
    "ProposalRef",
    "RecallRef",
    "RevisionRef",
    "SourceRef",
    "TokenRef",
    "TreatmentRef",
    "WebhookRef",
]
