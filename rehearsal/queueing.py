"""What queueing theory says of a mock with c servers, and whether a measurement agrees with it.

Requests arrive at random (Poisson) at c equal servers with exponential service times and one queue, first
come, first served: M/M/c. Its formulas are exact, so they are the truth against which the instrument is held.

=========  ==================================  =================  ===========================================
symbol     meaning                             unit               here
=========  ==================================  =================  ===========================================
λ          arrival rate                        requests/s         ``rate``
1/μ        mean service time                   s                  ``service``
c          servers                                                ``servers``
a = λ/μ    offered load                        erlang             :attr:`MMc.offered`
ρ = a/c    utilisation, below 1                                   :attr:`MMc.utilisation`
C(c, a)    probability that a request waits                       :attr:`MMc.waiting`
W          wait in the queue                   s                  :attr:`MMc.mean_wait`, :meth:`MMc.longer`
L          requests in the system              requests           :attr:`MMc.in_system`
=========  ==================================  =================  ===========================================

Sources: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic
telephone exchanges", Post Office Electrical Engineers' Journal 10, 1917; L. Kleinrock, "Queueing Systems",
vol. 1, 1975, section 3.5; D. Gross and C. M. Harris, "Fundamentals of Queueing Theory", 3rd ed. 1998,
section 2.3.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]

CONFIDENCE = 0.95
FEWEST, MOST = 10, 30
"""Batches: fewer say little about the error of their mean, more only make them shorter, so that their means
are more skewed and know more of each other (B. Schmeiser, "Batch size effects in the analysis of simulation
output", Operations Research 30, 1982)."""
RELAXED = 10.0
"""Relaxation times that a batch lasts where there is time for it: it hardly knows of its neighbours then."""


def erlang_b(servers: int, offered: float) -> float:
    """B(c, a): the share of requests that c servers without a queue turn away.

    By the recursion B(0) = 1, B(k) = a B(k−1) / (k + a B(k−1)), which takes c steps, and neither powers nor
    factorials that overflow (Gross and Harris, 2.4).
    """
    if servers < 0 or not offered >= 0:
        raise ValueError(
            f"{servers} servers, {offered:g} erlang: legal are 0 servers or more, 0 erlang or more"
        )
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = offered * blocked / (k + offered * blocked)
    return blocked


def erlang_c(servers: int, offered: float) -> float:
    """C(c, a): the probability that a request waits, from B by C = B / (1 − ρ (1 − B)); 1 where ρ ≥ 1."""
    if servers < 1:
        raise ValueError(f"{servers} servers: legal is 1 or more")
    blocked, utilisation = erlang_b(servers, offered), offered / servers
    return 1.0 if utilisation >= 1 else blocked / (1 - utilisation * (1 - blocked))


@dataclass(frozen=True)
class MMc:
    """An M/M/c queue in its steady state. Raises ValueError where it has none."""

    servers: int
    rate: float
    service: float

    def __post_init__(self) -> None:
        if self.servers < 1 or not self.rate > 0 or not self.service > 0:
            raise ValueError(f"{self}: legal are 1 server or more, and a rate and a service time above 0")
        if self.utilisation >= 1:
            raise ValueError(
                f"{self}: a utilisation of {self.utilisation:.3g} has no steady state; legal is below 1"
            )

    @classmethod
    def at(cls, utilisation: float, servers: int, service: float) -> MMc:
        """The queue whose arrivals keep its servers busy for this share of the time."""
        return cls(servers, utilisation * servers / service, service)

    @property
    def offered(self) -> float:
        """a, in erlang: the servers that are busy on average."""
        return self.rate * self.service

    @property
    def utilisation(self) -> float:
        """ρ."""
        return self.offered / self.servers

    @property
    def spare(self) -> float:
        """cμ − λ, requests/s: by how much the servers could do more. A wait that occurs is exponential with
        the mean 1/(cμ − λ)."""
        return self.servers / self.service - self.rate

    @property
    def waiting(self) -> float:
        """C(c, a)."""
        return erlang_c(self.servers, self.offered)

    @property
    def mean_wait(self) -> float:
        """E[W] = C / (cμ − λ), in seconds, those that do not wait included."""
        return self.waiting / self.spare

    def longer(self, than: float) -> float:
        """P(W > t) = C e^(−(cμ − λ) t) for t ≥ 0 (seconds)."""
        return self.waiting * math.exp(-self.spare * than)

    @property
    def mean_response(self) -> float:
        """E[W] + 1/μ, in seconds."""
        return self.mean_wait + self.service

    @property
    def in_queue(self) -> float:
        """L_q = λ E[W] (Little's law)."""
        return self.rate * self.mean_wait

    @property
    def in_system(self) -> float:
        """L = λ (E[W] + 1/μ) = L_q + a."""
        return self.in_queue + self.offered

    @property
    def relaxation(self) -> float:
        """Seconds in which the queue forgets by the factor e what it was: 1 / (√(cμ) − √λ)².

        Exact for c = 1 (P. M. Morse, "Stochastic properties of waiting lines", Operations Research 3, 1955).
        With more servers it holds while all of them are busy; otherwise 1/μ, one service, is the longer.
        """
        busy = (math.sqrt(self.servers / self.service) - math.sqrt(self.rate)) ** -2
        return max(busy, self.service)

    def batches(self, seconds: float) -> int:
        """Into how many batches to cut a measurement of this length: :data:`FEWEST` to :data:`MOST`."""
        return min(max(FEWEST, int(seconds / (RELAXED * self.relaxation))), MOST)


@dataclass(frozen=True)
class Compared:
    """One figure: the theory's, and the measured mean with half the width of its interval at 95 %."""

    name: str
    theory: float
    measured: float
    within: float

    @property
    def agrees(self) -> bool:
        """Whether the interval holds the theory's figure."""
        return abs(self.measured - self.theory) <= self.within

    @property
    def error(self) -> float:
        """Measured − theory, as a share of the theory's figure."""
        return self.measured / self.theory - 1

    def __str__(self) -> str:
        return f"{self.name}: {self.measured:.4g} ± {self.within:.2g}, by theory {self.theory:.4g}"


def compare(theory: MMc, waits: Floats, beyond: Sequence[float], seconds: float) -> list[Compared]:
    """Waits (in the order of arrival, measured over so many seconds) against the queue's formulas.

    First the mean, then P(W > t) for each t of ``beyond``; t = 0 is the queueing probability.
    """
    batches = theory.batches(seconds)
    figures = [Compared("mean wait", theory.mean_wait, *batch_means(waits, batches))]
    return figures + [
        Compared(f"P(W > {t * 1e3:g} ms)", theory.longer(t), *batch_means(waits > t, batches)) for t in beyond
    ]


def batch_means(values: NDArray[np.generic], batches: int) -> tuple[float, float]:
    """The mean of correlated values in their order, and half the width of its interval at 95 %.

    Requests that follow each other stood in the same queue. So the record is cut into batches, long enough to
    be nearly independent of each other; their means scatter as Student's distribution says (A. M. Law,
    "Simulation Modeling and Analysis", 5th ed. 2015, section 9.5.3). What the last whole batch leaves over is
    not used.
    """
    if batches < 2 or len(values) < batches:
        raise ValueError(
            f"{len(values)} values in {batches} batches: legal are 2 batches or more, none empty"
        )
    length = len(values) // batches
    means = values[: length * batches].astype(np.float64).reshape(batches, length).mean(axis=1)
    error = means.std(ddof=1) / math.sqrt(batches)
    student = float(stdtrit(batches - 1, (1 + CONFIDENCE) / 2))
    return float(means.mean()), student * float(error)


def frozen(planned: Iterable[float], service: float, start: float, end: float) -> Floats:
    """The response times of a server of unlimited width that stands still in [start, end) (seconds).

    Whoever comes while it stands is served when it goes on, for the whole of the service; whoever is being
    served is not answered before it goes on. Nobody waits for anybody else. Of a steady stream over T seconds
    the quantile q is end − start − (1 − q) T, as long as that is positive: p95 = 3.0 s for 5 of 40 s.
    """
    at = np.asarray(planned, dtype=np.float64)
    came_inside = (at >= start) & (at < end)
    caught = (at < start) & (at + service > start)
    done = np.where(came_inside, end + service, np.where(caught, np.maximum(at + service, end), at + service))
    return np.asarray(done - at, dtype=np.float64)
