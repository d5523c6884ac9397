"""Pictures by the hash of their bytes: a name that never means anything else may be kept for ever."""

import re
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from api.web.answers import Turned
from api.web.codes import Code

NAME = re.compile(r"[0-9a-f]{64}-[1-9][0-9]{0,4}\.(webp|jpg)", re.ASCII)
TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Media:
    """`/media/<sha256>-<width>.<webp|jpg>` from one folder."""

    folder: Path

    async def serve(self, request: Request) -> Response:
        name: str = request.path_params["name"]
        found = NAME.fullmatch(name)
        path = self.folder / name
        if not found or not await to_thread.run_sync(_is_file, path):
            raise Turned(404, Code.NOT_FOUND, "There is no such picture.")
        headers = {"etag": f'"{name}"', "cache-control": FOR_EVER, "cross-origin-resource-policy": "cross-origin"}
        if headers["etag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return FileResponse(path, headers=headers, media_type=TYPES[found[1]])


def _is_file(path: Path) -> bool:
    try:
        return S_ISREG(path.lstat().st_mode)
    except OSError:
        return False
