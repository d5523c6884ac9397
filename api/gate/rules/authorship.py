"""AUT-001: somebody with a name and a credential stands behind the text, and claims no more than those carry."""

import re
from collections.abc import Iterator
from typing import Final

from api.gate.case import Case
from api.gate.findings import Hit
from api.gate.lexicon import words
from api.gate.model import Credential, Practitioner

_ON_A_REGISTER: Final = {"STATUTORY_REGISTER", "ACCREDITED_REGISTER", "LICENCE"}
_UNDER_LAW: Final = {"STATUTORY_REGISTER", "LICENCE"}
_MEDICAL: Final = re.compile(r"general practitioner|\bgp\b|physician|surgeon|doctor|psychiatrist", re.IGNORECASE)


def author_unfit(case: Case) -> Iterator[Hit]:
    authors, day = case.revision.authors, case.revision.as_of
    if not any(_is_whole(author) and author.current(day) for author in authors):
        yield Hit(
            path="authors",
            message="No author has a full name, a job title and a current credential.",
            help="Name an author, and complete the profile: full name, job title, one credential that is valid today.",
            about="authors",
        )
    for number, author in enumerate(authors):
        yield from _overclaims(case, author, f"authors[{number}]")


def _is_whole(author: Practitioner) -> bool:
    return len(author.name.split()) > 1 and bool(author.job_title.strip())


def _overclaims(case: Case, author: Practitioner, path: str) -> Iterator[Hit]:
    held = author.current(case.revision.as_of)
    kinds = {str(credential.kind) for credential in held}
    profile = " · ".join(filter(None, (author.honorific_prefix, author.name, author.job_title, author.bio)))
    said = profile + " · " + " · ".join(_said_of(case, author))
    for name, is_carried, needs in (
        ("registered", bool(kinds & _ON_A_REGISTER), "a current entry in a register"),
        ("regulated", bool(kinds & _UNDER_LAW), "a current entry in a statutory register, or a licence"),
    ):
        found = words("professions", name).search(said)
        if found and not is_carried:
            yield _hit(path, author, found[0], needs)
    doctor = _called_doctor(author, said)
    if doctor and not any(map(_makes_a_doctor, held)) and not _is_on_a_medical_register(held):
        yield _hit(path, author, doctor, "a doctorate, or a current entry in a register of doctors")


def _hit(path: str, author: Practitioner, said: str, needs: str) -> Hit:
    return Hit(
        path=path,
        message=f"{author.name} is called “{said}”, and the profile holds no credential that carries it.",
        help=f"Add the credential ({needs}), or take the word out.",
        about=f"{author.id} {said.lower()}",
    )


def _said_of(case: Case, author: Practitioner) -> Iterator[str]:
    """Yield the sentences of the text that name the author, by the last name; the rest speaks of others."""
    name = author.name.split()[-1] if author.name.split() else ""
    for line in case.prose.lines:
        if len(name) > 1 and re.search(rf"\b{re.escape(name)}\b", line.plain):
            yield line.plain


def _called_doctor(author: Practitioner, said: str) -> str:
    """Return "Dr" where it belongs to this person: as the honorific, or before the name."""
    if words("professions", "doctor").fullmatch((author.honorific_prefix or "").strip(" .")):
        return author.honorific_prefix or ""
    names = [name for name in author.name.split() if name.strip(".").lower() not in {"dr", "doctor"}]
    first, last = (re.escape(name) for name in (*names[:1], *names[-1:])) if names else (r"(?!)", r"(?!)")
    found = re.search(rf"\b(Dr|Doctor)\b\.?(?=\s+(?:{first}\s+(?:[\w-]+\.?\s+){{0,2}})?{last}\b)", said)
    return found[1] if found else ""


def _makes_a_doctor(credential: Credential) -> bool:
    if words("professions", "registers_of_doctors").search(credential.recognized_by or ""):
        return True
    return str(credential.kind) == "QUALIFICATION" and bool(words("professions", "degrees").search(credential.name))


def _is_on_a_medical_register(held: tuple[Credential, ...]) -> bool:
    """A physician on a statutory register is a doctor, whatever the register is called."""
    statutory = [credential for credential in held if str(credential.kind) == "STATUTORY_REGISTER"]
    return any(_MEDICAL.search(credential.name) for credential in statutory)
