"""Running a prepared document within its time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, TypeGuard, cast

from graphql import DocumentNode, ExecutionResult, GraphQLError, execute
from strawberry import Schema
from strawberry.execution.is_awaitable import optimized_is_awaitable

from api.web.answers import Turned
from api.web.bearer import Viewer
from api.web.callers import Caller
from api.web.codes import Code
from api.web.graphql.limits import Limits


@dataclass(frozen=True)
class Asker:
    """Who asks, and from where: all that a resolver may know of the request."""

    viewer: Viewer
    caller: Caller
    told: set[str] = field(default_factory=set)
    """What resolvers tell of the answer: `no-store` when it is for this one asking."""


IsAwaitable = Callable[[Any], TypeGuard[Awaitable[Any]]]
MakeContext = Callable[[Asker], object]
"""The context of one operation, as the schema's resolvers expect it."""


@dataclass(frozen=True)
class Execution:
    """Runs documents of one schema."""

    schema: Schema
    make_context: MakeContext

    def __post_init__(self) -> None:
        if self.schema.extensions:
            raise TypeError("The endpoint parses, validates and masks by itself and runs no schema extensions.")

    async def run(
        self,
        document: DocumentNode,
        *,
        operation_name: str | None,
        variables: Mapping[str, Any],
        asker: Asker,
        limits: Limits,
    ) -> ExecutionResult:
        try:
            async with asyncio.timeout(limits.seconds) as deadline:
                return await self._run(document, operation_name, dict(variables), self.make_context(asker))
        except TimeoutError as error:
            if not deadline.expired():
                raise
            raise _too_long(limits) from error
        except RecursionError:
            return ExecutionResult(None, [GraphQLError("The variables are nested too deeply.")])

    async def _run(
        self, document: DocumentNode, operation_name: str | None, variables: dict[str, Any], context: object
    ) -> ExecutionResult:
        """As Strawberry's own `Schema.execute` does it, with a document that is parsed and validated already."""
        result = execute(
            self.schema._schema,  # noqa: SLF001 - the only door to a parsed document
            document,
            context_value=context,
            variable_values=variables,
            operation_name=operation_name,
            executor_class=self.schema.execution_context_class,
            is_awaitable=cast("IsAwaitable", optimized_is_awaitable),
            operation_extensions=None,
        )
        return await result if isawaitable(result) else result


def _too_long(limits: Limits) -> Turned:
    sentence = (
        f"This took longer than {limits.seconds:g} seconds, which is all that is given {limits.who}: ask for less."
    )
    extensions = {"limit": "seconds", "maximum": limits.seconds}
    return Turned(503, Code.UNAVAILABLE, sentence, headers=[(b"retry-after", b"5")], extensions=extensions)
