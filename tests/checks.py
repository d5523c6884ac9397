"""The one list of everything that guards main: the same for `make test`, for CI and on a laptop."""

import contextlib
import dataclasses
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).absolute().parents[1]
FRONTEND = ROOT / "frontend"
PROGRAMS = Path(sys.executable).parent
PATIENCE = 120  # seconds that the whole product has to start for the browser
COUNTS = (r"(\d+) passed", r"(\d+) failed", r"(\d+) skipped")  # pytest, vitest
NODE_COUNTS = (r"^\S pass (\d+)$", r"^\S fail (\d+)$", r"^\S skipped (\d+)$")  # node --test


@dataclasses.dataclass(frozen=True)
class Check:
    """One program that must end well; `running` gives it the whole product to look at."""

    name: str
    command: tuple[str, ...]
    folder: Path = ROOT
    running: bool = False


@dataclasses.dataclass(frozen=True)
class Result:
    """How a check went: its exit code (None: not tried, for the reason given), and what it said it counted."""

    name: str
    code: int | None
    seconds: float
    said: str


def installed(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(PROGRAMS / name), *arguments)


def prepared(goal: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "api.bootstrap", goal)


QUICK = (
    Check("ruff", installed("ruff", "check")),
    Check("ruff format", installed("ruff", "format", "--check")),
    Check("mypy", installed("mypy")),
    Check("import-linter", installed("lint-imports")),
)
ALL = (
    *QUICK,
    Check("frontend packages", prepared("frontend")),
    Check("frontend types", ("npm", "run", "check"), FRONTEND),
    Check("vitest", ("npm", "test"), FRONTEND),
    Check("site", prepared("site")),
    Check("pytest", installed("pytest", "-m", "not soak")),
    Check("quality packages", prepared("quality")),
    Check("browser journeys", ("npm", "test"), FRONTEND / "quality", running=True),
)
MEASURING = FRONTEND / "quality" / "measuring"
QUALITY = (
    Check("frontend packages", prepared("frontend")),
    Check("site", prepared("site")),
    Check("quality packages", prepared("quality")),
    Check("measuring packages", ("npm", "ci", "--ignore-scripts"), MEASURING),
    Check("measures", ("npm", "start"), MEASURING, running=True),
)
SOAK = (Check("pytest, long rounds", installed("pytest", "-m", "soak")),)
COMPILE = ("pip", "compile", "-q", "--universal", "--python-version", "3.11", "--generate-hashes")
WITHOUT_PLACES = ("--no-emit-index-url", "--no-emit-find-links", "--no-header")
LOCK = (
    Check("uv", (sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "uv==0.13.9")),
    Check("requirements.lock", installed("uv", *COMPILE, *WITHOUT_PLACES, "pyproject.toml", "-o", "requirements.lock")),
    Check(
        "tests/requirements.lock",
        installed(
            "uv",
            *COMPILE,
            *WITHOUT_PLACES,
            *("--group", "test", "-c", "requirements.lock", "-o", "tests/requirements.lock"),
        ),
    ),
    Check(
        "tests/benchmarks/requirements.lock",
        installed(
            "uv",
            *COMPILE,
            *WITHOUT_PLACES,
            *("--group", "bench", "-c", "requirements.lock", "-c", "tests/requirements.lock"),
            *("-o", "tests/benchmarks/requirements.lock"),
        ),
    ),
)
LISTS = {"all": ALL, "quick": QUICK, "soak": SOAK, "quality": QUALITY, "lock": LOCK}


def main(arguments: list[str]) -> int:
    """Run every check of a list, also after one has failed; end with one line for each and one for all."""
    results = []
    try:
        results = [run(check) for check in LISTS[arguments[0]]]
    except KeyboardInterrupt:
        return 130
    print(f"\n{'check':24} {'result':8} {'seconds':>8}")
    for result in results:
        verdict = "skipped" if result.code is None else "failed" if result.code else "passed"
        print(f"{result.name:24} {verdict:8} {result.seconds:8.1f}  {result.said}".rstrip())
    failed = sum(bool(result.code) for result in results)
    passed = sum(result.code == 0 for result in results)
    print(f"Checks in {sum(result.seconds for result in results):.0f} s: {passed} passed, {failed} failed")
    return 1 if failed else 0


