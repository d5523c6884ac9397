import pytest
from drafts import NECK_PAIN, draft, found, paths, sham, source

from api import gate
from api.evidence.enums import Direction, StudyDesign

HIP = gate.Condition(id="cnd_hip", name="Hip osteoarthritis")
TENSION = gate.Condition(id="cnd_tension", name="Tension-type headache")
EXERCISE = gate.Treatment(id="trt_exercise", name="Exercise therapy", alternate_names=("Strength training",))

CLAIMS = (
    "Acupuncture is great for neck pain.",
    "People with neck pain sleep better after acupuncture.",
    "Let acupuncture take your neck pain away.",
    "Say goodbye to neck pain with acupuncture.",
    "Regular needling keeps neck pain away.",
    "Acupuncture gets rid of neck pain.",
    "Thousands have found relief from neck pain through acupuncture.",
    "After acupuncture, people feel better and have less neck pain.",
    "Acupuncture relieves neck pain.",
    "Needles ease neck pain.",
    "Neck pain improves with acupuncture.",
    "People with neck pain benefit from acupuncture.",
    "Acupuncture is effective for neck pain.",
    "Acupuncture works well for neck pain.",
    "Acupuncture gives relief from neck pain.",
    "Acupuncture for neck pain brings lasting relief.",
    "Several studies demonstrate the effectiveness of acupuncture for neck pain.",
    "With acupuncture, people had less neck pain.",
    "Acupuncture is better than massage for neck pain.",
    "Electroacupuncture reduced neck pain.",
    "Acupuncture treats neck pain.",
    "How does acupuncture relieve neck pain?",
    "Acupuncture may help with this condition.",
    "Acupuncture reduces the pain.",
)
NO_CLAIMS = (
    "Acupuncture does not relieve neck pain.",
    "Does acupuncture relieve neck pain?",
    "We do not know whether acupuncture relieves neck pain.",
    "One leaflet says “Acupuncture relieves neck pain”.",
    "Acupuncture has been tested for neck pain.",
    "If acupuncture relieves your neck pain, tell us.",
    "This page helps you decide whether to try acupuncture for neck pain.",
    "Sham acupuncture eased neck pain.",
    "The acupuncture clinic helps people with neck pain find a doctor.",
    "Neck pain eases with time; acupuncture is something else.",
    "People with neck pain who try acupuncture need help with the stairs.",
)


@pytest.mark.parametrize("sentence", CLAIMS)
def test_a_claim_without_a_citation_warns(sentence: str) -> None:
    [finding] = found("CLM-001", draft(sentence))

    assert (finding.severity, finding.excerpt) == ("WARN", sentence)


@pytest.mark.parametrize("sentence", CLAIMS)
def test_a_claim_with_a_citation_does_not(sentence: str) -> None:
    assert found("CLM-001", draft(f"{sentence[:-1]} [@trial]{sentence[-1]}")) == []


@pytest.mark.parametrize("sentence", NO_CLAIMS)
def test_what_claims_nothing_needs_no_citation_and_no_wording(sentence: str) -> None:
    assert paths("CLM-001", draft(sentence)) == paths("CLM-003", draft(sentence)) == []


def test_it_takes_up_the_treatment_of_the_sentence_before() -> None:
    revision = draft("Acupuncture is old. It relieves neck pain.")

    assert [finding.excerpt for finding in found("CLM-001", revision)] == ["It relieves neck pain."]


def test_an_answer_is_about_what_the_question_named() -> None:
    revision = draft("Insomnia? Acupuncture helps.")

    assert "helps with Insomnia." in found("CLM-003", revision)[0].message


def test_it_that_takes_up_nothing_is_no_claim() -> None:
    assert found("CLM-001", draft("Time is kind. It relieves neck pain.")) == []


def test_a_list_says_what_its_lead_began() -> None:
    findings = found("CLM-003", draft("Acupuncture can help with:\n\n- insomnia\n- a cold room\n- anxiety"))

    assert [finding.excerpt for finding in findings] == ["insomnia", "anxiety"]


def test_the_words_of_the_lead_count_for_its_list() -> None:
    assert found("CLM-003", draft("In the short term, acupuncture can ease:\n\n- neck pain [@trial]\n")) == []


