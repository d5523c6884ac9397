"""The report while it is being written."""

from dataclasses import dataclass, field

from api.publishing.importing.wording import LISTED, counted, listed, shown

# More sentences than anybody reads would bury the first ones.
_MOST = 500


class Notes:
    """Collects sentences, and counts and quotes what was dropped, kind by kind."""

    def __init__(self) -> None:
        self._said: dict[str, None] = {}
        self._dropped: dict[str, _Dropped] = {}

    def say(self, sentence: str) -> None:
        """Add a sentence; one that was said already is not said again."""
        if len(self._said) < _MOST:
            self._said[sentence] = None

    def drop(self, kind: str, words: str = "") -> None:
        """Note that one thing of this kind was left out, with its words if it had any."""
        self._dropped.setdefault(kind, _Dropped(kind)).add(words)

    def lines(self) -> tuple[str, ...]:
        return (*self._said, *(dropped.line() for dropped in self._dropped.values()))


@dataclass
class _Dropped:
    kind: str
    count: int = 0
    wordy: int = 0
    quotes: list[str] = field(default_factory=list)

    def add(self, words: str) -> None:
        self.count += 1
        if words.strip():
            self.wordy += 1
            self.quotes += [shown(words)] if len(self.quotes) < LISTED else []

    def line(self) -> str:
        head = f"Dropped, {self.kind}: {counted(self.count, 'time')}"
        return f"{head}: {listed(self.quotes, self.wordy)}." if self.quotes else f"{head}."
