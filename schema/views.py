"""Counting readers: what the clinic's site sends, and what editors see of it."""

from datetime import date, datetime
from typing import Annotated

import strawberry
from pydantic import Field
from strawberry import field

from api import views
from schema.context import Info
from schema.errors import UserError
from schema.inputs import KEY, SAID, Input, Key
from schema.node import made_from
from schema.payloads import ERRORS


@strawberry.pydantic.input(description="Readers of one article.")
class SeenInput(Input):
    slug: str = Field(description="The article's slug.")
    keys: list[str] = Field(description="The key of each reader: 16 bytes of an HMAC under the day's salt, base64url.")


@strawberry.pydantic.input(description="What the clinic's site has counted; an empty list asks for the day's salt.")
class RecordViewsInput(Input):
    day: date | None = Field(None, description="The day under whose salt the keys were made; needed with keys.")
    seen: list[SeenInput] = Field(description=f"Up to {views.MOST_KEYS:,} keys in all.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.type(description="The day by which the site counts.")
class ViewDay:
    is_type_of = made_from(views.ViewDay)

    day: date = field(description="The day (UTC).")
    salt: str = field(description="The day's salt, base64url; it is destroyed when the day is counted.")
    until: datetime = field(description="From then on ask for the next.")


@strawberry.type(description="The answer of recordViews.")
class RecordViewsPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    recorded: int | None = field(default=None, description="How many were new.")
    counting: ViewDay | None = field(default=None, description="The day that it is now.")


@strawberry.type(description="How often an article was read on a day.")
class DayViews:
    is_type_of = made_from(views.ViewCount)

    day: date = field(description="The day (UTC).")
    views: int = field(description="Visitors: each counts once a day.")


@strawberry.type
class Viewing:
    @field(
        description="Counts readers without knowing anybody; for the clinic's own site, which signs its calls. "
        "The answer has the salt of the day."
    )
    async def record_views(self, info: Info, input: Annotated[RecordViewsInput, SAID]) -> RecordViewsPayload:
        here, counted = info.context.from_site, 0
        counting = await views.day(from_site=here)
        seen = [views.Seen(each.slug, each.keys) for each in input.seen]
        if input.day is not None or seen:
            counted = await views.record(input.day or counting.day, seen, from_site=here)
        return RecordViewsPayload(recorded=counted, counting=counting)  # type: ignore[arg-type] # made from the room's
