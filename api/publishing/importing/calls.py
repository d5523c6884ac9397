"""Points out sentences that ask readers to book or to call; they stay, for an editor to give each its own block."""

import re
from collections.abc import Iterator

from api.publishing.importing.nodes import Node, words
from api.publishing.importing.notes import Notes
from api.publishing.importing.wording import counted, listed, shown

_CALL = re.compile(
    r"\b(?:book|schedule|arrange|make|request)\b(?: [\w'\u2019-]+){0,4} "
    r"(?:appointment|consultation|session|visit|slot)s?\b"
    r"|\b(?:call|contact|e-?mail|text|message|visit|phone|ring) (?:us|me|our|the clinic|today|now)\b"
    r"|\bget in touch\b"
    r"|\b(?:book|enquire|sign up|register|order) (?:now|today|online|here)\b",
    re.IGNORECASE,
)
# "Contact Ada at …" calls; "Contact Dermatitis" names a disease.
_CONTACT_A_PERSON = re.compile(r"\bcontact [A-Z]\w+|\bContact [A-Z]\w+(?: [A-Z]\w+)? (?:at|on|for|to|today|via|by)\b")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def note(blocks: list[Node], notes: Notes) -> None:
    found = [sentence for line in _lines(blocks) if (sentence := _calling(line))]
    if found:
        passages = counted(len(found), "passage asks", "passages ask")
        quotes = listed([shown(sentence) for sentence in found])
        notes.say(
            f"{passages} readers to book or to get in touch, and stayed in the text: {quotes}. Give each its own block."
        )


def _lines(blocks: list[Node]) -> Iterator[str]:
    for node in blocks:
        if node["type"] in ("paragraph", "heading"):
            yield words(node)
        else:
            yield from _lines(node.get("content", []))


def _calling(line: str) -> str:
    """Return the first sentence of a line that calls, or nothing."""
    calling = (part for part in _SENTENCE.split(line) if _CALL.search(part) or _CONTACT_A_PERSON.search(part))
    return next(calling, "")
