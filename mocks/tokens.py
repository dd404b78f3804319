"""Signed tokens: a session that survives a restart of the system that gave it, without being stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import TypeVar

import msgspec

C = TypeVar("C", bound=msgspec.Struct)


class Session(msgspec.Struct, frozen=True):
    """Who is signed in, until when (seconds of Unix time)."""

    citizen_id: str
    name: str
    expires: float


class Signer:
    """Signs and opens tokens with keyed BLAKE2b (RFC 7693); the key follows from the seed: no credential."""

    def __init__(self, purpose: str, seed: int) -> None:
        self._key = hashlib.sha256(f"{purpose}/{seed}".encode()).digest()

    def sign(self, claims: msgspec.Struct) -> str:
        """The token for these claims, safe in a URL and in a cookie."""
        body = msgspec.json.encode(claims)
        return f"{_text(body)}.{_text(self._mac(body))}"

    def open(self, token: str, model: type[C]) -> C | None:
        """The claims in a token; None where it is not ours, damaged, or of another model."""
        body_text, _, mac_text = token.partition(".")
        try:
            body, mac = _bytes(body_text), _bytes(mac_text)
            if not hmac.compare_digest(mac, self._mac(body)):
                return None
            return msgspec.json.decode(body, type=model)
        except (ValueError, msgspec.DecodeError):
            return None

    def session(self, token: str) -> Session | None:
        """The session in a token, if it has not expired."""
        session = self.open(token, Session)
        return session if session is not None and session.expires > time.time() else None

    def _mac(self, body: bytes) -> bytes:
        return hashlib.blake2b(body, digest_size=16, key=self._key).digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
