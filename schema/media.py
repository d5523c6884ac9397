"""Pictures."""

from typing import Annotated

import strawberry
from strawberry import ID, Parent, field

from api.media import models
from schema.context import Info
from schema.entry import Versioned
from schema.node import Node, made_from
from schema.scalars import URL


@strawberry.type(description="A picture in one of its sizes.")
class Rendition:
    url: URL = field(description="The absolute address; its content never changes.")
    width: int = field(description="Width in pixels.")
    height: int = field(description="Height in pixels.")
    mime: str = field(description="Media type, such as `image/webp`.")


def renditions(asset: models.MediaAsset, site: str) -> list[Rendition]:
    """The sizes of a picture, with absolute addresses."""
    return [
        Rendition(
            url=URL(f"{site}/media/{asset.sha256}-{size['width']}.{size['ext']}"),
            width=size["width"],
            height=size["height"],
            mime=size["mime"],
        )
        for size in asset.renditions
    ]


@strawberry.type(description="What must stay in view when a picture is cropped.")
class FocalPoint:
    x: float = field(description="From 0 (left) to 1 (right).")
    y: float = field(description="From 0 (top) to 1 (bottom).")


@strawberry.type(description="A picture, with words for those who cannot see it.")
class MediaAsset(Node, Versioned):
    is_type_of = made_from(models.MediaAsset)

    id: ID = field(description="The id, `med_…`.")
    sha256: str = field(description="SHA-256 of the bytes that were sent, in hex; it is in the address of each size.")
    width: int = field(description="Width of the original in pixels.")
    height: int = field(description="Height of the original in pixels.")
    mime: str = field(description="Media type of the original.")
    alt: str | None = field(description="What the picture shows, in words; null when it is decorative.")
    decorative: bool = field(description="Whether the picture says nothing that the text does not.")
    caption: str | None = field(description="The caption.")
    credit: str | None = field(description="Who made it.")
    licence: str | None = field(description="Under which licence it may be shown elsewhere; null when it may not.")

    @field(description="What must stay in view when it is cropped; null when nothing was said.")
    @staticmethod
    def focal_point(asset: Parent[models.MediaAsset]) -> FocalPoint | None:
        return FocalPoint(**asset.focal_point) if asset.focal_point else None

    @field(description="The absolute address of the largest WebP rendition.")
    @staticmethod
    def src(asset: Parent[models.MediaAsset], info: Info) -> URL:
        return max(_of(asset, info, "image/webp"), key=lambda rendition: rendition.width).url

    @field(description="The WebP renditions for an `srcset` attribute.")
    @staticmethod
    def srcset(asset: Parent[models.MediaAsset], info: Info) -> str:
        return ", ".join(f"{rendition.url} {rendition.width}w" for rendition in _of(asset, info, "image/webp"))

    @field(description="Every size and format.")
    @staticmethod
    def renditions(
        asset: Parent[models.MediaAsset],
        info: Info,
        mime: Annotated[str | None, strawberry.argument(description="Only those of this media type.")] = None,
    ) -> list[Rendition]:
        return _of(asset, info, mime)


def _of(asset: models.MediaAsset, info: Info, mime: str | None) -> list[Rendition]:
    return [rendition for rendition in renditions(asset, info.context.site) if mime in {None, rendition.mime}]
