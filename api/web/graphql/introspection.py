"""Answers about the schema itself: the same for everybody for as long as the process lives, so each is made once."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
from graphql import ExecutionResult

MOST_ANSWERS = 8
MOST_BYTES = 2_000_000
"""Of one answer: the standard query's is a sixth of it."""

Key = tuple[str, str | None]
"""A document's hash, and the name of its operation."""


@dataclass
class Introspection:
    """The last few answers, as the bytes in which they are sent."""

    _kept: OrderedDict[Key, bytes] = field(default_factory=OrderedDict)

    def find(self, key: Key) -> ExecutionResult | None:
        """The answer, when it was given before."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return ExecutionResult(cast("dict[str, Any]", orjson.Fragment(self._kept[key])), None)

    def keep(self, key: Key, result: ExecutionResult) -> None:
        """Remember an answer without errors."""
        if result.errors:
            return
        answer = orjson.dumps(result.data)
        if len(answer) <= MOST_BYTES:
            self._kept[key] = answer
        while len(self._kept) > MOST_ANSWERS:
            self._kept.popitem(last=False)
