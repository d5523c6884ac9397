"""Everything that others fetch over HTTP: its form, its validators, and what it says once an article is taken down."""

import gzip
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any

import brotli
import feedparser
import httpx
import pytest
import time_machine
from lxml import etree
from starlette.routing import Router

from api import app, settings
from api.accounts.viewer import PartnerGrant, Role, Viewer
from api.articles.models import Severity, UnpublishKind
from api.publishing import erasing, withdrawing, workflow
from api.publishing.acting import Acting
from api.publishing.catalogue import verbs as catalogue
from api.publishing.catalogue.nouns import TREATMENT
from api.sql import rows, sql
from api.syndication import sitemap
from api.syndication.acting import grant_of
from api.syndication.models import Copy, Fetch
from api.web.feeds import Feeds
from tests import builders
from tests.asking import KEY, Statements, ask
from tests.builders import ago, ahead

SITE = "https://clinic.example"
FEEDS = ("/feeds/articles.atom", "/feeds/articles.rss", "/feeds/articles.json")
ATOM = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}
MAPS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
BODY = "A whole text [@irnich2001].\n\n::: call-to-action clinic\n:::\n"
SAID = withdrawing.TakeDown(UnpublishKind.WITHDRAWN, "A trial was retracted.", Severity.SAFETY)


async def program(database: str, folder: Path, **said: Any) -> AsyncIterator[httpx.AsyncClient]:
    configured = settings.Settings(data_dir=folder, secret_key="s" * 40, public_site_url=SITE, **said)
    built, _ = app.build(configured, database)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(built), base_url="http://api.test") as connected:
        yield connected


