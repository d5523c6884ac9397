"""The benchmark's own arithmetic and words, on figures that are made up."""

import argparse
from pathlib import Path

import pytest

from tests.benchmarks import peering, questions, telling
from tests.benchmarks.measuring import Figure, median
from tests.benchmarks.telling import BEGIN, END, Line, Report

GIVEN = argparse.Namespace(rounds=5, seconds=2.0, sizes=[1_000, 100_000], connections=[1, 16])
BARE = Figure(1_000, 2.0, 0.1, 0.0)


def report() -> Report:
    found = Report(GIVEN, start=1.2, idle=100_000_000, after={"hot": 310_000_000}, many=(221_305, 100, 104))
    found.lines = [
        Line("article page", "hot", 1_000, 16, Figure(1_400, 1.0, 0.05, 0.0), BARE),
        Line("article page", "cold", 1_000, 16, Figure(400, 6.0, 0.5, 0.2), BARE, Figure(400, 2.0, 0.2, 0.0)),
        Line("article page", "by size", 1_000, 16, Figure(400, 6.0, 0.3, 0.2), BARE),
        Line("article page", "by size", 100_000, 16, Figure(400, 6.0, 0.3, 0.3), BARE),
    ]
    found.peer = {"article page": {"ours": Figure(400, 6, 0.3, 0.3), "peer": Figure(100, 6, 1.0, 0.2), "bare": BARE}}
    return found


def test_bars_are_ratios_of_what_was_found_and_say_whether_they_hold():
    found = {bar.sentence: (round(bar.found, 3), bar.holds) for bar in report().bars()}

    assert found == {
        "Hot article page: requests/s": (1.4, True),
        "Hot article page: p99": (0.5, True),
        "Cold article page: CPU of the API": (5.0, False),
        "Cold article page: CPU of the API, the bare route at its pace": (2.5, True),
        "CPU of a cold article page, 100,000 articles beside 1,000": (1.2, True),
        "Cold article page, requests/s beside PostGraphile": (4.0, True),
        "Cold article page, CPU with PostgreSQL beside PostGraphile": (0.5, True),
        "From a start to being ready": (1.2, True),
        "Memory when idle": (100.0, True),
        "Memory after the run (hot)": (310.0, False),
        "Memory after 221,000 requests, beside after the first": (1.04, True),
    }


def test_a_run_replaces_the_table_of_the_run_before(tmp_path: Path):
    page = tmp_path / "performance.md"
    page.write_text(f"# Head\n\n{BEGIN}\n\nold\n\n{END}\n\nTail\n")

    telling.write(telling.table(report()), page, page)
    once = page.read_text()
    telling.write("newer\n", page, page)

    assert "| Cold article page: CPU of the API | 5.00 × | ≤ 4 × | **missed** |" in once
    assert "| article page | hot | 1,000 | 16 | 1,400 / 1,000 | 1.40 |" in once
    assert page.read_text() == f"# Head\n\n{BEGIN}\n\nnewer\n\n{END}\n\nTail\n"


def test_the_page_of_the_figures_has_its_markers():
    text = (questions.ROOT / "docs" / "performance.md").read_text()
    assert text.index(BEGIN) < text.index(END)


def test_the_median_is_taken_of_each_figure():
    rounds = [Figure(10, 3, 1, 5), Figure(30, 1, 2, 6), Figure(20, 2, 9, 4)]
    assert median(rounds) == Figure(20, 2, 2, 5)


def test_answers_are_compared_field_by_field():
    ours = {"a": [{"b": 1, "c": "x"}], "d": None}

    assert peering.differences(ours, {"d": None, "a": [{"c": "x", "b": 1}]}) == []
    assert peering.differences(ours, {"a": [{"b": 2, "c": "x", "e": 3}], "d": None}) == [
        "data.a[0].b: 1 is 2 there",
        "data.a[0].e: None is 3 there",
    ]


@pytest.mark.parametrize("question", questions.EVERYWHERE, ids=lambda one: one.name)
def test_every_question_is_one_of_the_committed_operations_or_a_path(question: questions.Question):
    assert question.target.startswith(("/graphql?documentId=", "/feeds/"))


def test_what_falls_back_asks_for_the_whole_page_and_one_thing_more():
    text = questions.FALLBACK.text
    assert text.replace(f"  {questions.UNPLANNED}\n", "") == questions.text_of("ArticlePage")
