"""`POST /media`: one picture from a member who writes; the answer is the picture as GraphQL shows it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import orjson
import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from api.accounts import viewer as accounts
from api.accounts.viewer import Role
from api.errors import Invalid, Unavailable
from api.media.incoming import Incoming, MediaFolderUnusable
from api.media.intake import ORIGINAL, NotAPicture
from api.media.words import LONGEST, FocalPoint, Words
from api.media.workshop import Busy
from api.web import bearer, forms
from api.web.answers import JSON, Answer, Header, Turned
from api.web.callers import values
from api.web.codes import SENTENCES, Code
from api.web.forms import Form, FormLimits
from api.web.graphql import reading

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from starlette.types import Message, Receive, Scope, Send

    from api.accounts.viewer import Viewer
    from api.media.incoming import Desk
    from api.media.intake import Intake
    from api.media.models import MediaAsset

MOST_BYTES = 20_000_000
MOST_AT_ONCE = 8
BYTES_PER_LETTER = 4
WORDS = {name: BYTES_PER_LETTER * most for name, most in LONGEST.items()} | {"decorative": 5, "focalPoint": 200}
LIMITS = FormLimits(WORDS, MOST_BYTES)
LINGER_BYTES, LINGER_SECONDS = 64_000_000, 2
PRIVATE: Header = (b"cache-control", b"private, no-store")
RETRY: Header = (b"retry-after", b"5")
YES_OR_NO = {None: False, "false": False, "true": True}

log = structlog.get_logger(__name__)


@dataclass
class Uploads:
    """The door for pictures.

    `away` are the exceptions that a database raises which cannot be reached; `desk` is where the pictures lie while
    they are in hand, from start to end of the process.
    """

    authenticate: Callable[[str], Awaitable[Viewer]]
    intake: Intake
    site: str
    away: tuple[type[Exception], ...] = ()
    limits: FormLimits = LIMITS
    desk: Desk | None = None
    in_hand: int = field(default=0, init=False)

    @contextlib.contextmanager
    def opened(self) -> Iterator[None]:
        """From start to end of the process; where no picture can be written, everything else is served all the same."""
        with contextlib.ExitStack() as stack:
            try:
                self.desk = stack.enter_context(Incoming(self.intake.folder).opened())
            except MediaFolderUnusable as error:
                log.warning("uploads_closed", hint=error.message)
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = _Body(receive)
        try:
            answer = await self._answer(scope, body)
        except reading.Gone:
            return
        except Turned as turned:
            answer = turned.answer()
        except Invalid as invalid:
            answer = _refused(invalid).answer()
        except Unavailable as error:
            answer = _unavailable(error.message)
        except self.away as error:
            log.warning("upload_failed", exc_info=error)
            answer = _unavailable(SENTENCES[Code.UNAVAILABLE])
        kept = tuple(header for header in answer.headers if header[0] != PRIVATE[0])
        await body.answer(Answer(answer.status, answer.body, (*kept, PRIVATE)), send)

    async def _answer(self, scope: Scope, body: _Body) -> Answer:
        member = await self._member(scope)
        boundary = forms.boundary_of(values(scope, b"content-type"), values(scope, b"content-encoding"))
        declared = b"".join(values(scope, b"content-length"))
        if declared.isdigit() and int(declared[:19]) > self.limits.bytes:
            raise forms.too_large(self.limits, int(declared[:19]))
        if self.desk is None:
            raise MediaFolderUnusable
        if self.in_hand >= MOST_AT_ONCE:
            raise Busy
        self.in_hand += 1
        try:
            with self.desk.cleared() as work:
                return await self._take(work, boundary, body, member)
        finally:
            self.in_hand -= 1

    async def _member(self, scope: Scope) -> str:
        """Find who sends it, before a byte of it is read: a member who writes."""
        token = bearer.token(values(scope, b"authorization"))
        viewer = await bearer.viewer_of(token, self.authenticate) if token else None
        if viewer is None or viewer.member is None:
            raise bearer.unauthenticated("Send a member's token with the picture, as Authorization: Bearer.")
        if Role.AUTHOR not in viewer.roles:
            raise Turned(403, Code.FORBIDDEN, "Pictures are uploaded by authors, editors and admins: ask one of them.")
        if accounts.Scope.MEDIA not in viewer.scopes:
            raise Turned(403, Code.FORBIDDEN, "This token lacks the scope MEDIA.")
        return viewer.member

    async def _take(self, work: Path, boundary: bytes, body: _Body, member: str) -> Answer:
        try:
            with (work / ORIGINAL).open("xb") as into:
                form, digest = await forms.read(body.receive, boundary, self.limits, into)
        except OSError as error:
            raise MediaFolderUnusable from error
        taken = await self.intake.take(work, digest, _words(form), member)
        content = orjson.dumps(_shown(taken.asset, self.site))
        return Answer(201 if taken.is_new else 200, content, ((b"content-type", JSON),))


class _Point(BaseModel):
    """A focal point as it is sent."""

    model_config = ConfigDict(strict=True, extra="forbid")

    x: float
    y: float


@dataclass
class _Body:
    """A request's body, and whether all of it was read."""

    source: Receive
    is_read: bool = False

    async def receive(self) -> Message:
        message = await self.source()
        self.is_read = not message.get("more_body", False)
        return message

    async def answer(self, answer: Answer, send: Send) -> None:
        """Send it; some of a body that nobody read is taken in first, or its client would never see why."""
        unread = not self.is_read
        await answer.send(send, closing=unread)
        if unread:
            await reading.discard(self.source, most=LINGER_BYTES, seconds=LINGER_SECONDS)
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def _unavailable(sentence: str) -> Answer:
    return Turned(503, Code.UNAVAILABLE, sentence, headers=[RETRY]).answer()