@pytest.fixture
async def client(database: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async for connected in program(database, tmp_path):
        yield connected


@pytest.fixture
async def sample_client(sample: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async for connected in program(sample, tmp_path):
        yield connected


async def clinic() -> dict[str, Any]:
    """One article with everything, beside two plain ones."""
    made = {
        "condition": await builders.condition("Neck pain", slug="neck-pain", care="Numbness."),
        "treatment": await builders.treatment("Acupuncture", slug="acupuncture", risk="Bruises"),
        "practitioner": await builders.practitioner("Ada Reed", slug="ada-reed"),
        "picture": await builders.picture(licence="CC BY 4.0", credit="A. Reed"),
    }
    await builders.source("irnich2001")
    article = await builders.live(
        "Necks & <shoulders>\x0b", BODY, slug="necks", at=ago(days=1),
        conditions=[made["condition"]], treatments=[made["treatment"]], authors=[made["practitioner"]],
        disclaimers=[await builders.disclaimer()], hero_image=made["picture"],
    )  # fmt: skip
    await builders.review(article, await builders.practitioner("Bo Lin"))
    for number in range(2):
        await builders.live(f"Plain {number}", slug=f"plain-{number}", at=ago(days=2 + number))
    return made | {"article": article}


async def unpublish(slug: str, said: withdrawing.TakeDown = SAID) -> None:
    row = await builders.Article.get(slug=slug)
    await withdrawing.unpublish(row.id, None, said, Acting(SITE))


async def test_every_feed_of_the_sample_is_well_formed_and_has_what_it_must(sample_client):
    places = ["/feeds/articles", "/feeds/conditions/neck-pain", "/feeds/treatments/acupuncture"]
    places.append(f"/feeds/practitioners/{(await builders.Practitioner.first()).slug}")
    for place in places:
        for form in ("atom", "rss"):
            answer = await sample_client.get(f"{place}.{form}")
            assert answer.status_code == 200, answer.text
            read = feedparser.parse(answer.content, response_headers={"content-type": answer.headers["content-type"]})
            assert not read.bozo, (place, form, read.get("bozo_exception"))
            links = {link.rel: link.href for link in read.feed.links}
            assert links["self"] == f"{SITE}{place}.{form}"
        said = (await sample_client.get(f"{place}.json")).json()
        assert said["version"] == "https://jsonfeed.org/version/1.1"
        assert said["hubs"] == [{"type": "WebSub", "url": "http://localhost:8000/websub"}]
    first = feedparser.parse((await sample_client.get("/feeds/articles.atom")).content)
    assert len(first.entries) >= 10
    assert all(entry.id.startswith("tag:clinic.example,") for entry in first.entries)


async def test_a_feed_carries_the_summary_and_never_a_call_to_action_or_a_comment(client):
    made = await clinic()
    await builders.comment(made["article"], "A reader's words.")
    for address in FEEDS:
        told = (await client.get(address)).text
        assert "Book at" not in told
        assert "A reader's words" not in told
        assert "A whole text" not in told
        assert "About Necks" in told
        assert "From " in told
        assert "version 2026-11" in told


async def test_atom_says_all_that_is_known_of_an_article(client):
    made = await clinic()
    root = etree.fromstring((await client.get("/feeds/articles.atom")).content)
    entry = root.xpath("a:entry", namespaces=ATOM)[0]
    found = {
        "id": entry.findtext("a:id", namespaces=ATOM), "title": entry.findtext("a:title", namespaces=ATOM),
        "authors": entry.xpath("a:author/a:name/text()", namespaces=ATOM),
        "terms": entry.xpath("a:category/@term", namespaces=ATOM),
        "enclosure": entry.xpath("a:link[@rel='enclosure']/@href", namespaces=ATOM),
        "license": root.xpath("a:link[@rel='license']/@href", namespaces=ATOM),
        "order": root.xpath("a:entry/a:title/text()", namespaces=ATOM),
    }  # fmt: skip
    assert found == {
        "id": f"tag:clinic.example,{datetime.now(UTC).date()}:{made['article'].id}",
        "title": "Necks & <shoulders>",
        "authors": ["Ada Reed"],
        "terms": ["Neck pain", "Acupuncture"],
        "enclosure": [f"{SITE}/media/{made['picture'].sha256}-1200.webp"],
        "license": [f"{SITE}/partners"],
        "order": ["Necks & <shoulders>", "Plain 0", "Plain 1"],
    }


async def test_rss_and_json_feed_say_the_same(client):
    made = await clinic()
    item = feedparser.parse((await client.get("/feeds/articles.rss")).content).entries[0]
    assert (item.title, item.author, item.summary) == ("Necks & <shoulders>", "Ada Reed", item.description)
    assert item.media_content[0]["url"] == f"{SITE}/media/{made['picture'].sha256}-1200.webp"
    assert item.content[0].value.startswith("<p>About Necks")
    said = (await client.get("/feeds/articles.json")).json()
    first = said["items"][0]
    assert (first["id"], first["url"]) == (item.id, f"{SITE}/articles/necks")
    assert first["authors"] == [{"name": "Ada Reed", "url": f"{SITE}/practitioners/ada-reed"}]
    assert (said["authors"], said["language"]) == ([{"name": "Test Clinic", "url": SITE}], "en")


async def test_a_picture_that_others_may_not_show_is_in_no_channel(client):
    picture = await builders.picture()
    await builders.live("Bare", f"Words.\n\n::: figure {picture.id}\n:::\n", slug="bare", hero_image=picture)
    query = '{ article(by: {slug: "bare"}) { body { html } syndication { html } } }'
    said = (await client.post("/graphql", json={"query": query})).json()["data"]["article"]
    assert picture.sha256 in said["body"]["html"]
    assert picture.sha256 not in said["syndication"]["html"]
    for address in (*FEEDS, f"/oembed?url={SITE}/articles/bare"):
        assert picture.sha256 not in (await client.get(address)).text


async def test_a_feed_of_one_thing_has_its_articles_and_what_left_them(client):
    await clinic()
    for room, slug in (("conditions", "neck-pain"), ("treatments", "acupuncture"), ("practitioners", "ada-reed")):
        read = feedparser.parse((await client.get(f"/feeds/{room}/{slug}.rss")).content)
        assert [entry.link for entry in read.entries] == [f"{SITE}/articles/necks"], room
        assert read.feed.link == f"{SITE}/{room}/{slug}"
    await unpublish("necks")
    await unpublish("plain-0")
    for room, slug in (("conditions", "neck-pain"), ("practitioners", "ada-reed")):
        said = (await client.get(f"/feeds/{room}/{slug}.json")).json()
        assert (said["items"], [each["url"] for each in said["_meridian"]["removed"]]) == (
            [], [f"{SITE}/articles/necks"],
        )  # fmt: skip


async def test_pages_follow_each_other_and_hold_every_article_once(client):
    for number in range(45):
        await builders.live(f"Live {number}", at=ago(hours=number))
    for form in ("json", "atom"):
        address, titles = f"/feeds/articles.{form}", []
        while address:
            answer = await client.get(address)
            if form == "json":
                said = answer.json()
                titles += [item["title"] for item in said["items"]]
                address = said.get("next_url", "").removeprefix(SITE)
            else:
                root = etree.fromstring(answer.content)
                titles += root.xpath("a:entry/a:title/text()", namespaces=ATOM)
                address = "".join(root.xpath("a:link[@rel='next']/@href", namespaces=ATOM)).removeprefix(SITE)
        assert titles == [f"Live {number}" for number in range(45)]
    assert (await client.get("/feeds/articles.atom?after=forged")).status_code == 400


async def test_no_feed_is_there_of_what_is_not_there(client):
    await clinic()
    await builders.condition("Hidden", slug="hidden", is_published=False)
    for address in ("/feeds/conditions/hidden.atom", "/feeds/conditions/nowhere.rss", "/feeds/articles.pdf",
                    "/feeds/sources/x.atom", "/feeds/articles", "/articles/nowhere.jsonld", "/embed.0.js",
                    f"/oembed?url={SITE}/articles/nowhere", "/oembed?url=https://elsewhere.example/articles/necks",
                    f"/oembed?url={SITE}", f"/oembed?url={SITE}/conditions/neck-pain",
                    f"/oembed?url={SITE}/articles/%00", "/sitemap.xml?part=2",
                    "/sitemap.xml?part=x"):  # fmt: skip
        answer = await client.get(address)
        assert answer.status_code == 404, address
        assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert (await client.get("/oembed")).status_code == 400
    assert (await client.get(f"/oembed?url={SITE}/articles/necks&maxwidth=x")).status_code == 400
    assert (await client.get(f"/oembed?url={SITE}/articles/necks&format=yaml")).status_code == 501
    assert (await client.post("/feeds/articles.atom")).status_code == 405


CHANNELS = (*FEEDS, "/feeds/conditions/neck-pain.atom", "/articles/necks.jsonld", "/sitemap.xml",
            f"/oembed?url={SITE}/articles/necks")  # fmt: skip


async def test_who_has_it_already_is_told_so_in_every_encoding_and_by_head(client):
    await clinic()
    await workflow.change_slug((await builders.Article.get(slug="plain-1")).id, None, "plain-2", Acting(SITE))
    for address in CHANNELS:
        plain = await client.get(address, headers={"accept-encoding": "identity"})
        tag = plain.headers["etag"]
        assert tag.startswith('"'), "a strong validator"
        assert (await client.get(address, headers={"accept-encoding": "identity"})).headers["etag"] == tag
        for held in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            again = await client.get(address, headers={"if-none-match": held})
            assert (again.status_code, again.content) == (304, b""), address
        assert (await client.get(address, headers={"if-none-match": '"x"'})).status_code == 200
        head = await client.head(address, headers={"accept-encoding": "identity"})
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
        assert head.headers["content-length"] == str(len(plain.content))
        assert plain.headers["access-control-allow-origin"] == "*"
        assert plain.headers["cache-tag"]
        if len(plain.content) >= 1_000:
            for encoding, unpack in (("gzip", gzip.decompress), ("br", brotli.decompress)):
                async with client.stream("GET", address, headers={"accept-encoding": encoding}) as packed:
                    body = b"".join([part async for part in packed.aiter_raw()])
                assert packed.headers["content-encoding"] == encoding
                assert packed.headers["etag"] == f'{tag[:-1]}-{encoding}"'
                assert unpack(body) == plain.content
                held = {"if-none-match": packed.headers["etag"]}
                assert (await client.get(address, headers=held)).status_code == 304
    asked = await client.options("/feeds/articles.atom")
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, "*")


async def logged() -> None:
    """An entry in the log, of an article of no concern."""
    aside = await builders.live("Aside", slug="aside", at=ago(days=9))
    await workflow.change_slug(aside.id, None, "elsewhere", Acting(SITE))


async def test_after_a_take_down_no_channel_says_that_nothing_has_changed(client):
    await clinic()
    await logged()
    with time_machine.travel(datetime.now(UTC), tick=False):  # all of it within one second
        before = {address: await client.get(address) for address in CHANNELS}
        assert all(answer.status_code == 200 for answer in before.values())
        await unpublish("necks")
        now = format_datetime(datetime.now(UTC), usegmt=True)
        for address, answer in before.items():
            dates = {now, answer.headers["last-modified"]}
            for held in ({"if-none-match": answer.headers["etag"]}, *({"if-modified-since": date} for date in dates)):
                after = await client.get(address, headers=held)
                assert after.status_code == (404 if "necks" in address else 200), (address, held)
    atom = etree.fromstring((await client.get("/feeds/articles.atom")).content)
    (gone,) = atom.xpath("at:deleted-entry", namespaces=ATOM)
    assert gone.get("ref").endswith(feedparser.parse(before[FEEDS[0]].content).entries[0].id[-30:])
    assert gone.findtext("at:comment", namespaces=ATOM) == "A trial was retracted."
    rss = feedparser.parse((await client.get("/feeds/articles.rss")).content)
    first = feedparser.parse(before[FEEDS[1]].content).entries[0]
    assert (rss.entries[0].id, rss.entries[0].title) == (first.id, "Withdrawn: Necks & <shoulders>")
    assert rss.entries[0].summary == "A trial was retracted."
    said = (await client.get("/feeds/articles.json")).json()
    assert "necks" not in [item["url"].rsplit("/", 1)[1] for item in said["items"]]
    assert said["_meridian"]["removed"][0]["reason"] == "WITHDRAWN"
    assert "/articles/necks" not in (await client.get("/sitemap.xml")).text
    for address in CHANNELS[4:5] + CHANNELS[6:]:
        assert (await client.get(address)).status_code == 404


async def test_the_date_of_the_last_change_moves_on_with_each_and_never_back(client):
    await clinic()
    assert "last-modified" not in (await client.get(FEEDS[0])).headers
    moments = []
    for step in range(4):
        row = await builders.Article.get(slug=f"plain-{step + 1}" if step else "plain-1")
        doing = Acting(SITE, at=ago(days=step))  # as a schedule that is settled late
        await workflow.change_slug(row.id, None, f"plain-{step + 2}", doing)
        with time_machine.travel(datetime.now(UTC) + timedelta(seconds=10)):
            told = parsedate_to_datetime((await client.get(FEEDS[0])).headers["last-modified"])
        moments.append(told)
        soon = parsedate_to_datetime((await client.get(FEEDS[0])).headers["last-modified"])
        assert soon <= datetime.now(UTC) - timedelta(seconds=2)
    assert moments == sorted(moments)
    await erasing.erase(row.id, None, erasing.EraseReason.LEGAL, Acting(SITE))
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=10)):
        answer = await client.get(FEEDS[0])
        assert parsedate_to_datetime(answer.headers["last-modified"]) >= moments[-1]
        held = {"if-modified-since": answer.headers["last-modified"]}
        assert (await client.get(FEEDS[0], headers=held)).status_code == 304
        early = {"if-modified-since": format_datetime(ago(days=1), usegmt=True)}
        assert (await client.get(FEEDS[0], headers=early)).status_code == 200
        for junk in ("yesterday", "", "0"):
            assert (await client.get(FEEDS[0], headers={"if-modified-since": junk})).status_code == 200


