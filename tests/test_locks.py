"""The locks pin everything with hashes, agree with pyproject.toml and each other, and name no place to fetch from."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Written apart, so that this file does not name them.
REGISTRIES = tuple(
    ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("yarnpkg", "com"))
)


def pins(lock: str) -> dict[str, tuple[str, list[str]]]:
    """Return the version and hashes of each package of a lock."""
    text = (ROOT / lock).read_text().replace("\\\n", "")
    lines = re.findall(r"^([a-z0-9-]+)==([^ ;]+)(.*)$", text, re.MULTILINE)
    return {name: (version, re.findall(r"--hash=sha256:[0-9a-f]{64}", rest)) for name, version, rest in lines}


def wanted(requirements: list[str]) -> dict[str, str]:
    found = [re.fullmatch(r"([\w-]+)==([\w.]+)(?:;.*)?", line) for line in requirements]
    return {match[1].lower(): match[2] for match in found if match}


def tracked() -> list[Path]:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("lock", ["requirements.lock", "tests/requirements.lock"])
def test_every_package_is_pinned_with_hashes_and_every_line_is_a_pin(lock):
    locked = pins(lock)
    lines = [line for line in (ROOT / lock).read_text().splitlines() if line and not line.startswith((" ", "#"))]
    assert len(locked) == len(lines)
    assert all(hashes for _, hashes in locked.values())


def test_the_locks_hold_what_pyproject_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime, testing = project["project"]["dependencies"], project["dependency-groups"]["test"]
    for lock, requirements in (("requirements.lock", runtime), ("tests/requirements.lock", testing)):
        asked = wanted(requirements)
        assert len(asked) == len(requirements), "every requirement is an exact pin"
        locked = {name: version for name, (version, _) in pins(lock).items()}
        assert asked.items() <= locked.items(), "run `make lock` and commit the result"


def test_the_two_locks_agree_on_what_they_share():
    runtime, testing = pins("requirements.lock"), pins("tests/requirements.lock")
    shared = runtime.keys() & testing.keys()
    assert {name: runtime[name] for name in shared} == {name: testing[name] for name in shared}
    assert "starlette" not in testing
    assert "pytest" not in runtime


def test_the_lock_of_the_benchmark_holds_what_it_asks_for_and_agrees_with_the_others():
    asked = wanted(tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]["bench"])
    lock = "tests/benchmarks/requirements.lock"
    locked, others = pins(lock), pins("tests/requirements.lock") | pins("requirements.lock")
    shared = locked.keys() & others.keys()
    assert asked.items() <= {name: version for name, (version, _) in locked.items()}.items()
    assert {name: locked[name] for name in shared} == {name: others[name] for name in shared}
    assert all(hashes for _, hashes in locked.values())
    assert "matplotlib" not in others


def test_no_file_names_a_registry():
    naming = [
        (str(path.relative_to(ROOT)), host)
        for path in tracked()
        for host in REGISTRIES
        if host.encode() in path.read_bytes()
    ]
    assert naming == []


def test_npm_locks_have_hashes_and_no_addresses():
    for path in tracked():
        if path.name == "package-lock.json":
            packages = json.loads(path.read_text())["packages"]
            own = {"", *(name for name, package in packages.items() if package.get("link"))}
            assert [name for name, package in packages.items() if "resolved" in package] == []
            assert [name for name, package in packages.items() if name not in own and "integrity" not in package] == []
