"""Where a text stood on the old site, and the slug that follows from it."""

import re
from urllib.parse import unquote, urlsplit

from api.publishing.importing.found import Found
from api.publishing.importing.notes import Notes
from api.publishing.importing.wording import listed, slugify

_SAYS_NOTHING = re.compile(r"[0-9-]*|index|home|default|page|post|blog")


def slug_and_paths(found: Found, title: str, prefix: str, notes: Notes) -> tuple[str, tuple[str, ...]]:
    """Return the suggested slug and the old paths, the principal one first."""
    paths = tuple(dict.fromkeys(path for address in found.addresses if (path := _path(address, notes))))
    inside = f"/{prefix.strip('/')}/" if prefix.strip("/") else "/"
    slug = found.slug or _slug(paths) or slugify(title) or "article"
    if paths:
        notes.say(f"It stood at {listed(list(paths))}.")
        if not paths[0].startswith(inside):
            notes.say(f"That is not under {inside}, where the old site is said to keep its posts.")
    elif prefix.strip("/"):
        paths = (f"{inside}{slug}",)
        notes.say(f"The text does not tell its old address; {paths[0]} is assumed from the prefix and the title.")
    else:
        notes.say("The text does not tell its old address: nothing will lead from there to here.")
    return slug, paths


def _path(address: str, notes: Notes) -> str:
    parts = urlsplit(address)
    if parts.query:
        notes.say(f"The old address {address} has a query, which a redirect does not look at.")
    return parts.path if parts.path.strip("/") else ""


def _slug(paths: tuple[str, ...]) -> str:
    """Return the last telling part of the principal path, without an ending such as .html."""
    parts = [part for path in paths[:1] for part in path.split("/") if part]
    names = (slugify(re.sub(r"\.[a-z]{2,5}$", "", unquote(part))) for part in reversed(parts))
    return next((name for name in names if not _SAYS_NOTHING.fullmatch(name)), "")
