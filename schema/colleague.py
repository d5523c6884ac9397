"""Members as their colleagues see them: by name, and no more."""

import strawberry
from strawberry import ID, field

from api.accounts.models import Member
from schema.context import Info
from schema.node import made_from


@strawberry.type(description="A member as colleagues see them: a name, and no more.")
class Colleague:
    is_type_of = made_from(Member)

    id: ID = field(description="The member's id, `mbr_…`.")
    display_name: str = field(description="How colleagues call them.")


async def colleague(info: Info, member: str | None) -> Colleague | None:
    """The member by id, for those who work here; None for everybody else."""
    viewer = info.context.viewer
    if member is None or viewer.member is None or not (viewer.sees_drafts or viewer.sees_own_drafts):
        return None
    row: Colleague | None = await info.context.loaders.colleagues.load(member)
    return row
