"""docker-compose.yml, the Dockerfiles and .env.example agree with the settings and with what `make run` starts."""

import ast
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from api import settings
from api.__main__ import COMMANDS
from api.postgres import MAJOR

ROOT = Path(__file__).parents[1]
GIVEN = {"SECRET_KEY": "k" * 32, "POSTGRES_PASSWORD": "p" * 24}

# What the Compose specification knows of what stands in our file, and how each is written.
TEXT, NUMBER, LIST, MAP = str, int, list, dict
TOP = {"services": MAP, "volumes": MAP, "networks": MAP}
SERVICE = {
    "build": MAP, "cap_add": LIST, "cap_drop": LIST, "command": LIST, "depends_on": MAP, "environment": MAP,
    "healthcheck": MAP, "image": TEXT, "mem_limit": TEXT, "ports": LIST, "read_only": bool, "restart": TEXT,
    "security_opt": LIST, "shm_size": TEXT, "stop_grace_period": TEXT, "tmpfs": LIST, "user": TEXT, "volumes": LIST,
}  # fmt: skip
HEALTH = {"test": LIST, "interval": TEXT, "timeout": TEXT, "retries": NUMBER, "start_period": TEXT}
BUILD = {"context": TEXT, "dockerfile": TEXT}
STATES = {"service_started", "service_healthy", "service_completed_successfully"}


@pytest.fixture(scope="module")
def composed() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def services(composed: dict[str, Any]) -> dict[str, Any]:
    return composed["services"]


def filled_in(text: str, given: dict[str, str]) -> str:
    """Do what compose does with `${NAME:-default}` and `${NAME:?reason}`."""

    def value(found: re.Match[str]) -> str:
        name, _, rest = found[1].partition(":")
        if name in given:
            return given[name]
        assert not rest.startswith("?"), f"{name} is required"
        return rest.removeprefix("-")

    return re.sub(r"\$\{([^}]+)\}", value, text)


def environment_of(service: dict[str, Any]) -> dict[str, str]:
    return {name: filled_in(value, GIVEN) for name, value in service["environment"].items()}


def read_variables() -> set[str]:
    """Return the names that api/settings.py reads from the environment."""
    tree = ast.parse((ROOT / "api" / "settings.py").read_text())
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and re.fullmatch(r"[A-Z][A-Z_]{4,}", str(node.value))
    }


def dockerfile(folder: str) -> str:
    return (ROOT / folder / "Dockerfile").read_text()


def test_there_are_five_services_and_each_that_answers_has_a_health_check(services):
    assert list(services) == ["postgres", "api", "worker", "frontend", "caddy"]
    answering = [name for name, service in services.items() if "healthcheck" in service]
    assert answering == ["postgres", "api", "frontend", "caddy"]


def well_formed(found: dict[str, Any], known: dict[str, type]) -> bool:
    return all(isinstance(value, known.get(name, ())) for name, value in found.items())


def test_the_file_has_the_form_that_compose_knows(composed, services):
    assert well_formed({name: value for name, value in composed.items() if not name.startswith("x-")}, TOP)
    for name, service in services.items():
        assert well_formed(service, SERVICE), name
        assert well_formed(service.get("healthcheck", {}), HEALTH), name
        assert well_formed(service.get("build", {}), BUILD), name
        assert all(isinstance(value, str) for value in service.get("environment", {}).values()), name
        assert {one["condition"] for one in service.get("depends_on", {}).values()} <= STATES
        assert set(service.get("depends_on", {})) <= set(services)
        named = {volume.partition(":")[0] for volume in service.get("volumes", [])}
        assert {volume for volume in named if volume[0] not in "./$"} <= set(composed["volumes"]), name


def test_all_together_fit_one_gigabyte(services):
    limits = {name: int(service["mem_limit"].removesuffix("m")) for name, service in services.items()}
    assert sum(limits.values()) <= 1000
    assert limits["api"] >= 150  # its bar at rest, in MB
    assert limits["frontend"] >= 200


def test_only_caddy_is_reached_from_outside(services, composed):
    assert [name for name, service in services.items() if "ports" in service] == ["caddy"]
    assert services["caddy"]["ports"] == ["${HTTP_PORT:-80}:${HTTP_PORT:-80}", "${HTTPS_PORT:-443}:443"]
    (network,) = composed["networks"]["default"]["ipam"]["config"]
    for name in ("api", "worker", "frontend"):
        assert services[name]["environment"]["TRUSTED_PROXIES"] == network["subnet"]


def test_caddy_sends_each_path_to_who_answers_it():
    said = (ROOT / "frontend" / "Caddyfile").read_text()
    assert "@api path /graphql /graphql/* /media /media/* /websub /moderation/events\n" in said
    assert "@inside path /metrics /healthz /readyz /_purge\n" in said
    assert "{$API_UPSTREAMS:api:8000}" in said
    assert "{$SITE_UPSTREAMS:frontend:4321}" in said


@pytest.mark.parametrize("address", ["http://localhost:8088", "https://clinic.example"])
def test_caddy_understands_its_file(address):
    if not shutil.which("caddy"):
        pytest.skip("caddy is not installed")
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(ROOT / "frontend" / "Caddyfile")]
    environment = os.environ | {"PUBLIC_SITE_URL": address}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["api", "worker"])
