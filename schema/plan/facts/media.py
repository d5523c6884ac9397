"""Pictures: the addresses of their sizes."""

from api.sql import Sql, sql
from schema.plan.model import NULL, Arguments, Column, Facts, Many, Same, own

SIZES = "jsonb_array_elements({row}.renditions) WITH ORDINALITY AS listed (size, place)"
ADDRESS = "{site} || '/media/' || {row}.sha256 || '-' || (size ->> 'width') || '.' || (size ->> 'ext')"
WEBP = "size ->> 'mime' = 'image/webp'"
LARGEST = "ORDER BY (size ->> 'width')::int DESC, place LIMIT 1"


def _sizes(said: Arguments) -> Sql:
    mime = said.get("mime")
    where = Sql("TRUE") if mime is None else sql("size ->> 'mime' = ?::text", mime)
    return f"SELECT size, {ADDRESS} AS url FROM {SIZES} WHERE " + where + " ORDER BY place"


MEDIA_ASSET: Facts = {
    **own("id", "width", "height", "mime", "alt", "decorative", "caption", "credit", "licence"),
    "version": NULL,
    "focalPoint": Same("{row}.focal_point <> '{}'"),
    "src": Column(f"(SELECT {ADDRESS} FROM {SIZES} WHERE {WEBP} {LARGEST})", needed=True),
    "srcset": Column(
        f"(SELECT coalesce(string_agg({ADDRESS} || ' ' || (size ->> 'width') || 'w', ', ' ORDER BY place), '') "
        f"FROM {SIZES} WHERE {WEBP})"
    ),
    "renditions": Many(_sizes),
}
TYPES = {
    "MediaAsset": MEDIA_ASSET,
    "Rendition": {
        **own("url"),
        **{name: Column(f"{{row}}.size -> '{name}'") for name in ("width", "height", "mime")},
    },
    "FocalPoint": {name: Column(f"{{row}}.focal_point -> '{name}'") for name in ("x", "y")},
}
