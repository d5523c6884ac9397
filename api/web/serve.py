"""uvicorn, started from here: one process, one event loop, and an end that lets every answer finish."""

import functools
import gc
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp

from api.errors import Unavailable
from api.web import logs
from api.web.connections import KEEP_ALIVE_SECONDS, Connection
from api.web.crowds import Crowd
from api.web.health import Health

DRAIN_SECONDS = 20
BACKLOG = 2048


class Server(uvicorn.Server):
    """uvicorn's server, which tells when it is ready, and ends with exit status 0 when it is asked to end."""

    def __init__(self, config: uvicorn.Config, health: Health, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.health = health
        self.on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            _collect_seldom()
            self.on_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.health.draining = True
        super().handle_exit(sig, frame)
        self._captured_signals.clear()  # or uvicorn would raise them again once everything is done


def serve(
    app: ASGIApp,
    *,
    host: str,
    port: int,
    health: Health,
    crowd: Crowd | None = None,
    log_format: str = "text",
    on_ready: Callable[[], None] = lambda: None,
    listening: socket.socket | None = None,
) -> None:
    """Serve until SIGTERM or Ctrl-C, then finish what is under way for up to 20 s; refuses a port that is taken.

    `listening`: a port that is open already.
    """
    logs.configure(log_format)
    opened = listening or listen(host, port)
    Server(configuration(app, Crowd() if crowd is None else crowd), health, on_ready).run(sockets=[opened])


def _collect_seldom() -> None:
    """Leave what was made at the start alone when looking for garbage, and look less often.

    A large answer is many small objects, none of them garbage yet; looking them through was half of its time. But what
    an answer leaves behind is garbage in circles: looked for too seldom, a hundred megabytes of it lie about.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 5, 2)


def configuration(app: ASGIApp, crowd: Crowd) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="auto" if sys.platform == "win32" else "uvloop",
        http=cast("Any", functools.partial(Connection, crowd)),
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        ws="none",
        lifespan="on",
        backlog=BACKLOG,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )


def listen(host: str, port: int) -> socket.socket:
    """Open a port; port 0 is any that is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    try:
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        sentence = f"Port {port} of {host} cannot be used ({error.strerror}): stop what uses it, or set API_PORT."
        raise Unavailable(sentence) from error
    listening.set_inheritable(True)
    return listening
