"""What an entry must be to be kept, and to be public, beyond what its fields' types say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.clinic import Disclaimer
from api.conditions import CareLevel
from api.errors import Invalid
from api.publishing.catalogue import addresses, clinics, references, sources
from api.statements import EvidenceStatement

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from api.publishing.acting import Acting
    from api.publishing.catalogue.entries import Said
    from api.publishing.catalogue.nouns import Noun

MOST_WORDS = 40
QUICKLY = {CareLevel.URGENT, CareLevel.EMERGENCY}
ONE_LINE = ("treatment", "condition", "outcome", "comparator", "timepoint")


class TooManyWords(Invalid):
    """A statement's summary has up to 40 words: say less, or make two statements of it."""


class NoUrgentAdvice(Invalid):
    """A public condition says when to get help quickly: add URGENT or EMERGENCY advice, or say why there is none."""


class NoSources(Invalid):
    """A public statement rests on at least one source: name it."""


async def normal(noun: Noun, said: Said, doing: Acting, *, is_new: bool) -> Said:
    """What is said in its normal form, with what follows from it: a slug, a key, identifiers, the day of a check."""
    if noun.kind == "source":
        return await sources.normal(said, doing, is_new=is_new)
    if noun.path and is_new and not said.get("slug"):
        return said | {"slug": await addresses.made_of(noun, said["name"])}
    return said


async def check(noun: Noun, said: Mapping[str, Any], row: Any = None) -> None:  # noqa: ANN401 - the noun's row
    """Refuse what cannot be kept; `said` is all that the entry is to say."""
    if noun.path:
        await addresses.check_free(noun, said["slug"], row.id if row else "")
    await references.check(noun, said, row.id if row else "")
    if noun.kind in CHECKS:
        await CHECKS[noun.kind](said, row)


async def check_publishable(noun: Noun, said: Mapping[str, Any]) -> None:
    """Refuse what must not be public yet."""
    if noun.kind == "condition":
        advised = any(advice["level"] in QUICKLY for advice in said["care_advice"])
        if not advised and not (said["no_urgent_advice_reason"] or "").strip():
            raise NoUrgentAdvice(path=("care_advice",))
    if noun.kind == "statement" and not said["sources"]:
        raise NoSources(path=("sources",))
    await references.check_public(noun, said)


async def _condition(said: Mapping[str, Any], _row: object) -> None:
    codes = [(code["system"], code["value"]) for code in said["codes"]]
    if len(set(codes)) != len(codes):
        raise Invalid("codes names a code twice: name each once.", path=("codes",))


async def _practitioner(said: Mapping[str, Any], _row: object) -> None:
    for place, held in enumerate(said["credentials"]):
        if held["valid_from"] and held["valid_until"] and held["valid_until"] < held["valid_from"]:
            raise Invalid(
                "A credential ends before it begins: correct its dates.", path=("credentials", place, "valid_until")
            )


async def _source(said: Mapping[str, Any], row: Any) -> None:  # noqa: ANN401 - as above
    await sources.check(said, row)
    for place, found in enumerate(said["findings"]):
        if found["ci_low"] is not None and found["ci_high"] is not None and found["ci_high"] < found["ci_low"]:
            raise Invalid(
                "A confidence interval ends before it begins: correct it.", path=("findings", place, "ci_high")
            )


async def _statement(said: Mapping[str, Any], row: Any) -> None:  # noqa: ANN401 - as above
    if len(said["summary"].split()) > MOST_WORDS:
        raise TooManyWords(path=("summary",))
    same = {f"{name}_id" if name in {"treatment", "condition"} else name: said[name] for name in ONE_LINE}
    known = await EvidenceStatement.filter(**same).exclude(id=row.id if row else "").first()
    if known:
        raise Invalid(
            f"There is a statement on this already ({known.id}): change that one, or name another outcome.",
            path=("outcome",),
        )


async def _disclaimer(said: Mapping[str, Any], row: Any) -> None:  # noqa: ANN401 - as above
    if said["key"] == "CUSTOM":
        return
    known = await Disclaimer.filter(key=said["key"]).exclude(id=row.id if row else "").first()
    if known:
        raise Invalid(f"There is one {said['key']} already ({known.id}): change that one.", path=("key",))


CHECKS: Mapping[str, Callable[[Mapping[str, Any], Any], Awaitable[None]]] = {
    "condition": _condition,
    "practitioner": _practitioner,
    "source": _source,
    "statement": _statement,
    "disclaimer": _disclaimer,
    "clinic": clinics.check,
}
