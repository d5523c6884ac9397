"""A clinic at its daily work over HTTP: one publishes, one imports, readers comment and one moderates; on and on."""

from __future__ import annotations

import contextlib
import itertools
import random
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from tests import talking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.chaos.standing import House

WORDS = (
    "needle",
    "pillow",
    "morning",
    "neck",
    "garden",
    "walk",
    "letter",
    "evening",
    "window",
    "chair",
    "kettle",
    "river",
)
IMPORTED = (
    "---\ntitle: {title}\ndate: 2020-03-01\n---\n\nSome people sleep badly [1].\n\n## References\n\n1. Doe J. 2010.\n"
)


@dataclass
class Desk:
    """Everything that was done, by verb, and everything that was not answered as it should be."""

    house: House
    token: str
    author: str
    open_for_comments: list[str]
    pause: float = 0.5
    done: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def at_work(self) -> Iterator[Desk]:
        threads = [
            threading.Thread(target=self._keep_on, args=(work,)) for work in (self._publish, self._import, self._talk)
        ]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._over.set()
            for thread in threads:
                thread.join(60)

    def _keep_on(self, work: Any) -> None:
        headers = {"authorization": f"Bearer {self.token}"}
        with httpx.Client(base_url=self.house.url, headers=headers, trust_env=False, timeout=30) as client:
            for number in itertools.count(1):
                try:
                    work(client, number)
                except (httpx.HTTPError, AssertionError) as error:
                    self.wrong.append(f"{work.__name__}: {error!r}")
                if self._over.is_set():
                    return

    def _publish(self, client: httpx.Client, number: int) -> None:
        said = {"title": f"Closed on day {number}", "kind": "NEWS", "summary": "We are closed today.",
                "body": {"markdown": "We are open again tomorrow."}, "authors": [self.author]}  # fmt: skip
        article = self._act(client, "createArticle", said, "article { id }")["article"]["id"]
        gone = {"kind": "GONE", "explanation": "It was a mistake."}
        for version, (verb, more) in enumerate((("publish", {}), ("unpublish", gone), ("publish", {})), start=1):
            self._act(client, f"{verb}Article", {"id": article, "expectedVersion": version} | more, "article { id }")

    def _import(self, client: httpx.Client, number: int) -> None:
        text = IMPORTED.format(title=f"An old text {number}")
        said = {"name": f"old-{number}.md", "content": text}
        assert self._act(client, "importArticle", said, "outcome")["outcome"] == "NEW"
        assert self._act(client, "importArticle", said, "outcome")["outcome"] == "UNCHANGED"

    def _talk(self, client: httpx.Client, number: int) -> None:
        """Past Caddy, which would make one reader of them all."""
        article = self.open_for_comments[number % len(self.open_for_comments)]
        body = " ".join(random.choices(WORDS, k=12))  # noqa: S311 - it only has to differ
        reader = {"x-forwarded-for": f"198.51.{number // 250}.{number % 250}"}
        with httpx.Client(base_url=self.house["api-0"].url, headers=reader, trust_env=False, timeout=30) as outside:
            comment = self._act(outside, "submitComment", talking.proven(article, body), "id")["id"]
        decision = {"act": "APPROVE"} if number % 2 else {"act": "REJECT", "reason": "OFF_TOPIC"}
        found = self._act(client, "moderateComments", {"items": [{"id": comment} | decision]}, "results { isDone }")
        assert found["results"] == [{"isDone": True}]

    def _act(self, client: httpx.Client, verb: str, said: dict[str, Any], shown: str) -> dict[str, Any]:
        kind = f"{verb[0].upper()}{verb[1:]}Input"
        document = f"mutation ($input: {kind}!) {{ {verb}(input: $input) {{ userErrors {{ code message }} {shown} }} }}"
        answer = client.post("/graphql", json={"query": document, "variables": {"input": said}})
        assert (answer.status_code, answer.json().get("errors")) == (200, None), answer.text
        payload: dict[str, Any] = answer.json()["data"][verb]
        assert payload["userErrors"] == [], payload
        self.done[verb] = self.done.get(verb, 0) + 1
        self._over.wait(self.pause)
        return payload
