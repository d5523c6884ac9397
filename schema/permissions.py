"""Who may run what: one row for each operation, and the check that every mutation passes before anything else.

A test fails when an operation has no row, and tries every role and every scope on every operation. What a viewer may
do to *this* thing (an author only to own drafts) is decided in the room, beside the thing.
"""

from dataclasses import dataclass, replace

from graphql import GraphQLError

from api.accounts.viewer import Role, Scope, Viewer


@dataclass(frozen=True)
class Permission:
    """The roles of which the viewer needs one, and the scope that the token needs; no roles means everybody."""

    roles: frozenset[Role] = frozenset()
    scope: Scope | None = None
    by_review_link: bool = False


def _needs(scope: Scope, *roles: Role) -> Permission:
    return Permission(frozenset(roles), scope)


EVERYBODY = Permission()
WRITING = _needs(Scope.ARTICLES, Role.AUTHOR)
EDITING = _needs(Scope.ARTICLES, Role.EDITOR)
PUBLISHING = _needs(Scope.PUBLISHING, Role.EDITOR)
REVIEWING = _needs(Scope.REVIEWING, Role.REVIEWER)
DECIDING = replace(REVIEWING, by_review_link=True)
CATALOGUE = _needs(Scope.CATALOGUE, Role.EDITOR)
MODERATING = _needs(Scope.COMMENTS, Role.MODERATOR)
MEMBERS = _needs(Scope.MEMBERS, Role.ADMIN)
PARTNERS = _needs(Scope.PARTNERS, Role.ADMIN)
SIGNED_IN = Permission(frozenset(Role) - {Role.PARTNER})
PARTNER = Permission(frozenset({Role.PARTNER}))
"""A partner with its key: what it opens stands in its grant, not in scopes."""
SYNDICATING = _needs(Scope.PARTNERS, Role.ADMIN, Role.PARTNER)

NOUNS = ("Condition", "Treatment", "Practitioner", "Source", "EvidenceStatement", "Disclaimer")

MUTATIONS: dict[str, Permission] = {
    "createArticle": WRITING,
    "reviseArticle": WRITING,
    "importArticle": WRITING,
    "submitArticle": WRITING,
    "discardDraft": WRITING,
    "restoreRevision": WRITING,
    "createPreviewLink": WRITING,
    "revokePreviewLinks": WRITING,
    "reviewArticle": DECIDING,
    "waiveFinding": _needs(Scope.REVIEWING, Role.REVIEWER, Role.EDITOR),
    "createReviewLink": EDITING,
    "setCommentPolicy": EDITING,
    "publishArticle": PUBLISHING,
    "publishArticles": PUBLISHING,
    "scheduleArticle": PUBLISHING,
    "cancelSchedule": PUBLISHING,
    "unpublishArticle": PUBLISHING,
    "changeArticleSlug": PUBLISHING,
    "addRedirect": PUBLISHING,
    "correctArticle": PUBLISHING,
    "submitComment": EVERYBODY,
    "withdrawComment": EVERYBODY,
    "reportProblem": EVERYBODY,
    "moderateComments": MODERATING,
    "replyToComment": MODERATING,
    "closeProblemReport": MODERATING,
    "signIn": EVERYBODY,
    "acceptInvitation": EVERYBODY,
    "signOut": SIGNED_IN,
    "changePassword": SIGNED_IN,
    "createToken": SIGNED_IN,
    "rotateToken": SIGNED_IN,
    "revokeToken": SIGNED_IN,
    "createMember": MEMBERS,
    "updateMember": MEMBERS,
    "createPartner": PARTNERS,
    "updatePartner": PARTNERS,
    "createClaimLink": PARTNERS,
    "claimPartner": EVERYBODY,
    "acceptTerms": PARTNER,
    "rotatePartnerKey": PARTNER,
    "revokePartnerKey": _needs(Scope.PARTNERS, Role.ADMIN, Role.PARTNER),
    "rehearse": PARTNER,
    "acknowledgeRecall": PARTNER,
    "eraseArticle": _needs(Scope.PUBLISHING, Role.ADMIN),
    **{f"{verb}{noun}": CATALOGUE for verb in ("create", "update", "delete", "publish", "unpublish") for noun in NOUNS},
    "approveCatalogueChange": REVIEWING,
    "updateClinic": _needs(Scope.CATALOGUE, Role.ADMIN),
    "recordViews": EVERYBODY,  # whose call the site's signature vouches for; the room refuses every other one
    "updateMediaAsset": _needs(Scope.MEDIA, Role.EDITOR),
    **dict.fromkeys(
        (
            "createWebhook",
            "updateWebhook",
            "rotateWebhookSecret",
            "deleteWebhook",
            "sendTestEvent",
            "replayDelivery",
        ),
        SYNDICATING,
    ),
}
STAFF = Permission(frozenset({Role.AUTHOR, Role.REVIEWER, Role.MODERATOR}))
READING = Permission(frozenset({Role.AUTHOR, Role.REVIEWER}))
OVERSEEING = Permission(frozenset({Role.EDITOR}))
EDITORIAL: dict[str, Permission] = {
    "worklist": STAFF,
    "articles": READING,
    "diff": READING,
    "auditLog": OVERSEEING,
    "publishPlan": OVERSEEING,
    "views": READING,
    "proposals": Permission(frozenset({Role.EDITOR, Role.REVIEWER})),
    "members": MEMBERS,
    "tokens": MEMBERS,
    "recalls": OVERSEEING,
    "partners": PARTNERS,
    "webhooks": PARTNERS,
    "deliveries": PARTNERS,
    "moderationQueue": MODERATING,
}
QUERIES = dict.fromkeys(
    (
        "node", "nodes", "clinic", "viewer", "article", "articles", "condition", "conditions", "treatment",
        "treatments", "practitioner", "practitioners", "source", "sources", "disclaimers", "search", "route", "changes",
        "commentForm",
        "editorial", "beginning",
    ),
    EVERYBODY,
)  # fmt: skip


def holds(permission: Permission, viewer: Viewer) -> bool:
    """Whether the viewer has one of the roles; which scope the token has is left aside."""
    return bool(permission.roles & viewer.roles)


def require(permission: Permission, viewer: Viewer) -> None:
    """Let the viewer pass, or refuse: UNAUTHENTICATED without a token, FORBIDDEN with the wrong role or scope."""
    if not permission.roles or (permission.by_review_link and viewer.review_link):
        return
    if not viewer.is_authenticated:
        said = "This needs a token: send it as Authorization: Bearer."
        raise GraphQLError(said, extensions={"code": "UNAUTHENTICATED"})
    if not permission.roles & viewer.roles:
        wanted = " or ".join(sorted(permission.roles))
        raise GraphQLError(f"This needs the role {wanted}: ask an admin.", extensions={"code": "FORBIDDEN"})
    if permission.scope and permission.scope not in viewer.scopes:
        raise GraphQLError(f"This token lacks the scope {permission.scope}.", extensions={"code": "FORBIDDEN"})
