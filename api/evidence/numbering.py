"""The number that each cited work carries in one text: the order in which the text first cites it."""

from collections.abc import Iterable


def numbered(keys_in_order: Iterable[str]) -> dict[str, int]:
    """Return each key with its number, from 1; a key that comes again keeps its first number."""
    return {key: number for number, key in enumerate(dict.fromkeys(keys_in_order), start=1)}
