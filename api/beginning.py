"""How far a new clinic has come on its way to its first article: read from what is there, and told until then."""

from __future__ import annotations

from dataclasses import dataclass

from api.sql import Sql, rows

STEPS = """
SELECT EXISTS (SELECT FROM member WHERE 'ADMIN' = ANY(roles) AND password_digest IS NOT NULL AND disabled_at IS NULL)
         AS has_admin,
       EXISTS (SELECT FROM clinic) AS has_clinic,
       EXISTS (SELECT FROM practitioner) AS has_practitioner,
       EXISTS (SELECT FROM article) AS has_text
 WHERE NOT EXISTS (SELECT FROM article WHERE first_published_at IS NOT NULL)
"""


@dataclass(frozen=True)
class Beginning:
    """Which of the first steps are done."""

    has_admin: bool
    has_clinic: bool
    has_practitioner: bool
    has_text: bool


async def steps() -> Beginning | None:
    """The steps that are done; None once there was a first article."""
    found = await rows(Sql(STEPS))
    return Beginning(**found[0]) if found else None
