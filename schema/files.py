"""The committed faces of the schema: the SDL, and the JSON schema of a document."""

from pathlib import Path

import orjson

from api import documents
from schema.root import schema

HERE = Path(__file__).parent


def written() -> dict[str, str]:
    """Each committed file's name and what it should say."""
    tree = orjson.dumps(documents.json_schema(), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    return {"schema.graphql": schema.as_str() + "\n", "document.schema.json": tree.decode() + "\n"}


def is_stale(name: str, text: str) -> bool:
    path = HERE / name
    return not path.exists() or path.read_text() != text


def write(name: str) -> None:
    (HERE / name).write_text(written()[name])
