"""What a Markdown text would come to, told before it is parsed: a refusal costs little, however long the text."""

import re
from typing import Final

from api.documents.model import MOST_DEPTH, MOST_NODES, MOST_TEXT
from api.documents.refusals import InvalidDocument

# For each open bracket the parser looks for its partner at every sign up to the end of the block, a thousandth of a
# millisecond each. A partner within code, after a backslash or in an address may be none.
_MOST_BRACKETS: Final = 300
_MOST_LOOKS: Final = 50_000
_CLOSED: Final = re.compile(r"\[[^\[\]`\\<]*\]")
_SIGN: Final = re.compile(r"[\n!#$%&*+\-:<=>@\[\\\]^_`{}~]")
_BETWEEN: Final = re.compile(r"\n[ \t]*\n")
# What the parser looks at closely, each some hundredths of a millisecond. An article of 10,000 words has some hundred.
_MOST_LINKS: Final = 1_500
_MOST_MARKS: Final = 3_000
_MOST_CELLS: Final = 3_000
_MOST_TABLES: Final = 200
_MARK: Final = re.compile(r"\*+|_+|`+|[~^]")
_RULE: Final = re.compile(r"^[ >]{0,20}+[|:]?[ |:]{0,20}-[ |:-]*+$", re.MULTILINE)
_NESTED: Final = re.compile(r"^(?: {0,3}(?:>|(?:[-*+]|\d{1,9}[.)])[ \t])){41,}+[^\n]*\w", re.MULTILINE)
# Each such line is a text, and a block around it or a line's end before it; in code it is less, but who writes so much.
_LINE: Final = re.compile(r"^[ >|]{0,20}(?:#{1,6} {1,4}|\d{1,9}[.)] {1,4})?(?!:::|[-*+] )\S", re.MULTILINE)
_ITEM: Final = re.compile(r"^ {0,3}[-*+] {1,3}\S", re.MULTILINE)
_FENCE: Final = re.compile(r"^:::[ \t]*([a-z]?)", re.MULTILINE)


def check_size(text: str) -> None:
    """Raise InvalidDocument where it is plain beforehand that the document would be too big or too deep."""
    if len(text) > 2 * MOST_TEXT:
        raise InvalidDocument(f"A document holds at most {MOST_TEXT // 1000} kB of text: split it.")
    if text.count("[") - len(_CLOSED.findall(text)) > _MOST_BRACKETS:
        raise InvalidDocument(f"More than {_MOST_BRACKETS:,} brackets open and hold others, or never close: split it.")
    if sum(map(_looks, _BETWEEN.split(text))) > _MOST_LOOKS:
        raise InvalidDocument("Brackets open before more signs than can be looked through: close them, or split it.")
    _check_counts(text)
    if 2 * len(_LINE.findall(text)) + 3 * len(_ITEM.findall(text)) > MOST_NODES:
        raise InvalidDocument(f"A document has at most {MOST_NODES:,} parts: split it.")
    _check_depth(text)


def _looks(block: str) -> int:
    """How often the parser would look for the partner of a bracket."""
    unclosed = block.count("[") - len(_CLOSED.findall(block)) if "[" in block else 0
    return unclosed * len(_SIGN.findall(block)) if unclosed > 0 else 0


def _check_counts(text: str) -> None:
    """Count the signs at which the parser looks closely: its time grows with their number."""
    if text.count("[") + text.count("<") > _MOST_LINKS:
        raise InvalidDocument(f"A document has at most {_MOST_LINKS:,} of the signs [ and <: split it.")
    if sum(1 for _ in _MARK.finditer(text)) > _MOST_MARKS:
        raise InvalidDocument(f"A document has at most {_MOST_MARKS:,} of the signs *, _, `, ~ and ^: split it.")
    if text.count("|") > _MOST_CELLS:
        raise InvalidDocument(f"The tables of a document have at most {_MOST_CELLS:,} of the sign |: split it.")
    if len(_RULE.findall(text)) > _MOST_TABLES:
        raise InvalidDocument(f"A document has at most {_MOST_TABLES:,} tables and lines across: split it.")
    if _NESTED.search(text):
        raise InvalidDocument(f"This is nested deeper than {MOST_DEPTH} levels: take some out.")


def _check_depth(text: str) -> None:
    """Count the containers that are open at once; a longer fence may close several, and is left to the parser."""
    if "::::" in text:
        return
    depth = 0
    for named in _FENCE.findall(text):
        depth = depth + 1 if named else max(0, depth - 1)
        if depth > MOST_DEPTH:
            raise InvalidDocument(f"This is nested deeper than {MOST_DEPTH} levels: take some out.")
