"""What a trial is, and the plan that it stands for. Pure: the same trial gives the same plan and arrivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from fixtures.reference.provinces import provinces
from mocks.capacity import ServiceTime
from rehearsal import arrivals, country, topology
from rehearsal.plan import Plan, Planned
from rehearsal.plan import records as plans
from rehearsal.trials.playbook import SYSTEM
from reports.journal import ARRIVALS
from reports.journal_writer import column

LINK = f"{topology.CITIZENS}--{SYSTEM}"
PLAYBOOK = "rehearsal.trials.playbook:PLAYBOOK"

UNLIMITED = 1_000_000
"""How the plan spells a stub with as many servers as requests."""

AT_ONCE = ServiceTime("constant", 0.0)
HONEST = plans.Validity(
    offered_within=0.005, lag_p99=0.020, minimum_samples=100, loop_lag_p99=0.050, clock_within=0.005
)


@dataclass(frozen=True)
class Trial:
    """One trial. Times are seconds; T0 is the first instant of the load.

    ``rate`` visitors per second arrive, one Poisson process; or exactly at ``instants`` (after T0, in order)
    where they are given. ``servers`` 0 is a stub without a queue (M/G/∞). ``playbook`` names the journeys as
    ``<module>:<attribute>``; every visitor makes ``journey``. ``probes`` a second are sent beside them, GET
    ``/``, to be compared with ``probed_step``. A journey hands nothing in: the stub keeps nothing.
    """

    name: str
    seconds: float
    rate: float = 0.0
    instants: Sequence[float] = ()
    service: ServiceTime = AT_ONCE
    servers: int = 0
    queue: int = 1_000_000
    body: int = 600
    workers: int = 1
    playbook: str = PLAYBOOK
    journey: str = "get"
    probes: float = 0.0
    probed_step: str = "get"
    seed: int = 1
    warm_up: float = 0.0
    patience: float = 10.0
    retries: int = 0
    think_scale: float = 1.0
    within: float = 1.0
    objective: float = 0.99
    proxied: bool = False
    validity: plans.Validity = HONEST


def planned(trial: Trial) -> Planned:
    """The plan of a trial, and its arrivals."""
    instants = _instants(trial)
    table = _arrivals(trial, instants)
    seconds = np.append(np.arange(0, trial.seconds, 1.0), trial.seconds)
    expected = np.histogram(instants, seconds)[0] if len(trial.instants) else trial.rate * np.diff(seconds)
    text = plans.Text(vi=f"Phép thử {trial.name}", en=f"Trial {trial.name}")
    plan = Plan(
        scenario=plans.About(
            name=trial.name,
            title=text,
            hypothesis=plans.Text(
                vi="Số đo của bộ phát tải đúng với số thật của hệ thống mẫu.",
                en="What the generator measures is what the stub knows to be true.",
            ),
            requirements=(),
            seed=trial.seed,
            expect="met",
            date="",
            owner="",
        ),
        clock=plans.Clock(start=0.0, end=trial.seconds, warm_up=trial.warm_up, drain_limit=0.0),
        visitors=plans.Visitors(
            think_scale=trial.think_scale,
            patience=trial.patience,
            retries=trial.retries,
            retry_after=0.0,
            old_portal_share_before=0.0,
            old_bookmark_share_after=0.0,
        ),
        arrivals=plans.Arrivals(
            count=table.num_rows,
            sha256=arrivals.digest(table),
            workers=trial.workers,
            by_journey={trial.journey: table.num_rows},
            expected_per_second=tuple(expected.astype(float).tolist()),
        ),
        faults=(),
        slos=(
            plans.Objective(
                name="answered",
                title=text,
                journeys=(),
                steps=(),
                within=trial.within,
                objective=trial.objective,
            ),
        ),
        validity=trial.validity,
        probes=_probes(trial),
        systems=(_system(trial),),
        links=(plans.Link(name=LINK, caller=topology.CITIZENS, callee=SYSTEM),),
        provinces=tuple(plans.Province(code=each.code, name=each.name_vi) for each in provinces()),
        old_provinces=(),
    )
    return Planned(plan, table)


def _instants(trial: Trial) -> np.typing.NDArray[np.float64]:
    """Given instants, or a Poisson process: given their number, its arrivals are uniform and independent."""
    if len(trial.instants):
        return np.asarray(trial.instants, dtype=np.float64)
    rng = np.random.default_rng(trial.seed)
    return np.sort(rng.uniform(0, trial.seconds, rng.poisson(trial.rate * trial.seconds)))


def _arrivals(trial: Trial, instants: np.typing.NDArray[np.float64]) -> pa.Table:
    """In the columns of ``reports.journal.ARRIVALS``; the provinces take turns."""
    count, codes = len(instants), country.province_codes()
    homes = [country.homes(code)[0] for code in codes]
    turn = [number % len(codes) for number in range(count)]
    columns: dict[str, list[object]] = {
        "arrival": list(range(count)),
        "planned": np.rint(instants * 1e9).astype(np.int64).tolist(),
        "actor": ["citizen"] * count,
        "journey": [trial.journey] * count,
        "province": [codes[each] for each in turn],
        "commune": [homes[each].commune for each in turn],
        "old_province": [homes[each].old_province for each in turn],
        "entrance": ["national-portal"] * count,
        "subject": list(range(count)),
    }
    return pa.Table.from_arrays(
        [column(columns[field.name], field.type) for field in ARRIVALS], schema=ARRIVALS
    )


def _probes(trial: Trial) -> tuple[plans.Probe, ...]:
    if not trial.probes:
        return ()
    return (plans.Probe(step=trial.probed_step, link=LINK, path="/", rate=trial.probes),)


def _system(trial: Trial) -> plans.System:
    return plans.System(
        name=SYSTEM,
        kind=topology.Kind.NATIONAL_PORTAL,
        province="",
        old_province="",
        servers=trial.servers or UNLIMITED,
        queue=trial.queue,
        service_mean=trial.service.mean,
        service_distribution=trial.service.distribution,
        service_sigma=trial.service.sigma,
        defects=(),
    )
