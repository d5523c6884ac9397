"""What holds for every noun of the catalogue, asked through GraphQL."""

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
    changed = await done(f"update{name}", editor, fields, id=entry["id"], expectedVersion=1, **noun.change | noun.clinical)
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
