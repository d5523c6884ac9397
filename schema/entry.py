"""What editors are told of every entry of the catalogue, and readers are not."""

from typing import Any

import strawberry
from strawberry import Parent, field

from schema.context import Info


@strawberry.type
class Versioned:
    @field(description="The version to name in the next mutation; null for readers.")
    @staticmethod
    def version(entry: Parent[Any], info: Info) -> int | None:
        return entry.version if info.context.viewer.sees_drafts else None


@strawberry.type
class Entry(Versioned):
    @field(description="Whether readers see it; null for readers.")
    @staticmethod
    def is_published(entry: Parent[Any], info: Info) -> bool | None:
        return entry.is_published if info.context.viewer.sees_drafts else None