async def test_a_change_within_the_same_second_is_seen_by_who_asks_by_date_alone(client):
    await clinic()
    slug = "plain-0"
    for step in range(6):
        row = await builders.Article.get(slug=slug)
        slug = f"moved-{step}"
        await workflow.change_slug(row.id, None, slug, Acting(SITE))
        with time_machine.travel(datetime.now(UTC), tick=False):
            answer = await client.get(FEEDS[2])
            await workflow.change_slug(row.id, None, slug := f"again-{step}", Acting(SITE))
            held = {"if-modified-since": answer.headers["last-modified"]}
            after = await client.get(FEEDS[2], headers=held)
        assert after.status_code == 200
        assert slug in after.text


async def test_a_date_holds_from_the_second_after_the_newest_change_and_never_within_it(client):
    await clinic()
    second = datetime(2026, 11, 20, 12, tzinfo=UTC)
    await logged()
    statuses = {}
    for part, changed in ((500_000, 200_000), (9_000_000, 700_000)):
        await rows(sql("UPDATE change SET recorded_at = ?", second + timedelta(microseconds=changed)))
        with time_machine.travel(second + timedelta(microseconds=part), tick=False):
            told = (await client.get(FEEDS[0])).headers["last-modified"]
            for seconds in (-1, 0, 1, 3_600):
                held = {"if-modified-since": format_datetime(second + timedelta(seconds=seconds), usegmt=True)}
                statuses[part, seconds] = (await client.get(FEEDS[0], headers=held)).status_code
    assert {key for key, status in statuses.items() if status == 304} == {(9_000_000, 1)}
    assert parsedate_to_datetime(told) == second + timedelta(seconds=1)


