"""The clinic, its terms, and the disclaimers under its articles."""

from typing import Any

import nh3
import strawberry
from strawberry import ID, Parent, field

from api import clinic as rows
from schema.context import Info
from schema.entry import Entry, Versioned
from schema.node import Node, made_from
from schema.refs import MediaAssetRef
from schema.scalars import URL


@strawberry.type(description="A postal address.")
class Address:
    street: str | None = field(description="Street and number.")
    locality: str | None = field(description="Town.")
    region: str | None = field(description="Region or county.")
    postal_code: str | None = field(description="Postal code.")
    country: str = field(description="Country, ISO 3166-1 alpha-2.")


@strawberry.type(description="When the clinic is open.")
class OpeningHours:
    days: list[str] = field(description="The days, in words of the clinic's language.")
    opens: str | None = field(description="From, `HH:MM` in the clinic's time zone; null when closed.")
    closes: str | None = field(description="To, `HH:MM` in the clinic's time zone; null when closed.")
    note: str | None = field(description="What else to know.")


@strawberry.type(description="A place on the map (WGS 84).")
class GeoPoint:
    latitude: float = field(description="Degrees north.")
    longitude: float = field(description="Degrees east.")


@strawberry.type(description="The clinic's own versioned, revocable terms for those who republish.")
class SyndicationTerms:
    version: str = field(description="The version, such as `2026-11`.")
    html: str = field(description="The terms.")
    url: URL = field(description="Where they stand.")


@strawberry.type(description="The licence under which a text may be shown elsewhere.")
class Licence:
    name: str = field(description="Its name.")
    version: str | None = field(description="Its version.")
    url: URL | None = field(description="Where it stands.")


@strawberry.type(description="A sentence that stands under articles.")
class Disclaimer(Node, Entry):
    is_type_of = made_from(rows.Disclaimer)

    id: ID = field(description="The id, `dsc_…`.")
    key: str = field(description="`NOT_A_SUBSTITUTE`, which every health article carries, or `CUSTOM`.")
    title: str = field(description="Its heading.")
    text: str = field(description="The sentence itself, plain text.")


@strawberry.type(description="The clinic that publishes (schema.org MedicalClinic); one for each deployment.")
class Clinic(Node, Versioned):
    is_type_of = made_from(rows.Clinic)

    id: ID = field(description="The id, `cln_…`.")
    name: str = field(description="Its name.")
    legal_name: str | None = field(description="Its name in law.")
    strapline: str | None = field(description="The clinic in one sentence.")
    telephone: str | None = field(description="Telephone number.")
    email: str | None = field(description="E-mail address.")
    jurisdiction: str = field(description="Whose law and advertising rules hold, ISO 3166-1 alpha-2.")
    timezone: str = field(description="IANA time zone of its dates and hours.")
    emergency_note: str | None = field(description="What to do in an emergency, since the clinic is not for that.")
    review_interval_months: int = field(description="After how many months an article must be reviewed again.")
    is_sample: bool = field(description="Whether this is the demonstration clinic, which does not exist.")

    @field(description="Its own web address.")
    @staticmethod
    def url(clinic: Parent[rows.Clinic], info: Info) -> URL | None:
        return info.context.link(clinic.url)

    @field(description="Where to book.")
    @staticmethod
    def booking_url(clinic: Parent[rows.Clinic], info: Info) -> URL | None:
        return info.context.link(clinic.booking_url)

    @field(description="How articles are written and reviewed.")
    @staticmethod
    def publishing_principles_url(clinic: Parent[rows.Clinic], info: Info) -> URL | None:
        return info.context.link(clinic.publishing_principles_url)

    @field(description="How to complain.")
    @staticmethod
    def complaints_url(clinic: Parent[rows.Clinic], info: Info) -> URL | None:
        return info.context.link(clinic.complaints_url)

    @field(description="What happens with personal data.")
    @staticmethod
    def privacy_url(clinic: Parent[rows.Clinic], info: Info) -> URL | None:
        return info.context.link(clinic.privacy_url)

    @field(description="Where it is.")
    @staticmethod
    def address(clinic: Parent[rows.Clinic]) -> Address | None:
        return Address(**_only(Address, clinic.address)) if clinic.address else None

    @field(description="When it is open.")
    @staticmethod
    def opening_hours(clinic: Parent[rows.Clinic]) -> list[OpeningHours]:
        return [OpeningHours(**_only(OpeningHours, hours)) for hours in clinic.opening_hours]

    @field(description="Where it is on the map.")
    @staticmethod
    def geo(clinic: Parent[rows.Clinic]) -> GeoPoint | None:
        return GeoPoint(**_only(GeoPoint, clinic.geo)) if clinic.geo else None

    @field(description="Its logo.")
    @staticmethod
    async def logo(clinic: Parent[rows.Clinic], info: Info) -> MediaAssetRef | None:
        return await info.context.loaders.by_id("media").load(clinic.logo_id) if clinic.logo_id else None

    @field(description="The terms for those who republish.")
    @staticmethod
    def syndication_terms(clinic: Parent[rows.Clinic], info: Info) -> SyndicationTerms:
        terms = clinic.syndication_terms
        url = info.context.link(terms.get("url") or "/partners")
        return SyndicationTerms(
            version=terms["version"], html=nh3.clean(terms["html"]), url=url or URL(info.context.site)
        )

    @field(description="The licence of its texts; null when its own revocable terms hold.")
    @staticmethod
    def licence(clinic: Parent[rows.Clinic]) -> Licence | None:
        return Licence(**_only(Licence, clinic.licence)) if clinic.licence else None


def licence_of(clinic: rows.Clinic, info: Info) -> Licence:
    """The licence that holds for the clinic's texts: a chosen one, else its own terms."""
    if clinic.licence:
        return Licence(**_only(Licence, clinic.licence))
    terms = clinic.syndication_terms
    name = f"Republishing terms of {clinic.name}"
    return Licence(name=name, version=terms["version"], url=info.context.link(terms.get("url") or "/partners"))


def _only(type_: type, values: dict[str, Any]) -> dict[str, Any]:
    names = type_.__strawberry_definition__.fields  # type: ignore[attr-defined]
    return {item.python_name: values.get(item.python_name) for item in names}
