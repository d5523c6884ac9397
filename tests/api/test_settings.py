import dataclasses
import re
from pathlib import Path

import pytest

from api import settings
from api.errors import Invalid
from api.settings import MailServer

SECRET = "s" * 32


def read(**environment: str) -> settings.Settings:
    return settings.read({"SECRET_KEY": SECRET} | environment)


def test_nothing_said_gives_the_defaults():
    found = read()
    assert (found.api_host, found.api_port, found.site_port) == ("127.0.0.1", 8000, 4321)
    assert (found.public_site_url, found.public_api_url) == ("http://localhost:4321", "http://localhost:8000")
    assert (found.database_url, found.sample, found.trusted_documents_only) == ("", True, False)
    assert found.data_dir == Path(".data").absolute()
    assert found.media_dir == found.data_dir / "media"


def test_every_field_can_be_set():
    said = {
        "DATA_DIR": "/srv/data", "DATABASE_URL": "postgres://db/clinic", "API_HOST": "10.1.2.3", "API_PORT": "8001",
        "SITE_HOST": "::", "SITE_PORT": "4322", "PUBLIC_SITE_URL": "https://clinic.example/",
        "PUBLIC_API_URL": "https://api.clinic.example", "SAMPLE": "0", "TRUSTED_DOCUMENTS_ONLY": "1",
        "TRUSTED_PROXIES": "10.0.0.0/8, 192.168.1.1", "LOG_FORMAT": "json", "BACKUP_DIR": "/srv/backups",
        "BACKUP_HOOK": "rsync-away",
        "SMTP_URL": "smtps://desk:p%40ss@mail.clinic.example", "MAIL_FROM": "desk@clinic.example",
        "COST_PER_MINUTE": "0", "MOST_CONNECTIONS": "5000", "CONNECTIONS_PER_ADDRESS": "100",
        "OUTBOUND_LOOPBACK": "1", "OUTBOUND_PORTS": "443, 8443",
        "PUBLIC_FEEDS": "full", "CACHE_BYTES": "0",
        "METRICS_TOKEN": "m" * 20, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318",
        "SITE_PURGE_URLS": "http://site-1:4321/, http://site-2:4321",
        "DATABASE_REPLICA_URLS": "postgres://replica/clinic", "VALKEY_URL": "valkeys://:secret@valkey:6380/1",
    }  # fmt: skip
    found = dataclasses.asdict(read(**said))
    plain = dataclasses.asdict(read())
    assert {name for name, value in found.items() if value == plain[name]} == {"secret_key"}
    assert found["public_site_url"] == "https://clinic.example"
    assert found["outbound_ports"] == {443, 8443}
    assert found["site_purge_urls"] == ("http://site-1:4321", "http://site-2:4321")
    assert found["trusted_proxies"] == ("10.0.0.0/8", "192.168.1.1")


def test_the_public_addresses_follow_the_ports():
    found = read(API_PORT="8001", SITE_PORT="4322")
    assert (found.public_site_url, found.public_api_url) == ("http://localhost:4322", "http://localhost:8001")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("API_PORT", "0"),
        ("API_PORT", "65536"),
        ("API_PORT", "eight"),
        ("API_PORT", "-1"),
        ("API_PORT", "٨٠٠٠"),
        ("SITE_PORT", "80.5"),
        ("PUBLIC_SITE_URL", "clinic.example"),
        ("PUBLIC_SITE_URL", "ftp://clinic.example"),
        ("PUBLIC_SITE_URL", "https://"),
        ("PUBLIC_SITE_URL", "https://clinic.example?a=1"),
        ("PUBLIC_API_URL", "https://clinic.example/#top"),
        ("PUBLIC_API_URL", "https://[::1"),
        ("SAMPLE", "yes"),
        ("TRUSTED_DOCUMENTS_ONLY", "true"),
        ("OUTBOUND_LOOPBACK", "127.0.0.1"),
        ("OUTBOUND_PORTS", "https"),
        ("LOG_FORMAT", "xml"),
        ("COST_PER_MINUTE", "-1"),
        ("COST_PER_MINUTE", "1e5"),
        ("MOST_CONNECTIONS", "0"),
        ("CONNECTIONS_PER_ADDRESS", "many"),
        ("PUBLIC_FEEDS", "none"),
    ],
)
def test_what_cannot_be_right_is_refused_with_a_sentence_that_names_it(name, text):
    with pytest.raises(Invalid, match=rf"^{name} is .*: give .*\.$"):
        read(**{name: text})


@pytest.mark.parametrize(
    "url", ["valkey.internal:6379", "http://valkey:6379", "valkey://", "valkey://:k@h:x", "unix:", "valkey://h?db=1"]
)
def test_a_valkey_that_cannot_be_one_is_refused_without_its_password(url):
    with pytest.raises(Invalid, match=r"^VALKEY_URL is not understood: give valkey://:password@host:6379, .*\.$"):
        read(VALKEY_URL=url)


