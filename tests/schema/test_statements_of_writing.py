"""What is written takes a fixed number of statements, however much a text names and cites."""

import asyncio

import pytest

from api.accounts.viewer import Role
from tests import deskwork
from tests.asking import Statements, ask

CREATE, PUBLISH = 4, 13
"""Beside BEGIN and COMMIT of what publishes; creating is one statement that needs neither."""
CITABLE = "{ sources(first: 60) { nodes { key status studyDesign } } }"


async def citing(size: int) -> str:
    """A text that cites so many works."""
    found = (await ask(CITABLE))["sources"]["nodes"]
    keys = [each["key"] for each in found if each["status"] == "OK" and each["studyDesign"] != "MECHANISM"][:size]
    assert len(keys) == size
    cited = "\n\n".join(f"This was looked at before [@{key}], with a sham or without." for key in keys)
    return f"{cited}\n\n## When to get help\n\nSee a doctor if the pain does not ease after a few weeks.\n"


@pytest.mark.parametrize("size", [1, 20])
async def test_a_new_article_and_its_publication_take_their_numbers_of_statements(sample, size):
    editor = await deskwork.viewer(Role.EDITOR)
    body = await citing(size)
    said = {"title": "A short word on backs", "summary": "What was found.", "body": {"markdown": body}}
    relations = await deskwork.relations()
    with Statements() as creating:
        made = await deskwork.do("createArticle", editor, **said, **relations)
    assert made["userErrors"] == []
    assert len(creating) == CREATE
    article = await deskwork.approved(editor, body=body)
    with Statements() as publishing:
        done = await deskwork.do("publishArticle", editor, id=article["id"], expectedVersion=article["version"])
    assert done["userErrors"] == []
    assert len(publishing) == PUBLISH


async def test_a_slug_that_is_another_articles_takes_three_more(sample):
    editor = await deskwork.viewer(Role.EDITOR)
    said = {"title": "A short word on backs", "body": {"markdown": "Backs ache."}}
    first = await deskwork.do("createArticle", editor, **said)
    with Statements() as creating:
        second = await deskwork.do("createArticle", editor, **said)
    assert [made["article"]["slug"] for made in (first, second)] == ["a-short-word-on-backs", "a-short-word-on-backs-2"]
    assert len(creating) == 6


async def test_whoever_names_no_slug_gets_one_however_many_write_the_same_title_at_once(sample):
    editor = await deskwork.viewer(Role.EDITOR)
    said = {"title": "A short word on backs", "body": {"markdown": "Backs ache."}}
    made = await asyncio.gather(*[deskwork.do("createArticle", editor, **said) for _ in range(6)])
    assert [one["userErrors"] for one in made] == [[]] * 6
    slug = "a-short-word-on-backs"
    assert sorted(one["article"]["slug"] for one in made) == [slug, *(f"{slug}-{number}" for number in range(2, 7))]
