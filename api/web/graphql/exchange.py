"""One request while it is being answered: its head, the form its answer takes, and whether its body is all in."""

from dataclasses import dataclass, field

from starlette.types import Receive, Scope

from api.web.graphql.bills import Bill
from api.web.graphql.negotiation import Media
from api.web.noting import Notes, of


@dataclass
class Exchange:
    """What the endpoint knows so far of a request."""

    scope: Scope
    receive: Receive
    media: Media = Media.JSON
    body_read: bool = False
    bill: Bill | None = None
    tags: bytes = b""
    notes: Notes = field(init=False)
    is_private: bool = field(init=False)
    """Whether it came with an Authorization header, right or wrong."""

    def __post_init__(self) -> None:
        self.notes = of(self.scope)
        self._headers: dict[bytes, list[bytes]] = {}
        for name, value in self.scope["headers"]:
            self._headers.setdefault(name, []).append(value)
        self.is_private = b"authorization" in self._headers

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @property
    def is_post(self) -> bool:
        return self.method == "POST"

    @property
    def is_public(self) -> bool:
        """Whether its answer may be kept for everybody."""
        return not (self.is_private or self.is_post)

    @property
    def has_unread_body(self) -> bool:
        declared = self.values(b"transfer-encoding") or self.first(b"content-length") not in {None, b"0"}
        return bool(declared) and not self.body_read

    def values(self, name: bytes) -> list[bytes]:
        """Every value of a header, in the order sent."""
        return self._headers.get(name, [])

    def first(self, name: bytes) -> bytes | None:
        return next(iter(self.values(name)), None)
