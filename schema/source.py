"""Works that can be cited, and what each found."""

from datetime import date

import strawberry
from strawberry import ID, Parent, field
from strawberry.scalars import JSON

from api.articles import reading
from api.evidence import bibliography, csl, enums, models
from schema.colleague import Colleague, colleague
from schema.context import Info
from schema.entry import Entry
from schema.node import Node, made_from
from schema.paging import After, Before, Connection, First, Last, connection
from schema.refs import ArticleRef, SourceRef
from schema.scalars import DOI, ISBN, PMCID, PMID, URL


@strawberry.input(one_of=True, description="Which source: by exactly one of these.")
class SourceBy:
    id: strawberry.Maybe[ID] = field(description="By id.")
    key: strawberry.Maybe[str] = field(description="By key.")
    doi: strawberry.Maybe[DOI] = field(description="By DOI.")
    pmid: strawberry.Maybe[PMID] = field(description="By PubMed number.")


@strawberry.type(description="What a work found for one outcome against one comparator.")
class SourceFinding:
    outcome: str = field(description="What was measured.")
    comparator: enums.Comparator = field(description="Against what.")
    timepoint: enums.Timepoint | None = field(description="When.")
    direction: enums.Direction = field(description="Which way it points.")
    effect: str | None = field(description="The size of the effect, as the work gives it.")
    ci_low: float | None = field(description="Lower end of the 95 % confidence interval.")
    ci_high: float | None = field(description="Upper end of the 95 % confidence interval.")
    p: str | None = field(description="The P value as printed.")
    note: str | None = field(description="What to know when reading this finding.")


@strawberry.type(description="A work that can be cited.")
class Source(Node, Entry):
    is_type_of = made_from(models.Source)

    id: ID = field(description="The id, `src_…`.")
    key: str = field(description="The key by which texts cite it.")
    doi: DOI | None = field(description="Its DOI.")
    pmid: PMID | None = field(description="Its PubMed number.")
    pmcid: PMCID | None = field(description="Its PubMed Central number.")
    isbn: ISBN | None = field(description="Its ISBN.")
    url: URL | None = field(description="Where it can be read.")
    n: int | None = field(description="How many people took part.")
    population: str | None = field(description="Who took part.")
    limits: str | None = field(description="What limits it.")
    plain_summary: str | None = field(description="What it found and what it did not, in up to 160 characters.")
    study_design: enums.StudyDesign = field(description="How it came to what it says.")
    status: enums.SourceStatus = field(description="What is known of it today.")
    status_note: str | None = field(description="More about the status.")
    status_checked_at: date | None = field(description="When somebody last checked the status.")

    @field(description="The bibliographic record, CSL-JSON.")
    @staticmethod
    def csl(source: Parent[models.Source]) -> JSON:
        return JSON(source.csl)

    @field(description="The reference in Vancouver style, plain text, without identifiers.")
    @staticmethod
    def reference(source: Parent[models.Source]) -> str:
        return source.reference or bibliography.vancouver(csl.parse(source.csl))

    @field(description="How to speak of it in a few words, such as `Irnich 2001`.")
    @staticmethod
    def short_name(source: Parent[models.Source]) -> str:
        return source.short_name or bibliography.short_name(csl.parse(source.csl))

    @field(description="Its title.")
    @staticmethod
    def title(source: Parent[models.Source]) -> str:
        return str(source.csl.get("title", ""))

    @field(description="The year in which it came out.")
    @staticmethod
    def year(source: Parent[models.Source]) -> int | None:
        return source.year if source.reference else csl.parse(source.csl).year

    @field(description="Level of evidence 1 to 5, derived from the design (Oxford CEBM 2011); null where none applies.")
    @staticmethod
    def evidence_level(source: Parent[models.Source]) -> int | None:
        return enums.evidence_level(source.study_design)

    @field(description="Who last checked the status; null for readers, and where that is not known.")
    @staticmethod
    async def status_checked_by(source: Parent[models.Source], info: Info) -> Colleague | None:
        return await colleague(info, source.status_checked_by_id)

    @field(description="The newer work that replaces it.")
    @staticmethod
    async def superseded_by(source: Parent[models.Source], info: Info) -> SourceRef | None:
        successor = source.superseded_by_id
        return await info.context.loaders.by_id("source").load(successor) if successor else None

    @field(description="What it found.")
    @staticmethod
    async def findings(source: Parent[models.Source], info: Info) -> list[SourceFinding]:
        return await info.context.loaders.below(models.SourceFinding, "source").load(source.id)

    @field(description="The articles that lean on it, newest first.")
    @staticmethod
    async def articles(
        source: Parent[models.Source],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ArticleRef]:
        listing = reading.related_by(info.context.viewer, "revision_citation", "key")
        return await connection(info, listing, "article", (first, after, last, before), below=source.key)
