"""Which media type an answer takes, by the request's Accept; and which a request's own body may come in."""

import re
from enum import Enum
from functools import lru_cache

from api.web.answers import Turned
from api.web.codes import Code

QUALITY = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
BODY = re.compile(rb'application/json(?:[ \t]*;[ \t]*charset=(?:utf-8|"utf-8"))?', re.IGNORECASE)


class Media(Enum):
    """The forms of an answer; the order is the server's preference when a client has none between named types."""

    GRAPHQL = "application/graphql-response+json"
    JSON = "application/json"
    HTML = "text/html"

    def __init__(self, name: str) -> None:
        self.header = f"{name}; charset=utf-8".encode()
        self.mark = name.rpartition("/")[2][:1].encode()


# How narrow the range was that let a type in, and then whom a tie favours. Clients that accept anything were written
# before the newer type was: they get plain JSON. HTML is only for those who name it.
NAMED = {Media.GRAPHQL: 2, Media.JSON: 1, Media.HTML: 0}
ANY = {Media.JSON: 1, Media.GRAPHQL: 0}


@lru_cache(maxsize=256)
def negotiate(accept: str, *, page: bool = False) -> Media | None:
    """Choose the best of our types for this Accept header (RFC 9110, 12.5.1), HTML only where there is a `page`.

    None when the client takes none of them.
    """
    ranges = _ranges(accept or "*/*")
    ranked = [
        (quality, narrow, favoured, media)
        for media in Media
        if page or media is not Media.HTML
        for quality, narrow, favoured in [_match(media, ranges)]
        if quality > 0
    ]
    return max(ranked, key=lambda one: one[:3])[3] if ranked else None


def require_json(content_types: list[bytes], encodings: list[bytes]) -> None:
    """Refuse a body that is not exactly `application/json` in UTF-8, before a byte of it is looked at.

    A list such as `text/plain,application/json` is what a browser may send across sites without asking first.
    """
    if len(content_types) != 1 or not BODY.fullmatch(content_types[0].strip()):
        raise Turned(415, Code.BAD_USER_INPUT, "Send the request as Content-Type: application/json in UTF-8.")
    if any(encoding.strip().lower() != b"identity" for encoding in encodings):
        raise Turned(415, Code.BAD_USER_INPUT, "Send the request body without Content-Encoding.")


def _ranges(accept: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for entry in accept.split(","):
        name, *parameters = (part.strip() for part in entry.lower().split(";"))
        if "/" in name:
            found[name] = max(_quality(parameters), found.get(name, 0.0))
    return found


def _quality(parameters: list[str]) -> float:
    text = next((parameter[2:].strip() for parameter in parameters if parameter.startswith("q=")), "1")
    return float(text) if QUALITY.fullmatch(text) else 0.0


def _match(media: Media, ranges: dict[str, float]) -> tuple[float, int, int]:
    if media.value in ranges:
        return ranges[media.value], 2, NAMED[media]
    if media in ANY:
        for narrow, name in ((1, "application/*"), (0, "*/*")):
            if name in ranges:
                return ranges[name], narrow, ANY[media]
    return 0.0, 0, 0
