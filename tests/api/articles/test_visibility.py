"""Who sees which revision of an article: one table of states against one table of viewers."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from api import paging
from api.accounts.viewer import ANONYMOUS, Role, Viewer
from api.articles import reading
from api.articles.models import Article, UnpublishKind
from api.paging import Window
from tests import builders
from tests.builders import ago, ahead

KEY = b"k" * 32
AUTHOR, OTHER = "mbr_author", "mbr_other"

# The number of the revision that is shown, by state of the article and viewer; a dot where it does not exist.
SHOWN = """
state                        anonymous  author  other  editor  reviewer  admin  moderator  partner  previewer
draft                        .          1       .      1       1         1      .          .        1
live                         1          1       1      1       1         1      1          1        1
live, newer draft            1          1       1      1       1         1      1          1        2
scheduled                    .          1       .      1       1         1      .          .        1
live, newer scheduled        1          1       1      1       1         1      1          1        2
due                          1          1       1      1       1         1      1          1        1
live, newer due              2          2       2      2       2         2      2          2        2
withdrawn                    .          1       .      1       1         1      .          .        1
withdrawn, newer draft       .          2       .      2       2         2      .          .        2
withdrawn, due again         1          1       1      1       1         1      1          1        1
gone                         .          1       .      1       1         1      .          .        1
legal                        .          1       .      1       1         1      .          .        1
moved                        .          1       .      1       1         1      .          .        1
discarded                    .          1       .      1       1         1      .          .        1
"""
_head, *_lines = [line for line in SHOWN.splitlines() if line]
VIEWERS = _head.split()[1:]
TABLE = {line[:28].strip(): [None if cell == "." else int(cell) for cell in line[28:].split()] for line in _lines}


@dataclass(frozen=True)
class World:
    articles: dict[str, Article]
    newest: dict[str, str]

    def viewer(self, name: str, state: str) -> Viewer:
        return {
            "anonymous": ANONYMOUS,
            "author": builders.viewer(Role.AUTHOR, member=AUTHOR),
            "other": builders.viewer(Role.AUTHOR, member=OTHER),
            "editor": builders.viewer(Role.EDITOR),
            "reviewer": builders.viewer(Role.REVIEWER),
            "admin": builders.viewer(Role.ADMIN),
            "moderator": builders.viewer(Role.MODERATOR),
            "partner": builders.viewer(Role.PARTNER),
            "previewer": Viewer(preview=self.newest[state]),
        }[name]


async def world() -> World:
    author = await builders.member(Role.AUTHOR, id=AUTHOR)
    found = {}
    for state in TABLE:
        article = await builders.draft(state, by=author)
        newest = article.draft_id
        words = [word.strip() for word in state.split(",")]
        if words[0] in {"live", "withdrawn", "gone", "legal", "moved"}:
            await builders.publish(article, ago(days=9))
        if words[0] in {"withdrawn", "gone", "legal", "moved"}:
            await builders.take_down(article, UnpublishKind[words[0].upper()], moved_to="/elsewhere")
        if words[-1].startswith("newer"):
            newest = (await builders.revised(article)).id
        if words[-1].endswith("scheduled"):
            await builders.schedule(article, ahead(days=1))
        if "due" in words[-1]:
            await builders.schedule(article, ago(minutes=1))
        if state == "discarded":
            article.draft_id = article.stage = None
            await article.save()
        found[state] = (article, newest)
    return World({state: made[0] for state, made in found.items()}, {state: made[1] for state, made in found.items()})


async def test_each_viewer_is_shown_the_right_revision_of_each_article_and_no_other_through_every_way(database):
    there = await world()
    keys = {article.id: state for state, article in there.articles.items()}
    slugs = {article.slug: state for state, article in there.articles.items()}
    for column, name in enumerate(VIEWERS):
        wanted = {state: row[column] for state, row in TABLE.items() if row[column]}
        for state in TABLE if name == "previewer" else ["draft"]:
            viewer = there.viewer(name, state)
            mine = wanted
            if name == "previewer":  # one revision, and of all the rest what everybody sees
                mine = {other: row[0] for other, row in TABLE.items() if row[0]} | {state: wanted[state]}
            by_id = await reading.by_id(list(keys), viewer)
            by_slug = await reading.by_slug(list(slugs), viewer)
            assert {keys[key]: shown.revision_number for key, shown in by_id.items()} == mine, name
            assert {slugs[slug]: shown.revision_number for slug, shown in by_slug.items()} == mine, name
            for order in (reading.newest, reading.recently_reviewed, reading.by_title):
                page = await paging.page(order(viewer), Window(100), KEY)
                assert {keys[entry.id] for entry in page.entries} == set(mine), name
                assert len(page.entries) == len(mine)
                assert await paging.count(order(viewer)) == len(mine)


async def test_nobody_is_shown_a_scheduled_article_one_moment_early(database):
    soon = await builders.schedule(await builders.draft(), datetime.now(UTC) + timedelta(seconds=5))
    assert await reading.by_id([soon.id], ANONYMOUS) == {}
    await Article.filter(id=soon.id).update(scheduled_for=ago(seconds=1))
    assert list(await reading.by_id([soon.id], ANONYMOUS)) == [soon.id]


async def test_what_is_due_counts_as_published_at_its_moment_and_stands_in_its_place(database):
    early, late = await builders.live("Early", at=ago(days=5)), await builders.live("Late", at=ago(days=1))
    due = await builders.schedule(await builders.draft("Due"), ago(days=3))
    page = await paging.page(reading.newest(ANONYMOUS), Window(5), KEY)
    assert [entry.id for entry in page.entries] == [late.id, due.id, early.id]
    shown = (await reading.by_id([due.id], ANONYMOUS))[due.id]
    assert (shown.published_at, shown.updated_at, shown.is_live) == (ago(days=3), ago(days=3), True)


async def test_a_schedule_to_come_gives_nothing_away_of_its_moment(database):
    article = await builders.live(at=ago(days=5))
    await builders.revised(article)
    await builders.schedule(article, ahead(days=3))
    shown = (await reading.by_id([article.id], ANONYMOUS))[article.id]
    assert (shown.published_at, shown.updated_at, shown.title) == (ago(days=5), ago(days=5), "Sleep")


async def test_a_draft_that_is_only_previewed_can_be_paged_through(database):
    drafts = [await builders.draft(f"Draft {number}") for number in range(3)]
    lives = [await builders.live(f"Live {number}", at=ago(days=number)) for number in range(3)]
    viewer = Viewer(preview=drafts[0].draft_id)
    seen, cursor = [], None
    while True:
        page = await paging.page(reading.newest(viewer), Window(1, cursor), KEY)
        seen += [entry.id for entry in page.entries]
        if not page.has_next:
            break
        cursor = page.entries[-1].cursor
    assert sorted(seen) == sorted([drafts[0].id, *(live.id for live in lives)])


@pytest.mark.parametrize("viewer", [ANONYMOUS, builders.viewer(Role.MODERATOR), builders.viewer(Role.PARTNER)])
def test_who_may_see_no_draft_is_a_reader(viewer):
    assert viewer.is_reader
