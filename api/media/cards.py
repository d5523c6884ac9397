"""The picture that a link to an article is shown with elsewhere, and the way to whoever draws it."""

import importlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """What stands on the picture, and the id of the article that it is of."""

    title: str
    clinic: str
    reviewed: str = ""
    article: str = ""


def draw(card: Card) -> bytes:
    """The picture as PNG, 1200 by 630; call it in a thread.

    Pillow is loaded with the first one (decision 072): 4 MB of each process, and most draw none.
    """
    return importlib.import_module("api.media.drawing").draw(card)  # type: ignore[no-any-return]
