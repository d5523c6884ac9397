"""Takes out of a text what somebody else says: quotations, and the titles of works; lengths and places stay."""

import re
from collections.abc import Iterable
from typing import Final

from api.gate.lexicon import entries, pattern

GAP: Final = "·"

_STRAIGHT: Final = str.maketrans({"’": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "‐": "-", "‑": "-"})
_QUOTED: Final = re.compile(
    r"“[^“”]{1,600}”|\"[^\"]{1,600}\"|«[^«»]{1,600}»"
    r"|(?<!\w)[‘'](?=\S)(?:[^‘'\n]|(?<=\w)'(?=\w)){1,200}?(?<=[\w.,!?%)])'(?!\w)"
)
_CAPITAL: Final = r"(?:[A-Z][\w'-]*|\d+)"
_SMALL: Final = r"(?:of|the|and|for|to|in|on|a|an|with|from|by|or|is|not|at|as|that)"
_TITLED: Final = re.compile(
    rf"\b(?P<cue>{'|'.join(entries('studies')['title_cues'])})\s+"
    rf"(?P<title>{_CAPITAL}(?:[:,]?\s+(?:{_CAPITAL}|{_SMALL}\b)){{1,12}}\s+{_CAPITAL})"
)
_SHORTEST_TITLE: Final = 8


def without_quotations(text: str, titles: re.Pattern[str]) -> str:
    """Return the text at the same length, straight signs for typographic ones, and gaps for what is quoted."""
    plain = titles.sub(_gap, text.translate(_STRAIGHT))
    return _QUOTED.sub(_gap, _TITLED.sub(_gap_after_cue, plain))


def titles_of(titles: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for known titles; a very short one is a word like any other."""
    known = {title.translate(_STRAIGHT).strip(" .") for title in titles}
    return pattern(_literal(title) for title in known if len(title) >= _SHORTEST_TITLE)


def is_title_like(words: str) -> bool:
    """Tell *The Cure for Everything* from *cures*: at least two words, the greater ones with capitals."""
    parts = words.split()
    return len(parts) > 1 and all(part[:1].isupper() or re.fullmatch(_SMALL, part) for part in parts)


def _literal(title: str) -> str:
    return " ".join(re.escape(word) for word in title.split())


def _gap(found: re.Match[str]) -> str:
    return GAP * len(found[0])


def _gap_after_cue(found: re.Match[str]) -> str:
    return found[0][: found.start("title") - found.start()] + GAP * len(found["title"])
