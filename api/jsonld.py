"""Structured data for search engines: schema.org in JSON-LD, made of nothing that the page does not show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from api.articles.models import ArticleKind
from api.evidence import csl, describing
from api.practitioners import REGISTERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from api.articles.finding import ArticleFacts
    from api.clinic import Clinic
    from api.conditions import Condition, ConditionCode
    from api.evidence.models import Source
    from api.practitioners import Credential, Practitioner
    from api.treatments import AdverseOutcome, Treatment

Node = dict[str, Any]
CONTEXT = "https://schema.org"
SYSTEMS = {"ICD_10": "ICD-10", "ICD_11": "ICD-11", "SNOMED_CT": "SNOMED-CT", "MESH": "MeSH"}


def article(facts: ArticleFacts, site: str) -> Node:
    """MedicalWebPage with its citations, author and reviewer; NewsArticle for news."""
    shown = facts.article
    address = f"{site}{shown.path}"
    health = shown.kind is ArticleKind.HEALTH
    return _known(
        {
            "@context": CONTEXT,
            "@type": "MedicalWebPage" if health else "NewsArticle",
            "@id": address,
            "url": address,
            "mainEntityOfPage": address,
            ("name" if health else "headline"): shown.title,
            "description": shown.summary,
            "inLanguage": shown.language,
            "datePublished": _day(shown.originally_published_on) or _moment(shown.published_at),
            "dateModified": _moment(shown.updated_at),
            "author": [_person(author, site) for author in facts.authors],
            "publisher": _clinic(facts.clinic, site),
            "image": _image(facts, site),
            **(_medical(facts, site) if health else {}),
        }
    )


def condition(entry: Condition, codes: Sequence[ConditionCode], site: str) -> Node:
    """MedicalCondition."""
    return _known(
        {
            "@context": CONTEXT,
            "@type": "MedicalCondition",
            "@id": f"{site}/conditions/{entry.slug}",
            "url": f"{site}/conditions/{entry.slug}",
            "name": entry.name,
            "alternateName": list(entry.alternate_names),
            "description": entry.summary,
            "associatedAnatomy": _named("AnatomicalStructure", entry.body_location),
            "cause": [_named("MedicalCause", said) for said in entry.causes],
            "signOrSymptom": [_named("MedicalSignOrSymptom", said) for said in entry.symptoms],
            "riskFactor": [_named("MedicalRiskFactor", said) for said in entry.risk_factors],
            "code": [
                {"@type": "MedicalCode", "codeValue": code.value, "codingSystem": SYSTEMS[code.system]}
                for code in codes
            ],
        }
    )


def treatment(entry: Treatment, outcomes: Sequence[AdverseOutcome], site: str) -> Node:
    """MedicalTherapy."""
    return _known(
        {
            "@context": CONTEXT,
            "@type": "MedicalTherapy",
            "@id": f"{site}/treatments/{entry.slug}",
            "url": f"{site}/treatments/{entry.slug}",
            "name": entry.name,
            "description": entry.summary,
            "adverseOutcome": [_named("MedicalSymptom", said.text) for said in outcomes],
            "contraindication": [_named("MedicalContraindication", said) for said in entry.contraindications],
        }
    )


def practitioner(entry: Practitioner, credentials: Sequence[Credential], site: str) -> Node:
    """Person with credentials; an acupuncturist is no schema.org Physician."""
    return {"@context": CONTEXT} | _known(
        _person(entry, site)
        | {
            "honorificPrefix": entry.honorific_prefix,
            "description": entry.bio,
            "sameAs": list(entry.same_as),
            "hasCredential": [_credential(held) for held in credentials],
        }
    )


def _medical(facts: ArticleFacts, site: str) -> Node:
    return {
        "lastReviewed": facts.review.at.date().isoformat() if facts.review else None,
        "reviewedBy": _person(facts.reviewer, site) if facts.reviewer else None,
        "about": [
            *(_linked("MedicalCondition", about.name, f"{site}/conditions/{about.slug}") for about in facts.conditions),
            *(
                _linked("MedicalTherapy", risk.treatment.name, f"{site}/treatments/{risk.treatment.slug}")
                for risk in facts.risks
            ),
        ],
        "citation": [_work(reference.source) for reference in facts.references if reference.source],
    }


def _work(source: Source) -> Node:
    """As it was written down at save, where it was."""
    if source.work:
        kept: Node = orjson.loads(source.work)
        return kept
    return describing.work(csl.parse(source.csl), source.doi, source.url)


def _person(entry: Practitioner, site: str) -> Node:
    address = f"{site}/practitioners/{entry.slug}"
    return {"@type": "Person", "@id": address, "name": entry.name, "jobTitle": entry.job_title, "url": address}


def _credential(held: Credential) -> Node:
    return _known(
        {
            "@type": "EducationalOccupationalCredential",
            "name": held.name,
            "credentialCategory": "register" if held.kind in REGISTERS else held.kind.replace("_", " ").lower(),
            "recognizedBy": {"@type": "Organization", "name": held.recognized_by} if held.recognized_by else None,
            "identifier": held.identifier,
            "url": held.url,
        }
    )


def _clinic(clinic: Clinic, site: str) -> Node:
    return _known(
        {
            "@type": "MedicalClinic",
            "@id": f"{site}/#clinic",
            "name": clinic.name,
            "url": site,
            "telephone": clinic.telephone,
        }
    )


def _image(facts: ArticleFacts, site: str) -> str | None:
    if not facts.hero_image:
        return None
    largest = max(facts.hero_image.renditions, key=lambda size: int(size["width"]))
    return f"{site}/media/{facts.hero_image.sha256}-{largest['width']}.{largest['ext']}"


def _linked(kind: str, name: str, address: str) -> Node:
    return {"@type": kind, "name": name, "url": address}


def _named(kind: str, name: str | None) -> Node | None:
    return {"@type": kind, "name": name} if name else None


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _known(node: Mapping[str, Any]) -> Node:
    return {name: value for name, value in node.items() if value not in (None, [], {})}
