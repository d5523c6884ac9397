"""Takes the list of sources out of an old text: every entry as it stands there, none resolved by guess."""

import re
from collections.abc import Callable
from hashlib import sha256

from api.errors import Refused
from api.evidence import identifiers
from api.publishing.importing.model import ImportedSource
from api.publishing.importing.nodes import LISTS, Inline, Node, plain, words
from api.publishing.importing.notes import Notes
from api.publishing.importing.wording import counted, one_line, shown, slugify

_HEADING = re.compile(
    r"(?:\W*|[0-9.]+ )(?:(?:trusted|further|our|selected|scientific|medical|article|list of|main|key) )*"
    r"(?:sources?|references?|bibliography|literature|citations?|works cited|sources and references"
    r"|references and sources|references and further reading|footnotes|endnotes)(?: and notes)?(?: cited| used)?\W*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:\[([0-9]{1,3})\]|\(([0-9]{1,3})\)|([0-9]{1,3})[.)])\s*(?=\S)")
_LIKE_A_SOURCE = re.compile(
    r"\b(?:1[89]|20)[0-9]{2}[a-z]?\b|https?://|\bdoi\b|\bwww\.|\bPMID\b|\bPMC[0-9]|\bISBN\b|\bet al\b",
    re.IGNORECASE,
)
_DOI = re.compile(r"\b10\.[0-9]{4,9}/[^\s\"<>\u201c\u201d]+")
_PMID = re.compile(
    r"(?:\bPMID:?\s*|pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/)([0-9]{1,8})\b", re.IGNORECASE
)
_PMCID = re.compile(r"\bPMC[0-9]{1,8}\b")
_ISBN = re.compile(r"\bISBN[-: 0-9]*[0-9X]\b", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s\"<>\u201c\u201d]+")
_BACK = re.compile("[\\s\u21a9\u2191\ufe0e\ufe0f]+$")
_LONGEST_HEADING = 80
_LONGEST_NAME = 24


def take(blocks: list[Node], notes: Notes) -> tuple[list[Node], tuple[ImportedSource, ...]]:
    """Return the blocks without the list of sources, and its entries; a heading without entries stays in sight."""
    places = [place for place, node in enumerate(blocks) if _is_heading(node) or _is_marked(node)]
    taken: set[int] = set()
    entries: list[tuple[int | None, Inline]] = []
    for place in places:
        if place in taken:
            continue
        end, found = _entries(blocks, place if _is_marked(blocks[place]) else place + 1)
        if found:
            taken |= set(range(place, end))
            entries += found
        else:
            notes.say(f"{shown(words(blocks[place]))} promises sources and none follows; it was left in the text.")
    sources = _numbered(entries, notes)
    if sources:
        notes.say(f"{counted(len(sources), 'listed source')} moved out of the text, all unresolved until confirmed.")
    kept = [_unmarked(node) for place, node in enumerate(blocks) if place not in taken]
    while taken and kept and kept[-1]["type"] == "horizontalRule":
        kept.pop()
    return kept, sources


def is_heading(line: str) -> bool:
    """Tell whether a line promises a list of sources: "Trusted sources:", "References"."""
    return len(line) <= _LONGEST_HEADING and _HEADING.fullmatch(line) is not None


def _is_heading(node: Node) -> bool:
    if node["type"] not in ("heading", "paragraph"):
        return False
    return is_heading(words(node))


def _is_marked(node: Node) -> bool:
    return bool(node.get("attrs", {}).get("references"))


def _unmarked(node: Node) -> Node:
    """Take our own mark off a list: a document knows no such attribute."""
    if not _is_marked(node):
        return node
    rest = {name: value for name, value in node["attrs"].items() if name != "references"}
    return {name: value for name, value in node.items() if name != "attrs"} | ({"attrs": rest} if rest else {})


