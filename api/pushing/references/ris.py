"""RIS, which reference managers write: two-character tags, one value a line."""

from collections.abc import Iterator

from api.pushing.pages import Said
from api.pushing.references.dates import identifier, issued, kept, name
from api.pushing.references.tagged import Tags, records, value

_TYPES = {
    "JOUR": "article-journal", "EJOUR": "article-journal", "JFULL": "article-journal", "MGZN": "article-magazine",
    "NEWS": "article-newspaper", "BOOK": "book", "EBOOK": "book", "EDBOOK": "book", "CHAP": "chapter",
    "ECHAP": "chapter", "CONF": "paper-conference", "CPAPER": "paper-conference", "RPRT": "report", "GOVDOC": "report",
    "STAND": "standard", "THES": "thesis", "ELEC": "webpage", "BLOG": "post-weblog",
}  # fmt: skip


def read(text: str) -> Iterator[Said]:
    for tags in records(text, "TY"):
        yield {"csl": _record(tags)}


def _name(text: str) -> Said:
    """RIS puts the suffix last: `Family, Given, Suffix`."""
    family, *rest = [part.strip() for part in text.split(",")]
    return name(", ".join([family, *rest[1:2], *rest[:1]]))


def _record(tags: Tags) -> Said:
    pages = "-".join(part for part in (value(tags, "SP"), value(tags, "EP")) if part)
    kind = _TYPES.get(value(tags, "TY"), "document")
    number = value(tags, "SN")
    return kept(
        {
            "id": value(tags, "ID"),
            "type": kind,
            "title": value(tags, "TI", "T1", "CT", "BT"),
            "author": [_name(each) for each in (*tags.get("AU", ()), *tags.get("A1", ())) if each],
            "editor": [_name(each) for each in (*tags.get("ED", ()), *tags.get("A2", ())) if each],
            "container-title": value(tags, "T2", "JO", "JF", "JA") if kind not in {"book", "report"} else "",
            "container-title-short": value(tags, "J2"),
            "volume": value(tags, "VL"),
            "issue": value(tags, "IS"),
            "page": pages,
            "edition": value(tags, "ET"),
            "publisher": value(tags, "PB"),
            "publisher-place": value(tags, "CY"),
            "issued": issued(value(tags, "DA", "PY", "Y1")) or issued(value(tags, "PY", "Y1")),
            "language": value(tags, "LA"),
            "DOI": identifier("DOI", value(tags, "DO")),
            "PMID": identifier("PMID", value(tags, "AN")) if "PUBMED" in value(tags, "DB", "DP").upper() else None,
            "PMCID": identifier("PMCID", value(tags, "C2")),
            "ISBN": identifier("ISBN", number),
            "ISSN": number if number and not identifier("ISBN", number) else "",
            "URL": address if (address := value(tags, "UR")).startswith(("http://", "https://")) else "",
        }
    )
