"""The mutation of the one clinic."""

from typing import Annotated

import strawberry
from pydantic import Field, StringConstraints
from strawberry import Maybe, field

from api.publishing import catalogue
from schema.catalogue.inputs import Address, Code, Line, Name, Words, said
from schema.clinic import Clinic
from schema.context import Info
from schema.errors import UserError
from schema.inputs import KEY, SAID, VERSION, Id, Input, Key, Version
from schema.payloads import ERRORS

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Clock = Annotated[str, StringConstraints(pattern=r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
Days = Annotated[list[Name], Field(min_length=1, max_length=7)]
PLACE = "An address, or a path of the clinic's own site."


@strawberry.pydantic.input(description="A postal address.")
class PostalAddressInput(Input):
    street: Line | None = Field(None, description="Street and number.")
    locality: Line | None = Field(None, description="Town.")
    region: Line | None = Field(None, description="Region or county.")
    postal_code: Code | None = Field(None, description="Postal code.")
    country: Country = Field(description="Country, ISO 3166-1 alpha-2.")


@strawberry.pydantic.input(description="When the clinic is open.")
class OpeningHoursInput(Input):
    days: Days = Field(description="The days, in words of the clinic's language.")
    opens: Clock | None = Field(None, description="From, `HH:MM` in the clinic's time zone; null when closed.")
    closes: Clock | None = Field(None, description="To, `HH:MM` in the clinic's time zone; null when closed.")
    note: Line | None = Field(None, description="What else to know.")


@strawberry.pydantic.input(description="A place on the map (WGS 84).")
class GeoPointInput(Input):
    latitude: Annotated[float, Field(ge=-90, le=90)] = Field(description="Degrees north.")
    longitude: Annotated[float, Field(ge=-180, le=180)] = Field(description="Degrees east.")


@strawberry.pydantic.input(description="The clinic's own terms for those who republish.")
class SyndicationTermsInput(Input):
    version: Code = Field(description="The version, such as `2026-11`; changed terms need a new one.")
    html: Annotated[str, StringConstraints(min_length=1, max_length=50_000)] = Field(
        description="The terms, as HTML; it is cleaned."
    )
    url: Address = Field(description=f"Where they stand. {PLACE}")


@strawberry.pydantic.input(description="The licence under which texts may be shown elsewhere.")
class LicenceInput(Input):
    name: Name = Field(description="Its name.")
    version: Code | None = Field(None, description="Its version.")
    url: Address | None = Field(None, description="Where it stands.")


@strawberry.pydantic.input(
    description="A change to the clinic; where there is none, it is set up. What is absent stays; null clears."
)
class UpdateClinicInput(Input):
    expected_version: Version = Field(description=VERSION)
    name: Maybe[Name] = Field(None, description="Its name.")
    legal_name: Maybe[Name | None] = Field(None, description="Its name in law.")
    strapline: Maybe[Words | None] = Field(None, description="The clinic in one sentence.")
    url: Maybe[Address | None] = Field(None, description=f"Its own web address. {PLACE}")
    address: Maybe[PostalAddressInput | None] = Field(None, description="Where it is.")
    telephone: Maybe[Code | None] = Field(None, description="Telephone number.")
    email: Maybe[Email | None] = Field(None, description="E-mail address.")
    opening_hours: Maybe[Annotated[list[OpeningHoursInput], Field(max_length=21)] | None] = Field(
        None, description="When it is open."
    )
    geo: Maybe[GeoPointInput | None] = Field(None, description="Where it is on the map.")
    logo: Maybe[Id | None] = Field(None, description="Its logo, `med_…`.")
    jurisdiction: Maybe[Country] = Field(None, description="Whose law and advertising rules hold, such as `GB`.")
    timezone: Maybe[Name] = Field(None, description="IANA time zone, such as `Europe/London`.")
    booking_url: Maybe[Address | None] = Field(None, description=f"Where to book. {PLACE}")
    publishing_principles_url: Maybe[Address | None] = Field(
        None, description=f"How articles are written and reviewed. {PLACE}"
    )
    complaints_url: Maybe[Address | None] = Field(None, description=f"How to complain. {PLACE}")
    privacy_url: Maybe[Address | None] = Field(None, description=f"What happens with personal data. {PLACE}")
    emergency_note: Maybe[Words | None] = Field(None, description="What to do in an emergency.")
    syndication_terms: Maybe[SyndicationTermsInput] = Field(None, description="The terms for those who republish.")
    licence: Maybe[LicenceInput | None] = Field(
        None, description="A licence of its texts; null: its own revocable terms."
    )
    review_interval_months: Maybe[Annotated[int, Field(ge=1, le=120)]] = Field(
        None, description="After how many months an article must be reviewed again, 1 to 120."
    )
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.type(description="The answer of updateClinic.")
class UpdateClinicPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    clinic: Clinic | None = field(default=None, description="The clinic as it is now; with CONFLICT the current one.")


@strawberry.type
class TheClinic:
    @field(description="Changes the clinic itself; where there is none yet, sets it up.")
    async def update_clinic(self, info: Info, input: Annotated[UpdateClinicInput, SAID]) -> UpdateClinicPayload:
        await catalogue.update_clinic(input.expected_version, said(input), info.context.acting())
        info.context.renew()
        return UpdateClinicPayload(clinic=await info.context.loaders.clinic())  # type: ignore[arg-type] # made from its row
