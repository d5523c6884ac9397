"""An article as its page needs it: its parts, what search engines are told, what is close to it, what partners show."""

import re
from datetime import date

import pytest

from api.articles.models import Article, ArticleKind, Correction
from api.clinic import Clinic
from api.conditions import CareAdvice
from api.evidence.models import Source
from api.treatments import AdverseOutcome, Treatment
from api.web.codes import Code
from tests import builders
from tests.asking import SITE, ask, refusal
from tests.builders import ago, ahead


async def one(fields: str, article: Article):
    return (await ask(f"query ($id: ID!) {{ article(by: {{id: $id}}) {{ {fields} }} }}", id=article.id))["article"]


async def whole():
    """An article with everything that a page shows."""
    await builders.clinic(telephone="020 7946 0000", logo=await builders.picture())
    return await builders.live(
        "Neck pain", "Needles were tried [@irnich2001, p. 4].\n\n## What helps\n\nMore [@irnich2001; @nobody9].\n\n"
        "Call [us](/contact) or see [the leaflet](https://nhs.example/a).",
        at=ago(days=40), slug="neck-pain",
        authors=[await builders.practitioner("Ada Reed", slug="ada")],
        conditions=[await builders.condition("Neck pain", slug="neck", care="Numbness in both arms.")],
        treatments=[
            await builders.treatment("Acupuncture", slug="needles", risk="Bruises", contraindications=["Haemophilia"])
        ],
        disclaimers=[await builders.disclaimer("See a doctor.")],
        hero_image=await builders.picture(),
    )  # fmt: skip


async def test_the_two_ways_to_ask_give_one_article(database):
    article = await builders.live(slug="sleep")
    document = 'query ($id: ID!) { a: article(by: {slug: "sleep"}) { id } b: article(by: {id: $id}) { id } }'
    assert await ask(document, id=article.id) == {"a": {"id": article.id}, "b": {"id": article.id}}


async def test_citations_are_numbered_by_first_appearance_and_a_dangling_one_has_no_source(database):
    await builders.source("irnich2001", doi="10.1136/bmj.322.7302.1574")
    await builders.source("fu2009")
    article = await builders.live(body="One [@fu2009]. Two [@irnich2001, p. 4; @nobody9]. Again [@fu2009].")
    shown = await one(
        "citations { number key locator marks source { key doi evidenceLevel } } body { html citations { key } }",
        article,
    )
    found = shown["citations"]
    assert [(one["number"], one["key"], one["locator"]) for one in found] == [
        (1, "fu2009", None), (2, "irnich2001", "p. 4"), (3, "nobody9", None),
    ]  # fmt: skip
    assert [one["source"] and one["source"]["key"] for one in found] == ["fu2009", "irnich2001", None]
    assert found[1]["source"]["evidenceLevel"] == 2
    assert [len(one["marks"]) for one in found] == [2, 1, 1]
    assert all(f'id="{mark}"' in shown["body"]["html"] for one in found for mark in one["marks"])
    assert [one["key"] for one in shown["body"]["citations"]] == [one["key"] for one in found]


async def test_the_review_shown_is_that_of_what_is_shown(database):
    reviewer = await builders.practitioner("Bo Lin")
    article = await builders.live()
    fields = "reviewedBy { name } lastReviewed nextReview isReviewOverdue"
    nobody = {"reviewedBy": None, "lastReviewed": None, "nextReview": None, "isReviewOverdue": False}
    assert await one(fields, article) == nobody
    await builders.review(article, reviewer, at=ago(days=30), next_review_due=ahead(days=9).date())
    assert await one(fields, article) == {
        "reviewedBy": {"name": "Bo Lin"}, "lastReviewed": ago(days=30).date().isoformat(),
        "nextReview": ahead(days=9).date().isoformat(), "isReviewOverdue": False,
    }  # fmt: skip
    await builders.revised(article)
    await builders.publish(article)
    assert await one(fields, article) == nobody


async def test_a_review_that_was_due_yesterday_is_overdue_and_one_due_today_is_not(database):
    reviewer = await builders.practitioner()
    for due, overdue in ((ago(days=1), True), (ago(days=0), False)):
        article = await builders.live()
        await builders.review(article, reviewer, next_review_due=due.date())
        assert (await one("isReviewOverdue", article))["isReviewOverdue"] is overdue


async def test_a_minor_revision_keeps_the_review_of_the_one_before(database):
    article = await builders.live()
    await builders.review(article, await builders.practitioner("Bo Lin"))
    for kind, reviewer in (("MINOR", {"name": "Bo Lin"}), ("MAJOR", None)):
        await builders.revised(article, f"Sleep {kind}", update_type=kind)
        await builders.publish(article)
        assert (await one("reviewedBy { name }", article))["reviewedBy"] == reviewer


