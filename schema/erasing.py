"""The mutation that removes an article for good."""

from typing import Annotated

import strawberry
from pydantic import Field
from strawberry import ID, field

from api.publishing import erasing
from schema.context import Info
from schema.errors import UserError
from schema.inputs import KEY, SAID, VERSION, Id, Input, Key, Version
from schema.payloads import ERRORS, KEEP


@strawberry.pydantic.input(description="An article to remove for good. To take one down, use unpublishArticle.")
class EraseArticleInput(Input):
    id: Id = Field(description="The article.")
    expected_version: Version = Field(description=VERSION)
    reason: erasing.EraseReason = Field(description="Why it must go for good.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.type(description="The answer of eraseArticle.")
class EraseArticlePayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    erased_id: ID | None = field(
        default=None, description="The id of what is gone; no thing bears it again.", metadata={KEEP: True}
    )


@strawberry.type
class Erasing:
    @field(
        description="Removes an article for good, with its revisions, reviews, comments and addresses, because of "
        "personal data or the law; only that it was erased is kept, and whoever holds copies is told."
    )
    async def erase_article(
        self,
        info: Info,
        input: Annotated[EraseArticleInput, SAID],
    ) -> EraseArticlePayload:
        gone = await erasing.erase(input.id, input.expected_version, input.reason, info.context.acting())
        info.context.renew()
        return EraseArticlePayload(erased_id=ID(gone))
