"""Two hundred texts that attack pages, through every field of a comment, to every output: they stay plain text."""

import itertools
import json
from html.parser import HTMLParser

from api.accounts.viewer import Role, Viewer
from api.comments import consent, erasing, texts
from api.comments.models import CommentStatus
from tests import builders
from tests.asking import ask
from tests.doing import member

CORE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<iframe srcdoc='<script>'>",
    '"><script>alert(1)</script>', "'><img src=x>", "</textarea><script>alert(1)</script>", "</title><script>",
    "</script><script>alert(1)</script>", "<!--<script>-->", "javascript:alert(1)", "data:text/html,<script>alert(1)",
    "<a href='javascript:alert(1)'>x</a>", "<math><mi//xlink:href='data:x'>", "<style>@import 'x'</style>",
    "<base href=//x>", "<link rel=stylesheet href=x>", "<meta http-equiv=refresh content=0>",
    "<form action=//x><input>",
    "<details open ontoggle=alert(1)>", "<body onload=alert(1)>", "<object data=x>", "<embed src=x>",
    "{{7*7}}", "${7*7}",
    "<%= 7*7 %>", "#{7*7}", "[x](javascript:alert(1))", "![x](x onerror=alert(1))", "<x onclick=alert(1)>x</x>",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "\\u003cscript\\u003e", "<scr<script>ipt>",
    "<SCRIPT SRC=//x>", "<<script>",
    '" autofocus onfocus=alert(1) x="', "' onmouseover='alert(1)", "`onload=alert(1)`", "]]><script>", "--><script>",
)  # fmt: skip
WRAPS = ("{}", "Thank you {}", "{}\n{}", "\t{}\u2028", "x" * 40 + "{}")
PAYLOADS = [wrap.replace("{}", text) for text, wrap in itertools.product(CORE, WRAPS)]


class Elements(HTMLParser):
    """The elements and attributes of a page, in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append(f"{tag} {sorted(name for name, _ in attrs)}")


def test_there_are_two_hundred_of_them():
    assert len(set(PAYLOADS)) == 200


async def test_every_field_of_a_comment_comes_out_as_it_is_kept_and_nowhere_as_a_page(database):
    article = await builders.live()
    rows = []
    for payload in PAYLOADS:
        name = texts.one_line(payload)[:60]
        said = {"display_name": name, "reply": texts.plain(payload), "replied_at": builders.NOW}
        rows.append(await builders.comment(article, texts.plain(payload), flags=["LINK"], **said))
        await builders.problem(article, texts.plain(payload), contact=name)
    shown = "id body displayName reply { body }"
    found = {}
    for page in range(0, 200, 100):
        listed = await ask(
            f"query ($n: [ID!]!) {{ nodes(ids: $n) {{ ... on Comment {{ {shown} }} }} }}",
            n=[row.id for row in rows[page : page + 100]],
        )
        found |= {node["id"]: node for node in listed["nodes"]}
    for row in rows:
        assert found[row.id] == {
            "id": row.id, "body": row.body, "displayName": row.display_name, "reply": {"body": row.reply},
        }  # fmt: skip
        assert json.loads(json.dumps(await erasing.export(row.id)))["body"] == row.body
    own = await ask("{ viewer { comment { body displayName } } }", Viewer(comment=rows[0].id))
    assert own["viewer"]["comment"] == {"body": rows[0].body, "displayName": rows[0].display_name}


async def test_what_is_written_below_an_article_stands_in_none_of_its_texts(database):
    article = await builders.live()
    asked = """query ($i: ID!) { article(by: {id: $i}) { jsonLd body { html markdown text }
      syndication { html(idPrefix: "x-") text attribution { html } } } search(query: "alert") { totalCount } }"""
    before = await ask(asked, i=article.id)
    for payload in CORE:
        await builders.comment(article, payload, display_name=payload[:60])
    assert await ask(asked, i=article.id) == before


async def test_the_queue_and_the_worklist_hand_them_out_as_text(database):
    article, moderator = await builders.live(), await member(Role.MODERATOR)
    for payload in PAYLOADS[:100]:
        await builders.comment(article, payload, display_name=payload[:60], status=CommentStatus.PENDING)
    asked = "{ editorial { moderationQueue(first: 100) { nodes { body displayName } } } }"
    nodes = (await ask(asked, moderator))["editorial"]["moderationQueue"]["nodes"]
    assert [node["body"] for node in nodes] == PAYLOADS[:100]


def test_the_consent_text_holds_a_clinics_name_as_text():
    plain = Elements(consent.text("Clinic", "/privacy").html).found
    for payload in PAYLOADS:
        assert Elements(consent.text(payload, f"/privacy?{payload}").html).found == plain
