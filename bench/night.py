"""A synthetic closing night of any size, drawn column by column: who visits, what is asked and answered.

The proportions are those of a real run of ``closing-night``: per sample 1.3 requests received, 0.3 calls
between systems, 0.16 visits and 0.025 submissions. Nothing is sent to anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

T0, SECOND = 5_000_000_000_000, 10**9

NP, VNEID, PAYMENT, POPULATION = "national-portal", "vneid", "payment", "population"
CASE, LGSP, PORTAL = "case", "lgsp", "portal"  # one in each province
CLOSED = "refused-at-closed-portal"

_SIGN_IN = (("home", NP), ("login", NP), ("identity-page", VNEID), ("identity-confirm", VNEID),
            ("callback", NP), ("my-dossiers", NP))  # fmt: skip
_SUBMIT = (*_SIGN_IN, ("form", NP), ("attach", NP), ("attach", NP), ("submit", NP), ("track", NP))
JOURNEYS: dict[str, tuple[float, tuple[tuple[str, str], ...]]] = {
    "read-procedure": (0.39, (("home", NP), *(("search", NP), ("procedure", NP)) * 2, ("blank-form", NP))),
    "look-up-dossier": (0.19, (("home", NP), ("look-up", NP))),
    "sign-in": (0.13, _SIGN_IN),
    "submit-dossier": (0.09, _SUBMIT),
    "submit-and-pay": (
        0.065,
        (*_SUBMIT, ("payment-order", NP), ("checkout", PAYMENT), ("consent", PAYMENT), ("pay", NP)),
    ),
    "collect-result": (0.055, (*_SIGN_IN, ("result", NP))),
    "old-bookmark": (0.02, ((CLOSED, PORTAL),)),
    "process-dossiers": (0.06, (("official-sign-in", CASE), ("inbox", CASE), ("open", CASE))),
}
"""Journey → its share of the visits, and its steps with the system that each asks."""

CALLS: dict[str, tuple[tuple[str, str, str, float], ...]] = {
    "callback": ((NP, VNEID, "token", 0.001), (NP, VNEID, "userinfo", 0.006)),
    "submit": (
        (NP, POPULATION, "citizen", 0.001), (NP, LGSP, "NoiHoSo", 0.2), (LGSP, CASE, "NoiHoSo", 0.21),
        (CASE, LGSP, "CapNhatTienDoHoSoMC", 1.0), (LGSP, NP, "CapNhatTienDoHoSoMC", 1.01),
        (CASE, LGSP, "CapNhatTienDoHoSoMC", 2.0), (LGSP, NP, "CapNhatTienDoHoSoMC", 2.01),
    ),
    "pay": ((NP, PAYMENT, "charge", 0.001), (PAYMENT, NP, "payment-notice", 0.006)),
}  # fmt: skip
"""Step → the calls that it brings about: caller, callee, operation, seconds after the request."""


@dataclass
class Requests:
    """Requests of one chunk, of visitors or between systems, as aligned columns."""

    visit: Ints
    what: Ints  # code of the step or operation
    link: Ints
    planned: Ints
    sent: Ints
    done: Ints
    status: Ints
    error: Ints
    span: npt.NDArray[np.uint64]

    @classmethod
    def unanswered(
        cls, visit: Ints, what: Ints, link: Ints, planned: Ints, sent: Ints, span: npt.NDArray[np.uint64]
    ) -> Requests:
        """As they are sent; :meth:`Night.answer` tells the rest."""
        return cls(visit, what, link, planned, sent, sent, np.full(len(sent), 200), np.zeros_like(sent), span)


class Country:
    """The plan's names as codes, and which link joins which kinds of systems in which province."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.provinces = [province["code"] for province in plan["provinces"]]
        self.links = [link["name"] for link in plan["links"]]
        self.systems = [system["name"] for system in plan["systems"]]
        number = {name: code for code, name in enumerate(self.links)}
        system = {name: code for code, name in enumerate(self.systems)}
        self.callee = np.array([system[link["callee"]] for link in plan["links"]])
        callers = sorted({link["caller"] for link in plan["links"]})
        self.callers = callers
        self.caller = np.array([callers.index(link["caller"]) for link in plan["links"]])
        self._number = number

    def links_of(self, caller: str, callee: str) -> Ints:
        """The code of the link in each province."""
        names = [f"{self._local(caller, code)}--{self._local(callee, code)}" for code in self.provinces]
        return np.array([self._number[name] for name in names])

    @staticmethod
    def _local(kind: str, code: str) -> str:
        return f"{kind}-{code}" if kind in (CASE, LGSP, PORTAL) else kind


