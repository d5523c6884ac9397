"""What is noted of one request on its way, for the log, the counts and the trace: it travels in the ASGI scope.

Every value is of a small, closed set or a number, but the operation's name, which only the log and the trace have.
"""

import random
import re
import time
from dataclasses import dataclass, field

from starlette.types import Scope

PLAIN = re.compile(rb"[A-Za-z0-9._-]{8,64}")
"""A request's id as others make them: a UUID, a number in hexadecimal."""
STREAM = "stream"
"""What is open for as long as its client listens: its time says nothing."""
PLACES = {"graphql": "graphql", "media": "media", "feeds": "feed", "websub": "feed", "sitemap.xml": "feed"} | (
    {"oembed": "embed", "embed": "embed", "metrics": "inside", "healthz": "inside", "readyz": "inside"}
    | {"moderation": STREAM}
)
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


@dataclass
class Notes:
    """What the endpoint tells of a request.

    `temperature`: hot when bytes that were kept were sent, cold when one statement made the answer, fallback when
    resolvers did, none where nothing was run.
    """

    request_id: str
    kind: str = "other"
    temperature: str = "none"
    operation: str | None = None
    cost: int | None = None
    traceparent: bytes = b""
    began: float = field(default_factory=time.perf_counter)


def begin(scope: Scope) -> Notes:
    """Open the notes of a request; an id that came with it is kept when it is plain."""
    identity = traceparent = b""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            identity = value
        elif name == b"traceparent":
            traceparent = value
    path = scope["path"]
    place = "graphql" if path == "/graphql" else PLACES.get(path.lstrip("/").partition("/")[0], "other")
    notes = Notes(identity_of(identity).decode(), place, traceparent=traceparent)
    scope.setdefault("state", {})["notes"] = notes
    return notes


def identity_of(said: bytes) -> bytes:
    """The id that a client gave, when it is plain; else a new one, which is no secret."""
    if said and PLAIN.fullmatch(said):
        return said
    return b"%016x" % random.getrandbits(64)  # asking the system takes three times as long


def of(scope: Scope) -> Notes:
    """The notes of this request; passing ones where nobody opened any."""
    found = scope.get("state", {}).get("notes")
    return found if isinstance(found, Notes) else Notes("")
