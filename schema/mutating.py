"""What stands around every mutation: permission, acting once for one key, and refusals as `userErrors`.

The resolvers themselves only call a room and put its answer into a payload. Wrapped once, after the schema is built.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import wraps
from typing import Any

import pydantic
import strawberry
from graphql import GraphQLResolveInfo
from strawberry.pydantic import InputValidationError

from api import idempotency, ids
from api.accounts.viewer import Viewer
from api.errors import Blocked, Conflict, Forbidden, HeldBack, Refused, Unavailable
from api.publishing import schedule
from schema.context import Context, Info
from schema.errors import user_errors
from schema.helping import help_in
from schema.permissions import MUTATIONS, Permission, require
from schema.remembering import field_of, kept, recalled

Resolver = Callable[..., Awaitable[Any]]


TOP_LEVEL = (Forbidden, Unavailable)
"""Refusals that are no answer to the mutation: errors of the request as a whole, with codes of their own."""
SLOW = frozenset(
    {"signIn", "changePassword", "acceptInvitation", "createToken", "rotateToken", "submitComment", "reportProblem"}
)
"""Those that look at a password, or hold a flood back. Their resolvers call `acting_once` when that is done: no
transaction waits for it.
"""


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
            await schedule.settle_first(article, context.site)
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


def _named(said: Any) -> set[str]:  # noqa: ANN401 - an input as GraphQL has it
    """The articles that an input is about: a schedule of theirs that has come due is settled before anything else."""
    asked = [said, *(said.get("items") or ())]
    found = {str(each.get(name)) for each in asked for name in ("id", "article")}
    return {key for key in found if ids.kind_of(key) == "article"}


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
        except (*TOP_LEVEL, HeldBack):
            raise
        except Refused as refusal:
            return payload(user_errors=user_errors(refusal))

    return await _once(name, key, _plain(said), payload, refusing, context)


async def answered(info: Info, said: pydantic.BaseModel, payload: type) -> Any:  # noqa: ANN401 - each payload is its own type
    """The answer that is kept for the input's idempotency key; None when there is none yet."""
    key = getattr(said, "idempotency_key", None)
    if key is None:
        return None
    context: Context = info.context
    hashed = idempotency.input_hash(context.hash_key, info.field_name, _plain(said))
    earlier = await idempotency.answered(_who(context.viewer), key, hashed)
    return None if earlier is None else await recalled(earlier, payload, context)


def _plain(said: pydantic.BaseModel) -> dict[str, Any]:
    return said.model_dump(mode="json", exclude_unset=True)


async def _refusing(
    resolve: Resolver, payload: type, source: object, info: GraphQLResolveInfo[Any], arguments: dict[str, Any]
) -> Any:  # noqa: ANN401
    try:
        return await resolve(source, info, **arguments)
    except TOP_LEVEL:
        raise
    except (Refused, InputValidationError) as refusal:
        said = arguments.get("input") or {}
        named = said.get("id") or said.get("article")
        told = await _told(refusal, named, payload, info.context)
        if isinstance(refusal, InputValidationError) and "help" in _known(payload):
            told["help"] = await help_in(*_words(said))
        return payload(user_errors=user_errors(refusal), **told)


async def _told(refusal: Exception, named: str | None, payload: type, context: Context) -> dict[str, Any]:
    """What a refusal shows beside its sentence: the thing as it is now, and the report of a gate that blocks."""
    known = _known(payload)
    told: dict[str, Any] = {}
    context.renew()
    thing = (refusal.thing if isinstance(refusal, Conflict | Blocked) else None) or named
    kind = ids.kind_of(thing or "")
    where = next((name for name in (field_of(kind), "entry") if name in known), None)
    if thing and kind and where:
        told[where] = await context.loaders.by_id(kind).load(thing)
    if isinstance(refusal, Blocked) and "gate_report" in known:
        told["gate_report"] = refusal.report
    return told


def _known(payload: type) -> set[str]:
    return {item.name for item in fields(payload)} if is_dataclass(payload) else set()


def _words(said: Mapping[str, Any]) -> list[str]:
    """What a reader wrote, in a form that was refused before anybody read it."""
    return [said[name] for name in ("body", "displayName") if isinstance(said.get(name), str)]


async def _once(
    name: str,
    key: str,
    said: object,
    payload: type,
    act: Callable[[], Awaitable[Any]],
    context: Context,
) -> Any:  # noqa: ANN401 - each payload is its own type
    first: list[Any] = []

    async def acting() -> dict[str, Any]:
        answer = await act()
        first.append(answer)
        return await kept(answer, context)

    hashed = idempotency.input_hash(context.hash_key, name, said)
    earlier = await idempotency.once(_who(context.viewer), key, hashed, acting)
    return first[0] if earlier is None else await recalled(earlier, payload, context)


def _who(viewer: Viewer) -> str:
    partner = viewer.partner.partner if viewer.partner else None
    return viewer.member or partner or viewer.preview or "anonymous"
