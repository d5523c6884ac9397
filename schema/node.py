"""The interface of everything that has an id of its own."""

from typing import Any

import strawberry


@strawberry.interface(description="Something with an id that stays: one opaque string, `<type>_<26 characters>`.")
class Node:
    id: strawberry.ID = strawberry.field(
        description="The id, the same in documents, feeds, webhooks and on the command line."
    )


def made_from(row: type) -> Any:  # noqa: ANN401 - a class method that Strawberry looks for by name
    """The `is_type_of` of a GraphQL type whose objects are these rows."""

    def is_type_of(_cls: type, value: object, _info: object) -> bool:
        return isinstance(value, row)

    return classmethod(is_type_of)
