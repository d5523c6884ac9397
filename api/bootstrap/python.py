"""The virtual environment and the locked Python packages in it."""

import importlib.util
import json
import shutil
import subprocess
import sys

from api.bootstrap.steps import ROOT, Stop, environment, fingerprint, read_stamp, step

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "meridian.json"
PIP = ("-I", "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar=off")


def install_python_packages(locks: tuple[str, ...]) -> None:
    """Make the virtual environment and install the locked packages, unless that was done with these very locks."""
    place = {"folder": str(ROOT), "python": _version()}
    wanted = place | {lock: fingerprint([ROOT / lock]) for lock in locks}
    done = read_stamp(STAMP)
    if place["python"] and wanted.items() <= done.items():
        return
    if not place["python"] or not place.items() <= done.items():
        _make_venv()  # never made, interrupted, moved with its folder, or made by a Python that is no more
        wanted["python"] = _version()
        done = {}
    STAMP.unlink(missing_ok=True)  # whoever is interrupted from here on begins anew
    step(
        "Python packages",
        [str(PYTHON), *PIP, "--require-hashes", *(part for lock in locks for part in ("-r", lock))],
        ROOT,
        environment(),
        shown=r"(Downloading|Using cached) (?:\S*/)?([\w.]+-[\w.!+]+)-\S* (\([^)]*\))|(Installing) collected",
        advice="Check that this machine reaches its registry of Python packages, then start again.",
    )
    STAMP.write_text(json.dumps(done | wanted))


def _make_venv() -> None:
    release = "{}.{}".format(*sys.version_info[:2])
    advice = f"install them (Debian, Ubuntu: `apt install python{release}-venv`), then start again."
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Stop(f"This Python {release} lacks venv and ensurepip, which make virtual environments; {advice}")
    shutil.rmtree(VENV, ignore_errors=True)
    command = [sys.executable, "-I", "-m", "venv", str(VENV)]
    step("Virtual environment", command, ROOT, environment(), advice=f"If venv or pip are lacking, {advice}")


def _version() -> str:
    """Return the environment's version of Python where it works, else an empty text."""
    trial = [str(PYTHON), "-I", "-c", "import sys; print(*sys.version_info[:3], sys.base_prefix)"]
    try:
        return subprocess.run(trial, capture_output=True, text=True, check=True, timeout=60).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
