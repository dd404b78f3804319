"""The certificates of agencies for signing, and the service that signs and verifies with them.

============================================  ===  ====================================================
``GET /api/provinces/{code}/certificates``    200  [{unit, serial, subject, state, valid_until}], of the
                                                   province and of each commune
``GET /api/certificates/{unit}``              200  one of them; 404; 410 an old code
``POST /api/sign`` {digest, unit, dossier}    200  {signature, serial, unit}: the same for the same
                                                   digest; 409 the certificate is not valid, with the
                                                   reason as code: certificate-expired, -old-name, -revoked
``POST /api/verify`` {digest, signature}      200  {valid, unit, subject, reason}
``POST /api/certificates/reissue``            202  {units, province}: {accepted, waiting,
                                                   expected_seconds}; 404, 410 a unit that there is not
``GET /api/certificates/reissue``             200  {waiting, issued, expected_seconds}
``POST /api/certificates/{unit}/revoke``      200  the certificate, from now on revoked
============================================  ===  ====================================================

``digest`` is the SHA-256 of a document in hex. ``state``: valid, expired, old-name (it names the unit that
was merged away) or revoked. Certificates are issued anew in the order in which that was asked for, as many
per second as :mod:`mocks.systems.signature_certificates` declares; ``expected_seconds`` is when the last of
them is there.

Gaps ``certificate-expired`` and ``certificate-old-name`` (commune or province).
"""

from __future__ import annotations

import time
from collections.abc import Set
from typing import Annotated

import msgspec

from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.once import Once
from mocks.operator import Stored
from mocks.purging import TestRecords, Trace
from mocks.store import Drop, Put
from mocks.systems.signature_certificates import Certificate, Certificates
from mocks.tokens import Signer
from mocks.units import current

Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class SigningRequest(msgspec.Struct, frozen=True):
    """A document to be signed for a unit; ``dossier`` is the code of the dossier whose result it is."""

    digest: Digest
    unit: str
    dossier: str = ""


class Signature(msgspec.Struct, frozen=True):
    """A signature, and the certificate that it was made with."""

    signature: str
    serial: str
    unit: str


class VerificationRequest(msgspec.Struct, frozen=True):
    """A document and what is said to be its signature."""

    digest: Digest
    signature: str


class Verification(msgspec.Struct, frozen=True):
    """Whether a signature is good; ``reason`` why not: not-ours, other-document or certificate-revoked."""

    valid: bool
    unit: str = ""
    subject: str = ""
    reason: str = ""


class Signed(msgspec.Struct, frozen=True):
    """The claims inside a signature."""

    digest: str
    unit: str
    serial: str


class Kept(msgspec.Struct, frozen=True):
    """A signature as it is stored; ``at`` is when it was made, in monotonic nanoseconds."""

    signature: Signature
    digest: str
    dossier: str
    stamped: int
    at: int


class Signatures(TestRecords, Certificates):
    """Public-service digital signatures and their certificates (Chứng thư chữ ký số chuyên dùng công vụ)."""

    kind = "signatures"
    title = "Digital signatures of agencies"

    async def start(self) -> None:
        """Take up certificates and signatures of an earlier life of the process."""
        await super().start()
        self.start_test_records()
        self._signer = Signer("signatures", self.context.seed)
        self._signed: Once[Kept] = Once()
        self._kept: dict[str, Kept] = {}
        for key, body in self.store.load("signature"):
            self._kept[key] = msgspec.json.decode(body, type=Kept)
            self._signed.remember(key, self._kept[key])

    @operation(
        "POST",
        "/api/sign",
        body=SigningRequest,
        answers={200: Signature, 404: Problem, 409: Problem, 410: Problem, 422: Problem},
    )
    async def sign(self, call: Call[SigningRequest]) -> Answer:
        """Sign a document for a unit, once."""
        asked, certificate = call.body, self.certificate_of(call.body.unit)
        call.key = asked.dossier or call.key
        self.refuse_purged(asked.dossier)
        if certificate.state != "valid":
            raise _not_valid(certificate)

        async def make() -> Kept:
            signed = Signed(asked.digest, certificate.unit, certificate.serial)
            signature = Signature(self._signer.sign(signed), certificate.serial, certificate.unit)
            kept = Kept(signature, asked.digest, asked.dossier, int(self.now()), time.monotonic_ns())
            await self.keep_record(asked.dossier, Put("signature", key, msgspec.json.encode(kept)))
            self._kept[key] = kept
            return kept

        # by unit and not by certificate: who asks again after a re-issue, because an answer was lost, has one
        key = f"{certificate.unit}/{asked.digest}"
        kept, _ = await self._signed.do(key, make)
        return Answer(200, kept.signature)

    @operation("POST", "/api/verify", body=VerificationRequest, answers={200: Verification})
    async def verify(self, call: Call[VerificationRequest]) -> Answer:
        """Say whether a signature is good for a document; one made with a certificate since replaced is."""
        signed = self._signer.open(call.body.signature, Signed)
        if signed is None:
            return Answer(200, Verification(False, reason="not-ours"))
        certificate = self.certificates[signed.unit]
        if signed.digest != call.body.digest:
            reason = "other-document"
        elif certificate.serial == signed.serial and certificate.state == "revoked":
            reason = "certificate-revoked"
        else:
            reason = ""
        return Answer(200, Verification(not reason, certificate.unit, certificate.subject, reason))

    # -- for the operator --------------------------------------------------------------------------

    def take_away(self, codes: Set[str]) -> list[Trace]:
        """The signatures of their results."""
        gone = [(key, kept.dossier) for key, kept in self._kept.items() if kept.dossier in codes]
        for key, _ in gone:
            del self._kept[key]
        return [(code, Drop("signature", key)) for key, code in gone]

    def stored(self, page: slice) -> list[Stored]:
        """Signatures of results."""
        return [
            Stored(
                system=self.name,
                kind="signature",
                record=key,
                dossier=kept.dossier,
                province=current(kept.signature.unit).province,
                commune=kept.signature.unit,
                digest=kept.digest,
                at=kept.at,
                stamped=kept.stamped,
            )
            for key, kept in list(self._kept.items())[page]
        ]


_WHY = {
    "expired": ("đã hết hạn", "has expired"),
    "old-name": ("mang tên đơn vị cũ", "bears the name of the unit that was merged away"),
    "revoked": ("đã bị thu hồi", "has been revoked"),
}


def _not_valid(certificate: Certificate) -> Refusal:
    vi, en = _WHY[certificate.state]
    return Refusal(
        409,
        f"certificate-{certificate.state}",
        f"Chứng thư số của {certificate.subject} {vi}.",
        f"The certificate of unit {certificate.unit} {en}.",
    )
