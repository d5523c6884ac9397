"""Members at work through GraphQL on the sample clinic: one small article, from its first word to its publication."""

from datetime import UTC, datetime, timedelta
from typing import Any

from api.accounts.viewer import Role, Viewer, with_implied
from api.articles.models import Article
from tests import builders
from tests.asking import answer, ask

SECRET = "a secret of at least thirty-two bytes"
TITLE = "A short word on sore shoulders"
BODY = """
Most neck pain eases by itself. In one trial of 177 people, acupuncture eased pain on movement more than massage in
the short term, but not clearly more than a sham laser [@irnich2001].

## When to get help

See a doctor if the pain does not ease after a few weeks.
"""
PAYLOAD = "userErrors { code field message } article { id version stage isLive slug title }"
REPORT = "gateReport { passes findings { rule severity fingerprint waiver { why } } }"


async def viewer(*roles: Role, practitioner: str | None = None) -> Viewer:
    """A new member, as a viewer."""
    member = await builders.member(*roles, practitioner_id=practitioner)
    return Viewer(member.id, member.display_name, with_implied(frozenset(roles)), practitioner)


async def reviewer(slug: str = "anita-verwood") -> Viewer:
    """A member with the role and the credentials to review what is written here."""
    return await viewer(Role.REVIEWER, practitioner=await practitioner(slug))


async def practitioner(slug: str) -> str:
    found = await ask("query ($s: String!) { practitioner(by: {slug: $s}) { id } }", s=slug)
    return str(found["practitioner"]["id"])


def mutation(verb: str, fields: str) -> str:
    name = verb[0].upper() + verb[1:]
    return f"mutation ($input: {name}Input!) {{ {verb}(input: $input) {{ {fields} }} }}"


async def do(verb: str, asking: Viewer, *, fields: str = PAYLOAD, **said: Any) -> dict[str, Any]:
    """The payload of a mutation."""
    found: dict[str, Any] = (await ask(mutation(verb, fields), asking, input=said))[verb]
    return found


async def outcome(verb: str, asking: Viewer, **said: Any) -> str:
    """`OK`, or the code with which a mutation is refused: of a userError, else of the error of the whole request."""
    result = await answer(mutation(verb, "userErrors { code }"), asking, input=said)
    if result.errors:
        (error,) = result.errors
        return str((error.extensions or {}).get("code") or type(error.original_error).__mro__[1].__name__.upper())
    codes = [error["code"] for error in result.data[verb]["userErrors"]]
    return codes[0] if codes else "OK"


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]


def due(days: int = 300) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


async def written(editor: Viewer, *, body: str = BODY, title: str = TITLE, **said: Any) -> dict[str, Any]:
    """A new draft that nothing but the missing review stands against."""
    summary = "What one trial found, and what it did not."
    plain = {"title": title, "summary": summary, "body": {"markdown": body}} | await relations() | said
    made = await do("createArticle", editor, **plain)
    assert made["userErrors"] == []
    return dict(made["article"])


async def relations() -> dict[str, list[str]]:
    """What a draft about acupuncture for the neck names."""
    known = await ask("""{ condition(by: {slug: "neck-pain"}) { id } treatment(by: {slug: "acupuncture"}) { id }
      article(by: {slug: "neck-pain-and-acupuncture"}) { disclaimers { id } } }""")
    return {
        "authors": [await practitioner("maren-holloway")],
        "conditions": [known["condition"]["id"]],
        "treatments": [known["treatment"]["id"]],
        "disclaimers": [each["id"] for each in known["article"]["disclaimers"]],
    }


async def submitted(editor: Viewer, **said: Any) -> dict[str, Any]:
    article = await written(editor, **said)
    done = await do("submitArticle", editor, id=article["id"], expectedVersion=article["version"])
    assert done["userErrors"] == []
    return dict(done["article"])


async def decided(article: dict[str, Any], result: str = "APPROVED", by: Viewer | None = None) -> dict[str, Any]:
    said = {"outcome": result, "evidenceRechecked": True, "nextReviewDue": due() if result == "APPROVED" else None}
    by = by or await reviewer()
    done = await do("reviewArticle", by, id=article["id"], expectedVersion=article["version"], **said)
    assert done["userErrors"] == []
    return dict(done["article"])


async def approved(editor: Viewer, **said: Any) -> dict[str, Any]:
    return await decided(await submitted(editor, **said))


async def published(editor: Viewer, **said: Any) -> dict[str, Any]:
    article = await approved(editor, **said)
    done = await do("publishArticle", editor, id=article["id"], expectedVersion=article["version"])
    assert done["userErrors"] == []
    return dict(done["article"])


async def version(article: dict[str, Any]) -> int:
    return (await Article.get(id=article["id"])).version
