"""The report while it is being written."""

from api.publishing.importing.wording import counted, listed, shown

_QUOTES = 20


class Notes:
    """Collects sentences, and counts and quotes what was dropped, kind by kind."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._dropped: dict[str, list[str]] = {}

    def say(self, sentence: str) -> None:
        if sentence not in self._said:
            self._said.append(sentence)

    def drop(self, kind: str, words: str = "") -> None:
        """Note that one thing of this kind was left out, with its words if it had any."""
        self._dropped.setdefault(kind, []).append(words)

    def lines(self) -> tuple[str, ...]:
        return (*self._said, *(_dropped(kind, words) for kind, words in self._dropped.items()))


def _dropped(kind: str, all_words: list[str]) -> str:
    quotes = [shown(words) for words in all_words if words.strip()]
    more = [f"{len(quotes) - _QUOTES} more"] if len(quotes) > _QUOTES else []
    head = f"Dropped, {kind}: {counted(len(all_words), 'time')}"
    return f"{head}: {listed(quotes[:_QUOTES] + more)}." if quotes else f"{head}."
