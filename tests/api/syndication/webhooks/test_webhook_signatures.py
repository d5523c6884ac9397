"""Signatures hold for the reference libraries of two languages, through a rotation, and for nobody else's secret."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from api.syndication.webhooks import signing
from api.syndication.webhooks.models import Webhook
from tests import builders
from tests.couriers import SIGNING, carry, change, courier, secret
from tests.receiving import Message, Receiver

VERIFY = Path(__file__).parent / "verify"
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def run(name: str, *arguments: str, said: str = "") -> str:
    """Run node or npm: the one beside this Python first, where `make` puts them."""
    found = shutil.which(name, path=PATH)
    if not found:
        pytest.skip(f"{name} is not installed: `make test` installs it.")
    return subprocess.run(
        [found, *arguments], cwd=VERIFY, env={**os.environ, "PATH": PATH}, input=said, check=True,
        capture_output=True, text=True,
    ).stdout  # fmt: skip


def by_npm(key: str, message: Message, body: str | None = None) -> str:
    """What npm's library says of a message."""
    if not (VERIFY / "node_modules/standardwebhooks").is_dir():
        run("npm", "ci", "--ignore-scripts")
    said = {"secret": key, "headers": message.headers, "body": body or message.body}
    return run("node", "verify.js", said=json.dumps(said)).strip()


def by_python(key: str, message: Message) -> str:
    return str(Verifier(key).verify(message.body, message.headers)["type"])


async def sent(receiver: Receiver) -> Message:
    """A message as it arrives."""
    await change(explanation="Ä correction – with “quotes”")
    await carry(courier())
    return receiver.messages[-1]


async def test_the_reference_libraries_of_two_languages_agree_with_the_signature(database, receiver: Receiver):
    webhook = await builders.webhook(receiver.url())
    message = await sent(receiver)

    assert by_python(secret(webhook), message) == "article.published"
    assert by_npm(secret(webhook), message) == "article.published"
    assert (
        by_npm(secret(webhook), message, message.body.replace("PUBLISHED", "WITHDRAWN"))
        == "No matching signature found"
    )


async def test_while_a_secret_is_rotated_the_old_and_the_new_one_verify_in_both_languages(database, receiver: Receiver):
    until = datetime.now(UTC) + timedelta(hours=1)
    webhook = await builders.webhook(receiver.url(), previous_salt=signing.new_salt(), previous_until=until)
    message = await sent(receiver)

    assert len(message.headers["webhook-signature"].split()) == 2
    for salt in (webhook.salt, webhook.previous_salt):
        key = signing.secret(SIGNING, salt)
        assert (by_python(key, message), by_npm(key, message)) == ("article.published", "article.published")


async def test_after_the_overlap_the_old_secret_verifies_nothing(database, receiver: Receiver):
    over = datetime.now(UTC) - timedelta(seconds=1)
    webhook = await builders.webhook(receiver.url(), previous_salt=signing.new_salt(), previous_until=over)
    message = await sent(receiver)

    assert len(message.headers["webhook-signature"].split()) == 1
    assert by_python(secret(webhook), message) == "article.published"
    with pytest.raises(WebhookVerificationError, match="No matching"):
        by_python(signing.secret(SIGNING, webhook.previous_salt), message)


async def test_another_webhooks_secret_verifies_nothing(database, receiver: Receiver):
    await builders.webhook(receiver.url())
    other = await builders.webhook(receiver.url("/other"), events=["recall.opened"])
    message = await sent(receiver)

    with pytest.raises(WebhookVerificationError):
        by_python(secret(other), message)


async def test_a_try_is_signed_at_its_own_moment_and_not_at_the_first(database, receiver: Receiver):
    await builders.webhook(receiver.url())
    message = await sent(receiver)

    assert abs(int(message.headers["webhook-timestamp"]) - datetime.now(UTC).timestamp()) < 5


async def test_no_secret_stands_in_the_table(database):
    webhook = await builders.webhook()

    kept = str(vars(await Webhook.get(id=webhook.id)))

    assert secret(webhook).removeprefix("whsec_") not in kept
    assert secret(webhook) != signing.secret(b"x" * 32, webhook.salt)
    assert len(secret(webhook)) == len("whsec_") + 44
