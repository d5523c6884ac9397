"""A list of retractions held against the sources: what it marks, whom it tells, and what it leaves alone."""

import asyncio
import csv
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.accounts.viewer import Role
from api.audit import AuditEntry
from api.changes import Change
from api.evidence.enums import SourceStatus
from api.evidence.models import Source
from api.publishing import retractions
from api.publishing.acting import Acting
from tests import builders
from tests.asking import ROOT, ask

COLUMNS = (
    "Record ID", "Title", "Subject", "Institution", "Journal", "Publisher", "Country", "Author", "URLS", "ArticleType",
    "RetractionDate", "RetractionDOI", "RetractionPubMedID", "OriginalPaperDate", "OriginalPaperDOI",
    "OriginalPaperPubMedID", "RetractionNature", "Reason", "Paywalled", "Notes",
)  # fmt: skip
NOTICE = {
    "Record ID": "1", "Title": "A trial", "RetractionDate": "2/28/2011 0:00", "RetractionDOI": "10.1000/notice",
    "RetractionPubMedID": "0", "OriginalPaperDOI": "10.1000/Trial", "OriginalPaperPubMedID": "0",
    "RetractionNature": "Retraction", "Reason": "+Unreliable Data;+Investigation by Journal/Publisher;",
}  # fmt: skip


Run = Callable[..., Awaitable[tuple[int, str, str]]]


