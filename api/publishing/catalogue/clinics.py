"""What is particular to the clinic itself: its country, its time zone, and terms that partners accepted by version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

import nh3

from api import gate
from api.errors import Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.clinic import Clinic
    from api.publishing.catalogue.entries import Said


class SameVersion(Invalid):
    """Partners accepted these terms by their version: give changed terms a new one."""


def normal(said: Said) -> Said:
    """What is said of the clinic, with the HTML of its terms cleaned."""
    terms = said.get("syndication_terms")
    return said | {"syndication_terms": terms | {"html": nh3.clean(terms["html"])}} if terms else said


async def check(said: Mapping[str, Any], row: Clinic | None) -> None:
    """Refuse a country without a claim policy, an unknown time zone, and new terms under an old version."""
    try:
        gate.for_jurisdiction(said["jurisdiction"])
    except NotFound as refusal:
        raise Invalid(refusal.message, path=("jurisdiction",)) from None
    if said["timezone"] not in available_timezones():
        raise Invalid("There is no such time zone: name one such as Europe/London.", path=("timezone",))
    terms = row.syndication_terms if row else None
    if terms and terms != said["syndication_terms"] and terms.get("version") == said["syndication_terms"]["version"]:
        raise SameVersion(path=("syndication_terms", "version"))
