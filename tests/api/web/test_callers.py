"""Who is at the other end of the wire."""

import hmac
from hashlib import sha256
from ipaddress import ip_network

import orjson
import pytest
import small_clinic
from small_clinic import KEY

from api import sealing
from api.errors import Invalid
from api.web.callers import Caller, Callers, networks

NOW = 1_800_000_000
TARGET = "/graphql?query=%7B%20who%20%7D"


def signature(
    *,
    t: int = NOW,
    ip: str = "203.0.113.7",
    method: str = "GET",
    target: str = TARGET,
    body: bytes = b"",
    key: bytes = KEY,
) -> str:
    told = f"{t}\n{ip}\n{method}\n{target}\n{sha256(body).hexdigest()}".encode()
    return f"t={t},ip={ip},v1={hmac.new(key, told, sha256).hexdigest()}"


def scope(
    *headers: tuple[str, str], method: str = "GET", target: str = TARGET, peer: str = "198.51.100.9"
) -> dict[str, object]:
    path, _, query = target.partition("?")
    return {
        "method": method,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
        "client": (peer, 1234),
    }


def caller(
    *headers: tuple[str, str], body: bytes = b"", proxies: tuple[str, ...] = (), now: float = NOW, **request: str
) -> Caller:
    return Callers(KEY, networks(proxies), now=lambda: now).of(scope(*headers, **request), body)


STRANGER = Caller(site=False, address_prefix="198.51.100.9")


def test_the_key_is_derived_as_rfc_5869_says():
    # Test case 1 of the RFC's appendix, its first 32 of 42 bytes.
    derived = sealing.expand(
        bytes.fromhex("0b" * 22),
        salt=bytes.fromhex("000102030405060708090a0b0c"),
        info=bytes.fromhex("f0f1f2f3f4f5f6f7f8f9"),
    )

    assert derived.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"


def test_the_site_speaks_for_its_reader():
    assert caller(("meridian-site", signature())) == Caller(site=True, address_prefix="203.0.113.7")


def test_the_body_is_signed_too():
    signed = ("meridian-site", signature(method="POST", target="/graphql", body=b"{}"))

    assert caller(signed, method="POST", target="/graphql", body=b"{}").site
    assert not caller(signed, method="POST", target="/graphql", body=b"{} ").site


@pytest.mark.parametrize(
    "header",
    [
        signature(key=b"x" * 32),
        signature(method="HEAD"),
        signature(target="/graphql?query=%7b%20who%20%7d"),
        signature().replace("203.0.113.7", "203.0.113.8"),
        signature().replace(f"t={NOW}", f"t={NOW + 1}"),
        signature() + ",v1=" + "0" * 64,
        signature().upper(),
        " " + signature(),
        "t=1",
        "",
        "v1=" + "0" * 64,
    ],
)
def test_a_signature_that_is_not_exact_is_nobodys(header: str, told: list[dict[str, object]]):
    assert caller(("meridian-site", header)) == STRANGER
    assert [entry["event"] for entry in told] == ["site_signature_refused"]


def test_two_signatures_are_none():
    assert caller(("meridian-site", signature()), ("meridian-site", signature())) == STRANGER


@pytest.mark.parametrize(("age", "site"), [(0, True), (60, True), (-60, True), (61, False), (-61, False)])
def test_a_signature_is_good_for_a_minute(age: int, *, site: bool):
    assert caller(("meridian-site", signature(t=NOW - age))).site is site


def test_what_strangers_claim_of_their_address_counts_for_nothing():
    assert caller(("x-forwarded-for", "203.0.113.7")) == STRANGER


@pytest.mark.parametrize(
    ("forwarded", "prefix"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("1.1.1.1, 203.0.113.7", "203.0.113.7"),
        ("1.1.1.1, 203.0.113.7, 10.0.0.4", "203.0.113.7"),
        ("10.0.0.4", "10.0.0.4"),
        ("1.1.1.1, junk", None),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "10.0.0.3"),
    ],
)
def test_a_trusted_proxy_tells_whom_it_speaks_for(forwarded: str, prefix: str | None):
    assert caller(("x-forwarded-for", forwarded), proxies=("10.0.0.0/8",), peer="10.0.0.3").address_prefix == prefix


def test_an_ipv4_address_in_ipv6_is_the_same_reader():
    assert caller(peer="::ffff:198.51.100.9") == STRANGER


def test_trusted_proxies_are_addresses_or_networks():
    assert networks(("10.0.0.1", "fd00::/8")) == (ip_network("10.0.0.1"), ip_network("fd00::/8"))
    with pytest.raises(Invalid, match="TRUSTED_PROXIES is not understood"):
        networks(("proxy.test",))


async def test_the_site_stays_anonymous_and_its_answers_public():
    endpoint = small_clinic.graphql(callers=Callers(KEY, now=lambda: NOW))
    async with small_clinic.connect(endpoint) as client:
        answer = await client.get(TARGET, headers={"meridian-site": signature()})
        plain = await client.get(TARGET)

    assert answer.json()["data"] == {"who": "nobody True 203.0.113.7"}
    assert plain.json()["data"] == {"who": "nobody False 127.0.0.1"}
    assert answer.headers["cache-control"] == "public, max-age=0, s-maxage=0"


async def test_the_site_may_post():
    body = orjson.dumps({"query": "{ who }"})
    signed = signature(method="POST", target="/graphql", body=body)
    endpoint = small_clinic.graphql(callers=Callers(KEY, now=lambda: NOW))
    async with small_clinic.connect(endpoint) as client:
        headers = {"meridian-site": signed, "content-type": "application/json"}
        answer = await client.post("/graphql", content=body, headers=headers)

    assert answer.json()["data"] == {"who": "nobody True 203.0.113.7"}
