"""What was asked: the body, counted while it is read, or the query string, in the one form that the endpoint knows."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive

from api.web.answers import Turned
from api.web.codes import Code

DOCUMENT_ID = re.compile(r"sha256:([0-9a-f]{64})")
DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_PARAMETERS = 20


class Gone(Exception):  # noqa: N818 - nobody is left to be told
    """The client went away before its request was complete."""


@dataclass(frozen=True)
class Asked:
    """One request: a document by its text, by its hash, or (Apollo's way) both, and what goes with it."""

    query: str | None = None
    digest: str | None = None
    apollo: bool = False
    operation_name: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)


async def read_body(receive: Receive, *, most: int, declared: bytes | None, seconds: float) -> bytes:
    """Read the whole body, of at most so many bytes and within so many seconds; stops reading at the limit."""
    if declared and declared.isdigit() and int(declared[:19]) > most:
        raise too_large(most, int(declared[:19]))
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Gone
                body += message.get("body", b"")
                if len(body) > most:
                    raise too_large(most)
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError as error:
        sentence = f"The request body did not arrive within {seconds:g} seconds: send it faster or send less."
        raise Turned(408, Code.BAD_USER_INPUT, sentence) from error


async def discard(receive: Receive, *, most: int, seconds: float) -> None:
    """Take in what a client is still sending after its answer, so that it gets to read it; never for long."""
    try:
        async with asyncio.timeout(seconds):
            while most > 0:
                message = await receive()
                most -= len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return
    except TimeoutError:
        return


def from_body(body: bytes) -> Asked:
    """Read the request in a JSON object."""
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise bad(f"The request body is not JSON: {_first_words(error)}.") from error
    if isinstance(content, list):
        raise bad("Send one operation in one request: a list of operations is not answered.")
    if not isinstance(content, dict):
        raise bad("The request body is not a JSON object with query or documentId.")
    return asked(content)


def from_query_string(query_string: bytes, *, most: int) -> Asked:
    """Read the request in the query string; variables and extensions are JSON texts there."""
    if len(query_string) > most:
        raise too_large(most, len(query_string))
    try:
        pairs = parse_qsl(
            query_string.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS
        )
    except ValueError as error:
        raise bad(f"The query string is not valid UTF-8 or has more than {MOST_PARAMETERS} parameters.") from error
    content: dict[str, object] = dict(pairs)
    if len(content) != len(pairs):
        raise bad("The query string names a parameter twice: give each one once.")
    for name in ("variables", "extensions"):
        if name in content:
            content[name] = _json_parameter(name, cast("str", content[name]))
    return asked(content)


def asked(content: Mapping[str, object]) -> Asked:
    """Check the types of the parameters that this endpoint knows; others are left alone."""
    query = _text(content, "query")
    extensions = _object(content, "extensions")
    digest, apollo = _digest(content, extensions, query)
    if query is None and digest is None:
        raise bad("There is nothing to run: send query or documentId.")
    return Asked(
        query=query,
        digest=digest,
        apollo=apollo,
        operation_name=_text(content, "operationName") or None,  # the specification: an empty one is none
        variables=_object(content, "variables"),
    )


def bad(sentence: str) -> Turned:
    return Turned(400, Code.BAD_USER_INPUT, sentence)


def too_large(most: int, sent: int | None = None) -> Turned:
    """Say so in words and in numbers; without `sent`, reading stopped at the limit."""
    count = "more" if sent is None else f"{sent:,}"
    sentence = f"The request is too large: at most {most:,} bytes are read and {count} were sent."
    told = {"limit": "bytes", "maximum": most, "asked": sent or count}
    return Turned(413, Code.PAYLOAD_TOO_LARGE, sentence, extensions=told)


def _digest(content: Mapping[str, object], extensions: dict[str, Any], query: str | None) -> tuple[str | None, bool]:
    document_id = _text(content, "documentId")
    persisted = _object(extensions, "persistedQuery", "extensions.persistedQuery") or None
    if document_id is not None:
        found = DOCUMENT_ID.fullmatch(document_id)
        if not found or query is not None or persisted:
            raise bad("Give documentId alone, as sha256: and the 64 hexadecimal digits of the document's hash.")
        return found[1], False
    if persisted is None:
        return None, False
    digest = persisted.get("sha256Hash")
    if persisted.get("version") != 1 or not isinstance(digest, str) or not DIGEST.fullmatch(digest):
        raise bad("extensions.persistedQuery has version 1 and sha256Hash, 64 hexadecimal digits.")
    return digest, True


def _text(content: Mapping[str, object], name: str) -> str | None:
    value = content.get(name)
    if value is not None and not isinstance(value, str):
        raise bad(f"{name} is not a text.")
    return value


def _object(content: Mapping[str, object], name: str, shown: str = "") -> dict[str, Any]:
    value = content.get(name)
    if value is not None and not isinstance(value, dict):
        raise bad(f"{shown or name} is not a JSON object.")
    return value or {}


def _json_parameter(name: str, text: str) -> object:
    try:
        return cast("object", orjson.loads(text))
    except orjson.JSONDecodeError as error:
        raise bad(f"{name} is not JSON: {_first_words(error)}.") from error


def _first_words(error: orjson.JSONDecodeError) -> str:
    return str(error).partition(":")[0]
