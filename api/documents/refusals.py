"""What a document may not be, said in sentences: each problem has its path and tells what to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from api.documents.inline import clean
from api.errors import Invalid

Path = tuple[str | int, ...]
MOST_SHOWN = 60
"""Characters of what was found; whoever imports a file knows no path in its tree, and looks for the words."""


@dataclass(frozen=True, slots=True)
class Problem:
    path: Path
    message: str


class InvalidDocument(Invalid):
    """This cannot be kept as a document; see the path for the place."""

    def __init__(self, message: str | None = None, *, path: Path = (), problems: Iterable[Problem] = ()) -> None:
        """Carry the first problem as message and path, and all of them as `problems`."""
        super().__init__(message, path=path)
        self.problems = tuple(problems) or (Problem(path, self.message),)

    @classmethod
    def from_validation(cls, error: ValidationError) -> "InvalidDocument":
        problems = tuple(Problem(_path(detail["loc"]), _sentence(detail)) for detail in error.errors(include_url=False))
        return cls(problems[0].message, path=problems[0].path, problems=problems)


NODE_TYPES = frozenset(
    (
        *("heading", "paragraph", "bulletList", "orderedList", "listItem", "blockquote", "horizontalRule"),
        *("table", "tableRow", "tableHeader", "tableCell", "callout", "careAdvice", "figure", "callToAction"),
        *("text", "hardBreak", "citation"),
        *("bold", "italic", "sub", "sup", "code", "link", "entityLink"),
    )
)

_SENTENCES = {
    "union_tag_not_found": "Say what this is: give it a type.",
    "extra_forbidden": "“{name}” is not known here: take it out.",
    "missing": "“{name}” is missing: add it.",
    "literal_error": "Use {expected} here.",
    "enum": "Use {expected} here.",
    "string_too_long": "Shorten this to {max_length} characters.",
    "string_too_short": "Write something here.",
    "too_long": "Put at most {max_length} here.",
    "too_short": "Put at least {min_length} here.",
    "string_type": "Write text here.",
    "string_unicode": "This text holds half a character: type it again.",
    "tuple_type": "Write a list here.",
    "model_type": "Write an object here.",
    "model_attributes_type": "Write an object here.",
    "int_type": "Write a whole number here.",
    "greater_than_equal": "Write a number from {ge} up.",
    "less_than_equal": "Write a number up to {le}.",
}

_PATTERNS = {
    "key": "A citation key is lower-case letters, digits, - and _, such as irnich2001.",
    "href": "A link leads to https://, http://, mailto:, tel:, a path that starts with / or a # on this page.",
    "assetId": "Name an uploaded picture by its id, such as med_….",
    "target": "A call to action leads to “clinic” or to a practitioner's id, such as prc_….",
    "id": "Link to an entity by its id, such as cnd_… or trt_….",
}

_ABSENT_NODES = {
    "image": "A picture is uploaded first and then placed as a figure by its id.",
    "codeBlock": "There are no code blocks here: use a paragraph.",
    "hardBreak": "A heading or a table cell is one line: take the line break out.",
    "careAdvice": "Care advice stands at the top level, not inside another block.",
    "callout": "A callout stands at the top level, not inside another block.",
    "callToAction": "A call to action stands at the top level, not inside another block.",
}


def _path(location: Path) -> Path:
    """Leave out the type names that pydantic puts after the place of a node or mark."""
    return tuple(
        step
        for at, step in enumerate(location)
        if not (at > 1 and step in NODE_TYPES and isinstance(location[at - 1], int) and _is_list(location[at - 2]))
    )


def _is_list(step: str | int) -> bool:
    return step in {"content", "marks"}


def _sentence(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    name = str(detail["loc"][-1])[:40] if detail["loc"] else "document"
    if kind == "union_tag_invalid":
        return _wrong_type(context)
    if kind == "string_pattern_mismatch":
        return f"{_PATTERNS[name]} This says “{clean(str(detail['input']))[:MOST_SHOWN]}”."
    if kind in _SENTENCES:
        return _SENTENCES[kind].format(name=name, **context)
    return detail["msg"]


def _wrong_type(context: Mapping[str, object]) -> str:
    tag = str(context["tag"])[:40]
    expected = str(context["expected_tags"]).replace("'", "")
    return _ABSENT_NODES.get(tag) or f"“{tag}” cannot stand here; use one of: {expected}."
