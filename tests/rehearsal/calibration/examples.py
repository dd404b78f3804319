"""A calibration of this machine."""

from __future__ import annotations

from rehearsal.calibration.comparing import Accuracy
from rehearsal.calibration.record import Calibration, Fingerprint
from rehearsal.calibration.staircase import Stair


def calibration(rate: float = 500.0, *, at_least: bool = False) -> Calibration:
    return Calibration(
        machine=Fingerprint.here(),
        when="2025-06-30T20:00:00+07:00",
        requests_per_second=rate,
        at_least=at_least,
        limit="requests were sent late: p99 30 ms (limit 20 ms)",
        accuracy=[
            Accuracy(0.5, 0.0034657, 0.0034, 0.00345, 0.00365),
            Accuracy(0.99, 0.0230259, 0.0231, 0.0232, 0.0235),
        ],
        stairs=[Stair(rate, 1000, 1000, 0.004, 0.023, 0.0233)],
    )
