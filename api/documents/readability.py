"""How hard a text is to read, and how long it takes: Flesch–Kincaid grade, words, minutes."""

import math
import re
from functools import lru_cache
from typing import Final

from api.documents.splitting import sentences

WORDS_PER_MINUTE: Final = 200
"""Careful reading: Brysbaert (2019, J Mem Lang 109:104047) finds 238 for non-fiction, 175 to 300 for most readers."""

_WORD: Final = re.compile(r"[^\W_]+(?:['’.,/-][^\W_]+)*")
_FINISHED: Final = re.compile(r"[.!?…][\"'”’»)\]\d]*$")
_VOWELS: Final = re.compile(r"[aeiouy]+")

# Endings whose e is not heard.
_SILENT: Final = re.compile(
    r"(?<=[^aeiouy])e$|(?<=[qg])ue$|(?<=[^aeiouytd])ed$(?<![bcdfgkpstz]led)"
    r"|(?<=[^aeiouy])(?<!el)(?<!pl)e(?=(?:ment|ful|less|ness|ly|fore|thing|body|where|line|times?)$)"
)
_HEARD: Final = re.compile(r"[^aeiouy]le$|[^aeiouy]re$(?<=[ct]re)(?<![ui]re)")
# Neighbouring vowels that are heard apart.
_HIATUS: Final = re.compile(
    r"(?<![ctgs])ia|(?<=s)cia(?=t)|ia(?=t)(?<=[ct]ia)|(?<=g)ia$|mya|io(?!n|us)|(?<![stcxgln])io(?=n|us)|iu|ie(?=t)"
    r"|(?<![ct])ie(?=n[tc])|(?<=^sc)ie|(?<![qg])u[ao]|(?<!p)eo(?!u|n$)|eoa|oea|eum|(?<=cr)ea(?=t)|(?<=ar)ea$|(?<=^id)ea"
    r"|(?<=r)ea(?=ct|li)|[aeouy](?=ing)|ao|uou|uit(?=i|y)|(?<=s)ui(?=c)|eyo|(?<=n)eia"
)
_PLURAL: Final = re.compile(r"(?<=[^sui])s$")
_HISSING: Final = re.compile(r"(?:[szxcg]|[^a]ch|sh)e$")


def words_in(text: str) -> int:
    return len(_WORD.findall(text))


def reading_minutes(words: int) -> int:
    """Return whole minutes, at least one."""
    return max(1, math.ceil(words / WORDS_PER_MINUTE))


def reading_grade(text: str) -> float | None:
    """Return the United States school grade (Kincaid et al. 1975) that the prose asks for, to one decimal place.

    Headings and fragments in lists are no sentences and would flatter the text: what ends without a full stop is
    left out, unless nothing else is there. None where there is not a word.
    """
    found = sentences(text)
    prose = [sentence for sentence in found if _FINISHED.search(sentence)] or found
    words = [word for sentence in prose for word in _WORD.findall(sentence)]
    if not words:
        return None
    return round(0.39 * len(words) / len(prose) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59, 1)


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Count by spelling: groups of vowels, less those that are silent, plus those that are heard apart."""
    return sum(_in_part(part) for part in re.findall(r"[a-z]+", word.lower().replace("'", "").replace("’", ""))) or 1


def _in_part(part: str) -> int:
    stem = _PLURAL.sub("", part)
    hissed = stem != part and bool(_HISSING.search(stem))
    count = len(_VOWELS.findall(stem)) + len(_HIATUS.findall(stem)) + hissed
    silent = len(_SILENT.findall(stem)) if not _HEARD.search(stem) else 0
    return max(1, count - silent + stem.endswith(("ism", "thm", "asm")))
