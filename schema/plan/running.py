"""Plans, kept beside their documents, and run: one statement, whose answer is sent as it comes."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson
from graphql import GraphQLError, GraphQLSchema, OperationType
from graphql.execution.values import VariableValues, get_variable_values

from api.accounts.viewer import ANONYMOUS
from api.errors import Refused, TooLong
from schema.plan.compiler import Compiler
from schema.plan.holes import Holes
from schema.plan.selection import Selection, Unplanned
from schema.plan.slots import Slot, shape

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence

    from graphql import DocumentNode, OperationDefinitionNode

    from api.accounts.viewer import Viewer
    from api.sql import Sql

    Fetch = Callable[[str, Sequence[Any]], Awaitable[bytes]]

MOST = 1_000
MOST_ASKED, LONGEST = 4_000, 1_000
"""Of how many questions the values are remembered, and how many bytes of variables a question may have for that."""

PLACES = re.compile(r"\?|\{site\}|\{nonce\}")
GOES_ROUND = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, UnicodeError)
"""What the database, or the way to it, may refuse: Strawberry meets the same and says what it is."""


@dataclass(frozen=True)
class Plan:
    """One statement and the values that it takes, some of which are known only when it is run."""

    text: str
    values: tuple[Any, ...]
    checks: tuple[Slot, ...]
    holes: bool

    def values_for(self, variables: Mapping[str, Any]) -> list[Any]:
        """The values for these variables; refuses a cursor that is not one."""
        for check in self.checks:
            check.value(variables)
        return [each.value(variables) if isinstance(each, Slot) else each for each in self.values]


@dataclass(frozen=True)
class Ready:
    """A plan with its values. The operation is held, for it is known by its place in memory."""

    operation: OperationDefinitionNode
    plan: Plan
    values: list[Any]


class Plans:
    """The plans of one schema, made once for each operation and shape of its variables; `fetch` runs a statement.

    `site` is the address of the clinic's site, `cursor_key` what seals cursors.
    """

    def __init__(self, schema: GraphQLSchema, fetch: Fetch, *, site: str, cursor_key: bytes) -> None:
        self.schema = schema
        self.fetch = fetch
        self.site = site
        self.cursor_key = cursor_key
        self.holes = Holes(cursor_key)
        self._asked: OrderedDict[tuple[int, bytes], Ready] = OrderedDict()
        self._made: OrderedDict[tuple[int, Hashable], tuple[OperationDefinitionNode, Plan | None]] = OrderedDict()

    async def answer(
        self, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any], viewer: Viewer
    ) -> bytes | None:
        """The `data` of the answer as JSON; None when it is to be found the long way. Raises TooLong."""
        if (viewer is not ANONYMOUS and viewer != ANONYMOUS) or operation.operation is not OperationType.QUERY:
            return None
        try:
            ready = self._ready(document, operation, variables)
            found = await self.fetch(ready.plan.text, ready.values)
        except TooLong:
            raise
        except asyncpg.QueryCanceledError as error:
            raise TooLong from error
        except (Unplanned, Refused, TypeError, *GOES_ROUND):
            return None
        return self.holes.fill(found) if ready.plan.holes else found

    def plan(self, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> Plan:
        """The plan for an operation with these variables, made anew; raises Unplanned with the reason."""
        _key, slotted = shape(self._coerced(operation, variables))
        return self._compile(document, operation, slotted)

    def _ready(self, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> Ready:
        """The plan and its values, remembered for the next who asks the same."""
        key = (id(operation), orjson.dumps(variables, option=orjson.OPT_SORT_KEYS) if variables else b"")
        remembered = self._asked
        found = remembered.get(key)
        if found:
            return found
        coerced = self._coerced(operation, variables)
        plan = self._plan(document, operation, coerced)
        ready = Ready(operation, plan, plan.values_for(coerced))
        if len(key[1]) <= LONGEST:
            self._asked[key] = ready
            if len(self._asked) > MOST_ASKED:
                self._asked.popitem(last=False)
        return ready

    def _coerced(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> dict[str, Any]:
        if not operation.variable_definitions:
            return {}
        found = get_variable_values(self.schema, operation.variable_definitions, dict(variables), max_errors=1)
        if isinstance(found, list):
            raise Unplanned("variables that are refused")
        return found.coerced

    def _plan(self, document: DocumentNode, operation: OperationDefinitionNode, coerced: dict[str, Any]) -> Plan:
        key, slotted = shape(coerced)
        place = (id(operation), key)
        if place in self._made:
            self._made.move_to_end(place)
        else:
            self._made[place] = (operation, self._tried(document, operation, slotted))
            if len(self._made) > MOST:
                self._made.popitem(last=False)
        plan = self._made[place][1]
        if plan is None:
            raise Unplanned("an operation that is known to be unplanned")
        return plan

    def _tried(
        self, document: DocumentNode, operation: OperationDefinitionNode, slotted: dict[str, Any]
    ) -> Plan | None:
        try:
            return self._compile(document, operation, slotted)
        except (Unplanned, Refused, GraphQLError, RecursionError):
            return None

    def _compile(self, document: DocumentNode, operation: OperationDefinitionNode, slotted: dict[str, Any]) -> Plan:
        asked = Selection(self.schema, document, VariableValues({}, slotted)).of(operation)
        compiler = Compiler(self.cursor_key)
        text, values = self._numbered(compiler.statement(asked))
        return Plan(text, values, tuple(compiler.checks), self.holes.nonce in values)

    def _numbered(self, statement: Sql) -> tuple[str, tuple[Any, ...]]:
        """The text with `$1`, `$2`, …; the site and the nonce are one value each, however often they stand there."""
        waiting, values = iter(statement.values), list[Any]()
        once = {"{site}": self.site, "{nonce}": self.holes.nonce}
        numbers: dict[str, int] = {}

        def number(place: re.Match[str]) -> str:
            mark = place[0]
            if mark not in numbers or mark == "?":
                values.append(next(waiting) if mark == "?" else once[mark])
                numbers[mark] = len(values)
            return f"${numbers[mark]}" + ("" if mark == "?" else "::text")

        return PLACES.sub(number, statement.text), tuple(values)
