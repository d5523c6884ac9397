from dataclasses import replace

import pytest
from drafts import ACUPUNCTURE, FAIR, NECK_PAIN, draft, found, paths

from api import gate
from api.documents import CareLevel

CUPPING = gate.Treatment(id="trt_cups", name="Cupping", alternate_names=("Cups",))
BARE = replace(NECK_PAIN, care_advice=())


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({"adverse_outcomes": ()}, "adverse outcomes"),
        ({"contraindications": ()}, "contraindications"),
        ({"adverse_outcomes": (), "contraindications": (" ",)}, "adverse outcomes and contraindications"),
    ],
)
def test_a_treatment_by_relation_without_its_risks_blocks(changes: dict[str, tuple[str, ...]], lacks: str) -> None:
    [finding] = found("SAF-001", draft(treatments=(replace(ACUPUNCTURE, **changes),)))

    assert (finding.path, finding.severity, finding.is_waivable) == ("treatments[0]", "BLOCK", False)
    assert finding.message == f"The article is about Acupuncture, and its record lacks {lacks}."


def test_a_treatment_in_a_heading_without_its_risks_blocks() -> None:
    catalogue = gate.Catalogue(treatments=(ACUPUNCTURE, CUPPING))

    assert paths("SAF-001", draft("## Cups, too", catalogue=catalogue)) == ["body.content[0]"]
    assert paths("SAF-001", draft("Cups, too.", catalogue=catalogue)) == []


def test_a_treatment_in_the_title_without_its_risks_blocks_even_if_the_catalogue_has_none() -> None:
    assert paths("SAF-001", draft(title="Reiki for beginners")) == ["title"]
    assert paths("SAF-001", draft("## Reiki")) == []


def test_a_treatment_with_its_risks_is_silent() -> None:
    assert paths("SAF-001", draft("## Acupuncture", title="What acupuncture is")) == []


def test_a_condition_without_urgent_care_advice_blocks() -> None:
    [finding] = found("SAF-002", draft(conditions=(BARE,)))

    assert (finding.path, finding.is_waivable) == ("conditions[0]", False)


@pytest.mark.parametrize("level", [CareLevel.URGENT, CareLevel.EMERGENCY])
def test_urgent_or_emergency_advice_of_the_condition_is_enough(level: CareLevel) -> None:
    advised = replace(BARE, care_advice=(gate.CareAdvice(level=level, items=("you have a fever",)),))

    assert found("SAF-002", draft(conditions=(advised,))) == []


@pytest.mark.parametrize("level", [CareLevel.SELF_CARE, CareLevel.NON_URGENT])
def test_no_other_advice_is(level: CareLevel) -> None:
    advised = replace(BARE, care_advice=(gate.CareAdvice(level=level, items=("you have a fever",)),))

    assert len(found("SAF-002", draft(conditions=(advised,)))) == 1


def test_advice_that_says_nothing_is_none() -> None:
    silent = replace(BARE, care_advice=(gate.CareAdvice(level=CareLevel.URGENT, items=("",)),))

    assert len(found("SAF-002", draft(conditions=(silent,)))) == 1
    assert len(found("SAF-002", draft(f"{FAIR}\n\n::: urgent\n:::", conditions=(BARE,)))) == 1


def test_advice_of_the_articles_own_is_enough() -> None:
    assert found("SAF-002", draft("::: emergency\n- you cannot breathe\n:::", conditions=(BARE,))) == []
    assert len(found("SAF-002", draft("::: self-care\n- rest\n:::", conditions=(BARE,)))) == 1


def test_a_reason_for_no_urgent_advice_counts() -> None:
    assert found("SAF-002", draft(conditions=(replace(BARE, no_urgent_advice_reason="It is always mild."),))) == []


def test_a_condition_that_only_the_title_names_shows_no_advice() -> None:
    assert paths("SAF-002", draft(title="Living with neck pain", conditions=())) == ["title"]
    assert paths("SAF-002", draft(title="Living with neck pain")) == []


def test_the_disclaimer_is_structural() -> None:
    [finding] = found("SAF-003", draft(disclaimers=("CUSTOM",)))

    assert (finding.path, finding.severity, finding.is_waivable) == ("disclaimers", "BLOCK", False)


DISCOURAGING = (
    "Ditch your painkillers and try needles.",
    "You won't need your tablets any more.",
    "There is no need to visit your GP first.",
    "You can safely stop your blood pressure tablets.",
    "Don't bother your doctor with this.",
    "Stop taking your tablets before you come to us.",
    "Stop taking your tablets.",
    "You can stop taking your painkillers now.",
    "After a week you can throw away your inhaler.",
    "There is no need to see a doctor.",
    "You don't need a doctor for this.",
    "Come to us instead of seeing your GP.",
    "Needles replace your medication.",
    "Acupuncture lets you come off your antidepressants.",
    "It helps people stop taking their medicine.",
    "Forget your doctor.",
    "You will no longer need painkillers.",
    "Your doctor does not need to know.",
    "Rest, and skip your medication.",
    "Avoid seeing a doctor.",
)


@pytest.mark.parametrize("sentence", DISCOURAGING)
def test_words_that_keep_people_from_care_block_and_are_lexical(sentence: str) -> None:
    [finding] = found("SAF-003", draft(sentence))

    assert (finding.severity, finding.lexical, finding.excerpt) == ("BLOCK", True, sentence)
