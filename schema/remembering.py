"""What is kept of a mutation's answer for whoever sends the same idempotency key again, and the answer made of it."""

from copy import copy
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from strawberry.types.base import StrawberryContainer
from strawberry.types.enum import StrawberryEnumDefinition

from api import ids
from api.articles import reading
from api.articles.reading import ShownArticle
from api.gate.findings import GateReport
from api.publishing import reports
from schema.context import Context
from schema.errors import ErrorCode, UserError
from schema.payloads import KEEP

FIELDS = {"statement": "evidence_statement", "media": "media_asset"}
"""Where a payload's field is called otherwise than the kind of thing in it."""


def field_of(kind: str) -> str:
    """The payload field that holds a thing of this kind."""
    return FIELDS.get(kind, kind)


STATE = ("version", "is_published", "approved", "decided_at", "note", "disabled_at", "revoked_at", "expires_at")
"""What is kept of an entry, a member or a token beside its id: where it stood then."""
ARTICLE_STATE = (
    "version", "stage", "live_id", "draft_id", "scheduled_for", "unpublished_kind", "unpublished_at",
    "explanation", "moved_to",
)  # fmt: skip
"""The same of an article, for those who may read its draft; what it showed is kept whole."""


async def kept(payload: Any, context: Context) -> dict[str, Any]:  # noqa: ANN401 - each payload is its own type
    """An answer as it is kept: things and where they stood, refusals and reports, values that say so; no secrets.

    The words of a draft that was written in place since are those of now: an open draft has no past.
    """
    return {
        item.name: await _plain(getattr(payload, item.name), context, whole=KEEP in item.metadata)
        for item in fields(payload)
    }


async def _plain(value: Any, context: Context, *, whole: bool) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, UserError):
        return {"code": value.code.value, "message": value.message, "path": list(value.path)}
    if isinstance(value, GateReport):
        return {"report": reports.plain_report(value)}
    if isinstance(value, list):
        return [await _plain(each, context, whole=whole) for each in value]
    if isinstance(value, str) and ids.prefix_of(value):
        return {"said": value}
    if whole:
        return {"part": await kept(value, context)} if is_dataclass(value) else {"said": _simple(value)}
    return await _thing_kept(value, context) if hasattr(value, "id") else None


async def _thing_kept(value: Any, context: Context) -> dict[str, Any]:  # noqa: ANN401 - as above
    if not isinstance(value, ShownArticle):
        return {"thing": value.id, "stood": _standing(value, STATE)}
    row = await context.loaders.drafts.load(value.id)
    shown = {item.name: _simple(getattr(value, item.name)) for item in fields(value)}
    return {"thing": value.id, "shown": shown, "stood": _standing(row, ARTICLE_STATE)}


def _standing(row: Any, names: tuple[str, ...]) -> dict[str, Any]:  # noqa: ANN401 - any room's row
    return {name: _simple(getattr(row, name)) for name in names if hasattr(row, name)}


def _simple(value: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


async def recalled(earlier: dict[str, Any], payload: type, context: Context) -> Any:  # noqa: ANN401 - as above
    kinds = {item.python_name: _inner(item.type) for item in payload.__strawberry_definition__.fields}  # type: ignore[attr-defined] # Strawberry's
    return payload(**{name: await _thing(value, kinds[name], context) for name, value in earlier.items()})


async def _thing(value: Any, kind: Any, context: Context) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, list):
        return [await _thing(each, kind, context) for each in value]
    return await _whole(value, kind, context) if isinstance(value, dict) else None


async def _as_it_stood(kept: dict[str, Any], context: Context) -> Any:  # noqa: ANN401 - as above
    """The thing as the first answer showed it, where this viewer may see it still."""
    key, loaders = kept["thing"], context.loaders
    kind = ids.kind_of(key)
    row = await loaders.by_id(kind).load(key) if kind else None
    if row is None or "shown" not in kept:
        return _put_back(row, kept["stood"])
    draft = await loaders.drafts.load(key)
    if draft is None:
        return row
    shown = reading.remembered(kept["shown"])
    loaders.drafts.prime(key, _put_back(draft, kept["stood"]), force=True)
    loaders.by_id(kind).prime(key, shown, force=True)
    return shown


def _put_back(row: Any, stood: dict[str, Any]) -> Any:  # noqa: ANN401 - any room's row
    """A copy of the row with what it said of itself then."""
    if row is None or not stood:
        return row
    then = copy(row)
    for name, value in stood.items():
        setattr(then, name, type(row)._meta.fields_map[name].to_python_value(value))  # noqa: SLF001 - Tortoise's own
    return then


async def _whole(kept: dict[str, Any], kind: Any, context: Context) -> Any:  # noqa: ANN401 - as above
    if "thing" in kept:
        return await _as_it_stood(kept, context)
    if "report" in kept:
        return reports.report_from(kept["report"])
    if "part" in kept:
        return await recalled(kept["part"], kind, context)
    if "said" not in kept:
        return UserError(code=ErrorCode[kept["code"]], message=kept["message"], path=tuple(kept["path"]))
    return None if kept["said"] is None else _value(kept["said"], kind)


def _value(said: Any, kind: Any) -> Any:  # noqa: ANN401 - as above
    if kind is datetime:
        return datetime.fromisoformat(said)
    return kind.wrapped_cls(said) if isinstance(kind, StrawberryEnumDefinition) else said


def _inner(kind: Any) -> Any:  # noqa: ANN401 - as above
    """What a list or an optional is of."""
    while isinstance(kind, StrawberryContainer):
        kind = kind.of_type
    return kind
