"""Readers at their forms: a form of any age, a proof of work, a comment sent as the site sends it."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from altcha import Challenge, Payload, solve_challenge

from api.comments import abuse, consent, forms
from tests.people import SECRET_KEY, Program

SHOWN = "id status privateLink help { kind heading telephones { number } }"
GIVEN = {"textVersion": consent.VERSION, "given": True}


def form(article: str, *, secret: str = SECRET_KEY, **age: float) -> forms.Form:
    """A form that was issued so long ago; twenty seconds when nothing is said."""
    return forms.issue(secret, article, datetime.now(UTC) - timedelta(**(age or {"seconds": 20})))


def solved(of: forms.Form) -> str:
    """The proof of work that belongs to a form."""
    challenge = Challenge.from_dict(of.challenge)
    solution = solve_challenge(challenge)
    assert solution
    return Payload(challenge, solution).to_base64()


def said(article: str, body: str = "Thank you for the table.", **more: Any) -> dict[str, Any]:
    """The input of a comment that nothing is wrong with."""
    plain = {"article": article, "body": body, "displayName": "Wren", "consent": GIVEN}
    return plain | {"formToken": form(article).token} | more


def proven(article: str, body: str = "Thank you for the table.", **more: Any) -> dict[str, Any]:
    """The same with a proof of work."""
    made = form(article)
    return said(article, body, formToken=made.token, proofOfWork=solved(made), **more)


async def submit(program: Program, sent: dict[str, Any], address: str = "") -> dict[str, Any]:
    """The payload of submitComment."""
    payload: dict[str, Any] = await program.act("submitComment", sent, SHOWN, address=address)
    return payload


def told(payload: dict[str, Any]) -> str:
    """The one sentence of a refusal."""
    (error,) = payload["userErrors"]
    return str(error["message"])


async def later(moment: datetime | None = None) -> int:
    """What is left of the days before is forgotten, as if this day were over."""
    return await abuse.forget((moment or datetime.now(UTC)) + timedelta(days=1))


def stopwatch() -> float:
    return time.perf_counter()
