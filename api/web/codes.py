"""The closed set of codes that top-level errors carry, and what each means in HTTP and in a sentence of last resort."""

from collections.abc import Mapping
from enum import StrEnum

from api.errors import Invalid, NotFound, Refused, Unavailable


class Code(StrEnum):
    """`extensions.code` of a top-level error; business refusals are `userErrors` and have codes of their own."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    BAD_CURSOR = "BAD_CURSOR"
    CURSOR_EXPIRED = "CURSOR_EXPIRED"
    NOT_FOUND = "NOT_FOUND"
    THROTTLED = "THROTTLED"
    COST_LIMIT_EXCEEDED = "COST_LIMIT_EXCEEDED"
    DEPTH_LIMIT_EXCEEDED = "DEPTH_LIMIT_EXCEEDED"
    PERSISTED_DOCUMENT_NOT_FOUND = "PERSISTED_DOCUMENT_NOT_FOUND"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


Codes = Mapping[type[Exception], Code]

REFUSALS: Codes = {
    Refused: Code.BAD_USER_INPUT,
    Invalid: Code.BAD_USER_INPUT,
    NotFound: Code.NOT_FOUND,
    Unavailable: Code.UNAVAILABLE,
}
SENTENCES: Mapping[Code, str] = {
    Code.UNAUTHENTICATED: "This needs a valid token: send it as Authorization: Bearer.",
    Code.FORBIDDEN: "This is not allowed for you.",
    Code.NOT_FOUND: "There is no such thing.",
    Code.THROTTLED: "Too many requests: wait a little and try again.",
    Code.UNAVAILABLE: "This cannot be answered right now: try again shortly.",
    Code.INTERNAL: "Something went wrong on our side: quote the errorId when you report it.",
}


def code_of(error: Exception, codes: Codes) -> Code:
    """Find the code of the nearest class that has one; whatever nobody expected is INTERNAL."""
    return next((codes[kind] for kind in type(error).__mro__ if kind in codes), Code.INTERNAL)


def sentence_of(error: Exception, code: Code) -> str:
    """Say what a client may read: a refusal's own sentence; of any other exception nothing but its code's sentence."""
    return error.message if isinstance(error, Refused) else SENTENCES.get(code, SENTENCES[Code.INTERNAL])
