"""What a client may read of an error, and what only the log has.

Shown are a client's own mistakes, refusals with a sentence of their own, and errors that somebody gave a code on
purpose. Everything else, exception texts included, becomes INTERNAL with an `errorId` under which the log has it.
"""

import secrets
from collections.abc import Sequence
from typing import Any

import structlog
from graphql import GraphQLError

from api.errors import Refused
from api.web.codes import SENTENCES, Code, Codes, code_of, sentence_of

LONGEST = 500
"""Characters of a message; graphql-core repeats what it was sent, at any length."""
MOST_PLACES = 5
"""Of one error: graphql-core names a place for each of thousands of fields."""
FAULTS = frozenset({Code.INTERNAL, Code.UNAVAILABLE})

log = structlog.get_logger(__name__)


def format_all(errors: Sequence[GraphQLError], codes: Codes, operation: str | None) -> list[dict[str, Any]]:
    """Make the `errors` entry of a response; what must not be shown is logged under its id."""
    return [_format(error, codes, operation) for error in errors]


def masked(error: BaseException, operation: str | None, path: object = None) -> dict[str, Any]:
    """Log an error whose text stays with us, and return the extensions that stand for it."""
    error_id = secrets.token_hex(8)
    log.error("request_failed", error_id=error_id, operation=operation, path=path, exc_info=error)
    return {"code": Code.INTERNAL, "errorId": error_id}


def _format(error: GraphQLError, codes: Codes, operation: str | None) -> dict[str, Any]:
    message, extensions = _shown(error, codes, operation)
    entry: dict[str, Any] = {"message": message}
    if error.locations:
        entry["locations"] = [{"line": one.line, "column": one.column} for one in error.locations]
    if error.path:
        entry["path"] = error.path
    return {**entry, "extensions": extensions}


def _shown(error: GraphQLError, codes: Codes, operation: str | None) -> tuple[str, dict[str, Any]]:
    if error.extensions and error.extensions.get("code") in Code.__members__:
        return error.message, dict(error.extensions)
    found = origin(error)
    if _is_mistake(error):
        return _sentence(error.message, found), {"code": Code.BAD_USER_INPUT}
    code = code_of(found, codes)
    if code is Code.INTERNAL:
        return SENTENCES[code], masked(found, operation, error.path)
    if code in FAULTS:
        log.warning("request_unavailable", operation=operation, path=error.path, exc_info=found)
    return sentence_of(found, code), {"code": code}


def bare(error: GraphQLError) -> GraphQLError:
    """What is told of a document's error: without its tree, its text and its cause, and no longer than is shown."""
    found = origin(error)
    short = GraphQLError(
        _plain(error.message, found),
        extensions=error.extensions,
        original_error=found.with_traceback(None) if isinstance(found, Refused) else None,
    )
    short.locations = error.locations and error.locations[:MOST_PLACES]
    return short


def origin(error: GraphQLError) -> Exception:
    """Find the exception at the bottom; graphql-core wraps what it caught, sometimes twice."""
    found: Exception = error
    while isinstance(found, GraphQLError) and found.original_error is not None:
        found = found.original_error
    return found


def _is_mistake(error: GraphQLError) -> bool:
    """Whether the request itself is wrong: found before anything ran, or in an argument once variables were known."""
    if error.path is None:
        return True
    raised = error.original_error
    return isinstance(raised, GraphQLError) and bool(raised.nodes)


def _sentence(message: str, origin: Exception) -> str:
    """Set a scalar's refusal, which is meant to be read, at the end; cut the text of any other exception out."""
    plain = _plain(message, origin)
    return f"{plain} {origin.message}" if isinstance(origin, Refused) else plain


def _plain(message: str, origin: Exception) -> str:
    if isinstance(origin, GraphQLError):
        return _shortened(message)
    return _shortened(message.replace(f", but encountered error '{origin}'; found", ", found"))


def _shortened(message: str) -> str:
    return message if len(message) <= LONGEST else message[: LONGEST - 1] + "…"
