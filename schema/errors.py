"""Refusals as clients see them: a code of a closed set, the field meant, and one sentence that says what to do."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry
from strawberry import field
from strawberry.pydantic import InputValidationError

from api import errors
from api.errors import Refused


@strawberry.enum(description="Why a mutation was refused.")
class ErrorCode(Enum):
    CONFLICT = strawberry.enum_value(
        "CONFLICT", description="Somebody else changed it first; the payload holds the current one."
    )
    IDEMPOTENCY_MISMATCH = strawberry.enum_value(
        "IDEMPOTENCY_MISMATCH", description="The key was used for another input."
    )
    INVALID = strawberry.enum_value("INVALID", description="The input cannot be what it claims to be.")
    NOT_FOUND = strawberry.enum_value("NOT_FOUND", description="There is no such thing for this viewer.")
    BLOCKED = strawberry.enum_value("BLOCKED", description="The publish gate blocks; see the report.")
    WRONG_STAGE = strawberry.enum_value("WRONG_STAGE", description="The draft's stage does not allow it.")
    SCHEDULED = strawberry.enum_value("SCHEDULED", description="It is scheduled; cancel the schedule first.")
    SLUG_TAKEN = strawberry.enum_value("SLUG_TAKEN", description="The address belongs to something else.")
    IN_USE = strawberry.enum_value("IN_USE", description="Something refers to it; the message lists what.")
    NOT_INDEPENDENT = strawberry.enum_value("NOT_INDEPENDENT", description="The reviewer may not review this.")
    RATE_LIMITED = strawberry.enum_value("RATE_LIMITED", description="Too many tries; wait a little.")


@strawberry.type(description="A refusal: nothing was changed.")
class UserError:
    code: ErrorCode = field(description="Why.")
    message: str = field(description="One plain sentence that says what to do.")
    path: strawberry.Private[tuple[str, ...]] = ()

    @field(description='Where in the input, such as `["title"]`; null when the whole is meant.', name="field")
    def where(self) -> list[str] | None:
        return list(self.path) or None


CODES: Mapping[type[Refused], ErrorCode] = {
    Refused: ErrorCode.INVALID,
    errors.NotFound: ErrorCode.NOT_FOUND,
    errors.Conflict: ErrorCode.CONFLICT,
    errors.KeyMismatch: ErrorCode.IDEMPOTENCY_MISMATCH,
    errors.Blocked: ErrorCode.BLOCKED,
    errors.WrongStage: ErrorCode.WRONG_STAGE,
    errors.Scheduled: ErrorCode.SCHEDULED,
    errors.SlugTaken: ErrorCode.SLUG_TAKEN,
    errors.InUse: ErrorCode.IN_USE,
    errors.NotIndependent: ErrorCode.NOT_INDEPENDENT,
    errors.RateLimited: ErrorCode.RATE_LIMITED,
}


def user_errors(error: Refused | InputValidationError) -> list[UserError]:
    """What a client is told of a refusal; of input that pydantic refused, one for each field."""
    if isinstance(error, InputValidationError):
        return [_of_input(detail) for detail in error.errors]
    code = next(CODES[kind] for kind in type(error).__mro__ if kind in CODES)
    return [UserError(code=code, message=error.message, path=tuple(camel(step) for step in error.path))]


def camel(name: str | int) -> str:
    """A field's name as GraphQL has it."""
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), str(name))


def _of_input(detail: Any) -> UserError:  # noqa: ANN401 - Strawberry's own detail
    path = tuple(camel(step) for step in detail.location[1:])
    return UserError(code=ErrorCode.INVALID, message=_sentence(detail, path), path=path)


def _sentence(detail: Any, path: tuple[str, ...]) -> str:  # noqa: ANN401 - as above
    name = path[-1] if path else "The input"
    limit = next(iter(re.findall(r"-?\d+", detail.message)), "")
    said = {
        "string_too_long": f"{name} is too long: give up to {limit} characters.",
        "string_too_short": f"{name} is empty: say something.",
        "string_type": f"{name} cannot be null: leave it out to keep it as it is.",
        "too_long": f"{name} has too many entries: give up to {limit}.",
        "greater_than_equal": f"{name} is too small: give {limit} or more.",
        "less_than_equal": f"{name} is too large: give {limit} or less.",
        "string_pattern_mismatch": f"{name} has a form that is not understood: see its description.",
    }
    return said.get(detail.type, f"{name} is not valid: {detail.message[:1].lower()}{detail.message[1:].rstrip('.')}.")
