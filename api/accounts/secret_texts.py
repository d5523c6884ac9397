"""The texts that are shown once, `mrd_<id>_<secret>` and `mri_<id>_<secret>`; only a digest of the secret is kept."""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256

from api import ids


@dataclass(frozen=True)
class SecretText:
    """A new secret of 256 random bits: what to show, and what to keep."""

    text: str
    digest: bytes


def make(prefix: str, identity: str) -> SecretText:
    """A text for the row with this id."""
    secret = secrets.token_urlsafe(32)
    return SecretText(f"{prefix}{identity.partition('_')[2]}_{secret}", _digest(secret))


def parts(prefix: str, text: str, kind: str) -> tuple[str, str]:
    """The id of this kind and the secret that a text claims; an empty id when it is none."""
    identity, _, secret = text.removeprefix(prefix).partition("_")
    claimed = f"{kind}_{identity}"
    return (claimed if text.startswith(prefix) and ids.prefix_of(claimed) == kind else ""), secret


def is_genuine(kept: bytes | None, secret: str) -> bool:
    """Whether the digest is this secret's; without one the same work is done and the answer is no."""
    return hmac.compare_digest(kept or bytes(32), _digest(secret))


def _digest(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