async def test_tombstones_stay_as_long_as_they_must_and_an_erased_one_has_no_words(client):
    made = await clinic()
    await unpublish("necks")
    await erasing.erase(made["article"].id, None, erasing.EraseReason.LEGAL, Acting(SITE))
    for address in FEEDS:
        told = (await client.get(address)).text
        assert made["article"].id in told
        assert "Necks" not in told
        assert "/articles/necks" not in told
        assert "retracted" not in told
    await unpublish("plain-0")
    counted = []
    for days in (0, 91, 401):
        await rows(sql("UPDATE change SET at = now() - make_interval(days => ?) WHERE slug = 'plain-0'", days))
        atom, rss, said = [(await client.get(address)).text for address in FEEDS]
        gone = "/articles/plain-0"
        counted.append((gone in atom, gone in rss, gone in said))
    assert counted == [(True, True, True), (True, False, True), (False, False, False)]


async def test_updated_moves_with_what_is_major_alone(client):
    made = await clinic()
    article = made["article"]
    before = (await client.get("/feeds/articles.json")).json()["items"][0]["date_modified"]
    await workflow.change_slug(article.id, None, "shoulders", Acting(SITE))
    after = (await client.get("/feeds/articles.json")).json()["items"][0]
    assert (after["date_modified"], after["url"]) == (before, f"{SITE}/articles/shoulders")


