"""What a line is made of, text with marks, citations and line breaks, and how it is brought into one form."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Annotated, Final, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer
from pydantic_core import PydanticCustomError

_CHARACTER: Final = r"[^\s<>\x22\\^`{|}\x00-\x20\x7f]"
_HOST: Final = r"[^\s<>\x22\\^`{|}\x00-\x20\x7f/?#@]"
_AFTER_SLASH: Final = r"[^\s<>\x22\\^`{|}\x00-\x20\x7f/]"

ADDRESS: Final = (
    rf"^(?:https?://{_HOST}+(?:[/?#]{_CHARACTER}*)?"
    rf"|(?:mailto|tel):{_CHARACTER}+"
    rf"|/(?:{_AFTER_SLASH}{_CHARACTER}*)?"
    rf"|#{_CHARACTER}+)$"
)
"""Where a link may lead. `//host` and `user@host` are out: they look like one place and lead to another."""

_SPACES = re.compile(r"\r\n|[\t\n\v\f\r\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Node(BaseModel):
    """A part of the tree: never changed in place, and nothing in it that is not named here."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    @model_serializer(mode="wrap")
    def _without_absent(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        return {name: value for name, value in handler(self).items() if value not in (None, [], {})}


def clean(text: str) -> str:
    """Turn every line end and tab into a space, and drop control characters and halves of characters."""
    return _CONTROLS.sub("", _SPACES.sub(" ", text))


def _phrase(text: str | None) -> str | None:
    return (clean(text).strip() or None) if text is not None else None


Phrase: TypeAlias = Annotated[
    Annotated[str, Field(max_length=300)] | None,
    AfterValidator(_phrase),
]
"""One line of plain text in an attribute; an empty one counts as absent."""


class Style(Node):
    type: Literal["bold", "italic", "sub", "sup", "code"]


class LinkAttrs(Node):
    href: Annotated[str, Field(pattern=ADDRESS, max_length=2000)]


class Link(Node):
    type: Literal["link"]
    attrs: LinkAttrs


class EntityLinkAttrs(Node):
    id: Annotated[str, Field(pattern=r"^(?:art|cnd|trt|prc|cln)_[0-9a-z]{1,64}$")]


class EntityLink(Node):
    type: Literal["entityLink"]
    attrs: EntityLinkAttrs


Mark: TypeAlias = Annotated[Style | Link | EntityLink, Field(discriminator="type")]

MARK_ORDER: Final = ("link", "entityLink", "bold", "italic", "sub", "sup", "code")
"""Outermost first."""


def _ordered(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    unique = sorted(set(marks), key=lambda mark: MARK_ORDER.index(mark.type))
    if sum(not isinstance(mark, Style) for mark in unique) > 1:
        raise PydanticCustomError("two_addresses", "A text leads to one place only: keep one of its links.")
    return tuple(unique)


def _none(_: tuple[Mark, ...]) -> tuple[Mark, ...]:
    return ()


Marks: TypeAlias = Annotated[tuple[Mark, ...], Field(max_length=20), AfterValidator(_ordered)]
IgnoredMarks: TypeAlias = Annotated[tuple[Mark, ...], Field(max_length=20), AfterValidator(_none)]
"""Editors put the surrounding marks on line breaks and citations, where they mean nothing."""


class Text(Node):
    type: Literal["text"]
    text: Annotated[str, AfterValidator(clean)]
    marks: Marks = ()


class HardBreak(Node):
    type: Literal["hardBreak"]
    marks: IgnoredMarks = ()


class CitationItem(Node):
    key: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=100)]
    locator: Phrase = None


class CitationAttrs(Node):
    items: Annotated[tuple[CitationItem, ...], Field(min_length=1, max_length=20)]


class Citation(Node):
    type: Literal["citation"]
    attrs: CitationAttrs
    marks: IgnoredMarks = ()


Inline: TypeAlias = Annotated[Text | Citation | HardBreak, Field(discriminator="type")]
LineInline: TypeAlias = Annotated[Text | Citation, Field(discriminator="type")]

_Node = TypeVar("_Node", bound=Node)


def _normalised(nodes: tuple[_Node, ...]) -> tuple[_Node, ...]:
    """Join neighbours with equal marks; leave out empty text, and line breaks at either end."""
    joined: list[_Node] = []
    said = [node for node in nodes if not isinstance(node, Text) or node.text]
    for marks, group in groupby(said, key=lambda node: node.marks if isinstance(node, Text) else None):
        run = list(group)
        joined += run if marks is None else [_as_one(run)]
    while joined and isinstance(joined[0], HardBreak):
        del joined[0]
    while joined and isinstance(joined[-1], HardBreak):
        del joined[-1]
    return tuple(joined)


def _as_one(run: Sequence[_Node]) -> _Node:
    text = "".join(node.text for node in run if isinstance(node, Text))
    return run[0] if len(run) == 1 else run[0].model_copy(update={"text": text})


def is_blank(nodes: Sequence[Node]) -> bool:
    """Say whether a reader would see nothing at all."""
    return not any(isinstance(node, Citation) or (isinstance(node, Text) and node.text.strip()) for node in nodes)


def _empty_if_blank(nodes: tuple[_Node, ...]) -> tuple[_Node, ...]:
    return () if is_blank(nodes) else nodes


Inlines: TypeAlias = Annotated[tuple[Inline, ...], AfterValidator(_normalised), AfterValidator(_empty_if_blank)]
Line: TypeAlias = Annotated[tuple[LineInline, ...], AfterValidator(_normalised), AfterValidator(_empty_if_blank)]
