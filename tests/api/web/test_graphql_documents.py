"""The store of parsed and validated documents."""

import gc
from hashlib import sha256

import pytest
import small_clinic
from graphql import DocumentNode, GraphQLError, GraphQLSchema, Source, parse, validate

from api.web.graphql import documents
from api.web.graphql.documents import Documents, Prepared, Refusals
from api.web.graphql.limits import ANONYMOUS, TOKEN, Limits

SCHEMA = small_clinic.SCHEMA._schema


def prepare(store: Documents, text: str, limits: Limits = ANONYMOUS) -> Prepared:
    return store.prepare(text, sha256(text.encode()).hexdigest(), limits)


def test_a_document_is_parsed_and_validated_once(monkeypatch: pytest.MonkeyPatch):
    validated: list[DocumentNode] = []

    def counted(schema: GraphQLSchema, document: DocumentNode, *rules: object, **named: object):
        validated.append(document)
        return validate(schema, document, *rules, **named)

    monkeypatch.setattr(documents, "validate", counted)
    store = Documents(SCHEMA)

    first, again = prepare(store, "{ hello }"), prepare(store, "{ hello }")

    assert first is again
    assert len(validated) == 1


def test_each_class_of_viewers_has_its_own_answer():
    store = Documents(SCHEMA)
    wide = (
        "{ "
        + " ".join(f"a{n}: hello" for n in range(15))
        + " node { "
        + " ".join(f"b{n}: name" for n in range(20))
        + " } }"
    )

    assert prepare(store, wide).document is None
    assert prepare(store, wide, TOKEN).document is not None


def test_a_refused_document_drives_out_none_that_is_good():
    store = Documents(SCHEMA)

    for text in ("{", "{ nope }", "{ node { node } }"):
        assert prepare(store, text).errors

    assert (len(store), store.bytes) == (0, 0)


@pytest.mark.parametrize("text", ["{", "{ nope }", "{ hello hello: nope }"])
def test_a_refused_document_is_read_once_and_refused_in_the_same_words(monkeypatch: pytest.MonkeyPatch, text: str):
    read: list[str] = []

    def counted(text: str, **named: object):
        read.append(text)
        return parse(text, **named)

    monkeypatch.setattr(documents, "parse", counted)
    store = Documents(SCHEMA)

    first, again = prepare(store, text), prepare(store, text)

    assert read == [text]
    assert again is first
    assert [error.locations for error in again.errors]
    assert all(error.locations and not error.nodes and not error.source for error in again.errors)


def test_what_is_kept_of_refused_documents_is_bounded_by_count_and_by_length():
    refused = Refusals(most=3, most_characters=2_000)

    for number in range(5):
        refused.keep((str(number), ANONYMOUS), Prepared(None, (GraphQLError("No."),)))
    few = [number for number in range(5) if (str(number), ANONYMOUS) in refused]
    refused.keep(("long", ANONYMOUS), Prepared(None, (GraphQLError("x" * 1_499),)))

    assert few == [2, 3, 4]
    assert (len(refused), refused.characters) == (1, 1_999)


def test_of_an_error_with_a_thousand_places_and_a_long_sentence_little_is_kept():
    def dear(*_: object):
        cause = ValueError("x" * 5_000)
        return [GraphQLError("x" * 5_000, source=Source(" " * 1_000), positions=range(1_000), original_error=cause)]

    store = Documents(SCHEMA, checks=[dear])

    (error,) = prepare(store, "{ hello }").errors

    assert (len(error.message), len(error.locations), error.original_error) == (500, 5, None)
    assert store.refused.characters == 500 + 5 * 100 + 500


def test_reading_a_hostile_document_leaves_little_garbage_that_goes_in_circles():
    """Thirty thousand things in circles are looked for in all that lives, and stop everybody for as long."""
    text = "{ " + "node { node { node { name } } } " * 70 + "}"
    store = Documents(SCHEMA)
    gc.collect()
    gc.disable()
    try:
        assert prepare(store, text, Limits(depth=20, root_fields=100)).errors
        assert gc.collect() < 8_000
    finally:
        gc.enable()