async def test_a_schedule_that_has_come_due_is_in_every_feed_with_its_change_written(client):
    await clinic()
    await builders.schedule(await builders.draft("Due", slug="due"), ago(minutes=1))
    await builders.schedule(await builders.draft("Planned", slug="planned"), ahead(minutes=5))
    for address in (*FEEDS, "/sitemap.xml"):
        told = (await client.get(address)).text
        assert ("/articles/due" in told, "/articles/planned" in told) == (True, False)
    assert len(await rows(sql("SELECT id FROM change WHERE slug = 'due'"))) == 1


def keyed(grant: PartnerGrant | None, *, whole: bool = False) -> httpx.AsyncClient:
    """The feeds alone, asked by a partner, or by a member."""

    async def authenticate(_token: str) -> Viewer:
        return Viewer(roles=frozenset({Role.PARTNER}), partner=grant) if grant else builders.viewer(Role.AUTHOR)

    router = Router(Feeds(SITE, KEY, whole, "https://api.clinic.example/websub", authenticate).routes())
    headers = {"authorization": "Bearer mrd_x"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(router), base_url="http://api.test", headers=headers)


async def granted(**said: Any) -> PartnerGrant:
    return grant_of(await builders.partner(**said))


@pytest.mark.parametrize("full", [True, False])
async def test_what_a_partner_is_sent_is_written_down_with_equal_statements_for_2_and_20(database, full):
    await builders.clinic()
    grant, counted = await granted(full_text=full), []
    for size in (2, 18):
        for number in range(size):
            await builders.live(f"Live {size} {number}")
        async with keyed(grant) as asking:
            with Statements() as statements:
                assert (await asking.get("/feeds/articles.json")).status_code == 200
            await asking.head("/feeds/articles.json")
        counted.append((len(statements), await Copy.all().count()))
    assert counted == [(counted[0][0], 2), (counted[0][0], 20)]
    document = "{ articles(first: 1) { nodes { id syndication { contentHash } } } }"
    (newest,) = (await ask(document))["articles"]["nodes"]
    held = await Copy.get(article_id=newest["id"])
    assert (held.partner_id, held.content_hash) == (grant.partner, newest["syndication"]["contentHash"])
    assert await Copy.all().count() == 20
    assert {row.times for row in await Fetch.all()} == {1, 2}


