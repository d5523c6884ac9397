"""What a saved page says about itself: JSON-LD, meta elements, its canonical link, its times and its heading."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from api.publishing.importing.content import Element, Page, has_name, text_of
from api.publishing.importing.dates import said, written
from api.publishing.importing.found import Found
from api.publishing.importing.notes import Notes
from api.publishing.importing.wording import one_line, same, shown

_ARTICLES = {
    "Article",
    "BlogPosting",
    "NewsArticle",
    "MedicalScholarlyArticle",
    "MedicalWebPage",
    "SocialMediaPosting",
    "TechArticle",
    "WebPage",
}
_MOST_ITEMS = 200


def read(page: Page, notes: Notes) -> Found:
    """Gather what the page says, each fact from the most trustworthy place that has it."""
    article = _article(page.root)
    metas = _metas(page.root)
    published = _dates(article.get("datePublished"), metas.get("article:published_time")) or _time(page, notes)
    updated = _dates(article.get("dateModified"), metas.get("article:modified_time")) or _updated_time(page)
    return Found(
        title=_title(page, article, metas, notes),
        summary=_first(article.get("description"), metas.get("description"), metas.get("og:description")),
        addresses=_addresses(page.root, article, metas),
        published=published,
        updated=updated,
        authors=tuple(dict.fromkeys(_names(article.get("author")) or _metas_all(page.root, "author"))),
        tags=tuple(dict.fromkeys([*_metas_all(page.root, "article:tag"), *_keywords(article, metas)])),
        language=one_line(page.root.get("lang", "")) or None,
    )


def _article(root: Element) -> dict[str, Any]:
    """Return the first JSON-LD item about an article; pages of Yoast and Wix hold several items or a graph."""
    items = [item for script in root.iter("script") for item in _items(script)]
    best = (item for kind in ("Article", "") for item in items if _is_article(item, kind))
    return next(best, {})


def _items(script: Element) -> Iterator[dict[str, Any]]:
    if script.get("type", "").strip().lower() != "application/ld+json":
        return
    try:
        waiting = [json.loads(script.text or "null")]
    except (ValueError, RecursionError):
        return
    for _ in range(_MOST_ITEMS):
        if not waiting:
            return
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting[:0] = item
        elif isinstance(item, dict):
            waiting[:0] = [item["@graph"]] if "@graph" in item else []
            yield item


def _is_article(item: dict[str, Any], kind: str) -> bool:
    types = item.get("@type")
    names = types if isinstance(types, list) else [types]
    return any(name in _ARTICLES and (kind in name or "Posting" in name) for name in names if isinstance(name, str))


def _metas(root: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or ""
        if content := one_line(meta.get("content", "")):
            found.setdefault(name.lower(), content)
    return found


def _metas_all(root: Element, name: str) -> list[str]:
    metas = (meta for meta in root.iter("meta") if (meta.get("property") or meta.get("name") or "").lower() == name)
    return [content for meta in metas if (content := one_line(meta.get("content", "")))]


def _title(page: Page, article: dict[str, Any], metas: dict[str, str], notes: Notes) -> str:
    """Prefer the heading that readers saw; say so when the page gives itself another name to machines."""
    headings = [text for heading in _visible(page, "h1") if (text := one_line(text_of(heading)))]
    named = _first(
        article.get("headline"),
        metas.get("og:title"),
        *(title.text for title in page.root.iter("title")),
    )
    title = headings[0] if headings and (len(headings) == 1 or not named) else named
    if headings and named and not same(title, named) and not _contains(named, title):
        notes.say(
            f"The page is headed {shown(title)} and calls itself {shown(named)} elsewhere: the heading was taken."
        )
    return title


def _contains(named: str, title: str) -> bool:
    """Tell whether the name is the title and that of the site: "Neck pain | Example Clinic"."""
    return title.casefold() in named.casefold()


def _addresses(root: Element, article: dict[str, Any], metas: dict[str, str]) -> tuple[str, ...]:
    links = (link.get("href") for link in root.iter("link") if "canonical" in link.get("rel", "").lower().split())
    page = article.get("mainEntityOfPage")
    found = [*links, metas.get("og:url"), article.get("url"), page.get("@id") if isinstance(page, dict) else page]
    named = (one_line(address) for address in found if isinstance(address, str))
    return tuple(dict.fromkeys(address for address in named if _is_address(address)))


def _is_address(text: str) -> bool:
    try:
        return urlsplit(text).scheme in ("http", "https")
    except ValueError:
        return False


def _time(page: Page, notes: Notes) -> date | None:
    """Return the date of the first <time> that does not speak of an update."""
    for time in _visible(page, "time"):
        day = written(one_line(time.get("datetime", ""))) or written(one_line(text_of(time)))
        if day and not _speaks_of_update(time):
            if time.get("itemprop") != "datePublished" and not has_name(time, "published", "entry-date"):
                notes.say(f"The page does not say what its date {said(day)} is; as a <time> of the post it was taken.")
            return day
    return None


def _updated_time(page: Page) -> date | None:
    times = (time for time in _visible(page, "time") if _speaks_of_update(time))
    return next((day for time in times if (day := written(one_line(time.get("datetime", ""))))), None)


def _speaks_of_update(time: Element) -> bool:
    return time.get("itemprop") == "dateModified" or (
        has_name(time, "updated", "modified") and not has_name(time, "published")
    )


def _visible(page: Page, tag: str) -> Iterator[Element]:
    return (element for element in page.outside_furniture if element.tag == tag)


def _names(author: object) -> list[str]:
    people = author if isinstance(author, list) else [author]
    named = [person.get("name") if isinstance(person, dict) else person for person in people]
    return [name for person in named if isinstance(person, str) and (name := one_line(person))]


def _keywords(article: dict[str, Any], metas: dict[str, str]) -> list[str]:
    words = article.get("keywords") or metas.get("keywords") or ""
    parts = words if isinstance(words, list) else str(words).split(",")
    return [tag for part in parts if isinstance(part, str) and (tag := one_line(part))]


def _dates(*values: object) -> date | None:
    return next((day for value in values if isinstance(value, str) and (day := written(value))), None)


def _first(*values: object) -> str:
    return next((text for value in values if isinstance(value, str) and (text := one_line(value))), "")
