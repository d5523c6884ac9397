"""Running a prepared document within its time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, TypeGuard, cast

import orjson
from graphql import DocumentNode, ExecutionResult, GraphQLError, execute
from strawberry import Schema
from strawberry.execution.is_awaitable import optimized_is_awaitable

from api.errors import TooLong
from api.web.answers import Turned
from api.web.bearer import Viewer
from api.web.callers import Caller
from api.web.codes import Code
from api.web.graphql.costs import Variables
from api.web.graphql.documents import Operation
from api.web.graphql.limits import Limits
from api.web.graphql.planned import Planned, unplanned


@dataclass(frozen=True)
class Asker:
    """Who asks, and from where: all that a resolver may know of the request."""

    viewer: Viewer
    caller: Caller
    told: set[str] = field(default_factory=set)
    """What resolvers tell of the answer: `no-store` when it is for this one asking."""


@dataclass(frozen=True)
class Question:
    """One operation that is to run, and all that its answer depends on."""

    document: DocumentNode
    operation: Operation
    digest: str
    variables: Variables
    asker: Asker
    limits: Limits


RETRY = (b"retry-after", b"5")
IsAwaitable = Callable[[Any], TypeGuard[Awaitable[Any]]]
MakeContext = Callable[[Asker], object]
"""The context of one operation, as the schema's resolvers expect it."""


@dataclass(frozen=True)
class Execution:
    """Runs documents of one schema."""

    schema: Schema
    make_context: MakeContext
    be_patient: Callable[[float], object] = lambda _seconds: None
    """Tells the database how many seconds one statement may take for what is being answered."""
    plan: Planned = unplanned
    """Has no more time than one statement, which it sees to by itself."""

    def __post_init__(self) -> None:
        if self.schema.extensions:
            raise TypeError("The endpoint parses, validates and masks by itself and runs no schema extensions.")

    async def run(self, question: Question) -> ExecutionResult:
        limits = question.limits
        until = asyncio.get_running_loop().time() + limits.seconds
        self.be_patient(limits.statement_seconds)
        try:
            # One statement is given up by whoever asks the database; one more timer would cost as much as sending it.
            return await self._planned(question) or await self._run(question, until)
        except RecursionError:
            return ExecutionResult(None, [GraphQLError("The variables are nested too deeply.")])

    async def _planned(self, question: Question) -> ExecutionResult | None:
        """The shorter way: `data` is JSON already then."""
        if question.operation.introspects:
            return None
        node, viewer = question.operation.node, question.asker.viewer
        try:
            data = await self.plan(question.document, node, question.variables, viewer)
        except TooLong as error:
            raise Turned(503, Code.UNAVAILABLE, error.message, headers=[RETRY]) from error
        return None if data is None else ExecutionResult(orjson.Fragment(data))  # type: ignore[arg-type]

    async def _run(self, question: Question, until: float) -> ExecutionResult:
        """The result, unless it takes too long; `until` by the loop's clock."""
        try:
            async with asyncio.timeout_at(until) as deadline:
                return await self._executed(question)
        except TimeoutError as error:
            if not deadline.expired():
                raise
            raise _too_long(question.limits) from error

    async def _executed(self, question: Question) -> ExecutionResult:
        """As Strawberry's own `Schema.execute` does it, with a document that is parsed and validated already."""
        result = execute(
            self.schema._schema,  # noqa: SLF001 - the only door to a parsed document
            question.document,
            context_value=self.make_context(question.asker),
            variable_values=dict(question.variables),
            operation_name=question.operation.name,
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
    return Turned(503, Code.UNAVAILABLE, sentence, headers=[RETRY], extensions=extensions)
