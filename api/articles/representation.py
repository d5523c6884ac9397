"""What is said of an article outside the clinic's own pages, and what partners may show.

A partner shows the representation whole: attribution, terms, disclaimers, risks and care advice are inside it, and
calls to action are not. Its hash changes whenever any of that does.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

import orjson

from api import documents

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.articles.finding import ArticleFacts, Risks
    from api.conditions import CareAdvice
    from api.practitioners import Practitioner


@dataclass(frozen=True)
class Attribution:
    """Who says so: shown with every copy."""

    html: str
    text: str


def attribution(facts: ArticleFacts, site: str) -> Attribution:
    """The visible link to the original, with the date of its last review."""
    address = f"{site}{facts.article.path}"
    reviewed = f" Last reviewed on {facts.review.at:%d %B %Y}." if facts.review else ""
    name, title = escape(facts.clinic.name), escape(facts.article.title)
    html = f'<p class="meridian-attribution">From <a href="{escape(address)}">{title}</a> by {name}.{reviewed}</p>'
    return Attribution(html, f"From “{facts.article.title}” by {facts.clinic.name}, {address}.{reviewed}")


def html(facts: ArticleFacts, site: str, prefix: str) -> str:
    """The whole article as one piece of HTML with absolute addresses and ids that begin with `prefix`."""
    shared = {each.sha256 for each in facts.pictures if each.licence}
    blocks = [block["html"] for block in facts.text.blocks]
    body = documents.copied(blocks, id_prefix=prefix, absolute=site, pictures=shared)
    marks = {citation["key"]: [f"{prefix}{mark}" for mark in citation["marks"]] for citation in facts.text.citations}
    parts = [
        f"<h1>{escape(facts.article.title)}</h1>",
        f"<p>{escape(facts.article.summary)}</p>",
        body,
        *_risks(facts),
        *_care(facts),
        *_references(facts, prefix, marks),
        *(f"<p><strong>{escape(said.title)}</strong> {escape(said.text)}</p>" for said in facts.disclaimers),
        attribution(facts, site).html,
        terms(facts, site),
    ]
    return "\n".join(parts)


def text(facts: ArticleFacts, site: str) -> str:
    """The same as plain text."""
    references = [f"{reference.number}. {reference.line}" for reference in facts.references]
    advice = [" ".join([f"{said.heading}: {'; '.join(said.items)}", *_more(said)]) for said in facts.care_advice]
    risks = [line for risk in facts.risks for line in _risk_lines(risk)]
    disclaimers = [f"{said.title} {said.text}" for said in facts.disclaimers]
    parts = [facts.article.title, facts.article.summary, facts.text.text, *risks, *advice, *references, *disclaimers]
    return "\n\n".join([*parts, attribution(facts, site).text])


def content_hash(facts: ArticleFacts, site: str) -> str:
    """SHA-256 of what partners show and of the metadata beside it."""
    clinic, hero = facts.clinic, facts.hero_image
    said = {
        "text": text(facts, site),
        "html": facts.text.html,
        "authors": [_named(author) for author in facts.authors],
        "reviewer": _named(facts.reviewer) if facts.reviewer else None,
        "conditions": [[condition.name, condition.slug] for condition in facts.conditions],
        "treatments": [risk.treatment.slug for risk in facts.risks],
        "publisher": [clinic.name, clinic.telephone],
        "care": [[said.level, said.phone] for said in facts.care_advice],
        "hero": [hero.sha256, hero.alt, hero.credit, hero.licence] if hero else None,
        "pictures": [[each.sha256, each.licence] for each in facts.pictures],
        "language": facts.article.language,
        "licence": clinic.licence,
        "terms": [clinic.syndication_terms.get("version"), clinic.syndication_terms.get("url")],
        "logo": clinic.logo_id,
        "reviewed": facts.review.at.date() if facts.review else None,
        "sources": [reference.source.status if reference.source else None for reference in facts.references],
    }
    return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _named(person: Practitioner) -> list[str]:
    """How structured data names a person."""
    return [person.name, person.slug, person.job_title]


def _risks(facts: ArticleFacts) -> list[str]:
    return [
        f"<section><h2>Risks of {escape(risk.treatment.name)}</h2>{_list(_outcomes(risk))}"
        + (
            f"<p>Ask first if one of these applies:</p>{_list(risk.treatment.contraindications)}"
            if risk.treatment.contraindications
            else ""
        )
        + "</section>"
        for risk in facts.risks
    ]


def _risk_lines(risk: Risks) -> list[str]:
    lines = [f"Risks of {risk.treatment.name}: {'; '.join(_outcomes(risk))}"]
    cautions = risk.treatment.contraindications
    return [*lines, f"Ask first if one of these applies: {'; '.join(cautions)}"] if cautions else lines


def _outcomes(risk: Risks) -> list[str]:
    return [f"{said.text} ({said.figure})" if said.figure else said.text for said in risk.adverse_outcomes] or [
        "Risks not yet reviewed here."
    ]


def _care(facts: ArticleFacts) -> list[str]:
    return [
        f"<section><h2>{escape(said.heading)}</h2>{_list(said.items)}"
        + "".join(f"<p>{escape(line)}</p>" for line in _more(said))
        + "</section>"
        for said in facts.care_advice
    ]


def _more(said: CareAdvice) -> list[str]:
    """What else to know, and the number to call."""
    return [line for line in (said.body, f"Call {said.phone}." if said.phone else None) if line]


def _references(facts: ArticleFacts, prefix: str, marks: Mapping[str, Sequence[str]]) -> list[str]:
    if not facts.references:
        return []
    items = (
        f'<li id="{escape(prefix)}ref-{escape(reference.key)}">{escape(reference.line)}'
        + "".join(f' <a href="#{mark}" aria-label="Back to the text">↩</a>' for mark in marks.get(reference.key, ()))
        + "</li>"
        for reference in facts.references
    )
    return [f"<section><h2>References</h2><ol>{''.join(items)}</ol></section>"]


def terms(facts: ArticleFacts, site: str) -> str:
    """Under which licence or terms it is shown, as HTML."""
    said = facts.clinic.syndication_terms
    if facts.clinic.licence:
        return f"<p>Licence: {escape(facts.clinic.licence['name'])}</p>"
    address = said.get("url") or "/partners"
    address = site + address if address.startswith("/") else address
    link = f'<a href="{escape(address)}">terms of {escape(facts.clinic.name)}</a>'
    return f"<p>Shown under the {link}, version {escape(said['version'])}.</p>"


def _list(items: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
