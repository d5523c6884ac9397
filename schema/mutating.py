"""What stands around every mutation: permission, acting once for one key, and refusals as `userErrors`.

The resolvers themselves only call a room and put its answer into a payload. Wrapped once, after the schema is built.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import Any

import strawberry
from graphql import GraphQLResolveInfo
from strawberry.pydantic import InputValidationError

from api import idempotency, ids
from api.accounts.viewer import Viewer
from api.errors import Blocked, Conflict, Forbidden, Refused
from schema.context import Context
from schema.errors import ErrorCode, UserError, user_errors
from schema.permissions import MUTATIONS, Permission, require

Resolver = Callable[..., Awaitable[Any]]
KINDS = {"art": "article", "cnd": "condition", "trt": "treatment", "prc": "practitioner", "src": "source",
         "est": "statement", "dsc": "disclaimer", "cmt": "comment", "med": "media", "pro": "proposal", "cln": "clinic"}  # fmt: skip
FIELDS = {"statement": "evidence_statement", "media": "media_asset"}
"""Where a payload's field is called otherwise than the kind of thing in it."""


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
    async def guarded(source: object, info: GraphQLResolveInfo, **arguments: Any) -> Any:  # noqa: ANN401 - GraphQL's
        context: Context = info.context
        require(permission, context.viewer)
        said = arguments.get("input") or {}
        key = said.get("idempotencyKey")
        try:
            if key is None:
                return await _refusing(resolve, payload, source, info, arguments)
            return await _once(name, key, said, payload, lambda: _refusing(resolve, payload, source, info, arguments), context)
        except Forbidden:
            raise
        except Refused as refusal:
            return payload(user_errors=user_errors(refusal))

    return guarded


async def _refusing(resolve: Resolver, payload: type, source: object, info: GraphQLResolveInfo, arguments: dict[str, Any]) -> Any:  # noqa: ANN401
    try:
        return await resolve(source, info, **arguments)
    except Forbidden:
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
    name: str, key: str, said: Any, payload: type, act: Callable[[], Awaitable[Any]], context: Context  # noqa: ANN401
) -> Any:  # noqa: ANN401 - each payload is its own type
    first: list[Any] = []

    async def acting() -> dict[str, Any]:
        answer = await act()
        first.append(answer)
        return _kept(answer)

    hashed = idempotency.input_hash(name, said)
    kept = await idempotency.once(_who(context.viewer), key, hashed, acting)
    return first[0] if kept is None else await _recalled(kept, payload, context)


def _who(viewer: Viewer) -> str:
    return viewer.member or viewer.preview or "anonymous"


def _kept(payload: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    """An answer as it is kept: things by id, refusals whole; secrets are never kept."""
    return {item.name: _plain(getattr(payload, item.name)) for item in fields(payload)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, UserError):
        return {"code": value.code.value, "message": value.message, "path": list(value.path)}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, str):
        return {"id": value} if ids.prefix_of(value) else None
    return getattr(value, "id", None)


async def _recalled(kept: dict[str, Any], payload: type, context: Context) -> Any:  # noqa: ANN401 - as above
    errors = [UserError(code=ErrorCode[each["code"]], message=each["message"], path=tuple(each["path"])) for each in kept["user_errors"]]
    things = {name: await _thing(value, context) for name, value in kept.items() if name != "user_errors"}
    return payload(user_errors=errors, **things)


async def _thing(value: Any, context: Context) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, list):
        return [await _thing(each, context) for each in value]
    if isinstance(value, dict):
        return value["id"]
    kind = KINDS.get(ids.prefix_of(value or ""))
    return await context.loaders.by_id(kind).load(value) if kind else None