def test_the_api_is_given_settings_that_it_reads_and_accepts(services, name, tmp_path):
    environment = environment_of(services[name])

    assert set(environment) <= read_variables()
    read = settings.read(environment | {"DATA_DIR": str(tmp_path)})
    assert (read.api_host, read.api_port) == ("0.0.0.0", 8000)  # noqa: S104 - inside a container
    assert read.database_url == f"postgres://meridian:{GIVEN['POSTGRES_PASSWORD']}@postgres:5432/meridian"
    assert read.secret_key == GIVEN["SECRET_KEY"]


def test_the_worker_is_the_api_with_another_command(services):
    different = {"command", "depends_on", "healthcheck", "mem_limit"}
    same = [
        {name: value for name, value in services[each].items() if name not in different} for each in ("api", "worker")
    ]
    assert same[0] == same[1]
    assert services["worker"]["command"] == ["python", "-m", "api", "worker"]


def test_the_site_is_given_what_the_launcher_gives_it(services):
    launcher = (ROOT / "api" / "launcher.py").read_text()
    environment = environment_of(services["frontend"])

    for name in ("API_URL", "PUBLIC_SITE_URL", "SECRET_KEY", "HOST", "PORT"):
        assert f'"{name}": ' in launcher
        assert environment[name]
    assert environment["API_URL"] == "http://api:8000"
    assert environment["SECRET_KEY"] == environment_of(services["api"])["SECRET_KEY"]
    assert environment["PUBLIC_SITE_URL"] == environment_of(services["api"])["PUBLIC_SITE_URL"]


def test_ports_agree_with_the_settings_defaults_the_images_and_the_health_checks(services, tmp_path):
    defaults = settings.read({"DATA_DIR": str(tmp_path)})
    for name, variable, port in (("api", "API_PORT", defaults.api_port), ("frontend", "PORT", defaults.site_port)):
        assert environment_of(services[name])[variable] == str(port)
        assert f"EXPOSE {port}\n" in dockerfile(name)
        assert f"http://127.0.0.1:{port}/" in services[name]["healthcheck"]["test"][-1]


def test_commands_are_those_that_the_program_has(services):
    for text in [*map(str, services["api"]["command"]), " ".join(services["worker"]["command"])]:
        assert set(re.findall(r"python -m api (\w+)", text)) <= set(COMMANDS)
    assert services["api"]["command"][-1] == "python -m api migrate && exec python -m api serve"
    assert 'CMD ["node", "server.ts"]' in dockerfile("frontend")


def test_each_waits_for_what_it_needs(services):
    waits = {name: {n: c["condition"] for n, c in s.get("depends_on", {}).items()} for name, s in services.items()}
    assert waits == {
        "postgres": {},
        "api": {"postgres": "service_healthy"},
        "worker": {"api": "service_healthy"},
        "frontend": {"api": "service_healthy"},
        "caddy": {"frontend": "service_healthy"},
    }


def test_secrets_are_required_and_never_written_down(services):
    text = (ROOT / "docker-compose.yml").read_text()
    assert text.count("${SECRET_KEY:?") == 2
    assert text.count("${POSTGRES_PASSWORD:?") == 2
    with pytest.raises(AssertionError, match="SECRET_KEY is required"):
        filled_in(services["frontend"]["environment"]["SECRET_KEY"], {})
    example = (ROOT / ".env.example").read_text()
    assert re.findall(r"^(\w+)=$", example, re.MULTILINE) == [
        "POSTGRES_PASSWORD", "SECRET_KEY", "SMTP_URL", "MAIL_FROM", "DATABASE_REPLICA_URLS", "VALKEY_URL",
        "METRICS_TOKEN",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
    ]  # fmt: skip


def test_the_example_names_every_variable_that_compose_reads_and_no_other():
    read = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    named = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert named == read


def test_the_database_is_the_embedded_one_in_version_and_locale(services):
    cluster = (ROOT / "api" / "postgres" / "cluster.py").read_text()
    assert services["postgres"]["image"].startswith(f"postgres:{MAJOR}-")
    for argument in services["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split():
        assert argument in cluster


def test_containers_run_without_rights_and_images_hold_no_secret(services):
    for name in ("api", "worker", "frontend", "caddy"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
    assert "USER meridian\n" in dockerfile("api")
    assert "USER node\n" in dockerfile("frontend")
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"


def test_docker_compose_understands_the_file(tmp_path):
    command = ["docker", "compose", "version"]
    if not shutil.which("docker") or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("docker compose is not installed")
    (tmp_path / "env").write_text("".join(f"{name}={value}\n" for name, value in GIVEN.items()))
    command = [
        "docker",
        "compose",
        "-f",
        str(ROOT / "docker-compose.yml"),
        "--env-file",
        str(tmp_path / "env"),
        "config",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert list(yaml.safe_load(done.stdout)["services"]) != []


UNITS = sorted((ROOT / "examples" / "systemd").glob("*.service"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_starts_what_there_is_without_rights(unit):
    said = unit.read_text()
    for command in re.findall(r"python -m api (\w+)", said):
        assert command in COMMANDS
    assert "User=meridian\n" in said
    assert "NoNewPrivileges=yes\n" in said
    assert "ProtectSystem=strict\n" in said
    for name in re.findall(r"\b([A-Z]+_[A-Z_]+)=", said):
        assert name in read_variables() | {"API_URL", "PUBLIC_SITE_URL", "NODE_ENV", "API_UPSTREAMS", "SITE_UPSTREAMS"}


def test_systemd_understands_its_units(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, UNITS)], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if "is not executable" not in line]
    assert complaints == []
