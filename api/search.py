"""Finding things by words: PostgreSQL's full text over what the viewer may see, and nothing else.

Words are stemmed as English, the last word counts as a beginning, and a query that finds nothing is answered with the
nearest spelling that does find something.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from html import escape
from typing import TYPE_CHECKING

from api import ids, paging
from api.articles import reading
from api.catalogue import visible_sql
from api.errors import Invalid
from api.paging import Key, Listing
from api.practitioners import LISTED
from api.sql import Sql, both, read, sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.accounts.viewer import Viewer

LONGEST = 200
START, STOP = "\x02", "\x03"
HEADLINE = f"StartSel={START}, StopSel={STOP}, MaxFragments=2, MaxWords=24, MinWords=10, FragmentDelimiter=' … '"
WHOLE = f"StartSel={START}, StopSel={STOP}, HighlightAll=true"
CATALOGUE_TEXTS = {
    "condition": "concat_ws(' ', summary, rendering ->> 'text')",
    "treatment": "concat_ws(' ', summary, how_performed, rendering ->> 'text')",
    "practitioner": "concat_ws(' ', job_title, joined(specialties), bio)",
}
KINDS = ("article", *CATALOGUE_TEXTS)
VECTORS = {"article": "rendering.search_vector"} | {kind: f"{kind}.search_vector" for kind in CATALOGUE_TEXTS}
MARKER = re.compile(r"(?:^|\n)\s*(?:-|\d+\.) ")  # of a list, as plain text has it
WORD = re.compile(r"[^\W\d_]{4,30}")
MOST_MENDED = 8
MOST_FOUND, MOST_BEGUN = 2_000, 500
"""So many articles with the whole words, and so many in which a word only begins so, are ranked and counted: ranking
reads the words of each, and a short beginning is one of half of all articles."""
NEAREST = 3


@dataclass(frozen=True)
class Hit:
    """Something found. Title and snippet are HTML in which only `mark` elements stand; all else is escaped."""

    id: str
    kind: str
    title: str
    snippet: str
    rank: float


def listing(query: str, viewer: Viewer, kinds: Iterable[str] = KINDS) -> Listing:
    """What the query finds, best first."""
    of_kind = {kind: _hits(kind, viewer) for kind in CATALOGUE_TEXTS} | {"article": _articles(query, viewer)}
    wanted = [of_kind[kind] for kind in KINDS if kind in set(kinds)]
    union = wanted[0]
    for more in wanted[1:]:
        union = union + " UNION ALL " + more
    keys = (Key("hit.rank", "float8"), Key("hit.id", "text"))
    return Listing("search", _asked(query) + " CROSS JOIN LATERAL (" + union + ") AS hit", (), keys, descending=True)


async def hits(query: str, wanted: Sequence[str], viewer: Viewer) -> list[Hit | None]:
    """Title and snippet of each thing found, in the order asked for."""
    found: dict[str, Hit] = {}
    for kind in KINDS:
        mine = [key for key in wanted if ids.kind_of(key) == kind]
        found |= {hit.id: hit for hit in await _headlines(kind, query, mine, viewer)} if mine else {}
    return [found.get(key) for key in wanted]


async def did_you_mean(query: str, viewer: Viewer) -> str | None:
    """The query with words that find nothing put right, if that finds something; None when there is nothing to suggest.

    Whatever is suggested finds something by itself, for this viewer: a word of a draft or of what was taken down is
    never said.
    """
    words = list(dict.fromkeys(WORD.findall(query.lower())))[:MOST_MENDED]
    found = await _finding(words, viewer)
    near = {word: await _near(word) for word in words if word not in found}
    visible = await _finding([other for others in near.values() for other in others], viewer)
    better = {
        word: mended[0] for word, others in near.items() if (mended := [each for each in others if each in visible])
    }
    suggestion = WORD.sub(lambda word: better.get(word[0], word[0]), query.lower())
    return suggestion if better and await paging.count(listing(suggestion, viewer)) else None


def checked(query: str) -> str:
    """The query without surrounding space; refused when it is empty or far too long."""
    words = " ".join(query.split())
    if not words or len(words) > LONGEST:
        raise Invalid(f"Give one or a few words to search for, up to {LONGEST} characters.")
    return words


def _whole(query: str) -> Sql:
    return sql("websearch_to_tsquery('english', ?)", query)


def _begun(query: str) -> Sql | None:
    """The tsquery of which the last word is a beginning; None where there is no such word."""
    head, _, last = query.rpartition(" ")
    if not re.fullmatch(r"\w+", last):
        return None
    beginning = sql("to_tsquery('english', ?)", f"{last}:*")
    return "(" + _whole(head) + " && " + beginning + ")" if head else beginning


def _asked(query: str) -> Sql:
    """The whole words, and the terms as a row of their own, for the FROM clause: the words or what they begin.

    OFFSET: else the words would be read anew for each row.
    """
    whole, begun = _whole(query), _begun(query)
    terms = whole + " || " + begun if begun else whole
    return "(SELECT " + whole + " AS words, " + terms + " AS terms OFFSET 0) AS asked"


def _hits(kind: str, viewer: Viewer) -> Sql:
    return f"SELECT {kind}.id, 1.2 * ts_rank({VECTORS[kind]}, asked.terms)::float8 AS rank " + _matching(kind, viewer)


def _articles(query: str, viewer: Viewer) -> Sql:
    """The articles that match: those with the whole words, and those that only begin with the last of them.

    Which ones, where there are more: those that the table has first, read by the index of their words. An order that
    is asked for would have all of them looked up (decision 073).
    """
    columns = f"SELECT article.id, {VECTORS['article']} AS vector "
    found = f"({columns}" + _matching("article", viewer, "asked.words") + f" LIMIT {MOST_FOUND})"
    if _begun(query):
        # Among so many there are enough that only begin so, unless enough have the whole words.
        likely = columns + _matching("article", viewer) + f" LIMIT {MOST_FOUND + MOST_BEGUN}"
        found = found + " UNION ALL (SELECT id, vector FROM (" + likely + ") AS likely"
        found = found + f" WHERE NOT vector @@ asked.words LIMIT {MOST_BEGUN})"
    return "SELECT found.id, ts_rank(found.vector, asked.terms)::float8 AS rank FROM (" + found + ") AS found"


def _matching(kind: str, viewer: Viewer, terms: str = "asked.terms") -> Sql:
    """The things of a kind that match the terms and exist for the viewer: the statement from its FROM on."""
    if kind == "article":
        joined = f"FROM rendering {reading.of_revision('rendering')} AND rendering.revision_id = ("
        shown = Sql(joined) + reading.shown_to(viewer) + ") WHERE "
        return shown + both([Sql(f"{VECTORS[kind]} @@ {terms}"), reading.visible_to(viewer)])
    listed = [Sql(LISTED)] if kind == "practitioner" else []
    return f"FROM {kind} WHERE " + both([Sql(f"{VECTORS[kind]} @@ {terms}"), visible_sql(viewer, kind), *listed])


async def _headlines(kind: str, query: str, wanted: list[str], viewer: Viewer) -> list[Hit]:
    if kind == "article":
        texts = ("revision.title", "concat_ws(' ', revision.summary, rendering.text)")
        joined = "article JOIN revision ON revision.id = (" + reading.shown_to(viewer) + ")"
        source = joined + " JOIN rendering ON rendering.revision_id = revision.id"
    else:
        texts, source = (f"{kind}.name", CATALOGUE_TEXTS[kind]), Sql(kind)
    where = sql(f" WHERE {kind}.id = ANY(?::text[])", wanted)
    columns = f"SELECT {kind}.id, {_headline_columns(*texts, VECTORS[kind])} FROM "
    found = await read(columns + source + ", " + _asked(query) + where)
    return [Hit(row["id"], kind, _marked(row["title"]), _marked(row["snippet"]), row["rank"]) for row in found]


def _headline_columns(title: str, text: str, vector: str) -> str:
    return (
        f"ts_headline('english', {title}, terms, '{WHOLE}') AS title, "
        f"ts_headline('english', {text}, terms, E'{HEADLINE.replace(chr(39), chr(39) * 2)}') AS snippet, "
        f"ts_rank({vector}, terms)::float8 AS rank"
    )


def _marked(text: str) -> str:
    return escape(MARKER.sub(" ", text).strip()).replace(START, "<mark>").replace(STOP, "</mark>")


async def _finding(words: Sequence[str], viewer: Viewer) -> set[str]:
    """Those of the words that find something by themselves, or are too common to be looked for."""
    finds = Sql("numnode(asked.terms) = 0")
    for kind in KINDS:
        finds = finds + " OR EXISTS (SELECT " + _matching(kind, viewer) + ")"
    each = "SELECT said.word FROM unnest(?::text[]) AS said (word) CROSS JOIN LATERAL "
    asked = "(SELECT websearch_to_tsquery('english', said.word) AS terms) AS asked WHERE "
    return {row["word"] for row in await read(sql(each + asked, list(words)) + finds)} if words else set()


async def _near(word: str) -> list[str]:
    """Words once seen that are closest in spelling; the first letter is taken to be right, or the end is."""
    near = (
        "SELECT word FROM search_word WHERE length(word) BETWEEN ? AND ? AND (left(word, 1) = ? OR right(word, 3) = ?)"
    )
    found = await read(sql(near, len(word) - 2, len(word) + 2, word[0], word[-3:]))
    return get_close_matches(word, [row["word"] for row in found], n=NEAREST, cutoff=0.72)
