"""What the process writes down: one line per event, as JSON for machines or as text for people, on standard error."""

import contextlib
import json
import logging
import sys
from collections.abc import Callable
from typing import Any, TextIO, cast

import orjson
import structlog
from structlog.types import Processor

LEVEL = logging.INFO


class Unfailing:
    """Standard error, where a disk that is full costs a line of the log and never an answer."""

    def write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            sys.stderr.flush()


def configure(log_format: str = "text") -> None:
    """Send our own events and those of the libraries through one form: `json`, or `text` for anything else."""
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
