"""What a request carries in its Authorization header, turned into a viewer: a member's token, or a link."""

from api.accounts import links, tokens
from api.accounts.viewer import Viewer
from api.errors import Refused
from api.publishing.links import previewer_of, reviewer_of


class UnknownBearer(Refused):
    """This token does not hold: it is unknown, has expired or was revoked."""


async def authenticate(secret: str, bearer: str) -> Viewer:
    """The viewer of a member's token or a link; refused when it does not hold."""
    viewer = None
    if bearer.startswith(tokens.PREFIX):
        viewer = await tokens.viewer_of(bearer)
    elif bearer.startswith(links.PREFIX):
        viewer = await previewer_of(secret, bearer)
    elif bearer.startswith(links.COMMENT_PREFIX):
        viewer = links.writer_of(secret, bearer)
    elif bearer.startswith(links.REVIEW_PREFIX):
        viewer = await reviewer_of(secret, bearer)
    if viewer is None:
        raise UnknownBearer
    return viewer
