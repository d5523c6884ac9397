"""Mutations by which members sign in, choose passwords, and look after their own tokens."""

from datetime import datetime, timedelta
from typing import Annotated, TypeVar

import strawberry
from pydantic import Field
from strawberry import field

from api.accounts import invitations, issuing, members, sessions
from api.accounts.issuing import Wish
from api.accounts.tokens import Minted
from api.accounts.viewer import Scope, Viewer
from schema.context import Info
from schema.errors import UserError
from schema.inputs import KEY, SAID, Id, Input, Key
from schema.mutating import acting_once
from schema.payloads import ERRORS
from schema.refs import MemberRef, TokenRef

Password = Annotated[str, Field(max_length=200)]
Email = Annotated[str, Field(max_length=254)]
Scopes = Annotated[list[Scope], Field(max_length=20)]
SHOWN = "The text to send as `Authorization: Bearer`, shown this once; null when a call is repeated by its key."
PROOF = "Your password, for a token that can do more or lives longer than the one that you use."
NEW = "12 to 200 characters; a few words that do not belong together will do."
ONCE = "It may stand in a document once."
REPLAYED = "Repeated with the same idempotencyKey it answers with the same token, but without the secret."


@strawberry.pydantic.input(description="Who signs in.")
class SignInInput(Input):
    email: Email = Field(description="The member's e-mail.")
    password: Password = Field(description="The member's password.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="Nothing but a key: the token in use is the one that ends.")
class SignOutInput(Input):
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="A new password in place of the old one.")
class ChangePasswordInput(Input):
    current_password: Password = Field(description="The password of today.")
    new_password: Password = Field(description=NEW)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="A one-time link, and the password that its holder chooses.")
class AcceptInvitationInput(Input):
    token: Annotated[str, Field(max_length=200)] = Field(description="The text `mri_…` at the end of the link.")
    password: Password = Field(description=NEW)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="A new token, for a program or for another machine.")
class CreateTokenInput(Input):
    name: Annotated[str, Field(min_length=1, max_length=120)] = Field(description="What it is for, in your own words.")
    scopes: Scopes | None = Field(None, description="What it may be used for; as the token in use if nothing is said.")
    expires_at: datetime | None = Field(
        None,
        description="When it ends, within a year; when nothing is said, with the token in use, or after 90 days if "
        "your password is given.",
    )
    password: Password | None = Field(None, description=PROOF)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="The token that gets a new secret.")
class RotateTokenInput(Input):
    id: Id = Field(description="One of your tokens, `tok_…`.")
    overlap_hours: Annotated[int, Field(ge=0, le=168)] = Field(
        24, description="For how many hours the old secret still holds, 0 to 168; never beyond its end."
    )
    password: Password | None = Field(None, description=PROOF)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="The token that ends.")
