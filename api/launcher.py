"""`python -m api run`: database, tables, sample clinic, API and site, all started here and all ended here."""

import contextlib
import dataclasses
import ipaddress
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from api import ending, postgres
from api.bootstrap.node import node_program
from api.bootstrap.steps import Stop
from api.errors import Unavailable
from api.settings import Settings
from api.watchdog import Watchdog

ROOT = Path(__file__).parents[1]
SITE = ROOT / "frontend" / "server.ts"
PATIENCE = 60.0  # seconds that the API and the site have for their first answer
LIVED = 5.0  # seconds after which a part that may be is started again when it ends by itself
FAREWELL = 25.0  # seconds: the API lets open requests end for up to 20
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # our own addresses need no proxy
SECRETS = {"DATABASE_URL", "DATABASE_REPLICA_URLS", "SECRET_KEY"}


class PortTaken(Unavailable):
    """A port is in use by another program."""


class Ended(Unavailable):
    """A part ended by itself."""


@dataclasses.dataclass
class Part:
    """A program that runs until the end: what it is called, where it answers, if it does, and what starts it again."""

    name: str
    process: subprocess.Popen[bytes]
    address: str = ""
    again: Callable[[subprocess.Popen[bytes]], subprocess.Popen[bytes]] | None = None
    began: float = dataclasses.field(default_factory=time.monotonic)

    def begin_again(self) -> bool:
        """Start it once more, if it may be and has lived for a while: what ends at once would end at once again."""
        if self.again is None or time.monotonic() - self.began < LIVED:
            return False
        _say(f"{self.name} ended by itself (exit {self.process.returncode}) and is started again.")
        self.process, self.began = self.again(self.process), time.monotonic()
        return True


def run(configured: Settings) -> int:
    """Start everything, wait until somebody asks for the end, and end everything; return the exit code."""
    ending.heed_signals()
    try:
        _check_ports(configured)
        with _database(configured) as server, Watchdog() as watchdog, contextlib.ExitStack() as farewell:
            running: list[Part] = []
            farewell.callback(_end, running, watchdog)
            _start(configured, server, watchdog, running)
            _say(f"Site: {configured.public_site_url}")
            _say(f"API:  {configured.public_api_url}/graphql")
            _say("Press Ctrl-C to stop")
            while True:
                _check(running, server)
                time.sleep(0.2)
    except ending.Asked:
        _say("Stopped.")
        return 0


def _start(configured: Settings, server: postgres.Server, watchdog: Watchdog, running: list[Part]) -> None:
    """Fill the list of what runs, in an order that has the editor token shown before the site answers."""
    environment = _environment(configured, server.url)
    steps = [("Tables", ("migrate",))] + [("Sample clinic", ("sample", "load"))] * configured.sample
    for title, arguments in steps:
        began = time.monotonic()
        _command(arguments, watchdog, environment)
        _say(f"{title}: {time.monotonic() - began:.1f} s")
    running.append(_api(configured, watchdog, environment))
    if configured.sample and _is_loopback(configured.api_host):
        _show_editor_token(watchdog, environment)
    elif not configured.sample:
        _show_first_link(watchdog, environment)
    running.append(_site(configured, watchdog, environment))
    running.append(_worker(configured, watchdog, environment))
    for part in running:
        _wait_for(part, running, server)


def _check_ports(configured: Settings) -> None:
    if configured.api_port == configured.site_port:
        raise PortTaken(f"API_PORT and SITE_PORT are both {configured.api_port}; give the site another one.")
    for name, host in (("API", configured.api_host), ("SITE", configured.site_host)):
        port = configured.api_port if name == "API" else configured.site_port
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port just left is free
            try:
                trial.bind((host, port))
                trial.listen()
            except PermissionError:
                raise PortTaken(f"Port {port} needs more rights; choose one from 1024 on with {name}_PORT.") from None
            except OSError as error:
                raise PortTaken(
                    f"Port {port} cannot be used ({error.strerror}); stop what uses it, "
                    f"or choose another with {name}_PORT, such as `make run {name}_PORT={port + 1}`."
                ) from None


@contextlib.contextmanager
def _database(configured: Settings) -> Iterator[postgres.Server]:
    if configured.database_url:
        yield postgres.Server(configured.database_url)
        return
    began = time.monotonic()
    with contextlib.ExitStack() as opened:
        with ending.at_once():
            server = opened.enter_context(postgres.serving(configured.data_dir))
        _say(f"PostgreSQL: {time.monotonic() - began:.1f} s")
        yield server


def _environment(configured: Settings, database_url: str) -> dict[str, str]:
    """Return what the API's processes are given: ours (handed on, not read), and what was found or made here."""
    # The demonstration may call what listens on this machine, where only this machine reaches it.
    calling = {"OUTBOUND_LOOPBACK": "1"} if configured.sample and _is_loopback(configured.api_host) else {}
    return (
        calling
        | os.environ
        | {
            "DATABASE_URL": database_url,
            "SECRET_KEY": configured.secret_key,
            "DATA_DIR": str(configured.data_dir),
            "PYTHONUNBUFFERED": "1",
        }
    )


