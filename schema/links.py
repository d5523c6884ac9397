"""Mutations that make links for people without an account."""

from datetime import datetime
from typing import Annotated

import strawberry
from pydantic import Field
from strawberry import field

from api.publishing import links
from schema.context import Info
from schema.errors import UserError
from schema.inputs import KEY, SAID, Id, Input, Key
from schema.payloads import ERRORS, KEEP, ArticlePayload, answered
from schema.scalars import URL

Days = Annotated[int, Field(ge=1, le=links.LONGEST)]
DAYS = "For how many days it holds, 1 to 30."
ADDRESS = "The link. It is shown this once: null when the same idempotency key is sent again."


@strawberry.pydantic.input(description="A link to a draft, for whoever holds it.")
class CreatePreviewLinkInput(Input):
    id: Id = Field(description="The article.")
    days: Days = Field(7, description=DAYS)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="A link by which one practitioner may review the submitted draft, once.")
class CreateReviewLinkInput(Input):
    id: Id = Field(description="The article; its draft is in review.")
    practitioner: Id = Field(description="Who is to review it: no author of it, with a credential that is valid today.")
    days: Days = Field(14, description=DAYS)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.type(description="A link that was made.")
class LinkPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    url: URL | None = field(default=None, description=ADDRESS)
    expires_at: datetime | None = field(default=None, description="When it ceases to hold.", metadata={KEEP: True})


@strawberry.type(description="The answer of createPreviewLink.")
class CreatePreviewLinkPayload(LinkPayload):
    pass


@strawberry.pydantic.input(description="Whose preview links are to end.")
class RevokePreviewLinksInput(Input):
    id: Id = Field(description="The article.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.type(description="The answer of revokePreviewLinks.")
class RevokePreviewLinksPayload(ArticlePayload):
    pass


@strawberry.type(description="The answer of createReviewLink.")
class CreateReviewLinkPayload(LinkPayload):
    pass


@strawberry.type
class Links:
    @field(
        description="Makes a link that shows the draft, else what is live, to whoever holds it; it ends by itself, "
        "too, once that is neither, the article is taken down, or its maker may not see it any more."
    )
    async def create_preview_link(
        self,
        info: Info,
        input: Annotated[CreatePreviewLinkInput, SAID],
    ) -> CreatePreviewLinkPayload:
        made = await links.preview(input.id, input.days, info.context.secret, info.context.acting())
        return CreatePreviewLinkPayload(url=URL(made.url), expires_at=made.expires_at)

    @field(description="Ends every preview link of the article that was made until now.")
    async def revoke_preview_links(
        self,
        info: Info,
        input: Annotated[RevokePreviewLinksInput, SAID],
    ) -> RevokePreviewLinksPayload:
        article = await links.take_back(input.id, info.context.acting())
        return await answered(RevokePreviewLinksPayload, info, article)

    @field(
        description="Makes a link by which one practitioner, without an account, decides on the submitted draft, once."
    )
    async def create_review_link(
        self,
        info: Info,
        input: Annotated[CreateReviewLinkInput, SAID],
    ) -> CreateReviewLinkPayload:
        made = await links.review(input.id, input.practitioner, input.days, info.context.secret, info.context.acting())
        return CreateReviewLinkPayload(url=URL(made.url), expires_at=made.expires_at)
