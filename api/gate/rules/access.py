"""ACC: pictures, headings, links and tables that everybody can use, whoever cannot see the page among them."""

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from api.documents import images, links
from api.documents.blocks import Table, is_header
from api.documents.walk import spelled, walk
from api.gate.case import Case
from api.gate.findings import Hit
from api.gate.lexicon import words
from api.gate.model import GatedRevision, Picture
from api.gate.prose import TITLE, in_body

_FILE_NAME: Final = re.compile(
    r"\S{1,80}\.(?:jpe?g|png|webp|gif|avif|svg|tiff?|heic)|(?:img|dsc|image|screenshot)[-_ ]?\d{1,30}", re.IGNORECASE
)
_BARE_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+|[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}/\S*", re.IGNORECASE)


def picture_without_words(case: Case) -> Iterator[Hit]:
    for path, asset in _pictures(case.revision):
        picture = case.revision.pictures.get(asset)
        if picture and not picture.decorative and (fault := _fault(picture, case.revision.title)):
            yield Hit(
                path=path,
                message=fault,
                help="Say in a sentence what the picture shows and tells, or mark it as decorative.",
                excerpt=picture.alt,
                about=f"{asset} {picture.alt}",
            )


def structure_unclear(case: Case) -> Iterator[Hit]:
    yield from _headings(case)
    yield from _links(case)
    yield from _tables(case)


def _pictures(revision: GatedRevision) -> Iterator[tuple[str, str]]:
    if revision.hero_image:
        yield "heroImage", revision.hero_image
    for image in images(revision.body):
        yield in_body(image.path), image.asset_id


def _fault(picture: Picture, title: str) -> str:
    alt = (picture.alt or "").strip()
    if not alt:
        return "The picture has neither a text in its place nor the mark that it is decorative."
    if _core(alt) == _core(title):
        return "The text in the picture's place repeats the title."
    names = {picture.file_name or "", PurePath(picture.file_name or "").stem}
    if _FILE_NAME.fullmatch(alt) or _core(alt) in set(map(_core, names)) - {""}:
        return "The text in the picture's place is the name of a file."
    return ""


def _core(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _headings(case: Case) -> Iterator[Hit]:
    level, seen = 1, {_core(case.revision.title): TITLE}
    for passage in case.prose.passages:
        if passage.level is None:
            continue
        path = in_body(passage.path)
        if passage.level > level + 1:
            yield Hit(
                path=path,
                message=f"The heading is of level {passage.level}, after one of level {level}.",
                help=f"Make it level {level + 1}: readers of the outline would look for what is missing.",
                excerpt=passage.text,
            )
        if _core(passage.text) in seen:
            yield Hit(
                path=path,
                message="Two headings read the same; the title counts as one.",
                help="Say in each what only this part is about.",
                excerpt=passage.text,
                about=f"twice {passage.text}",
            )
        level, seen = passage.level, {**seen, _core(passage.text): path}


def _links(case: Case) -> Iterator[Hit]:
    for link in links(case.revision.body):
        text = link.text.strip(" .,:;!…→>»")
        if words("links", "empty").fullmatch(text) or _BARE_ADDRESS.fullmatch(text) or not text:
            yield Hit(
                path=in_body(link.path),
                message=f"The link's text, “{link.text.strip()}”, does not say where it leads.",
                help="Let the link's words name what is there, such as “the trial's own page”.",
                excerpt=link.text.strip(),
                about=f"{link.text} {link.href or link.entity_id}",
            )


def _tables(case: Case) -> Iterator[Hit]:
    for place in walk(case.revision.body):
        if isinstance(place.node, Table) and not (place.node.content and is_header(place.node.content[0])):
            yield Hit(
                path=in_body(spelled(place.path)),
                message="The table has no header.",
                help="Give each column a heading in the first row.",
                excerpt=_first_row(case, in_body(spelled(place.path))),
            )


def _first_row(case: Case, path: str) -> str | None:
    return next((line.text for line in case.prose.body if line.path.startswith(f"{path}.")), None)
