"""The text to which a reader agrees before a comment is kept; a new wording gets a new version."""

from dataclasses import dataclass
from html import escape
from typing import Final

from api.errors import Invalid

VERSION: Final = "2026-11"
WORDS: Final = (
    "I agree that {clinic} keeps what I write here and the name that I chose. A member of the clinic’s staff reads my "
    "comment first. If it is approved, everybody can read it on this page; if it is not, it is deleted after 30 days. "
    "What I tell about health is my own decision: I can leave it out. I can take this back at any time by the private "
    "link that I am shown afterwards, and then my comment is erased."
)
"""`{clinic}` stands for the clinic's name. A test binds the version to these words."""
MORE: Final = "How the clinic handles personal data"


class ConsentOutdated(Invalid):
    """The text that you agree to has changed since you opened the form: read it as it stands now, and agree again."""


class ConsentMissing(Invalid):
    """Tick the box to say that you agree: without that the comment cannot be kept."""


@dataclass(frozen=True)
class ConsentText:
    """What is agreed to. `html` is safe to show as it is."""

    version: str
    html: str


def text(clinic: str, privacy_url: str | None = None) -> ConsentText:
    """The text of today, for this clinic."""
    said = f"<p>{escape(WORDS.format(clinic=clinic))}</p>"
    more = f'<p><a href="{escape(privacy_url)}">{escape(MORE)}</a></p>' if privacy_url else ""
    return ConsentText(VERSION, said + more)


def check(version: str, *, given: bool) -> None:
    """Refuse what was not agreed to, or was agreed to in other words than today's."""
    if not given:
        raise ConsentMissing(path=("consent", "given"))
    if version != VERSION:
        raise ConsentOutdated(path=("consent", "text_version"))
