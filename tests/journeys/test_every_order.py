"""Two articles and the entries that they use, published, hidden, rewritten and published again in every order.

No relation is ever lost, and no draft is ever seen: by its id, its address, a list, a search, a relation or the log of
changes. Everything is done and looked at over HTTP, as by anybody's program.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from api import database as db
from api import ids
from tests import people
from tests.api.web.edge_server import WHOLE, Server
from tests.conftest import _statement, named
from tests.journeys.clinic_by_http import KINDS, SECRET, TITLES, Stage

USES = {
    "first": ("shoulder", "stretching", "author", "study", "note", "neck"),
    "second": ("shoulder", "neck", "author", "study"),
}
NEEDS = {"statement": ("shoulder", "stretching", "author", "study"), "stretching": ("study",)}
"""What evidence rests on: public before it is, and for as long."""
LISTS = {"shoulder": ("first", "second"), "stretching": ("first",), "author": ("first", "second"),
         "study": ("first", "second")}  # fmt: skip
"""Whose relations name which articles."""
A_NAME = st.sampled_from(sorted(USES))


class EveryOrder(RuleBasedStateMachine):
    """What must hold is known from what was done: which entries are public, which articles are live, and as what.

    A draft is READY when its review stands, and REVISED when nobody has approved it yet.
    """

    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self.public: set[str] = set()
        self.live: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        self.drafts: dict[str, str] = {}

    @initialize()
    def everything_is_hidden(self) -> None:
        for name, title in TITLES.items():
            self.stage.do("unpublish", name, kind="GONE", explanation="Begin anew.")
            self.stage.do("revise", name, title=title)
            self.stage.do("publish", "note")  # it is what an earlier run may have left hidden
        for name in KINDS:
            self.stage.do("publish", name)
        for name, title in TITLES.items():
            assert self.stage.approve(name) == []
            self.drafts[name], self.titles[name] = "READY", title
        for name in reversed(KINDS):
            self.stage.do("unpublish", name)
        self.stage.changes()

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

    @rule(name=A_NAME)
    def publish_an_article(self, name: str) -> None:
        wanted = [] if self.drafts.get(name) == "READY" and self._rests_on_what_is_public(name) else ["BLOCKED"]
        wanted = wanted if name in self.drafts else ["WRONG_STAGE"]
        assert self.stage.do("publish", name) == wanted
        if wanted == []:
            self.live[name] = self.titles[name]
            del self.drafts[name]

    @rule(name=A_NAME, kind=st.sampled_from(["GONE", "WITHDRAWN", "LEGAL"]))
    def take_an_article_down(self, name: str, kind: str) -> None:
        wanted = [] if name in self.live else ["WRONG_STAGE"]
        assert self.stage.do("unpublish", name, kind=kind, explanation="For a while.") == wanted
        if wanted == [] and name not in self.drafts:
            self.drafts[name], self.titles[name] = "READY", self.live[name]
        self.live.pop(name, None)

    @rule(name=A_NAME, number=st.integers(0, 10**9))
    def rewrite_an_article(self, name: str, number: int) -> None:
        self.titles[name], self.drafts[name] = f"{SECRET} {number} on shoulders", "REVISED"
        assert self.stage.do("revise", name, title=self.titles[name]) == []

    @precondition(lambda machine: "REVISED" in machine.drafts.values())
    @rule()
    def approve_what_was_rewritten(self) -> None:
        """What is hidden for a while stands against publishing, not against a review."""
        for name in [name for name, draft in self.drafts.items() if draft == "REVISED"]:
            assert self.stage.approve(name) == []
            self.drafts[name] = "READY"

    @precondition(lambda machine: machine.live.keys() & machine.drafts.keys())
    @rule()
    def let_go_of_drafts_behind_what_is_live(self) -> None:
        for name in self.live.keys() & self.drafts.keys():
            assert self.stage.do("discardDraft", name) == []
            del self.drafts[name]

    @invariant()
    def readers_see_what_is_public_whole_and_nothing_else(self) -> None:
        seen, text = self.stage.look()
        known, live = self.stage.ids, {self.stage.ids[name]: title for name, title in self.live.items()}
        assert {node["id"] for node in seen["nodes"] if node} == {known[name] for name in self.public}
        for name in USES:
            self._check_one(name, seen)
        assert titles(seen) == live
        assert seen["articles"]["totalCount"] == len(live)
        assert {hit["item"]["id"] for hit in seen["search"]["nodes"]} & {known[name] for name in USES} == set(live)
        for entry, articles in LISTS.items():
            assert (seen[entry] is not None) == (entry in self.public)
            if seen[entry]:
                there = {known[name]: self.live[name] for name in articles if name in self.live}
                assert titles(seen[entry]) == there
                assert seen[entry]["articles"]["totalCount"] == len(there)
        if seen["shoulder"]:
            said = [known["statement"]] if "statement" in self.public else []
            assert [each["id"] for each in seen["shoulder"]["statements"]] == said
        for name in self.drafts:
            assert self.titles[name] not in text or self.titles[name] in {TITLES[name], self.live.get(name)}

    @invariant()
    def editors_find_every_relation_where_it_was(self) -> None:
        seen, _ = self.stage.look(self.stage.editor)
        assert all(seen["nodes"])
        for name in USES:
            self._check_whole(name, seen[name], hidden=set())
            assert (seen[name]["draft"] is not None) == (name in self.drafts)
            if seen[name]["draft"]:
                assert seen[name]["draft"]["title"] == self.titles[name]
                self._check_whole(name, seen[name]["draft"], hidden=set())
        for entry, articles in LISTS.items():
            assert set(titles(seen[entry])) == {self.stage.ids[name] for name in articles}

    @invariant()
    def the_log_shows_what_is_live_and_removes_what_is_not(self) -> None:
        names = {self.stage.ids[name]: name for name in USES}
        for change in self.stage.changes():
            assert (change["kind"] == "UPSERT") == (names[change["article_id"]] in self.live)
            assert (change["content_hash"] is not None) == (change["kind"] == "UPSERT")

    def _rests_on_what_is_public(self, name: str) -> bool:
        return self.public >= set(USES[name]) - {"note"}

    def _check_one(self, name: str, seen: dict[str, Any]) -> None:
        """What is live is the same by its id, its slug and its address; what is not is nowhere."""
        title, route = self.live.get(name), seen[f"{name}Route"]
        assert [seen[way] and seen[way]["title"] for way in (name, f"{name}BySlug")] == [title, title]
        assert (route is not None and route["__typename"] == "Article") == (name in self.live)
        assert title is None or route["title"] == title
        if seen[name]:
            hidden = set() if "note" in self.public else {self.stage.ids["note"]}
            self._check_whole(name, seen[name], hidden)
            assert seen[name]["draft"] is None

    def _check_whole(self, name: str, seen: dict[str, Any], hidden: set[str]) -> None:
        known = self.stage.ids
        about = ["shoulder", "neck"] if name == "second" else ["shoulder"]
        assert [each["id"] for each in seen["conditions"]] == [known[each] for each in about]
        assert [each["id"] for each in seen["treatments"]] == ([known["stretching"]] if name == "first" else [])
        assert [each["id"] for each in seen["authors"]] == [known["author"]]
        assert [each["source"]["id"] for each in seen["citations"]] == [known["study"]]
        notes = [each["id"] for each in seen["disclaimers"]][1:]
        assert notes == [each for each in ([known["note"]] if name == "first" else []) if each not in hidden]


def titles(seen: dict[str, Any]) -> dict[str, str]:
    """The articles in a list, by id."""
    return {node["id"]: node["title"] for node in seen["articles"]["nodes"]}


@pytest.fixture
def stage(server: str, migrated: str, tmp_path: Path) -> Iterator[Stage]:
    name = ids.new("test")
    url = named(server, name)
    with asyncio.Runner() as runner:
        runner.run(_statement(server, f'CREATE DATABASE "{name}" TEMPLATE "{migrated}"'))
        runner.run(db.connect(url))
        said = {"DATABASE_URL": url, "DATA_DIR": str(tmp_path), "SECRET_KEY": people.SECRET_KEY}
        running = Server(tmp_path / "log", WHOLE, **said)
        try:
            with httpx.Client(base_url=running.url, timeout=30) as client:
                ready = Stage(runner, client)
                ready.write()
                yield ready
        finally:
            running.stop()
            runner.run(db.disconnect())
            runner.run(_statement(server, f'DROP DATABASE "{name}" WITH (FORCE)'))


def tried(stage: Stage, examples: int, steps: int) -> None:
    machine = type("EveryOrderHere", (EveryOrder,), {"stage": stage})
    how = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # to shorten what failed would take minutes
        suppress_health_check=list(HealthCheck),
    )
    run_machine(machine, settings=how)


def test_no_order_of_publishing_loses_a_relation_or_shows_what_is_hidden(stage: Stage):
    tried(stage, examples=5, steps=12)


@pytest.mark.soak
def test_a_great_many_orders_lose_nothing_either(stage: Stage):
    tried(stage, examples=50, steps=30)
