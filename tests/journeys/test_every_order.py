"""Two articles and the entries that they use, published, hidden and published again in every order that chance finds.

No relation is ever lost, and nothing is ever seen that is not public. Everything is done and looked at through GraphQL.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from api import database as db
from api import ids
from api.accounts.viewer import ANONYMOUS, Role, Viewer
from api.practitioners import Credential, CredentialKind
from tests import builders
from tests.asking import ask
from tests.conftest import _statement, named
from tests.doing import codes, do, done, member

BODY = """
Most stiff shoulders ease by themselves, as one study of 40 people saw [@{key}].

## When to get help

See a doctor if the pain does not ease after a few weeks. More about [stiff necks](entity:{other}).
"""
CARE = [{"level": "URGENT", "heading": "Ask for help today", "items": ["Your arm is numb."]}]
YEAR = {"date-parts": [[2019]]}
CSL = {"type": "article-journal", "title": "How shoulders fare", "author": [{"family": "Vale"}], "issued": YEAR}
KINDS = {
    "study": "Source",
    "shoulder": "Condition",
    "neck": "Condition",
    "stretching": "Treatment",
    "author": "Practitioner",
    "note": "Disclaimer",
    "statement": "EvidenceStatement",
}
"""Each entry after those that it rests on."""
USES = {
    "first": ("shoulder", "stretching", "author", "study", "note", "neck"),
    "second": ("shoulder", "neck", "author", "study"),
}
NEEDS = {"statement": ("shoulder", "stretching", "author", "study"), "stretching": ("study",)}
"""What evidence rests on: public before it is, and for as long."""
ARTICLE = "id conditions { id } treatments { id } authors { id } disclaimers { id } citations { source { id } }"
LOOK = f"""query ($first: ID!, $second: ID!, $entries: [ID!]!, $shoulder: ID!, $study: ID!) {{
  first: article(by: {{id: $first}}) {{ {ARTICLE} }} second: article(by: {{id: $second}}) {{ {ARTICLE} }}
  nodes(ids: $entries) {{ id }}
  condition(by: {{id: $shoulder}}) {{ articles {{ nodes {{ id }} totalCount }} statements {{ id }} }}
  source(by: {{id: $study}}) {{ articles {{ nodes {{ id }} }} }}
}}"""


@dataclass
class Stage:
    """The clinic on which every order is tried, with an event loop of its own."""

    runner: asyncio.Runner
    editor: Viewer = ANONYMOUS
    ids: dict[str, str] = field(default_factory=dict)

    def do(self, verb: str, name: str, /, **more: Any) -> list[str]:
        return self.runner.run(self._do(verb, name, **more))

    def look(self, viewer: Viewer = ANONYMOUS) -> dict[str, Any]:
        known = {name: self.ids[name] for name in ("first", "second", "shoulder", "study")}
        return self.runner.run(ask(LOOK, viewer, entries=[self.ids[name] for name in KINDS], **known))

    async def _do(self, verb: str, name: str, /, **more: Any) -> list[str]:
        kind = KINDS.get(name, "Article")
        document = f"query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ version }} }} }}"
        version = (await ask(document, self.editor, id=self.ids[name]))["node"]["version"]
        return codes(await do(f"{verb}{kind}", self.editor, "", id=self.ids[name], expectedVersion=version, **more))

    async def write(self) -> None:
        """Write the entries and the two articles, each approved once."""
        await builders.clinic()
        self.editor = await member(Role.EDITOR)
        usual = [(await builders.disclaimer(key="NOT_A_SUBSTITUTE")).id]
        await self._entries()
        person = await builders.practitioner("Anita Verwood")
        await Credential.create(
            practitioner=person,
            position=0,
            kind=CredentialKind.STATUTORY_REGISTER,
            name="Physician",
            recognized_by="GMC",
        )
        reviewer = await member(Role.REVIEWER, practitioner=person.id)
        both = [*usual, self.ids["note"]]
        await self._article("first", "Shoulders that are stiff", (["shoulder"], ["stretching"], both), reviewer)
        await self._article("second", "Shoulders and necks", (["shoulder", "neck"], [], usual), reviewer)

    async def _entries(self) -> None:
        for name, said in (("shoulder", "Stiff shoulder"), ("neck", "Stiff neck")):
            await self._new(name, name=said, summary="It moves less.", careAdvice=CARE)
        await self._new("study", csl=CSL, studyDesign="COHORT", status="OK", key="vale2019")
        risks = [{"text": "Soreness", "frequency": "COMMON", "source": self.ids["study"]}]
        said = {"summary": "Stretching, slowly.", "adverseOutcomes": risks, "contraindications": ["A broken bone."]}
        await self._new("stretching", name="Slow stretching", **said)
        since = {"recognizedBy": "HCPC", "validFrom": "2020-01-01"}
        held = [{"kind": "STATUTORY_REGISTER", "name": "Physiotherapist"} | since]
        await self._new("author", name="Maud Ferris", jobTitle="Physiotherapist", credentials=held)
        await self._new("note", title="Note", text="Ask if you are unsure.")
        known = {"condition": "shoulder", "treatment": "stretching", "assessedBy": "author"}
        about = {name: self.ids[key] for name, key in known.items()}
        said = {"outcome": "Pain", "comparator": "USUAL_CARE", "timepoint": "SHORT_TERM", "certainty": "LOW",
                "summary": "Little is known.", "assessedAt": "2026-01-02", "sources": [self.ids["study"]]}  # fmt: skip
        await self._new("statement", **about, **said)

    async def _new(self, name: str, /, **said: Any) -> None:
        kind = KINDS[name]
        shown = kind[0].lower() + kind[1:]
        made = await done(f"create{kind}", self.editor, f"{shown} {{ id }}", **said)
        self.ids[name] = made[shown]["id"]

    async def _article(self, name: str, title: str, of: tuple[list[str], list[str], list[str]], by: Viewer) -> None:
        """Written, submitted and approved, while its entries are public."""
        conditions, treatments, disclaimers = of
        about = {
            "conditions": [self.ids[each] for each in conditions],
            "treatments": [self.ids[each] for each in treatments],
            "disclaimers": disclaimers,
        }
        text = {"markdown": BODY.format(key="vale2019", other=self.ids["neck"])}
        said = {"title": title, "summary": "What one study saw.", "body": text, "authors": [self.ids["author"]]}
        made = await done("createArticle", self.editor, "article { id }", **said, **about)
        self.ids[name] = made["article"]["id"]
        for entry in KINDS:
            await self._do("publish", entry)
        assert await self._do("submit", name) == []
        due = (datetime.now(UTC) + timedelta(days=300)).date().isoformat()
        verdict = {"id": self.ids[name], "outcome": "APPROVED", "evidenceRechecked": True, "nextReviewDue": due}
        await done("reviewArticle", by, "", expectedVersion=2, **verdict)


class EveryOrder(RuleBasedStateMachine):
    """What must hold is known from what was done: which entries are public, and which articles are live."""

    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self.public: set[str] = set()
        self.live: set[str] = set()

    @initialize()
    def everything_is_hidden(self) -> None:
        for name in USES:
            self.stage.do("unpublish", name, kind="GONE", explanation="Begin anew.")
        for name in reversed(KINDS):
            self.stage.do("unpublish", name)

    @rule(name=st.sampled_from(sorted(KINDS)))
    def publish_an_entry(self, name: str) -> None:
        ready = self.public >= set(NEEDS.get(name, ()))
        wanted = ["WRONG_STAGE"] if name in self.public else [] if ready else ["INVALID"]
        assert self.stage.do("publish", name) == wanted
        self.public |= {name} if wanted == [] else set()

    @rule(name=st.sampled_from(sorted(KINDS)))
    def hide_an_entry(self, name: str) -> None:
        used = any(name in USES[each] for each in self.live)
        used = used or any(name in NEEDS[each] for each in self.public & set(NEEDS))
        wanted = ["WRONG_STAGE"] if name not in self.public else ["IN_USE"] if used else []
        assert self.stage.do("unpublish", name) == wanted
        self.public -= {name} if wanted == [] else set()

    @rule(missing=st.sets(st.sampled_from(sorted(KINDS)), max_size=1))
    def publish_all_entries_but_one(self, missing: set[str]) -> None:
        for name in KINDS:
            if name not in missing | self.public:
                self.publish_an_entry(name)

    @rule(name=st.sampled_from(sorted(USES)))
    def publish_an_article(self, name: str) -> None:
        needed = set(USES[name]) - {"note"}
        wanted = ["WRONG_STAGE"] if name in self.live else [] if self.public >= needed else ["BLOCKED"]
        assert self.stage.do("publish", name) == wanted
        self.live |= {name} if wanted == [] else set()

    @rule(name=st.sampled_from(sorted(USES)), kind=st.sampled_from(["GONE", "WITHDRAWN", "LEGAL"]))
    def take_an_article_down(self, name: str, kind: str) -> None:
        wanted = [] if name in self.live else ["WRONG_STAGE"]
        assert self.stage.do("unpublish", name, kind=kind, explanation="For a while.") == wanted
        self.live -= {name}

    @invariant()
    def readers_see_what_is_public_whole_and_nothing_else(self) -> None:
        known, seen = self.stage.ids, self.stage.look()
        public = {known[name] for name in self.public}
        assert {node["id"] for node in seen["nodes"] if node} == public
        for name in USES:
            assert (seen[name] is not None) == (name in self.live)
            if seen[name]:
                self._check_whole(name, seen[name], hidden=set() if "note" in self.public else {known["note"]})
        live = {known[name] for name in self.live}
        hub, work = seen["condition"], seen["source"]
        if hub:
            assert {node["id"] for node in hub["articles"]["nodes"]} == live
            assert hub["articles"]["totalCount"] == len(live)
            said = [known["statement"]] if "statement" in self.public else []
            assert [each["id"] for each in hub["statements"]] == said
        if work:
            assert {node["id"] for node in work["articles"]["nodes"]} == live

    @invariant()
    def editors_find_every_relation_where_it_was(self) -> None:
        seen = self.stage.look(self.stage.editor)
        assert all(seen["nodes"])
        for name in USES:
            self._check_whole(name, seen[name], hidden=set())
        both = {self.stage.ids[name] for name in USES}
        assert {node["id"] for node in seen["condition"]["articles"]["nodes"]} == both

    def _check_whole(self, name: str, seen: dict[str, Any], hidden: set[str]) -> None:
        known = self.stage.ids
        about = ["shoulder", "neck"] if name == "second" else ["shoulder"]
        assert [each["id"] for each in seen["conditions"]] == [known[each] for each in about]
        assert [each["id"] for each in seen["treatments"]] == ([known["stretching"]] if name == "first" else [])
        assert [each["id"] for each in seen["authors"]] == [known["author"]]
        assert [each["source"]["id"] for each in seen["citations"]] == [known["study"]]
        notes = [each["id"] for each in seen["disclaimers"]][1:]
        assert notes == [each for each in ([known["note"]] if name == "first" else []) if each not in hidden]


@pytest.fixture
def stage(server: str, migrated: str) -> Iterator[Stage]:
    name = ids.new("test")
    with asyncio.Runner() as runner:
        runner.run(_statement(server, f'CREATE DATABASE "{name}" TEMPLATE "{migrated}"'))
        runner.run(db.connect(named(server, name)))
        try:
            ready = Stage(runner)
            runner.run(ready.write())
            yield ready
        finally:
            runner.run(db.disconnect())
            runner.run(_statement(server, f'DROP DATABASE "{name}" WITH (FORCE)'))


def tried(stage: Stage, examples: int, steps: int) -> None:
    machine = type("EveryOrderHere", (EveryOrder,), {"stage": stage})
    checks = list(HealthCheck)
    how = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None, suppress_health_check=checks
    )
    run_state_machine_as_test(machine, settings=how)


def test_no_order_of_publishing_loses_a_relation_or_shows_what_is_hidden(stage):
    tried(stage, examples=5, steps=12)


@pytest.mark.soak
def test_a_great_many_orders_lose_nothing_either(stage):
    tried(stage, examples=80, steps=40)
