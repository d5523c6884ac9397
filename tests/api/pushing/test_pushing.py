"""What is sent, what is held back, and what is said of it."""

import json

import pytest

from api.pushing import Client, Outcome, Unreachable
from api.pushing.client import Insecure
from tests import people
from tests.api.pushing.conftest import Desk

NECK = "articles/neck-pain-and-acupuncture.md"
CONDITION = "conditions/neck-pain.md"
ARTICLE = """---
title: A short word on sore shoulders
summary: What one trial found, and what it did not.
authors: [maren-holloway]
conditions: [sore-shoulder]
treatments: [acupuncture]
disclaimers: [NOT_A_SUBSTITUTE]
---

In one trial of 177 people, acupuncture eased pain on movement [@irnich2001].

Acupuncture cures every kind of pain.

Another trial is on its way [@smith2020].
"""
SHOULDER = """---
name: Sore shoulder
summary: Pain in or around the shoulder.
parent: upper-body
careAdvice:
  - level: URGENT
    heading: Call 111 now if
    items: [your arm is numb]
    phone: 111
---

Most sore shoulders ease.
"""
BODY = "---\nname: Upper body\nsummary: All above the waist.\n---\n"
BIB = """@article{Smith2020, author = {M{\\"u}ller, Jos{\\'e} and {The Group}}, title = {A trial of {Needles}},
  journal = "Pain", year = 2020, month = jun, pages = {1--9}, doi = {10.1000/Xyz.1}}
@article{Irnich_again, author = {Irnich, Dominik}, title = {Randomised trial}, year = 2001, issn = {0959-8138},
  doi = {https://doi.org/10.1136/bmj.322.7302.1574}}
"""
IRNICH = '{ source(by: {key: "irnich2001"}) { version csl n title studyDesign } }'


def new_files(desk: Desk) -> None:
    desk.write("articles/sore-shoulders.md", ARTICLE)
    desk.write("conditions/sore-shoulder.md", SHOULDER)
    desk.write("conditions/upper-body.md", BODY)
    desk.write("sources/mine.bib", BIB)


async def test_new_files_become_drafts_with_their_relations_and_findings_by_line(desk: Desk):
    new_files(desk)
    editor, desk.token = desk.token, await people.token(await people.member(password=None))
    assert not desk.push()
    assert desk.told["conditions/upper-body.md"].lines == ("This needs the role EDITOR: ask an admin.",)
    assert desk.ask('{ condition(by: {slug: "upper-body"}) { id } }') == {"condition": None}
    desk.token = editor
    before = desk.ask(IRNICH)["source"]

    assert desk.push(dry_run=True)
    assert (desk.count(Outcome.CREATED), desk.count(Outcome.REVISED)) == (4, 1)
    assert not (desk.folder / ".meridian.json").exists()
    assert desk.ask('{ article(by: {slug: "sore-shoulders"}) { id } }') == {"article": None}

    assert not desk.push()
    told = desk.told["articles/sore-shoulders.md"]
    assert told.outcome is Outcome.BLOCKED
    assert any(line.startswith("articles/sore-shoulders.md:12: BLOCK CLM-") for line in told.lines), told.lines
    found = desk.ask("""{ article(by: {slug: "sore-shoulders"}) { stage version authors { slug } disclaimers { key }
      conditions { slug parent { slug } careAdvice { phone } } citations { source { key } } } }""")["article"]
    assert (found["stage"], found["version"]) == ("DRAFT", 1)
    assert found["conditions"] == [
        {"slug": "sore-shoulder", "parent": {"slug": "upper-body"}, "careAdvice": [{"phone": "111"}]}
    ]
    assert [each["source"]["key"] for each in found["citations"]] == ["irnich2001", "smith2020"]
    after = desk.ask(IRNICH)["source"]
    assert after == before | {"version": before["version"] + 1, "csl": before["csl"] | {"ISSN": "0959-8138"}}
    assert desk.told["sources/mine.bib#irnich_again"].lines[-1].endswith("cite it as [@irnich2001].")
    smith = desk.ask('{ source(by: {doi: "10.1000/xyz.1"}) { key studyDesign csl } }')["source"]
    assert smith["csl"]["author"] == [{"family": "Müller", "given": "José"}, {"literal": "The Group"}]
    assert (smith["key"], smith["studyDesign"], smith["csl"]["page"]) == ("smith2020", "OTHER", "1-9")

    assert desk.push()
    assert {each.outcome for each in desk.told.values()} == {Outcome.UNCHANGED}


