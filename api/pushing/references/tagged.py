"""What RIS and PubMed's format share: lines that begin with a tag, and lines that go on."""

import re
from collections import defaultdict
from collections.abc import Iterator

_LINE = re.compile(r"([A-Z][A-Z0-9]{1,3}) *- ?(.*)")

Tags = dict[str, list[str]]


def records(text: str, first: str) -> Iterator[Tags]:
    """Yield each record's values by tag; a record begins with its first tag."""
    tags: Tags | None = None
    last = ""
    for line in text.splitlines():
        match = _LINE.match(line)
        if match and match[1] == first:
            if tags:
                yield tags
            tags = defaultdict(list)
        if tags is None or not line.strip():
            continue
        if match:
            last = match[1]
            tags[last].append(match[2].strip())
        elif last:
            tags[last][-1] = f"{tags[last][-1]} {line.strip()}".strip()
    if tags:
        yield tags


def value(tags: Tags, *names: str) -> str:
    """The first value of the first tag that has one."""
    return next((each for name in names for each in tags.get(name, ()) if each), "")
