"""What the plan knows of each type of the schema: every field that it can read, by name."""

from collections.abc import Mapping

from schema.plan.facts import article, clinic, comment, condition, document, media, practitioner, source, treatment
from schema.plan.facts import query as root
from schema.plan.model import Facts

TYPES: Mapping[str, Facts] = {
    **article.TYPES,
    **clinic.TYPES,
    **comment.TYPES,
    **condition.TYPES,
    **document.TYPES,
    **media.TYPES,
    **practitioner.TYPES,
    **root.TYPES,
    **source.TYPES,
    **treatment.TYPES,
}
