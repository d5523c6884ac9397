"""Mutations by which admins invite members and change what they may do."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from pydantic import Field
from strawberry import Maybe, field

from api.accounts import members
from api.accounts.invitations import Invited
from api.accounts.members import NewMember
from api.accounts.viewer import Role
from api.errors import NotFound
from schema.context import Info
from schema.errors import UserError
from schema.inputs import KEY, SAID, Id, Input, Key, Version
from schema.payloads import ERRORS
from schema.refs import MemberRef
from schema.scalars import URL
from schema.session import Email

Name = Annotated[str, Field(min_length=1, max_length=120)]
Roles = Annotated[list[Role], Field(min_length=1, max_length=10)]
AS_WHOM = "The practitioner as whom the member writes and reviews; needed with REVIEWER."


class NoSuchPractitioner(NotFound):
    """There is no such practitioner: check the id."""


@strawberry.pydantic.input(description="Who is to be invited.")
class CreateMemberInput(Input):
    email: Email = Field(description="The e-mail to sign in with.")
    display_name: Name = Field(description="How colleagues call them, up to 120 characters.")
    roles: Roles = Field(description="What the member may do; at least one role.")
    practitioner: Id | None = Field(None, description=AS_WHOM)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="A change to a member. What is absent stays; null clears.")
class UpdateMemberInput(Input):
    id: Id = Field(description="The member.")
    expected_version: Version = Field(
        description="The version that you read; a stale one changes nothing and is answered with the current member."
    )
    display_name: Maybe[Name] = Field(None, description="How colleagues call them, up to 120 characters.")
    roles: Maybe[Roles] = Field(
        None, description="All roles of the member; others than before end all of their tokens."
    )
    practitioner: Maybe[Id | None] = Field(None, description=AS_WHOM)
    is_disabled: Maybe[bool] = Field(
        None, description="Whether the member is kept from signing in; true ends all of their tokens and links."
    )
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.type(description="A one-time link by which a member chooses a password; it is shown once.")
class OneTimeLink:
    token: str = field(description="The text `mri_…` for acceptInvitation.")
    url: URL = field(description="The page where a password is chosen.")
    expires_at: datetime = field(description="When it ends by itself.")


@strawberry.type(description="The answer of createMember.")
class CreateMemberPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    member: MemberRef | None = field(default=None, description="The member who was invited.")
    invitation: OneTimeLink | None = field(
        default=None, description="The link to give to the member; null when a call is repeated by its key."
    )


@strawberry.type(description="The answer of updateMember.")
class UpdateMemberPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    member: MemberRef | None = field(default=None, description="The member now; with CONFLICT the current one.")


@strawberry.type
class Members:
    @field(
        description="Invites a member, who chooses a password by the one-time link within 7 days. Repeated with the "
        "same idempotencyKey it answers with the same member, but without the link."
    )
    async def create_member(self, info: Info, input: Annotated[CreateMemberInput, SAID]) -> CreateMemberPayload:
        await _known(info, input.practitioner)
        said = NewMember(input.email, input.display_name, frozenset(input.roles), input.practitioner)
        member, invited = await members.create(info.context.viewer, said)
        return CreateMemberPayload(member=member, invitation=_link(info, invited))

    @field(
        description="Changes a member. Other roles, and being disabled, end all of their tokens; the last admin who "
        "can sign in stays one."
    )
    async def update_member(self, info: Info, input: Annotated[UpdateMemberInput, SAID]) -> UpdateMemberPayload:
        changes: dict[str, Any] = {
            name: getattr(input, name).value for name in CHANGES if name in input.model_fields_set
        }
        if "practitioner" in changes:
            changes["practitioner_id"] = changes.pop("practitioner")
            await _known(info, changes["practitioner_id"])
        if "roles" in changes:
            changes["roles"] = frozenset(changes["roles"])
        member = await members.update(info.context.viewer, input.id, input.expected_version, changes)
        return UpdateMemberPayload(member=member)


CHANGES = ("display_name", "roles", "practitioner", "is_disabled")


async def _known(info: Info, practitioner: str | None) -> None:
    if practitioner and await info.context.loaders.by_id("practitioner").load(practitioner) is None:
        raise NoSuchPractitioner(path=("practitioner",))


def _link(info: Info, invited: Invited) -> OneTimeLink:
    address = URL(invited.address(info.context.site))
    return OneTimeLink(token=invited.text, url=address, expires_at=invited.invitation.expires_at)
