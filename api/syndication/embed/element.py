"""The script behind `<meridian-article>`, with the addresses of this deployment in it."""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent
OPERATION = FOLDER / "article.graphql"


@dataclass(frozen=True)
class Script:
    """The bytes, and a name for exactly these bytes, so that a page may write their `integrity`."""

    body: bytes

    @property
    def hash(self) -> str:
        return sha256(self.body).hexdigest()[:16]


def script(site: str, api: str) -> Script:
    """The script for a site and its API; it asks by the id of a committed operation."""
    said = {"%API%": api, "%SITE%": site, "%ID%": operation_id()}
    text = (FOLDER / "element.js").read_text()
    for name, value in said.items():
        text = text.replace(f'"{name}"', json.dumps(value))
    return Script(_without_comments(text).encode())


def operation_id() -> str:
    return f"sha256:{sha256(OPERATION.read_text().strip().encode()).hexdigest()}"


def _without_comments(text: str) -> str:
    """Without whole-line comments and indentation, which nobody needs over the wire."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"
