"""The Markdown that we speak: CommonMark without HTML, code blocks and pictures, with our own few additions.

[@irnich2001; @fu2009, p. 4]     a citation, as in Pandoc
[neck pain](entity:cnd_…)        a link to an entity
H~2~O, 10^-3^                    sub and sup
[text]{.bold .italic}            marks, where CommonMark's stars cannot say it
::: urgent See a doctor today    a container, closed by ::: on a line of its own
"""

import re
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference, table
from markdown_it.rules_block.table import escapedSplit, getLine
from markdown_it.rules_inline import StateInline, autolink
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from api.documents.blocks import MOST_COLUMNS
from api.documents.refusals import InvalidDocument

STYLES: Final = ("bold", "italic", "sub", "sup", "code")

_CITATION = re.compile(r"\[@((?:[^\\\[\]]|\\.)+)\]", re.DOTALL)
_ITEM_END = re.compile(r"((?:[^\\;]|\\.)*)(?:;|$)", re.DOTALL)
_ITEM = re.compile(r"@([^\s,]+)(?:\s*,\s*|\s+|$)(.*)", re.DOTALL)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_CLASSES = re.compile(r"\{((?:\.[a-z]+ ?)+)\}")
_SMALL = {
    "~": ("sub", re.compile(r"~([^\s~^*_`\\\[\]<>&!]+)~(?!~)")),
    "^": ("sup", re.compile(r"\^([^\s~^*_`\\\[\]<>&!]+)\^(?!\^)")),
}
_ADDRESSED = re.compile(r"<(?:https?://|mailto:|tel:|[^\s<>:]+@)")
_NAMED = re.compile(r"\A\s*[A-Za-z]")


class _Dialect(MarkdownIt):
    """Lets every address arrive unchanged: the model judges it and says why."""

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - the parser's own signature
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the parser's own name
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - the parser's own name
        return link


def dialect() -> MarkdownIt:
    md = _Dialect("commonmark", {"html": False, "maxNesting": 100})
    md.enable("table").disable(["code", "fence", "html_block", "html_inline"])
    container_plugin(md, "block", validate=lambda params, _: bool(_NAMED.match(params)))
    md.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    md.inline.ruler.at("autolink", _autolink)
    md.block.ruler.at("reference", _reference, {"alt": []})
    for name, rule in (("citation", _citation), ("span", _span), ("small", _small)):
        md.inline.ruler.before("link", name, rule)
    return md


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the parser's own signature
    """Refuse a row that is too long; CommonMark's tables would drop its last cells, and a citation with them."""
    _check_columns(state, start, end)
    first = len(state.tokens)
    found = table(state, start, end, silent)
    rows = [token for token in state.tokens[first:] if token.type == "tr_open"]
    for number, row in enumerate(rows, start=1):
        if _width(state, row) > _width(state, rows[0]):
            raise InvalidDocument(f"Row {number} of a table is longer than its first: write a | inside a cell as \\|.")
    return found


def _check_columns(state: StateBlock, start: int, end: int) -> None:
    """Refuse what is too wide before its rows are filled up with empty cells."""
    if start + 1 >= end:
        return
    rule = getLine(state, start + 1).strip()
    columns = rule.strip("|").count("|") + 1
    is_rule = columns > MOST_COLUMNS and not set(rule) - set("|-: ")
    if is_rule and len(escapedSplit(getLine(state, start).strip().removeprefix("|").removesuffix("|"))) == columns:
        raise InvalidDocument(f"A table has at most {MOST_COLUMNS} columns: split it.")


def _width(state: StateBlock, row: Token) -> int:
    line = row.map[0] if row.map else 0
    inside = getLine(state, line).strip().removeprefix("|").removesuffix("|")
    return len(escapedSplit(inside))


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the parser's own signature
    """Keep a paragraph that begins `[@key]:` or `[^1]:`; CommonMark would swallow it as a link's definition."""
    first = state.bMarks[start] + state.tShift[start]
    return not state.src.startswith(("[@", "[^"), first) and reference(state, start, end, silent)


def _autolink(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's own signature
    """Leave `<note:this>` and `<script:x>` as the text that they are."""
    return bool(_ADDRESSED.match(state.src, state.pos)) and autolink(state, silent)


def _citation(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's own signature
    found = _CITATION.match(state.src, state.pos, state.posMax)
    items = citation_items(found[0][1:-1]) if found else None
    if not found or not items:
        return False
    if not silent:
        state.push("citation", "", 0).meta = {"items": items}
    state.pos = found.end()
    return True


def citation_items(inside: str) -> list[dict[str, str]] | None:
    """Read `@key; @key2, p. 4`; None when a part of it names no key."""
    parts = [part for part in _ITEM_END.findall(inside) if part.strip()]
    items = [_ITEM.fullmatch(part.lstrip()) for part in parts]
    return [_item(item[1], item[2]) for item in items if item] if all(items) else None


def _item(key: str, locator: str) -> dict[str, str]:
    return {"key": key, "locator": _ESCAPED.sub(r"\1", locator)}


def _span(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's own signature
    if state.src[state.pos] != "[":
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos)
    classes = _CLASSES.match(state.src, end + 1, state.posMax) if end > 0 else None
    styles = classes[1].replace(".", " ").split() if classes else []
    if not classes or not all(style in STYLES for style in styles):
        return False
    if not silent:
        _push_span(state, end, styles)
    state.pos = classes.end()
    return True


def _push_span(state: StateInline, end: int, styles: list[str]) -> None:
    outer = state.posMax
    state.push("span_open", "", 1).meta = {"styles": styles}
    state.pos, state.posMax = state.pos + 1, end
    state.md.inline.tokenize(state)
    state.push("span_close", "", -1)
    state.posMax = outer


def _small(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's own signature
    """Read `~2~` and `^2^` around plain characters; two in a row (`~~gone~~`) are text."""
    sign = state.src[state.pos]
    if sign not in _SMALL:
        return False
    style, pattern = _SMALL[sign]
    found = pattern.match(state.src, state.pos, state.posMax)
    before = state.src[max(state.pos - 2, 0) : state.pos]
    doubled = before.endswith(sign) and before != f"\\{sign}"
    if not found or doubled:
        return False
    if not silent:
        token = state.push("small", "", 0)
        token.content, token.meta = found[1], {"styles": [style]}
    state.pos = found.end()
    return True
