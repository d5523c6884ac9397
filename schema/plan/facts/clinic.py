"""The clinic, its terms and the disclaimers."""

from api.sql import Sql
from schema.plan import holes
from schema.plan.facts import rows
from schema.plan.model import NULL, Column, Facts, Many, Same, link, own

LINKS = {
    "url": "url", "bookingUrl": "booking_url", "publishingPrinciplesUrl": "publishing_principles_url",
    "complaintsUrl": "complaints_url", "privacyUrl": "privacy_url",
}  # fmt: skip
ADDRESS = {
    "street": "street", "locality": "locality", "region": "region", "postalCode": "postal_code", "country": "country",
}  # fmt: skip


def _texts(column: str, **names: str) -> Facts:
    """Texts in a JSON object, by their GraphQL names."""
    return {name: Column(f"{{row}}.{column} ->> '{key}'") for name, key in names.items()}


CLINIC: Facts = {
    **own(
        "id", "name", "legalName", "strapline", "telephone", "email", "jurisdiction", "timezone", "emergencyNote",
        "reviewIntervalMonths", "isSample",
    ),
    **{name: Column(link(f"{{row}}.{column}")) for name, column in LINKS.items()},
    "version": NULL,
    "address": Same("{row}.address <> '{}'"),
    "openingHours": Many(
        lambda _: Sql("SELECT said.value AS said FROM jsonb_array_elements({row}.opening_hours) AS said")
    ),
    "geo": Same("{row}.geo <> '{}'"),
    "logo": rows.picture("logo_id"),
    "syndicationTerms": Same(),
    "licence": Same("{row}.licence <> '{}'", "Licence of a clinic"),
}  # fmt: skip
TERMS: Facts = {
    "version": Column("{row}.syndication_terms ->> 'version'", needed=True),
    "html": Column(holes.html("({row}.syndication_terms ->> 'html')"), needed=True),
    "url": Column(link("coalesce(nullif({row}.syndication_terms ->> 'url', ''), '/partners')")),
}
LICENCE: Facts = {
    **_texts("licence", version="version", url="url"),
    "name": Column("{row}.licence ->> 'name'", needed=True),
}
HOURS: Facts = {
    **_texts("said", opens="opens", closes="closes", note="note"),
    "days": Column("{row}.said -> 'days'", needed=True, type="jsonb"),
}
DISCLAIMER: Facts = {**own("id", "key", "title", "text"), "version": NULL, "isPublished": NULL}
TYPES = {
    "Clinic": CLINIC,
    "Address": {
        **_texts("address", **ADDRESS),
        "country": Column("{row}.address ->> 'country'", needed=True),
    },
    "OpeningHours": HOURS,
    "GeoPoint": {
        name: Column(f"{{row}}.geo -> '{name}'", needed=True, type="jsonb") for name in ("latitude", "longitude")
    },
    "SyndicationTerms": TERMS,
    "Licence of a clinic": LICENCE,
    "Disclaimer": DISCLAIMER,
}
