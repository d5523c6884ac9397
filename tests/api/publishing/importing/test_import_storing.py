"""Old texts become drafts that no reader finds, and a repeat adds nothing."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from api.accounts.viewer import ANONYMOUS
from api.articles import reading
from api.articles.models import Article, Redirect, Revision, Stage
from api.commands import importing
from api.evidence.enums import SourceStatus
from api.evidence.models import Source
from api.publishing.importing import read, storing
from api.publishing.importing.storing import Outcome
from api.publishing.links import preview_token, previewer_of
from api.settings import Settings
from tests.asking import ask

pytestmark = pytest.mark.usefixtures("database")

SEED = Path(__file__).parents[5] / "shared" / "seed" / "acupuncture-for-neck-pain.txt"
SECRET = "a secret of at least thirty-two bytes"
MARKDOWN = b"""---
title: Sleep and pain
date: 2020-03-01
summary: What a made-up text says about sleep.
url: /post/sleep-and-pain
---

Some people sleep badly when something hurts [1]. Others sleep well [2].

## References

1. Doe J. A made-up title for a test. 2010. doi:10.1234/made.up
"""


async def brought(content: bytes = MARKDOWN, name: str = "sleep.md") -> storing.Stored:
    return await storing.store(read(name, content))


async def test_a_text_becomes_a_draft_with_its_old_address_and_date():
    stored = await brought()
    article = await Article.get(id=stored.article)
    assert (stored.outcome, stored.slug) == (Outcome.NEW, "sleep-and-pain")
    assert (article.stage, article.live_id, article.draft_id) == (Stage.DRAFT, None, stored.revision)
    assert str(article.originally_published_on) == "2020-03-01"
    assert (await Redirect.get(path="/post/sleep-and-pain")).article_id == article.id
    assert await reading.by_id([article.id], ANONYMOUS) == {}


async def test_a_listed_source_stays_unresolved_and_a_missing_one_dangles():
    stored = await brought()
    source = await Source.get()
    assert (source.status, source.is_published, source.doi) == (SourceStatus.UNRESOLVED, False, "10.1234/made.up")
    assert (stored.cited, stored.dangling) == (2, ("unresolved-2",))


async def test_a_source_that_is_known_by_its_doi_is_not_written_again():
    known = await Source.create(
        key="doe2010", csl={"type": "article-journal", "title": "Known"}, study_design="RCT", doi="10.1234/made.up"
    )
    stored = await brought()
    body = (await Revision.get(id=stored.revision)).body
    assert await Source.all().count() == 1
    assert known.key in str(body)


async def test_a_repeat_adds_nothing():
    first, second = await brought(), await brought()
    assert second.outcome is Outcome.UNCHANGED
    assert (first.article, first.revision) == (second.article, second.revision)
    assert (await Article.all().count(), await Revision.all().count(), await Source.all().count()) == (1, 1, 1)


async def test_a_changed_file_updates_a_draft_that_nobody_touched():
    first = await brought()
    second = await brought(MARKDOWN.replace(b"sleep badly", b"sleep very badly"))
    assert (second.outcome, second.revision) == (Outcome.UPDATED, first.revision)
    assert "very badly" in str((await Revision.get(id=first.revision)).body)


async def test_a_draft_that_was_edited_here_is_left_alone():
    first = await brought()
    await Revision.filter(id=first.revision).update(content_hash="0" * 64, title="Ours")
    second = await brought(MARKDOWN.replace(b"sleep badly", b"sleep very badly"))
    assert second.outcome is Outcome.LEFT_ALONE
    assert (await Revision.get(id=first.revision)).title == "Ours"


async def test_a_taken_slug_gets_a_number_and_is_told():
    await brought()
    second = await brought(MARKDOWN.replace(b"/post/sleep-and-pain", b"/blog/sleep-and-pain"), "other.md")
    assert second.slug == "sleep-and-pain-2"
    assert second.lines == ("The slug sleep-and-pain is taken: this one is sleep-and-pain-2.",)


async def run(paths: list[Path], **options: object) -> tuple[int, str]:
    out = io.StringIO()
    configured = Settings(Path(), SECRET, public_site_url="https://clinic.example")
    code = await importing.bring_in(
        importing.Wanted(paths, **options), configured, Console(file=out, width=120, soft_wrap=True)
    )
    return code, out.getvalue()


async def test_a_folder_ends_with_one_table_nearest_to_publishable_first(tmp_path):
    (tmp_path / "bare.txt").write_text("A bare text\n\nIt says little and cites nothing.\n")
    (tmp_path / "sleep.md").write_bytes(MARKDOWN.replace(b" Others sleep well [2].", b""))
    (tmp_path / "broken.md").write_bytes(b"\x00\x01\x02")
    code, said = await run([tmp_path])
    table = said[said.index("Nearest to publishable first") :]
    assert code == 1
    assert "broken.md: " in said
    assert table.index("sleep-and-pain") < table.index("a-bare-text")


async def test_the_preview_link_shows_that_one_revision(tmp_path):
    (tmp_path / "sleep.md").write_bytes(MARKDOWN)
    _, said = await run([tmp_path / "sleep.md"], preview=True)
    token = said[said.index("mrp_") :].split()[0]
    viewer = await previewer_of(SECRET, token)
    assert viewer is not None
    article = await Article.get()
    assert (await reading.by_id([article.id], viewer))[article.id].revision_id == article.draft_id


@pytest.mark.skipif(not SEED.exists(), reason="the seed article is not beside this checkout")
async def test_the_seed_article_reports_three_dangling_marks_and_no_sources():
    code, said = await run([SEED], map_url_prefix="/post/")
    assert code == 0
    assert "3 citation marks, 0 sources" in said
    article = await Article.get(slug="acupuncture-for-neck-pain")
    assert (await Redirect.get(path="/post/acupuncture-for-neck-pain")).article_id == article.id
    assert await reading.by_id([article.id], ANONYMOUS) == {}


async def test_the_preview_answers_its_revision_whatever_article_is_asked_for():
    stored = await brought()
    viewer = await previewer_of(SECRET, await preview_token(stored.revision, timedelta(days=1), SECRET))
    document = '{ article(by: {slug: "preview"}) { slug citations { key source { key } } } }'
    found = await ask(document, viewer)
    assert found["article"]["slug"] == "sleep-and-pain"
    assert [citation["source"] is None for citation in found["article"]["citations"]] == [False, True]


async def test_a_text_is_known_again_with_and_without_its_old_address():
    text = read("plain.txt", b"Sleep and rest\n\nSome words about it.", map_url_prefix="/post/")
    first = await storing.store(text, assumed="/post/sleep-and-rest")
    second = await storing.store(read("plain.txt", b"Sleep and rest\n\nSome words about it."))
    third = await storing.store(read("other.txt", b"Another text\n\nSome words about it."))
    assert (second.outcome, second.article) == (Outcome.UNCHANGED, first.article)
    assert third.outcome is Outcome.NEW
