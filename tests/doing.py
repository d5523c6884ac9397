"""Does things through GraphQL as members do: a member for each role, a mutation with one `input`, a refusal's codes."""

from typing import Any

from api.accounts.viewer import Role, Viewer, with_implied
from tests import builders
from tests.asking import ask

ERRORS = "userErrors { code field message }"


async def member(*roles: Role, practitioner: str | None = None) -> Viewer:
    row = await builders.member(*roles, practitioner_id=practitioner)
    return Viewer(row.id, row.display_name, with_implied(frozenset(roles)), practitioner)


async def do(verb: str, asking: Viewer, fields: str, **said: Any) -> dict[str, Any]:
    """The payload of a mutation, refusals included."""
    name = verb[0].upper() + verb[1:]
    document = f"mutation ($input: {name}Input!) {{ {verb}(input: $input) {{ {ERRORS} {fields} }} }}"
    found: dict[str, Any] = (await ask(document, asking, input=said))[verb]
    return found


async def done(verb: str, asking: Viewer, fields: str, **said: Any) -> dict[str, Any]:
    """The payload of a mutation that is not refused."""
    found = await do(verb, asking, fields, **said)
    assert found["userErrors"] == [], found
    return found


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]
