"""The tables of what is derived from revisions: a rendering at save, and what the gate said; made anew when needed."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from api.articles.models import Revision


class Rendering(Model):
    """What is derived from a revision at save; made anew when the renderer changes, so that the revision need not."""

    revision: fields.OneToOneRelation[Revision] = fields.OneToOneField(
        "meridian.Revision", related_name=False, primary_key=True, on_delete=fields.CASCADE
    )
    renderer_version = fields.IntField()
    html = fields.TextField()
    blocks: fields.Field[list[dict[str, Any]]] = fields.JSONField()
    text = fields.TextField()
    toc: fields.Field[list[dict[str, Any]]] = fields.JSONField()
    citations: fields.Field[list[dict[str, Any]]] = fields.JSONField()
    word_count = fields.IntField()
    reading_minutes = fields.IntField()
    reading_grade = fields.FloatField(null=True)
    computed_at = fields.DatetimeField(auto_now=True)

    revision_id: str

    class Meta:
        table = "rendering"


class GateReport(Model):
    """What the publish gate said of a revision, at save and again every night."""

    revision: fields.OneToOneRelation[Revision] = fields.OneToOneField(
        "meridian.Revision", related_name=False, primary_key=True, on_delete=fields.CASCADE
    )
    policy_version = fields.CharField(max_length=40)
    computed_at = fields.DatetimeField()
    findings: fields.Field[list[dict[str, Any]]] = fields.JSONField()

    revision_id: str

    class Meta:
        table = "gate_report"
