"""What a request carries into its resolvers: the viewer, the settings, and loaders that ask once for many."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import strawberry
from strawberry.dataloader import DataLoader

from api import catalogue, changes, ids, paging, statements, views, worklist
from api.accounts import reading as accounts
from api.accounts.failures import Origin
from api.accounts.viewer import Viewer
from api.articles import reading, renderings, representation, reviews
from api.clinic import Clinic, Disclaimer, the_clinic
from api.comments import problems
from api.comments import reading as comments
from api.comments.submitting import Door
from api.conditions import Condition
from api.evidence import reading as evidence
from api.evidence.models import Source
from api.media import reading as media
from api.outbound import Outbound
from api.practitioners import Practitioner
from api.publishing import desk, gating
from api.publishing.acting import Acting
from api.publishing.catalogue import proposals
from api.statements import EvidenceStatement
from api.syndication import copies, recalls, rehearsal
from api.syndication import reading as partners
from api.syndication.webhooks import reading as webhooks
from api.treatments import Treatment
from schema import loaded
from schema.scalars import URL

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence

    from tortoise.models import Model

    from api.articles.finding import ArticleFacts

Rows: TypeAlias = "Callable[[list[str], Viewer], Awaitable[Mapping[str, Any]]]"
CATALOGUE: dict[str, type[Model]] = {
    "condition": Condition,
    "treatment": Treatment,
    "practitioner": Practitioner,
    "source": Source,
    "disclaimer": Disclaimer,
}
ROWS: dict[str, Rows] = {
    "article": reading.by_id,
    "revision": desk.revisions_by_id,
    "comment": comments.by_id,
    "problem_report": problems.by_id,
    "member": accounts.members_by_id,
    "token": accounts.tokens_by_id,
    "media": lambda wanted, _viewer: media.by_id(wanted),
    "statement": statements.by_id,
    "proposal": proposals.by_id,
    "clinic": lambda wanted, _viewer: clinic_by_id(wanted),
    "partner": partners.partners_by_id,
    "partner_key": partners.keys_by_id,
    "recall": recalls.by_id,
    "stale_copy": copies.stale_by_id,
    "fetch": copies.fetches_by_id,
    "webhook": webhooks.webhooks_by_id,
    "delivery": webhooks.deliveries_by_id,
    "waiting": worklist.items,
    "log": desk.entries,
}
"""How the rows of every other kind are found: those of the wanted ones that exist for the viewer."""
LISTED = frozenset({"waiting", "log", "stale_copy", "fetch"})
"""Rows that have no id of their own and are never asked for by name: a list has just named them."""
Batch: TypeAlias = "Callable[[list[str]], Awaitable[Sequence[Any]]]"


class Loaders:
    """One loader for each question; the same question of many rows is one statement."""

    def __init__(self, viewer: Viewer, cursor_key: bytes) -> None:
        self._viewer = viewer
        self._cursor_key = cursor_key
        self._articles: dict[str, reading.ShownArticle] = {}
        self._hashes: dict[str, str] = {}
        self._made: dict[Hashable, DataLoader[Any, Any]] = {}

    def by_id(self, kind: str) -> DataLoader[str, Any]:
        """Rows of a kind (of CATALOGUE, or named in `_rows`) by id; None for what the viewer may not see."""

        async def batch(wanted: list[str]) -> list[Any]:
            known = wanted if kind in LISTED else [key for key in wanted if ids.prefix_of(key)]
            found = await self._rows(kind, known)
            return [found.get(key) for key in wanted]

        return self._loader(("id", kind), batch)

    def by_slug(self, kind: str) -> DataLoader[str, Any]:
        """The same by slug."""

        async def batch(wanted: list[str]) -> list[Any]:
            found: dict[str, Any]
            if kind == "article":
                found = dict(await reading.by_slug(wanted, self._viewer))
            else:
                found = dict(await catalogue.by_slug(CATALOGUE[kind], wanted, self._viewer))
            return [found.get(key) for key in wanted]

        return self._loader(("slug", kind), batch)

    def below(self, model: type[Model], owner: str, *order: str) -> DataLoader[str, Any]:
        """The rows that belong to each owner."""
        return self._loader((model, owner, order), lambda owners: catalogue.below(model, owner, owners, *order))

    def linked(
        self, through: type[Model], owner: str, target: str, order: str = "link.position"
    ) -> DataLoader[str, Any]:
        """The entries to which each owner is linked."""
        return self._loader(
            (through, owner, target, order),
            lambda owners: catalogue.linked(through, owner, target, owners, self._viewer, order=order),
        )

    def pages(self, listing: paging.Listing, wanted: paging.Window) -> DataLoader[str, paging.Page]:
        """A page of the list below each parent."""
        return self._loader((listing, wanted), lambda parents: paging.pages(listing, parents, wanted, self._cursor_key))

    def counts(self, listing: paging.Listing) -> DataLoader[str, int]:
        """The length of the list below each parent."""
        return self._loader((listing, "count"), lambda parents: paging.counts(listing, parents))

    def statements(self, owner: str) -> DataLoader[str, list[EvidenceStatement]]:
        """The evidence statements about each `condition` or `treatment`."""
        return self._loader(("statements", owner), lambda owners: statements.of(owner, owners, self._viewer))

    @property
    def children(self) -> DataLoader[str, list[Condition]]:
        """The conditions directly below each condition."""
        return self._loader("children", lambda parents: catalogue.children(Condition, parents, self._viewer))

    @property
    def renderings(self) -> DataLoader[str, renderings.RenderedText]:
        return self._loader("renderings", rehearsal.texts)

    @property
    def documents(self) -> DataLoader[str, dict[str, Any]]:
        return self._loader("documents", rehearsal.documents)

    @property
    def colleagues(self) -> DataLoader[str, Any]:
        """Members by id, for whoever may know their names."""
        return self._loader("colleagues", accounts.colleagues)

    @property
    def views(self) -> DataLoader[str, int]:
        """Visitor-days of each article."""
        return self._loader("views", views.totals)

    @property
    def gate_reports(self) -> DataLoader[str, Any]:
        """What the gate says of each revision now."""
        return self._loader("gate", lambda revisions: gating.reports_of(revisions, self._viewer))

    @property
    def drafts(self) -> DataLoader[str, Any]:
        """The row of each article whose draft this viewer may read; None for every other one."""
        return self._loader("drafts", lambda articles: desk.articles(articles, self._viewer))

    @property
    def attempts(self) -> DataLoader[str, Any]:
        """Every try of each delivery."""
        return self._loader("attempts", webhooks.attempts)

    def revisions(self) -> DataLoader[str, Any]:
        """Revisions by id, for those who may read them."""
        return self._loader("revisions", lambda revisions: desk.revisions(revisions, self._viewer))

    @property
    def reviews(self) -> DataLoader[str, reviews.StandingReview | None]:
        return self._loader("reviews", reviews.shown)

    @property
    def sources_by_key(self) -> DataLoader[str, Source | None]:
        return self._loader("sources", lambda keys: evidence.by_key(keys, self._viewer))

    async def clinic(self) -> Clinic:
        """The one clinic."""
        clinics: DataLoader[str, Clinic] = self._loader("clinic", the_clinics)
        return await clinics.load("")

    async def facts(self, article: reading.ShownArticle) -> ArticleFacts:
        """All that stands behind an article's page, asked for by the article itself."""
        self._articles[article.revision_id] = article

        async def batch(revisions: list[str]) -> list[ArticleFacts]:
            articles = [self._articles[revision] for revision in revisions]
            return await rehearsal.facts(articles, self._viewer, loaded.Finder(self._viewer, self))

        return await self._loader("facts", batch).load(article.revision_id)

    @property
    def rehearsals(self) -> DataLoader[str, Any]:
        """The last rehearsal of each partner."""
        return self._loader("rehearsals", partners.rehearsals)

    @property
    def slugs(self) -> DataLoader[str, str]:
        """The address that each article last had in the log, live or not."""
        return self._loader("slugs", changes.slugs)

    async def content_hash(self, article: reading.ShownArticle, site: str) -> str:
        """The hash of what partners show, made once however often it is told."""
        facts = await self.facts(article)
        if article.revision_id not in self._hashes:
            self._hashes[article.revision_id] = representation.content_hash(facts, site)
        return self._hashes[article.revision_id]

    async def sent(self, article: reading.ShownArticle, site: str) -> None:
        """Note that a partner is shown what this article says; for everybody else nothing is written down."""
        grant = self._viewer.partner
        if grant is None:
            return
        digest = await self.content_hash(article, site)

        async def batch(sent: list[Any]) -> list[None]:
            await copies.fetched(grant, sent)
            return [None] * len(sent)

        await self._loader("sent", batch).load((article.id, article.revision_number, digest))

    def related(self, most: int) -> DataLoader[str, list[str]]:
        """The ids of the articles closest to each revision."""
        return self._loader(("related", most), lambda revisions: reading.related(revisions, self._viewer, most))

    async def _rows(self, kind: str, wanted: list[str]) -> Mapping[str, Any]:
        if kind in CATALOGUE:
            return await catalogue.by_id(CATALOGUE[kind], wanted, self._viewer)
        found = await ROWS[kind](wanted, self._viewer)
        if kind == "article" and self._viewer.partner and (missing := set(wanted) - found.keys()):
            return {**found, **await rehearsal.articles(missing, self._viewer.partner.partner)}
        return found

    def _loader(self, key: Hashable, batch: Batch) -> DataLoader[Any, Any]:
        if key not in self._made:
            self._made[key] = DataLoader(load_fn=batch)
        return self._made[key]


