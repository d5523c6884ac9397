"""Who changed what, when, and what it was before; written in the transaction of the change itself."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class AuditEntry(Model):
    """One act. `before` and `after` are snapshots of what it touched."""

    id = fields.BigIntField(primary_key=True, generated=True)
    at = fields.DatetimeField(auto_now_add=True)
    actor = fields.CharField(max_length=40, db_index=True)
    verb = fields.CharField(max_length=60)
    thing = fields.CharField(max_length=40, db_index=True)
    before: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    after: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)

    class Meta:
        table = "audit_entry"
