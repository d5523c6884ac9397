"""What a request carries in its Authorization header, turned into a viewer."""

from api.accounts import links, tokens
from api.accounts.viewer import Viewer
from api.errors import Refused


class UnknownBearer(Refused):
    """This token does not hold: it is unknown, has expired or was revoked."""


async def authenticate(secret: str, bearer: str) -> Viewer:
    """The viewer of a member's token or a preview link; refused when it does not hold."""
    viewer = None
    if bearer.startswith(tokens.PREFIX):
        viewer = await tokens.viewer_of(bearer)
    elif bearer.startswith(links.PREFIX):
        viewer = links.viewer_of(secret, bearer)
    if viewer is None:
        raise UnknownBearer
    return viewer