def _refused(invalid: Invalid) -> Turned:
    status = 415 if isinstance(invalid, NotAPicture) else 422
    place = {"field": ".".join(map(str, invalid.path))} if invalid.path else {}
    return Turned(status, Code.BAD_USER_INPUT, invalid.message, extensions=place)


def _words(form: Form) -> Words:
    said = form.text("decorative")
    if said not in YES_OR_NO:
        raise Turned(422, Code.BAD_USER_INPUT, "decorative is true or false.", extensions={"field": "decorative"})
    return Words(
        alt=form.text("alt"),
        decorative=YES_OR_NO[said],
        caption=form.text("caption"),
        credit=form.text("credit"),
        licence=form.text("licence"),
        focal_point=_focal_point(form.text("focalPoint")),
    )


def _focal_point(text: str | None) -> FocalPoint | None:
    if not text:
        return None
    try:
        point = _Point.model_validate_json(text)
    except ValidationError as error:
        sentence = 'focalPoint is a JSON object of two numbers, such as {"x": 0.5, "y": 0.3}.'
        raise Turned(422, Code.BAD_USER_INPUT, sentence, extensions={"field": "focalPoint"}) from error
    return FocalPoint(point.x, point.y)


def _shown(asset: MediaAsset, site: str) -> dict[str, Any]:
    """The asset as JSON, its names as in GraphQL."""
    sizes = [
        {
            "url": f"{site}/media/{asset.sha256}-{size['width']}.{size['ext']}",
            "width": size["width"],
            "height": size["height"],
            "mime": size["mime"],
        }
        for size in asset.renditions
    ]
    webp = [size for size in sizes if size["mime"] == "image/webp"]
    return {
        "id": asset.id,
        "sha256": asset.sha256,
        "src": max(webp, key=itemgetter("width"))["url"],
        "srcset": ", ".join(f"{size['url']} {size['width']}w" for size in webp),
        "width": asset.width,
        "height": asset.height,
        "mime": asset.mime,
        "alt": asset.alt,
        "decorative": asset.decorative,
        "caption": asset.caption,
        "credit": asset.credit,
        "licence": asset.licence,
        "focalPoint": asset.focal_point,
        "version": asset.version,
        "renditions": sizes,
    }
