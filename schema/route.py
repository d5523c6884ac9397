"""What stands behind a path of the clinic's site."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import Parent, field

from api import routing
from api.articles.models import Severity
from schema.node import made_from
from schema.refs import ArticleRef, ConditionRef, PractitionerRef, TreatmentRef


@strawberry.type(description="It answers at another path now.")
class Moved:
    is_type_of = made_from(routing.Moved)

    path: str = field(description="The new path or address.")


@strawberry.type(description="It was withdrawn: title, date and explanation remain, never the text.")
class Withdrawn:
    is_type_of = made_from(routing.Withdrawn)

    title: str = field(description="The title that it had.")
    explanation: str = field(description="Why it was withdrawn, plain text.")
    at: datetime = field(description="When.")
    severity: Severity = field(description="SAFETY when somebody could come to harm by what it said.")

    @field(description="The article to read instead.")
    @staticmethod
    def replacement(tombstone: Parent[routing.Withdrawn]) -> ArticleRef | None:
        return tombstone.replacement


@strawberry.type(description="It is gone (HTTP 410), or must not be shown (451).")
class Gone:
    is_type_of = made_from(routing.Gone)

    explanation: str | None = field(description="Why, plain text.")
    at: datetime = field(description="When.")
    legal: bool = field(description="Whether the law demanded it.")


Route = Annotated[
    ArticleRef | ConditionRef | TreatmentRef | PractitionerRef | Moved | Withdrawn | Gone,
    strawberry.union("Route", description="What stands behind a path."),
]
