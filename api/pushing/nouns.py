"""What each kind of entry says in a file and on a server: its fields by the names of the GraphQL inputs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.pushing.pages import Json, Said, canonical

GATE = "gateReport { passesForReview findings { rule severity message path excerpt help waiver { why } } }"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_RELATIONS = "authors { slug } conditions { slug } treatments { slug } disclaimers { key } heroImage { id }"
_TEXT = f"title summary {_RELATIONS} body {{ markdown }}"
_DEFAULTS = {"kind": "HEALTH", "language": "en", "updateType": "MAJOR", "status": "UNRESOLVED"}
_VOLATILE = ("updateType", "changeNote", "seo")
_LISTS = frozenset(
    {"authors", "conditions", "treatments", "disclaimers", "alternateNames", "causes", "symptoms", "riskFactors"}
    | {"codes", "careAdvice", "adverseOutcomes", "contraindications", "findings"}
)


@dataclass(frozen=True)
class Noun:
    """A kind of entry: its folder, its fields in the order of a file, what is asked, and which fields name others."""

    name: str
    folder: str
    fields: tuple[str, ...]
    asked: str
    required: tuple[str, ...]
    read: Callable[[Mapping[str, Any]], Said]
    revise: str = "update"
    lists: str = ""
    by: str = "slug"
    refs: Mapping[str, str] = field(default_factory=dict)
    reports: bool = True

    @property
    def singular(self) -> str:
        return self.name.lower()

    def theirs(self, node: Mapping[str, Any]) -> Said:
        """What the server says, as a file would."""
        return normal({name: value for name, value in self.read(node).items() if name in self.fields})


def normal(said: Mapping[str, Any]) -> Said:
    """Leave out what is empty or goes without saying, so that equal things are equal."""
    kept = {name: _kept(value) for name, value in said.items() if name != "csl"}
    if "csl" in said:
        kept["csl"] = said["csl"]
    for name in _LISTS & kept.keys():
        kept[name] = [kept[name]] if isinstance(kept[name], str) and kept[name] else kept[name]
    if kept.get("body"):
        kept["body"] = canonical(kept["body"])
    if isinstance(kept.get("seo"), dict):
        kept["seo"] = _seo(kept)
    return {name: value for name, value in kept.items() if not _is_empty(value) and value != _DEFAULTS.get(name)}


def steady(said: Said) -> Said:
    """What is said, without what belongs to a draft alone and is gone once it is published."""
    return {name: value for name, value in said.items() if name not in _VOLATILE}


def differing(noun: Noun, mine: Said, theirs: Said) -> Said:
    """The fields that the file says otherwise, with what they are to be: a default or null for those left out."""
    names = [name for name in noun.fields if mine.get(name) != theirs.get(name)]
    return {name: mine.get(name, _DEFAULTS.get(name)) for name in names}


def _kept(value: Json) -> Json:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return [_kept(each) for each in value if not _is_empty(each)]
    if isinstance(value, dict):
        return {name: kept for name, each in value.items() if not _is_empty(kept := _kept(each))}
    return value


def _is_empty(value: Json) -> bool:
    return value is None or value in ("", [], {})


def _seo(said: Said) -> Said:
    """What is told to search engines, without what they are told anyway; `noindex` may be the word in a file."""
    seo = dict(said["seo"])
    noindex = str(seo.pop("noindex", False)).lower() == "true"
    own = {"title": said.get("title"), "description": said.get("summary")}
    kept = {name: value for name, value in seo.items() if value != own.get(name)}
    return kept | ({"noindex": True} if noindex else {})


def _slugs(found: list[Mapping[str, Any]] | None, name: str = "slug") -> list[str]:
    return [str(each[name]) for each in found or ()]


def _markdown(node: Mapping[str, Any]) -> str:
    return str((node.get("body") or {}).get("markdown") or "")


def _article(node: Mapping[str, Any]) -> Said:
    draft = node["draft"]
    shown = draft or node
    said = {name: node[name] for name in ("kind", "language", "originallyPublishedOn")} | {
        "title": shown["title"],
        "summary": shown["summary"],
        **{name: _slugs(shown[name]) for name in ("authors", "conditions", "treatments")},
        "disclaimers": _slugs(shown["disclaimers"], "key"),
        "heroImage": (shown["heroImage"] or {}).get("id"),
        "body": _markdown(shown),
        "updateType": draft and draft["updateType"],
        "changeNote": draft and draft["changeNote"],
    }
    if not (draft and node["isLive"]):  # else it is that of the live text, and nobody is told the draft's
        said["seo"] = node["seo"]
    return said


def _condition(node: Mapping[str, Any]) -> Said:
    return {**node, "parent": (node["parent"] or {}).get("slug"), "body": _markdown(node)}


def _treatment(node: Mapping[str, Any]) -> Said:
    outcomes = [{**each, "source": (each["source"] or {}).get("key")} for each in node["adverseOutcomes"]]
    return {**node, "adverseOutcomes": outcomes, "body": _markdown(node)}


def _source(node: Mapping[str, Any]) -> Said:
    said = {**node, "supersededBy": (node["supersededBy"] or {}).get("key")}
    said["csl"] = {name: value for name, value in node["csl"].items() if name != "id"}
    return followed(said)


def followed(said: Said) -> Said:
    """A source's fields, without identifiers that its record gives."""
    record = said["csl"]
    inside = {name: record.get(name.upper()) for name in ("doi", "pmid", "pmcid", "isbn", "url")}
    return {name: value for name, value in said.items() if name not in inside or value != inside[name]}