class RevokeTokenInput(Input):
    id: Id = Field(description="One of your tokens, `tok_…`; for an admin anybody's.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.type(description="The answer of a mutation that shows a secret, this once.")
class SecretPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    token: TokenRef | None = field(default=None, description="The token that was made.")
    secret: str | None = field(default=None, description=SHOWN)


@strawberry.type(description="The answer of signIn.")
class SignInPayload(SecretPayload):
    member: MemberRef | None = field(default=None, description="Who signed in.")


@strawberry.type(description="The answer of createToken.")
class CreateTokenPayload(SecretPayload):
    pass


@strawberry.type(description="The answer of rotateToken.")
class RotateTokenPayload(SecretPayload):
    pass


@strawberry.type(description="The answer of signOut.")
class SignOutPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    token: TokenRef | None = field(default=None, description="The token that ended.")


@strawberry.type(description="The answer of revokeToken.")
class RevokeTokenPayload(SignOutPayload):
    pass


@strawberry.type(description="The answer of changePassword.")
class ChangePasswordPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    member: MemberRef | None = field(default=None, description="The member, who must sign in again.")


@strawberry.type(description="The answer of acceptInvitation.")
class AcceptInvitationPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    member: MemberRef | None = field(default=None, description="The member, who can sign in now.")


@strawberry.type
class Session:
    @field(
        description="Signs a member in by e-mail and password: the answer is a token for 12 hours. It is the same for "
        "an unknown e-mail, a wrong password and an account that is disabled or waits after too many tries; too many "
        f"from one address are RATE_LIMITED. {ONCE} {REPLAYED}"
    )
    async def sign_in(self, info: Info, input: Annotated[SignInInput, SAID]) -> SignInPayload:
        proof = await sessions.prove(input.email, input.password, info.context.origin())

        async def act() -> SignInPayload:
            minted = await sessions.open_session(proof)
            return SignInPayload(token=minted.token, secret=minted.text, member=minted.token.member)

        return await acting_once(info, input, SignInPayload, act, Viewer(proof.member_id))

    @field(description="Ends the token in use, and all that were made with it.")
    async def sign_out(self, info: Info, input: Annotated[SignOutInput, SAID]) -> SignOutPayload:  # noqa: ARG002 - as above; the guard reads the key
        return SignOutPayload(token=await issuing.sign_out(info.context.viewer))

    @field(description=f"Changes your password and ends all of your tokens, this one too: sign in again. {ONCE}")
    async def change_password(
        self,
        info: Info,
        input: Annotated[ChangePasswordInput, SAID],
    ) -> ChangePasswordPayload:
        viewer, origin = info.context.viewer, info.context.origin()
        proof, digest = await sessions.prove_and_choose(viewer, input.current_password, input.new_password, origin)

        async def act() -> ChangePasswordPayload:
            return ChangePasswordPayload(member=await members.change_password(viewer, proof, digest))

        return await acting_once(info, input, ChangePasswordPayload, act, viewer)

    @field(
        description="Chooses a password by a one-time link, the first time or after it was forgotten; ends the link "
        f"and all tokens of the member. {ONCE}"
    )
    async def accept_invitation(
        self,
        info: Info,
        input: Annotated[AcceptInvitationInput, SAID],
    ) -> AcceptInvitationPayload:
        answered = await invitations.answer(input.token, input.password)

        async def act() -> AcceptInvitationPayload:
            return AcceptInvitationPayload(member=await invitations.accept(answered))

        return await acting_once(info, input, AcceptInvitationPayload, act, Viewer(answered.member_id))

    @field(
        description="Makes a token with the one in use: never wider than that one, never living longer, and ending "
        f"when that one is revoked. With your password it stands on its own, for up to a year. {ONCE} {REPLAYED}"
    )
    async def create_token(self, info: Info, input: Annotated[CreateTokenInput, SAID]) -> CreateTokenPayload:
        viewer = info.context.viewer
        proven = await _proven(info, input.password)
        wish = Wish(input.name, None if input.scopes is None else frozenset(input.scopes), input.expires_at)

        async def act() -> CreateTokenPayload:
            return _shown(CreateTokenPayload, await issuing.create(viewer, wish, proven=proven))

        return await acting_once(info, input, CreateTokenPayload, act, viewer)

    @field(
        description="Gives a token a new secret: a new token with the same name, scopes and end takes its place, and "
        "the old secret still holds for a while. A secret that others may have seen is better revoked, together with "
        f"all that was made with it. {ONCE} {REPLAYED}"
    )
    async def rotate_token(self, info: Info, input: Annotated[RotateTokenInput, SAID]) -> RotateTokenPayload:
        viewer = info.context.viewer
        proven = await _proven(info, input.password)

        async def act() -> RotateTokenPayload:
            overlap = timedelta(hours=input.overlap_hours)
            return _shown(RotateTokenPayload, await issuing.rotate(viewer, input.id, overlap=overlap, proven=proven))

        return await acting_once(info, input, RotateTokenPayload, act, viewer)

    @field(description="Ends a token at once, and all that were made with it. Done twice it changes nothing more.")
    async def revoke_token(self, info: Info, input: Annotated[RevokeTokenInput, SAID]) -> RevokeTokenPayload:
        return RevokeTokenPayload(token=await issuing.revoke(info.context.viewer, input.id))


Payload = TypeVar("Payload", bound=SecretPayload)


async def _proven(info: Info, password: str | None) -> bool:
    """Whether the password was given; refused when it was and is wrong."""
    if password is None:
        return False
    await sessions.prove_again(info.context.viewer, password, info.context.origin(), field="password")
    return True


def _shown(payload: type[Payload], minted: Minted) -> Payload:
    return payload(token=minted.token, secret=minted.text)