def run(check: Check) -> Result:
    print(f"\n── {check.name}", flush=True)
    began = time.monotonic()
    if check.running and (reason := why_no_browser()):
        print(reason, flush=True)
        return Result(check.name, None, 0.0, reason)
    try:
        with product() if check.running else contextlib.nullcontext({}) as given:
            code, said = tell(check, os.environ | given)
    except (OSError, TimeoutError, subprocess.CalledProcessError) as error:
        code, said = 1, str(error)
        print(error, flush=True)
    return Result(check.name, code, time.monotonic() - began, said)


def tell(check: Check, environment: dict[str, str]) -> tuple[int, str]:
    """Run a program, let it be heard, and return its exit code and its own count."""
    lines: list[str] = []
    with subprocess.Popen(
        check.command,
        cwd=check.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(re.sub(r"\x1b\[[0-9;]*m", "", line).strip())
    said = counted(lines)
    if said.startswith("0 passed, 0 failed"):
        return process.returncode or 1, "no test ran"
    return process.returncode, said


def counted(lines: list[str]) -> str:
    """Return "N passed, N failed" as a test runner's closing lines have it, or nothing."""
    for patterns, told in ((NODE_COUNTS, lines), (COUNTS, lines[-20:])):  # Node repeats its failures at the end
        found = [[int(number) for line in told for number in re.findall(pattern, line)] for pattern in patterns]
        if found[0] or found[1]:
            passed, failed, skipped = (numbers[-1] if numbers else 0 for numbers in found)
            return f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")
    return ""


def why_no_browser() -> str:
    """Say why the browser journeys cannot run here, or nothing when they can."""
    if sys.platform == "linux" and platform.machine() in {"x86_64", "aarch64"}:
        return ""  # Chromium comes in an npm package
    if chrome():
        return ""
    return f"No browser: the bundled Chromium is for Linux (this is {platform.system()}), and no Chrome is installed."


def chrome() -> str:
    places = (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        *filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))),
    )
    return next((place for place in places if Path(place).exists()), "")


@contextlib.contextmanager
def product() -> Iterator[dict[str, str]]:
    """Start everything as `make run` does, on free ports and an empty database, and end it afterwards."""
    with tempfile.TemporaryDirectory(prefix="meridian-journeys-") as folder:
        ports = {"API_PORT": str(free_port()), "SITE_PORT": str(free_port())}
        log = Path(folder, "log")
        with log.open("wb") as told:
            launcher = subprocess.Popen(
                [sys.executable, "-m", "api", "run"],
                cwd=ROOT,
                env=without_deployment(os.environ) | ports | {"DATA_DIR": f"{folder}/data"},
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=subprocess.STDOUT,
            )
        try:
            token = token_when_ready(launcher, log)
            yield {
                "RARE_PAGES": rare_pages(f"{folder}/data"),
                "SITE_URL": f"http://localhost:{ports['SITE_PORT']}",
                "API_URL": f"http://localhost:{ports['API_PORT']}",
                "EDITOR_TOKEN": token,
                "CHROME": chrome(),
                "TMPDIR": folder,  # where the bundled Chromium unpacks itself; in /tmp another user's may be in the way
            }
        finally:
            launcher.send_signal(signal.SIGTERM)
            launcher.wait()


def token_when_ready(launcher: "subprocess.Popen[bytes]", log: Path) -> str:
    """Wait until the product answers; return its editor token."""
    end = time.monotonic() + PATIENCE
    while "Press Ctrl-C" not in (told := log.read_text()):
        if launcher.poll() is not None or time.monotonic() > end:
            raise TimeoutError(f"{told}\nThe product did not start; see above.")
        time.sleep(0.2)
    return told.partition("Editor token: ")[2].split("\n")[0]


def rare_pages(data: str) -> str:
    """Make the pages that the sample clinic lacks, and return where they are, as JSON."""
    command = [sys.executable, "-m", "tests.rarities"]
    environment = without_deployment(os.environ) | {"DATA_DIR": data}
    return subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


def without_deployment(environment: "os._Environ[str]") -> dict[str, str]:
    """Leave out what would point the browser's product at somebody's real one."""
    ours = {"DATABASE_URL", "DATABASE_REPLICA_URLS", "SECRET_KEY", "SAMPLE", "PUBLIC_SITE_URL", "PUBLIC_API_URL"}
    return {name: value for name, value in environment.items() if name not in ours}


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
