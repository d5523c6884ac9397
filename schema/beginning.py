"""How far a new clinic has come."""

import strawberry
from strawberry import field

from api import beginning
from schema.node import made_from


@strawberry.type(description="The first steps of a new clinic, and which of them are done.")
class Beginning:
    is_type_of = made_from(beginning.Beginning)

    has_admin: bool = field(description="Whether an admin can sign in.")
    has_clinic: bool = field(description="Whether the clinic has a name.")
    has_practitioner: bool = field(description="Whether there is a practitioner, published or not.")
    has_text: bool = field(description="Whether there is an article, written or imported, in whatever state.")


@strawberry.type
class Beginnings:
    @field(description="The first steps of a new clinic; null as soon as it has published an article.")
    @staticmethod
    async def beginning() -> Beginning | None:
        return await beginning.steps()  # type: ignore[return-value] # made from the room's