def test_headings_title_and_summary_carry_no_citation() -> None:
    revision = draft(
        "## Acupuncture eases neck pain", title="Acupuncture eases neck pain", summary="It eases neck pain."
    )

    assert found("CLM-001", revision) == []
    assert paths("CLM-003", revision) == ["title", "body.content[0]"]


def test_a_claim_on_mechanism_alone_blocks() -> None:
    sources = {"lab": source("lab", design=StudyDesign.MECHANISM), "trial": source()}
    said = "Acupuncture eases neck pain in the short term [{}]."

    assert paths("CLM-002", draft(said.format("@lab"), sources=sources)) == ["body.content[0]"]
    assert paths("CLM-002", draft(said.format("@lab; @trial"), sources=sources)) == []
    assert paths("CLM-002", draft(said.format("@trial"), sources=sources)) == []


def test_an_idea_that_rests_on_mechanism_is_fair() -> None:
    sources = {"lab": source("lab", design=StudyDesign.MECHANISM)}

    assert found("CLM-002", draft("It is conceivable that needles act on a nerve [@lab].", sources=sources)) == []


def test_a_claim_needs_the_words_that_the_policy_asks_for() -> None:
    [finding] = found("CLM-003", draft("Acupuncture may ease neck pain [@trial]."))

    assert (finding.severity, finding.lexical) == ("BLOCK", True)
    assert finding.message == "The claim policy uk-cap accepts this claim only with “in the short term”."
    assert finding.help == "Add “in the short term” to this sentence."


@pytest.mark.parametrize(
    "words",
    [
        "in the short term",
        "for a few weeks",
        "temporarily",
        "after eight weeks",
        "up to 13 weeks",
        "one week after",
        "within 3 months",
    ],
)
def test_each_way_to_say_how_long_is_accepted(words: str) -> None:
    assert found("CLM-003", draft(f"Acupuncture eased neck pain {words} [@trial].")) == []


@pytest.mark.parametrize(
    "words", ["after a year", "up to 26 weeks", "for good", "in the long term", "since 3 months ago"]
)
def test_no_other_time_is(words: str) -> None:
    assert len(found("CLM-003", draft(f"Acupuncture eased neck pain {words} [@trial]."))) == 1


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("Acupuncture may ease knee osteoarthritis", "“temporarily” and “as an adjunct to other care”"),
        ("Acupuncture may temporarily ease knee osteoarthritis", "“as an adjunct to other care”"),
        ("Acupuncture may ease low back pain in the short term", "“chronic”"),
        ("Acupuncture may ease an overactive bladder in the short term", "“with electro-acupuncture at SP6”"),
        ("Acupuncture may ease migraine", "“in the short term”"),
    ],
)
def test_each_pair_needs_its_own_words(claim: str, missing: str) -> None:
    [finding] = found("CLM-003", draft(f"{claim} [@trial]."))

    assert finding.message == f"The claim policy uk-cap accepts this claim only with {missing}."


@pytest.mark.parametrize(
    "condition",
    [
        "insomnia",
        "hay fever",
        "infertility",
        "anxiety",
        "hip osteoarthritis",
        "asthma",
        "hot flushes",
        "sciatica",
        "long COVID",
    ],
)
def test_a_pair_that_is_not_accepted_blocks_in_any_words(condition: str) -> None:
    [finding] = found("CLM-003", draft(f"Acupuncture relieves {condition} in the short term [@trial]."))

    assert finding.message.startswith("The claim policy uk-cap accepts no claim that Acupuncture helps with ")


@pytest.mark.parametrize(
    "report",
    [
        "The evidence that acupuncture relieves insomnia is weak",
        "Acupuncture relieved insomnia no more than a sham did",
        "Acupuncture may relieve insomnia, but the evidence is of low certainty",
    ],
)
def test_a_cited_statement_of_weak_evidence_is_a_report(report: str) -> None:
    assert found("CLM-003", draft(f"{report} [@trial].")) == []
    assert len(found("CLM-003", draft(f"{report} [@nowhere]."))) == len(found("CLM-003", draft(f"{report}."))) == 1


def test_pain_as_such_is_the_pain_of_the_articles_condition() -> None:
    said = "Acupuncture eases the pain in the short term [@trial]."

    assert found("CLM-003", draft(said)) == []
    assert "helps with Hip osteoarthritis." in found("CLM-003", draft(said, conditions=(HIP,)))[0].message
    assert "without naming the condition" in found("CLM-003", draft(said, conditions=()))[0].message


