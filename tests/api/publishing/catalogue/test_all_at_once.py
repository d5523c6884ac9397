"""Edits of entries and publications at the same time: nobody waits in a ring, and what is told is true."""

import asyncio
import random

import pytest

from api.accounts.viewer import ANONYMOUS, Role
from api.articles import finding, reading, representation
from api.articles.models import Article, ArticleKind
from api.changes import Change
from api.conditions import Condition
from api.practitioners import Practitioner
from tests import builders
from tests.asking import SITE
from tests.doing import codes, do, member

pytestmark = pytest.mark.usefixtures("database")
ACCEPTED = {"CONFLICT", "IN_USE", "BLOCKED", "WRONG_STAGE"}


async def storm(rounds: int) -> None:
    """Two writers of each kind go at the same three articles, which share an author and link to one condition."""
    editor = await member(Role.EDITOR)
    await builders.clinic()
    ada, neck = await builders.practitioner(), await builders.condition(care="Numbness.")
    text = f"We moved. More on [necks](entity:{neck.id})."
    news = [
        (await builders.draft(f"News {number}", text, kind=ArticleKind.NEWS, authors=[ada])).id for number in range(3)
    ]
    chance = random.Random(7)  # noqa: S311 - an order, not a secret

    async def act(number: int) -> list[str]:
        article = await Article.get(id=chance.choice(news))
        person, place = await Practitioner.get(id=ada.id), await Condition.get(id=neck.id)
        of_it = {"id": article.id, "expectedVersion": article.version}
        items = [{"id": key, "expectedVersion": (await Article.get(id=key)).version} for key in news]
        who = {"id": ada.id, "expectedVersion": person.version}
        acts = (
            ("publishArticle", of_it),
            ("publishArticles", {"items": items, "errorPolicy": "REJECT_EVERYTHING"}),
            ("unpublishArticle", of_it | {"kind": "GONE", "explanation": "Over."}),
            ("updatePractitioner", who | {"name": f"Ada {number}"}),
            ("unpublishPractitioner", who),
            ("publishPractitioner", who),
            ("updateCondition", {"id": neck.id, "expectedVersion": place.version, "slug": f"neck-{number}"}),
        )
        verb, said = chance.choice(acts)
        return codes(await do(verb, editor, "", **said))

    for _ in range(rounds):
        for refused in await asyncio.gather(*(act(number) for number in range(8))):
            assert set(refused) <= ACCEPTED
    await check_told(news)


async def check_told(articles: list[str]) -> None:
    """What was last told of each article is what partners are shown of it now."""
    for article in await reading.by_id(articles, ANONYMOUS):
        last = await Change.filter(article_id=article).order_by("-id").first()
        (shown,) = (await reading.by_id([article], ANONYMOUS)).values()
        (facts,) = await finding.facts([shown], ANONYMOUS)
        assert last.content_hash == representation.content_hash(facts, SITE)


async def test_edits_and_publications_at_once_end_in_answers_and_true_hashes():
    await storm(rounds=4)


@pytest.mark.soak
async def test_a_long_storm_ends_so_as_well():
    await storm(rounds=150)
