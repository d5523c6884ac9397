"""References in the NLM/Vancouver style ("Citing Medicine", ICMJE), written from CSL-JSON.

The identifiers and addresses of a work are not part of the text: whoever shows a reference sets them as links
beside it. Titles stay as the work spells them, because no program knows which capitals belong to
names.
"""

import re

from api.evidence.csl import CslDate, CslItem, CslName

AUTHORS_SHOWN = 6
INITIALS_SHOWN = 2
_SHORT_TITLE = 60
_DASH = "\u2013"

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_GENERATIONS = {"ii": "2nd", "iii": "3rd", "iv": "4th", "jr.": "Jr", "sr.": "Sr"}
# How lists that were not fully known are closed in the wild: the rest of the authors is not named.
_AND_OTHERS = {"et al", "et al.", "and others", "others"}

_IN_SERIAL = {"article-journal", "article-magazine", "article-newspaper"}
_IN_BOOK = {"chapter", "paper-conference"}
_ONLINE = {"webpage", "post-weblog"}


def vancouver(csl: CslItem) -> str:
    """Return the reference as one line of plain text, without identifiers and addresses."""
    if csl.type in _IN_SERIAL or (csl.type == "article" and csl.container_title):
        parts = [authors(csl), csl.title, _serial(csl)]
    elif csl.type in _IN_BOOK:
        parts = [authors(csl), csl.title, *_host(csl)]
    elif csl.type in _ONLINE:
        parts = [authors(csl), f"{csl.title.rstrip('.')} [Internet]", *_imprint(csl)]
    elif csl.type == "thesis":
        parts = [authors(csl), f"{csl.title.rstrip('.')} [{csl.genre or 'dissertation'}]", *_imprint(csl)]
    else:
        by = authors(csl) or _editors(csl)
        parts = [by, csl.title, _edition(csl), *_imprint(csl), _number(csl)]
    return " ".join(_closed(part) for part in parts if part)


def short_name(csl: CslItem) -> str:
    """Return the name by which a reader recognises the work: first author (else the title) and year."""
    first = next(iter([*csl.author, *csl.editor]), None)
    name = _cut(csl.title) if first is None else first.literal or _family(first)
    return f"{name} {csl.year}" if csl.year else name


def authors(csl: CslItem, most: int = AUTHORS_SHOWN) -> str:
    """Return the authors, "Fu LM, Li JT, Wu WS"; of more than `most` only so many, then "et al."."""
    return _people(csl.author, most)


def _people(names: tuple[CslName, ...], most: int) -> str:
    known = [name for name in names if (name.literal or "").lower() not in _AND_OTHERS]
    text = ""
    for before, name in zip([None, *known], known[:most], strict=False):
        # An organisation beside persons is set apart by a semicolon, as NLM does.
        apart = "; " if name.literal or (before and before.literal) else ", "
        text += (apart if before else "") + (name.literal or _person(name))
    return f"{text}, et al" if text and (len(known) > most or len(known) < len(names)) else text


def _person(name: CslName) -> str:
    suffix = _GENERATIONS.get((name.suffix or "").lower(), name.suffix)
    return " ".join(part for part in (_family(name), _initials(name.given or ""), suffix) if part)


def _family(name: CslName) -> str:
    return " ".join(part for part in (name.dropping_particle, name.non_dropping_particle, name.family) if part)


def _initials(given: str) -> str:
    """Return at most two initials: "Li-Min" gives LM, "Daniëlle AWM" gives DA, "C.M." gives CM."""
    letters = ""
    for word in re.findall(r"[^\W\d_]+", re.sub("['\u2019]", "", given)):
        are_initials = word.isupper() and len(word) <= len("AWM")
        letters += word if are_initials else word[0].upper()
    return letters[:INITIALS_SHOWN]


def _serial(csl: CslItem) -> str:
    """Return the journal, then "2001;322(7302):1574" and the like, with whatever of it is known."""
    journal = csl.container_title_short or csl.container_title or ""
    where = (csl.volume or "") + (f"({csl.issue})" if csl.issue else "")
    when = _date(csl.issued, most=1 if where else 3)
    pages = _pages(csl.page) if csl.page else ""
    place = ";".join(part for part in (when, where) if part)
    return " ".join(part for part in (_closed(journal), ":".join(part for part in (place, pages) if part)) if part)


