"""Turns the rows of an old table into a table of a document, or into paragraphs when it only laid things out."""

from api.publishing.importing.nodes import Inline, Node, block, text, tidy
from api.publishing.importing.notes import Notes

_MOST_COLUMNS = 30
_MOST_ROWS_SPANNED = 100


def built(rows: list[Node], notes: Notes) -> list[Node]:
    """Return one table, or the blocks of its cells one after the other."""
    filled = [row for row in rows if any(cell["content"] for cell in row["content"])]
    width = max((len(row["content"]) for row in filled), default=0)
    if width < 2 or not all(_is_simple(cell) for row in filled for cell in row["content"]):  # noqa: PLR2004 - columns
        if filled:
            notes.say("A table that only laid out the page was read as running text.")
        return [node for row in filled for cell in row["content"] for node in cell["content"]]
    grid = _grid(filled)
    width = max(len(row) for row in grid)
    # In a document the first row alone is a header; the names of rows are cells like others.
    named = [header for header, line in grid[0] if line]
    is_headed = sum(named) * 2 > len(named)
    if not is_headed:
        notes.say("A table has no header cells: name its columns.")
    return [
        block("table", [_row(row, width, header=is_headed and number == 0) for number, row in enumerate(grid)]),
    ]


def _is_simple(cell: Node) -> bool:
    return all(node["type"] == "paragraph" for node in cell["content"])


def _grid(rows: list[Node]) -> list[list[tuple[bool, Inline]]]:
    """Lay the cells out so that one that spanned several places is followed by empty ones."""
    grid: list[list[tuple[bool, Inline]]] = [[] for _ in rows]
    taken: set[tuple[int, int]] = set()
    for at, row in enumerate(rows):
        for cell in row["content"]:
            _skip_taken(grid[at], at, taken)
            attrs = cell.get("attrs", {})
            columns = min(attrs["columns"], _MOST_COLUMNS - len(grid[at]))
            for below in range(1, min(attrs["rows"], _MOST_ROWS_SPANNED)):
                taken |= {(at + below, len(grid[at]) + place) for place in range(columns)}
            if columns > 0:
                grid[at] += [(attrs["header"], _line(cell)), *[(attrs["header"], [])] * (columns - 1)]
        _skip_taken(grid[at], at, taken)
    return grid


def _skip_taken(row: list[tuple[bool, Inline]], at: int, taken: set[tuple[int, int]]) -> None:
    while (at, len(row)) in taken:
        row.append((False, []))


def _line(cell: Node) -> Inline:
    """Join the paragraphs of a cell, which holds one line only."""
    joined: Inline = []
    for paragraph in cell["content"]:
        joined += [text(" ")] if joined else []
        joined += [text(" ") if node["type"] == "hardBreak" else node for node in paragraph["content"]]
    return tidy(joined)


def _row(cells: list[tuple[bool, Inline]], width: int, *, header: bool) -> Node:
    kind = "tableHeader" if header else "tableCell"
    lines = [line for _, line in cells] + [[] for _ in range(width - len(cells))]
    return block("tableRow", [block(kind, [block("paragraph", line)]) for line in lines])
