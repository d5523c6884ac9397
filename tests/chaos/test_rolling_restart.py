"""One process after the other is replaced while readers read through Caddy: nobody is refused, and each ends with 0.

The full round: `python -m pytest -m soak tests/chaos/test_rolling_restart.py -s` prints its figures.
"""

import signal
import time
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.chaos.standing import Load, standing

PATHS = ("/", "/articles", "/graphql?query=" + quote("{ articles(first: 3) { nodes { title } } }"))


def replaced(database: str, folder: Path, rounds: int, least: int) -> None:
    with standing(database, folder) as house:
        parts = ("api-0", "site-0", "worker", "api-1", "site-1")
        with Load(house, PATHS) as load:
            time.sleep(1)
            for number in range(rounds):
                program = house[parts[number % len(parts)]]
                assert program.end(signal.SIGTERM) == 0, program.name
                program.start()
                time.sleep(0.5)
            end = time.monotonic() + 600
            while len(load.answered) < least and time.monotonic() < end:
                time.sleep(0.2)
        print(f"{rounds} restarts: {len(load.answered)} answered, {len(load.failed)} failed, "  # noqa: T201 - figures
              f"{len(load.bad())} not 200, the slowest in {load.slowest():.2f} s")  # fmt: skip
    assert (load.failed, load.bad()) == ([], [])
    assert len(load.answered) >= least


def test_no_reader_is_refused_while_each_process_is_replaced_once(sample, tmp_path):
    replaced(sample, tmp_path, rounds=5, least=100)


@pytest.mark.soak
def test_twenty_restarts_and_twenty_thousand_requests_without_a_refusal(sample, tmp_path):
    replaced(sample, tmp_path, rounds=20, least=20_000)
