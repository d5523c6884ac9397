"""Pages by keyset, against the list itself: every row once, in order, whatever was written meanwhile."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api import paging, sealing
from api.errors import Invalid
from api.paging import BadCursor, Key, Listing, Window
from api.sql import sql

KEY = sealing.derive("s" * 32, "meridian/cursor")
Row = tuple[str, str, str]  # id, what it is ordered by, parent

ranks = st.sampled_from(["", "a", "B", "b", "ä", "z z", "é"])
lists = st.lists(
    st.tuples(st.integers(0, 10**6), ranks, st.sampled_from("pq")), max_size=25, unique_by=lambda row: row[0]
)
tried = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def listing(rows: list[Row], *, descending: bool = False, parent: bool = False, name: str = "test") -> Listing:
    ids, ranked, parents = ([row[place] for row in rows] for place in range(3))
    source = sql("unnest(?::text[], ?::text[], ?::text[]) AS item (id, rank, parent)", ids, ranked, parents)
    keys = (Key('item.rank COLLATE "C"', "text"), Key("item.id", "text"))
    return Listing(name, source, (), keys, descending=descending, parent="item.parent" if parent else "")


def rows_of(drawn: list[tuple[int, str, str]]) -> list[Row]:
    return [(f"{number:06d}", rank, parent) for number, rank, parent in drawn]


def ordered(rows: list[Row], *, descending: bool) -> list[str]:
    return [row[0] for row in sorted(rows, key=lambda row: (row[1].encode(), row[0]), reverse=descending)]


async def walk(of: Listing, size: int, *, backward: bool = False) -> list[str]:
    """Every id of the list, page by page; checks what each page says of its sides."""
    seen: list[str] = []
    cursor = None
    while True:
        page = await paging.page(of, Window(size, cursor, backward), KEY)
        ids = [entry.id for entry in page.entries]
        seen = ids + seen if backward else seen + ids
        before, after = (page.has_next, page.has_previous) if backward else (page.has_previous, page.has_next)
        assert before is (cursor is not None)
        if not after:
            return seen
        cursor = page.entries[0 if backward else -1].cursor


@given(lists, st.integers(1, 7), st.booleans(), st.booleans())
@tried
async def test_walking_either_way_meets_every_row_once_in_order(database, drawn, size, descending, backward):
    rows = rows_of(drawn)
    of = listing(rows, descending=descending)
    assert await walk(of, size, backward=backward) == ordered(rows, descending=descending)
    assert await paging.count(of) == len(rows)


@given(lists.filter(bool), st.integers(1, 5), st.booleans(), st.data())
@tried
async def test_from_every_place_the_rows_on_each_side_follow(database, drawn, size, descending, data):
    rows = rows_of(drawn)
    of = listing(rows, descending=descending)
    wanted = ordered(rows, descending=descending)
    whole = await paging.page(of, Window(100), KEY)
    place = data.draw(st.integers(0, len(wanted) - 1))
    cursor = whole.entries[place].cursor
    after = await paging.page(of, Window(size, cursor), KEY)
    before = await paging.page(of, Window(size, cursor, backward=True), KEY)
    assert [entry.id for entry in after.entries] == wanted[place + 1 : place + 1 + size]
    assert [entry.id for entry in before.entries] == wanted[max(0, place - size) : place]
    assert (after.has_next, before.has_previous) == (len(wanted) > place + 1 + size, place > size)


@given(lists, lists, st.integers(1, 4), st.booleans())
@tried
async def test_what_is_written_and_removed_meanwhile_hides_and_repeats_no_other_row(
    database, drawn, changes, size, descending
):
    """Between two pages rows come and go; whatever was there all the time is met exactly once."""
    rows = {row[0]: row for row in rows_of(drawn)}
    changing = iter(rows_of(changes))
    stayed, seen, cursor = set(rows), [], None
    while True:
        of = listing(list(rows.values()), descending=descending)
        page = await paging.page(of, Window(size, cursor), KEY)
        seen += [entry.id for entry in page.entries]
        if not page.has_next:
            break
        cursor = page.entries[-1].cursor
        for row in [row for row, _ in zip(changing, range(3), strict=False)]:
            stayed.discard(row[0])
            if rows.pop(row[0], None) is None:
                rows[row[0]] = row
    assert sorted(key for key in seen if key in stayed) == sorted(stayed)


@given(lists, st.integers(1, 4), st.booleans(), st.booleans())
@tried
async def test_pages_below_many_parents_equal_those_below_each(database, drawn, size, descending, backward):
    rows = rows_of(drawn)
    of = listing(rows, descending=descending, parent=True)
    parents = ["q", "nobody", "p"]
    wanted = Window(size, backward=backward)
    alone = [
        await paging.page(listing([row for row in rows if row[2] == parent], descending=descending), wanted, KEY)
        for parent in parents
    ]
    assert await paging.pages(of, parents, wanted, KEY) == alone
    assert await paging.counts(of, parents) == [sum(row[2] == parent for row in rows) for parent in parents]


@pytest.mark.parametrize("text", ["", "x", "YQ", "a" * 1000, "é", "' OR 1=1", "\ud800"])
async def test_a_text_that_is_no_cursor_is_refused(database, text):
    with pytest.raises(BadCursor):
        await paging.page(listing([]), Window(5, text), KEY)


async def test_a_cursor_of_another_list_or_another_secret_is_refused(database):
    rows = [("1", "a", "p"), ("2", "b", "p")]
    foreign = (await paging.page(listing(rows, name="other"), Window(1), KEY)).entries[0].cursor
    forged = (await paging.page(listing(rows), Window(1), b"x" * 32)).entries[0].cursor
    shorter = sealing.seal(KEY, b'["test","a"]')
    for cursor in (foreign, forged, shorter):
        with pytest.raises(BadCursor):
            await paging.page(listing(rows), Window(1, cursor), KEY)


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ({}, Window(20)),
        ({"first": 1}, Window(1)),
        ({"first": 100, "after": "c"}, Window(100, "c")),
        ({"after": "c"}, Window(20, "c")),
        ({"last": 7}, Window(7, backward=True)),
        ({"last": 7, "before": "c"}, Window(7, "c", backward=True)),
        ({"before": "c"}, Window(20, "c", backward=True)),
    ],
)
def test_relays_arguments_are_one_window(arguments, wanted):
    assert paging.window(**arguments) == wanted


@pytest.mark.parametrize(
    "arguments",
    [
        {"first": 0},
        {"first": -1},
        {"first": 101},
        {"last": 0},
        {"last": 101},
        {"first": 1, "last": 1},
        {"first": 1, "before": "c"},
        {"last": 1, "after": "c"},
        {"after": "c", "before": "d"},
    ],
)
def test_a_window_that_makes_no_sense_is_refused(arguments):
    with pytest.raises(Invalid):
        paging.window(**arguments)
