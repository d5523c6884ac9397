"""The mutation of what is said of a picture."""

from typing import Annotated

import strawberry
from pydantic import Field
from strawberry import Maybe, field

from api.media.editing import Sent
from api.media.words import LONGEST, FocalPoint
from api.publishing import catalogue
from schema.context import Info
from schema.errors import UserError
from schema.inputs import KEY, SAID, VERSION, Id, Input, Key, Version
from schema.media import MediaAsset
from schema.payloads import ERRORS

Share = Annotated[float, Field(ge=0, le=1)]


@strawberry.pydantic.input(description="What must stay in view when a picture is cropped.")
class FocalPointInput(Input):
    x: Share = Field(description="From 0 (left) to 1 (right).")
    y: Share = Field(description="From 0 (top) to 1 (bottom).")


@strawberry.pydantic.input(description="A change to what is said of a picture. What is absent stays; null clears.")
class UpdateMediaAssetInput(Input):
    id: Id = Field(description="The picture, `med_…`.")
    expected_version: Version = Field(description=VERSION)
    alt: Maybe[str | None] = Field(
        None, description=f"What it shows, up to {LONGEST['alt']} characters; a picture has this or is decorative."
    )
    decorative: Maybe[bool] = Field(None, description="Whether it says nothing that the text does not.")
    caption: Maybe[str | None] = Field(None, description=f"The caption, up to {LONGEST['caption']} characters.")
    credit: Maybe[str | None] = Field(None, description=f"Who made it, up to {LONGEST['credit']} characters.")
    licence: Maybe[str | None] = Field(
        None, description=f"Under which licence it may be shown elsewhere, up to {LONGEST['licence']} characters."
    )
    focal_point: Maybe[FocalPointInput | None] = Field(None, description="What must stay in view.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.type(description="The answer of updateMediaAsset.")
class UpdateMediaAssetPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    media_asset: MediaAsset | None = field(
        default=None, description="The picture as it is now; with CONFLICT the current one."
    )


@strawberry.type
class Describing:
    @field(description="Changes what is said of a picture; the texts that show it follow.")
    async def update_media_asset(
        self,
        info: Info,
        input: Annotated[UpdateMediaAssetInput, SAID],
    ) -> UpdateMediaAssetPayload:
        doing = info.context.acting()
        await catalogue.describe(input.id, input.expected_version, _sent(input), doing)
        info.context.renew()
        return UpdateMediaAssetPayload(media_asset=await info.context.loaders.by_id("media").load(input.id))


def _sent(said: UpdateMediaAssetInput) -> Sent:
    sent: Sent = {}
    if said.alt is not None:
        sent["alt"] = said.alt.value
    if said.decorative is not None:
        sent["decorative"] = said.decorative.value
    if said.caption is not None:
        sent["caption"] = said.caption.value
    if said.credit is not None:
        sent["credit"] = said.credit.value
    if said.licence is not None:
        sent["licence"] = said.licence.value
    if said.focal_point is not None:
        point = said.focal_point.value
        sent["focal_point"] = FocalPoint(point.x, point.y) if point else None
    return sent
