"""What is particular to sources: their keys, the identifiers beside their CSL-JSON, and when a status was checked."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from api.articles.models import RevisionCitation
from api.errors import Invalid
from api.evidence import csl, identifiers
from api.evidence.enums import SourceStatus
from api.evidence.models import Source
from api.publishing.catalogue import naming
from api.publishing.catalogue.nouns import SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from api.evidence.csl import CslItem
    from api.publishing.acting import Acting
    from api.publishing.catalogue.entries import Said

KEY = re.compile(r"[a-z0-9][a-z0-9_-]*")
LONGEST_KEY = 120
LONGEST_NAME = 40
LONGEST_IDENTIFIER = 200
IDENTIFIERS: Mapping[str, Callable[[str], str]] = {
    "doi": identifiers.doi,
    "pmid": identifiers.pmid,
    "pmcid": identifiers.pmcid,
    "isbn": identifiers.isbn,
}
UNIQUE = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID"}


class BadKey(Invalid):
    """A key is made of small letters, digits, hyphens and underscores, such as irnich2001."""


class KeyFrozen(Invalid):
    """This key is cited, so it cannot change: texts would lose their source."""


async def normal(said: Said, doing: Acting, *, is_new: bool) -> Said:
    """What is said of a source with its record and identifiers in their normal forms."""
    whole = dict(said)
    if "csl" in said:
        whole |= _of_record(_record(said["csl"]), said)
    for name, read in IDENTIFIERS.items():
        if said.get(name):
            whole[name] = _read(read, said[name], name)
    if is_new and not said.get("key"):
        whole["key"] = await _free_key(csl.parse(whole["csl"]))
    if "status" in said and (said["status"] != SourceStatus.UNRESOLVED or not is_new):
        whole |= {"status_checked_at": doing.at.date().isoformat(), "status_checked_by": doing.viewer.member}
    return whole


async def check(said: Mapping[str, Any], row: Source | None) -> None:
    """Refuse a key that has the wrong form, is another's or is cited already, and works that are known already."""
    if row is None or row.key != said["key"]:
        await _check_key(said["key"], row)
    _check_agree(said)
    for name, spelled in UNIQUE.items():
        if not said.get(name):
            continue
        if len(said[name]) > LONGEST_IDENTIFIER:
            raise Invalid(f"This {spelled} is too long: give up to {LONGEST_IDENTIFIER} characters.", path=(name,))
        known = await Source.filter(**{name: said[name]}).exclude(id=row.id if row else "").first()
        if known:
            raise Invalid(f"This {spelled} is that of {known.key}: cite that key instead.", path=(name,))


async def cited(key: str) -> bool:
    """Whether a revision, live or not, or an entry's text cites this key."""
    return await RevisionCitation.exists(key=key) or bool(await naming.entries_naming(SOURCE, key))


def key_of(work: CslItem) -> str:
    """The key that a work would have by itself, such as `irnich2001`."""
    first = next(iter((*work.author, *work.editor)), None)
    name = first and (first.literal or " ".join(part for part in (first.non_dropping_particle, first.family) if part))
    plain = unicodedata.normalize("NFKD", name or work.title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain) if first is None or first.literal else [re.sub(r"[^a-z0-9]+", "", plain)]
    return ("".join(words[:3])[:LONGEST_NAME] or "source") + str(work.year or "")


async def _free_key(work: CslItem) -> str:
    """The key itself, else the first of `irnich2001b`, `irnich2001c`, … that no source bears."""
    key, tails = key_of(work), _tails()
    while await Source.exists(key=(tried := key + next(tails))):
        pass
    return tried


def _tails() -> Iterator[str]:
    yield ""
    yield from "bcdefghijklmnopqrstuvwxyz"
    number = 27
    while True:
        yield f"-{number}"
        number += 1


async def _check_key(key: str | None, row: Source | None) -> None:
    if not KEY.fullmatch(key or "") or len(key or "") > LONGEST_KEY:
        raise BadKey(path=("key",))
    if row and await cited(row.key):
        raise KeyFrozen(path=("key",))
    if await Source.exists(key=key):
        raise Invalid(f"The key {key} is taken: choose another one.", path=("key",))


def _record(said: object) -> CslItem:
    try:
        return csl.parse(said)
    except Invalid as refusal:
        raise Invalid(refusal.message, path=("csl", *refusal.path)) from None


def _of_record(work: CslItem, said: Said) -> Said:
    """The columns that follow the record, unless something else is said of them."""
    inside = {"doi": work.DOI, "pmid": work.PMID, "pmcid": work.PMCID, "isbn": work.ISBN, "url": work.URL}
    found = {name: value for name, value in inside.items() if value is not None and name not in said}
    return found | {"csl": work.dump()}


def _check_agree(said: Mapping[str, Any]) -> None:
    record = csl.parse(said["csl"])
    for name in IDENTIFIERS:
        inside = getattr(record, name.upper())
        if inside and said.get(name) and inside != said[name]:
            raise Invalid(f"{name} and csl.{name.upper()} name two different works: correct one of them.", path=(name,))


def _read(read: Callable[[str], str], text: str, name: str) -> str:
    try:
        return read(text)
    except Invalid as refusal:
        raise Invalid(refusal.message, path=(name,)) from None
