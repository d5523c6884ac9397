"""The five mutations of a noun, made once for all nouns: inputs that only name an entry, payloads, and resolvers."""

from typing import Annotated, Any

import pydantic
import strawberry
from pydantic import Field
from strawberry import ID, field

from api.publishing import catalogue
from api.publishing.catalogue import Noun
from schema.catalogue.inputs import said
from schema.catalogue.proposal import Proposal
from schema.context import Info
from schema.errors import UserError
from schema.gate import GateReport
from schema.inputs import KEY, SAID, VERSION, Id, Input, Key, Version
from schema.payloads import ERRORS, KEEP
from schema.remembering import field_of

REPORT = "What the gate found; filled when it blocks."


def mutations(noun: Noun, shown: Any, create: type, update: type) -> type:  # noqa: ANN401 - a lazy type of refs.py
    """The type that Mutation takes a noun's five fields from."""
    made = {
        "create": field(description=f"Writes {_a(noun)}; readers see it once it is published.")(
            _create(noun, shown, create)
        ),
        "update": field(description=_updates(noun))(_update(noun, shown, update)),
        "delete": field(description=f"Deletes {_a(noun)}; refused with IN_USE and a list while anything refers to it.")(
            _delete(noun, shown)
        ),
        "publish": field(description=f"Lets readers see {_a(noun)}.")(_publish(noun, shown)),
        "unpublish": field(
            description=f"Takes {_a(noun)} from readers; refused with IN_USE and a list while what they see uses it."
        )(_unpublish(noun, shown)),
    }
    names = {f"{verb}{_snake(noun.name)}": resolver for verb, resolver in made.items()}
    return strawberry.type(type(f"{noun.name}Mutations", (), names))


def _create(noun: Noun, shown: Any, create: type) -> Any:  # noqa: ANN401 - a resolver
    made = _payload("Create", noun, shown, gated=bool(noun.clinical))

    async def resolve(info: Info, input: Annotated[create, SAID]) -> made:  # type: ignore[valid-type]
        given: Any = input
        row = await catalogue.add(noun, said(given), info.context.acting())
        return await _answered(made, info, noun, row.id)

    return resolve


def _update(noun: Noun, shown: Any, update: type) -> Any:  # noqa: ANN401 - as above
    made = _payload("Update", noun, shown, gated=bool(noun.clinical), proposing=bool(noun.clinical))

    async def resolve(info: Info, input: Annotated[update, SAID]) -> made:  # type: ignore[valid-type]
        given: Any = input
        done = await catalogue.change(noun, given.id, given.expected_version, said(given), info.context.acting())
        answer = await _answered(made, info, noun, given.id)
        if done.proposal:
            answer.proposal = await info.context.loaders.by_id("proposal").load(done.proposal.id)
        return answer

    return resolve


def _delete(noun: Noun, shown: Any) -> Any:  # noqa: ANN401 - as above
    made, chosen = _payload("Delete", noun, shown, deleting=True), _chosen("Delete", noun)

    async def resolve(info: Info, input: Annotated[chosen, SAID]) -> made:  # type: ignore[valid-type]
        given: Any = input
        await catalogue.remove(noun, given.id, given.expected_version, info.context.acting())
        return made(deleted_id=given.id)

    return resolve


def _publish(noun: Noun, shown: Any) -> Any:  # noqa: ANN401 - as above
    made, chosen = _payload("Publish", noun, shown, gated=bool(noun.clinical)), _chosen("Publish", noun)

    async def resolve(info: Info, input: Annotated[chosen, SAID]) -> made:  # type: ignore[valid-type]
        given: Any = input
        row = await catalogue.publish(noun, given.id, given.expected_version, info.context.acting())
        return await _answered(made, info, noun, row.id)

    return resolve


def _unpublish(noun: Noun, shown: Any) -> Any:  # noqa: ANN401 - as above
    made, chosen = _payload("Unpublish", noun, shown), _chosen("Unpublish", noun)

    async def resolve(info: Info, input: Annotated[chosen, SAID]) -> made:  # type: ignore[valid-type]
        given: Any = input
        row = await catalogue.unpublish(noun, given.id, given.expected_version, info.context.acting())
        return await _answered(made, info, noun, row.id)

    return resolve


def _chosen(verb: str, noun: Noun) -> Any:  # noqa: ANN401 - a pydantic model
    """An input that names an entry and its version, and says no more."""
    model = pydantic.create_model(
        f"{verb}{noun.name}Input",
        __base__=Input,
        id=(Id, Field(description=f"The {noun.words}.")),
        expected_version=(Version, Field(description=VERSION)),
        idempotency_key=(Key, Field(None, description=KEY)),
    )
    return strawberry.pydantic.input(description=f"Which {noun.words}.")(model)


def _payload(verb: str, noun: Noun, shown: Any, **parts: bool) -> Any:  # noqa: ANN401 - as above
    """A payload: refusals, the entry as it is now, and what the verb has to say beside it."""
    now = f"The {noun.words} as it is now; with CONFLICT the current one."
    told: dict[str, tuple[Any, Any]] = {
        "user_errors": (list[UserError], field(default_factory=list, description=ERRORS)),
        field_of(noun.kind): (shown | None, field(default=None, description=now)),
    }
    if parts.get("gated"):
        told["gate_report"] = (GateReport | None, field(default=None, description=REPORT))
    if parts.get("proposing"):
        waits = "What waits for a reviewer: the clinical part of an edit of what is public; null when all was done."
        told["proposal"] = (Proposal | None, field(default=None, description=waits))
    if parts.get("deleting"):
        gone = "The id of what is no more."
        told["deleted_id"] = (ID | None, field(default=None, description=gone, metadata={KEEP: True}))
    name = f"{verb}{noun.name}"
    body = {key: given for key, (_, given) in told.items()}
    annotations = {"__annotations__": {key: type_ for key, (type_, _) in told.items()}}
    description = f"The answer of {name[0].lower()}{name[1:]}."
    return strawberry.type(type(f"{name}Payload", (), body | annotations), description=description)


async def _answered(payload: Any, info: Info, noun: Noun, key: str) -> Any:  # noqa: ANN401 - as above
    """The payload with the entry as this viewer is shown it now."""
    info.context.renew()
    return payload(**{field_of(noun.kind): await info.context.loaders.by_id(noun.kind).load(key)})


def _updates(noun: Noun) -> str:
    if not noun.clinical:
        return f"Changes {_a(noun)}. What is absent stays; null clears."
    return (
        f"Changes {_a(noun)}. What is absent stays; null clears. Once it is public, its clinical part becomes a "
        "proposal that another member approves."
    )


def _a(noun: Noun) -> str:
    return f"an {noun.words}" if noun.words[0] in "aeiou" else f"a {noun.words}"


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