ARTICLE = Noun(
    name="Article",
    folder="articles",
    fields=(
        "title", "kind", "summary", "authors", "conditions", "treatments", "disclaimers", "heroImage", "language",
        "originallyPublishedOn", "updateType", "changeNote", "seo", "body",
    ),
    asked="id version slug kind language originallyPublishedOn isLive seo { title description noindex } "
    f"{_TEXT} draft {{ updateType changeNote {_TEXT} }}",
    required=("title",),
    read=_article,
    revise="revise",
    lists="editorial articles",
    refs={"authors": "practitioner", "conditions": "condition", "treatments": "treatment", "disclaimers": "disclaimer"},
)  # fmt: skip
CONDITION = Noun(
    name="Condition",
    folder="conditions",
    fields=(
        "name", "alternateNames", "parent", "summary", "bodyLocation", "causes", "symptoms", "riskFactors", "codes",
        "careAdvice", "noUrgentAdviceReason", "body",
    ),
    asked="id version slug name alternateNames summary bodyLocation causes symptoms riskFactors noUrgentAdviceReason "
    "parent { slug } codes { system value } careAdvice { level heading items body phone } body { markdown }",
    required=("name", "summary"),
    read=_condition,
    lists="conditions",
    refs={"parent": "condition"},
)  # fmt: skip
TREATMENT = Noun(
    name="Treatment",
    folder="treatments",
    fields=(
        "name", "summary", "medicineSystem", "howPerformed", "preparation", "aftercare", "adverseOutcomes",
        "contraindications", "body",
    ),
    asked="id version slug name summary medicineSystem howPerformed preparation aftercare contraindications "
    "adverseOutcomes { text frequency figure source { key } } body { markdown }",
    required=("name", "summary"),
    read=_treatment,
    lists="treatments",
    refs={"adverseOutcomes": "source"},
)  # fmt: skip
SOURCE = Noun(
    name="Source",
    folder="sources",
    fields=(
        "key", "csl", "studyDesign", "doi", "pmid", "pmcid", "isbn", "url", "n", "population", "limits",
        "plainSummary", "status", "statusNote", "supersededBy", "findings",
    ),
    asked="id version key csl studyDesign doi pmid pmcid isbn url n population limits plainSummary status statusNote "
    "supersededBy { key } findings { outcome comparator timepoint direction effect ciLow ciHigh p note }",
    required=("csl",),
    read=_source,
    lists="sources",
    by="key",
    refs={"supersededBy": "source"},
    reports=False,
)  # fmt: skip
PAGES = (CONDITION, TREATMENT, ARTICLE)
NOUNS = (SOURCE, *PAGES)
