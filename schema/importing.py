"""The mutation that brings an old text in."""

from typing import Annotated

import strawberry
from pydantic import Field
from strawberry import field

from api.publishing.importing import storing
from schema.context import Info
from schema.errors import UserError
from schema.inputs import KEY, SAID, Input, Key
from schema.payloads import ERRORS, KEEP, NOW
from schema.refs import ArticleRef


@strawberry.pydantic.input(description="An old text: a saved page, Markdown or plain text.")
class ImportArticleInput(Input):
    name: Annotated[str, Field(min_length=1, max_length=200)] = Field(
        description="The file's name, such as `sleep.md`; its ending tells the format."
    )
    content: Annotated[str, Field(min_length=1, max_length=1_000_000)] = Field(description="The whole text.")
    map_url_prefix: Annotated[str, Field(max_length=200)] = Field(
        "",
        description="Where the old site kept its posts, such as `/post/`, for a text that does not tell its address.",
    )
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.type(description="The answer of importArticle.")
class ImportArticlePayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    article: ArticleRef | None = field(default=None, description=NOW)
    outcome: storing.Outcome | None = field(default=None, description="What became of the text.", metadata={KEEP: True})
    lines: list[str] = field(
        default_factory=list,
        description="What to know before trusting it: one plain sentence for each loss or doubt.",
        metadata={KEEP: True},
    )
    dangling: list[str] = field(
        default_factory=list, description="Keys of citations that no source bears yet.", metadata={KEEP: True}
    )


@strawberry.type
class Importing:
    @field(description="Makes an old text a draft, with its old address as a redirect; a repeat adds nothing.")
    async def import_article(
        self,
        info: Info,
        input: Annotated[ImportArticleInput, SAID],
    ) -> ImportArticlePayload:
        read, stored = await storing.bring(input.name, input.content, input.map_url_prefix, info.context.acting())
        info.context.renew()
        return ImportArticlePayload(
            article=await info.context.loaders.by_id("article").load(stored.article),
            outcome=stored.outcome,
            lines=[*stored.lines, *read.report.lines],
            dangling=list(stored.dangling),
        )
