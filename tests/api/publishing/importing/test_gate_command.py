"""`python -m api gate FILE`: a report that names lines, sources from the database, and an exit code for scripts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from api.__main__ import main
from tests.conftest import named

Run = Callable[..., tuple[int, str, str]]
REST = "Authors, relations, pictures, links and the review are asked about once it is a draft."
MARKDOWN = """\
---
title: A short word on sore shoulders
summary: What one trial found.
---

Most pain eases by itself. It was studied once [@irnich2001].

Acupuncture **cures** it [@nobody2020].
"""


@pytest.fixture
def run(server: str, sampled: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("DATABASE_URL", named(server, sampled))
    monkeypatch.setenv("SECRET_KEY", "s" * 40)

    def command(*arguments: object) -> tuple[int, str, str]:
        code = main(["gate", *map(str, arguments)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


def written(folder: Path, text: str, name: str = "text.md") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def headers(said: str) -> list[str]:
    return [line for line in said.splitlines() if line.startswith(("BLOCK", "WARN"))]


def test_each_finding_stands_with_its_line_and_what_blocks_is_the_exit_code(run, tmp_path):
    code, said, told = run(written(tmp_path, MARKDOWN))
    assert (code, told) == (1, "")
    assert headers(said) == [
        "BLOCK   CIT-001  line 8  A citation leads nowhere",
        "BLOCK   CLM-004  line 8  Wording is absolute",
        "WARN    CLM-005  body.content[0]  How a sham did is left unsaid",
    ]
    assert "          → Say what was measured, such as “may ease … in the short term [@key]”." in said.splitlines()
    assert said.splitlines()[-2:] == [
        "2 blocks, 1 warning, 0 waived · uk-cap 2026-11-22, rules 1",
        "These words may not be submitted yet.",
    ]


def test_a_source_that_the_file_lists_is_unresolved_unless_the_database_knows_its_doi(run, tmp_path):
    text = """# Two works

Pain was studied in one trial [1] and in another [2].

## References

1. Irnich D. Trial. BMJ. 2001. doi:10.1136/bmj.322.7302.1574
2. Doe J. A made-up title for a test. 2010. doi:10.1234/made.up
"""
    code, said, _ = run(written(tmp_path, text))
    assert code == 1
    assert [line.split()[1] for line in headers(said)] == ["CIT-006", "CLM-005"]
    assert said.count("has the status unresolved") == 1


def test_a_web_page_is_read_by_its_words_and_keeps_its_lines(run, tmp_path):
    page = "<!doctype html>\n<html><head><title>Rest</title><style>cures</style></head>\n<body><article>\n"
    page += "<h1>Rest</h1>\n<p>Rest is good.</p>\n<p>It&nbsp;<b>cures</b> people.</p>\n</article></body></html>\n"
    code, said, _ = run(written(tmp_path, page, "rest.html"))
    assert code == 1
    assert headers(said) == ["BLOCK   CLM-004  line 6  Wording is absolute"]


def test_fair_words_end_with_zero_and_say_what_was_not_asked(run, tmp_path):
    code, said, _ = run(written(tmp_path, "# Rest\n\nMost people like to rest.\n"))
    assert code == 0
    assert said.splitlines() == [
        "0 blocks, 0 warnings, 0 waived · uk-cap 2026-11-22, rules 1",
        f"Nothing blocks in these words. {REST}",
    ]


def test_news_is_asked_about_as_news(run, tmp_path):
    news = written(tmp_path, "# Closed at Christmas\n\nAcupuncture eases neck pain.\n")
    assert run("--news", news)[0] == 1
    assert run("--news", written(tmp_path, "# Closed at Christmas\n\nWe open again in January.\n"))[0] == 0


def test_a_file_that_cannot_be_read_is_one_sentence(run, tmp_path):
    code, said, told = run(tmp_path / "none.md")
    assert (code, said, told) == (1, "", f"{tmp_path / 'none.md'} cannot be read (No such file or directory).\n")
    assert run(written(tmp_path, "%PDF-1.7", "a.md"))[2].startswith("This is a PDF")


def test_help_says_what_the_exit_code_means(run, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["gate", "--help"])
    assert ended.value.code == 0
    assert "Exit code 1 when something blocks" in capsys.readouterr().out
