"""The ceiling: a Starlette route that returns fixed bytes, under the same uvicorn flags as the API.

`python -m tests.benchmarks.bare PORT FILE`: FILE holds the bytes of the answer that is compared.
"""

import sys
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.web.health import Health
from api.web.serve import serve


def application(body: bytes) -> Starlette:
    """One route, one answer."""

    async def answer(_request: Request) -> Response:
        return Response(body, media_type="application/graphql-response+json")

    return Starlette(routes=[Route("/graphql", answer, methods=["GET", "POST"])])


if __name__ == "__main__":
    serve(application(Path(sys.argv[2]).read_bytes()), host="127.0.0.1", port=int(sys.argv[1]), health=Health())
