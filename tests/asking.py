"""Asks the schema as the edge does, and counts the statements that an answer takes."""

import logging
import sys
from inspect import isawaitable
from pathlib import Path
from typing import Any, Self

from graphql import DocumentNode, execute, parse

from api.accounts.viewer import ANONYMOUS, Viewer
from api.paging import BadCursor
from api.syndication.log import CursorExpired
from api.web.codes import REFUSALS, Code
from api.web.graphql.errors import format_all
from schema.context import Context
from schema.root import schema

SITE = "https://clinic.example"
API = "https://api.clinic.example"
KEY = b"k" * 32
CODES = {**REFUSALS, BadCursor: Code.BAD_CURSOR, CursorExpired: Code.CURSOR_EXPIRED}
ROOT = Path(__file__).parents[1]


async def answer(document: str, viewer: Viewer = ANONYMOUS, **variables: Any) -> Any:
    """Execute a document; the result with its data and errors."""
    context = Context(viewer, SITE, API, KEY)
    return await schema.execute(document, variable_values=variables, context_value=context)


async def ask(document: str, viewer: Viewer = ANONYMOUS, **variables: Any) -> Any:
    """The data of a document that has no errors."""
    result = await answer(document, viewer, **variables)
    assert not result.errors, [error.original_error or error for error in result.errors]
    return result.data


async def crawl(document: str | DocumentNode, viewer: Viewer = ANONYMOUS, **variables: Any) -> Any:
    """The same for a document that was made from the schema: it is not validated, which would take longer than it."""
    node = parse(document) if isinstance(document, str) else document
    found = execute(schema._schema, node, context_value=Context(viewer, SITE, API, KEY), variable_values=variables)
    result = await found if isawaitable(found) else found
    assert not result.errors, [error.original_error or error for error in result.errors]
    return result.data


async def refusal(document: str, viewer: Viewer = ANONYMOUS, **variables: Any) -> Code:
    """The code with which a document is refused."""
    result = await answer(document, viewer, **variables)
    assert result.errors, result.data
    (code,) = {error["extensions"]["code"] for error in format_all(result.errors, CODES, None)}
    return Code(code)


class Statements(logging.Handler):
    """The statements that are sent to the database within a `with`, and the module that asked for each."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.sent: list[str] = []
        self.askers: list[str] = []
        self._log = logging.getLogger("tortoise.db_client")

    def __len__(self) -> int:
        return len(self.sent)

    def __enter__(self) -> Self:
        self._before = self._log.level, self._log.propagate
        self._log.setLevel(logging.DEBUG)
        self._log.propagate = False
        self._log.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._log.removeHandler(self)
        self._log.setLevel(self._before[0])
        self._log.propagate = self._before[1]

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg == "%s: %s":
            self.sent.append(str(record.args[0]))  # type: ignore[index]
            self.askers.append(_asker())


async def cost(document: str, viewer: Viewer = ANONYMOUS, **variables: Any) -> int:
    """How many statements an answer takes."""
    with Statements() as statements:
        await ask(document, viewer, **variables)
    return len(statements)


def _asker() -> str:
    """The nearest module of ours on the way to the driver."""
    frame = sys._getframe()
    while frame:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in {"api", "schema"}:
            return str(path.relative_to(ROOT))
        frame = frame.f_back
    return "?"
