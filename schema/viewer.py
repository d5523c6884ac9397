"""Who is asking."""

import strawberry
from strawberry import Parent, field

from api.accounts import viewer
from api.accounts.viewer import Role


@strawberry.type(description="Who is asking.")
class Viewer:
    is_authenticated: bool = field(description="Whether a token was sent that holds.")
    display_name: str | None = field(description="The member's name; null for anybody else.")

    @field(description="The roles of the member, with those that they include, in the order of the enum.")
    @staticmethod
    def roles(asking: Parent[viewer.Viewer]) -> list[Role]:
        return [role for role in Role if role in asking.roles]