def _show_editor_token(watchdog: Watchdog, environment: dict[str, str]) -> None:
    said = _command(("members", "mint-demo-token"), watchdog, environment, told=True)
    token = re.search(r"mrd_[A-Za-z0-9_-]+", said)
    if token is None:
        raise Ended("No editor token was made; see above.")
    _say(f"Editor token: {token[0]}")


def _show_first_link(watchdog: Watchdog, environment: dict[str, str]) -> None:
    """Show a new clinic's first admin how to come in; nothing once somebody was."""
    if said := _command(("members", "invite-first"), watchdog, environment, told=True).strip():
        _say(f"First admin: {said}")


def _command(arguments: tuple[str, ...], watchdog: Watchdog, environment: dict[str, str], *, told: bool = False) -> str:
    """Run one command of ours to its end; what it says is shown, or (`told`) returned."""
    command = [sys.executable, "-m", "api", *arguments]
    output = subprocess.PIPE if told else None
    process = watchdog.start(command, cwd=ROOT, env=environment, stdout=output)
    try:
        with process, _ended_on_error(process):
            while process.poll() is None:
                time.sleep(0.02)
                ending.heed()
            said = (process.stdout.read() if process.stdout else b"").decode()
    finally:
        watchdog.forget(process)
    if process.returncode:
        raise Ended(f"`python -m api {' '.join(arguments)}` failed (exit {process.returncode}); see above.")
    return said


@contextlib.contextmanager
def _ended_on_error(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        process.terminate()
        raise


def _api(configured: Settings, watchdog: Watchdog, environment: dict[str, str]) -> Part:
    process = watchdog.start([sys.executable, "-m", "api", "serve"], cwd=ROOT, env=environment)
    return Part("The API", process, f"{_address(configured.api_host, configured.api_port)}/readyz")


def _worker(configured: Settings, watchdog: Watchdog, environment: dict[str, str]) -> Part:
    sites = configured.site_purge_urls or (_address(configured.site_host, configured.site_port),)
    given = environment | {"SITE_PURGE_URLS": ",".join(sites)}
    command = [sys.executable, "-m", "api", "worker"]

    def again(ended: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
        watchdog.forget(ended)
        return watchdog.start(command, cwd=ROOT, env=given)

    return Part("The worker", watchdog.start(command, cwd=ROOT, env=given), again=again)


def _site(configured: Settings, watchdog: Watchdog, environment: dict[str, str]) -> Part:
    if not (SITE.parent / "dist" / "server").exists():
        raise Unavailable("The site is not built; run `make run`.")
    try:
        node = str(node_program())
    except Stop as lacking:
        raise Unavailable(str(lacking)) from None
    handed = {name: value for name, value in environment.items() if name not in SECRETS}
    given = handed | {
        "API_URL": _address(configured.api_host, configured.api_port),
        "PUBLIC_SITE_URL": configured.public_site_url,
        "SECRET_KEY": configured.secret_key,
        "HOST": configured.site_host,
        "PORT": str(configured.site_port),
        "NODE_ENV": "production",
    }
    process = watchdog.start([node, "--disable-warning=ExperimentalWarning", str(SITE)], cwd=ROOT, env=given)
    return Part("The site", process, f"{_address(configured.site_host, configured.site_port)}/")


def _wait_for(part: Part, running: list[Part], server: postgres.Server) -> None:
    """Wait until a part answers."""
    began = time.monotonic()
    while part.address and not _answers(part):
        _check(running, server)
        if time.monotonic() - began > PATIENCE:
            raise Ended(f"{part.name} did not answer at {part.address} within {PATIENCE:.0f} s; see above.")
        time.sleep(0.05)


def _answers(part: Part) -> bool:
    """Tell whether a part is ready; of the site any answer counts, for its pages depend on more than on it."""
    try:
        with ending.at_once(), DIRECTLY.open(part.address, timeout=10):
            return True
    except urllib.error.HTTPError:
        return part.name == "The site"
    except OSError:
        return False


def _check(running: list[Part], server: postgres.Server) -> None:
    """Refuse to go on with a part missing, or after somebody asked for the end."""
    ending.heed()
    for part in running:
        if part.process.poll() is not None and not part.begin_again():
            raise Ended(f"{part.name} ended by itself (exit {part.process.returncode}); everything was stopped.")
    if server.has_ended():
        raise Ended("PostgreSQL ended by itself; everything was stopped. Its log is postgres.log in DATA_DIR.")


def _end(running: list[Part], watchdog: Watchdog) -> None:
    """Ask all to end, wait for each, and end by force what does not."""
    for part in running:
        part.process.terminate()
    for part in running:
        try:
            part.process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            part.process.kill()
            part.process.wait()
        watchdog.forget(part.process)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def _address(host: str, port: int) -> str:
    """Return the address at which a server on this machine is reached."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - not bound here
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _say(line: str) -> None:
    print(line, flush=True)
