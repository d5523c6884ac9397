"""Whether this process lives, and whether it may be sent readers; if not, why not."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response

from api.errors import Refused

SECONDS = 2

Check = Callable[[], Awaitable[None]]
"""Returns when its part works; raises a refusal that says what is wrong (or anything, which is logged)."""

log = structlog.get_logger(__name__)


@dataclass
class Health:
    """The parts that must work before readers are sent here, by the name that `/readyz` shows."""

    checks: Mapping[str, Check] = field(default_factory=dict)
    draining: bool = False

    async def live(self, _request: Request) -> Response:
        return _json(200, {"status": "ok"})

    async def ready(self, _request: Request) -> Response:
        if self.draining:
            return _json(503, {"status": "not ready", "reasons": {"process": "It is shutting down."}})
        answers = await asyncio.gather(*(_reason(name, check) for name, check in self.checks.items()))
        reasons = {name: reason for name, reason in zip(self.checks, answers, strict=True) if reason}
        if reasons:
            return _json(503, {"status": "not ready", "reasons": reasons})
        return _json(200, {"status": "ready"})


async def _reason(name: str, check: Check) -> str | None:
    try:
        async with asyncio.timeout(SECONDS):
            await check()
    except TimeoutError:
        return f"It did not answer within {SECONDS} seconds."
    except Refused as error:
        return error.message
    except Exception as error:
        log.warning("not_ready", part=name, exc_info=error)
        return "It does not answer; the log says more."
    return None


def _json(status: int, content: object) -> Response:
    retry = {"retry-after": "2"} if status == 503 else {}  # noqa: PLR2004 - Service Unavailable
    headers = {"cache-control": "no-store", **retry}
    return Response(orjson.dumps(content), status, headers, media_type="application/json")
