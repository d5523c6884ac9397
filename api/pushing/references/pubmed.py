"""PubMed's `.nbib` (MEDLINE display format); its publication types also tell the study's design."""

import re
from collections.abc import Iterator

from api.pushing.pages import Said
from api.pushing.references.dates import identifier, issued, kept, name
from api.pushing.references.tagged import Tags, records, value

# Most telling first: a record has several types.
_DESIGNS = {
    "meta-analysis": "META_ANALYSIS",
    "network meta-analysis": "META_ANALYSIS",
    "systematic review": "SYSTEMATIC_REVIEW",
    "practice guideline": "GUIDELINE",
    "guideline": "GUIDELINE",
    "randomized controlled trial": "RCT",
    "case reports": "CASE_SERIES",
    "review": "NARRATIVE_REVIEW",
}


def read(text: str) -> Iterator[Said]:
    for tags in records(text, "PMID"):
        yield kept({"csl": _record(tags), "studyDesign": _design(tags)})


def _record(tags: Tags) -> Said:
    full = [name(each) for each in tags.get("FAU", ())] or [_short(each) for each in tags.get("AU", ())]
    return kept(
        {
            "type": "article-journal",
            "title": value(tags, "TI", "BTI").removesuffix("."),
            "author": full + [{"literal": each} for each in tags.get("CN", ())],
            "container-title": value(tags, "JT", "TA"),
            "container-title-short": value(tags, "TA"),
            "volume": value(tags, "VI"),
            "issue": value(tags, "IP"),
            "page": value(tags, "PG"),
            "issued": issued(value(tags, "DP")),
            "ISSN": value(tags, "IS").split(" ")[0],
            "PMID": identifier("PMID", value(tags, "PMID")),
            "PMCID": identifier("PMCID", value(tags, "PMC")),
            "DOI": next(
                (found for each in (*tags.get("LID", ()), *tags.get("AID", ())) if (found := _doi(each))), None
            ),
        }
    )


def _doi(text: str) -> str | None:
    match = re.fullmatch(r"(\S+) \[doi\]", text)
    return identifier("DOI", match[1]) if match else None


def _short(text: str) -> Said:
    """`Irnich D` as a name."""
    family, _, given = text.rpartition(" ")
    return {"family": family, "given": given} if family else {"literal": given}


def _design(tags: Tags) -> str | None:
    types = {each.lower() for each in tags.get("PT", ())}
    return next((design for kind, design in _DESIGNS.items() if kind in types), None)
