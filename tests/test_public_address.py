"""What is invented or can be guessed never stands on a public address: the start is refused with one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import named

PUBLIC = "https://clinic.org"


def started(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "api", *arguments]
    return subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=60
    )


def refused(done: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence + "\n")


def test_the_sample_is_not_served_in_public(server: str, sampled: str, tmp_path: Path):
    done = started(
        "serve", DATABASE_URL=named(server, sampled), SECRET_KEY="5f1e8a9c" * 8, DATA_DIR=str(tmp_path),
        PUBLIC_SITE_URL=PUBLIC, API_PORT="8999",
    )  # fmt: skip
    refused(done, "The sample clinic may not stand on a public address: run `python -m api sample remove` first.")


def test_the_sample_is_not_loaded_in_public(tmp_path: Path):
    done = started("sample", "load", DATA_DIR=str(tmp_path), PUBLIC_SITE_URL=PUBLIC)
    refused(
        done, "The sample clinic is invented, and PUBLIC_SITE_URL is a public address: try it on this machine instead."
    )


@pytest.mark.parametrize("secret", ["changeme" * 4, "0123" * 8])
def test_a_secret_that_can_be_guessed_is_refused_in_public(secret: str, tmp_path: Path):
    done = started("serve", SECRET_KEY=secret, DATA_DIR=str(tmp_path), PUBLIC_SITE_URL=PUBLIC)
    refused(done, "SECRET_KEY can be guessed: give random bytes, such as `openssl rand -hex 32`.")


def test_a_database_of_ones_own_needs_a_secret(tmp_path: Path):
    done = started("serve", SECRET_KEY="", DATABASE_URL="postgres://x/y", DATA_DIR=str(tmp_path))
    refused(done, "SECRET_KEY is not set: give at least 32 random bytes, such as `openssl rand -hex 32`.")
