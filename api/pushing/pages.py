"""Markdown with YAML front matter: read with every scalar as the text that it is, written so that it reads the same."""

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

import yaml

from api import documents
from api.errors import Invalid, Refused

_BLOCK = re.compile(r"\ufeff?---[ \t]*\n(.*?)(?:^|\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
_DEEPEST = 20
_WIDTH = 110

Json: TypeAlias = Any
Said = dict[str, Any]


class Unreadable(Invalid):
    """This file cannot be read."""


class _Words(yaml.SafeLoader):
    """Every scalar is text, but for a plain null; aliases could unfold into gigabytes, and depths exhaust the stack."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("alias")
        self.depth += 1
        if self.depth > _DEEPEST:
            raise yaml.YAMLError("depth")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


_NULL = "tag:yaml.org,2002:null"
_Words.yaml_implicit_resolvers = {
    sign: kept
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    if (kept := [(tag, pattern) for tag, pattern in resolvers if tag == _NULL])
}


def read(text: str) -> Said:
    """Return what the front matter says, and the Markdown below it as `body`."""
    match = _BLOCK.match(text)
    if match is None:
        raise Unreadable("It has to begin with front matter: lines such as `title: …` between two lines ---.")
    try:
        said = yaml.load(match[1], Loader=_Words)  # noqa: S506 - a SafeLoader that makes text of everything
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", near line {mark.line + 2}" if mark else ""
        raise Unreadable(f"The front matter is not YAML that can be read{where}: correct it.") from None
    if not isinstance(said, dict):
        raise Unreadable("The front matter has to be lines such as `title: …`.")
    return {**said, "body": text[match.end() :]}


def written(said: Mapping[str, Any]) -> str:
    """Return the file that says this."""
    front = {name: value for name, value in said.items() if name != "body"}
    block = yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=_WIDTH)
    body = (said.get("body") or "").strip("\n")
    return f"---\n{block}---\n" + (f"\n{body}\n" if body else "")


def canonical(markdown: str) -> str:
    """Return the Markdown as Meridian writes it; what cannot be read here is left as it is."""
    try:
        return documents.to_markdown(documents.from_markdown(markdown)).strip()
    except Refused:
        return markdown.strip()