async def test_a_change_is_sent_with_the_version_seen_and_never_over_a_newer_one(desk: Desk):
    assert desk.pull()
    seen = json.loads((desk.folder / ".meridian.json").read_text())[desk.url]
    desk.edit(NECK, "summary:", "changeNote: Clearer\nsummary:")
    desk.edit(CONDITION, "alternateNames:", "alternateNames:\n- A stiff neck")
    desk.edit("treatments/acupuncture.md", "aftercare:", "unknown: x\naftercare:")

    assert not desk.push()
    assert desk.told[NECK].outcome in {Outcome.REVISED, Outcome.BLOCKED}
    assert desk.told[NECK].lines[0] == "Changed: changeNote."
    assert desk.told["treatments/acupuncture.md"].lines[0].startswith("Line ")
    assert desk.told[CONDITION].outcome is Outcome.REVISED
    assert (desk.count(Outcome.REVISED) + desk.count(Outcome.BLOCKED), desk.count(Outcome.REFUSED)) == (2, 1)

    query = '{ article(by: {slug: "neck-pain-and-acupuncture"}) { id version draft { title changeNote } } }'
    article = desk.ask(query)["article"]
    assert article["version"] == seen[NECK]["version"] + 1
    revise = "mutation ($input: ReviseArticleInput!) { reviseArticle(input: $input) { article { version } } }"
    desk.ask(revise, input={"id": article["id"], "expectedVersion": article["version"], "title": "By somebody else"})
    desk.edit(NECK, "changeNote: Clearer", "changeNote: Clearest")
    mine = (desk.folder / NECK).read_text()

    assert not desk.push()
    assert desk.told[NECK].outcome is Outcome.CONFLICT
    found = desk.ask(query)["article"]
    assert (found["version"], found["draft"]["title"]) == (article["version"] + 1, "By somebody else")
    assert not desk.pull()
    assert desk.told[NECK].outcome is Outcome.CONFLICT
    assert (desk.folder / NECK).read_text() == mine

    (desk.folder / NECK).unlink()
    desk.pull()
    assert desk.told[NECK].outcome is Outcome.WRITTEN
    assert "By somebody else" in (desk.folder / NECK).read_text()


async def test_a_new_version_that_says_the_same_keeps_what_the_file_says(desk: Desk):
    assert desk.pull()
    article = desk.ask('{ article(by: {slug: "neck-pain-and-acupuncture"}) { id version title } }')["article"]
    revise = "mutation ($input: ReviseArticleInput!) { reviseArticle(input: $input) { article { version } } }"
    said = {"id": article["id"], "expectedVersion": article["version"], "changeNote": "x"}
    desk.ask(revise, input=said)
    desk.edit(NECK, article["title"], "Needles and the neck")

    assert not desk.push()
    assert desk.pull()
    assert desk.told[NECK].outcome is Outcome.KEPT
    desk.push()
    assert desk.told[NECK].lines[0].startswith("Changed: title")


async def test_the_command_tells_and_exits_and_never_shows_the_token(desk: Desk, capsys: pytest.CaptureFixture[str]):
    new_files(desk)
    (desk.folder / "articles/sore-shoulders.md").unlink()
    desk.write("articles/broken.md", "no front matter")

    assert desk.shell("push", "--dry-run") == 1
    (desk.folder / "articles/broken.md").unlink()
    assert desk.shell("push") == 0
    assert desk.shell("push") == 0
    desk.token = "mrd_tok_made_up"
    desk.edit("conditions/upper-body.md", "All above", "All that is above")
    assert desk.shell("push") == 1
    desk.url = "http://127.0.0.1:1"
    assert desk.shell("push") == 1
    told = capsys.readouterr()
    assert "articles/broken.md: REFUSED\n  It has to begin with front matter" in told.out
    assert "conditions/upper-body.md: would be created\n" in told.out
    assert "4 unchanged." in told.out
    assert told.err == "http://127.0.0.1:1 cannot be reached: check the address and that the API runs.\n"
    assert "mrd_" not in told.out + told.err


@pytest.mark.parametrize("url", ["http://clinic.example", "http://10.0.0.1:8000", "http://localhost.evil.example"])
def test_a_token_is_never_sent_in_the_clear(url: str):
    with pytest.raises(Insecure):
        Client(url, "mrd_x")


@pytest.mark.parametrize(
    "url", ["http://localhost:1", "http://127.0.0.9:1/graphql", "http://[::1]:1", "https://a.example/"]
)
def test_loopback_may_do_without_tls(url: str):
    assert Client(url, "mrd_x").url == url.removesuffix("/graphql").removesuffix("/")


def test_a_server_that_is_not_there_is_told_in_one_sentence():
    with Client("http://127.0.0.1:1", "mrd_secret") as client, pytest.raises(Unreachable) as refused:
        client.ask("{ __typename }")
    assert "secret" not in str(refused.value)
