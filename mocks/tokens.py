"""Signed tokens: a session that survives a restart of the system that gave it, without being stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import TypeVar

import msgspec

C = TypeVar("C", bound=msgspec.Struct)


PAYMENT_ORDERS = "payment-orders"
"""Purpose of the orders that the national portal signs and the payment platform opens: they share the key."""


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
        body = base64.urlsafe_b64encode(msgspec.json.encode(claims)).rstrip(b"=")
        return (body + b"." + self._mac(body)).decode()

    def open(self, token: str, model: type[C]) -> C | None:
        """The claims in a token; None where it is not ours, damaged, or of another model."""
        # over the text itself and not over what it decodes to: Base64 has several texts for one value
        body, _, mac = token.encode(errors="replace").partition(b".")
        if not hmac.compare_digest(mac, self._mac(body)):
            return None
        try:
            return msgspec.json.decode(base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)), type=model)
        except msgspec.DecodeError:
            return None

    def session(self, token: str) -> Session | None:
        """The session in a token, if it has not expired."""
        session = self.open(token, Session)
        return session if session is not None and session.expires > time.time() else None

    def _mac(self, body: bytes) -> bytes:
        return hashlib.blake2b(body, digest_size=16, key=self._key).hexdigest().encode()