async def test_corrections_stand_newest_first_and_comments_oldest_first(database):
    article = await builders.live()
    for days in (9, 3, 6):
        await Correction.create(article=article, at=ago(days=days), text=f"{days} days ago")
        await builders.comment(article, f"{days} days ago", at=ago(days=days))
    shown = await one("corrections { text } comments { nodes { body } } commentCount", article)
    assert [said["text"][0] for said in shown["corrections"]] == ["3", "6", "9"]
    assert [said["body"][0] for said in shown["comments"]["nodes"]] == ["9", "6", "3"]
    assert shown["commentCount"] == 3


async def test_related_articles_are_the_closest_first_and_never_the_article_itself(database):
    neck, back, needles = await builders.condition(), await builders.condition("Back"), await builders.treatment()
    about = {"conditions": [neck, back], "treatments": [needles]}
    article = await builders.live("This", **about)
    await builders.live("Same but older", at=ago(days=9), **about)  # 2 + 2 + 1
    await builders.live("Same", at=ago(days=1), **about)
    await builders.live("One condition", conditions=[back])  # 2
    await builders.live("One treatment", treatments=[needles])  # 1
    await builders.live("Nothing", conditions=[await builders.condition("Knee")])
    await builders.draft("Draft", **about)
    order = ["Same", "Same but older", "One condition", "One treatment"]
    titles = [shown["title"] for shown in (await one("related(first: 20) { title }", article))["related"]]
    assert titles == order
    assert [shown["title"] for shown in (await one("related { title }", article))["related"]] == order[:3]
    assert [shown["title"] for shown in (await one("related(first: 1) { title }", article))["related"]] == order[:1]


async def test_two_articles_are_not_close_by_an_entry_that_readers_do_not_see(database):
    hidden = await builders.condition("Hidden", is_published=False)
    first, _second = await builders.live("One", conditions=[hidden]), await builders.live("Two", conditions=[hidden])
    assert (await one("related { title }", first))["related"] == []


async def test_json_ld_says_what_the_page_shows(database):
    await builders.source("irnich2001", doi="10.1136/bmj.322.7302.1574")
    article = await whole()
    await builders.review(article, await builders.practitioner("Bo Lin", slug="bo"), at=ago(days=30))
    said = (await one("jsonLd", article))["jsonLd"]
    page = f"{SITE}/articles/neck-pain"
    person = {"@type": "Person", "jobTitle": "Acupuncturist"}
    assert {key: said[key] for key in ("@context", "@type", "@id", "name", "inLanguage", "lastReviewed")} == {
        "@context": "https://schema.org", "@type": "MedicalWebPage", "@id": page, "name": "Neck pain",
        "inLanguage": "en", "lastReviewed": ago(days=30).date().isoformat(),
    }  # fmt: skip
    assert said["author"] == [
        person | {"@id": f"{SITE}/practitioners/ada", "url": f"{SITE}/practitioners/ada", "name": "Ada Reed"}
    ]
    assert said["reviewedBy"]["name"] == "Bo Lin"
    assert [(about["@type"], about["url"]) for about in said["about"]] == [
        ("MedicalCondition", f"{SITE}/conditions/neck"), ("MedicalTherapy", f"{SITE}/treatments/needles"),
    ]  # fmt: skip
    assert [work["sameAs"] for work in said["citation"]] == ["https://doi.org/10.1136/bmj.322.7302.1574"]
    assert said["image"].startswith(f"{SITE}/media/")
    assert date.fromisoformat(said["datePublished"][:10]) == ago(days=40).date()
    assert None not in said.values()


async def test_json_ld_dates_an_article_by_the_day_on_which_it_first_came_out_as_its_page_does(database):
    day = ago(days=900).date()
    article = await builders.live("Old and good", at=ago(days=40), first_out=day)
    said = await one("jsonLd originallyPublishedOn", article)
    assert said["jsonLd"]["datePublished"] == said["originallyPublishedOn"] == day.isoformat()


async def test_json_ld_of_news_is_a_news_article_without_medicine(database):
    article = await builders.live("Closed at Christmas", kind=ArticleKind.NEWS)
    said = (await one("jsonLd", article))["jsonLd"]
    assert (said["@type"], said["headline"]) == ("NewsArticle", "Closed at Christmas")
    assert not {"about", "citation", "reviewedBy", "lastReviewed", "name"} & set(said)


async def test_json_ld_of_a_practitioner_is_a_person_and_never_a_physician(database):
    person = await builders.practitioner("Ada Reed", bio="Ada.", same_as=["https://register.example/ada"])
    said = (await ask("query ($id: ID!) { practitioner(by: {id: $id}) { jsonLd } }", id=person.id))["practitioner"][
        "jsonLd"
    ]
    assert (said["@type"], said["sameAs"]) == ("Person", ["https://register.example/ada"])


