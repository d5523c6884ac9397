"""Bibliographies as sources: CSL-JSON, BibTeX, RIS and PubMed's format, each read by a small module of its own.

Only what Meridian's CSL-JSON has a place for is taken. A CSL-JSON item with `custom` (as `pull` writes it) says all
that a source says; every other record only adds to what the server has.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from api.errors import Refused
from api.evidence import csl
from api.pushing.nouns import SOURCE, followed
from api.pushing.pages import Json, Said, Unreadable
from api.pushing.references import bibtex, pubmed, ris

_KEY = re.compile(r"[^a-z0-9_-]+")
LINED: Mapping[str, Callable[[str], Iterable[Said]]] = {".bib": bibtex.read, ".ris": ris.read, ".nbib": pubmed.read}
SUFFIXES = frozenset({".json", *LINED})


@dataclass(frozen=True)
class Reference:
    said: Said
    adds: bool


def read(suffix: str, text: str) -> list[Reference]:
    """Return the records of a file; refused as a whole when one of them cannot be a source."""
    if suffix == ".json":
        return [_of_json(item, at) for at, item in enumerate(_items(text), 1)]
    found = [Reference(_checked(said, at), adds=True) for at, said in enumerate(LINED[suffix](text), 1)]
    if not found:
        raise Unreadable(f"It holds no record that can be read as {suffix}.")
    return found


def written(said: Said) -> str:
    """Return the CSL-JSON file that says this source, with what CSL has no name for under `custom`."""
    custom = {name: said[name] for name in SOURCE.fields if name in said and name not in {"key", "csl"}}
    return json.dumps([{"id": said["key"], **said["csl"], "custom": custom}], indent=1, ensure_ascii=False) + "\n"


def _items(text: str) -> list[Json]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise Unreadable(f"Line {line}: this is not JSON that can be read.") from None
    return found if isinstance(found, list) else [found]


def _of_json(item: Json, at: int) -> Reference:
    if not isinstance(item, dict):
        raise Unreadable(f"Record {at} is no CSL-JSON item.")
    record = dict(item)
    custom = record.pop("custom", None)
    if custom is None:
        return Reference(_checked({"csl": record}, at), adds=True)
    if not isinstance(custom, dict) or (strange := set(custom) - set(SOURCE.fields)):
        raise Unreadable(f"Record {at}: custom.{min(strange) if isinstance(custom, dict) else ''} is no field here.")
    return Reference(_checked({**custom, "csl": record}, at), adds=False)


def _checked(said: Said, at: int) -> Said:
    """What is said with its record in normal form and a key."""
    record = dict(said["csl"])
    key = str(record.pop("id", "") or "")
    try:
        item = csl.parse(record)
    except Refused as refusal:
        named = f" ({key})" if key else ""
        raise Unreadable(f"Record {at}{named}: {refusal.message}") from None
    key = _KEY.sub("-", (key or _key_of(item)).lower()).strip("-_")
    if not key:
        raise Unreadable(f"Record {at} needs a key by which it can be cited.")
    return followed({**said, "csl": item.dump(), "key": key})


def _key_of(item: csl.CslItem) -> str:
    """A key of the first author and the year, such as `irnich2001`."""
    first = next(iter((*item.author, *item.editor)), None)
    name = (first and (first.family or first.literal)) or item.title
    plain = re.sub(r"[^a-z0-9]+", "", bibtex.plain(name).lower())[:40]
    return f"{plain}{item.year or ''}"


__all__ = ["LINED", "SUFFIXES", "Reference", "read", "written"]
