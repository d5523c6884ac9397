"""The workers' signs of life, by which an operator sees that one is there."""

import os
import socket
from datetime import UTC, datetime, timedelta

from tortoise import fields
from tortoise.models import Model

KEPT = timedelta(days=1)


class Heartbeat(Model):
    """When a worker, named by its machine and process, was last seen at work."""

    worker = fields.CharField(primary_key=True, max_length=120)
    at = fields.DatetimeField()

    class Meta:
        table = "heartbeat"


async def beat() -> int:
    """Leave a sign of life; there is nothing to count."""
    name = f"{socket.gethostname()[:100]}:{os.getpid()}"
    await Heartbeat.update_or_create({"at": datetime.now(UTC)}, worker=name)
    return 0


async def last() -> datetime | None:
    """When the liveliest worker was last seen."""
    newest = await Heartbeat.all().order_by("-at").first()
    return newest.at if newest else None


async def forget(now: datetime) -> int:
    """Drop the workers that are long gone."""
    return await Heartbeat.filter(at__lt=now - KEPT).delete()
