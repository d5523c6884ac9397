"""Every setting of the deployment, read once from the environment; no other module looks there."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from api.errors import Invalid

SHORTEST_SECRET = 32
FEWEST_LETTERS = 8
LARGEST = 1_000_000_000
VALKEYS = frozenset({"valkey", "valkeys", "redis", "rediss", "unix"})
RESERVED = frozenset({"localhost", "example", "test", "invalid", "local", "internal", "lan"})


@dataclass(frozen=True)
class MailServer:
    """The server that takes outgoing mail, and the address from which it comes."""

    host: str
    port: int
    sender: str
    encrypted: bool = False
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def is_here(self) -> bool:
        """Whether it is this machine's own, to which nothing needs to be encrypted."""
        return self.host in {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Settings:
    """What a deployment decides. Every field has a safe default but the secret, which an embedded start generates."""

    data_dir: Path
    secret_key: str
    database_url: str = ""
    replica_urls: tuple[str, ...] = field(default=(), repr=False)
    api_host: str = "127.0.0.1"
    api_port: int = 8000
    site_host: str = "127.0.0.1"
    site_port: int = 4321
    public_site_url: str = "http://localhost:4321"
    public_api_url: str = "http://localhost:8000"
    sample: bool = True
    trusted_documents_only: bool = False
    trusted_proxies: tuple[str, ...] = ()
    outbound_loopback: bool = False
    outbound_ports: frozenset[int] = frozenset({80, 443})
    site_purge_urls: tuple[str, ...] = ()
    log_format: str = "text"
    metrics_token: str = field(default="", repr=False)
    otlp_endpoint: str = ""
    backup_dir: Path = Path()
    backup_hook: str = ""
    mail: MailServer | None = None
    cost_per_minute: int = 50_000
    most_connections: int = 900
    connections_per_address: int = 600
    public_feeds: str = "summary"
    cache_bytes: int = 64_000_000
    valkey_url: str = field(default="", repr=False)

    @property
    def media_dir(self) -> Path:
        """Where pictures and their renditions lie."""
        return self.data_dir / "media"

    @property
    def hub(self) -> str:
        """Where others subscribe to our feeds."""
        return f"{self.public_api_url}/websub"

    @property
    def erasures_dir(self) -> Path | None:
        """Where erasures are listed: beside the dumps; None for settings that were made without such a place."""
        return self.backup_dir if self.backup_dir != Path() else None

    @property
    def is_public(self) -> bool:
        """Whether readers' address is one of the internet: neither this machine, nor a private or reserved name."""
        host = (urlsplit(self.public_site_url).hostname or "").rstrip(".")
        try:
            return ip_address(host).is_global
        except ValueError:
            return "." in host and host.rpartition(".")[2] not in RESERVED


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the environment; refuse what cannot be right with one sentence that names the variable."""
    data_dir = Path(environment.get("DATA_DIR") or ".data").absolute()
    site_port = _port(environment, "SITE_PORT", 4321)
    api_port = _port(environment, "API_PORT", 8000)
    site = _address(environment, "PUBLIC_SITE_URL", f"http://localhost:{site_port}")
    configured = Settings(
        data_dir=data_dir,
        secret_key=_secret(environment, data_dir),
        database_url=environment.get("DATABASE_URL", ""),
        replica_urls=_replicas(environment, "DATABASE_REPLICA_URLS"),
        api_host=environment.get("API_HOST") or "127.0.0.1",
        api_port=api_port,
        site_host=environment.get("SITE_HOST") or "127.0.0.1",
        site_port=site_port,
        public_site_url=site,
        public_api_url=_address(environment, "PUBLIC_API_URL", f"http://localhost:{api_port}"),
        sample=_flag(environment, "SAMPLE", default=True),
        trusted_documents_only=_flag(environment, "TRUSTED_DOCUMENTS_ONLY", default=False),
        trusted_proxies=tuple(filter(None, environment.get("TRUSTED_PROXIES", "").replace(",", " ").split())),
        outbound_loopback=_flag(environment, "OUTBOUND_LOOPBACK", default=False),
        outbound_ports=_ports(environment, "OUTBOUND_PORTS", "80,443"),
        site_purge_urls=_addresses(environment, "SITE_PURGE_URLS"),
        log_format=_choice(environment, "LOG_FORMAT", ("text", "json")),
        metrics_token=environment.get("METRICS_TOKEN", ""),
        otlp_endpoint=_optional(environment, "OTEL_EXPORTER_OTLP_ENDPOINT"),
        backup_dir=Path(environment.get("BACKUP_DIR") or data_dir / "backups").absolute(),
        backup_hook=environment.get("BACKUP_HOOK", ""),
        mail=_mail(environment, urlsplit(site).hostname or "localhost"),
        cost_per_minute=_number(environment, "COST_PER_MINUTE", 50_000, least=0),
        most_connections=_number(environment, "MOST_CONNECTIONS", 900),
        connections_per_address=_number(environment, "CONNECTIONS_PER_ADDRESS", 600),
        cache_bytes=_number(environment, "CACHE_BYTES", 64_000_000, least=0),
        public_feeds=_choice(environment, "PUBLIC_FEEDS", ("summary", "full")),
        valkey_url=_valkey(environment, "VALKEY_URL"),
    )
    if configured.is_public and len(set(configured.secret_key)) < FEWEST_LETTERS:
        raise Invalid("SECRET_KEY can be guessed: give random bytes, such as `openssl rand -hex 32`.")
    return configured


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) < 2**16:
        raise Invalid(f"{name} is {text!r}: give a port number from 1 to 65535.")
    return int(text)


def _number(environment: Mapping[str, str], name: str, default: int, *, least: int = 1) -> int:
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdecimal()) or not least <= int(text) <= LARGEST:
        raise Invalid(f"{name} is {text!r}: give a whole number from {least} to {LARGEST:,}.")
    return int(text)


def _ports(environment: Mapping[str, str], name: str, default: str) -> frozenset[int]:
    texts = (environment.get(name) or default).replace(",", " ").split()
    return frozenset(_port({name: text}, name, 0) for text in texts)


def _address(environment: Mapping[str, str], name: str, default: str) -> str:
    text = (environment.get(name) or default).rstrip("/")
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise Invalid(f"{name} is {text!r}: give an address such as https://clinic.example, without a query.")
    return text


def _optional(environment: Mapping[str, str], name: str) -> str:
    """An address that may be left out."""
    return _address(environment, name, "") if environment.get(name) else ""


def _addresses(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    texts = filter(None, environment.get(name, "").replace(",", " ").split())
    return tuple(_address({name: text}, name, text) for text in texts)


def _replicas(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Addresses of databases; never told in a refusal, for they hold passwords."""
    urls = tuple(filter(None, environment.get(name, "").replace(",", " ").split()))
    if urls and not environment.get("DATABASE_URL"):
        raise Invalid(f"{name} is set and DATABASE_URL is not: name the primary that they follow.")
    if any(urlsplit(url).scheme not in {"postgres", "postgresql"} for url in urls):
        raise Invalid(f"{name} is not understood: give postgresql://user:password@host:5432/name, between commas.")
    return urls


def _valkey(environment: Mapping[str, str], name: str) -> str:
    """The address of a Valkey; never told in a refusal, for it may hold a password."""
    text = environment.get(name, "")
    try:
        parts = urlsplit(text)
        known = parts.scheme in VALKEYS and bool(parts.path if parts.scheme == "unix" else parts.hostname)
        known = known and parts.port != 0 and not parts.query  # which could set times of its own
    except ValueError:
        known = False
    if text and not known:
        raise Invalid(f"{name} is not understood: give valkey://:password@host:6379, valkeys://… or unix:///a/socket.")
    return text


def _flag(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = environment.get(name) or ("1" if default else "0")
    if text not in {"0", "1"}:
        raise Invalid(f"{name} is {text!r}: give 1 for yes or 0 for no.")
    return text == "1"


def _mail(environment: Mapping[str, str], domain: str) -> MailServer | None:
    text = environment.get("SMTP_URL", "")
    if not text:
        return None
    sender = environment.get("MAIL_FROM") or f"meridian@{domain}"
    if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", sender):
        raise Invalid(f"MAIL_FROM is {sender!r}: give one plain address, such as desk@clinic.example.")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if parts.scheme not in {"smtp", "smtps"} or not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise Invalid("SMTP_URL is not understood: give smtp://user:password@host:587, or smtps://… for port 465.")
    encrypted = parts.scheme == "smtps"
    return MailServer(
        host, port or (465 if encrypted else 587), sender, encrypted=encrypted,
        user=unquote(parts.username or ""), password=unquote(parts.password or ""),
    )  # fmt: skip


def _choice(environment: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    text = environment.get(name) or choices[0]
    if text not in choices:
        raise Invalid(f"{name} is {text!r}: give {' or '.join(choices)}.")
    return text


def _secret(environment: Mapping[str, str], data_dir: Path) -> str:
    text = environment.get("SECRET_KEY", "")
    if text and len(text.encode()) < SHORTEST_SECRET:
        raise Invalid(
            f"SECRET_KEY is too short: give at least {SHORTEST_SECRET} bytes, such as `openssl rand -hex 32`."
        )
    if text:
        return text
    if environment.get("DATABASE_URL"):
        raise Invalid("SECRET_KEY is not set: give at least 32 random bytes, such as `openssl rand -hex 32`.")
    return _kept_secret(data_dir)


def _kept_secret(data_dir: Path) -> str:
    """The embedded start's own secret: made once, readable by its owner alone."""
    path = data_dir / "secret.key"
    try:
        # Others may pass through, as an unprivileged database server must; nobody may look around.
        data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_secret(path)
    except OSError as error:
        raise Invalid(
            f"DATA_DIR {data_dir} cannot be written ({error.strerror}): name a folder of your own."
        ) from error
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return _read_secret(path)


def _read_secret(path: Path) -> str:
    try:
        text, mode = path.read_text().strip(), path.stat().st_mode
    except OSError as error:
        raise Invalid(
            f"{path} cannot be read ({error.strerror}): start as its owner, or name another DATA_DIR."
        ) from error
    if mode & 0o077:
        raise Invalid(f"{path} is open to other users: `chmod 600` it if it is yours, else set DATA_DIR.")
    if len(text.encode()) < SHORTEST_SECRET:
        raise Invalid(f"{path} was not written to its end: remove it, and the next start makes a new one.")
    return text