async def test_the_json_ld_and_the_offer_of_an_article_are_copies_of_it_for_who_asks_with_a_key(client):
    made = await clinic()
    partner = await builders.partner()
    held = {"authorization": f"Bearer {await builders.key(partner)}"}
    for number, address in enumerate(("/articles/necks.jsonld", f"/oembed?url={SITE}/articles/necks"), 1):
        for method in ("GET", "HEAD"):
            assert (await client.request(method, address)).status_code == 200
        assert (await client.head(address, headers=held)).status_code == 200
        assert await Fetch.filter(times__gte=number).count() == 0
        assert (await client.get(address, headers=held)).status_code == 200
        assert (await Fetch.get()).times == number
    document = '{ article(by: {slug: "necks"}) { syndication { contentHash } } }'
    copy = await Copy.get()
    assert (copy.partner_id, copy.article_id) == (partner.id, made["article"].id)
    assert copy.content_hash == (await ask(document))["article"]["syndication"]["contentHash"]


async def test_whole_texts_are_in_feeds_for_those_whose_grant_says_so(database, tmp_path):
    made = await clinic()
    topics = [made["condition"].id]
    cases = (
        (await granted(full_text=True), False, True, 3),
        (await granted(full_text=False), True, False, 3),
        (await granted(full_text=True, topics=topics), False, True, 1),
        (None, False, True, 3),
    )
    for grant, public, whole, count in cases:
        async with keyed(grant, whole=public) as asking:
            answer = await asking.get("/feeds/articles.json")
            assert answer.headers["cache-control"] == "private, no-store"
            said = answer.json()
            assert ("A whole text" in said["items"][0]["content_html"], len(said["items"])) == (whole, count)
            assert "Book at" not in answer.text
            for form in ("atom", "rss"):
                assert not feedparser.parse((await asking.get(f"/feeds/articles.{form}")).content).bozo
    async for client in program(database, tmp_path, public_feeds="full"):
        assert "A whole text" in (await client.get("/feeds/articles.rss")).text