def test_headache_is_the_headache_that_the_article_is_about() -> None:
    said = "Acupuncture eases headaches in the short term [@trial]."

    assert found("CLM-003", draft(said, conditions=(TENSION,))) == []
    assert "helps with Headache." in found("CLM-003", draft(said))[0].message


def test_a_treatment_that_the_policy_does_not_speak_of_is_free() -> None:
    revision = draft("Strength training eases neck pain [@trial].", treatments=(EXERCISE,))

    assert found("CLM-003", revision) == []


def test_the_treatment_nearest_to_its_effect_is_meant() -> None:
    revision = draft("Acupuncture and strength training differ, and strength training eases neck pain [@trial].")

    assert found("CLM-003", revision) == []


def test_a_name_that_only_the_catalogue_knows_is_found() -> None:
    pins = gate.Treatment(id="trt_pins", name="Acupuncture", alternate_names=("Pinwork",))
    catalogue = gate.Catalogue(treatments=(pins,), conditions=(NECK_PAIN,))

    assert (
        len(found("CLM-003", draft("Pinwork eases neck pain [@trial].", catalogue=catalogue, treatments=(pins,)))) == 1
    )
    assert found("CLM-003", draft("Pinwork eases neck pain [@trial].")) == []


@pytest.mark.parametrize("direction", [Direction.NO_DIFFERENCE, Direction.INCONCLUSIVE])
def test_a_text_that_hides_how_a_sham_did_warns(direction: Direction) -> None:
    said = "In the short term, acupuncture eased neck pain more than massage [@trial]."
    sources = {"trial": sham(direction)}

    [finding] = found("CLM-005", draft(said, sources=sources))

    assert (finding.severity, finding.path) == ("WARN", "body.content[0]")
    assert found("CLM-005", draft(f"{said} The sham did as well.", sources=sources)) == []
    assert found("CLM-005", draft(f"{said} Not so against a placebo.", sources=sources)) == []


def test_a_sham_that_did_worse_need_not_be_named() -> None:
    said = "In the short term, acupuncture eased neck pain [@trial]."

    assert found("CLM-005", draft(said, sources={"trial": sham(Direction.FAVOURS)})) == []


NEWS = gate.Kind.NEWS


def test_a_claim_makes_news_health() -> None:
    revision = draft("Our new room is open. Acupuncture relieves neck pain.", kind=NEWS, conditions=(), treatments=())

    [finding] = found("CLM-001", revision)

    assert (finding.severity, finding.lexical) == ("BLOCK", True)
    assert finding.message == "This makes a health claim: make it HEALTH."
    assert found("CLM-003", revision) == []


def test_a_word_against_doctors_makes_news_health_too() -> None:
    assert len(found("CLM-001", draft("Stop taking your tablets.", kind=NEWS))) == 1


def test_news_without_a_claim_passes_with_nobody_behind_it() -> None:
    revision = draft(
        "We are closed at Christmas.", kind=NEWS, authors=(), review=None, disclaimers=(), conditions=(), treatments=()
    )

    assert gate.run(revision, gate.load("uk-cap")).passes


def test_the_policy_names_its_sources_and_is_no_legal_advice() -> None:
    policy = gate.for_jurisdiction("GB")

    assert policy.name == "uk-cap"
    assert str(policy.retrieved_at) == policy.version == "2026-11-22"
    assert policy.notice.startswith("This is not legal advice.")
    assert "A17-387447" in policy.sources[0]["title"]
    assert [accepted.condition for accepted in policy.treatments[0].accepted] == [
        "Tension-type headache",
        "Migraine headache",
        "Chronic low back pain",
        "Neck pain or chronic neck pain",
        "Temporomandibular pain (TMD or TMJ)",
        "Symptoms of an overactive bladder",
        "Knee osteoarthritis",
    ]


@pytest.mark.parametrize("name", ["nowhere", "../uk-cap", "", "UK-CAP"])
def test_a_policy_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(gate.NoPolicy):
        gate.load(name)


def test_a_country_without_a_policy_is_refused() -> None:
    with pytest.raises(gate.NoPolicy):
        gate.for_jurisdiction("FR")
