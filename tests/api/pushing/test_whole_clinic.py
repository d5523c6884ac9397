"""Push after pull changes nothing, and what is pushed arrives, over HTTP."""

from api.pushing import Outcome
from tests.api.pushing.conftest import Desk

VERSIONS = """{ articles(first: 50) { nodes { slug version } } conditions(first: 50) { nodes { slug version } }
  treatments(first: 50) { nodes { slug version } } sources(first: 100) { nodes { key version } } }"""
PULLED = {"articles": 15, "conditions": 10, "treatments": 5}


async def test_push_after_pull_changes_nothing_with_and_without_its_memory(desk: Desk):
    before = desk.ask(VERSIONS)
    assert desk.pull()
    files = desk.contents()
    for name, number in PULLED.items():
        assert len(list((desk.folder / name).glob("*.md"))) == number
    assert len(list((desk.folder / "sources").glob("*.json"))) == len(before["sources"]["nodes"])

    assert desk.push()
    assert {each.outcome for each in desk.told.values()} == {Outcome.UNCHANGED}
    (desk.folder / ".meridian.json").unlink()
    assert desk.push(), [each for each in desk.told.values() if each.outcome is not Outcome.UNCHANGED]
    assert {each.outcome for each in desk.told.values()} == {Outcome.UNCHANGED}
    assert desk.pull()
    assert {each.outcome for each in desk.told.values()} == {Outcome.UNCHANGED}
    assert desk.contents() == files
    assert desk.ask(VERSIONS) == before