async def test_oembed_offers_the_element_within_the_box_that_there_is(client):
    made = await clinic()
    address = f"/oembed?url={SITE}/articles/necks"
    said = (await client.get(address)).json()
    picture = f"{SITE}/media/{made['picture'].sha256}"
    assert said == {
        "type": "rich", "version": "1.0", "title": "Necks & <shoulders>\x0b", "provider_name": "Test Clinic",
        "provider_url": SITE, "cache_age": 86_400, "author_name": "Ada Reed",
        "author_url": f"{SITE}/practitioners/ada-reed", "width": 640, "height": 800,
        "thumbnail_url": f"{picture}-1200.webp", "thumbnail_width": 1200, "thumbnail_height": 600,
        "html": '<meridian-article slug="necks"><blockquote><a href="https://clinic.example/articles/necks">'
        "Necks &amp; &lt;shoulders&gt;\x0b</a>, Test Clinic</blockquote></meridian-article>"
        '<script async src="https://clinic.example/embed.js"></script>',
    }  # fmt: skip
    small = (await client.get(f"{address}&maxwidth=500&maxheight=300")).json()
    assert (small["width"], small["height"], small["thumbnail_url"]) == (500, 300, f"{picture}-480.webp")
    tiny = (await client.get(f"{address}&maxwidth=100")).json()
    assert "thumbnail_url" not in tiny
    answer = await client.get(f"{address}&format=xml")
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    root = etree.fromstring(answer.content)
    assert (root.tag, root.findtext("title"), root.findtext("width")) == ("oembed", "Necks & <shoulders>", "640")
    await workflow.change_slug(made["article"].id, None, "shoulders", Acting(SITE))
    assert 'slug="shoulders"' in (await client.get(address)).json()["html"]


async def test_oembed_knows_nothing_of_an_article_that_moved_to_another_ones_place(client):
    made = await clinic()
    await workflow.change_slug(made["article"].id, None, "shoulders", Acting(SITE))
    said = withdrawing.TakeDown(UnpublishKind.MOVED, "Told elsewhere.", Severity.ROUTINE, "/articles/plain-0")
    await unpublish("shoulders", said)
    for slug in ("necks", "shoulders"):
        assert (await client.get(f"/oembed?url={SITE}/articles/{slug}")).status_code == 404
    assert (await client.get(f"/oembed?url={SITE}/articles/plain-0")).status_code == 200


async def test_json_ld_is_what_the_page_says(client):
    await clinic()
    answer = await client.get("/articles/necks.jsonld")
    query = '{ article(by: {slug: "necks"}) { jsonLd } }'
    said = (await client.post("/graphql", json={"query": query})).json()["data"]["article"]["jsonLd"]
    assert answer.json() == said
    assert said["@type"] == "MedicalWebPage"
    assert answer.headers["content-type"] == "application/ld+json; charset=utf-8"
    assert "article:slug:nowhere" in (await client.get("/articles/nowhere.jsonld")).headers["cache-tag"]


async def test_the_script_is_small_has_a_name_of_its_own_and_asks_by_a_committed_operation(client):
    answer = await client.get("/embed.js", headers={"accept-encoding": "identity"})
    assert len(answer.content) < 5_000
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "cookie" not in answer.text.replace("no cookie", "")
    from api.syndication import embed  # noqa: PLC0415 - beside what it is compared with

    made = embed.script(SITE, "http://localhost:8000")
    assert answer.content == made.body
    named = await client.get(f"/embed.{made.hash}.js")
    assert named.content == answer.content
    assert "immutable" in named.headers["cache-control"]
    operations = json.loads((Path(__file__).parents[3] / "schema" / "operations.json").read_text())
    assert embed.element.operation_id() in operations
    await clinic()
    asked = {"documentId": embed.element.operation_id(), "variables": json.dumps({"path": "/articles/necks"})}
    said = (await client.get("/graphql", params=asked)).json()
    assert "A whole text" in said["data"]["route"]["syndication"]["html"]
    await unpublish("necks")
    said = (await client.get("/graphql", params=asked)).json()
    assert said["data"]["route"]["explanation"] == "A trial was retracted."