def _entries(blocks: list[Node], start: int) -> tuple[int, list[tuple[int | None, Inline]]]:
    """Return where the list ends and its entries, each with the number printed beside it."""
    found: list[tuple[int | None, Inline]] = []
    for place in range(start, len(blocks)):
        node = blocks[place]
        if node["type"] in LISTS:
            first = node.get("attrs", {}).get("start", 1)
            ordered = node["type"] == "orderedList"
            found += [(first + at if ordered else None, _flat(item)) for at, item in enumerate(node["content"])]
        elif node["type"] == "paragraph" and (lines := _lines(node["content"])):
            found += [_split_number(line) for line in lines]
        elif node["type"] != "horizontalRule":
            return place, found
    return len(blocks), found


def _lines(content: Inline) -> list[Inline]:
    """Return the lines of a paragraph if all of them look like sources, otherwise nothing."""
    lines: list[Inline] = [[]]
    for node in content:
        if node["type"] == "hardBreak":
            lines.append([])
        else:
            lines[-1].append(node)
    look_alike = all(_NUMBERED.match(plain(line)) or _LIKE_A_SOURCE.search(_with_links(line)) for line in lines)
    return lines if look_alike else []


def _split_number(line: Inline) -> tuple[int | None, Inline]:
    match = _NUMBERED.match(line[0].get("text", "")) if line else None
    if match is None:
        return None, line
    number = next(int(group) for group in match.groups() if group)
    return number, [line[0] | {"text": line[0]["text"][match.end() :]}, *line[1:]]


def _flat(item: Node) -> Inline:
    return [node for inner in item.get("content", ()) for node in (inner.get("content") or []) if "type" in node]


def _with_links(line: Inline) -> str:
    hrefs = (mark["attrs"]["href"] for node in line for mark in node.get("marks", ()) if mark["type"] == "link")
    return " ".join([plain(line), *hrefs])


def _numbered(entries: list[tuple[int | None, Inline]], notes: Notes) -> tuple[ImportedSource, ...]:
    """Return the entries under their printed numbers, else their places; those that say the same are one."""
    lines: dict[str, Inline] = {}
    numbers: dict[str, list[int]] = {}
    used: set[int] = set()
    for place, (printed, line) in enumerate(entries, start=1):
        if not (text := _BACK.sub("", one_line(plain(line)))):
            continue
        if text in lines:
            notes.say(f"The source {shown(text)} is listed more than once.")
        number = printed if printed is not None and printed not in used else place
        used.add(number)
        lines.setdefault(text, line)
        numbers.setdefault(text, []).append(number)
    return tuple(_source(text, line, tuple(numbers[text])) for text, line in lines.items())


def _source(text: str, line: Inline, numbers: tuple[int, ...]) -> ImportedSource:
    searched = _with_links(line)
    url = _URL.search(searched)
    return ImportedSource(
        key=_key(text),
        text=text,
        numbers=numbers,
        doi=_first(_DOI, identifiers.doi, searched),
        pmid=_first(_PMID, identifiers.pmid, searched),
        pmcid=_first(_PMCID, identifiers.pmcid, searched),
        isbn=_first(_ISBN, identifiers.isbn, searched),
        url=url[0].rstrip(".,;)") if url else None,
    )


def _first(pattern: re.Pattern[str], read: Callable[[str], str], text: str) -> str | None:
    for match in pattern.finditer(text):
        try:
            return read(_balanced((match[1] if pattern.groups else match[0]).rstrip(".,;:")))
        except Refused:
            continue
    return None


def _balanced(text: str) -> str:
    """Take off closing brackets that were never opened: they belong to the sentence around."""
    while text.endswith((")", "]")) and text.count(")") + text.count("]") > text.count("(") + text.count("["):
        text = text[:-1].rstrip(".,;:")
    return text


def _key(text: str) -> str:
    """Name a source by its first word and year, and by its exact words, so that no other source bears the same key."""
    name = slugify(re.split(r"[\s,]", text, maxsplit=1)[0])[:_LONGEST_NAME].strip("-") or "source"
    year = re.search(r"\b(?:1[89]|20)[0-9]{2}\b", text)
    return f"{name}{year[0] if year else ''}-{sha256(text.casefold().encode()).hexdigest()[:6]}"
