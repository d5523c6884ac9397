"""`python -m api run`, with stand-ins for the API and the site: what it starts, says and leaves behind."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import launcher as launcher_module
from api.bootstrap.node import node_folder, node_program
from api.bootstrap.steps import Stop

ROOT = Path(__file__).parents[2]
DRIVER = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from api import launcher, settings
from api.errors import Refused
launcher.ROOT, launcher.SITE, launcher.PATIENCE = Path("stand-in").absolute(), Path("stand-in/site.mjs").absolute(), 4
try:
    sys.exit(launcher.run(settings.read()))
except Refused as refusal:
    sys.exit(refusal.message)
"""
API = """
import http.server, json, os, pathlib, sys, time
here, command = pathlib.Path(__file__).parents[1], " ".join(sys.argv[1:])
with (here / "told").open("a") as told:
    print(json.dumps({"command": command, "pid": os.getpid(), "database": os.environ["DATABASE_URL"]}), file=told)
if (here / f"{command}.fails").exists():
    sys.exit("It could not be done.")
if command == "members mint-demo-token":
    print("mrd_abc_DEF-123")
if command == "sample load":
    print("8 articles")
if command == "serve":
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/readyz" else 404)
            self.end_headers()
        def log_message(self, *said):
            pass
    place = os.environ.get("API_HOST", "127.0.0.1"), int(os.environ["API_PORT"])
    http.server.HTTPServer(place, Answer).serve_forever()
if command == "worker":
    time.sleep(600)
"""
SITE = """
import fs from 'node:fs';
import http from 'node:http';
const names = ['API_URL', 'PUBLIC_SITE_URL', 'SECRET_KEY', 'HOST', 'PORT', 'DATABASE_URL'];
const given = Object.fromEntries(names.map(name => [name, process.env[name]]));
fs.appendFileSync('told', JSON.stringify({ command: 'site', pid: process.pid, given }) + '\\n');
http.createServer((request, response) => response.end('home')).listen(process.env.PORT, process.env.HOST);
"""


