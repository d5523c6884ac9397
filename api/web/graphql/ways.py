"""Committed operations that were asked for in exactly this way before: what was read, prepared and priced then.

Only GETs without a token lead here, whose whole question is the query string; who asks is looked at each time.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

from starlette.types import Scope

from api.web.graphql.execution import Asker, Question
from api.web.graphql.limits import Limits
from api.web.graphql.negotiation import Media

MOST = 1_000
LONGEST = 2_000
"""Bytes of a query string that is remembered; the documents of these are kept for good anyway."""
CLOSER = frozenset({b"authorization", b"content-length", b"transfer-encoding"})

Spelling = tuple[bytes, bytes]


@dataclass(frozen=True)
class Way:
    """One way of asking: the form of its answer, the question, what it costs, and the tags of its answer."""

    media: Media
    question: Question
    cost: int
    tags: bytes

    def asked_by(self, asker: Asker, limits: Limits) -> Question:
        """The same question, asked by somebody else."""
        known = self.question
        return Question(known.document, known.operation, known.digest, known.variables, asker, limits)


@dataclass
class Ways:
    """What is remembered, the oldest of which goes first."""

    most: int = MOST
    _known: OrderedDict[Spelling, Way] = field(default_factory=OrderedDict)

    def __len__(self) -> int:
        return len(self._known)

    def find(self, scope: Scope) -> Way | None:
        """What was asked in exactly this way before."""
        spelling = _spelling(scope)
        return self._known.get(spelling) if spelling else None

    def keep(self, scope: Scope, way: Way) -> None:
        """Remember a question that was understood."""
        if spelling := _spelling(scope):
            self._known[spelling] = way
            if len(self._known) > self.most:
                self._known.popitem(last=False)


def _spelling(scope: Scope) -> Spelling | None:
    """How a GET without a token and without a body asks; None for whatever must be read more closely."""
    asked, accept = scope["query_string"], b""
    if scope["method"] != "GET" or not 0 < len(asked) <= LONGEST:
        return None
    for name, value in scope["headers"]:
        if name in CLOSER:
            return None
        if name == b"accept":
            accept += b"," + value
    return asked, accept
