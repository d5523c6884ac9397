"""Mutations that write drafts."""

from datetime import date
from typing import Annotated, Any

import strawberry
from pydantic import Field
from strawberry import ID, Maybe, field
from strawberry.scalars import JSON

from api import documents
from api.articles.editing import Content, Identity
from api.articles.models import ArticleKind, UpdateType
from api.documents import Document
from api.errors import Invalid
from api.publishing import drafting, slugs
from schema.context import Info
from schema.inputs import KEY, SAID, VERSION, Id, Ids, Input, Key, Version
from schema.payloads import ArticlePayload, answered

Title = Annotated[str, Field(min_length=1, max_length=110)]
Summary = Annotated[str, Field(max_length=300)]
Slug = Annotated[str, Field(max_length=160)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Note = Annotated[str, Field(max_length=1_000)]
SEARCH_TITLE = "Title for search results, up to 110 characters."


@strawberry.pydantic.input(one_of=True, description="A body, as Markdown with Pandoc citations or as a block tree.")
class DocumentInput(Input):
    markdown: Maybe[str] = Field(None, description="CommonMark with tables, `[@key]` citations and `::: urgent` boxes.")
    document: Maybe[JSON] = Field(None, description="The block tree (see document.schema.json).")

    def parsed(self) -> Document:
        """The document; refused with the path of what is wrong in it."""
        try:
            if self.markdown is not None:
                return documents.from_markdown(self.markdown.value)
            if self.document is not None:
                return Document.parse(self.document.value)
        except documents.InvalidDocument as refusal:
            within = ("markdown",) if self.markdown is not None else ("document", *refusal.path)
            raise Invalid(refusal.message, path=("body", *within)) from None
        raise Invalid("body is given as markdown or as document.", path=("body",))


@strawberry.pydantic.input(description="What search engines and link previews are told.")
class SeoInput(Input):
    title: Maybe[Title | None] = Field(None, description=SEARCH_TITLE)
    description: Maybe[Summary | None] = Field(None, description="One or two sentences, up to 300 characters.")
    noindex: Maybe[bool | None] = Field(None, description="Whether search engines are asked to leave it out.")


@strawberry.pydantic.input(description="A new article; it begins as a draft.")
class CreateArticleInput(Input):
    title: Title = Field(description="The title, up to 110 characters.")
    slug: Slug | None = Field(None, description="Its place in the address; made of the title when nothing is said.")
    kind: ArticleKind | None = Field(ArticleKind.HEALTH, description="HEALTH or NEWS.")
    summary: Summary | None = Field(None, description="What it says in short, up to 300 characters.")
    body: DocumentInput | None = Field(None, description="The text.")
    authors: Ids | None = Field(None, description="Who wrote it: practitioners' ids, in order.")
    conditions: Ids | None = Field(None, description="What it is about: conditions' ids, in order.")
    treatments: Ids | None = Field(None, description="What it is about: treatments' ids, in order.")
    hero_image: ID | None = Field(None, description="The picture at its head.")
    disclaimers: Ids | None = Field(None, description="The disclaimers under it, in order.")
    language: Language | None = Field(None, description="The language of the text (BCP 47); `en` when nothing is said.")
    update_type: UpdateType | None = Field(None, description="MAJOR tells readers of the change; MINOR does not.")
    change_note: Note | None = Field(None, description="What changed, for colleagues.")
    originally_published_on: date | None = Field(None, description="When it first came out elsewhere.")
    seo: SeoInput | None = Field(None, description="What search engines and link previews are told.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="A change to a draft. What is absent stays; null clears.")
class ReviseArticleInput(Input):
    id: Id = Field(description="The article.")
    expected_version: Version = Field(description=VERSION)
    title: Maybe[Title] = Field(None, description="The title, up to 110 characters.")
    slug: Maybe[Slug] = Field(
        None, description="Its address; only while nothing was ever live (then changeArticleSlug)."
    )
    kind: Maybe[ArticleKind] = Field(None, description="HEALTH or NEWS; only while nothing was ever live.")
    summary: Maybe[Summary | None] = Field(None, description="What it says in short, up to 300 characters.")
    body: Maybe[DocumentInput | None] = Field(None, description="The text.")
    authors: Maybe[Ids | None] = Field(None, description="Who wrote it: practitioners' ids, in order.")
    conditions: Maybe[Ids | None] = Field(None, description="What it is about: conditions' ids, in order.")
    treatments: Maybe[Ids | None] = Field(None, description="What it is about: treatments' ids, in order.")
    hero_image: Maybe[ID | None] = Field(None, description="The picture at its head.")
    disclaimers: Maybe[Ids | None] = Field(None, description="The disclaimers under it, in order.")
    language: Maybe[Language] = Field(None, description="The language (BCP 47); only while nothing was ever live.")
    update_type: Maybe[UpdateType] = Field(None, description="MAJOR tells readers of the change; MINOR does not.")
    change_note: Maybe[Note | None] = Field(None, description="What changed, for colleagues.")
    originally_published_on: Maybe[date | None] = Field(
        None, description="When it first came out elsewhere; only while nothing was ever live."
    )
    seo: Maybe[SeoInput | None] = Field(None, description="What search engines and link previews are told.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="An earlier revision that is to be the draft again.")
class RestoreRevisionInput(Input):
    id: Id = Field(description="The article.")
    expected_version: Version = Field(description=VERSION)
    revision: Id = Field(description="The revision of this article, `rev_…`.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="The draft to let go of; it stays among the revisions.")
class DiscardDraftInput(Input):
    id: Id = Field(description="The article.")
    expected_version: Version = Field(description=VERSION)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.type(description="The answer of createArticle.")
class CreateArticlePayload(ArticlePayload):
    pass


@strawberry.type(description="The answer of reviseArticle.")
class ReviseArticlePayload(ArticlePayload):
    pass


@strawberry.type(description="The answer of restoreRevision.")
class RestoreRevisionPayload(ArticlePayload):
    pass


@strawberry.type(description="The answer of discardDraft.")
class DiscardDraftPayload(ArticlePayload):
    pass


@strawberry.type
class Editing:
    @field(description="Writes a new article as a draft.")
    async def create_article(self, info: Info, input: Annotated[CreateArticleInput, SAID]) -> CreateArticlePayload:
        identity = Identity(
            slugs.slug_of(input.title) if input.slug is None else slugs.check(input.slug),
            input.kind or ArticleKind.HEALTH,
            input.language or "en",
            originally_published_on=input.originally_published_on,
        )
        article = await drafting.create(identity, _new(input), info.context.acting(), any_slug=input.slug is None)
        return await answered(CreateArticlePayload, info, article)

    @field(description="Changes the draft; a live article stays as it is until the draft is published.")
    async def revise_article(self, info: Info, input: Annotated[ReviseArticleInput, SAID]) -> ReviseArticlePayload:
        said = {name: getattr(input, name).value for name in input.model_fields_set if name not in PLAIN}
        identity = {name: said.pop(name) for name in IDENTITY if name in said}
        changes = drafting.Changes(content=_contents(said), identity=identity)
        article = await drafting.revise(input.id, input.expected_version, changes, info.context.acting())
        return await answered(ReviseArticlePayload, info, article)

    @field(description="Makes what an earlier revision said the draft again, as a new revision.")
    async def restore_revision(
        self, info: Info, input: Annotated[RestoreRevisionInput, SAID]
    ) -> RestoreRevisionPayload:
        article = await drafting.restore(input.id, input.expected_version, input.revision, info.context.acting())
        return await answered(RestoreRevisionPayload, info, article)

    @field(description="Lets go of the draft; it stays among the revisions, and can be restored.")
    async def discard_draft(self, info: Info, input: Annotated[DiscardDraftInput, SAID]) -> DiscardDraftPayload:
        article = await drafting.discard(input.id, input.expected_version, info.context.acting())
        return await answered(DiscardDraftPayload, info, article)


PLAIN = {"id", "expected_version", "idempotency_key"}
IDENTITY = ("slug", "kind", "language", "originally_published_on")
LISTS = ("authors", "conditions", "treatments", "disclaimers")


def _new(said: CreateArticleInput) -> Content:
    names = ("summary", "body", *LISTS, "hero_image", "update_type", "change_note", "seo")
    given = {name: value for name in names if (value := getattr(said, name)) is not None}
    content: dict[str, Any] = {"title": said.title, "body": EMPTY} | _contents(given)
    return Content(**content)


def _contents(said: dict[str, Any]) -> dict[str, Any]:
    """Input as `Content` has it: null lists and texts are empty, the body is parsed."""
    contents = dict(said)
    for name in LISTS:
        if name in contents:
            contents[name] = tuple(contents[name] or ())
    if "summary" in contents:
        contents["summary"] = contents["summary"] or ""
    if "body" in contents:
        contents["body"] = contents["body"].parsed() if contents["body"] else EMPTY
    if contents.get("seo"):
        contents["seo"] = contents["seo"].model_dump(exclude_none=True, mode="json")
    return contents


EMPTY = Document.parse({"v": 1, "type": "doc", "content": []})
