"""The signed form and its proof of work: stateless until used, bound to one article, good for a day."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import orjson
from altcha import Payload, create_challenge, verify_solution

from api import sealing
from api.errors import Invalid, RateLimited

if TYPE_CHECKING:
    from altcha import ChallengeParameters

FORM: Final = "meridian/comment-form"
PROOF: Final = "meridian/altcha"
PROOF_KEY: Final = "meridian/altcha-key"
KEPT: Final = timedelta(hours=24)
SOONEST_WITH_PROOF: Final = timedelta(seconds=3)
SOONEST_WITHOUT: Final = timedelta(seconds=15)
AHEAD: Final = timedelta(seconds=5)
"""How far the clocks of two API processes may differ."""
ALGORITHM: Final = "PBKDF2/SHA-256"
ROUNDS: Final = 1_000
FEWEST, MOST = 40, 120
"""The sender tries so many keys of so many rounds: at most 120,000 rounds, in `docs/privacy.md` with their time."""
LONGEST_PROOF: Final = 4_000


class FormForged(Invalid):
    """This form was not made by this site: load the page again and send the form that it shows."""


class FormElsewhere(Invalid):
    """This form belongs to another article: load the page of the article that you mean and send its form."""


class FormTooOld(Invalid):
    """This form is older than a day: load the page again, then send your text once more."""


class TooFast(RateLimited):
    """This came faster than people write: wait a few seconds and send it again."""


class ProofWrong(Invalid):
    """The proof of work is not right: load the page again, or send the form without it."""


class ProofElsewhere(Invalid):
    """The proof of work belongs to another article: load the page of the article that you mean."""


class ProofTooOld(Invalid):
    """The proof of work is older than a day: load the page again and send the new one."""


class ProofUsed(Invalid):
    """This proof of work was used before: if your text has not arrived yet, load the page again and send it."""


@dataclass(frozen=True)
class Form:
    """What a page needs to show a form: the token that goes back with it, and a challenge (ALTCHA, version 2)."""

    token: str
    challenge: dict[str, Any]


@dataclass(frozen=True)
class Proof:
    """A proof of work that holds; it is used up by its nonce."""

    nonce: str
    expires_at: datetime


def issue(secret: str, article: str, now: datetime) -> Form:
    """A form for one article; nothing is kept of it."""
    content = orjson.dumps([article, int(now.timestamp() * 1000)])
    challenge = create_challenge(
        ALGORITHM, ROUNDS,
        counter=FEWEST + secrets.randbelow(MOST - FEWEST),
        expires_at=now + KEPT,
        data={"article": article},
        hmac_secret=sealing.derive(secret, PROOF),
        hmac_key_secret=sealing.derive(secret, PROOF_KEY),
    )  # fmt: skip
    return Form(sealing.seal(sealing.derive(secret, FORM), content), challenge.to_dict())


def check(secret: str, token: str, article: str, now: datetime, *, proven: bool) -> None:
    """Refuse a form that is forged, another article's, sent too soon or too late; each with a sentence of its own."""
    content = sealing.unseal(sealing.derive(secret, FORM), token)
    if content is None:
        raise FormForged(path=("form_token",))
    meant, milliseconds = orjson.loads(content)
    if meant != article:
        raise FormElsewhere(path=("form_token",))
    age = now - datetime.fromtimestamp(milliseconds / 1000, UTC)
    if age > KEPT or age < -AHEAD:
        raise FormTooOld(path=("form_token",))
    if age < (SOONEST_WITH_PROOF if proven else SOONEST_WITHOUT):
        raise TooFast(path=("form_token",))


def prove(secret: str, text: str, article: str) -> Proof:
    """The proof that a text holds; refused when it does not."""
    parameters = _parameters(text)
    result = verify_solution(
        text, sealing.derive(secret, PROOF), hmac_key_secret=sealing.derive(secret, PROOF_KEY)
    )  # fmt: skip
    if result.expired:
        raise ProofTooOld(path=("proof_of_work",))
    if not result.verified or parameters is None or parameters.expires_at is None:
        raise ProofWrong(path=("proof_of_work",))
    if (parameters.data or {}).get("article") != article:
        raise ProofElsewhere(path=("proof_of_work",))
    return Proof(parameters.nonce, datetime.fromtimestamp(parameters.expires_at, UTC))


def _parameters(text: str) -> ChallengeParameters | None:
    """What a text claims to solve; only worth something once the text is verified."""
    if len(text) > LONGEST_PROOF:
        return None
    try:
        return Payload.from_base64(text).challenge.parameters
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
