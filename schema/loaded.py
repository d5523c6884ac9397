"""The facts behind articles, of what resolvers beside them have loaded already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.articles import finding
from api.media import reading as media

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tortoise.models import Model

    from api.accounts.viewer import Viewer
    from api.articles.renderings import RenderedText
    from api.articles.reviews import StandingReview
    from api.clinic import Clinic
    from api.evidence.models import Source
    from api.media.models import MediaAsset
    from api.practitioners import Practitioner
    from schema.context import Loaders


class Finder(finding.Finder):
    """Asks each question of the loader that resolvers ask it of."""

    def __init__(self, viewer: Viewer, loaders: Loaders) -> None:
        super().__init__(viewer)
        self.loaders = loaders

    async def clinic(self) -> Clinic:
        return await self.loaders.clinic()

    async def texts(self, revisions: Sequence[str]) -> list[RenderedText]:
        return await self.loaders.renderings.load_many(revisions)

    async def linked(self, through: type[Model], target: str, revisions: Sequence[str]) -> list[list[Any]]:
        return await self.loaders.linked(through, "revision", target).load_many(revisions)

    async def below(self, model: type[Model], owner: str, owners: Sequence[str]) -> list[list[Any]]:
        return await self.loaders.below(model, owner).load_many(owners)

    async def reviews(self, revisions: Sequence[str]) -> list[StandingReview | None]:
        return await self.loaders.reviews.load_many(revisions)

    async def practitioners(self, wanted: Sequence[str]) -> list[Practitioner | None]:
        return await self.loaders.by_id("practitioner").load_many(wanted)

    async def sources(self, keys: Sequence[str]) -> list[Source | None]:
        return await self.loaders.sources_by_key.load_many(keys)

    async def pictures(self, wanted: set[str], hashes: set[str]) -> Sequence[MediaAsset]:
        if hashes:  # those at the head go with those in the text, by the one statement that these need
            return await media.by_id_or_hash(wanted, hashes)
        heroes: list[MediaAsset | None] = await self.loaders.by_id("media").load_many(sorted(wanted))
        return [hero for hero in heroes if hero]
