"""Outgoing mail, where SMTP_URL names a server: letters wait in an outbox, and the worker hands them over.

A letter is kept in the transaction of what it tells of, and handed over outside of any. It is taken from the outbox for
a few minutes before it goes, so that two workers never send it; only a crash between the server's yes and our note of
it repeats it, under the same Message-ID.
"""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

import structlog
from tortoise import fields
from tortoise.models import Model

from api import ids
from api.sql import rows, sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.settings import MailServer

log = structlog.get_logger(__name__)

SECONDS = 30
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""How long a letter waits after each failure; the last one again and again."""
KEPT_UNSENT = timedelta(days=3)
KEPT = timedelta(days=30)
CLAIM = """
UPDATE letter SET tries = tries + 1, not_before = now() + INTERVAL '5 minutes' WHERE id = (
  SELECT id FROM letter WHERE sent_at IS NULL AND refused_at IS NULL AND not_before <= now()
   ORDER BY not_before, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, recipient, subject, text, tries, created_at
"""


class Letter(Model):
    """A letter to one person: waiting, sent, or refused for good by the server."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.letter)
    recipient = fields.CharField(max_length=254)
    subject = fields.CharField(max_length=120)
    text = fields.TextField()
    tries = fields.IntField(default=0)
    created_at = fields.DatetimeField(auto_now_add=True, db_index=True)
    not_before = fields.DatetimeField(auto_now_add=True, db_index=True)
    sent_at = fields.DatetimeField(null=True)
    refused_at = fields.DatetimeField(null=True)

    class Meta:
        table = "letter"


@dataclass(frozen=True)
class Taken:
    """A letter in hand: nobody else has it for five minutes."""

    id: str
    recipient: str
    subject: str
    text: str
    tries: int
    created_at: datetime


async def send(to: str, subject: str, text: str) -> None:
    """Keep a letter for the worker, in the caller's transaction if there is one. No health words in the subject."""
    await Letter.create(recipient=to, subject=subject, text=text)


async def deliver(server: MailServer, most: int = 50) -> int:
    """Hand over what waits, one letter after the other; how many the server took."""
    sent = 0
    for _ in range(most):
        found = await rows(sql(CLAIM))
        if not found:
            break
        sent += await _deliver(Taken(**found[0]), server)
    return sent


async def greet(server: MailServer) -> None:
    """See that the server takes us: connect, sign in, NOOP; raises OSError or SMTPException when it does not."""

    def greet() -> None:
        with _connected(server) as connection:
            code, said = connection.noop()
            if code != DONE:
                raise smtplib.SMTPResponseException(code, said)

    await asyncio.to_thread(greet)


async def forget(now: datetime) -> int:
    """Drop what was sent or refused a month ago, and what nobody could send for three days: it is in the worklist."""
    old = await Letter.filter(created_at__lt=now - KEPT).delete()
    return old + await Letter.filter(created_at__lt=now - KEPT_UNSENT, sent_at=None, refused_at=None).delete()


async def _deliver(letter: Taken, server: MailServer) -> bool:
    try:
        message = _message(letter, server)
    except ValueError:  # a header that would be two
        return await _failed(letter, NOT_A_LETTER)
    try:
        await asyncio.to_thread(_hand_over, message, letter.recipient, server)
    except smtplib.SMTPRecipientsRefused as refusal:
        ((code, _),) = refusal.recipients.values()
        return await _failed(letter, code)
    except smtplib.SMTPResponseException as refusal:
        return await _failed(letter, refusal.smtp_code if not isinstance(refusal, smtplib.SMTPConnectError) else 0)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail_server_away", reason=type(error).__name__)
        return await _failed(letter, 0)
    await rows(sql("UPDATE letter SET sent_at = now() WHERE id = ?", letter.id))
    return True


async def _failed(letter: Taken, code: int) -> bool:
    """Try again later, or never when the server refuses just this letter for good."""
    if code in REFUSED:
        log.warning("letter_refused", letter=letter.id, code=code)
        await rows(sql("UPDATE letter SET refused_at = now() WHERE id = ?", letter.id))
    else:
        pause = PAUSES[min(letter.tries, len(PAUSES)) - 1]
        await rows(sql("UPDATE letter SET not_before = now() + ?::interval WHERE id = ?", pause, letter.id))
    return False


NOT_A_LETTER = 554
DONE = 250
REFUSED = frozenset({550, 551, 552, 553, NOT_A_LETTER, 555})
"""Answers about a recipient or a message; a wrong password or a full disk is the operator's to mend."""


def _message(letter: Taken, server: MailServer) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = server.sender, letter.recipient, letter.subject
    message["Date"] = format_datetime(letter.created_at)
    message["Message-ID"] = f"<{letter.id}@{server.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def _hand_over(message: EmailMessage, recipient: str, server: MailServer) -> None:
    with _connected(server) as connection:
        connection.send_message(message, server.sender, [recipient])


@contextlib.contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """Speak SMTP: encrypted from the start or from STARTTLS on; never a password in the clear, but to this machine."""
    context = ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
        if server.encrypted
        else smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    ) as connection:
        connection.ehlo()
        if not server.encrypted and connection.has_extn("starttls"):
            connection.starttls(context=context)
            connection.ehlo()
        elif not server.encrypted and not server.is_here:
            raise smtplib.SMTPNotSupportedError("STARTTLS")
        if server.user:
            connection.login(server.user, server.password)
        yield connection
