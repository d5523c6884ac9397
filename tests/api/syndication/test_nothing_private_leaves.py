"""One word stands in every private place; no channel that anybody may fetch brings it to light."""

import pytest

from api.accounts.viewer import Role
from api.articles.models import Article
from tests import builders
from tests.api.syndication.test_pull_channels import FEEDS, SITE, client, sample_client
from tests.asking import ask
from tests.schema.test_leaks import CANARY, hide

__all__ = ["client", "sample_client"]
ROOMS = (
    ("conditions", builders.Condition),
    ("treatments", builders.Treatment),
    ("practitioners", builders.Practitioner),
)


async def test_no_channel_brings_a_private_word_a_comment_or_a_call_to_action_to_light(client):
    await hide()
    shown = await builders.live("Shown", "Words.\n\n::: call-to-action clinic\n:::\n", slug="shown")
    await builders.comment(shown, f"A reader of the {CANARY}.")
    addresses = [*FEEDS, "/sitemap.xml", "/embed.js"]
    for room, model in ROOMS:
        slugs = [row.slug for row in await model.all()]
        addresses += [f"/feeds/{room}/{slug}.{form}" for slug in slugs for form in ("atom", "rss", "json")]
    for row in await Article.all():
        addresses += [f"/articles/{row.slug}.jsonld", f"/oembed?url={SITE}/articles/{row.slug}"]
    answers = {address: await client.get(address) for address in addresses}
    for address, answer in answers.items():
        assert CANARY not in answer.text, address
        assert "Book at" not in answer.text, address
        assert "Thank you." not in answer.text, address
    live = [address for address, answer in answers.items() if answer.status_code == 200]
    assert {f"/articles/{shown.slug}.jsonld", *FEEDS} <= set(live)
    assert len(answers) - len(live) >= 3 * 3 + 2 * 4


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMIN])
async def test_an_editor_reads_in_the_log_what_everybody_reads(client, role):
    await hide()
    shown = "articleId slug explanation article { title summary body { text } }"
    document = f"{{ changes(first: 100) {{ nodes {{ {shown} }} }} }}"
    everybody, editor = await ask(document), await ask(document, builders.viewer(role))
    assert editor == everybody
    assert CANARY not in str(everybody)
