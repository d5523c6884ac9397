"""The closed sets, each with what its values mean: here the schema's own, beside it the rooms' by subject."""

from enum import Enum

import strawberry

from api.articles.models import Stage
from api.publishing.importing.storing import Outcome
from schema.enums import articles, clinical, comments, partners, people


@strawberry.enum(description="The order of a list of articles.")
class ArticleOrder(Enum):
    NEWEST = strawberry.enum_value("NEWEST", description="By first publication, newest first.")
    RECENTLY_REVIEWED = strawberry.enum_value(
        "RECENTLY_REVIEWED", description="By the last clinical review, newest first."
    )
    TITLE = strawberry.enum_value("TITLE", description="From A to Z.")


@strawberry.enum(description="The order of a list of catalogue entries.")
class CatalogueOrder(Enum):
    NAME = strawberry.enum_value("NAME", description="From A to Z.")
    NEWEST = strawberry.enum_value("NEWEST", description="Newest first.")


@strawberry.enum(description="What a search may find.")
class SearchType(Enum):
    ARTICLE = strawberry.enum_value("ARTICLE", description="Articles.")
    CONDITION = strawberry.enum_value("CONDITION", description="Conditions.")
    TREATMENT = strawberry.enum_value("TREATMENT", description="Treatments.")
    PRACTITIONER = strawberry.enum_value("PRACTITIONER", description="Practitioners.")


@strawberry.enum(description="How much a finding weighs.")
class FindingSeverity(Enum):
    BLOCK = strawberry.enum_value("BLOCK", description="It stands between the draft and readers.")
    WARN = strawberry.enum_value("WARN", description="It asks to be mended, or waived with a reason.")


MEANINGS: dict[type[Enum], tuple[str, dict[str, str]]] = {
    **articles.MEANINGS,
    **clinical.MEANINGS,
    **comments.MEANINGS,
    **partners.MEANINGS,
    **people.MEANINGS,
}

# Where the contract's name is longer than the room's.
NAMES: dict[type[Enum], str] = {Stage: "ArticleStage", Outcome: "ImportOutcome"}

for _set, (_description, _values) in MEANINGS.items():
    _name = NAMES.get(_set, _set.__name__)
    _definition = strawberry.enum(_set, name=_name, description=_description).__strawberry_definition__  # type: ignore[attr-defined]
    for _value in _definition.values:
        _value.description = _values[_value.name]