@pytest.fixture
def run(database: str, tmp_path: Path) -> Run:
    """Run the command on these notices as a shell would; its exit code, and what it said."""

    async def act(*notices: dict[str, Any], columns: Sequence[str] = COLUMNS, dry: bool = False) -> Any:
        path = tmp_path / "retraction_watch.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.DictWriter(file, columns, extrasaction="ignore")
            table.writeheader()
            table.writerows([NOTICE | each for each in notices])
        given = {"DATABASE_URL": database, "PUBLIC_SITE_URL": "https://clinic.example", "SECRET_KEY": "s" * 40}
        command = ["-m", "api", "sources", "retractions", str(path), *(["--dry-run"] if dry else [])]
        started = await asyncio.create_subprocess_exec(
            sys.executable, *command, env=os.environ | given, cwd=ROOT, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await started.communicate()
        return started.returncode, out.decode(), err.decode()

    return act


async def statuses() -> dict[str, str]:
    return {row.key: str(row.status) for row in await Source.all()}


async def cited() -> Source:
    """A sound source on which one live article and one draft lean."""
    await builders.clinic()
    source = await builders.source("irnich2001", doi="10.1000/trial")
    await builders.live("Sleep", "As shown [@irnich2001].", slug="sleep")
    await builders.draft("Draft", "As shown [@irnich2001].")
    return source


async def test_a_retracted_source_is_marked_and_its_live_articles_are_told_as_safety_at_once(run):
    source = await cited()

    code, out, _err = await run({}, {"OriginalPaperDOI": "10.1000/another"})

    assert code == 0
    assert "irnich2001: OK → RETRACTED." in out
    assert "live articles that lean on it: sleep\n" in out
    assert "Read 2 rows.\n" in out
    assert out.endswith("1 sources are named in the file: 1 marked, 0 as before.\n")
    await source.refresh_from_db()
    assert (source.status, source.version) == (SourceStatus.RETRACTED, 2)
    assert source.status_note == (
        "Retracted on 2011-02-28 (Retraction Watch, doi:10.1000/notice): "
        "Unreliable Data; Investigation by Journal/Publisher"
    )
    (change,) = await Change.all()
    assert (change.slug, change.severity, str(change.reason)) == ("sleep", "SAFETY", "UPDATED")
    (entry,) = await AuditEntry.all()
    assert (entry.verb, entry.actor, entry.thing) == ("updateSource", "system", source.id)


async def test_readers_see_it_at_the_reference_and_editors_in_their_worklist(run):
    await cited()
    await run({})
    document = (
        """{ article(by: {slug: "sleep"}) { citations { source { status statusNote } } syndication { text } } }"""
    )
    shown = (await ask(document))["article"]
    assert shown["citations"][0]["source"]["status"] == "RETRACTED"
    assert "[retracted]" in shown["syndication"]["text"]
    waiting = "{ editorial { worklist { nodes { kind item { ... on Article { slug } } } } } }"
    nodes = (await ask(waiting, builders.viewer(Role.EDITOR)))["editorial"]["worklist"]["nodes"]
    assert {"kind": "SOURCE_CHANGED", "item": {"slug": "sleep"}} in nodes


async def test_a_dry_run_says_the_same_and_changes_nothing(run):
    await cited()
    code, out, _err = await run({}, dry=True)
    assert code == 0
    assert "irnich2001: OK → RETRACTED." in out
    assert out.endswith("1 would be marked, 0 as before.\n")
    assert await statuses() == {"irnich2001": "OK"}
    assert await AuditEntry.all().count() == await Change.all().count() == 0


async def test_the_second_run_changes_nothing_more(run):
    await cited()
    await run({})
    code, out, _err = await run({})
    assert code == 0
    assert "irnich2001: RETRACTED, as before.\n" in out
    assert await AuditEntry.all().count() == await Change.all().count() == 1


@pytest.mark.parametrize(
    ("before", "notices", "after"),
    [
        ("OK", [{"RetractionNature": "Correction"}], "CORRECTED"),
        ("OK", [{"RetractionNature": "Expression of concern"}], "EXPRESSION_OF_CONCERN"),
        ("UNRESOLVED", [{}], "RETRACTED"),
        ("OK", [{"RetractionNature": "Correction"}, {}, {"RetractionNature": "Expression of concern"}], "RETRACTED"),
        ("RETRACTED", [{"RetractionNature": "Correction"}], "RETRACTED"),
        ("WITHDRAWN", [{}], "WITHDRAWN"),
        ("SUPERSEDED", [{"RetractionNature": "Correction"}], "SUPERSEDED"),
        ("OK", [{}, {"RetractionNature": "Reinstatement", "RetractionDate": "3/1/2012 0:00"}], "OK"),
        ("OK", [{"RetractionDate": "3/1/2013 0:00"},
                {"RetractionNature": "Reinstatement", "RetractionDate": "3/1/2012 0:00"}], "RETRACTED"),
        ("OK", [{"RetractionNature": "Something new"}], "OK"),
        ("OK", [{"OriginalPaperDOI": "unavailable", "OriginalPaperPubMedID": "0"}], "OK"),
        ("OK", [{"OriginalPaperDOI": "Unavailable", "OriginalPaperPubMedID": "11532841"}], "RETRACTED"),
    ],
)  # fmt: skip
async def test_the_gravest_notice_counts_and_nothing_gets_better_by_itself(database, before, notices, after):
    await builders.source("irnich2001", doi="10.1000/trial", pmid="11532841", status=SourceStatus(before))
    read = [notice for each in notices if (notice := retractions.read(NOTICE | each))]
    for verdict in await retractions.verdicts(read):
        if verdict.is_news:
            await retractions.mark(verdict, Acting("https://clinic.example"))
    assert await statuses() == {"irnich2001": after}


async def test_a_file_of_another_kind_is_refused_by_the_columns_that_it_lacks(run):
    await cited()
    code, out, err = await run({}, columns=("Title", "OriginalPaperDOI"))
    assert (code, out) == (1, "")
    assert err.strip().startswith("This is no CSV of Retraction Watch: it has no column OriginalPaperPubMedID")
    assert await statuses() == {"irnich2001": "OK"}


@pytest.mark.parametrize(
    ("text", "day"),
    [("2/28/2011 0:00", date(2011, 2, 28)), ("12/1/2020", date(2020, 12, 1)), ("2024-01-15", date(2024, 1, 15)),
     ("", None), ("31/31/2011 0:00", None)],
)  # fmt: skip
def test_a_date_is_read_as_the_file_has_it(text, day):
    notice = retractions.read(NOTICE | {"RetractionDate": text})
    assert notice
    assert notice.on == day
