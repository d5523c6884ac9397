"""Publishing many articles at once."""

from typing import Annotated

import strawberry
from pydantic import Field
from strawberry import ID, field

from api.errors import Blocked, Conflict, ErrorPolicy
from api.publishing import bulk
from schema.context import Info
from schema.errors import UserError, user_errors
from schema.gate import GateReport
from schema.inputs import KEY, SAID, VERSION, Id, Input, Key, Version
from schema.payloads import KEEP
from schema.refs import ArticleRef


@strawberry.pydantic.input(description="One of the articles to publish.")
class PublishItem(Input):
    id: Id = Field(description="The article.")
    expected_version: Version = Field(description=VERSION)


@strawberry.pydantic.input(description="Drafts to make live.")
class PublishArticlesInput(Input):
    items: Annotated[list[PublishItem], Field(min_length=1, max_length=bulk.MOST)] = Field(
        description="The articles, 1 to 100, each once."
    )
    error_policy: ErrorPolicy | None = Field(
        ErrorPolicy.REJECT_EVERYTHING, description="What is done when some of them cannot be published."
    )
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.type(description="What became of one article.")
class PublishResult:
    id: ID = field(description="The article that was named.", metadata={KEEP: True})
    is_published: bool = field(description="Whether this call made it live.", metadata={KEEP: True})
    article: ArticleRef | None = field(description="The article as it is now; null when there is none for this viewer.")
    gate_report: GateReport | None = field(description="What the gate found; filled when it blocks.")
    user_errors: list[UserError] = field(
        description="Why it was refused; empty too when it was left alone because others were refused."
    )


@strawberry.type(description="The answer of publishArticles.")
class PublishArticlesPayload:
    user_errors: list[UserError] = field(
        default_factory=list, description="Every refusal, with the place of its item; empty when all went live."
    )
    results: list[PublishResult] = field(
        default_factory=list, description="One for each item, in their order.", metadata={KEEP: True}
    )


@strawberry.type
class Bulk:
    @field(description="Makes many drafts live: all or none (REJECT_EVERYTHING), or all that can be (IGNORE_FAILED).")
    async def publish_articles(
        self,
        info: Info,
        input: Annotated[PublishArticlesInput, SAID],
    ) -> PublishArticlesPayload:
        wanted = [bulk.Wanted(item.id, item.expected_version) for item in input.items]
        done = await bulk.publish(wanted, input.error_policy or ErrorPolicy.REJECT_EVERYTHING, info.context.acting())
        info.context.renew()
        results = [await _result(info, place, result) for place, result in enumerate(done)]
        return PublishArticlesPayload(
            results=results, user_errors=[error for result in results for error in result.user_errors]
        )


async def _result(info: Info, place: int, done: bulk.Result) -> PublishResult:
    refusal = done.refusal
    if refusal:
        refusal.path = ("items", place, *refusal.path)
    shown = refusal is None or isinstance(refusal, Conflict | Blocked)
    return PublishResult(
        id=ID(done.id),
        is_published=done.is_published,
        article=await info.context.loaders.by_id("article").load(done.id) if shown else None,
        gate_report=refusal.report if isinstance(refusal, Blocked) else None,  # type: ignore[arg-type] # the room's report
        user_errors=user_errors(refusal) if refusal else [],
    )
