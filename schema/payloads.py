"""What mutations about articles answer with."""

from typing import Any, TypeVar

import strawberry
from strawberry import field

from api.articles.models import Article
from api.publishing import desk
from schema.context import Info
from schema.errors import UserError
from schema.refs import ArticleRef

KEEP = "keep"
"""In a field's metadata: its value is kept for whoever sends the same idempotency key again; never on a secret."""
ERRORS = "Why it was refused; empty when it was done."
NOW = "The article as it is now, also when the call was refused; null when it is not there for this viewer."


@strawberry.type(description="The answer of a mutation that writes a draft.")
class ArticlePayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    article: ArticleRef | None = field(default=None, description=NOW)


Payload = TypeVar("Payload")


async def answered(payload: type[Payload], info: Info, article: Article, **more: Any) -> Payload:  # noqa: ANN401 - the payload's own
    """The payload with the article as this viewer is shown it now; its row is as the room has just left it."""
    context = info.context
    context.renew()
    context.loaders.drafts.prime(article.id, desk.article(article, context.viewer))
    now = await context.loaders.by_id("article").load(article.id)
    return payload(article=now, **more)  # type: ignore[call-arg] # every payload has it
