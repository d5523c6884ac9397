"""A small schema and the application around it, for tests of the edge alone."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NewType

import httpx
import strawberry
import structlog
from graphql import GraphQLError
from starlette.types import ASGIApp
from strawberry.schema.config import StrawberryConfig

from api.errors import Invalid, NotFound, Refused, Unavailable
from api.web.application import application
from api.web.callers import Callers
from api.web.codes import REFUSALS
from api.web.graphiql import Page
from api.web.graphql import Asker, Documents, Execution, GraphQL, Limits, Trusted
from api.web.health import Health
from api.web.media import Media

KEY = b"k" * 32
SECRET = "a private detail of the database"


class Leaflet(Invalid):
    """A leaflet has a number."""


def number(value: object) -> int:
    if value == "boom":
        raise ValueError(SECRET)
    if not str(value).isdecimal():
        raise Leaflet
    return int(str(value))


LeafletNumber = NewType("LeafletNumber", int)
SCALARS = {LeafletNumber: strawberry.scalar(name="LeafletNumber", parse_value=number, serialize=int)}


@strawberry.type
class Node:
    name: str = "neck pain"

    @strawberry.field
    def child(self) -> "Node":
        return Node()

    @strawberry.field
    def children(self, first: int = 2) -> list["Node"]:
        return [Node() for _ in range(first)]


@strawberry.type
class Query:
    @strawberry.field
    def titled(self, title: strawberry.Maybe[str] = None) -> str:
        return title.value if title else "untitled"

    @strawberry.field
    def hello(self) -> str:
        return "world"

    @strawberry.field
    def node(self) -> Node:
        return Node()

    @strawberry.field
    def echo(self, text: str) -> str:
        return text

    @strawberry.field
    def half(self, of: float, count: int | None = None) -> float:
        return of / 2 * (count or 1)

    @strawberry.field
    def who(self, info: strawberry.Info) -> str:
        asker: Asker = info.context
        return f"{asker.viewer.name} {asker.caller.site} {asker.caller.address_prefix}"

    @strawberry.field
    def broken(self) -> str | None:
        raise ValueError(SECRET)

    @strawberry.field
    def refused(self) -> str | None:
        raise Refused("Do it otherwise.")

    @strawberry.field
    def missing(self) -> str | None:
        raise NotFound

    @strawberry.field
    def coded(self) -> str | None:
        raise GraphQLError("Only editors see this.", extensions={"code": "FORBIDDEN"})

    @strawberry.field
    def uncoded(self) -> str | None:
        raise GraphQLError(SECRET)

    @strawberry.field
    def unserialisable(self) -> int | None:
        return SECRET  # type: ignore[return-value]

    @strawberry.field
    def away(self) -> str:
        raise Unavailable

    @strawberry.field
    async def slow(self) -> str:
        await asyncio.sleep(30)
        return "late"

    @strawberry.field
    async def unhurried(self) -> str:
        structlog.get_logger().info("unhurried_begun")
        await asyncio.sleep(1)
        return "done"

    @strawberry.field
    def leaflet(self, number: LeafletNumber) -> int:
        return number


@strawberry.type
class Mutation:
    @strawberry.mutation
    def rename(self, to: str) -> str:
        DONE.append(to)
        return to


DONE: list[str] = []
SCHEMA = strawberry.Schema(Query, Mutation, config=StrawberryConfig(scalar_map=SCALARS))


@dataclass(frozen=True)
class Person:
    """A viewer as the edge knows one."""

    name: str
    is_authenticated: bool


NOBODY = Person("nobody", is_authenticated=False)
PEOPLE = {"mrd_1_editor": Person("editor", is_authenticated=True), "mrp_1_link": Person("link", is_authenticated=False)}


async def authenticate(token: str) -> Person:
    if token == "mrd_1_away":
        raise Unavailable("The database is away.")
    if token not in PEOPLE:
        raise NotFound
    return PEOPLE[token]


def graphql(
    *,
    operations: dict[str, str] | None = None,
    only: bool = False,
    callers: Callers | None = None,
    anonymous_limits: Limits | None = None,
    **further: Any,
) -> GraphQL:
    trusted = Trusted(MappingProxyType(operations or {}), only=only)
    return GraphQL(
        execution=Execution(SCHEMA, lambda asker: asker),
        documents=Documents(SCHEMA._schema, committed=frozenset(trusted.operations)),
        callers=callers or Callers(KEY),
        authenticate=authenticate,
        anonymous=NOBODY,
        page=Page(),
        codes=REFUSALS,
        trusted=trusted,
        anonymous_limits=anonymous_limits or Limits(),
        **further,
    )


def build(
    endpoint: GraphQL | None = None,
    *,
    media: Path = Path("/nonexistent"),
    health: Health | None = None,
    **further: Any,
) -> ASGIApp:
    return application(graphql=endpoint or graphql(), media=Media(media), health=health or Health(), **further)


def connect(endpoint: GraphQL | None = None, **parts: Any) -> httpx.AsyncClient:
    """Make a client of the application in this process."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(build(endpoint, **parts)), base_url="http://clinic.test")
