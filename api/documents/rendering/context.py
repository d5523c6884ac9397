"""What the renderer must be told, because it looks nothing up, and what it gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Label:
    """How a source is called at its marks: `Label(1, "Irnich 2001")`."""

    number: int
    name: str
    resolved: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as it is served; `alt=None` says that it is decorative."""

    src: str
    width: int
    height: int
    alt: str | None
    caption: str | None = None
    credit: str | None = None
    srcset: str | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class RenderContext:
    """Everything by its key: citation key, entity id, asset id, and `clinic` or a practitioner's id.

    `absolute` goes before site-relative addresses, `id_prefix` before every id: a copy stands on another's page.
    """

    labels: Mapping[str, Label] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    bookings: Mapping[str, Booking] = field(default_factory=dict)
    id_prefix: str = ""
    absolute: str = ""
    calls_to_action: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """One top-level block: its HTML (empty where it was left out) and the numbers that it cites, each once."""

    html: str
    citation_numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TocEntry:
    id: str
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """`marks` names, per citation key, the ids of the places that cite it."""

    html: str
    blocks: tuple[Block, ...]
    toc: tuple[TocEntry, ...]
    marks: Mapping[str, tuple[str, ...]]
