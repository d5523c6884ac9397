"""The page at /graphql for people: GraphiQL from our own machine, with operations to start from.

Its vendor files are put beside this module by `npm ci --ignore-scripts` in this folder and are never committed.
"""

from dataclasses import dataclass, field
from pathlib import Path

import orjson
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from api.web.answers import NO_STORE, Answer, Turned
from api.web.codes import Code

HERE = Path(__file__).parent
VENDOR = HERE / "node_modules"
PREFIX = "/graphql/assets/"
OWN = {"page.js": HERE / "page.js", "page.css": HERE / "page.css"}
VENDORED = {
    "react.js": VENDOR / "react/umd/react.production.min.js",
    "react-dom.js": VENDOR / "react-dom/umd/react-dom.production.min.js",
    "graphiql.js": VENDOR / "graphiql/graphiql.min.js",
    "graphiql.css": VENDOR / "graphiql/graphiql.min.css",
}
TYPES = {".js": "text/javascript", ".css": "text/css"}
# CodeMirror writes style attributes and carries its fonts along; scripts come from here alone.
POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    b"font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def examples() -> tuple[str, ...]:
    """Read the operations to start from, one file each, in the order of their names."""
    return tuple(path.read_text() for path in sorted((HERE / "examples").glob("*.graphql")))


@dataclass(frozen=True)
class Page:
    """The page and its assets, read when first asked for."""

    examples: tuple[str, ...] = field(default_factory=examples)

    def answer(self) -> Answer:
        name = "page.html" if all(path.is_file() for path in VENDORED.values()) else "missing.html"
        headers = ((b"content-type", b"text/html; charset=utf-8"), (b"content-security-policy", POLICY), NO_STORE)
        return Answer(200, (HERE / name).read_bytes(), headers)


@dataclass(frozen=True)
class Assets:
    """The files that the page names, and nothing else."""

    page: Page

    async def serve(self, request: Request) -> Response:
        name: str = request.path_params["name"]
        fresh = {"cache-control": "no-cache"}
        if name == "examples.json":
            return Response(orjson.dumps(self.page.examples), headers=fresh, media_type="application/json")
        path = OWN.get(name) or VENDORED.get(name)
        if path is None or not path.is_file():
            raise Turned(404, Code.NOT_FOUND, "There is no such file.")
        return FileResponse(path, headers=fresh, media_type=TYPES[path.suffix])
