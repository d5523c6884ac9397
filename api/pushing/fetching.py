"""`pull`: writes a folder from what the server has, and never over a file that was changed since it was last seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.errors import Invalid
from api.pushing import folder as files
from api.pushing import pages, references
from api.pushing.client import Client
from api.pushing.folder import Broken, Record
from api.pushing.memory import Memory, Seen, hashed
from api.pushing.nouns import NAME, NOUNS, SOURCE, Noun, normal, steady
from api.pushing.pages import Said
from api.pushing.telling import BAD, Outcome, Tell, Told

_BOTH = "Both this file and the server's entry were changed; the file was left as it is. Move it away, pull, merge."
_STRANGER = "This file says something else than the server and was never pushed: move it away, pull, merge."
_KEPT = "Your changes are kept; push sends them."


class BadName(Invalid):
    """The server calls something by a name that cannot be a file's."""


def pull(folder: Path, client: Client, tell: Tell) -> bool:
    """Write every entry that the token may write, telling what became of each; whether no file was in conflict."""
    folder.mkdir(parents=True, exist_ok=True)
    records, broken = files.read(folder)
    fetching = Fetching(folder, Memory(folder, client.url), {each.name: each for each in records}, broken)
    told = []
    for noun in NOUNS:
        for node in client.all(_listed(noun), *noun.lists.split()):
            told.append(fetching.fetch(noun, node))
            tell(told[-1])
    return not any(each.outcome in BAD for each in told)


@dataclass(frozen=True)
class Fetching:
    """One run of `pull`."""

    folder: Path
    memory: Memory
    records: Mapping[str, Record]
    broken: list[Broken]

    def fetch(self, noun: Noun, node: Mapping[str, Any]) -> Told:
        """Bring one entry's file up to date."""
        name = _file(noun, node)
        before = self.memory.named(node["id"]) or name
        record = self.records.get(before)
        if record is None and any(each.name == before.partition("#")[0] for each in self.broken):
            return Told(before, Outcome.CONFLICT, ("This file cannot be read, so it was left as it is.",))
        theirs = noun.theirs(node)
        if record and noun.name == "Article" and "seo" not in theirs and "seo" in record.said:
            theirs["seo"] = record.said["seo"]
        if record is None:
            return self._write(noun, name, node, theirs, before)
        if record.said == theirs and before == name:
            return self._keep(record, node, theirs, Outcome.UNCHANGED)
        return self._compare(noun, name, node, theirs, record)

    def _compare(self, noun: Noun, name: str, node: Mapping[str, Any], theirs: Said, record: Record) -> Told:
        """Decide between a file and an entry that differ."""
        seen = self.memory.get(record.name)
        if seen is None:
            return Told(record.name, Outcome.KEPT if record.adds else Outcome.CONFLICT, (_STRANGER,))
        is_mine_same, is_theirs_same = seen.hash == record.hash, seen.theirs == hashed(steady(theirs))
        is_moved = not record.adds and record.name != name
        if record.adds or (is_theirs_same and not is_moved):
            self.memory.advance(record.name, node["version"])
            return Told(record.name, *((Outcome.UNCHANGED,) if is_mine_same else (Outcome.KEPT, (_KEPT,))))
        if not is_mine_same:
            return Told(record.name, Outcome.CONFLICT, (_BOTH,))
        if noun is SOURCE and self._is_shared(record):
            return Told(record.name, Outcome.CONFLICT, (f"{_BOTH} It stands in a file with others.",))
        return self._write(noun, name, node, theirs, record.name)

    def _is_shared(self, record: Record) -> bool:
        """Whether the record's file holds other records, or is none that pull would write."""
        path = record.name.partition("#")[0]
        return sum(name.partition("#")[0] == path for name in self.records) > 1

    def _write(self, noun: Noun, name: str, node: Mapping[str, Any], theirs: Said, before: str) -> Told:
        path = self.folder / name.partition("#")[0]
        if before != name and path.exists():
            return Told(name, Outcome.CONFLICT, (_STRANGER,))
        if before == name and name not in self.records and path.exists():
            return Told(name, Outcome.CONFLICT, (_STRANGER,))
        ordered = {field: theirs[field] for field in noun.fields if field in theirs}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            references.written(ordered) if noun is SOURCE else pages.written(ordered), "utf-8", newline="\n"
        )
        lines: tuple[str, ...] = ()
        if before != name:
            if before in self.records:  # unchanged, and alone in its file: see _compare
                (self.folder / before.partition("#")[0]).unlink()
            self.memory.forget(before)
            lines = (f"It was {before.partition('#')[0]} before.",)
        seen = Seen(node["id"], node["version"], hashed(normal(ordered)), hashed(steady(theirs)))
        self.memory.keep(name, seen)
        return Told(name, Outcome.WRITTEN, lines)

    def _keep(self, record: Record, node: Mapping[str, Any], theirs: Said, outcome: Outcome) -> Told:
        self.memory.keep(record.name, Seen(node["id"], node["version"], record.hash, hashed(steady(theirs))))
        return Told(record.name, outcome)


def _file(noun: Noun, node: Mapping[str, Any]) -> str:
    """The name by which an entry is kept; a server's word is never taken for a path."""
    key = str(node[noun.by])
    if not NAME.fullmatch(key):
        raise BadName(f"The server calls a {noun.singular} {key!r}, which cannot be a file's name.")
    return f"{noun.folder}/{key}.json#{key}" if noun is SOURCE else f"{noun.folder}/{key}.md"


def _listed(noun: Noun) -> str:
    outer, _, inner = noun.lists.rpartition(" ")
    page = f"{inner}(first: $first, after: $after) {{ nodes {{ {noun.asked} }} pageInfo {{ hasNextPage endCursor }} }}"
    return f"query ($first: Int!, $after: String) {{ {f'{outer} {{ {page} }}' if outer else page} }}"
