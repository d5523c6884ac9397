"""Secrets that are kept nowhere, and the signature of the Standard Webhooks specification, 1.0.

A secret is derived from the deployment's key and a salt that stands with the webhook: the table alone, or a copy of it,
signs nothing. A new `SECRET_KEY` ends all secrets.
"""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

from standardwebhooks import Webhook as Signer

from api import sealing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from api.syndication.webhooks.models import Webhook

PURPOSE = "meridian/webhooks"
PREFIX = "whsec_"
SALT = 16


def new_salt() -> bytes:
    return secrets.token_bytes(SALT)


def secret(key: bytes, salt: bytes) -> str:
    """The secret as its owner is shown it; `key` is the deployment's, derived for `PURPOSE`."""
    return PREFIX + base64.b64encode(sealing.expand(key, salt=salt, info=b"secret")).decode()


def headers(key: bytes, webhook: Webhook, message: str, at: datetime, body: str) -> dict[str, str]:
    """What goes with a message: its id, the moment, and a signature by each secret that holds."""
    signed = [Signer(secret(key, salt)).sign(message, at, body) for salt in _salts(webhook, at)]
    return {
        "content-type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signed),
    }


def _salts(webhook: Webhook, at: datetime) -> Iterator[bytes]:
    yield webhook.salt
    if webhook.previous_salt and webhook.previous_until and at < webhook.previous_until:
        yield webhook.previous_salt
