"""Pictures for links to articles, drawn when somebody first asks for them and kept by the hash of the content."""

import os
import re
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from api.web.answers import Turned
from api.web.codes import Code

NAME = re.compile(r"([0-9a-f]{64})\.png", re.ASCII)
# A withdrawn article's picture goes with it: caches ask again, and are told by the tag whose it is.
A_MINUTE = "public, max-age=60"
AT_ONCE = 1


class OfArticle(Protocol):
    """As much of what is drawn as the edge needs to know."""

    @property
    def article(self) -> str: ...


Card = TypeVar("Card", bound=OfArticle)


@dataclass(frozen=True)
class Cards(Generic[Card]):
    """`/media/og/<contentHash>.png`; who stands behind `card_of` decides what readers may see."""

    folder: Path
    card_of: Callable[[str], Awaitable[Card | None]]
    draw: Callable[[Card], bytes]
    pens: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))

    async def serve(self, request: Request) -> Response:
        name: str = request.path_params["name"]
        found = NAME.fullmatch(name)
        card = await self.card_of(found[1]) if found else None
        if card is None:
            raise Turned(404, Code.NOT_FOUND, "There is no such picture.")
        headers = {
            "etag": f'"{name}"',
            "cache-control": A_MINUTE,
            "cache-tag": f"article:{card.article}",
            "cross-origin-resource-policy": "cross-origin",
        }
        if headers["etag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        path = self.folder / name
        await to_thread.run_sync(self._ensure, path, card, limiter=self.pens)
        return FileResponse(path, headers=headers, media_type="image/png")

    def _ensure(self, path: Path, card: Card) -> None:
        if path.is_file():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
            file.write(self.draw(card))
        os.replace(file.name, path)  # noqa: PTH105 - whole or not at all