async def clinic_by_id(wanted: list[str]) -> dict[str, Clinic]:
    """The one clinic, where it is among those asked for."""
    clinic = await the_clinic()
    return {clinic.id: clinic} if clinic.id in wanted else {}


async def the_clinics(asked: list[str]) -> list[Clinic]:
    """The one clinic, however often it is asked for."""
    return [await the_clinic()] * len(asked)


async def no_limit(_partner: str, _quota: int) -> int | None:
    """What may still be asked for where there is no limit: nobody counts."""
    return None


@dataclass
class Context:
    """One request's viewer and loaders. `site` and `api` are the public addresses, never taken from the request.

    `hash_key` makes hashes of what the database must not tell, such as who failed to sign in; `address_prefix` is where
    the request came from, when that is known. `secret` seals the links that are handed out. `from_site` tells that the
    clinic's own site has signed the request, `outbound` knows which addresses may be reached, `full_feeds` whether
    everybody may read whole articles in bulk. `told` is what the edge must know of the answer, such as `no-store`.
    `remaining` tells what a partner may still ask for in this minute, given
    its quota; None where there is no limit.
    """

    viewer: Viewer
    site: str
    api: str
    cursor_key: bytes
    hash_key: bytes = b""
    address_prefix: str | None = None
    secret: str = field(default="", repr=False)
    from_site: bool = False
    outbound: Outbound = field(default_factory=Outbound)
    full_feeds: bool = False
    told: set[str] = field(default_factory=set)
    remaining: Callable[[str, int], Awaitable[int | None]] = no_limit
    loaders: Loaders = field(init=False)

    def __post_init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Forget what was loaded: something has just changed."""
        self.loaders = Loaders(self.viewer, self.cursor_key)

    def address(self, path: str) -> str:
        """The absolute address of a path on the clinic's site."""
        return self.site + path

    def origin(self) -> Origin:
        """Where a try to prove a password comes from."""
        return Origin(self.hash_key, self.address_prefix)

    def door(self) -> Door:
        """Where a reader's form comes in."""
        return Door(self.secret, self.address_prefix)

    def acting(self) -> Acting:
        """The viewer as the one who acts now."""
        return Acting(self.site, self.viewer)

    def link(self, address: str | None) -> URL | None:
        """An address as the catalogue keeps it, where a path belongs to the clinic's site, made absolute."""
        return URL(self.address(address) if address.startswith("/") else address) if address else None


Info: TypeAlias = strawberry.Info[Context, None]
