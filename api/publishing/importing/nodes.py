"""Blocks and inline nodes in the JSON shape of a document, while an import is still being put in order.

They may be looser than a document allows (heading levels 1 to 6, for one): `Document.parse` has the last word.
"""

from collections.abc import Callable, Iterable
from typing import Any

Node = dict[str, Any]
Inline = list[Node]

LISTS = {"bulletList", "orderedList"}


def text(words: str, marks: Iterable[Node] = ()) -> Node:
    kept = list(marks)
    return {"type": "text", "text": words} | ({"marks": kept} if kept else {})


def block(kind: str, content: list[Node], **attrs: object) -> Node:
    return {"type": kind} | ({"attrs": attrs} if attrs else {}) | {"content": content}


def plain(nodes: Node | Iterable[Node]) -> str:
    """Return the words alone: hard breaks and block ends become line ends."""
    if not isinstance(nodes, dict):
        return "".join(plain(node) for node in nodes)
    if nodes["type"] == "text":
        return str(nodes["text"])
    if nodes["type"] == "hardBreak":
        return "\n"
    inner = plain(nodes.get("content", ()))
    return f"{inner}\n" if nodes["type"] in ("paragraph", "heading") else inner


def words(node: Node | Iterable[Node]) -> str:
    """Return the words on one line."""
    return " ".join(plain(node).split())


def change_inline(blocks: Iterable[Node], change: Callable[[Inline], Inline]) -> list[Node]:
    """Rebuild the blocks with every run of inline nodes changed, in reading order."""
    return [_changed(node, change) for node in blocks]


def _changed(node: Node, change: Callable[[Inline], Inline]) -> Node:
    content = node.get("content")
    if content is None:
        return node
    if node["type"] in ("paragraph", "heading"):
        return node | {"content": change(content)}
    return node | {"content": change_inline(content, change)}


def unmarked_spaces(line: Inline) -> Inline:
    """Take the marks off the spaces at both ends of marked words, where nobody sees them."""
    spaced: Inline = []
    for node in line:
        if node["type"] != "text" or not node.get("marks"):
            spaced.append(node)
            continue
        core = node["text"].strip(" ")
        before, _, after = node["text"].partition(core) if core else (node["text"], "", "")
        spaced += [text(before), node | {"text": core}, text(after)]
    return [node for node in spaced if node.get("text", "-")]


def tidy(line: Inline) -> Inline:
    """Fold white space as a browser does, join neighbours with equal marks, and trim both ends."""
    done: Inline = []
    for node in line:
        if node["type"] == "text":
            _add(done, node)
        elif node["type"] != "hardBreak":
            done.append(node)
        else:
            _trim(done)
            if done and done[-1]["type"] != "hardBreak":
                done.append(node)
    _trim(done)
    while done and done[-1]["type"] == "hardBreak":
        done.pop()
        _trim(done)
    return done


def _add(done: Inline, node: Node) -> None:
    folded = " ".join(f"|{node['text']}|".split())[1:-1]
    before = done[-1] if done else None
    if before is None or before["type"] == "hardBreak" or (before["type"] == "text" and before["text"].endswith(" ")):
        folded = folded.lstrip(" ")
    if not folded:
        return
    if before is not None and before["type"] == "text" and before.get("marks") == node.get("marks"):
        before["text"] += folded
    else:
        done.append(node | {"text": folded})


def _trim(done: Inline) -> None:
    while done and done[-1]["type"] == "text":
        done[-1]["text"] = done[-1]["text"].rstrip(" ")
        if done[-1]["text"]:
            return
        done.pop()
