"""BibTeX and BibLaTeX: entries, `@string`, `#`, braces and the accents of TeX; no macro is ever run."""

import re
import unicodedata
from collections.abc import Iterator

from api.pushing.pages import Said, Unreadable
from api.pushing.references.dates import identifier, issued, kept, name

_TYPES = {
    "article": "article-journal", "book": "book", "collection": "book", "inbook": "chapter", "incollection": "chapter",
    "inproceedings": "paper-conference", "conference": "paper-conference", "phdthesis": "thesis",
    "mastersthesis": "thesis", "thesis": "thesis", "techreport": "report", "report": "report", "online": "webpage",
    "electronic": "webpage", "standard": "standard",
}  # fmt: skip
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "aa": "å",
    "AA": "Å", "i": "i", "j": "j", "textendash": "–", "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘",
}  # fmt: skip
_ACCENTED = re.compile(r"\\(?:([`'^~=.\"])\s*|([uvHcdrk])(?:\s+|(?=\{)))(?:\{\s*(\\?[A-Za-z])\s*\}|(\\?[A-Za-z]))")
_LETTER = re.compile(r"\\(" + "|".join(sorted(_LETTERS, key=len, reverse=True)) + r")(?![A-Za-z])(?:\{\}|\s+)?")
_COMMAND = re.compile(r"\\[A-Za-z]+\*?\s*")
_ENTRY = re.compile(r"@\s*([A-Za-z]+)\s*[{(]\s*")
_NAME = re.compile(r"[\s,]*([A-Za-z][\w.:+/-]*)\s*=\s*")
_BARE = re.compile(r"[^\s,#{}()\"]+")
_MONTHS = dict.fromkeys(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])


def read(text: str) -> Iterator[Said]:
    """Yield each entry; comments and preambles are passed over."""
    strings: dict[str, str] = {month: month for month in _MONTHS}
    at = 0
    while match := _ENTRY.search(text, at):
        kind = match[1].lower()
        if kind in {"comment", "preamble"}:
            at = match.end()
            continue
        key, start = ("", match.end()) if kind == "string" else _key(text, match.end())
        fields, at = _fields(text, start, strings)
        if kind == "string":
            strings |= fields
        else:
            yield {"csl": _record(kind, key, {name: plain(value) for name, value in fields.items()}, fields)}


def plain(text: str) -> str:
    """Return TeX as text: accents as letters, commands and braces gone, dashes and spaces as they are meant."""
    text = _ACCENTED.sub(_accented, text)
    text = _LETTER.sub(lambda match: _LETTERS[match[1]], text)
    text = re.sub(r"\\([&%$#_{} ])", r"\1", text)
    text = re.sub(r"\\[,;:!/]", " ", text)
    text = _COMMAND.sub("", text).replace("{", "").replace("}", "").replace("$", "")
    text = text.replace("---", "—").replace("--", "–").replace("``", "“").replace("''", "”").replace("~", " ")
    return " ".join(unicodedata.normalize("NFC", text).split())


def _accented(match: re.Match[str]) -> str:
    letter = (match[3] or match[4]).removeprefix("\\")
    return unicodedata.normalize("NFC", letter + _ACCENTS[match[1] or match[2]])


def _key(text: str, at: int) -> tuple[str, int]:
    end = text.find(",", at)
    if end < 0:
        raise _torn(text, at)
    return text[at:end].strip(), end + 1


def _fields(text: str, at: int, strings: dict[str, str]) -> tuple[dict[str, str], int]:
    """Return the fields of an entry as TeX, and where the entry ends."""
    fields: dict[str, str] = {}
    while match := _NAME.match(text, at):
        fields[match[1].lower()], at = _value(text, match.end(), strings)
    end = re.compile(r"[\s,]*[})]").match(text, at)
    if end is None:
        raise _torn(text, at)
    return fields, end.end()


def _value(text: str, at: int, strings: dict[str, str]) -> tuple[str, int]:
    """Return a value, whose parts `#` may join, and where it ends."""
    parts: list[str] = []
    while True:
        part, at = _part(text, at, strings)
        parts.append(part)
        joined = re.compile(r"\s*#\s*").match(text, at)
        if joined is None:
            return "".join(parts), at
        at = joined.end()


def _part(text: str, at: int, strings: dict[str, str]) -> tuple[str, int]:
    if text[at : at + 1] not in {"{", '"'}:
        match = _BARE.match(text, at)
        if match is None:
            raise _torn(text, at)
        return strings.get(match[0].lower(), match[0]), match.end()
    depth, quoted = 0, text[at] == '"'
    for end in range(at + 1, len(text)):
        sign = text[end] if text[end - 1] != "\\" else ""
        if depth == 0 and sign == ('"' if quoted else "}"):
            return text[at + 1 : end], end + 1
        depth += (sign == "{") - (sign == "}")
    raise _torn(text, at)


def _torn(text: str, at: int) -> Unreadable:
    return Unreadable(f"Line {text.count(chr(10), 0, at) + 1}: this is not BibTeX that can be read; is a brace open?")


def _record(kind: str, key: str, said: dict[str, str], tex: dict[str, str]) -> Said:
    container = said.get("journal") or said.get("journaltitle") or said.get("booktitle")
    address = re.sub(r"\\([&%#_~])", r"\1", tex.get("url", "").strip())
    return kept(
        {
            "id": key,
            "type": _TYPES.get(kind, "document"),
            "title": ": ".join(filter(None, (said.get("title"), said.get("subtitle")))),
            "author": _names(tex.get("author", "")),
            "editor": _names(tex.get("editor", "")),
            "container-title": container,
            "container-title-short": said.get("shortjournal"),
            "collection-title": said.get("series"),
            "volume": said.get("volume"),
            "issue": said.get("number") or said.get("issue") if kind == "article" else None,
            "number": said.get("number") if kind != "article" else None,
            "page": (said.get("pages") or "").replace("–", "-"),
            "edition": said.get("edition"),
            "publisher": said.get("publisher") or said.get("institution") or said.get("school"),
            "publisher-place": said.get("address") or said.get("location"),
            "issued": issued(said.get("date") or said.get("year", ""), said.get("month", ""), said.get("day", "")),
            "language": said.get("language"),
            "DOI": identifier("DOI", said.get("doi", "")),
            "PMID": identifier("PMID", said.get("pmid", "")),
            "PMCID": identifier("PMCID", said.get("pmcid", "")),
            "ISBN": identifier("ISBN", said.get("isbn", "")),
            "ISSN": said.get("issn"),
            "URL": address if address.startswith(("http://", "https://")) else "",
        }
    )


def _names(tex: str) -> list[Said]:
    """Names parted by `and`; one in braces of its own is an organisation, and `others` is nobody."""
    found = [each.strip() for each in re.split(r"\s+and\s+", tex) if each.strip()]
    return [_person(each) for each in found if each.lower() != "others"]


def _person(tex: str) -> Said:
    text = plain(tex)
    if (tex.startswith("{") and tex.endswith("}")) or " " not in text:
        return {"literal": text}
    if "," in text:
        return name(text)
    given, _, family = text.rpartition(" ")
    return {"family": family, "given": given}
