"""What the process writes down: one line per event, as JSON for machines or as text for people, on standard error."""

import contextlib
import json
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TextIO, cast

import orjson
import structlog
from structlog.types import Processor

LEVEL = logging.INFO

log = structlog.get_logger(__name__)


class Unfailing:
    """Standard error, where a disk that is full costs a line of the log and never an answer."""

    as_json = False
    """Whether every line of this process is JSON."""

    def write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            sys.stderr.flush()


def configure(log_format: str = "text") -> None:
    """Send our own events and those of the libraries through one form: `json`, or `text` for anything else."""
    Unfailing.as_json = log_format == "json"
    shared: tuple[Processor, ...] = (
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    )
    rendering = _rendering(log_format)
    structlog.configure(
        processors=[*shared, *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(LEVEL),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", Unfailing())),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    chain = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=chain))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def tell(event: str, request_id: str, told: dict[str, Any]) -> None:
    """Write what happens with every request; as JSON it goes past structlog, which takes longer than all of the rest.

    `told` has plain values only; `request_id` is among structlog's own context.
    """
    if Unfailing.as_json:
        line = {**told, "request_id": request_id, "event": event, "level": "info", "timestamp": datetime.now(UTC)}
        Unfailing().write(orjson.dumps(line, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE).decode())
    else:
        log.info(event, **told)


def _rendering(log_format: str) -> tuple[Processor, ...]:
    """Tracebacks are written without the values of variables, which may be anybody's."""
    if log_format == "json":
        return structlog.processors.format_exc_info, structlog.processors.JSONRenderer(_dumps)
    text = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    return (text,)


def _dumps(event: dict[str, Any], *, default: Callable[[Any], Any]) -> str:
    """The event as JSON: quickly, for there is one for each request; what orjson refuses is written the slow way."""
    try:
        return orjson.dumps(event, default=default).decode()
    except TypeError:
        return json.dumps(event, default=default)
