"""The document: the one door through which a body of text comes in, checked and brought into its one form."""

from collections.abc import Iterator
from typing import Final, Literal

from pydantic import Field, ValidationError

from api.documents.blocks import Blocks
from api.documents.inline import Node
from api.documents.refusals import InvalidDocument, Path

MOST_NODES: Final = 20_000
MOST_DEPTH: Final = 20
MOST_TEXT: Final = 400_000
"""Bytes of UTF-8."""


class Document(Node):
    """The body of a revision: blocks in reading order, in the shape that ProseMirror editors read and write."""

    v: Literal[1] = 1
    type: Literal["doc"]
    content: Blocks = Field(default=())

    @classmethod
    def parse(cls, value: object) -> "Document":
        """Check a tree and return its one normal form, or raise InvalidDocument with every problem and its path."""
        _within_limits(value)
        try:
            return cls.model_validate(value)
        except ValidationError as error:
            raise InvalidDocument.from_validation(error) from None

    def dump(self) -> dict[str, object]:
        """Return canonical JSON values: absent attributes are left out, `content` of the document never is."""
        return {"v": 1, "type": "doc", "content": [], **self.model_dump(mode="json")}


def json_schema() -> dict[str, object]:
    """Describe documents to other programs; what it cannot say (limits, table widths) `parse` checks."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Document"}
    return {**head, **Document.model_json_schema(by_alias=True)}


def _within_limits(value: object) -> None:
    """Refuse what is too deep or too big before anything recurses into it."""
    text = 0
    for nodes, (node, path) in enumerate(_tree(value), start=1):
        if len(path) > 2 * MOST_DEPTH:
            raise InvalidDocument(f"This is nested deeper than {MOST_DEPTH} levels: take some out.", path=path)
        if nodes > MOST_NODES:
            raise InvalidDocument(f"A document has at most {MOST_NODES:,} parts: split it.")
        text += _size(node.get("text")) + _size_of_attributes(node.get("attrs"))
        if text > MOST_TEXT:
            raise InvalidDocument(f"A document holds at most {MOST_TEXT // 1000} kB of text: split it.")


def _size(text: object) -> int:
    return len(text.encode(errors="replace")) if isinstance(text, str) else 0


def _size_of_attributes(attrs: object) -> int:
    """Count the texts of attributes, and those of a citation's items; whatever else lies there is refused later."""
    if not isinstance(attrs, dict):
        return 0
    items = attrs.get("items")
    inner = [item for item in items if isinstance(item, dict)] if isinstance(items, list | tuple) else []
    return sum(_size(text) for texts in (attrs, *inner) for text in texts.values())


def _tree(value: object) -> Iterator[tuple[dict[object, object], Path]]:
    """Walk without recursion, so that no depth of brackets can exhaust the stack."""
    waiting: list[tuple[object, Path]] = [(value, ())]
    while waiting:
        node, path = waiting.pop()
        if isinstance(node, dict):
            yield node, path
            content = node.get("content")
            if isinstance(content, list | tuple):
                waiting += [(child, (*path, "content", at)) for at, child in enumerate(content)]