async def test_partners_get_the_whole_article_with_absolute_addresses_and_no_call_to_action(database):
    await builders.source("irnich2001")
    await builders.clinic(booking_url="/book")
    article = await builders.live(
        "Neck pain",
        "Needles [@irnich2001]. [Call](/contact).\n\n::: call-to-action clinic\n:::\n\n## More\n\n[Up](#more).",
        slug="neck-pain", conditions=[await builders.condition(care="Numbness in both arms.")],
        treatments=[await builders.treatment(risk="Bruises", contraindications=["Haemophilia"])],
        disclaimers=[await builders.disclaimer("See a doctor.")],
    )  # fmt: skip
    shown = await one('html: syndication { html(idPrefix: "m1-") text canonicalUrl } body { html }', article)
    html, text = shown["html"]["html"], shown["html"]["text"]
    addresses = re.findall(r'(?:href|src|srcset)="([^"]*)"', html)
    assert addresses
    assert [one for one in addresses if not one.startswith((f"{SITE}/", "#m1-"))] == []
    assert re.findall(r' id="(?!m1-)', html) == []
    assert all(f'id="{one[1:]}"' in html for one in addresses if one.startswith("#"))
    for needed in ("Numbness in both arms.", "Bruises", "Haemophilia", "See a doctor.", "Test Clinic", "BMJ"):
        assert needed in html, needed
        assert needed in text, needed
    assert "book" in shown["body"]["html"].lower()
    assert "book" not in html.lower()
    assert f'href="{SITE}/articles/neck-pain"' in html
    assert shown["html"]["canonicalUrl"] == f"{SITE}/articles/neck-pain"


async def test_a_prefix_is_letters_digits_and_hyphens_whatever_is_sent(database):
    article = await builders.live(body="## More\n\nText.")
    shown = await one("""syndication { html(idPrefix: "a\\"><script>-b_") }""", article)
    assert 'id="ascript-bmore"' in shown["syndication"]["html"]
    assert "<script" not in shown["syndication"]["html"]


@pytest.mark.parametrize(
    "change",
    [
        lambda: CareAdvice.all().update(items=["Numbness in one arm."]),
        lambda: CareAdvice.all().update(phone="112"),
        lambda: CareAdvice.all().update(body="Do not wait."),
        lambda: AdverseOutcome.all().update(text="Fainting"),
        lambda: Treatment.all().update(contraindications=["Warfarin"]),
        lambda: Source.all().update(status="RETRACTED"),
        lambda: Clinic.all().update(syndication_terms={"version": "2027-01", "html": "x", "url": "/partners"}),
    ],
    ids=["care advice", "phone", "what else to know", "risk", "contraindication", "source's status", "terms"],
)
async def test_the_hash_that_partners_compare_changes_when_what_they_show_must(database, change):
    await builders.source("irnich2001")
    article = await whole()
    fields = "syndication { contentHash }"
    before, again = await one(fields, article), await one(fields, article)
    await change()
    assert before == again
    assert await one(fields, article) != before


async def test_a_body_is_there_in_every_form(database):
    await builders.source("irnich2001")
    picture = await builders.picture()
    neck = await builders.condition(slug="neck")
    article = await builders.live(
        body=f"## First\n\nAbout [necks](entity:{neck.id}) and [NHS](https://nhs.example) [@irnich2001].\n\n"
        f"::: figure {picture.id} [A neck]\n:::"
    )
    body = (
        await one(
            "body { html markdown text document toc { id level text } blocks { html citationNumbers } "
            "images { asset { id } } links { text href entity { id } } } wordCount readingMinutes",
            article,
        )
    )["body"]
    assert [entry["text"] for entry in body["toc"]] == ["First"]
    assert "\n".join(block["html"] for block in body["blocks"]) == body["html"]
    assert [block["citationNumbers"] for block in body["blocks"]][1] == [1]
    assert "[@irnich2001]" in body["markdown"]
    assert body["document"]["type"] == "doc"
    assert body["images"] == [{"asset": {"id": picture.id}}]
    assert body["links"] == [
        {"text": "necks", "href": None, "entity": {"id": neck.id}},
        {"text": "NHS", "href": "https://nhs.example", "entity": None},
    ]


async def test_exactly_one_key_names_an_article(database):
    for by in ("{}", '{id: "a", slug: "b"}', "{id: null}"):
        assert await refusal(f"{{ article(by: {by}) {{ id }} }}") is Code.BAD_USER_INPUT, by
