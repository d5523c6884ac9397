"""JSON Feed 1.1 as a schema of pydantic models, written from the specification: what must be there, and its types."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AnyUrl, BaseModel, ConfigDict, Field, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(min_length=1)]
EXTENSION = "_"


class Strict(BaseModel):
    """Only what the specification names, and extensions, whose names begin with `_` and whose values are objects."""

    model_config = ConfigDict(extra="allow", strict=False)

    @model_validator(mode="after")
    def only_extensions(self) -> "Strict":
        for name, value in (self.__pydantic_extra__ or {}).items():
            if not name.startswith(EXTENSION) or "." in name or not isinstance(value, dict):
                raise ValueError(f"{name} is no extension")
        return self


class Author(Strict):
    name: Text | None = None
    url: AnyUrl | None = None
    avatar: AnyUrl | None = None

    @model_validator(mode="after")
    def says_something(self) -> "Author":
        if not (self.name or self.url or self.avatar):
            raise ValueError("an author has at least one of name, url and avatar")
        return self


class Hub(Strict):
    type: Text
    url: AnyUrl


class Attachment(Strict):
    url: AnyUrl
    mime_type: Text
    title: str | None = None
    size_in_bytes: int | None = None
    duration_in_seconds: float | None = None


class Item(Strict):
    id: Text
    url: AnyUrl | None = None
    external_url: AnyUrl | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    image: AnyUrl | None = None
    banner_image: AnyUrl | None = None
    date_published: datetime | None = None
    date_modified: datetime | None = None
    authors: list[Author] | None = None
    tags: list[Text] | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")] | None = None
    attachments: list[Attachment] | None = None

    @model_validator(mode="after")
    def has_content(self) -> "Item":
        if self.content_html is None and self.content_text is None:
            raise ValueError("an item has content_html, content_text, or both")
        if any(moment and moment.tzinfo is None for moment in (self.date_published, self.date_modified)):
            raise ValueError("dates are RFC 3339, with an offset")
        return self


class JsonFeed(Strict):
    version: Literal["https://jsonfeed.org/version/1.1"]
    title: Text
    home_page_url: AnyUrl | None = None
    feed_url: AnyUrl | None = None
    description: str | None = None
    user_comment: str | None = None
    next_url: AnyUrl | None = None
    icon: AnyUrl | None = None
    favicon: AnyUrl | None = None
    authors: Annotated[list[Author], Field(min_length=1)] | None = None
    language: str | None = None
    expired: bool | None = None
    hubs: list[Hub] | None = None
    items: list[Item]

    @model_validator(mode="after")
    def names_each_item_once(self) -> "JsonFeed":
        if len({item.id for item in self.items}) != len(self.items) or self.next_url == self.feed_url is not None:
            raise ValueError("ids are unique, and the next page is another one")
        return self


def validated(said: dict[str, Any]) -> JsonFeed:
    return JsonFeed.model_validate(said)
