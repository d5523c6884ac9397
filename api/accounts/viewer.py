"""Who is asking, and what that lets them see."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Role(StrEnum):
    """What a member may do. AUTHOR writes own drafts; EDITOR does so everywhere and publishes; ADMIN includes both."""

    AUTHOR = "AUTHOR"
    EDITOR = "EDITOR"
    REVIEWER = "REVIEWER"
    MODERATOR = "MODERATOR"
    ADMIN = "ADMIN"
    PARTNER = "PARTNER"


IMPLIED = {
    Role.EDITOR: frozenset({Role.AUTHOR}),
    Role.ADMIN: frozenset({Role.EDITOR, Role.AUTHOR, Role.MODERATOR}),
}


class Scope(StrEnum):
    """What a token may be used for; the roles bound it too, and a child token is never wider than its parent."""

    ARTICLES = "ARTICLES"
    PUBLISHING = "PUBLISHING"
    REVIEWING = "REVIEWING"
    CATALOGUE = "CATALOGUE"
    MEDIA = "MEDIA"
    COMMENTS = "COMMENTS"
    PARTNERS = "PARTNERS"
    MEMBERS = "MEMBERS"


OF_ROLE = {
    Role.AUTHOR: frozenset({Scope.ARTICLES, Scope.MEDIA}),
    Role.EDITOR: frozenset({Scope.PUBLISHING, Scope.REVIEWING, Scope.CATALOGUE}),
    Role.REVIEWER: frozenset({Scope.REVIEWING}),
    Role.MODERATOR: frozenset({Scope.COMMENTS}),
    Role.ADMIN: frozenset({Scope.MEMBERS, Scope.PARTNERS}),
    Role.PARTNER: frozenset({Scope.PARTNERS}),
}
"""The scopes that a role has a use for, beside those of the roles that it includes."""


def useful(roles: frozenset[Role]) -> frozenset[Scope]:
    """The scopes that somebody with these roles has any use for."""
    return frozenset[Scope]().union(*(OF_ROLE[role] for role in with_implied(roles)))


REFRESH = timedelta(days=7)
"""How long the clinic's terms let a copy stand without asking again."""


@dataclass(frozen=True)
class PartnerGrant:
    """What a partner's key opens.

    `full_text` is what was granted; in bulk it holds only outside the sandbox. `topics` are ids of conditions and
    treatments (empty: everything), `quota` is cost per minute; a `sandbox` key sees the rehearsal's article beside what
    everybody sees, and `refresh` is after how long a copy must be fetched again.
    """

    partner: str
    full_text: bool
    topics: frozenset[str]
    quota: int
    sandbox: bool
    refresh: timedelta = REFRESH

    @property
    def whole_in_bulk(self) -> bool:
        """Whether feeds and the log of changes carry whole texts for it."""
        return self.full_text and not self.sandbox

    def covers(self, about: Collection[str]) -> bool:
        """Whether the grant reaches what is about these conditions and treatments."""
        return not self.topics or not self.topics.isdisjoint(about)


STAFF = frozenset({Role.EDITOR, Role.REVIEWER, Role.ADMIN})


@dataclass(frozen=True)
class Viewer:
    """Who is asking; `roles` holds what they imply, too, and `scopes` what the `token` in use is for.

    `preview` is the one revision that a link shows, with all that it names only where `preview_is_wide` (its maker sees
    what is not public), `review_link` the link by which `practitioner` may review it,
    `partner` what the key of a partner's program opens, `comment` the one whose writer holds its private link.
    """

    member: str | None = None
    display_name: str | None = None
    roles: frozenset[Role] = frozenset()
    practitioner: str | None = None
    preview: str | None = None
    scopes: frozenset[Scope] = frozenset(Scope)
    token: str | None = None
    review_link: str | None = None
    partner: PartnerGrant | None = None
    comment: str | None = None
    preview_is_wide: bool = False

    @property
    def is_authenticated(self) -> bool:
        return self.member is not None or self.partner is not None

    @property
    def actor(self) -> str:
        """Who is written down as having acted: a member, a partner, or the program itself."""
        return self.member or (self.partner.partner if self.partner else None) or "system"

    @property
    def sees_drafts(self) -> bool:
        """Whether every article and catalogue entry exists for this viewer, public or not."""
        return bool(self.roles & STAFF)

    @property
    def manages_members(self) -> bool:
        """Whether this is an admin, with a token that is meant for members."""
        return Role.ADMIN in self.roles and Scope.MEMBERS in self.scopes

    @property
    def moderates(self) -> bool:
        """Whether this is a moderator, with a token that is meant for comments."""
        return Role.MODERATOR in self.roles and Scope.COMMENTS in self.scopes

    @property
    def sees_own_drafts(self) -> bool:
        return Role.AUTHOR in self.roles

    @property
    def is_reader(self) -> bool:
        """Whether nothing exists for this viewer but what everybody may see."""
        return not (self.preview or self.sees_drafts or self.sees_own_drafts)


ANONYMOUS = Viewer()


def with_implied(roles: frozenset[Role]) -> frozenset[Role]:
    """The roles and all that they include."""
    return roles.union(*(IMPLIED.get(role, frozenset()) for role in roles))
