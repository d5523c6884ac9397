"""`push`: sends what a folder says otherwise than when it was last seen, and never over a newer version."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from api.errors import Refused
from api.pushing import folder as files
from api.pushing.client import Client, Unreachable
from api.pushing.folder import Record
from api.pushing.memory import Memory, Seen, hashed
from api.pushing.names import Names
from api.pushing.nouns import GATE, SOURCE, differing, steady
from api.pushing.pages import Said
from api.pushing.telling import BAD, Outcome, Tell, Told, findings, refusals

_PULL = "Run pull, merge what changed, and push again."
_NEWER = f"The server has version {{}}, this folder saw {{}}; nothing was sent. {_PULL}"
_STRANGER = "The server has this already and this folder never saw it: move the file away, run pull, merge, push again."
_GONE = "The server no longer has what this file was: remove its entry from .meridian.json to make it anew."
_DESIGN = "The bibliography does not tell the study's design; OTHER was taken: set it on the server."
_WAITS = "The clinical part of this change waits for a reviewer."


def push(folder: Path, client: Client, tell: Tell, *, dry_run: bool = False) -> bool:
    """Send every changed file, telling what became of each; whether none was in conflict, blocked or refused."""
    records, broken = files.read(folder)
    memory = Memory(folder, client.url, keeps=not dry_run)
    told = [Told(each.name, Outcome.REFUSED, (each.why,)) for each in broken]
    for each in told:
        tell(each)
    pending = {(each.noun.singular, each.key) for each in records} if dry_run else set()
    sending = Sending(client, memory, Names(client, pending), dry_run)
    for record in records:
        told.append(sending.send(record))
        tell(told[-1])
    return not any(each.outcome in BAD for each in told)


@dataclass(frozen=True)
class Sending:
    """One run of `push`."""

    client: Client
    memory: Memory
    names: Names
    dry_run: bool

    def send(self, record: Record) -> Told:
        """Send one record if it changed; a refusal of the server is told and keeps no other file back."""
        seen = self.memory.get(record.name)
        if seen and seen.hash == record.hash:
            return Told(record.name, Outcome.UNCHANGED)
        try:
            return self._again(record, seen) if seen else self._first(record)
        except Unreachable:
            raise
        except Refused as refusal:
            return Told(record.name, Outcome.REFUSED, (refusal.message,))

    def _first(self, record: Record) -> Told:
        node = self._work(record) if record.noun is SOURCE else self._by(record, record.noun.by, record.key)
        if node is None:
            return self._create(record)
        theirs = record.noun.theirs(node)
        mine = _merged(theirs, record.said) if record.adds else record.said
        if mine == theirs:
            return self._adopt(record, node, Outcome.UNCHANGED)
        if not record.adds:
            return Told(record.name, Outcome.CONFLICT, (_STRANGER,))
        return self._revise(record, mine, node)

    def _again(self, record: Record, seen: Seen) -> Told:
        node = self._node(record, seen.id)
        if node is None:
            return Told(record.name, Outcome.CONFLICT, (_GONE,))
        theirs = record.noun.theirs(node)
        mine = _merged(record.said, theirs) | {"key": theirs["key"]} if record.adds else record.said
        if mine == theirs:
            return self._adopt(record, node, Outcome.UNCHANGED)
        if node["version"] != seen.version:
            return Told(record.name, Outcome.CONFLICT, (_NEWER.format(node["version"], seen.version),))
        return self._revise(record, mine, node)

    def _create(self, record: Record) -> Told:
        noun, said = record.noun, dict(record.said)
        lines: tuple[str, ...] = ()
        if noun is SOURCE and "studyDesign" not in said:
            said, lines = said | {"studyDesign": "OTHER"}, (_DESIGN,)
        if noun is SOURCE:
            said["csl"] = {**said["csl"], "id": record.key}
        whole = self.names.filled(noun, said | {noun.by: record.key})
        return self._do(f"create{noun.name}", record, whole, Told(record.name, Outcome.CREATED, lines))

    def _revise(self, record: Record, mine: Said, node: Mapping[str, Any]) -> Told:
        noun = record.noun
        changes = differing(noun, mine, noun.theirs(node))
        if "csl" in changes:
            changes["csl"] = {**changes["csl"], "id": mine["key"]}
        whole = {"id": node["id"], "expectedVersion": node["version"], **self.names.filled(noun, changes)}
        told = Told(record.name, Outcome.REVISED, (f"Changed: {', '.join(changes)}.", *_cite(record, node)))
        return self._do(f"{noun.revise}{noun.name}", record, whole, told)

    def _do(self, verb: str, record: Record, said: Said, done: Told) -> Told:
        if self.dry_run:
            return done
        payload = self.client.ask(_mutation(verb, record), input=said)[verb]
        node = payload[record.noun.singular]
        report = (node or {}).get("gateReport") or payload.get("gateReport")
        told = tuple(findings(record.name, record.text, report))
        if errors := payload["userErrors"]:
            return Told(record.name, _refusal(errors), (*refusals(errors), *told))
        self._remember(record, node)
        waits = (_WAITS,) if payload.get("proposal") else ()
        is_blocked = record.noun.reports and report is not None and not report["passesForReview"]
        return replace(
            done, outcome=Outcome.BLOCKED if is_blocked else done.outcome, lines=(*done.lines, *waits, *told)
        )

    def _adopt(self, record: Record, node: Mapping[str, Any], outcome: Outcome) -> Told:
        self._remember(record, node)
        return Told(record.name, outcome, _cite(record, node))

    def _remember(self, record: Record, node: Mapping[str, Any]) -> None:
        noun = record.noun
        self.names.learn(noun.singular, record.key, node["id"])
        base = hashed(steady(noun.theirs(node)))
        self.memory.keep(record.name, Seen(node["id"], node["version"], record.hash, base))

    def _work(self, record: Record) -> Mapping[str, Any] | None:
        """The source that is the same work: by DOI, by PubMed number, else by its key."""
        work = record.said["csl"]
        for by in ("doi", "pmid"):
            known = work.get(by.upper()) or record.said.get(by)
            if known and (found := self._by(record, by, known)):
                return found
        found = self._by(record, "key", record.key)
        if found and any(_differ(found[by], work.get(by.upper()) or record.said.get(by)) for by in ("doi", "pmid")):
            raise Refused(f"The key {record.key} is another work's on the server: give this one another key.")
        return found

    def _by(self, record: Record, by: str, known: str) -> Mapping[str, Any] | None:
        noun = record.noun
        document = f"query ($it: {'DOI' if by == 'doi' else 'PMID' if by == 'pmid' else 'String'}!) {{ "
        found: Mapping[str, Any] | None = self.client.ask(
            f"{document} {noun.singular}(by: {{ {by}: $it }}) {{ {noun.asked} }} }}", it=known
        )[noun.singular]
        return found

    def _node(self, record: Record, known: str) -> Mapping[str, Any] | None:
        noun = record.noun
        document = f"query ($it: ID!) {{ node(id: $it) {{ ... on {noun.name} {{ {noun.asked} }} }} }}"
        return self.client.ask(document, it=known)["node"] or None


def _mutation(verb: str, record: Record) -> str:
    noun = record.noun
    inside, beside = (GATE, "") if noun.name == "Article" else ("", GATE if noun.reports else "")
    proposal = "proposal { id }" if verb.startswith("update") and noun.reports else ""
    return (
        f"mutation ($input: {verb[0].upper()}{verb[1:]}Input!) {{ {verb}(input: $input) {{ "
        f"userErrors {{ code message field }} {noun.singular} {{ {noun.asked} {inside} }} {beside} {proposal} }} }}"
    )


def _refusal(errors: list[Mapping[str, Any]]) -> Outcome:
    codes = {error["code"] for error in errors}
    if "CONFLICT" in codes:
        return Outcome.CONFLICT
    return Outcome.BLOCKED if "BLOCKED" in codes else Outcome.REFUSED


def _merged(first: Said, second: Said) -> Said:
    """What the first says, and what only the second does; records are merged field by field."""
    return {**second, **first, "csl": {**second["csl"], **first["csl"]}}


def _cite(record: Record, node: Mapping[str, Any]) -> tuple[str, ...]:
    if record.noun is not SOURCE or node["key"] == record.key:
        return ()
    return (f"The server knows this work as {node['key']}: cite it as [@{node['key']}].",)


def _differ(theirs: str | None, mine: str | None) -> bool:
    return bool(theirs and mine and theirs != mine)