class Night:
    """The visits, and what follows from them, drawn for as many of them at once as fit in memory."""

    ERRORS = ("", "connect", "timeout")

    def __init__(self, plan: dict[str, Any], visits: int, seed: int) -> None:
        self.plan, self.country = plan, Country(plan)
        self.rng = np.random.default_rng(seed)
        self.steps = sorted({step for _, steps in JOURNEYS.values() for step, _ in steps})
        self.operations = sorted({call[2] for calls in CALLS.values() for call in calls})
        clock = plan["clock"]
        self.at = np.sort(self.rng.uniform(clock["start"], clock["end"], visits) * SECOND).astype(np.int64)
        self.journey = self.rng.choice(len(JOURNEYS), visits, p=[share for share, _ in JOURNEYS.values()])
        self.province = self.rng.integers(0, len(self.country.provinces), visits)
        self.trace = self.rng.integers(1, 2**63, (visits, 2), dtype=np.uint64)
        self.lasts = np.zeros(visits, dtype=np.int64)
        self.length = np.array([len(steps) for _, steps in JOURNEYS.values()])

    def requests(self, visits: slice) -> Requests:
        """What the visitors send."""
        numbers = np.arange(*visits.indices(len(self.at)))
        counts = self.length[self.journey[numbers]]
        visit = np.repeat(numbers, counts)
        place = np.arange(len(visit)) - np.repeat(np.cumsum(counts) - counts, counts)
        journey, province = self.journey[visit], self.province[visit]
        what, link = np.zeros(len(visit), dtype=np.int64), np.zeros(len(visit), dtype=np.int64)
        for code, (_, steps) in enumerate(JOURNEYS.values()):
            for index, (step, system) in enumerate(steps):
                here = (journey == code) & (place == index)
                what[here] = self.steps.index(step)
                by_province = self.country.links_of("officials" if system == CASE else "citizens", system)
                link[here] = by_province[province[here]]
        planned = T0 + self.at[visit] + place * SECOND // 5
        sent = planned + self.rng.exponential(3e5, len(visit)).astype(np.int64)
        span = (visit.astype(np.uint64) << np.uint64(32)) + place.astype(np.uint64) + np.uint64(1)
        drawn = Requests.unanswered(visit, what, link, planned, sent, span)
        self.answer(drawn)
        drawn.status[what == self.steps.index(CLOSED)] = 410
        np.maximum.at(self.lasts, visit, drawn.done)
        return drawn

    def calls(self, requests: Requests) -> Requests:
        """What the systems ask each other because of it."""
        parts: list[list[Ints]] = []
        for step, follow in CALLS.items():
            rows = np.flatnonzero(requests.what == self.steps.index(step))
            visit = requests.visit[rows]
            for caller, callee, operation, after in follow:
                link = self.country.links_of(caller, callee)[self.province[visit]]
                at = requests.sent[rows] + int(after * SECOND)
                parts.append([visit, np.full(len(rows), self.operations.index(operation)), link, at])
        visit, what, link, at = (np.concatenate(column) for column in zip(*parts, strict=True))
        span = self.rng.integers(2**62, 2**63, len(at), dtype=np.uint64)
        drawn = Requests.unanswered(visit, what, link, at, at, span)
        self.answer(drawn)
        return drawn

    def answer(self, requests: Requests) -> None:
        """When and how each request is answered: log-normal, and as the faults of the plan make it."""
        took = self.rng.lognormal(np.log(0.004), 0.5, len(requests.sent))
        for fault in self.plan["faults"]:
            start, end = (T0 + int(fault[edge] * SECOND) for edge in ("start", "end"))
            links = [self.country.links.index(name) for name in fault["links"]]
            hit = np.isin(requests.link, links) & (requests.sent >= start) & (requests.sent < end)
            if fault["kind"] == "slow":
                took[hit] += 0.8
            else:
                requests.error[hit] = 1 if fault["kind"] == "cut" else 2
                requests.status[hit] = 0
        requests.done = requests.sent + (took * SECOND).astype(np.int64)


def received(requests: Requests, country: Country, first_operation: int) -> dict[str, Any]:
    """What the systems behind the links saw of the requests; nothing of those that found no connection."""
    seen = requests.error != 1
    took = (requests.done - requests.sent)[seen]
    return {
        "system": country.callee[requests.link[seen]],
        "operation": requests.what[seen] + first_operation,
        "caller": country.caller[requests.link[seen]],
        "at": requests.sent[seen] + took // 10,
        "done": requests.sent[seen] + took - took // 10,
        "queued_us": np.zeros(len(took), dtype=np.int64),
        "service_us": took // 1250,
        "status": np.where(requests.status[seen], requests.status[seen], 200),
        "visit": requests.visit[seen],
        "parent": requests.span[seen],
    }
