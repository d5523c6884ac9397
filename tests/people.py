"""Members with passwords and tokens for tests, and the whole program for them to talk to."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from api import app, sealing, settings
from api.accounts import passwords, tokens
from api.accounts.failures import Origin
from api.accounts.models import Member
from api.accounts.viewer import Role, Scope, Viewer

SECRET_KEY = "s" * 40
PASSWORD = "seven quiet herons"
OTHER = "eleven loud magpies"
ORIGIN = Origin(sealing.derive(SECRET_KEY, "meridian/hash"), "203.0.113.7")
_numbers = itertools.count(1)
_digests: dict[str, str] = {}


class Program:
    """The whole program in this process."""

    def __init__(self, database: str, folder: Path, **given: Any) -> None:
        self.app, _ = app.build(settings.Settings(data_dir=folder, secret_key=SECRET_KEY, **given), database)
        self.addresses = itertools.count(1)

    async def send(
        self,
        document: str,
        said: dict[str, Any] | None = None,
        token: str = "",
        address: str = "",
        more: dict[str, str] | None = None,
        **variables: Any,
    ) -> dict[str, Any]:
        """The whole answer to a document; each call comes from another address unless one is named."""
        number = next(self.addresses)
        client = (address or f"198.51.{number // 250}.{number % 250}", 1234)
        transport = httpx.ASGITransport(self.app, client=client)
        headers = ({"authorization": f"Bearer {token}"} if token else {}) | (more or {})
        variables = variables | ({"input": said} if said is not None else {})
        async with httpx.AsyncClient(transport=transport, base_url="http://clinic.test") as connected:
            answer = await connected.post("/graphql", json={"query": document, "variables": variables}, headers=headers)
        return answer.json()

    async def act(self, name: str, said: dict[str, Any], shown: str, token: str = "", address: str = "") -> Any:
        """What one mutation answers, which has no error at the top."""
        asked = f"{shown} userErrors {{ code field message }}"
        document = f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ {asked} }} }}"
        answer = await self.send(document, said, token, address)
        assert "errors" not in answer, answer
        return answer["data"][name]

    async def ask(self, document: str, token: str = "", **variables: Any) -> Any:
        """The data of a document that has no errors."""
        answer = await self.send(document, None, token, **variables)
        assert "errors" not in answer, answer
        return answer["data"]

    async def refused(self, document: str, said: dict[str, Any] | None = None, token: str = "") -> str | None:
        """The code of the error at the top; None when there is none."""
        answer = await self.send(document, said, token)
        return answer["errors"][0]["extensions"]["code"] if "errors" in answer else None

    async def who(self, token: str) -> str | None:
        """The name of whom a token stands for; None when it does not hold."""
        answer = await self.send("{ viewer { displayName } }", token=token)
        return answer["data"]["viewer"]["displayName"] if "data" in answer else None


async def digest(password: str = PASSWORD) -> str:
    if password not in _digests:
        _digests[password] = await passwords.digest(password)
    return _digests[password]


async def member(*roles: Role, password: str | None = PASSWORD, **said: Any) -> Member:
    """A member who can sign in."""
    number = next(_numbers)
    usual = {"email": f"member{number}@clinic.example", "display_name": f"Member {number}"}
    kept = await digest(password) if password else None
    return await Member.create(**usual | {"roles": [*roles] or [Role.AUTHOR], "password_digest": kept} | said)


async def token(of: Member, *scopes: Scope, **time: float) -> str:
    """The text of a token with these scopes, all of them when none is named."""
    expires = datetime.now(UTC) + timedelta(**(time or {"hours": 1}))
    return (await tokens.make(of, "test", expires, frozenset(scopes or Scope))).text


async def viewer(text: str) -> Viewer:
    """Whom a token stands for, as the edge knows it."""
    found = await tokens.viewer_of(text)
    assert found
    return found
