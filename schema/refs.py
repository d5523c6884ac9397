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
    from api.statements import EvidenceStatement as EvidenceStatementRef
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
    PractitionerRef = Annotated["Practitioner", strawberry.lazy("schema.practitioner")]
    EvidenceStatementRef = Annotated["EvidenceStatement", strawberry.lazy("schema.statement")]
    AdverseOutcomeRef = Annotated["AdverseOutcome", strawberry.lazy("schema.treatment")]
    TreatmentRef = Annotated["Treatment", strawberry.lazy("schema.treatment")]

__all__ = [
    "AdverseOutcomeRef",
    "ArticleRef",
    "CareAdviceRef",
    "CommentRef",
    "ConditionRef",
    "DisclaimerRef",
    "EvidenceStatementRef",
    "MediaAssetRef",
    "MemberRef",
    "PractitionerRef",
    "ProblemReportRef",
    "RevisionRef",
    "SourceRef",
    "TokenRef",
    "TreatmentRef",
]