@pytest.fixture(autouse=True)
def a_node_of_this_machine():
    try:
        node_folder()
    except Stop:
        pytest.skip("no Node of a version that will do; `make test` brings one")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    place = tmp_path / "a clinic"
    (place / "stand-in" / "api").mkdir(parents=True)
    (place / "stand-in" / "api" / "__main__.py").write_text(API)
    (place / "stand-in" / "dist" / "server").mkdir(parents=True)
    (place / "stand-in" / "site.mjs").write_text(SITE)
    return place


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.fixture(autouse=True)
def heeding() -> Iterator[None]:
    """Whoever runs these tests may have SIGHUP ignored (`nohup`), and what is started here would have so, too."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


class Launched:
    """A launcher in a process of its own, and what it has said so far."""

    def __init__(self, place: Path, *, prefix: tuple[str, ...] = (), **settings: str) -> None:
        self.place, self.lines = place, list[str]()
        self.api_port, self.site_port = (
            settings.setdefault("API_PORT", str(free_port())),
            settings.setdefault("SITE_PORT", str(free_port())),
        )
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-c", DRIVER.format(root=str(ROOT))],
            cwd=place,
            env=inherited | {"DATA_DIR": "data", "http_proxy": "http://127.0.0.1:9"} | settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def until(self, wanted: str) -> str:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if re.search(wanted, line):
                return line
        raise AssertionError((wanted, self.lines, self.process.communicate()))

    def end(self) -> tuple[int, str]:
        said, refused = self.process.communicate(timeout=20)
        self.lines += said.splitlines()
        return self.process.returncode, refused

    def told(self) -> list[dict[str, object]]:
        told = self.place / "stand-in" / "told"
        return [json.loads(line) for line in told.read_text().splitlines()] if told.exists() else []

    def pid_of(self, command: str) -> int:
        return next(int(str(entry["pid"])) for entry in self.told() if entry["command"] == command)

    def left_running(self) -> list[str]:
        shown = subprocess.run(["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
        told = {str(entry["pid"]) for entry in self.told()}
        return [line for line in shown.splitlines() if line.split()[0] in told or str(self.place) in line]


@contextlib.contextmanager
def launched(place: Path, **settings) -> Iterator[Launched]:
    launcher = Launched(place, **settings)
    try:
        yield launcher
    finally:
        if launcher.process.poll() is None:
            launcher.process.kill()
        launcher.process.communicate()


def wait_until_nothing_is_left(launcher: Launched, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while left := launcher.left_running():
        assert time.monotonic() < end, left
        time.sleep(0.05)


def test_it_prepares_everything_in_order_and_says_where_to_look(place):
    with launched(place) as launcher:
        launcher.until("Press Ctrl-C to stop")

        told = launcher.told()
        commands = [entry["command"] for entry in told]
        assert commands[:2] == ["migrate", "sample load"]
        assert set(commands[2:4]) == {"serve", "members mint-demo-token"}
        assert set(commands[4:]) - {"worker"} == {"site"}
        assert len({entry["database"] for entry in told if "database" in entry}) == 1
        assert "Editor token: mrd_abc_DEF-123" in launcher.lines
        assert sum("mrd_" in line for line in launcher.lines) == 1
        assert launcher.lines[-3:] == [
            f"Site: http://localhost:{launcher.site_port}",
            f"API:  http://localhost:{launcher.api_port}/graphql",
            "Press Ctrl-C to stop",
        ]


def test_the_site_is_given_what_it_needs_and_not_the_database(place):
    with launched(place, PUBLIC_SITE_URL="https://clinic.example") as launcher:
        launcher.until("Press Ctrl-C to stop")

        given = next(entry["given"] for entry in launcher.told() if entry["command"] == "site")
        assert given == {
            "API_URL": f"http://127.0.0.1:{launcher.api_port}",
            "PUBLIC_SITE_URL": "https://clinic.example",
            "SECRET_KEY": (place / "data" / "secret.key").read_text(),
            "HOST": "127.0.0.1",
            "PORT": launcher.site_port,
        }


def test_the_token_is_printed_before_the_sites_port_answers(place):
    site = place / "stand-in" / "site.mjs"
    site.write_text(
        site.read_text().replace(
            "http.createServer", "await new Promise(done => setTimeout(done, 3000));\nhttp.createServer"
        )
    )
    with launched(place) as launcher:
        launcher.until("Editor token: mrd_abc_DEF-123$")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(launcher.site_port)), 1).close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_end_it_stops_everything_and_is_content(place, how):
    with launched(place) as launcher:
        launcher.until("Press Ctrl-C to stop")
        launcher.process.send_signal(how)
        assert launcher.end() == (0, "")
        assert launcher.lines[-1] == "Stopped."
        assert launcher.left_running() == []


def test_the_site_ends_also_where_node_is_started_by_another_program(place):
    starter = place / "starter"
    starter.mkdir()
    (starter / "node").write_text(f'#!/bin/sh\n"{node_program()}" "$@"\nexit $?\n')
    (starter / "npm").write_text("#!/bin/sh\n")
    for name in ("node", "npm"):
        (starter / name).chmod(0o755)

    with launched(place, PATH=f"{starter}:{os.environ['PATH']}") as launcher:
        launcher.until("Press Ctrl-C to stop")
        site = launcher.pid_of("site")
        launcher.process.send_signal(signal.SIGTERM)
        try:
            assert launcher.end() == (0, "")
        except subprocess.TimeoutExpired:
            os.kill(site, signal.SIGKILL)  # it holds the pipe on which this test would wait for ever
            raise
        assert launcher.left_running() == []


def test_ctrl_c_in_the_terminal_reaches_the_whole_group_and_ends_it_in_order(place):
    with launched(place) as launcher:
        launcher.until("Press Ctrl-C to stop")
        os.killpg(launcher.process.pid, signal.SIGINT)
        os.killpg(launcher.process.pid, signal.SIGINT)
        assert launcher.end() == (0, "")
        assert launcher.left_running() == []


def test_a_job_started_with_an_ampersand_can_be_interrupted(place):
    shell = ("sh", "-c", '"$@" & echo $! >&2; wait', "sh")
    with launched(place, prefix=shell) as launcher:
        launcher.until("Press Ctrl-C to stop")
        assert launcher.process.stderr
        os.kill(int(launcher.process.stderr.readline()), signal.SIGINT)
        launcher.end()
        assert launcher.lines[-1] == "Stopped."
        assert launcher.left_running() == []


@pytest.mark.parametrize("seconds", [0.0, 0.3, 0.8, 1.1])
def test_asked_to_end_while_starting_it_leaves_nothing(place, seconds):
    with launched(place) as launcher:
        while not (place / "data" / "secret.key").exists():
            time.sleep(0.01)
        time.sleep(seconds)
        launcher.process.send_signal(signal.SIGINT)
        code, _ = launcher.end()
        assert code in {0, -signal.SIGINT}
        wait_until_nothing_is_left(launcher)


def test_killed_without_a_chance_it_takes_everything_with_it(place):
    with launched(place) as launcher:
        launcher.until("Press Ctrl-C to stop")
        launcher.process.kill()
        wait_until_nothing_is_left(launcher)

    with launched(place) as again:
        again.until("Press Ctrl-C to stop")


@pytest.mark.parametrize(("command", "name"), [("serve", "The API"), ("site", "The site")])
def test_a_part_that_dies_ends_everything_with_a_sentence(place, command, name):
    with launched(place) as launcher:
        launcher.until("Press Ctrl-C to stop")
        os.kill(launcher.pid_of(command), signal.SIGKILL)
        assert launcher.end() == (1, f"{name} ended by itself (exit -9); everything was stopped.\n")
        assert launcher.left_running() == []


def test_a_worker_that_dies_after_a_while_is_started_again(place):
    with launched(place) as launcher:
        launcher.until("Press Ctrl-C to stop")
        first = launcher.pid_of("worker")
        time.sleep(launcher_module.LIVED)
        os.kill(first, signal.SIGKILL)
        launcher.until(r"The worker ended by itself \(exit -9\) and is started again\.")
        while len(workers := [entry["pid"] for entry in launcher.told() if entry["command"] == "worker"]) == 1:
            time.sleep(0.05)
        os.kill(int(str(workers[-1])), signal.SIGKILL)  # at once: it would only end again
        assert launcher.end() == (1, "The worker ended by itself (exit -9); everything was stopped.\n")
        assert launcher.left_running() == []


def test_a_database_that_dies_ends_everything_with_a_sentence(place):
    with launched(place) as launcher:
        launcher.until("Press Ctrl-C to stop")
        os.kill(int((place / "data" / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGINT)
        code, refused = launcher.end()
        assert (code, refused[:46]) == (1, "PostgreSQL ended by itself; everything was sto")


@pytest.mark.parametrize("command", ["migrate", "sample load", "members mint-demo-token"])
def test_a_step_that_fails_ends_everything_with_its_own_sentence(place, command):
    (place / "stand-in" / f"{command}.fails").touch()
    with launched(place) as launcher:
        assert launcher.end() == (1, f"It could not be done.\n`python -m api {command}` failed (exit 1); see above.\n")
        assert launcher.left_running() == []


@pytest.mark.parametrize("name", ["API", "SITE"])
def test_a_taken_port_is_named_with_its_variable_before_anything_is_started(place, name):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with launched(place, **{f"{name}_PORT": str(port)}) as launcher:
            code, refused = launcher.end()
    assert code == 1
    assert refused == (
        f"Port {port} cannot be used (Address already in use); stop what uses it, "
        f"or choose another with {name}_PORT, such as `make run {name}_PORT={port + 1}`.\n"
    )
    assert not (place / "data" / "postgres").exists()


def test_one_port_for_both_is_refused(place):
    with launched(place, API_PORT="4444", SITE_PORT="4444") as launcher:
        assert launcher.end() == (1, "API_PORT and SITE_PORT are both 4444; give the site another one.\n")


def test_a_worker_runs_beside_them(place):
    with launched(place) as launcher:
        launcher.until("Press Ctrl-C to stop")
        end = time.monotonic() + 20
        while "worker" not in {entry["command"] for entry in launcher.told()}:
            assert time.monotonic() < end
            time.sleep(0.05)


def test_without_the_sample_there_is_no_token(place):
    with launched(place, SAMPLE="0") as launcher:
        launcher.until("Press Ctrl-C to stop")
        assert launcher.told()[0]["command"] == "migrate"
        assert {entry["command"] for entry in launcher.told()} - {"worker"} == {
            "migrate",
            "members invite-first",
            "serve",
            "site",
        }
        assert not any("mrd_" in line for line in launcher.lines)


def test_an_api_that_others_can_reach_gets_no_demonstration_token(place):
    with launched(place, API_HOST="0.0.0.0") as launcher:  # noqa: S104 - that is the case
        launcher.until("Press Ctrl-C to stop")
        assert "members mint-demo-token" not in {entry["command"] for entry in launcher.told()}


def test_a_database_of_ones_own_is_used_instead(place):
    address = "postgres://somebody@127.0.0.1:1/theirs"
    with launched(place, DATABASE_URL=address, SECRET_KEY="k" * 32) as launcher:
        launcher.until("Press Ctrl-C to stop")
        assert {entry["database"] for entry in launcher.told() if "database" in entry} == {address}
        assert not (place / "data" / "postgres").exists()


def test_a_site_that_never_answers_is_given_up(place):
    (place / "stand-in" / "site.mjs").write_text("setInterval(() => {}, 1000)")
    with launched(place) as launcher:
        code, refused = launcher.end()
    assert code == 1
    assert refused == f"The site did not answer at http://127.0.0.1:{launcher.site_port}/ within 4 s; see above.\n"


def test_it_starts_again_within_seconds(place):
    for _ in range(2):
        began = time.monotonic()
        with launched(place) as launcher:
            launcher.until("Press Ctrl-C to stop")
            launcher.process.send_signal(signal.SIGINT)
            launcher.end()
    assert time.monotonic() - began < 10
    shutil.rmtree(place / "data")