@pytest.mark.parametrize("environment", [{"SECRET_KEY": "short"}, {"SECRET_KEY": "s" * 31}])
def test_a_short_secret_is_refused(environment):
    with pytest.raises(Invalid, match=r"^SECRET_KEY is too short: give at least 32 bytes"):
        settings.read(environment)


def test_a_database_of_ones_own_needs_a_secret_of_ones_own(tmp_path):
    with pytest.raises(Invalid, match=r"^SECRET_KEY is not set"):
        settings.read({"DATABASE_URL": "postgres://db/clinic", "DATA_DIR": str(tmp_path)})
    assert list(tmp_path.iterdir()) == []


def test_the_embedded_start_makes_its_secret_once_and_for_its_owner_alone(tmp_path):
    folder = tmp_path / "data"
    first, second = (settings.read({"DATA_DIR": str(folder)}) for _ in range(2))
    assert len(first.secret_key) == 64
    assert first.secret_key == second.secret_key
    assert (folder / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_data_folder_that_is_made_here_is_not_for_others_to_look_around_in(tmp_path):
    settings.read({"DATA_DIR": str(tmp_path / "data")})
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o711


def test_a_secret_that_cannot_be_read_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "secret.key").mkdir()  # root may read any file
    with pytest.raises(Invalid, match=r"secret\.key cannot be read \(.*\): .*\.$"):
        settings.read({"DATA_DIR": str(tmp_path)})


def test_a_secret_that_others_may_read_or_have_written_is_refused(tmp_path):
    settings.read({"DATA_DIR": str(tmp_path)})
    (tmp_path / "secret.key").chmod(0o640)
    with pytest.raises(Invalid, match=r"secret\.key is open to other users: .*chmod 600.*\.$"):
        settings.read({"DATA_DIR": str(tmp_path)})


def test_a_secret_that_was_cut_short_is_refused(tmp_path):
    (tmp_path / "secret.key").touch(mode=0o600)
    with pytest.raises(Invalid, match=r"secret\.key"):
        settings.read({"DATA_DIR": str(tmp_path)})


def test_a_folder_that_cannot_be_made_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Invalid, match=r"^DATA_DIR .* cannot be written .*: name a folder of your own\.$"):
        settings.read({"DATA_DIR": str(tmp_path / "file" / "data")})


def test_no_other_module_looks_at_the_environment():
    """The launcher and what starts programs hand the environment on; they read no setting from it."""
    root = Path(settings.__file__).parent
    free = {"settings.py", "launcher.py", "backups/programs.py"} | {
        f"{room}/{path.name}" for room in ("bootstrap", "postgres") for path in (root / room).glob("*.py")
    }
    looks = {
        str(path.relative_to(root))
        for path in [*root.rglob("*.py"), *(root.parent / "schema").rglob("*.py")]
        if path.is_relative_to(root) and re.search(r"os\.environ|getenv", path.read_text())
    }
    assert looks - free == set()


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("smtp://mail.clinic.example", MailServer("mail.clinic.example", 587, "meridian@localhost")),
        ("smtp://[::1]:2525", MailServer("::1", 2525, "meridian@localhost")),
        (
            "smtps://desk:p%40ss@mail.clinic.example",
            MailServer("mail.clinic.example", 465, "meridian@localhost", encrypted=True, user="desk", password="p@ss"),
        ),
    ],
)
def test_a_mail_server_is_understood(url, wanted):
    found = read(SMTP_URL=url).mail
    assert found == wanted
    assert "p@ss" not in repr(found)


def test_without_a_mail_server_there_is_none():
    assert read().mail is None


@pytest.mark.parametrize(
    "said",
    [
        {"SMTP_URL": "mail.clinic.example:25"},
        {"SMTP_URL": "http://mail.clinic.example"},
        {"SMTP_URL": "smtp://mail:port"},
        {"SMTP_URL": "smtp://mail", "MAIL_FROM": "Desk <desk@clinic.example>"},
    ],
)
def test_a_mail_server_that_cannot_be_right_is_refused(said):
    with pytest.raises(Invalid, match=r"SMTP_URL|MAIL_FROM"):
        read(**said)


def test_replicas_need_a_primary_and_their_addresses_stay_untold():
    primary, two = "postgres://a@b/c", "postgres://r:hidden@one/c, postgresql://r@two:5433/c"

    found = read(DATABASE_URL=primary, DATABASE_REPLICA_URLS=two)

    assert found.replica_urls == tuple(two.split(", "))
    assert "hidden" not in repr(found)
    with pytest.raises(Invalid, match="DATABASE_URL is not: name the primary"):
        read(DATABASE_REPLICA_URLS=two)
    with pytest.raises(Invalid, match="DATABASE_REPLICA_URLS is not understood") as refused:
        read(DATABASE_URL=primary, DATABASE_REPLICA_URLS="mysql://r:hidden@one/c")
    assert "hidden" not in refused.value.message
