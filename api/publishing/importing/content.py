"""Finds the article in a saved page, and tells what around and within it is the site's furniture."""

import re
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

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
_BY_NAME = [
    (kind, re.compile(rf"(?:[a-z]+[-_]+)*(?:{names})(?:[-_].*)?"))
    for kind, names in (
        ("share bars", "share|sharing|sharedaddy|sharethis|addtoany|addthis|social|socials|jetpack-likes"),
        (
            "related posts",
            "related|relatedposts|recent-posts|recentposts|more-posts|read-more-posts|readmore|read-next",
        ),
        ("comments", "comments|commentlist|comment-list|respond|disqus|comment-form"),
        (
            "navigation",
            "breadcrumb|breadcrumbs|pagination|post-navigation|nav-links|menu|skip-link|toc|table-of-contents",
        ),
        ("subscriptions", "newsletter|subscribe|signup|subscription|optin"),
        ("notices and advertisements", "cookie|cookies|gdpr|advert|advertisement|adsbygoogle|popup|modal"),
        ("sidebars", "sidebar|widget-area"),
        (
            "author boxes and post details",
            "author-box|author-bio|entry-footer|entry-meta|post-meta|post-tags|tag-links|cat-links|byline",
        ),
        ("counters and likes", "view-count|views|like-button|likes|post-footer|post-stats|rating|ratings"),
        ("buttons", "wp-block-button|wp-block-buttons|kg-button-card|kg-cta-card"),
    )
]
# Names that speak of the post's subject or of the page's layout ("tag-social-anxiety", "has-sidebar") are no sign.
_ABOUT = ("tag-", "category-", "has-", "no-", "with-", "is-")
_LONGEST_NAME = 60
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
        for element in self._outside_furniture():
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

    def _outside_furniture(self) -> list[Element]:
        found = []
        walk = etree.iterwalk(self.root, events=("start",))
        for _, element in walk:
            kind = furniture(element)
            if element.tag in SILENT or (kind and self.weights[element] <= _TOO_MUCH * self.weights[self.root]):
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
    names = _names(element)
    return next((kind for kind, pattern in _BY_NAME if any(pattern.fullmatch(name) for name in names)), None)


def text_of(element: Element) -> str:
    """Return the words of an element, without scripts and styles, a space between any two of its parts."""
    parts: list[str | None] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        if event == "end":
            parts.append(inner.tail if inner is not element else None)
        elif inner.tag in SILENT:
            walk.skip_subtree()
        else:
            parts.append(inner.text)
    return " ".join(part for part in parts if part)


def has_name(element: Element, *names: str) -> bool:
    return not _names(element).isdisjoint(names)


def _is_named_content(element: Element) -> bool:
    return element.get("itemprop") == "articleBody" or not _names(element).isdisjoint(_CONTENT_NAMES)


def _names(element: Element) -> set[str]:
    written = " ".join(element.get(attribute, "") for attribute in ("class", "id", "data-hook"))
    return {name for name in written.lower().split() if len(name) <= _LONGEST_NAME and not name.startswith(_ABOUT)}
