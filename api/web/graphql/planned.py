"""The shorter way to an answer: what the endpoint must know of plans, which the composition root hands in."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from graphql import DocumentNode, OperationDefinitionNode

from api.web.bearer import Viewer

Planned = Callable[[DocumentNode, OperationDefinitionNode, Mapping[str, Any], Viewer], Awaitable[bytes | None]]
"""The `data` of an operation as JSON; None where it is to be executed."""


async def unplanned(
    _document: DocumentNode, _operation: OperationDefinitionNode, _variables: Mapping[str, Any], _viewer: Viewer
) -> bytes | None:
    """Nothing is planned: every operation is executed."""
    return None
