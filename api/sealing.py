"""Keys derived from the one secret, and short texts sealed with them so that nobody can make their own.

One secret (`SECRET_KEY`) gives a key for each purpose by HKDF-SHA256 (RFC 5869); what is sealed for one purpose
never opens for another.
"""

import base64
import hmac

TAG = 16


def derive(secret: str, purpose: str) -> bytes:
    """A 32-byte key for one purpose, such as `meridian/cursor`."""
    return expand(secret.encode(), salt=b"", info=purpose.encode())


def expand(material: bytes, *, salt: bytes, info: bytes) -> bytes:
    """HKDF-SHA256 with one block of output, which is all that a 32-byte key needs."""
    pseudorandom = hmac.digest(salt or bytes(32), material, "sha256")
    return hmac.digest(pseudorandom, info + b"\x01", "sha256")


def seal(key: bytes, content: bytes) -> str:
    """The content and its tag as URL-safe text; readable by anybody, made only by whoever holds the key."""
    return _encode(hmac.digest(key, content, "sha256")[:TAG] + content)


def unseal(key: bytes, text: str) -> bytes | None:
    """The content that `seal` was given, or None when the text was not made with this key."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    tag, content = raw[:TAG], raw[TAG:]
    genuine = hmac.compare_digest(hmac.digest(key, content, "sha256")[:TAG], tag) and _encode(raw) == text
    return content if genuine else None


def mask(key: bytes, salt: bytes, content: bytes) -> bytes:
    """Hide what must be read again, such as a subscriber's secret; masked once more with the same salt it is plain.

    The content is added to bytes that HMAC-SHA256 gives for the key, the salt and a counter (NIST SP 800-108): a salt
    is for one content only. It is hidden, not protected from being altered.
    """
    blocks = -(-len(content) // 32)
    pad = b"".join(hmac.digest(key, salt + number.to_bytes(4), "sha256") for number in range(blocks))
    return bytes(one ^ other for one, other in zip(content, pad, strict=False))


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
