"""Finds the article in a saved page, and tells what around and within it is the site's furniture."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from lxml import etree

from api.publishing.importing.model import Unreadable
from api.publishing.importing.notes import Notes

Element = etree._Element  # noqa: SLF001 - lxml names its element type so

SILENT = {"script", "style", "noscript", "template", "link", "meta", "base", "head", "title", "svg", "math", "canvas"}
_BY_TAG = {
    "nav": "navigation",
    "aside": "asides",
    "footer": "footers",
    "form": "forms",
    "button": "buttons",
    "input": "forms",
    "select": "forms",
    "textarea": "forms",
    "dialog": "dialogs",
    "iframe": "embedded pages, videos and players",
    "object": "embedded pages, videos and players",
    "embed": "embedded pages, videos and players",
    "video": "embedded pages, videos and players",
    "audio": "embedded pages, videos and players",
}
_BY_ROLE = {
    "navigation": "navigation",
    "search": "forms",
    "contentinfo": "footers",
    "banner": "headers",
    "complementary": "asides",
    "dialog": "dialogs",
    "alertdialog": "dialogs",
}
# Names that builders of sites give to such parts: of a class, an id or Wix's data-hook, whole or up to a hyphen.
_BY_NAME = {
    "share bars": "share|sharing|sharedaddy|sharethis|addtoany|addthis|social|socials|jetpack-likes",
    "related posts": "related|relatedposts|recent-posts|recentposts|more-posts|readmore|read-next",
    "comments": "comments|commentlist|comment-list|respond|disqus|comment-form",
    "navigation": "breadcrumb|breadcrumbs|pagination|post-navigation|nav-links|menu|skip-link|toc|table-of-contents",
    "subscriptions": "newsletter|subscribe|signup|subscription|optin",
    "notices and advertisements": "cookie|cookies|gdpr|advert|advertisement|adsbygoogle|popup|modal",
    "sidebars": "sidebar|widget-area",
    "author boxes and post details": (
        "author-box|author-bio|entry-footer|entry-meta|post-meta|post-tags|tag-links|cat-links|byline"
    ),
    "counters and likes": "view-count|views|like-button|likes|post-footer|post-stats|rating|ratings",
    "buttons": "wp-block-button|wp-block-buttons|kg-button-card|kg-cta-card",
}
_KINDS = dict(enumerate(_BY_NAME))
_NAMED = re.compile(
    "(?:[a-z]+[-_]+)*(?:"
    + "|".join(f"(?P<kind{number}>{_BY_NAME[kind]})" for number, kind in _KINDS.items())
    + ")(?:[-_].*)?",
)
# Names that speak of the post's subject or of the page's layout ("tag-social-anxiety", "has-sidebar") are no sign.
_ABOUT = ("tag-", "category-", "has-", "no-", "with-", "is-")
_LONGEST_NAME, _MOST_NAMES = 60, 50
_HEADS = ("headers", "author boxes and post details")
_MOST_GLIMPSED = 1000
_MOST_ELEMENTS = 100_000
_CONTENT_NAMES = {
    "entry-content",
    "post-content",
    "wp-block-post-content",
    "article-content",
    "article-body",
    "article__body",
    "post-body",
    "post__content",
    "post-full-content",
    "blog-post-content",
    "gh-content",
    "post-description",
    "rcv-content",
    "rich-content-viewer",
}
# A part named like an article's body is believed when it holds at least this share of what else could be it.
_TRUSTED_SHARE = 0.3
# What is named like furniture but holds more than this share of the article is the article.
_TOO_MUCH = 0.5


@dataclass(frozen=True)
class Page:
    """A parsed page with the amount of text (characters) in every element."""

    root: Element
    weights: dict[Element, int]

    @cached_property
    def article(self) -> Element:
        """The element that holds the article."""
        ranks: tuple[list[Element], ...] = ([], [], [])
        for element in self.outside_furniture:
            if _is_named_content(element):
                ranks[0].append(element)
            elif element.tag == "article":
                ranks[1].append(element)
            elif element.tag == "main" or element.get("role") == "main":
                ranks[2].append(element)
        named, *whole = (max(rank, key=self.weights.__getitem__, default=None) for rank in ranks)
        around = next((element for element in whole if element is not None and self.weights[element]), self.root)
        if named is not None and self.weights[named] > _TRUSTED_SHARE * self.weights[around]:
            return named
        return around

    def furniture(self, element: Element) -> str | None:
        """Return what kind of furniture an element within the article is, or None."""
        kind = furniture(element)
        if kind is None or element is self.article or self.weights[element] > _TOO_MUCH * self.weights[self.article]:
            return None
        return kind

    def note_surroundings(self, notes: Notes) -> None:
        """Quote every part of the page that stands around the article."""
        inner = self.article
        while inner is not self.root and (outer := inner.getparent()) is not None:
            for part in outer:
                if part is not inner and part.tag not in SILENT and (words := text_of(part).strip()):
                    notes.drop(furniture(part) or "parts of the page around the article", words)
            inner = outer

    @cached_property
    def outside_furniture(self) -> list[Element]:
        """The elements that stand in no furniture, but for the head of the post with its date and author."""
        found = []
        walk = etree.iterwalk(self.root, events=("start",))
        for _, element in walk:
            kind = furniture(element)
            is_aside = kind not in (None, *_HEADS) and self.weights[element] <= _TOO_MUCH * self.weights[self.root]
            if element.tag in SILENT or is_aside:
                walk.skip_subtree()
            else:
                found.append(element)
        return found


def parsed(root: Element) -> Page:
    """Weigh every element of a page, in one pass."""
    weights: dict[Element, int] = {}
    begun: list[int] = []
    total = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if len(begun) + len(weights) > _MOST_ELEMENTS:
            raise Unreadable(f"This page has more than {_MOST_ELEMENTS:,} elements: save the article alone.")
        if event == "start":
            begun.append(total)
            total += 0 if element.tag in SILENT else len((element.text or "").strip())
        else:
            weights[element] = 0 if element.tag in SILENT else total - begun[-1]
            begun.pop()
            total += len((element.tail or "").strip())
    return Page(root, weights)


def furniture(element: Element) -> str | None:
    """Return the kind of furniture that an element's tag, role or name says it is, or None."""
    if kind := _BY_TAG.get(str(element.tag)) or _BY_ROLE.get(element.get("role", "")):
        return kind
    if element.tag in ("html", "body", "main", "article"):
        return None
    if element.get("hidden") is not None or "display:none" in element.get("style", "").replace(" ", "").lower():
        return "hidden parts"
    matches = (_NAMED.fullmatch(name) for name in sorted(_names(element)))
    return next((_KINDS[int((match.lastgroup or "").removeprefix("kind"))] for match in matches if match), None)


def text_of(element: Element) -> str:
    """Return the first words of an element, enough to quote it, without scripts; a space between any two parts."""
    parts: list[str] = []
    room = _MOST_GLIMPSED
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in islice(walk, _MOST_GLIMPSED):
        if room <= 0:
            break
        if event == "start" and inner.tag in SILENT:
            walk.skip_subtree()
            continue
        words = inner.text if event == "start" else inner.tail
        if words and not (event == "end" and inner is element):
            parts.append(words[:room])
            room -= len(parts[-1])
    return " ".join(parts)


def has_name(element: Element, *names: str) -> bool:
    return not _names(element).isdisjoint(names)


def _is_named_content(element: Element) -> bool:
    return element.get("itemprop") == "articleBody" or not _names(element).isdisjoint(_CONTENT_NAMES)


def _names(element: Element) -> set[str]:
    written = " ".join(element.get(attribute, "") for attribute in ("class", "id", "data-hook"))
    names = written.lower().split(maxsplit=_MOST_NAMES)[:_MOST_NAMES]
    return {name for name in names if len(name) <= _LONGEST_NAME and not name.startswith(_ABOUT)}
