"""Every request makes all later ones a little slower."""

from __future__ import annotations

import msgspec

from mocks.capacity import Admission, Station
from mocks.systems.vneid import Vneid

SLOWER = 20e-6
"""Seconds that the mean service time grows by with each request."""


class TiringStation(Station):
    """Serves a little slower each time."""

    def admit(self, now: float) -> Admission | None:
        """See :meth:`mocks.capacity.Station.admit`."""
        service = msgspec.structs.replace(self.capacity.service, mean=self.capacity.service.mean + SLOWER)
        self.capacity = msgspec.structs.replace(self.capacity, service=service)
        return super().admit(now)


class SlowLeak(Vneid):
    """Grows a table that it reads from end to end."""

    station_type = TiringStation
