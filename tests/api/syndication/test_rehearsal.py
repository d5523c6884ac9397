"""A rehearsal: only its own partner sees the article, in order, in one log; passing it opens the grant."""

from typing import Any

import pytest
from graphql import get_named_type

from api.accounts.viewer import ANONYMOUS, Role, Viewer
from api.articles.models import Article
from api.changes import Change
from api.syndication import copies, recalls, rehearsal
from api.syndication import log as reading
from api.syndication.acting import PartnerStatus, grant_of, status_of
from api.syndication.log import Place
from api.syndication.models import Copy, Partner, Recall, RecallStatus, RehearsalChange
from tests import builders, crawling
from tests.asking import SITE, ask, crawl
from tests.doing import codes, do, done

SHOWN = "query ($id: ID!) { article(by: {id: $id}) { title isLive syndication { html contentHash } } }"
STEP = "partner { status rehearsal { articleId isFetched recalledAt passedAt } }"


@pytest.fixture(autouse=True)
async def clinic(database):
    await builders.clinic()


async def read(partner: Partner, after: int = 0, most: int = 100) -> list[Change]:
    """The log behind a place, as this partner reads it."""
    stretch = await reading.read(Place(after), most, SITE, grant_of(partner))
    return [entry.change for entry in stretch.entries]


async def log(partner: Partner, after: int = 0) -> list[tuple[str, str]]:
    return [(str(change.kind), str(change.reason)) for change in await read(partner, after)]


async def rehearsed(partner: Partner) -> str:
    """The article of a rehearsal that has come to its recall, every version fetched."""
    program = builders.asking(partner)
    article = (await done("rehearse", program, STEP, step="PUBLISH"))["partner"]["rehearsal"]["articleId"]
    await ask(SHOWN, program, id=article)
    await done("rehearse", program, STEP, step="CORRECT")
    await ask(SHOWN, program, id=article)
    await done("rehearse", program, STEP, step="RECALL")
    return str(article)


async def test_a_rehearsal_is_published_corrected_recalled_and_passed():
    partner = await builders.partner(active=False)
    program = builders.asking(partner)
    begun = (await done("rehearse", program, STEP, step="PUBLISH"))["partner"]
    article = begun["rehearsal"]["articleId"]
    assert begun["status"] == "SANDBOX"
    assert begun["rehearsal"]["isFetched"] is False
    first = (await ask(SHOWN, program, id=article))["article"]
    assert "four steps" in first["syndication"]["html"]
    assert first["syndication"]["contentHash"] == (await RehearsalChange.get()).content_hash
    await done("rehearse", program, STEP, step="CORRECT")
    second = (await ask(SHOWN, program, id=article))["article"]
    assert "three steps" in second["syndication"]["html"]
    recalled = (await done("rehearse", program, STEP, step="RECALL"))["partner"]
    assert recalled["rehearsal"]["recalledAt"] is not None
    assert (await ask(SHOWN, program, id=article))["article"] is None
    assert await log(partner) == [("UPSERT", "PUBLISHED"), ("UPSERT", "CORRECTED"), ("REMOVE", "WITHDRAWN")]
    recall = await Recall.get(partner_id=partner.id)
    assert (recall.is_rehearsal, recall.severity, recall.article_id) == (True, "SAFETY", article)
    assert status_of(await Partner.get(id=partner.id)) is PartnerStatus.SANDBOX

    answer = await done("acknowledgeRecall", program, "recall { status partner { status } }", id=recall.id)

    assert answer["recall"] == {"status": "ACKNOWLEDGED", "partner": {"status": "ACTIVE"}}
    partner = await Partner.get(id=partner.id)
    assert (grant_of(partner).full_text, grant_of(partner).sandbox) == (True, False)


@pytest.mark.parametrize("steps", [["CORRECT"], ["RECALL"], ["PUBLISH", "PUBLISH"], ["PUBLISH", "CORRECT"],
                                   ["PUBLISH", "RECALL"]])  # fmt: skip
async def test_a_step_out_of_order_or_before_the_article_was_fetched_is_refused(steps):
    program = builders.asking(await builders.partner(active=False))
    for step in steps[:-1]:
        await done("rehearse", program, STEP, step=step)
    before = await RehearsalChange.all().count()
    assert codes(await do("rehearse", program, STEP, step=steps[-1])) == ["WRONG_STAGE"]
    assert await RehearsalChange.all().count() == before


