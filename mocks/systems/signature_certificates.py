"""The certificates of agencies: which there are, revoking them, and issuing them anew in bulk."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Literal

import msgspec

import fixtures
from mocks.http import Answer, Call, Problem, operation
from mocks.store import Drop, Put
from mocks.system import System
from mocks.systems.procedures import known_province
from mocks.units import Unit, current, of_commune, of_province

ISSUED_PER_SECOND = 40
"""Certificates that are issued anew in one second (assumption): all 3,355 take 84 s."""
ROUND = 0.5
"""Seconds between two batches."""
VALID_UNTIL, EXPIRED_ON = "2030-06-30", "2025-06-30"
State = Literal["valid", "expired", "old-name", "revoked"]
_BATCH = round(ISSUED_PER_SECOND * ROUND)


class Certificate(msgspec.Struct, frozen=True):
    """The certificate of one unit; ``valid_until`` is an ISO date."""

    unit: str
    serial: str
    subject: str
    state: State
    valid_until: str


class Reissue(msgspec.Struct, frozen=True):
    """Units that need new certificates: those named, and all of a province where one is named."""

    units: list[str] = []
    province: str = ""


class Queued(msgspec.Struct, frozen=True):
    """How many came into the queue, how many wait in it now, and in how many seconds the last one is done."""

    accepted: int
    waiting: int
    expected_seconds: float


class QueueState(msgspec.Struct, frozen=True):
    """How many wait, how many have been issued anew, and in how many seconds the last one is done."""

    waiting: int
    issued: int
    expected_seconds: float


class Certificates(System):
    """Mixed into the service that signs."""

    kind = ""
    title = ""

    async def start(self) -> None:
        """Take up certificates and the queue of an earlier life of the process, and issue on."""
        self.certificates = {
            unit.code: self._first(unit)
            for unit in (
                *map(of_province, fixtures.provinces()),
                *map(of_commune, fixtures.communes()),
            )
        }
        for unit, body in self.store.load("certificate"):
            self.certificates[unit] = msgspec.json.decode(body, type=Certificate)
        self._changing = asyncio.Lock()
        """Held from looking at a certificate until the one in its place is kept."""
        self._issued = sum(_issue_number(each) - 1 for each in self.certificates.values())
        self._waiting: deque[tuple[str, str]] = deque(
            (place, body.decode()) for place, body in self.store.load("reissue")
        )
        self._place = int(self._waiting[-1][0]) if self._waiting else 0
        self.context.spawn(self._issue(), f"{self.name} certificates")

    def certificate_of(self, unit: str) -> Certificate:
        """The certificate of a unit; refuses with 404, and with 410 where the code is an old one."""
        return self.certificates[current(unit).code]

    def _first(self, unit: Unit) -> Certificate:
        gaps = self.context.gaps
        state: State = "valid"
        if gaps.has("certificate-expired", unit.code):
            state = "expired"
        elif gaps.has("certificate-old-name", unit.code):
            state = "old-name"
        subject = f"Ủy ban nhân dân {unit.name}" + (" (trước sắp xếp)" if state == "old-name" else "")
        until = EXPIRED_ON if state == "expired" else VALID_UNTIL
        return Certificate(unit.code, f"CT-{unit.code}-1", subject, state, until)

    @operation("GET", "/api/provinces/{code}/certificates", answers={200: list[Certificate], 404: Problem})
    async def of_province(self, call: Call[None]) -> Answer:
        """The certificates of a province and of its communes."""
        return Answer(200, [self.certificates[unit] for unit in _units(known_province(call.path["code"]))])

    @operation("GET", "/api/certificates/{unit}", answers={200: Certificate, 404: Problem, 410: Problem})
    async def certificate(self, call: Call[None]) -> Answer:
        """The certificate of one unit."""
        return Answer(200, self.certificate_of(call.path["unit"]))

    @operation(
        "POST", "/api/certificates/{unit}/revoke", answers={200: Certificate, 404: Problem, 410: Problem}
    )
    async def revoke(self, call: Call[None]) -> Answer:
        """Revoke the certificate of a unit."""
        async with self._changing:
            revoked = msgspec.structs.replace(self.certificate_of(call.path["unit"]), state="revoked")
            await self.store.write(Put("certificate", revoked.unit, msgspec.json.encode(revoked)))
            self.certificates[revoked.unit] = revoked
        return Answer(200, revoked)

    @operation(
        "POST",
        "/api/certificates/reissue",
        body=Reissue,
        answers={202: Queued, 404: Problem, 410: Problem},
    )
    async def reissue(self, call: Call[Reissue]) -> Answer:
        """Have certificates issued anew, as many as are named; one that waits already is not queued twice."""
        asked = dict.fromkeys(self.certificate_of(unit).unit for unit in call.body.units)
        if call.body.province:
            asked |= dict.fromkeys(_units(known_province(call.body.province)))
        queued = {unit for _, unit in self._waiting}
        new = []
        for unit in asked:
            if unit not in queued:
                self._place += 1
                new.append((f"{self._place:012d}", unit))
        self._waiting.extend(new)  # before the commit: nobody else may queue them meanwhile
        await self.store.write(*(Put("reissue", place, unit.encode()) for place, unit in new))
        return Answer(202, Queued(len(new), len(self._waiting), self._expected()))

    @operation("GET", "/api/certificates/reissue", answers={200: QueueState})
    async def queue(self, _call: Call[None]) -> Answer:
        """How far the issuing has come."""
        return Answer(200, QueueState(len(self._waiting), self._issued, self._expected()))

    def _expected(self) -> float:
        """Seconds until the queue is empty: whole batches, the first of which begins within a round."""
        batches = -(-len(self._waiting) // _BATCH)
        return batches * ROUND

    async def _issue(self) -> None:
        while True:
            await asyncio.sleep(ROUND)
            batch = [self._waiting[place] for place in range(min(_BATCH, len(self._waiting)))]
            if not batch:
                continue
            async with self._changing:
                new = [self._anew(unit) for _, unit in batch]
                puts = [Put("certificate", each.unit, msgspec.json.encode(each)) for each in new]
                await self.store.write(*puts, *(Drop("reissue", place) for place, _ in batch))
                self.certificates.update({each.unit: each for each in new})
            self._issued += len(new)
            for _ in batch:
                self._waiting.popleft()

    def _anew(self, code: str) -> Certificate:
        number = _issue_number(self.certificates[code]) + 1
        subject = f"Ủy ban nhân dân {current(code).name}"
        return Certificate(code, f"CT-{code}-{number}", subject, "valid", VALID_UNTIL)


def _issue_number(certificate: Certificate) -> int:
    return int(certificate.serial.rpartition("-")[2])


def _units(province: str) -> list[str]:
    return [province, *(each.code for each in fixtures.communes_of(province))]
