"""Pieces that many inputs share."""

from typing import Annotated

import strawberry
from pydantic import BaseModel, ConfigDict, Field
from strawberry import ID

Id = Annotated[ID, Field(max_length=40)]
Ids = Annotated[list[ID], Field(max_length=50)]
Key = Annotated[str, Field(min_length=1, max_length=200)] | None
Version = Annotated[int, Field(ge=1)]
KEY = "Send the same key again to repeat the call without acting twice; kept for 24 hours."
VERSION = "The version that you read; a stale one changes nothing and is answered with the current article."
SAID = strawberry.argument(description="What to do.")


class Input(BaseModel):
    """What a mutation is given; pydantic makes ready for it when the first one comes (decision 072)."""

    model_config = ConfigDict(defer_build=True)