async def test_the_sitemap_has_every_page_and_a_date_that_moves_only_when_readers_see_it(client):
    made, bo = await clinic(), (await builders.Practitioner.get(name="Bo Lin")).slug
    await builders.live("Hidden", slug="hidden", seo={"noindex": True})
    await builders.draft("Draft", slug="draft")

    async def dates() -> dict[str, str | None]:
        root = etree.fromstring((await client.get("/sitemap.xml")).content)
        places = root.xpath("s:url", namespaces=MAPS)
        return {
            place.findtext("s:loc", namespaces=MAPS).removeprefix(SITE): place.findtext("s:lastmod", namespaces=MAPS)
            for place in places
        }

    before = await dates()
    assert {path for path in before if path.count("/") == 2} == {
        "/articles/necks", "/articles/plain-0", "/articles/plain-1", "/conditions/neck-pain",
        "/treatments/acupuncture", "/practitioners/ada-reed", f"/practitioners/{bo}",
    }  # fmt: skip
    await builders.comment(made["article"])
    await workflow.set_comment_policy(made["article"].id, None, builders.CommentPolicy.CLOSED, Acting(SITE))
    await builders.revised(await builders.Article.get(id=made["article"].id), "A draft")
    assert await dates() == before
    await workflow.change_slug((await builders.Article.get(slug="plain-0")).id, None, "plain-9", Acting(SITE))
    after = await dates()
    assert after.pop("/articles/plain-9") > before.pop("/articles/plain-0")
    assert after == before


async def test_the_date_of_the_sitemap_moves_with_the_log_and_with_what_the_catalogue_shows_and_hides(client):
    await clinic()
    await logged()
    cupping = await builders.treatment("Cupping", is_published=False)
    acts = (
        (catalogue.publish, cupping, 1), (catalogue.unpublish, cupping, 2), (catalogue.publish, cupping, 3),
        (catalogue.remove, cupping, 4),
    )  # fmt: skip
    told = []
    for act, row, version in acts:
        with time_machine.travel(datetime.now(UTC), tick=False):
            before = await client.get("/sitemap.xml")
            await act(TREATMENT, row.id, version, Acting(SITE, builders.viewer(Role.ADMIN)))
            held = {"if-modified-since": before.headers["last-modified"]}
            assert (await client.get("/sitemap.xml", headers=held)).status_code == 200
        with time_machine.travel(datetime.now(UTC) + timedelta(seconds=10)):
            told.append(parsedate_to_datetime((await client.get("/sitemap.xml")).headers["last-modified"]))
            held = {"if-modified-since": format_datetime(told[-1], usegmt=True)}
            assert (await client.get("/sitemap.xml", headers=held)).status_code == 304
    assert told == sorted(told)
    assert told[0] >= datetime.now(UTC) - timedelta(minutes=5)


def test_a_sitemap_of_too_many_pages_is_an_index():
    pages = [sitemap.Page(f"/articles/{number}") for number in range(7)]
    index = etree.fromstring(sitemap.write(pages, SITE, most=3))
    found = []
    for address in index.xpath("s:sitemap/s:loc/text()", namespaces=MAPS):
        part = int(address.removeprefix(f"{SITE}/sitemap.xml?part="))
        root = etree.fromstring(sitemap.write(pages, SITE, part, most=3))
        found += root.xpath("s:url/s:loc/text()", namespaces=MAPS)
    assert found == [f"{SITE}/articles/{number}" for number in range(7)]
    assert sitemap.write(pages, SITE, 4, most=3) is None


async def test_each_feed_names_its_hub_and_itself_in_headers_and_inside_and_its_further_pages_do_not(client):
    """The discovery of WebSub: the cases 100, 102 and 103 of its test suite for publishers."""
    await clinic()
    for number in range(20):
        await builders.live(f"More {number}", at=ago(days=10 + number))
    hub = "http://localhost:8000/websub"
    for address in FEEDS:
        answer = await client.get(address)
        assert answer.headers["link"] == f'<{hub}>; rel="hub", <{SITE}{address}>; rel="self"'
        assert (await client.head(address)).headers["link"] == answer.headers["link"]
        if address.endswith("json"):
            said = answer.json()
            assert (said["hubs"][0]["url"], said["feed_url"], said["next_url"][:8]) == (hub, SITE + address, "https://")
            continue
        links = {link.rel: link.href for link in feedparser.parse(answer.content).feed.links}
        assert (links["hub"], links["self"]) == (hub, SITE + address)
        further = await client.get(links["next"].removeprefix(SITE))
        assert "link" not in further.headers
        assert "hub" not in {link.rel for link in feedparser.parse(further.content).feed.links}
