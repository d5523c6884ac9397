"""Mutations by which admins make partners, and partners look after themselves."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import strawberry
from pydantic import Field
from strawberry import Maybe, field

from api.syndication import claims, keys, partners, recalls, rehearsing
from api.syndication.claims import Acceptance, Claimable
from api.syndication.keys import Made
from api.syndication.rehearsing import RehearsalStep
from schema.context import Info
from schema.errors import UserError
from schema.inputs import KEY, SAID, Id, Ids, Input, Key, Version
from schema.payloads import ERRORS
from schema.refs import PartnerKeyRef, PartnerRef, RecallRef
from schema.scalars import URL

Name = Annotated[str, Field(min_length=1, max_length=160)]
Contact = Annotated[str, Field(min_length=1, max_length=254)]
Origins = Annotated[list[Annotated[str, Field(max_length=300)]], Field(min_length=1, max_length=20)]
Template = Annotated[str, Field(min_length=1, max_length=500)]
Quota = Annotated[int, Field(ge=1_000, le=100_000_000)]
Refresh = Annotated[int, Field(ge=3_600, le=604_800)]
TermsName = Annotated[str, Field(min_length=1, max_length=120)]
TermsVersion = Annotated[str, Field(min_length=1, max_length=40)]
ORIGINS = "Its sites, such as `https://partner.example`, without a path."
TEMPLATE = "The address of a copy on one of its sites, with {slug} or {id} in it: where recalls look."
TOPICS = "The conditions and treatments that it may fetch; an empty list is everything."
FULL = "Whether it may fetch full texts; otherwise summaries."
QUOTA = "Cost per minute that its keys may ask for together."
REFRESH = "After how many seconds a copy must have been fetched again: an hour to seven days."
SHOWN = "The key to send as `Authorization: Bearer`, shown this once; null when a call is repeated by its key."
REPLAYED = "Repeated with the same idempotencyKey it answers with the same thing, but without the secret."
WHO = "Who accepts them: your name."
TERMS = "The version of the terms that you have read."


@strawberry.pydantic.input(description="A new partner.")
class CreatePartnerInput(Input):
    name: Name = Field(description="Whose site it is.")
    contact: Contact = Field(description="The e-mail to write to.")
    site_origins: Origins = Field(description=ORIGINS)
    copy_url_template: Template | None = Field(None, description=TEMPLATE)
    topics: Ids | None = Field(None, description=TOPICS)
    full_text: bool = Field(default=False, description=FULL)
    quota: Quota = Field(400_000, description=QUOTA)
    refresh_max_seconds: Refresh = Field(604_800, description=REFRESH)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="A change to a partner. What is absent stays; null clears.")
class UpdatePartnerInput(Input):
    id: Id = Field(description="The partner.")
    expected_version: Version = Field(
        description="The version that you read; a stale one changes nothing and is answered with the current partner."
    )
    name: Maybe[Name] = Field(None, description="Whose site it is.")
    contact: Maybe[Contact] = Field(None, description="The e-mail to write to.")
    site_origins: Maybe[Origins] = Field(None, description=ORIGINS)
    copy_url_template: Maybe[Template | None] = Field(None, description=TEMPLATE)
    topics: Maybe[Ids] = Field(None, description=TOPICS)
    full_text: Maybe[bool] = Field(None, description=FULL)
    quota: Maybe[Quota] = Field(None, description=QUOTA)
    refresh_max_seconds: Maybe[Refresh] = Field(None, description=REFRESH)
    is_suspended: Maybe[bool] = Field(None, description="True ends what its keys open until it is set to false again.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="The partner who needs another link.")
class CreateClaimLinkInput(Input):
    partner: Id = Field(description="The partner; earlier links of its end.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="A one-time link, and that its holder accepts the terms.")
class ClaimPartnerInput(Input):
    token: Annotated[str, Field(max_length=200)] = Field(description="The text `mrc_…` at the end of the link.")
    terms_version: TermsVersion = Field(description=TERMS)
    name: TermsName = Field(description=WHO)
    accepted: bool = Field(description="That you accept them.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="That a partner accepts the terms that hold now.")
class AcceptTermsInput(Input):
    terms_version: TermsVersion = Field(description=TERMS)
    name: TermsName = Field(description=WHO)
    accepted: bool = Field(description="That you accept them.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="The key that gets a successor.")
class RotatePartnerKeyInput(Input):
    id: Id = Field(description="One of your keys, `pky_…`.")
    overlap_hours: Annotated[int, Field(ge=0, le=168)] = Field(
        24, description="For how many hours the old key still holds, 0 to 168; never beyond its end."
    )
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="The key that ends.")
class RevokePartnerKeyInput(Input):
    id: Id = Field(description="One of your keys, `pky_…`; for an admin any partner's.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="The next step of a rehearsal.")
class RehearseInput(Input):
    step: RehearsalStep = Field(description="PUBLISH, then CORRECT, then RECALL.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="The recall that was carried out.")
class AcknowledgeRecallInput(Input):
    id: Id = Field(description="The recall, `rcl_…`.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.type(description="A one-time link by which a partner accepts the terms and gets a key; it is shown once.")
class ClaimLink:
    token: str = field(description="The text `mrc_…` for claimPartner.")
    url: URL = field(description="The page where the terms are accepted.")
    expires_at: datetime = field(description="When it ends by itself.")


@strawberry.type(description="The answer of a mutation about a partner.")
class PartnerPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    partner: PartnerRef | None = field(default=None, description="The partner now; with CONFLICT the current one.")


@strawberry.type(description="The answer of createPartner.")
class CreatePartnerPayload(PartnerPayload):
    claim: ClaimLink | None = field(
        default=None, description="The link to give to the partner; null when a call is repeated by its key."
    )


@strawberry.type(description="The answer of createClaimLink.")
class CreateClaimLinkPayload(CreatePartnerPayload):
    pass


@strawberry.type(description="The answer of updatePartner.")
class UpdatePartnerPayload(PartnerPayload):
    pass


@strawberry.type(description="The answer of acceptTerms.")
class AcceptTermsPayload(PartnerPayload):
    pass


@strawberry.type(description="The answer of rehearse: see `partner { rehearsal }`.")
class RehearsePayload(PartnerPayload):
    pass


@strawberry.type(description="The answer of claimPartner.")
class ClaimPartnerPayload(PartnerPayload):
    partner_key: PartnerKeyRef | None = field(default=None, description="The key that was made.")
    secret: str | None = field(default=None, description=SHOWN)


@strawberry.type(description="The answer of rotatePartnerKey.")
class RotatePartnerKeyPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    partner_key: PartnerKeyRef | None = field(default=None, description="The key that was made.")
    secret: str | None = field(default=None, description=SHOWN)


@strawberry.type(description="The answer of revokePartnerKey.")
class RevokePartnerKeyPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    partner_key: PartnerKeyRef | None = field(default=None, description="The key that ended.")


@strawberry.type(description="The answer of acknowledgeRecall.")
class AcknowledgeRecallPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    recall: RecallRef | None = field(default=None, description="The recall now.")


@strawberry.type
class Partners:
    @field(
        description="Makes a partner, who accepts the terms by the one-time link within 14 days and starts in the "
        f"SANDBOX. {REPLAYED}"
    )
    async def create_partner(self, info: Info, input: Annotated[CreatePartnerInput, SAID]) -> CreatePartnerPayload:
        said = input.model_dump(exclude={"idempotency_key"}) | {"topics": input.topics or []}
        partner, claim = await partners.create(info.context.viewer, said)
        return CreatePartnerPayload(partner=partner, claim=_link(info, claim))

    @field(description="Changes a partner, or suspends it: then its keys open nothing.")
    async def update_partner(self, info: Info, input: Annotated[UpdatePartnerInput, SAID]) -> UpdatePartnerPayload:
        said: dict[str, Any] = {name: getattr(input, name).value for name in CHANGES if name in input.model_fields_set}
        partner = await partners.update(info.context.viewer, input.id, input.expected_version, said)
        return UpdatePartnerPayload(partner=partner)

    @field(description=f"Makes another link for a partner, who lost the first one or every key. {REPLAYED}")
    async def create_claim_link(
        self, info: Info, input: Annotated[CreateClaimLinkInput, SAID]
    ) -> CreateClaimLinkPayload:
        partner, claim = await claims.renew(info.context.viewer, input.partner)
        return CreateClaimLinkPayload(partner=partner, claim=_link(info, claim))

    @field(
        description="Accepts the clinic's terms by a one-time link: the version, the name and the time are kept, and "
        f"the answer is a key for a year. The link ends. {REPLAYED}"
    )
    async def claim_partner(self, input: Annotated[ClaimPartnerInput, SAID]) -> ClaimPartnerPayload:
        partner, made = await claims.claim(input.token, _acceptance(input))
        return ClaimPartnerPayload(partner=partner, partner_key=made.key, secret=made.text)

    @field(description="Accepts the terms that hold now, after `viewer { partner { termsOutdated } }` became true.")
    async def accept_terms(self, info: Info, input: Annotated[AcceptTermsInput, SAID]) -> AcceptTermsPayload:
        return AcceptTermsPayload(partner=await claims.accept(info.context.viewer, _acceptance(input)))

    @field(
        description="Makes a new key for another year in place of one of yours, which still holds for a while. A key "
        f"that others may have seen is better revoked. {REPLAYED}"
    )
    async def rotate_partner_key(
        self, info: Info, input: Annotated[RotatePartnerKeyInput, SAID]
    ) -> RotatePartnerKeyPayload:
        made: Made = await keys.rotate(info.context.viewer, input.id, timedelta(hours=input.overlap_hours))
        return RotatePartnerKeyPayload(partner_key=made.key, secret=made.text)

    @field(description="Ends a key at once. Done twice it changes nothing more.")
    async def revoke_partner_key(
        self, info: Info, input: Annotated[RevokePartnerKeyInput, SAID]
    ) -> RevokePartnerKeyPayload:
        return RevokePartnerKeyPayload(partner_key=await keys.revoke(info.context.viewer, input.id))

    @field(
        description="Takes the next step of a rehearsal with an article that only your keys see, by `changes` and by "
        "webhook: PUBLISH, CORRECT once your program has fetched it, RECALL once it has fetched the correction. When "
        "you acknowledge the recall, the rehearsal is passed and a partner in the SANDBOX becomes ACTIVE."
    )
    async def rehearse(self, info: Info, input: Annotated[RehearseInput, SAID]) -> RehearsePayload:
        context = info.context
        await rehearsing.rehearse(context.viewer, input.step, context.site)
        return await _oneself(info, RehearsePayload)

    @field(description="Says that your copy of a recalled article is gone. Said twice it changes nothing more.")
    async def acknowledge_recall(
        self, info: Info, input: Annotated[AcknowledgeRecallInput, SAID]
    ) -> AcknowledgeRecallPayload:
        await recalls.acknowledge(info.context.viewer, input.id)
        info.context.renew()
        return AcknowledgeRecallPayload(recall=await info.context.loaders.by_id("recall").load(input.id))


CHANGES = (*partners.COLUMNS, "is_suspended")


async def _oneself(info: Info, payload: Any) -> Any:  # noqa: ANN401 - a payload with a partner
    """The payload with the partner who asks, as it is now."""
    info.context.renew()
    asking = info.context.viewer.partner
    return payload(partner=await info.context.loaders.by_id("partner").load(asking.partner) if asking else None)


def _acceptance(said: ClaimPartnerInput | AcceptTermsInput) -> Acceptance:
    return Acceptance(said.terms_version, said.name, said.accepted)


def _link(info: Info, claim: Claimable) -> ClaimLink:
    address = URL(claim.address(info.context.site))
    return ClaimLink(token=claim.text, url=address, expires_at=claim.claim.expires_at)
