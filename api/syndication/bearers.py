"""What a request carries in its Authorization header, partners' keys included."""

from api.accounts.tokens import PREFIX
from api.accounts.viewer import Viewer
from api.publishing import bearers
from api.publishing.bearers import UnknownBearer
from api.syndication import keys


async def authenticate(secret: str, bearer: str) -> Viewer:
    """The viewer of a member's token, a partner's key or a link; refused when it does not hold."""
    try:
        return await bearers.authenticate(secret, bearer)
    except UnknownBearer:
        viewer = await keys.viewer_of(bearer) if bearer.startswith(PREFIX) else None
        if viewer is None:
            raise
        return viewer
