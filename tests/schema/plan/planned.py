"""Answers a document both ways: by its plan, and by Strawberry, which is always right."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from graphql import OperationDefinitionNode, parse, validate

from api.accounts.viewer import ANONYMOUS, Viewer
from api.readers import Readers
from schema.plan import Plans
from schema.root import schema
from tests.asking import KEY, SITE, answer

SCHEMA = schema._schema


class Both:
    """Plans over a database, with the statements that they sent."""

    def __init__(self, readers: Readers) -> None:
        self.sent: list[str] = []
        self.readers = readers
        self.plans = Plans(SCHEMA, self._fetch, site=SITE, cursor_key=KEY)

    async def _fetch(self, statement: str, values: Any) -> bytes:
        self.sent.append(statement)
        return await self.readers.fetch(statement, values)

    async def planned(self, document: str, viewer: Viewer = ANONYMOUS, **variables: Any) -> bytes | None:
        parsed = parse(document)
        invalid = validate(SCHEMA, parsed)
        assert not invalid, invalid
        return await self.plans.answer(parsed, operation(parsed), variables, viewer)

    async def unchecked(self, document: str) -> bytes | None:
        """The same for a document that need not be valid."""
        parsed = parse(document)
        return await self.plans.answer(parsed, operation(parsed), {}, ANONYMOUS)

    async def agree(self, document: str, **variables: Any) -> Any:
        """The answer, which must be planned, and the same both ways down to the order of its keys."""
        self.sent.clear()
        found = await self.planned(document, **variables)
        assert found is not None, why(self.plans, document, variables)
        assert len(self.sent) == 1
        expected = await answer(document, **variables)
        assert not expected.errors, expected.errors
        assert in_order(orjson.loads(found)) == in_order(orjson.loads(orjson.dumps(expected.data)))
        return orjson.loads(found)


@asynccontextmanager
async def both(url: str) -> AsyncIterator[Both]:
    readers = Readers(url, most=2)
    await readers.open()
    try:
        yield Both(readers)
    finally:
        await readers.close()


def operation(document: Any) -> OperationDefinitionNode:
    return next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))


def why(plans: Plans, document: str, variables: dict[str, Any]) -> str:
    """Why there is no plan; or its statement, which the database refused."""
    parsed = parse(document)
    return plans.plan(parsed, operation(parsed), variables).text


def in_order(value: Any) -> Any:
    """The value with its objects as lists of pairs, so that the order of keys counts."""
    if isinstance(value, dict):
        return [(key, in_order(each)) for key, each in value.items()]
    return [in_order(each) for each in value] if isinstance(value, list) else value
