import re
from typing import Any

from drafts import POLICY, draft, report
from fair_sentences import FAIR
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api import gate
from api.documents import Document

WORDS = st.sampled_from(
    [
        *" ".join(FAIR).split(),
        *("cures", "proves", "the best", "safe and effective", "not", "“", "”", "'", "(", "943 476 5919", "a@b.uk"),
        *(
            "Example A, Sample BC in 2007",
            "acupuncture",
            "neck pain",
            "relieves",
            "\n",
            ":",
            "?",
            "100 %",
            "İ",
            "ß",
            "痛",
            "\u00a0",
        ),
    ]
)
LINES = st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=40)
"""What random documents are made of: words that matter to some rule, and words that no rule expects."""


def node(kind: str, content: list[Any], **attrs: Any) -> dict[str, Any]:
    return {"type": kind, "content": content, **({"attrs": attrs} if attrs else {})}


INLINE = st.builds(lambda text: {"type": "text", "text": text}, LINES) | st.builds(
    lambda key: {"type": "citation", "attrs": {"items": [{"key": key}]}}, st.sampled_from(["trial", "gone", "a-1"])
) | st.builds(
    lambda text, mark: {"type": "text", "text": text, "marks": [mark]},
    LINES,
    st.sampled_from(
        [
            {"type": "link", "attrs": {"href": "/x"}},
            {"type": "link", "attrs": {"href": "mailto:a@b.uk"}},
            {"type": "entityLink", "attrs": {"id": "cnd_1"}},
            {"type": "italic"},
        ]
    ),
)  # fmt: skip
TEXT = st.lists(INLINE, max_size=5)
PARAGRAPHS = st.builds(lambda content: node("paragraph", content), TEXT)
LEAVES = (
    PARAGRAPHS
    | st.builds(lambda content, level: node("heading", content, level=level), TEXT, st.sampled_from([2, 3, 4]))
    | st.builds(lambda text: {"type": "figure", "attrs": {"assetId": "med_1", "caption": text}}, LINES)
    | st.builds(lambda cell: node("table", [node("tableRow", [node("tableCell", [node("paragraph", cell)])])]), TEXT)
)
INNER = st.lists(LEAVES, max_size=3)
BLOCKS = (
    LEAVES
    | st.builds(lambda content: node("blockquote", content), INNER)
    | st.builds(
        lambda items: node("bulletList", [node("listItem", item) for item in items]), st.lists(INNER, max_size=3)
    )
    | st.builds(
        lambda content, level: node("careAdvice", content, level=level), INNER, st.sampled_from(["URGENT", "SELF_CARE"])
    )
    | st.builds(lambda text: {"type": "callToAction", "attrs": {"target": "prc_1", "text": text}}, LINES)
)
DOCUMENTS = st.lists(BLOCKS, max_size=6).map(lambda blocks: Document.parse({"v": 1, "type": "doc", "content": blocks}))
STEP = re.compile(r"\.?([A-Za-z]+)|\[(\d+)\]")
FIELDS = {
    "title",
    "summary",
    "authors",
    "conditions",
    "treatments",
    "disclaimers",
    "review",
    "heroImage",
    "sources",
    "body",
}


def exists(path: str, body: dict[str, Any]) -> bool:
    """Follow a finding's path from the revision to the place that it names."""
    field, *steps = [name or int(number) for name, number in STEP.findall(path)]
    if field != "body":
        return field in FIELDS
    place: Any = body
    for step in steps:
        if isinstance(step, int):
            if not (isinstance(place, list) and step < len(place)):
                return False
        elif step not in place:
            return False
        place = place[step]
    return True


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(DOCUMENTS, LINES, st.sampled_from(list(gate.Kind)))
def test_the_gate_never_raises_and_every_path_leads_somewhere(body: Document, line: str, kind: gate.Kind) -> None:
    revision = draft(body, title=line, summary=line, kind=kind)

    findings = report(revision).findings

    assert [finding.path for finding in findings if not exists(finding.path, body.dump())] == []
    assert all(finding.message and finding.help and finding.fingerprint for finding in findings)


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS, st.text(max_size=200))
def test_a_report_can_always_be_printed(body: Document, text: str) -> None:
    lines = list(gate.report_lines(text, gate.run(draft(body), POLICY)))

    assert all("\n" not in line for line in lines)
