"""Which media type an Accept header gets."""

import pytest

from api.web.graphql.negotiation import Media, negotiate

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", Media.JSON),
        ("*/*", Media.JSON),
        ("application/*", Media.JSON),
        ("application/json", Media.JSON),
        ("application/json, text/plain, */*", Media.JSON),
        ("application/graphql-response+json", Media.GRAPHQL),
        ("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8", Media.GRAPHQL),
        ("application/json, application/graphql-response+json", Media.GRAPHQL),
        ("application/graphql-response+json;q=0.5, application/json", Media.JSON),
        ("application/graphql-response+json;q=0.9, application/json;q=0.8", Media.GRAPHQL),
        ("application/json;q=0, */*", Media.GRAPHQL),
        ("Application/JSON ; Q=0.3", Media.JSON),
        (BROWSER, Media.HTML),
        ("text/html", Media.HTML),
        ("text/html;q=0.5, application/json", Media.JSON),
        ("text/html, application/json", Media.JSON),
        ("text/*", None),
        ("image/png", None),
        ("application/json;q=0", None),
        ("application/json;q=2", None),
        ("application/json;q=nan", None),
        (";;,,", None),
    ],
)
def test_the_best_of_our_types_is_chosen(accept: str, media: Media | None):
    assert negotiate(accept, page=True) is media


def test_where_there_is_no_page_a_browser_gets_json():
    assert negotiate(BROWSER) is Media.JSON
    assert negotiate("text/html") is None