def _host(csl: CslItem) -> list[str]:
    """Return the book that a chapter stands in."""
    title = csl.container_title or csl.collection_title
    if not title:
        return [*_imprint(csl), _page_note(csl)]
    editors = _editors(csl)
    return [
        f"In: {_closed(editors)} {title}" if editors else f"In: {title}",
        _edition(csl),
        *_imprint(csl),
        _page_note(csl),
    ]


def _editors(csl: CslItem) -> str:
    if not csl.editor:
        return ""
    people = _people(csl.editor, AUTHORS_SHOWN).removesuffix("et al")
    role = "editor" if len(csl.editor) == 1 else "editors"
    return f"{people}et al., {role}" if people.endswith(", ") else f"{people}, {role}"


def _edition(csl: CslItem) -> str:
    if not csl.edition:
        return ""
    if csl.edition.isascii() and csl.edition.isdigit():
        return f"{_ordinal(int(csl.edition))} ed"
    return csl.edition if re.search(r"\bed", csl.edition, re.IGNORECASE) else f"{csl.edition} ed"


def _imprint(csl: CslItem) -> list[str]:
    """Return "London: Publisher; 2016", and when it was read; a publisher who is the only author is not said twice."""
    is_author = len(csl.author) == 1 and csl.author[0].literal == csl.publisher
    house = None if is_author else csl.publisher
    made = ": ".join(part for part in (csl.publisher_place, house) if part)
    read = f"[cited {_date(csl.accessed, most=3)}]" if csl.accessed and csl.type in _ONLINE else ""
    when = " ".join(part for part in (_date(csl.issued, most=3 if csl.type in _ONLINE else 1), read) if part)
    return ["; ".join(part for part in (made, when) if part)]


def _number(csl: CslItem) -> str:
    """Return "NICE guideline NG59" as it stands, and "Report No.: 12" for a bare number."""
    if not csl.number:
        return ""
    return csl.number if re.search(r"[^\W\d_]{2}", csl.number) else f"{csl.genre or 'Report'} No.: {csl.number}"


def _page_note(csl: CslItem) -> str:
    return f"p. {_pages(csl.page)}" if csl.page else ""


def _pages(page: str) -> str:
    return ", ".join(_page_range(part.strip()) for part in page.split(","))


def _page_range(pages: str) -> str:
    """Say of the last page only what differs (1574-1578 ends in 8); a letter behind a number keeps both whole."""
    match = re.fullmatch(r"([^\W\d_]*)(\d+)\s*[-\u2010-\u2015]+\s*([^\W\d_]*)(\d+)", pages)
    if not match:
        return re.sub(r"\s*[-\u2010-\u2015]+\s*", _DASH, pages)
    letter, first, other, last = match.groups()
    if other not in ("", letter):
        return f"{letter}{first}{_DASH}{other}{last}"
    if first == last:
        return letter + first
    same = 0
    if len(first) == len(last):
        same = next(place for place, digits in enumerate(zip(first, last, strict=True)) if len(set(digits)) > 1)
    return f"{letter}{first}{_DASH}{last[same:]}"


def _date(value: CslDate | None, *, most: int) -> str:
    """Return "2001 Jun 30", no finer than `most` parts."""
    if value is None:
        return ""
    year, *rest = value.parts[:most]
    return " ".join([str(year), *(_MONTHS[rest[0] - 1] for _ in rest[:1]), *map(str, rest[1:])])


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _closed(part: str) -> str:
    """End with a full stop, unless a sign that ends a sentence stands there already."""
    return part if not part or part.endswith((".", "?", "!")) else f"{part}."


def _cut(title: str) -> str:
    if len(title) <= _SHORT_TITLE:
        return title
    return title[:_SHORT_TITLE].rsplit(" ", 1)[0].rstrip(f" ,:;{_DASH}-") + "…"
