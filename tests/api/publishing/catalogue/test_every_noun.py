"""What holds for every noun of the catalogue, asked through GraphQL."""

from itertools import product

import pytest

from api.accounts.viewer import ANONYMOUS, Role, Viewer
from api.audit import AuditEntry
from tests.api.publishing.catalogue.nouns import BY_NAME, NOUNS, created, published
from tests.asking import answer, ask
from tests.doing import codes, do, done, member

pytestmark = pytest.mark.usefixtures("database")
every = pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.name)
SEEN = "query ($id: ID!) { node(id: $id) { id } }"


async def seen(entry, viewer=ANONYMOUS):
    return (await ask(SEEN, viewer, id=entry["id"]))["node"]


@every
async def test_an_entry_is_written_changed_published_hidden_and_deleted(noun):
    editor = await member(Role.EDITOR)
    entry = await created(noun, editor)
    assert (entry["version"], entry["isPublished"]) == (1, False)
    assert await seen(entry) is None

    name, fields = noun.name, noun.fields()
    changed = await done(
        f"update{name}", editor, fields, id=entry["id"], expectedVersion=1, **noun.change | noun.clinical
    )
    assert changed[noun.field]["version"] == 2
    public = await done(f"publish{name}", editor, fields, id=entry["id"], expectedVersion=2)
    assert (public[noun.field]["version"], public[noun.field]["isPublished"]) == (3, True)
    assert await seen(entry) == {"id": entry["id"]}
    hidden = await done(f"unpublish{name}", editor, fields, id=entry["id"], expectedVersion=3)
    assert (hidden[noun.field]["version"], hidden[noun.field]["isPublished"]) == (4, False)
    assert await seen(entry) is None
    gone = await done(f"delete{name}", editor, "deletedId", id=entry["id"], expectedVersion=4)
    assert gone["deletedId"] == entry["id"]
    assert await seen(entry, editor) is None
    verbs = await AuditEntry.filter(thing=entry["id"]).order_by("id").values_list("verb", flat=True)
    assert verbs == [f"{verb}{name}" for verb in ("create", "update", "publish", "unpublish", "delete")]


@every
async def test_a_stale_version_changes_nothing_and_shows_the_current_entry(noun):
    editor = await member(Role.EDITOR)
    entry = await created(noun, editor)
    said = noun.change | noun.clinical
    await done(f"update{noun.name}", editor, noun.fields(), id=entry["id"], expectedVersion=1, **said)
    before = await AuditEntry.all().count()
    for verb, more in (("update", said), ("publish", {}), ("unpublish", {}), ("delete", {})):
        refused = await do(f"{verb}{noun.name}", editor, noun.fields(), id=entry["id"], expectedVersion=1, **more)
        assert codes(refused) == ["CONFLICT"], verb
        assert refused["userErrors"][0]["field"] == ["expectedVersion"]
        assert refused[noun.field] == {"id": entry["id"], "version": 2, "isPublished": False}
    assert await AuditEntry.all().count() == before


@every
async def test_one_key_acts_once_and_answers_alike(noun):
    editor = await member(Role.EDITOR)
    said = await noun.said() | {"idempotencyKey": "one"}
    await created(BY_NAME["Disclaimer"], editor)  # the clinic that the gate asks about
    first = await done(f"create{noun.name}", editor, noun.fields(), **said)
    assert await done(f"create{noun.name}", editor, noun.fields(), **said) == first
    entry = first[noun.field]
    gone = {"id": entry["id"], "expectedVersion": 1, "idempotencyKey": "two"}
    deleted = await done(f"delete{noun.name}", editor, "deletedId", **gone)
    assert await done(f"delete{noun.name}", editor, "deletedId", **gone) == deleted
    assert await AuditEntry.filter(thing=entry["id"]).count() == 2
    other = await do(f"delete{noun.name}", editor, "deletedId", **gone | {"expectedVersion": 2})
    assert codes(other) == ["IDEMPOTENCY_MISMATCH"]


@every
async def test_readers_see_neither_version_nor_whether_it_is_published(noun):
    editor = await member(Role.EDITOR)
    entry = await published(noun, editor)
    document = f"query ($id: ID!) {{ node(id: $id) {{ ... on {noun.name} {{ id version isPublished }} }} }}"
    shown = await ask(document, id=entry["id"])
    assert shown["node"] == {"id": entry["id"], "version": None, "isPublished": None}
    assert (await ask(document, editor, id=entry["id"]))["node"] == entry


async def test_only_editors_with_the_scope_may():
    roles = (Role.AUTHOR, Role.REVIEWER, Role.MODERATOR, Role.PARTNER)
    strangers = [(ANONYMOUS, "UNAUTHENTICATED"), *[(await member(role), "FORBIDDEN") for role in roles]]
    strangers.append((Viewer("mbr_test", "Somebody", frozenset({Role.EDITOR}), scopes=frozenset()), "FORBIDDEN"))
    chosen = {"id": "cnd_00000000000000000000000000", "expectedVersion": 1}
    for noun, verb in product(NOUNS, ("create", "update", "delete", "publish", "unpublish")):
        name = f"{verb}{noun.name}"
        given = f"$input: {verb.capitalize()}{noun.name}Input!"
        document = f"mutation ({given}) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
        said = await noun.said() if verb == "create" else chosen
        for asking, code in strangers:
            refused = await answer(document, asking, input=said)
            assert [error.extensions["code"] for error in refused.errors] == [code], (verb, noun.name, asking.roles)
    assert await AuditEntry.all().count() == 0


@every
async def test_publishing_twice_and_hiding_what_is_hidden_are_refused(noun):
    editor = await member(Role.EDITOR)
    entry = await created(noun, editor)
    hidden = await do(f"unpublish{noun.name}", editor, "", id=entry["id"], expectedVersion=1)
    assert codes(hidden) == ["WRONG_STAGE"]
    await done(f"publish{noun.name}", editor, "", id=entry["id"], expectedVersion=1)
    again = await do(f"publish{noun.name}", editor, "", id=entry["id"], expectedVersion=2)
    assert codes(again) == ["WRONG_STAGE"]
    assert (await seen(entry)) == {"id": entry["id"]}


@every
async def test_an_unknown_id_is_not_found_and_a_change_of_nothing_writes_nothing(noun):
    editor = await member(Role.EDITOR)
    for verb in ("update", "publish", "unpublish", "delete"):
        unknown = await do(f"{verb}{noun.name}", editor, "", id="art_00000000000000000000000000", expectedVersion=1)
        assert codes(unknown) == ["NOT_FOUND"], verb
    entry = await created(noun, editor)
    same = await done(f"update{noun.name}", editor, noun.fields(), id=entry["id"], expectedVersion=1)
    assert same[noun.field]["version"] == 1
    assert await AuditEntry.filter(thing=entry["id"]).count() == 1


@every
async def test_the_audit_log_keeps_the_whole_entry_before_and_after(noun):
    editor = await member(Role.EDITOR)
    entry = await created(noun, editor)
    await done(f"update{noun.name}", editor, "", id=entry["id"], expectedVersion=1, **noun.change)
    first, second = await AuditEntry.filter(thing=entry["id"]).order_by("id")
    assert (first.before, first.actor) == (None, editor.member)
    assert second.before == first.after
    assert (second.before["version"], second.after["version"]) == (1, 2)
    differ = {name for name in second.after if second.after[name] != second.before[name]} - {"version"}
    assert len(differ) == len(noun.change)
    assert {"is_published", "first_published_at", "version"} < set(second.after)
