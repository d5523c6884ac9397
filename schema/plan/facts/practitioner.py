"""Practitioners and what entitles them."""

from api.articles import reading
from schema.plan import jsonld
from schema.plan.facts import rows
from schema.plan.model import NULL, Column, Facts, link, own

TODAY = "(now() AT TIME ZONE 'UTC')::date"

PRACTITIONER: Facts = {
    **own(
        "id", "name", "slug", "honorificPrefix", "jobTitle", "profession", "bio", "specialties", "sameAs",
        "conflictOfInterest", "affiliation",
    ),
    "version": NULL,
    "isPublished": NULL,
    "url": Column("{site} || '/practitioners/' || {row}.slug"),
    "bookingUrl": Column(link("{row}.booking_url")),
    "photo": rows.picture("photo_id"),
    "credentials": rows.below("credential", "practitioner"),
    "treats": rows.linked("practitioner_treats", "practitioner", "condition"),
    "offers": rows.linked("practitioner_offers", "practitioner", "treatment"),
    "articles": rows.articles(lambda _: reading.related_by(rows.VIEWER, "revision_author", "practitioner_id")),
    "reviewed": rows.articles(lambda _: reading.reviewed_by(rows.VIEWER)),
    "jsonLd": Column(jsonld.PRACTITIONER),
}  # fmt: skip
CREDENTIAL: Facts = {
    **own("kind", "name", "recognizedBy", "identifier", "url", "validFrom", "validUntil"),
    "isCurrent": Column(
        f"({TODAY} BETWEEN coalesce({{row}}.valid_from, {TODAY}) AND coalesce({{row}}.valid_until, {TODAY}))"
    ),
}
TYPES = {"Practitioner": PRACTITIONER, "Credential": CREDENTIAL}
