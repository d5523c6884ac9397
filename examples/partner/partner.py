"""A small partner's site: it mirrors a clinic's articles as static pages and drops what the clinic takes down.

    python partner.py http://localhost:8000 site --key mrd_…

Run it from cron, or call `sync()` when a webhook tells of a change: it reads on from where it stopped. Needs httpx.
"""

import argparse
import hashlib
import html
import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

OPERATION = (Path(__file__).parent / "sync.graphql").read_text().strip()
DOCUMENT = "sha256:" + hashlib.sha256(OPERATION.encode()).hexdigest()
PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="robots" content="noindex"><link rel="canonical" href="{canonical}"></head>
<body><main>{body}</main></body></html>
"""


@dataclass
class Mirror:
    """A folder of pages, and beside them what is known of each: `state.json`."""

    folder: Path
    cursor: str | None = None
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    unfinished: list[str] | None = None  # while a first reading is under way: the articles that it named so far

    @classmethod
    def open(cls, folder: Path) -> "Mirror":
        folder.mkdir(parents=True, exist_ok=True)
        state = folder / "state.json"
        return cls(folder, **json.loads(state.read_text())) if state.exists() else cls(folder, unfinished=[])

    def save(self) -> None:
        """Pages first, then the place up to which they are right: what is cut short is done again, never left out."""
        said = {"cursor": self.cursor, "pages": self.pages, "unfinished": self.unfinished}
        write(self.folder / "state.json", json.dumps(said, indent=1))

    def apply(self, change: dict[str, Any]) -> None:
        """Show what the change says, or show it no more; done twice it is the same."""
        key = change["articleId"]
        if self.unfinished is not None:
            self.unfinished.append(key)
        if change["kind"] == "REMOVE":
            self.remove(key, change)
        elif change["article"]:  # else its removal follows in a later change
            self.show(key, change)

    def show(self, key: str, change: dict[str, Any]) -> None:
        article, said = change["article"], change["article"]["syndication"]
        # With a grant for summaries who says so belongs to them as well.
        short = f"<h1>{html.escape(article['title'])}</h1><p>{html.escape(article['summary'])}</p>"
        body = said["html"] or short + said["attribution"]["html"]
        words = {"language": article["language"], "title": article["title"], "canonical": said["canonicalUrl"]}
        self.write(key, body, **words)
        self.pages[key] = {"title": article["title"], "contentHash": change["contentHash"], "live": True}

    def remove(self, key: str, change: dict[str, Any]) -> None:
        """Drop the text; where we had it, a notice says why. Of an erased article nothing stays."""
        if change["reason"] == "ERASED" or key not in self.pages:
            self.forget(key)
            return
        why, to = html.escape(change["explanation"] or ""), html.escape(change["movedTo"] or change["url"])
        notice = f'<h1>This article was removed</h1><p>{why}</p><p><a href="{to}">At the clinic</a></p>'
        self.write(key, notice, language="en", title="Removed", canonical=change["url"])
        self.pages[key] = {"title": None, "live": False}

    def finish(self) -> None:
        """After a first reading: what the clinic did not name is neither live nor told of any more."""
        for key in set(self.pages) - set(self.unfinished or ()):
            self.forget(key)
        self.unfinished = None

    def forget(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)
        self.pages.pop(key, None)

    def path(self, key: str) -> Path:
        return self.folder / f"{Path(key).name}.html"

    def write(self, name: str, body: str, **words: str) -> None:
        write(self.path(name), PAGE.format(body=body, **{key: html.escape(word) for key, word in words.items()}))

    def index(self) -> None:
        shown = sorted((known["title"], key) for key, known in self.pages.items() if known["live"])
        items = "".join(f'<li><a href="{key}.html">{html.escape(title)}</a></li>' for title, key in shown)
        self.write("index", items, language="en", title="Articles", canonical="index.html")


def sync(client: httpx.Client, folder: Path, size: int = 50) -> int:
    """Read on from where we stopped, page by page, and keep what was read; how many changes there were."""
    mirror, count = Mirror.open(folder), 0
    while True:
        page = ask(client, mirror.cursor, size)
        if page is None:
            mirror.cursor, mirror.unfinished = None, []
            continue
        for change in page["nodes"]:
            mirror.apply(change)
        mirror.cursor, count = page["pageInfo"]["endCursor"], count + len(page["nodes"])
        if not page["pageInfo"]["hasNextPage"]:
            break
        mirror.save()
    if mirror.unfinished is not None:
        mirror.finish()
    mirror.index()
    mirror.save()
    return count


def ask(client: httpx.Client, after: str | None, size: int) -> dict[str, Any] | None:
    """The next changes; None when the clinic's log does not reach back to our place."""
    asked = {"documentId": DOCUMENT, "variables": {"after": after, "first": size}}
    while (answer := client.post("/graphql", json=asked)).status_code == httpx.codes.TOO_MANY_REQUESTS:
        time.sleep(float(answer.headers["Retry-After"]))  # the quota of this minute is used up
    said = answer.json()
    if errors := said.get("errors"):
        if any(error["extensions"].get("code") in {"CURSOR_EXPIRED", "BAD_CURSOR"} for error in errors):
            return None
        raise RuntimeError(errors[0]["message"])
    return said["data"]["changes"]


def write(path: Path, text: str) -> None:
    """Replace a file as a whole: a reader never sees half of one."""
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("api")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--key", default=os.environ.get("MERIDIAN_KEY", ""))
    said = parser.parse_args()
    key = {"Authorization": f"Bearer {said.key}"} if said.key else {}
    with httpx.Client(base_url=said.api, headers=key, timeout=30) as client:
        print(f"{sync(client, said.folder)} changes")