def test_the_store_is_bounded_by_count_and_forgets_the_least_recently_used():
    store = Documents(SCHEMA, most=3)
    first = prepare(store, "{ a0: hello }")
    for n in (1, 2):
        prepare(store, f"{{ a{n}: hello }}")
    prepare(store, "{ a0: hello }")

    prepare(store, "{ a3: hello }")

    assert len(store) == 3
    assert prepare(store, "{ a0: hello }") is first
    assert store.bytes == sum(one.size for one in store.recent)


def test_the_store_is_bounded_by_bytes():
    size = prepare(Documents(SCHEMA), "{ a0: hello }").size
    store = Documents(SCHEMA, most_bytes=size * 5)

    for n in range(10):
        prepare(store, f"{{ a{n}: hello }}")

    assert (len(store), store.bytes) == (5, size * 5)


@pytest.mark.parametrize("bound", ["most", "most_bytes"])
def test_documents_of_those_without_a_token_drive_out_none_of_those_with_one(bound: str):
    size = prepare(Documents(SCHEMA), "{ a10: hello }").size
    store = Documents(SCHEMA, **{bound: 10 if bound == "most" else size * 10})
    editors = [prepare(store, f"{{ a{n}: hello }}", TOKEN) for n in range(10, 14)]

    for n in range(20, 60):
        prepare(store, f"{{ a{n}: hello }}")

    assert (len(store), store.bytes) == (10, size * 10)
    assert all(prepare(store, f"{{ a{n}: hello }}", TOKEN) is one for n, one in enumerate(editors, start=10))


def test_many_short_documents_of_those_without_a_token_drive_out_no_long_one_of_those_with_one():
    long = "{ " + " ".join(f"a{n}: hello" for n in range(20)) + " }"
    store = Documents(SCHEMA, most=4)
    kept = prepare(store, long, TOKEN)

    for number in range(10):
        assert prepare(store, f"{{ b{number}: hello }}").document

    assert kept.document
    assert prepare(store, long, TOKEN) is kept
    assert (len(store), store.bytes) == (4, sum(one.size for one in store.recent))


def test_a_class_that_is_alone_has_all_the_room_and_gives_way_when_another_comes():
    store = Documents(SCHEMA, most=10)
    for n in range(10, 30):
        prepare(store, f"{{ a{n}: hello }}", TOKEN)
    full = len(store)
    for n in range(30, 35):
        prepare(store, f"{{ a{n}: hello }}")

    assert (full, len(store)) == (10, 10)
    assert all(store.knows(sha256(f"{{ a{n}: hello }}".encode()).hexdigest(), ANONYMOUS) for n in range(30, 35))


def test_committed_documents_are_never_driven_out():
    digest = sha256(b"{ hello }").hexdigest()
    store = Documents(SCHEMA, most=1, committed=frozenset({digest}))
    kept = prepare(store, "{ hello }")

    for n in range(5):
        prepare(store, f"{{ a{n}: hello }}")

    assert prepare(store, "{ hello }") is kept
    assert len(store) == 1


def test_a_check_that_is_handed_in_refuses_valid_documents_only():
    asked: list[str] = []

    def costly(_document: DocumentNode, _schema: GraphQLSchema, limits: Limits):
        asked.append(limits.who)
        return [GraphQLError("It costs too much.")]

    store = Documents(SCHEMA, checks=[costly])

    assert [error.message for error in prepare(store, "{ hello }").errors] == ["It costs too much."]
    assert prepare(store, "{ nope }").errors[0].message.startswith("Cannot query field 'nope'")
    assert asked == ["without a token"]


def test_overlapping_fields_end_within_a_budget():
    text = "{ " + " ".join("node { name }" for _ in range(18)) + " node {" + " child { name }" * 230 + " } }"
    limits = Limits(tokens=4_000)

    errors = prepare(Documents(SCHEMA), text, limits).errors

    assert [error.extensions for error in errors] == [
        {
            "code": "COST_LIMIT_EXCEEDED",
            "limit": "comparisons of overlapping fields",
            "maximum": 20_000,
            "asked": "more",
        }
    ]


def test_strawberrys_own_rules_are_applied():
    store = Documents(SCHEMA)

    (error,) = prepare(store, "{ titled(title: null) }").errors

    assert error.message == "'title' cannot be null: leave it out, or give it a value."
