"""LNK-001: what an article leads to, names or leans on can be seen by its readers."""

from collections.abc import Iterator
from typing import Final

from api.documents import Document, booking_targets, images, links
from api.documents.blocks import CallToAction
from api.documents.walk import spelled, walk
from api.gate.case import Case
from api.gate.findings import Hit, Severity
from api.gate.model import GatedRevision, Publicity
from api.gate.prose import in_body

_CLINIC: Final = "clinic"


def leads_to(body: Document, site: str = "") -> tuple[str, ...]:
    """Everything of the clinic's own that a text leads to: entity ids and paths, for the caller to look up."""
    of_links = (each.entity_id or internal(each.href or "", site) for each in links(body))
    targets = (target for target in booking_targets(body) if target != _CLINIC)
    return tuple(dict.fromkeys(each for each in (*of_links, *targets) if each))


def internal(href: str, site: str) -> str:
    """Return the path of an address of the clinic's own, without query and fragment; empty for any other."""
    own = site.rstrip("/")
    if own and (href == own or href.startswith((f"{own}/", f"{own}?", f"{own}#"))):
        href = href[len(own) :] or "/"
    if not href.startswith("/") or href.startswith("//"):
        return ""
    path = href.partition("#")[0].partition("?")[0]
    return path.rstrip("/") or "/"


def leads_nowhere(case: Case) -> Iterator[Hit]:
    for path, name, publicity, about in (*_related(case.revision), *_cited(case), *_linked(case.revision)):
        if publicity is Publicity.PUBLIC:
            continue
        never = publicity is Publicity.NEVER_PUBLIC
        yield Hit(
            path=path,
            message=f"{name} {'was never' if never else 'is no longer'} public: readers cannot see it.",
            help="Publish it first, or take out what leads to it."
            if never
            else "Lead to what replaced it, or take this out.",
            about=f"{about} {publicity}",
            severity=Severity.BLOCK if never else Severity.WARN,
        )


def unknown_picture(case: Case) -> Iterator[Hit]:
    for image in images(case.revision.body):
        if image.asset_id not in case.revision.pictures:
            yield Hit(
                path=in_body(image.path),
                message=f"There is no picture “{image.asset_id}”.",
                help="Upload it, and put its id here, or take the figure out.",
                about=image.asset_id,
            )


_Lead = tuple[str, str, Publicity, str]


def _related(revision: GatedRevision) -> Iterator[_Lead]:
    for field in ("authors", "conditions", "treatments"):
        for at, each in enumerate(getattr(revision, field)):
            yield f"{field}[{at}]", f"“{each.name}”", each.publicity, each.id


def _cited(case: Case) -> Iterator[_Lead]:
    for source, path in case.cited:
        yield path, f"The source “{source.key}”", source.publicity, source.key


def _linked(revision: GatedRevision) -> Iterator[_Lead]:
    for link in links(revision.body):
        target = link.entity_id or internal(link.href or "", revision.clinic.site)
        if target:
            yield in_body(link.path), f"What “{link.text}” leads to", _publicity(revision, target), target
    for place in walk(revision.body):
        if isinstance(place.node, CallToAction) and place.node.attrs.target != _CLINIC:
            target = place.node.attrs.target
            yield in_body(spelled(place.path)), "Whom the call to action names", _publicity(revision, target), target


def _publicity(revision: GatedRevision, target: str) -> Publicity:
    return revision.linked.get(target, Publicity.NEVER_PUBLIC)
