"""Lines that a site prints around every article: counters, navigation, comment forms, dates, bylines."""

import re
from dataclasses import dataclass
from datetime import date

from api.publishing.importing.dates import written

_LONGEST = 300
_COUNTER = r"[0-9][0-9.,]*\s?k?\s*(?:views?|likes?|comments?|shares?|reads?|reactions?)"
_UNLIKED = r"post not marked as liked\s*[0-9]*"
_SITE_LINES = {
    "marks of the page's ends": (r"(?:top|bottom|end) of page", r"skip to (?:main |the )?content", r"back to top"),
    "counters": (
        rf"(?:{_COUNTER}\s*[\u00b7|,]?\s*)+(?:{_UNLIKED})?",
        _UNLIKED,
        r"[0-9]{1,3}\s*[- ]?min(?:ute)?s?\.?\s*read",
        r"reading time:?\s*[0-9]+.{0,20}",
    ),
    "share and follow lines": (
        r"(?:share|follow|like|tweet|pin|print|save|e-?mail)(?: (?:this|us|it))?(?: (?:post|article|page|on \w+))?:?",
        r"facebook|twitter|x|linkedin|whatsapp|pinterest|instagram|copy link|link copied",
    ),
    "navigation": (
        r"menu|home|search|close|more|read more|see all|all posts|blog|use tab to navigate\.?",
        r"recent posts|related posts|related articles",
        r"log ?in|sign ?up|log ?in ?/ ?sign ?up|(?:previous|next|older|newer)(?: post| article)?",
    ),
    "comment forms": (
        r"(?:[0-9]+ )?comments?(?: \([0-9]+\))?",
        r"(?:write|post|leave|add) (?:a |your )?(?:comment|reply)[.\u2026]*|be the first to comment.{0,20}",
        r"commenting (?:on this post )?(?:isn.t available|has been turned off).{0,80}",
    ),
    "copyright lines": (
        r"(?:\u00a9|\(c\)|copyright\b).{1,150}|all rights reserved\.?",
        r"(?:proudly )?(?:powered|published|created|made) (?:by|with) (?:wordpress|ghost|wix)\b.{0,40}",
    ),
    "cookie notices": (
        r"(?:accept|reject)(?: all)?(?: cookies)?|cookie settings",
        r"(?:we|this (?:web)?site) uses? cookies.{0,250}",
    ),
}
_KINDS = {kind: re.compile("|".join(patterns), re.IGNORECASE) for kind, patterns in _SITE_LINES.items()}
_DATED = re.compile(
    r"(?P<what>(?:first |last |originally )?(?:updated|modified|edited|published|posted|reviewed))"
    r"(?: on| at)?\s*:?\s*(?P<when>.{6,40})",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:(?:written|posted|words) )?by:? (?P<names>[^.,;:!?]{3,60})", re.IGNORECASE)
_CAPTION = re.compile(
    r"(?:image|photo(?:graph)?|picture|illustration)(?: credit| source| courtesy of| by)?(?::| by ).{2,150}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DatedLine:
    """A line that gives a date and says what happened then."""

    what: str
    day: date

    @property
    def is_publication(self) -> bool:
        return self.what.lower().endswith(("published", "posted"))

    @property
    def is_update(self) -> bool:
        return self.what.lower().endswith(("updated", "modified", "edited"))


def kind_of(line: str) -> str | None:
    """Return what kind of furniture a whole line is, or None for words of the article."""
    if len(line) > _LONGEST:
        return None
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(line)), None)


def dated(line: str) -> DatedLine | None:
    """Read "Updated: Feb 27, 2022" and its like."""
    match = _DATED.fullmatch(line) if len(line) <= _LONGEST else None
    day = written(match["when"]) if match else None
    return DatedLine(" ".join(match["what"].split()), day) if match and day else None


def byline(line: str) -> str | None:
    """Return the name in "By Ada Example": two to five words, each with a capital."""
    match = _BYLINE.fullmatch(line) if len(line) <= _LONGEST else None
    names = match["names"].split() if match else []
    fits = 2 <= len(names) <= 5 and all(name[0].isupper() for name in names)  # noqa: PLR2004 - words of a name
    return " ".join(names) if fits else None


def is_caption(line: str) -> bool:
    """Tell whether a line says of itself that it belongs to a picture."""
    return len(line) <= _LONGEST and _CAPTION.fullmatch(line) is not None
