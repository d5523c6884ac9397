"""What lies on an editor's desk: articles with their drafts, their revisions, and the log of what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.accounts.models import Member
from api.accounts.viewer import Role, Scope
from api.articles import reading
from api.articles.models import Article, Revision, Stage
from api.audit import AuditEntry
from api.paging import Key, Listing
from api.publishing.acting import may_read
from api.sql import Sql, sql

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from api.accounts.viewer import Viewer

REVISIONS = Listing(
    "revisions",
    Sql("revision"),
    (),
    (Key("revision.number", "int"), Key("revision.id", "text")),
    descending=True,
    parent="revision.article_id",
)


LIVE = f"({reading.LIVE})"
WORKED_ON = "coalesce(article.draft_id, article.live_id)"
BLOCKED = f"""EXISTS (
  SELECT FROM gate_report, jsonb_array_elements(gate_report.findings) AS found
   WHERE gate_report.revision_id = {WORKED_ON} AND found ->> 'rule' = ? AND found ->> 'severity' = 'BLOCK'
     AND found ->> 'waiver' IS NULL)"""
DUE = f"SELECT shown.next_review_due FROM shown_review({LIVE}) AS shown"
"""The day by which what is live must be reviewed; of a correction that only deleted, seven days after it was made."""
AUDIT = Key("audit_entry.id", "bigint")
WRITTEN = frozenset({Scope.ARTICLES, Scope.PUBLISHING, Scope.REVIEWING})
KEPT = frozenset({Scope.CATALOGUE, Scope.REVIEWING})
CONTENT = {"art": WRITTEN, "med": frozenset({Scope.MEDIA})} | dict.fromkeys(
    ("cnd", "trt", "prc", "src", "est", "dsc", "cln"), KEPT
)
"""What editors read the log of, by the beginning of its id, and the scopes of which the token needs one."""
PEOPLE = (
    dict.fromkeys(("mbr", "tok"), frozenset({Scope.MEMBERS}))
    | dict.fromkeys(("prt", "pky", "whk", "rcl"), frozenset({Scope.PARTNERS}))
    | dict.fromkeys(("cmt", "prb"), frozenset({Scope.COMMENTS}))
)
"""The same of what concerns members, partners and readers: for admins."""


@dataclass(frozen=True)
class Wanted:
    """Which articles: by the draft's stage, who wrote it, a rule that blocks it, and when what is live is due."""

    stage: Stage | None = None
    author: str | None = None
    blocked_by: str | None = None
    review_due_before: date | None = None


@dataclass(frozen=True)
class LogEntry:
    """One act, and the name of the member who did it."""

    entry: AuditEntry
    actor_name: str | None


def written(wanted: Wanted, viewer: Viewer) -> Listing:
    """The articles whose drafts the viewer may read, newest first."""
    where = [readable(viewer)]
    if wanted.stage:
        where.append(sql("article.stage = ?", str(wanted.stage)))
    if wanted.author is not None:
        link = f"SELECT FROM revision_author WHERE revision_id = {WORKED_ON} AND practitioner_id = ?"
        where.append(sql(f"EXISTS ({link})", wanted.author))
    if wanted.blocked_by is not None:
        where.append(sql(BLOCKED, wanted.blocked_by))
    if wanted.review_due_before is not None:
        where.append(sql(f"({DUE}) < ?", wanted.review_due_before))
    return Listing("desk.articles", Sql("article"), tuple(where), (Key("article.id", "text"),), descending=True)


def readable(viewer: Viewer) -> Sql:
    """Whether the viewer may read the article's draft, as `may_read` decides it row by row."""
    if viewer.sees_drafts:
        return Sql("TRUE")
    return sql("article.created_by_id = ?", viewer.member) if viewer.sees_own_drafts else Sql("FALSE")


def log(viewer: Viewer, thing: str | None, actor: str | None) -> Listing:
    """The audit log, newest first; of one thing, of one actor."""
    where = [sql("split_part(audit_entry.thing, '_', 1) = ANY(?::text[])", _logged(viewer))]
    if thing is not None:
        where.append(sql("audit_entry.thing = ?", thing))
    if actor is not None:
        where.append(sql("audit_entry.actor = ?", actor))
    return Listing("desk.log", Sql("audit_entry"), tuple(where), (AUDIT,), descending=True)


async def entries(wanted: Sequence[Any], _viewer: Viewer) -> dict[Any, LogEntry]:
    """Entries of the log, which `log` has chosen, with the names of those who acted."""
    found = await AuditEntry.filter(id__in=list(wanted))
    members = await Member.filter(id__in=[row.actor for row in found]).values_list("id", "display_name")
    names = {str(key): str(name) for key, name in members}
    return {row.id: LogEntry(row, names.get(row.actor)) for row in found}


async def articles(wanted: Sequence[str], viewer: Viewer) -> list[Article | None]:
    """The row of each article whose draft the viewer may read; None for every other one."""
    if not (viewer.member or viewer.review_link):
        return [None for _ in wanted]
    found = {row.id: row for row in await Article.filter(id__in=list(wanted))}
    return [row and article(row, viewer) for row in map(found.get, wanted)]


def article(row: Article, viewer: Viewer) -> Article | None:
    """The row of an article, for a viewer who may read its draft."""
    return row if (viewer.member or viewer.review_link) and may_read(viewer, row) else None


async def revisions(wanted: Sequence[str], viewer: Viewer) -> list[Revision | None]:
    """The revisions of articles whose drafts the viewer may read; a review link shows its own alone."""
    if not (viewer.member or viewer.review_link):
        return [None for _ in wanted]
    found = {row.id: row for row in await Revision.filter(id__in=list(wanted)).select_related("article")}
    return [row if (row := found.get(key)) and _may_read(viewer, row) else None for key in wanted]


async def revisions_by_id(wanted: Sequence[str], viewer: Viewer) -> dict[str, Revision]:
    """The same by id."""
    return {row.id: row for row in await revisions(wanted, viewer) if row is not None}


def _logged(viewer: Viewer) -> list[str]:
    """What the viewer reads the log of: what the token in use is for, as far as the roles reach."""
    needed = CONTENT | (PEOPLE if Role.ADMIN in viewer.roles else {})
    return [prefix for prefix, scopes in needed.items() if scopes & viewer.scopes]


def _may_read(viewer: Viewer, revision: Revision) -> bool:
    return may_read(viewer, revision.article) and (viewer.review_link is None or revision.id == viewer.preview)
