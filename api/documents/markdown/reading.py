"""Markdown → document: the parser's tokens become the tree that the model then judges."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from markdown_it.token import Token

from api.documents.markdown.dialect import dialect
from api.documents.markdown.measuring import check_size
from api.documents.model import Document
from api.documents.refusals import InvalidDocument

Tree: TypeAlias = dict[str, Any]

_MD: Final = dialect()

_CARE: Final = {"self-care": "SELF_CARE", "non-urgent": "NON_URGENT", "urgent": "URGENT", "emergency": "EMERGENCY"}
_TONES: Final = ("note", "tip", "warning")
_LEAVES: Final = ("figure", "call-to-action")
CONTAINERS: Final = (*_TONES, *_CARE, *_LEAVES)

_SIMPLE: Final = {
    "paragraph_open": "paragraph",
    "bullet_list_open": "bulletList",
    "list_item_open": "listItem",
    "blockquote_open": "blockquote",
    "table_open": "table",
    "tr_open": "tableRow",
}
_STYLES: Final = {"strong": "bold", "em": "italic"}
_TRANSPARENT: Final = ("thead", "tbody")


def from_markdown(text: str) -> Document:
    """Read Markdown; raise InvalidDocument for what a document may not hold."""
    check_size(text)
    return Document.parse(tree(_MD.parse(text)))


def inline_tree(text: str) -> list[Tree]:
    """Read one line or paragraph of Markdown as inline nodes, not yet normalised."""
    return _inline(_MD.parseInline(text)[0].children or ())


def tree(tokens: Sequence[Token]) -> Tree:
    root: Tree = {"v": 1, "type": "doc", "content": []}
    open_nodes = [root]
    for token in tokens:
        if token.type.removesuffix("_open").removesuffix("_close") in _TRANSPARENT:
            continue
        if token.nesting < 0:
            _close(open_nodes.pop())
        elif token.type == "inline":
            open_nodes[-1]["content"] += _inline(token.children or ())
        else:
            _place(token, open_nodes)
    return root


def _place(token: Token, open_nodes: list[Tree]) -> None:
    """Put the token's node into the innermost open one, and leave it open if it has an end of its own."""
    node = _block(token)
    open_nodes[-1]["content"].append(node)
    if token.nesting > 0:
        inner: Tree = node["content"][0] if token.type in {"th_open", "td_open"} else node
        open_nodes.append(inner)


def _close(node: Tree) -> None:
    if node["type"] in {"figure", "callToAction"} and node.pop("content"):
        raise InvalidDocument(f"A {node['type']} holds no text: close it with “:::” on the line after it.")


def _block(token: Token) -> Tree:
    if token.type in _SIMPLE:
        return {"type": _SIMPLE[token.type], "content": []}
    return _BLOCKS[token.type](token)


def _heading(token: Token) -> Tree:
    return {"type": "heading", "attrs": {"level": int(token.tag[1:])}, "content": []}


def _ordered_list(token: Token) -> Tree:
    return {"type": "orderedList", "attrs": {"start": token.attrs.get("start", 1)}, "content": []}


def _cell(token: Token) -> Tree:
    kind = "tableHeader" if token.type == "th_open" else "tableCell"
    return {"type": kind, "content": [{"type": "paragraph", "content": []}]}


def _rule(_: Token) -> Tree:
    return {"type": "horizontalRule"}


def _container(token: Token) -> Tree:
    name, _, rest = token.info.strip().partition(" ")
    if name not in CONTAINERS:
        raise InvalidDocument(f"There is no “::: {name[:40]}”; use one of: {', '.join(CONTAINERS)}.")
    if name in _LEAVES:
        return _leaf(name, rest.strip())
    if name in _CARE:
        attrs = {"level": _CARE[name], "heading": unbracketed(rest)}
        return {"type": "careAdvice", "attrs": attrs, "content": []}
    if rest.strip():
        raise InvalidDocument(f"A “::: {name}” has no heading: put its words on the next line.")
    return {"type": "callout", "attrs": {"tone": name}, "content": []}


def _leaf(name: str, rest: str) -> Tree:
    target, _, words = rest.partition(" ")
    if name == "figure":
        return {"type": "figure", "attrs": {"assetId": target, "caption": unbracketed(words)}, "content": []}
    return {"type": "callToAction", "attrs": {"target": target, "text": unbracketed(words)}, "content": []}


def unbracketed(words: str) -> str:
    """Take off one pair of brackets around all the words: both `[Neck muscles]` and `Neck muscles` are a caption."""
    words = words.strip()
    if not words.startswith("["):
        return words
    depth = 0
    for at, sign in enumerate(words):
        depth += {"[": 1, "]": -1}.get(sign, 0)
        if depth == 0:
            return words[1:-1].strip() if at == len(words) - 1 else words
    return words


_BLOCKS: Final[dict[str, Callable[[Token], Tree]]] = {
    "heading_open": _heading,
    "ordered_list_open": _ordered_list,
    "th_open": _cell,
    "td_open": _cell,
    "hr": _rule,
    "container_block_open": _container,
}


def _inline(tokens: Sequence[Token]) -> list[Tree]:
    """Turn inline tokens into nodes."""
    nodes: list[Tree] = []
    open_marks: list[list[Tree]] = []
    for token in tokens:
        if token.nesting > 0:
            open_marks.append(_marks(token))
        elif token.nesting < 0:
            open_marks.pop()
        else:
            nodes.append(_leaf_node(token, [mark for marks in open_marks for mark in marks]))
    return nodes


def _marks(token: Token) -> list[Tree]:
    """Return what an opening token says about the text inside it."""
    if token.type == "link_open":
        return [_link(str(token.attrs["href"]))]
    if token.type == "span_open":
        return [{"type": style} for style in token.meta["styles"]]
    return [{"type": _STYLES[token.tag]}]


def _link(href: str) -> Tree:
    if href.startswith("entity:"):
        return {"type": "entityLink", "attrs": {"id": href.removeprefix("entity:")}}
    return {"type": "link", "attrs": {"href": href}}


def _leaf_node(token: Token, marks: list[Tree]) -> Tree:
    if token.type == "citation":
        return {"type": "citation", "attrs": token.meta}
    if token.type == "hardbreak":
        return {"type": "hardBreak"}
    if token.type == "image":
        return {"type": "image"}
    text = " " if token.type == "softbreak" else token.content
    own = {"code_inline": ["code"], "small": token.meta.get("styles")}.get(token.type) or []
    return {"type": "text", "text": text, "marks": _unique([*marks, *({"type": style} for style in own)])}


def _unique(marks: list[Tree]) -> list[Tree]:
    """Keep each kind of mark once, and of links inside links the innermost."""
    return list({("link" if "attrs" in mark else mark["type"]): mark for mark in marks}.values())
