"""What stands around every mutation: permission, acting once for one key, and refusals as `userErrors`.

The resolvers themselves only call a room and put its answer into a payload. Wrapped once, after the schema is built.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from functools import wraps
from typing import Any

import pydantic
import strawberry
from graphql import GraphQLResolveInfo
from strawberry.pydantic import InputValidationError
from strawberry.types.base import StrawberryContainer
from strawberry.types.enum import StrawberryEnumDefinition

from api import idempotency, ids
from api.accounts.viewer import Viewer
from api.errors import Blocked, Conflict, Forbidden, Refused, Unavailable
from api.gate.findings import GateReport
from api.publishing import reports, schedule
from schema.context import Context, Info
from schema.errors import ErrorCode, UserError, user_errors
from schema.payloads import KEEP
from schema.permissions import MUTATIONS, Permission, require

Resolver = Callable[..., Awaitable[Any]]
KINDS = {"art": "article", "cnd": "condition", "trt": "treatment", "prc": "practitioner", "src": "source",
         "est": "statement", "dsc": "disclaimer", "cmt": "comment", "med": "media", "mbr": "member", "tok": "token",
         "pro": "proposal", "cln": "clinic"}  # fmt: skip
FIELDS = {"statement": "evidence_statement", "media": "media_asset"}
"""Where a payload's field is called otherwise than the kind of thing in it."""


TOP_LEVEL = (Forbidden, Unavailable)
"""Refusals that are no answer to the mutation: errors of the request as a whole, with codes of their own."""
SLOW = frozenset({"signIn", "changePassword", "acceptInvitation", "createToken", "rotateToken"})
"""Those that look at a password. Their resolvers call `acting_once` when that is done: no transaction waits for it."""


def field_of(kind: str) -> str:
    """The payload field that holds a thing of this kind."""
    return FIELDS.get(kind, kind)


def guard(schema: strawberry.Schema, permissions: Mapping[str, Permission] = MUTATIONS) -> None:
    """Put permission, idempotency and userErrors around every field of Mutation."""
    definition = schema.get_type_by_name("Mutation")
    graphql = schema._schema.mutation_type  # noqa: SLF001 - graphql-core's own schema
    if definition is None or graphql is None:
        return
    for item in definition.fields:  # type: ignore[union-attr] # Mutation is an object type
        name = schema.config.name_converter.from_field(item)
        resolver = graphql.fields[name].resolve
        graphql.fields[name].resolve = _guarded(name, resolver, item.type, permissions[name])  # type: ignore[arg-type]


def _guarded(name: str, resolve: Resolver, payload: type, permission: Permission) -> Resolver:
    @wraps(resolve)
    async def guarded(source: object, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:  # noqa: ANN401 - GraphQL's
        context: Context = info.context
        require(permission, context.viewer)
        said = arguments.get("input") or {}
        for article in _named(said):
            await schedule.settle(article, context.site)
        key = said.get("idempotencyKey")
        try:
            if key is None or name in SLOW:
                return await _refusing(resolve, payload, source, info, arguments)
            return await _once(
                name, key, said, payload, lambda: _refusing(resolve, payload, source, info, arguments), context
            )
        except TOP_LEVEL:
            raise
        except Refused as refusal:
            return payload(user_errors=user_errors(refusal))

    return guarded


async def acting_once(
    info: Info, said: pydantic.BaseModel, payload: type, act: Callable[[], Awaitable[Any]], viewer: Viewer
) -> Any:  # noqa: ANN401 - each payload is its own type
    """Act in one transaction, once for the input's idempotency key; `viewer` is who acts, as the work so far proved."""
    key = getattr(said, "idempotency_key", None)
    if key is None:
        return await act()
    context: Context = replace(info.context, viewer=viewer)
    name = info.field_name

    async def refusing() -> Any:  # noqa: ANN401 - as above
        try:
            return await act()
        except TOP_LEVEL:
            raise
        except Refused as refusal:
            return payload(user_errors=user_errors(refusal))

    return await _once(name, key, said.model_dump(mode="json", exclude_unset=True), payload, refusing, context)


def _named(said: Any) -> set[str]:  # noqa: ANN401 - an input as GraphQL has it
    """The articles that an input is about: a schedule of theirs that has come due is settled before anything else."""
    asked = [said, *(said.get("items") or ())]
    found = {str(each.get(name)) for each in asked for name in ("id", "article")}
    return {key for key in found if ids.prefix_of(key) == "art"}


async def _refusing(
    resolve: Resolver, payload: type, source: object, info: GraphQLResolveInfo[Any], arguments: dict[str, Any]
) -> Any:  # noqa: ANN401
    try:
        return await resolve(source, info, **arguments)
    except TOP_LEVEL:
        raise
    except (Refused, InputValidationError) as refusal:
        return payload(user_errors=user_errors(refusal), **await _told(refusal, payload, info.context))


async def _told(refusal: Exception, payload: type, context: Context) -> dict[str, Any]:
    """What a refusal shows beside its sentence: the current article of a conflict, the report of a gate that blocks."""
    known = {item.name for item in fields(payload)} if is_dataclass(payload) else set()
    told: dict[str, Any] = {}
    context.renew()
    thing = refusal.thing if isinstance(refusal, Conflict | Blocked) else None
    kind = KINDS.get(ids.prefix_of(thing or ""))
    where = next((name for name in (field_of(kind or ""), "entry") if name in known), None)
    if thing and kind and where:
        told[where] = await context.loaders.by_id(kind).load(thing)
    if isinstance(refusal, Blocked) and "gate_report" in known:
        told["gate_report"] = refusal.report
    return told


async def _once(
    name: str,
    key: str,
    said: Any,
    payload: type,
    act: Callable[[], Awaitable[Any]],
    context: Context,
) -> Any:  # noqa: ANN401 - each payload is its own type
    first: list[Any] = []

    async def acting() -> dict[str, Any]:
        answer = await act()
        first.append(answer)
        return _kept(answer)

    hashed = idempotency.input_hash(context.hash_key, name, said)
    kept = await idempotency.once(_who(context.viewer), key, hashed, acting)
    return first[0] if kept is None else await _recalled(kept, payload, context)


def _who(viewer: Viewer) -> str:
    return viewer.member or viewer.preview or "anonymous"


def _kept(payload: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    """An answer as it is kept: things by id, refusals and reports whole, other values where they say so; no secrets."""
    return {item.name: _plain(getattr(payload, item.name), whole=KEEP in item.metadata) for item in fields(payload)}


def _plain(value: Any, *, whole: bool) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, UserError):
        return {"code": value.code.value, "message": value.message, "path": list(value.path)}
    if isinstance(value, GateReport):
        return {"report": reports.plain_report(value)}
    if isinstance(value, list):
        return [_plain(each, whole=whole) for each in value]
    if whole:
        return {"part": _kept(value)} if is_dataclass(value) else {"said": _simple(value)}
    return getattr(value, "id", None)


def _simple(value: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


async def _recalled(kept: dict[str, Any], payload: type, context: Context) -> Any:  # noqa: ANN401 - as above
    kinds = {item.python_name: _inner(item.type) for item in payload.__strawberry_definition__.fields}  # type: ignore[attr-defined] # Strawberry's
    return payload(**{name: await _thing(value, kinds[name], context) for name, value in kept.items()})


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
        return await _recalled(kept["part"], kind, context)
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
