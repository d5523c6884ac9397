"""What stands beside a refusal: where in the input it belongs, and the thing as it is for whoever may see it."""

import re
from pathlib import Path
from typing import Any

import pytest

from api.accounts.viewer import Role
from api.articles.models import Redirect
from api.publishing import slugs
from tests import builders
from tests.deskwork import do, viewer, written

PAGES = Path(__file__).parents[2] / "frontend" / "src" / "pages"
FIELDS = "userErrors { code field } article { id version stage }"


async def refusal(verb: str, asking: Any, **said: Any) -> tuple[list[str], list[str] | None, dict[str, Any] | None]:
    found = await do(verb, asking, fields=FIELDS, **said)
    return [error["code"] for error in found["userErrors"]], found["userErrors"][0]["field"], found["article"]


@pytest.mark.usefixtures("database")
async def test_a_place_within_a_document_is_a_path_of_the_input():
    editor = await viewer(Role.EDITOR)
    tree = {"v": 1, "type": "doc", "content": [{"type": "image"}]}
    codes, place, _ = await refusal("createArticle", editor, title="Sleep", body={"document": tree})
    assert (codes, place) == (["INVALID"], ["body", "document", "content", "0"])
    codes, place, _ = await refusal("createArticle", editor, title="Sleep", body={"markdown": "[x](ftp://example.org)"})
    assert (codes, place) == (["INVALID"], ["body", "markdown"])


@pytest.mark.usefixtures("database")
async def test_a_refusal_shows_the_article_to_whoever_may_see_it_and_to_nobody_else():
    editor, other = await viewer(Role.EDITOR), await viewer(Role.AUTHOR)
    await builders.clinic()
    made = (await do("createArticle", editor, title="Sleep"))["article"]
    shown = {"id": made["id"], "version": 1, "stage": "DRAFT"}
    named = {"id": made["id"], "expectedVersion": 1}
    assert await refusal("cancelSchedule", editor, **named) == (["WRONG_STAGE"], None, shown)
    assert await refusal("reviseArticle", editor, **named, title="") == (["INVALID"], ["title"], shown)
    assert await refusal("changeArticleSlug", editor, **named, slug="Two words") == (["INVALID"], ["slug"], shown)
    assert await refusal("reviseArticle", other, **named, title="Mine") == (["NOT_FOUND"], None, None)
    assert await refusal("discardDraft", other, id="not an id", expectedVersion=1) == (["NOT_FOUND"], None, None)


@pytest.mark.usefixtures("sample")
async def test_an_old_path_is_no_page_that_is_there():
    editor = await viewer(Role.EDITOR)
    made = await written(editor)
    taken = ("/", "/articles", "/search/", "/contact", "/partners", "/preview/mrp_1", "/media/x.webp", "/_astro/x.js",
             "/conditions/neck-pain", "/practitioners/anita-verwood", f"/articles/{made['slug']}")  # fmt: skip
    before = await Redirect.all().count()
    for path in taken:
        codes, place, article = await refusal("addRedirect", editor, id=made["id"], expectedVersion=1, path=path)
        assert (path, codes, place) == (path, ["INVALID"], ["path"])
        assert article is not None
        assert article["version"] == 1
    for path in ("https://elsewhere.example/old", "/post/a?b=1", "/post/a#b", "/post/a b"):
        codes, place, _ = await refusal("addRedirect", editor, id=made["id"], expectedVersion=1, path=path)
        assert (path, codes, place) == (path, ["INVALID"], ["path"])
    assert await Redirect.all().count() == before
    done = await do("addRedirect", editor, id=made["id"], expectedVersion=1, path="/conditions/never-was")
    assert done["userErrors"] == []


async def test_every_page_of_the_site_is_known():
    """What stands below articles, conditions, practitioners and treatments is looked up by its slug."""
    pages = {re.sub(r"(/index)?\.(astro|(js\.)?ts)$", "", f"/{path.relative_to(PAGES).as_posix()}")
             for path in PAGES.rglob("*") if path.suffix in {".astro", ".ts"}}  # fmt: skip
    first = {re.sub(r"\[.*", "", page) for page in pages} - {"/", ""}
    unknown = {
        page for page in first
        if page not in slugs.PAGES and f"{page}.js" not in slugs.PAGES and f"{page}.txt" not in slugs.PAGES
        and f"{page}.xml" not in slugs.PAGES and not page.startswith(slugs.BELOW)
        and not page.startswith(tuple(f"/{kind}" for kind in slugs.ENTRIES))
    }  # fmt: skip
    assert unknown == set()
