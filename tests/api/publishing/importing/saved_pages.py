"""Builders of small saved pages in the style of the three systems that clinics come from; every word is made up."""

import json
from typing import Any

ARTICLE = (
    "<p>Most stiff necks ease by themselves. [1] Few need more.</p>"
    "<h2>What helps?</h2>"
    "<ul><li>moving gently</li><li>a warm towel</li></ul>"
    "<p>One small study looked at towels [2, 3].</p>"
)


def wix(
    body: str = ARTICLE, *, title: str = "Towels for stiff necks", path: str = "/post/towels-for-stiff-necks"
) -> str:
    """Nested blocks with data-hooks, counters under the post, recent posts and comments after it."""
    ld = {
        "@context": "http://schema.org",
        "@type": "BlogPosting",
        "headline": title,
        "datePublished": "2022-02-20T10:11:12.000Z",
        "dateModified": "2022-02-27T08:00:00.000Z",
        "author": {"@type": "Person", "name": "Ada Example"},
        "mainEntityOfPage": {"@type": "WebPage", "@id": f"https://www.example.org{path}"},
    }
    return page(
        f"""<div id="SITE_CONTAINER"><div id="SCROLL_TO_TOP">top of page</div>
        <header><nav><a href="/">Home</a> <a href="/blog">Blog</a></nav></header>
        <main><div data-hook="post"><article>
          <div class="post-header"><h1 data-hook="post-title"><span>{title}</span></h1>
            <ul class="post-metadata"><li data-hook="user-name">Ada Example</li><li>2 min read</li></ul>
            <p>Updated: <span data-hook="time-ago">Feb 27, 2022</span></p></div>
          <section data-hook="post-description"><div class="rich-content-viewer"><div>{body}</div></div></section>
          <div data-hook="post-footer"><span data-hook="view-count">53 views</span><span>0 comments</span></div>
        </article></div>
        <section data-hook="recent-posts"><h2>Recent Posts</h2><article><h3>Cold feet</h3></article></section>
        <div data-hook="comments"><h2>Comments</h2><form><textarea>Write a comment...</textarea></form></div></main>
        <footer>&copy; 2022 Example Clinic</footer><div id="SCROLL_TO_BOTTOM">bottom of page</div></div>""",
        head=f"<title>{title} | Example Clinic</title>{canonical(f'https://www.example.org{path}')}{json_ld(ld)}",
    )


def wordpress(body: str = ARTICLE, *, title: str = "Towels for stiff necks") -> str:
    """A classic theme: entry-content with share bar and related posts inside it, sidebar, comments with their form."""
    site, post = {"@type": "WebSite", "name": "Example Clinic"}, {"@type": "Article", "author": {"name": "Bo Sample"}}
    address = "https://example.org/2019/03/towels/"
    return page(
        f"""<a class="skip-link screen-reader-text" href="#content">Skip to content</a>
        <header class="site-header"><nav><ul><li><a href="/">Home</a></li></ul></nav></header>
        <div id="content"><main id="main"><article id="post-7" class="post-7 post tag-social-anxiety category-neck">
          <header class="entry-header"><h1 class="entry-title">{title}</h1>
            <div class="entry-meta">Posted on <time class="entry-date published" datetime="2019-03-04T09:00:00Z">
              March 4, 2019</time><time class="updated" datetime="2020-05-06T09:00:00Z">6 May 2020</time></div></header>
          <div class="entry-content">{body}
            <div class="sharedaddy"><h3>Share this:</h3><a href="/tweet">Tweet</a></div>
            <div id="jp-relatedposts"><h3>Related</h3><a href="/feet/">Cold feet</a></div></div>
          <footer class="entry-footer">Posted in <a href="/neck/">Neck</a></footer></article>
        <nav class="post-navigation"><a href="/feet/">Previous: Cold feet</a></nav>
        <div id="comments" class="comments-area"><ol class="comment-list"><li>Thank you, it helped my uncle.</li></ol>
          <form><textarea name="comment"></textarea></form></div></main>
        <aside id="secondary" class="widget-area"><h2>Recent Posts</h2></aside></div>
        <footer class="site-footer">Proudly powered by WordPress</footer><script>track("reader")</script>""",
        head=f"<title>{title} &#8211; Example Clinic</title>{canonical(address)}{json_ld({'@graph': [site, post]})}"
        '<meta name="description" content="What towels do for necks.">'
        '<meta property="article:tag" content="neck"><meta property="article:tag" content="self-care">',
    )


def ghost(body: str = ARTICLE, *, title: str = "Towels for stiff necks") -> str:
    """Casper's way: gh-content with cards, a signup form after it, more posts under it."""
    return page(
        f"""<div class="viewport"><header id="gh-head" class="gh-head"><nav><a href="/">Home</a></nav></header>
        <main id="site-main"><article class="article post tag-neck"><header class="article-header gh-canvas">
          <h1 class="article-title">{title}</h1><p class="article-excerpt">Warm, simple, cheap.</p>
          <time class="byline-meta-date" datetime="2021-07-08">Jul 8, 2021</time></header>
        <section class="gh-content gh-canvas">{body}</section></article>
        <section class="footer-cta"><form data-members-form="subscribe"><button>Subscribe</button></form></section>
        <aside class="read-more-wrap"><article><h2>Cold feet</h2></article></aside></main></div>""",
        head=f"<title>{title}</title>{canonical('https://example.org/towels/')}"
        '<meta property="article:published_time" content="2021-07-08T06:00:00.000Z">'
        '<meta property="article:modified_time" content="2021-07-09T06:00:00.000Z">'
        '<meta property="og:description" content="Warm, simple, cheap.">',
    )


def page(body: str, *, head: str = "") -> str:
    return f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def article(body: str, *, title: str = "Towels", head: str = "") -> str:
    """The least page: a heading and a body."""
    return page(f"<main><h1>{title}</h1>{body}</main>", head=head)


def canonical(address: str) -> str:
    return f'<link rel="canonical" href="{address}">'


def json_ld(value: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'
