"""Archive pages of the Atom feed (RFC 5005): every live article is met in them, each page under one address."""

from collections.abc import AsyncIterator
from pathlib import Path

import feedparser
import httpx
import pytest
from lxml import etree

from api import app, settings
from api.articles.models import Article, Severity, UnpublishKind
from api.publishing import withdrawing
from api.publishing.acting import Acting
from api.sql import rows, sql
from tests import builders
from tests.asking import SITE
from tests.couriers import change

FEED = "/feeds/articles.atom"
NAMES = {
    "a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0",
    "fh": "http://purl.org/syndication/history/1.0",
}  # fmt: skip
SAID = withdrawing.TakeDown(UnpublishKind.WITHDRAWN, "A dose was wrong.", Severity.SAFETY)


@pytest.fixture
async def client(database: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    await builders.clinic()
    built, _ = app.build(settings.Settings(data_dir=tmp_path, secret_key="s" * 40, public_site_url=SITE), database)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(built), base_url="http://api.test") as connected:
        yield connected


async def told(number: int, **said) -> Article:
    """A live article, told of under this number of the log."""
    article = await builders.live(f"Article {number}", at=builders.ago(days=1000 - number), **said)
    await rows(sql("SELECT setval('change_id_seq', ?, false)", number))
    await change(article=article.id)
    return article


async def read(client: httpx.AsyncClient, address: str) -> tuple[etree._Element, dict[str, str]]:
    """A page, and its links by what they are."""
    answer = await client.get(address.removeprefix(SITE))
    assert answer.status_code == 200, answer.text
    assert not feedparser.parse(answer.content).bozo
    root = etree.fromstring(answer.content)
    return root, {link.get("rel"): link.get("href") for link in root.xpath("a:link", namespaces=NAMES)}


def names(root: etree._Element) -> list[str]:
    return [each.rpartition(":")[2] for each in root.xpath("a:entry/a:id/text()", namespaces=NAMES)]


async def test_from_the_feed_back_through_its_archives_every_live_article_is_met(client):
    made = [await told(number) for number in (*range(1, 31), 120, 130, *range(170, 173), 201, 202)]
    root, links = await read(client, FEED)
    assert "next-archive" not in links
    assert "current" not in links
    assert root.xpath("fh:archive", namespaces=NAMES) == []
    met, walked = set(names(root)), []
    while "prev-archive" in links:
        root, links = await read(client, links["prev-archive"])
        assert len(root.xpath("fh:archive", namespaces=NAMES)) == 1
        assert (links["current"], links["self"]) == (SITE + FEED, f"{SITE}{FEED}?archive={(4, 3, 1)[len(walked)]}")
        assert "hub" not in links
        walked.append(names(root))
        met |= set(names(root))
    assert [len(entries) for entries in walked] == [3, 2, 30]
    assert met == {row.id for row in made}
    assert walked[1] == [made[31].id, made[30].id]
    ahead = []
    while "next-archive" in links:
        _, links = await read(client, links["next-archive"])
        ahead.append(links["self"].rpartition("=")[2])
    assert ahead == ["3", "4"]


async def test_an_article_that_changes_leaves_its_archive_for_the_feed_and_the_others_keep_their_order(
    client,
):
    made = [await told(number) for number in range(1, 31)]
    await told(51)
    before, _ = await read(client, f"{FEED}?archive=1")
    await change(article=made[3].id)
    after, _ = await read(client, f"{FEED}?archive=1")
    assert names(after) == [name for name in names(before) if name != made[3].id]
    feed, _ = await read(client, FEED)
    assert made[3].id in names(feed)
    assert len(names(feed)) == 21


async def test_a_withdrawn_article_vanishes_from_its_archive_which_says_so_and_is_not_unchanged(client):
    wrong, right = [await told(number) for number in (1, 2)]
    await told(60)
    address = f"{FEED}?archive=1"
    first = await client.get(address)
    has = {"if-none-match": first.headers["etag"]}
    assert (await client.get(address, headers=has)).status_code == 304
    assert not first.headers["etag"].startswith("W/")

    await withdrawing.unpublish(wrong.id, None, SAID, Acting(SITE))
    root, _ = await read(client, address)
    assert names(root) == [right.id]
    (tomb,) = root.xpath("at:deleted-entry", namespaces=NAMES)
    assert tomb.get("ref").rpartition(":")[2] == wrong.id
    assert tomb.findtext("at:comment", namespaces=NAMES) == "A dose was wrong."
    for condition in (has, {"if-modified-since": first.headers["last-modified"]}, has | {"accept-encoding": "br"}):
        assert (await client.get(address, headers=condition)).status_code == 200
    feed, _ = await read(client, FEED)
    assert wrong.id not in names(feed)


async def test_an_archive_of_one_condition_holds_its_articles_alone(client):
    neck = await builders.condition("Neck pain", slug="neck-pain")
    about = await told(1, conditions=[neck])
    await told(2)
    await told(51)
    feed, links = await read(client, "/feeds/conditions/neck-pain.atom")
    assert names(feed) == [about.id]
    root, links = await read(client, links["prev-archive"])
    assert names(root) == [about.id]
    assert links["self"] == f"{SITE}/feeds/conditions/neck-pain.atom?archive=1"


async def test_what_is_no_archive_is_not_there(client):
    await told(60)
    for address in ("?archive=0", "?archive=2", "?archive=-1", "?archive=x", "?archive=", "?archive=99999999"):
        assert (await client.get(FEED + address)).status_code == 404, address
    assert (await client.get("/feeds/articles.rss?archive=1")).status_code == 404
    assert (await client.get(f"{FEED}?archive=1")).status_code == 200
