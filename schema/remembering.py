"""What is kept of a mutation's answer for whoever sends the same idempotency key again, and the answer made of it."""

from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from strawberry.types.base import StrawberryContainer
from strawberry.types.enum import StrawberryEnumDefinition

from api import ids
from api.gate.findings import GateReport
from api.publishing import reports
from schema.context import Context
from schema.errors import ErrorCode, UserError
from schema.payloads import KEEP

KINDS = {
    "art": "article", "cnd": "condition", "trt": "treatment", "prc": "practitioner", "src": "source",
    "est": "statement", "dsc": "disclaimer", "cmt": "comment", "med": "media", "mbr": "member", "tok": "token",
    "pro": "proposal", "cln": "clinic", "prb": "problem_report",
}  # fmt: skip
FIELDS = {"statement": "evidence_statement", "media": "media_asset"}
"""Where a payload's field is called otherwise than the kind of thing in it."""


def field_of(kind: str) -> str:
    """The payload field that holds a thing of this kind."""
    return FIELDS.get(kind, kind)


def kept(payload: Any) -> dict[str, Any]:  # noqa: ANN401 - each payload is its own type
    """An answer as it is kept: things by id, refusals and reports whole, other values where they say so; no secrets."""
    return {item.name: _plain(getattr(payload, item.name), whole=KEEP in item.metadata) for item in fields(payload)}


def _plain(value: Any, *, whole: bool) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, UserError):
        return {"code": value.code.value, "message": value.message, "path": list(value.path)}
    if isinstance(value, GateReport):
        return {"report": reports.plain_report(value)}
    if isinstance(value, list):
        return [_plain(each, whole=whole) for each in value]
    if isinstance(value, str) and ids.prefix_of(value):
        return {"said": value}
    if whole:
        return {"part": kept(value)} if is_dataclass(value) else {"said": _simple(value)}
    return getattr(value, "id", None)


def _simple(value: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


async def recalled(earlier: dict[str, Any], payload: type, context: Context) -> Any:  # noqa: ANN401 - as above
    kinds = {item.python_name: _inner(item.type) for item in payload.__strawberry_definition__.fields}  # type: ignore[attr-defined] # Strawberry's
    return payload(**{name: await _thing(value, kinds[name], context) for name, value in earlier.items()})


async def _thing(value: Any, kind: Any, context: Context) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, list):
        return [await _thing(each, kind, context) for each in value]
    if isinstance(value, dict):
        return await _whole(value, kind, context)
    row = KINDS.get(ids.prefix_of(value or ""))
    return await context.loaders.by_id(row).load(value) if row else None


async def _whole(kept: dict[str, Any], kind: Any, context: Context) -> Any:  # noqa: ANN401 - as above
    if "report" in kept:
        return reports.report_from(kept["report"])
    if "part" in kept:
        return await recalled(kept["part"], kind, context)
    if "said" not in kept:
        return UserError(code=ErrorCode[kept["code"]], message=kept["message"], path=tuple(kept["path"]))
    said = kept["said"]
    if kind is datetime and said is not None:
        return datetime.fromisoformat(said)
    return kind.wrapped_cls(said) if isinstance(kind, StrawberryEnumDefinition) else said


def _inner(kind: Any) -> Any:  # noqa: ANN401 - as above
    """What a list or an optional is of."""
    while isinstance(kind, StrawberryContainer):
        kind = kind.of_type
    return kind
