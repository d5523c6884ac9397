"""Operations that are known by their hash: what the site and the examples send, committed with the schema."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import orjson

from api.errors import Invalid

PREFIX = "sha256:"


@dataclass(frozen=True)
class Trusted:
    """The committed operations by the hexadecimal SHA-256 of their text.

    `only`: anonymous callers may send nothing else.
    """

    operations: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    only: bool = False


def load(path: Path) -> Mapping[str, str]:
    """Read `{"sha256:<hex of the text>": "<text>", …}`; refuse a file in which an id is not its text's hash."""
    try:
        manifest = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return MappingProxyType({})
    operations = {key.removeprefix(PREFIX): text for key, text in manifest.items()}
    for digest, text in operations.items():
        if sha256(text.encode()).hexdigest() != digest:
            raise Invalid(f"{path.name}: {PREFIX}{digest} is not the hash of its text; generate the file again.")
    return MappingProxyType(operations)