async def test_nobody_but_its_partner_sees_a_rehearsal_in_any_way():
    partner, other = await builders.partner(active=False), await builders.partner("Other", active=False)
    await builders.live("Sleep")
    article = (await done("rehearse", builders.asking(partner), STEP, step="PUBLISH"))["partner"]["rehearsal"][
        "articleId"
    ]
    everybody: list[Viewer] = [ANONYMOUS, builders.asking(other), builders.viewer(Role.ADMIN, Role.REVIEWER)]
    for asker in everybody:
        assert await ask(SHOWN, asker, id=article) == {"article": None}
        for name, document in crawling.questions(1):
            if name != "editorial":
                assert rehearsal.TITLE not in str(await crawl(document, asker)), name
    assert (await ask(SHOWN, builders.asking(partner), id=article))["article"]["title"] == rehearsal.TITLE
    listed = '{ articles { nodes { id } } search(query: "rehearsal") { totalCount } }'
    seen = await ask(listed, builders.asking(partner))
    assert article not in str(seen)
    assert seen["search"]["totalCount"] == 0
    assert await Article.all().count() == 1
    assert await Change.all().count() == 0
    assert await Copy.filter(article_id=article).count() == 0
    assert await log(other) == []
    assert [entry.partner for entry in await rehearsal.after(0, 10)] == [partner.id]


async def test_rehearsals_and_the_log_share_one_order_so_one_cursor_counts_both():
    partner = await builders.partner()
    article = await builders.live()
    await _change(article, "UPSERT")
    await done("rehearse", builders.asking(partner), STEP, step="PUBLISH")
    await _change(article, "REMOVE")
    entries = await read(partner)
    assert [change.id for change in entries] == sorted({change.id for change in entries})
    assert await log(partner) == [("UPSERT", "PUBLISHED"), ("UPSERT", "PUBLISHED"), ("REMOVE", "WITHDRAWN")]
    assert await log(partner, entries[0].id) == [("UPSERT", "PUBLISHED"), ("REMOVE", "WITHDRAWN")]
    assert len(await read(partner, most=2)) == 2


async def test_editors_are_not_bothered_with_the_recalls_of_rehearsals():
    partner = await builders.partner(active=False)
    await rehearsed(partner)
    await recalls.follow()
    editor = builders.viewer(Role.EDITOR)
    found = await ask("{ editorial { recalls { totalCount } worklist { totalCount } } }", editor)
    assert found == {"editorial": {"recalls": {"totalCount": 0}, "worklist": {"totalCount": 0}}}
    assert (await Recall.get()).status is RecallStatus.PENDING


async def test_an_active_partner_may_rehearse_again_and_stays_active():
    partner = await builders.partner()
    first = await rehearsed(partner)
    recall = await Recall.get(article_id=first)
    await done("acknowledgeRecall", builders.asking(partner), "recall { id }", id=recall.id)
    begun = (await done("rehearse", builders.asking(partner), STEP, step="PUBLISH"))["partner"]
    assert begun["status"] == "ACTIVE"
    assert begun["rehearsal"]["passedAt"] is None
    assert begun["rehearsal"]["articleId"] != first


async def test_the_recall_of_an_earlier_rehearsal_does_not_pass_a_later_one():
    partner = await builders.partner(active=False)
    first = await rehearsed(partner)
    await done("rehearse", builders.asking(partner), STEP, step="PUBLISH")
    recall = await Recall.get(article_id=first)
    await done("acknowledgeRecall", builders.asking(partner), "recall { id }", id=recall.id)
    assert status_of(await Partner.get(id=partner.id)) is PartnerStatus.SANDBOX


async def test_every_field_of_a_rehearsals_article_answers():
    partner = await builders.partner()
    program = builders.asking(partner)
    article = (await done("rehearse", program, STEP, step="PUBLISH"))["partner"]["rehearsal"]["articleId"]
    kind = get_named_type(crawling.QUERY.fields["article"].type)
    document = f'{{ article(by: {{id: "{article}"}}) {{ {crawling.selection(kind, 1)} }} }}'
    shown: Any = await crawl(document, program)
    assert rehearsal.TITLE in str(shown)


async def _change(article: Article, kind: str) -> None:
    reason = "PUBLISHED" if kind == "UPSERT" else "WITHDRAWN"
    plain = {"at": builders.NOW, "article_id": article.id, "slug": article.slug, "url": "https://clinic.example/x"}
    await Change.create(kind=kind, reason=reason, **plain)


async def test_a_rehearsals_article_is_never_counted_as_a_copy():
    partner = await builders.partner()
    row = await builders.rehearsal(partner)
    await copies.fetched(grant_of(partner), [(row.article_id, 1, None)])
    await row.refresh_from_db()
    assert row.fetched_number == 1
    assert await Copy.all().count() == 0
