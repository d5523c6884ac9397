"""The files of a folder as records: what each says, in which kind of entry, under which name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from api.errors import NotFound, Refused
from api.pushing import pages, references
from api.pushing.memory import hashed
from api.pushing.nouns import NAME, PAGES, SOURCE, Noun, normal
from api.pushing.pages import Said, Unreadable

LONGEST = 5_000_000


@dataclass(frozen=True)
class Record:
    """One entry in a file. `adds` is a bibliography's record, which says only a part of what a source may say."""

    name: str
    noun: Noun
    key: str
    said: Said
    text: str = field(repr=False, default="")
    adds: bool = False

    @property
    def hash(self) -> str:
        return hashed(self.said)


@dataclass(frozen=True)
class Broken:
    """A file that cannot be read, and why."""

    name: str
    why: str


def read(folder: Path) -> tuple[list[Record], list[Broken]]:
    """Return what stands in the folder in the order in which it is sent: what others name comes first."""
    if not folder.is_dir():
        raise NotFound(f"{folder} is no folder.")
    records: list[Record] = []
    broken: list[Broken] = []
    for path, noun in _files(folder):
        name = path.relative_to(folder).as_posix()
        try:
            records += [*_records(path, name, noun)]
        except Refused as refusal:
            broken.append(Broken(name, refusal.message))
    return _ordered(records), broken


def page(noun: Noun, slug: str, text: str) -> Record:
    """Return the record of one Markdown file."""
    said = pages.read(text)
    if said.pop("slug", slug) != slug:
        raise Unreadable(f"The slug has to be the file's name: {slug}.")
    if strange := [str(name) for name in said if name not in noun.fields]:
        line = next((at for at, each in enumerate(text.splitlines(), 1) if each.startswith(strange[0])), 1)
        raise Unreadable(f"Line {line}: {strange[0]} is no field here; those are {', '.join(noun.fields[:-1])}.")
    whole = normal(said)
    if missing := [name for name in noun.required if name not in whole]:
        raise Unreadable(f"{missing[0]} is missing from the front matter.")
    return Record(f"{noun.folder}/{slug}.md", noun, slug, whole, text)


def _files(folder: Path) -> Iterator[tuple[Path, Noun]]:
    for path in sorted((folder / SOURCE.folder).glob("*")):
        if path.suffix.lower() in references.SUFFIXES and path.is_file():
            yield path, SOURCE
    for noun in PAGES:
        yield from ((path, noun) for path in sorted((folder / noun.folder).glob("*.md")) if path.is_file())


def _records(path: Path, name: str, noun: Noun) -> Iterator[Record]:
    text = _text(path)
    if noun is not SOURCE:
        if not NAME.fullmatch(path.stem) or "_" in path.stem:
            raise Unreadable("The file's name is the slug: small letters, digits and single hyphens.")
        yield page(noun, path.stem, text)
        return
    taken: set[str] = set()
    for found in references.read(path.suffix.lower(), text):
        key = str(found.said["key"])
        if key in taken:
            raise Unreadable(f"Two records have the key {key}: give one of them another.")
        taken.add(key)
        yield Record(f"{name}#{key}", noun, key, normal(found.said), text, found.adds)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LONGEST:
            raise Unreadable("It is larger than 5 MB.")
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise Unreadable("It is not UTF-8: save it as UTF-8.") from None
    except OSError as error:
        raise Unreadable(f"It cannot be read ({error.strerror}).") from None


def _ordered(records: Iterable[Record]) -> list[Record]:
    """Wider conditions and newer works before those that name them; rings are left to the server to refuse."""
    waiting, sorted_ = list(records), list[Record]()
    while waiting:
        ready = [each for each in waiting if not _named(each) & {other.key for other in _same(each, waiting)}]
        sorted_ += ready or waiting
        waiting = [each for each in waiting if each not in ready] if ready else []
    return sorted(sorted_, key=lambda each: [SOURCE, *PAGES].index(each.noun))


def _same(record: Record, records: Sequence[Record]) -> list[Record]:
    return [each for each in records if each.noun is record.noun and each is not record]


def _named(record: Record) -> set[str]:
    return {str(record.said[name]) for name in ("parent", "supersededBy") if name in record.said}
