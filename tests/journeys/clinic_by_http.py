"""A clinic behind a real server, on which every order of publishing is tried: everything is sent over HTTP."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from api.accounts.viewer import Role
from api.practitioners import Credential, CredentialKind
from api.sql import rows, sql
from tests import builders, people

BODY = """
Most stiff shoulders ease by themselves, as one study of 40 people saw [@{key}].

## When to get help

See a doctor if the pain does not ease after a few weeks. More about [stiff necks](entity:{other}).
"""
CARE = [{"level": "URGENT", "heading": "Ask for help today", "items": ["Your arm is numb."]}]
YEAR = {"date-parts": [[2019]]}
CSL = {"type": "article-journal", "title": "How shoulders fare", "author": [{"family": "Vale"}], "issued": YEAR}
KINDS = {
    "study": "Source",
    "shoulder": "Condition",
    "neck": "Condition",
    "stretching": "Treatment",
    "author": "Practitioner",
    "note": "Disclaimer",
    "statement": "EvidenceStatement",
}
"""Each entry after those that it rests on."""
TITLES = {"first": "Shoulders that are stiff", "second": "Shoulders and necks"}
SECRET = "Unseen words number"
SAID = "conditions { id } treatments { id } authors { id } disclaimers { id } citations { source { id } }"
ARTICLE = f"id title {SAID}"
LISTED = "articles(first: 5) { nodes { id title } totalCount }"
FOUND = "item { ... on Node { id } }"
LOOK = f"""query ($first: ID!, $second: ID!, $entries: [ID!]!, $shoulder: ID!, $stretching: ID!,
  $author: ID!, $study: ID!, $words: String!, $one: String!, $two: String!, $onePath: String!, $twoPath: String!) {{
  first: article(by: {{id: $first}}) {{ {ARTICLE} draft {{ title {SAID} }} }}
  second: article(by: {{id: $second}}) {{ {ARTICLE} draft {{ title {SAID} }} }}
  firstBySlug: article(by: {{slug: $one}}) {{ id title }} secondBySlug: article(by: {{slug: $two}}) {{ id title }}
  firstRoute: route(path: $onePath) {{ __typename ... on Article {{ id title }} ... on Withdrawn {{ title }} }}
  secondRoute: route(path: $twoPath) {{ __typename ... on Article {{ id title }} ... on Withdrawn {{ title }} }}
  nodes(ids: $entries) {{ id }} {LISTED}
  search(query: $words, first: 5) {{ nodes {{ title snippet {FOUND} }} totalCount }}
  shoulder: condition(by: {{id: $shoulder}}) {{ {LISTED} statements {{ id }} }}
  stretching: treatment(by: {{id: $stretching}}) {{ {LISTED} }}
  author: practitioner(by: {{id: $author}}) {{ {LISTED} }}
  study: source(by: {{id: $study}}) {{ {LISTED} }}
}}"""
NEWER = "SELECT id, article_id, kind, slug, revision_number, content_hash FROM change WHERE id > ? ORDER BY id"

WHOLE_NAMES = {"discardDraft"}
"""Verbs that do not name what they are for."""


@dataclass
class Stage:
    """The clinic behind its server; `runner` reaches the database directly, to set the scene and to read the log."""

    runner: asyncio.Runner
    client: httpx.Client
    editor: str = ""
    reviewer: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    read: int = 0

    def look(self, token: str = "") -> tuple[dict[str, Any], str]:
        """All that somebody sees, and the same as the text that was sent."""
        ways = {"one": self.slugs["first"], "two": self.slugs["second"]}
        ways |= {f"{name}Path": f"/articles/{slug}" for name, slug in ways.items()}
        named = {name: self.ids[name] for name in ("first", "second", "shoulder", "stretching", "author", "study")}
        entries = [self.ids[name] for name in KINDS]
        answer = self._send(LOOK, token, entries=entries, words="shoulders", **named, **ways)
        return answer.json()["data"], answer.text

    def changes(self) -> list[dict[str, Any]]:
        """What the log tells since it was last asked."""
        found = self.runner.run(rows(sql(NEWER, self.read)))
        self.read = found[-1]["id"] if found else self.read
        return [dict(row) for row in found]

    def do(self, verb: str, name: str, /, token: str = "", **more: Any) -> list[str]:
        """The codes with which a verb on one of the clinic's things is refused; none when it is done."""
        kind = KINDS.get(name, "Article")
        document = f"query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ version }} }} }}"
        version = self._send(document, self.editor, id=self.ids[name]).json()["data"]["node"]["version"]
        said = {"id": self.ids[name], "expectedVersion": version} | more
        name = verb if verb in WHOLE_NAMES else f"{verb}{kind}"
        return [error["code"] for error in self._act(name, said, "", token)["userErrors"]]

    def write(self) -> None:
        """Write the entries and the two articles, each approved once."""
        usual = self.runner.run(self._people())
        self._entries()
        both = [usual, self.ids["note"]]
        self._article("first", (["shoulder"], ["stretching"], both))
        self._article("second", (["shoulder", "neck"], [], [usual]))

    def approve(self, name: str) -> list[str]:
        """Hand a draft in, and approve it; the codes with which it is not let in."""
        if refused := self.do("submit", name):
            return refused
        due = (datetime.now(UTC) + timedelta(days=300)).date().isoformat()
        verdict = {"outcome": "APPROVED", "evidenceRechecked": True, "nextReviewDue": due}
        assert self.do("review", name, self.reviewer, **verdict) == []
        return []

    async def _people(self) -> str:
        await builders.clinic()
        self.editor = await people.token(await people.member(Role.EDITOR, password=None))
        person = await builders.practitioner("Anita Verwood")
        held = {"kind": CredentialKind.STATUTORY_REGISTER, "name": "Physician", "recognized_by": "GMC"}
        await Credential.create(practitioner=person, position=0, **held)
        by = await people.member(Role.REVIEWER, password=None, practitioner_id=person.id)
        self.reviewer = await people.token(by)
        return (await builders.disclaimer(key="NOT_A_SUBSTITUTE")).id

    def _entries(self) -> None:
        for name, said in (("shoulder", "Stiff shoulder"), ("neck", "Stiff neck")):
            self._new(name, name=said, summary="It moves less.", careAdvice=CARE)
        self._new("study", csl=CSL, studyDesign="COHORT", status="OK", key="vale2019")
        risks = [{"text": "Soreness", "frequency": "COMMON", "source": self.ids["study"]}]
        said = {"summary": "Stretching, slowly.", "adverseOutcomes": risks, "contraindications": ["A broken bone."]}
        self._new("stretching", name="Slow stretching", **said)
        since = {"recognizedBy": "HCPC", "validFrom": "2020-01-01"}
        held = [{"kind": "STATUTORY_REGISTER", "name": "Physiotherapist"} | since]
        self._new("author", name="Maud Ferris", jobTitle="Physiotherapist", credentials=held)
        self._new("note", title="Note", text="Ask if you are unsure.")
        known = {"condition": "shoulder", "treatment": "stretching", "assessedBy": "author"}
        about = {name: self.ids[key] for name, key in known.items()}
        said = {"outcome": "Pain", "comparator": "USUAL_CARE", "timepoint": "SHORT_TERM", "certainty": "LOW",
                "summary": "Little is known.", "assessedAt": "2026-01-02", "sources": [self.ids["study"]]}  # fmt: skip
        self._new("statement", **about, **said)

    def _new(self, name: str, /, **said: Any) -> None:
        kind = KINDS[name]
        shown = kind[0].lower() + kind[1:]
        made = self._act(f"create{kind}", said, f"{shown} {{ id }}")
        assert made["userErrors"] == [], made
        self.ids[name] = made[shown]["id"]

    def _article(self, name: str, of: tuple[list[str], list[str], list[str]]) -> None:
        """Written, submitted and approved, while its entries are public."""
        conditions, treatments, disclaimers = of
        about = {
            "conditions": [self.ids[each] for each in conditions],
            "treatments": [self.ids[each] for each in treatments],
            "disclaimers": disclaimers,
        }
        text = {"markdown": BODY.format(key="vale2019", other=self.ids["neck"])}
        said = {"title": TITLES[name], "summary": "What one study saw.", "body": text, "authors": [self.ids["author"]]}
        made = self._act("createArticle", said | about, "article { id slug }")
        self.ids[name], self.slugs[name] = made["article"]["id"], made["article"]["slug"]
        for entry in KINDS:
            self.do("publish", entry)
        assert self.approve(name) == []

    def _act(self, verb: str, said: dict[str, Any], fields: str, token: str = "") -> dict[str, Any]:
        kind = f"{verb[0].upper()}{verb[1:]}Input"
        document = f"mutation ($input: {kind}!) {{ {verb}(input: $input) {{ userErrors {{ code }} {fields} }} }}"
        found: dict[str, Any] = self._send(document, token or self.editor, input=said).json()["data"][verb]
        return found

    def _send(self, document: str, token: str = "", **variables: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        sent = {"query": document, "variables": variables}
        answer = self.client.post("/graphql", json=sent, headers=headers)
        assert "errors" not in answer.json(), answer.text
        return answer
