"""Where an argument or input has a default, null stands for it: clients with variables send null for what is unset."""

from pathlib import Path
from typing import Any

import pytest

from api.accounts.viewer import Role
from api.articles.models import Article, ArticleKind, Severity
from schema.root import schema
from tests import builders, people
from tests.asking import ask
from tests.deskwork import codes, do, viewer

TYPES = schema._schema.type_map
ARGUMENTS = {
    "Query.articles": ("orderBy", "ArticleOrder"),
    "Query.conditions": ("orderBy", "CatalogueOrder"),
    "Query.treatments": ("orderBy", "CatalogueOrder"),
    "Query.practitioners": ("orderBy", "CatalogueOrder"),
    "Editorial.moderationQueue": ("orderBy", "ModerationOrder"),
    "Article.related": ("first", "Int"),
    "Syndication.html": ("idPrefix", "String"),
}
INPUTS = {
    "CreateArticleInput": ("kind", "ArticleKind"),
    "UnpublishArticleInput": ("severity", "Severity"),
    "CreateDisclaimerInput": ("key", "DisclaimerKey"),
    "CreatePractitionerInput": ("affiliation", "Affiliation"),
    "PublishArticlesInput": ("errorPolicy", "ErrorPolicy"),
    "ModerateCommentsInput": ("errorPolicy", "ErrorPolicy"),
}


@pytest.mark.parametrize("place", ARGUMENTS)
def test_an_argument_with_a_default_may_be_null(place: str):
    of, field = place.split(".")
    name, kind = ARGUMENTS[place]
    assert str(TYPES[of].fields[field].args[name].type) == kind


@pytest.mark.parametrize("of", INPUTS)
def test_an_input_with_a_default_may_be_null(of: str):
    name, kind = INPUTS[of]
    assert str(TYPES[of].fields[name].type) == kind


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("many", "kind"), [("articles", "ArticleOrder"), ("conditions", "CatalogueOrder"), ("treatments", "CatalogueOrder")]
)
async def test_a_list_whose_order_is_null_has_its_usual_one(many: str, kind: str):
    for name in ("b", "a"):
        await {"articles": builders.live, "conditions": builders.condition, "treatments": builders.treatment}[many](
            name
        )
    usual = (await ask(f"{{ {many} {{ nodes {{ id }} }} }}"))[many]["nodes"]
    document = f"query ($order: {kind}) {{ {many}(orderBy: $order) {{ nodes {{ id }} }} }}"
    assert (await ask(document, order=None))[many]["nodes"] == usual
    assert len(usual) == 2


@pytest.mark.usefixtures("database")
async def test_an_article_whose_kind_is_null_is_about_health_and_a_take_down_without_severity_routine():
    editor = await viewer(Role.EDITOR)
    made = await do("createArticle", editor, title="Sleep", kind=None)
    assert (codes(made), (await Article.get(id=made["article"]["id"])).kind) == ([], ArticleKind.HEALTH)
    live = await builders.live()
    said: dict[str, Any] = {"kind": "WITHDRAWN", "explanation": "It was wrong.", "severity": None}
    assert codes(await do("unpublishArticle", editor, id=live.id, expectedVersion=1, **said)) == []
    assert (await Article.get(id=live.id)).unpublished_severity == Severity.ROUTINE


@pytest.mark.usefixtures("database")
async def test_an_entry_is_of_the_usual_sort_when_null_is_said():
    await builders.clinic()
    editor = await viewer(Role.EDITOR)
    shown = "userErrors { code message } disclaimer { key }"
    made = await do("createDisclaimer", editor, fields=shown, title="Note", text="See a doctor.", key=None)
    assert (made["userErrors"], made["disclaimer"]) == ([], {"key": "CUSTOM"})
    shown = "userErrors { code message } practitioner { affiliation }"
    made = await do("createPractitioner", editor, fields=shown, name="Ada Reed", jobTitle="GP", affiliation=None)
    assert (made["userErrors"], made["practitioner"]) == ([], {"affiliation": "STAFF"})


@pytest.mark.usefixtures("database")
async def test_what_is_related_and_how_ids_begin_may_be_null():
    article = await builders.live(body="## One\n\nTwo.")
    document = """query ($first: Int, $prefix: String, $id: ID!) { article(by: {id: $id}) {
      related(first: $first) { id } given: syndication { html(idPrefix: $prefix) } usual: syndication { html } } }"""
    found = (await ask(document, id=article.id, first=None, prefix=None))["article"]
    assert found["related"] == []
    assert 'id="meridian-' in found["given"]["html"]
    assert found["given"] == found["usual"]


async def test_a_null_where_a_value_must_stand_is_refused_in_words_of_this_api(database: str, tmp_path: Path):
    program = people.Program(database, tmp_path)

    answer = await program.send("{ article(by: {slug: null}) { id } }")

    assert answer["errors"][0]["message"] == "'slug' cannot be null: leave it out, or give it a value."
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}
    assert not any("Maybe" in error["message"] for error in answer["errors"])
