"""The schedule of arrivals is a Poisson process with the planned rate, and the same for the same seed.

Statistical tests have a fixed seed and bounds that a right process breaks once in about a million draws.
"""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import default_rng

from rehearsal import arrivals, country
from rehearsal.arrivals import NANOSECONDS, SUBJECTS, Curve
from rehearsal.scenario import load
from rehearsal.scenario.model import Scenario
from reports.journal import ARRIVALS
from tests.rehearsal.examples import scenario
from tests.rehearsal.test_scenario_shapes import EXAMPLES

SIGMAS = 5.0
"""Width of the bounds in standard deviations: outside with probability 6e-7."""


def kolmogorov_smirnov(sample: np.ndarray, n: int) -> float:
    """Largest distance between the sample and the uniform distribution on [0, 1], times sqrt(n).

    Above 2.7 with probability below 2 exp(-2 * 2.7**2) = 1e-6 (Kolmogorov's limit).
    """
    ordered = np.sort(sample)
    above = np.arange(1, n + 1) / n - ordered
    below = ordered - np.arange(n) / n
    return float(max(above.max(), below.max()) * math.sqrt(n))


def planned(table: pa.Table, **where: str) -> np.ndarray:
    """Times after T0 in seconds, of the rows with these values."""
    keep = np.ones(table.num_rows, bool)
    for column, value in where.items():
        keep &= np.array(table.column(column).to_pylist()) == value
    return np.asarray(table.column("planned").to_numpy()[keep] / NANOSECONDS)


@pytest.fixture(scope="module")
def night() -> Scenario:
    return load("closing-night")


@pytest.fixture(scope="module")
def table(night: Scenario) -> pa.Table:
    return arrivals.draw(night)


@pytest.mark.parametrize("name", EXAMPLES)
def test_counts_of_each_tenth_of_a_phase_are_poisson_with_the_planned_mean(name: str) -> None:
    shape = EXAMPLES[name]
    curve = Curve(start=-7.0, phases=(shape,), factor=300.0)
    times = curve.draw(default_rng(11))
    edges = -7.0 + np.linspace(0, shape.for_, 11)
    counts = np.histogram(times, edges)[0]
    means = np.diff(curve.expected(edges))
    assert np.all(np.abs(counts - means) <= SIGMAS * np.sqrt(means) + 1)


@pytest.mark.parametrize("name", EXAMPLES)
def test_rescaled_by_the_expected_arrivals_the_times_are_uniform(name: str) -> None:
    """Given their number, Λ(t) / Λ(end) of the arrivals are independent and uniform."""
    curve = Curve(start=0.0, phases=(EXAMPLES[name],), factor=100.0)
    times = curve.draw(default_rng(12))
    scaled = curve.expected(times) / curve.expected(np.array([EXAMPLES[name].for_]))
    assert len(times) > 1000
    assert kolmogorov_smirnov(scaled, len(times)) < 2.7


@pytest.mark.parametrize("name", EXAMPLES)
def test_rescaled_gaps_between_arrivals_are_exponential(name: str) -> None:
    """Time rescaling: Λ of a non-homogeneous process is a homogeneous one with rate 1."""
    curve = Curve(start=0.0, phases=(EXAMPLES[name],), factor=100.0)
    gaps = np.diff(curve.expected(curve.draw(default_rng(13))), prepend=0.0)
    n = len(gaps)
    assert kolmogorov_smirnov(1 - np.exp(-gaps), n) < 2.7
    # chi-square over 20 cells of equal probability: mean 19, standard deviation sqrt(38)
    cells = np.histogram(1 - np.exp(-gaps), bins=20, range=(0, 1))[0]
    assert ((cells - n / 20) ** 2 / (n / 20)).sum() < 19 + 6 * math.sqrt(38)


def test_counts_vary_from_seed_to_seed_as_much_as_poisson_counts_do() -> None:
    """Index of dispersion: the sum of (n - mean)^2 / mean over 400 seeds is chi-square with 400 degrees."""
    curve = Curve(start=0.0, phases=(EXAMPLES["ramp up"],))
    mean = EXAMPLES["ramp up"].expected_in_all()
    counts = np.array([len(curve.draw(default_rng(seed))) for seed in range(400)])
    assert abs(((counts - mean) ** 2 / mean).sum() - 400) < SIGMAS * math.sqrt(800)


def test_phases_follow_each_other_without_gap_or_overlap() -> None:
    curve = Curve(start=-60.0, phases=(EXAMPLES["constant"], EXAMPLES["ramp down"]))
    at = np.array([-60.1, -60.0, -0.1, 0.0, 59.9, 60.1])
    assert curve.intensity(at) == pytest.approx([0, 10, 10, 20, 5.025, 0])
    assert curve.expected(at)[[0, -1]] == pytest.approx([0, 600 + 750])


def test_the_country_follows_the_curve_that_its_provinces_add_up_to(night: Scenario, table: pa.Table) -> None:
    means = arrivals.expected_per_second(night)
    edges = np.arange(night.clock.start, night.clock.end + 1)
    counts = np.histogram(planned(table), edges)[0]
    assert len(means) == len(counts) == 150
    assert means[:30] == pytest.approx(40.0)  # 35 citizens and 5 officials a second
    assert means[55:65] == pytest.approx(145.0)
    assert np.all(np.abs(counts - means) <= SIGMAS * np.sqrt(means))
    assert abs(table.num_rows - means.sum()) <= SIGMAS * math.sqrt(means.sum())


def test_the_last_second_may_be_a_part_of_one() -> None:
    short = scenario(('end = "+50s"', 'end = "+49500ms"'))
    means = arrivals.expected_per_second(short)
    assert len(means) == 60
    assert means[-1] < means[-2] * 0.6


def test_provinces_get_their_share(night: Scenario, table: pa.Table) -> None:
    counts = Counter(table.column("province").to_pylist())
    for code, share in country.shares("activity").items():
        mean = table.num_rows * share
        assert abs(counts[code] - mean) <= SIGMAS * math.sqrt(mean), code


def test_a_province_with_its_own_curve_follows_it_and_leaves_the_others_their_share() -> None:
    own = scenario(("{ factor = 1.5 }", '{ phases = [{ shape = "constant", for = "1m", rate = 40 }] }'))
    times = planned(arrivals.draw(own), province="79", actor="citizen")
    assert abs(len(times) - 2400) <= SIGMAS * math.sqrt(2400)


def test_columns_are_those_of_the_journal_in_the_order_of_time(table: pa.Table) -> None:
    assert table.schema.equals(ARRIVALS)
    assert table.column("arrival").to_pylist() == list(range(table.num_rows))
    assert np.all(np.diff(table.column("planned").to_numpy()) >= 0)
    assert all(table.column(name).null_count == 0 for name in table.column_names)


def test_communes_lie_in_their_province_and_so_does_the_old_province(table: pa.Table) -> None:
    homes = {code: set(country.homes(code)) for code in country.province_codes()}
    rows = zip(
        *(table.column(name).to_pylist() for name in ("province", "commune", "old_province")), strict=True
    )
    assert all((commune, old) in homes[province] for province, commune, old in rows)
    assert set(table.column("old_province").to_pylist()) == set(country.successors())


def test_journeys_come_in_the_planned_proportion(night: Scenario, table: pa.Table) -> None:
    citizens = [journey for journey in table.column("journey").to_pylist() if journey != "process-dossiers"]
    counts, weights = Counter(citizens), night.arrivals[0].journeys
    assert set(counts) == set(weights)
    for name, weight in weights.items():
        share = weight / sum(weights.values())
        assert abs(counts[name] - len(citizens) * share) <= SIGMAS * math.sqrt(len(citizens) * share), name


@pytest.mark.parametrize(
    ("after_t0", "entrance", "share"),
    [
        pytest.param(False, "provincial-portal", 0.5, id="before T0 half use the old portal"),
        pytest.param(False, "national-portal", 0.5, id="before T0 half use the national portal"),
        pytest.param(True, "old-bookmark", 0.2, id="after T0 a fifth come by an old bookmark"),
        pytest.param(True, "national-portal", 0.8, id="after T0 the others come to the national portal"),
    ],
)
def test_citizens_come_by_the_planned_doors(
    table: pa.Table, after_t0: bool, entrance: str, share: float
) -> None:
    here = (planned(table, actor="citizen") >= 0) == after_t0
    doors = np.array(table.column("entrance").to_pylist())[
        np.array(table.column("actor").to_pylist()) == "citizen"
    ]
    n = int(here.sum())
    assert abs((doors[here] == entrance).sum() - n * share) <= SIGMAS * math.sqrt(n * share * (1 - share))


def test_no_citizen_comes_by_a_door_of_the_other_time_and_officials_have_their_own(table: pa.Table) -> None:
    before = planned(table) < 0
    doors = np.array(table.column("entrance").to_pylist())
    officials = np.array(table.column("actor").to_pylist()) == "official"
    assert set(doors[before & ~officials]) == {"provincial-portal", "national-portal"}
    assert set(doors[~before & ~officials]) == {"old-bookmark", "national-portal"}
    assert set(doors[officials]) == {"case-system"}


def test_people_are_drawn_from_all_of_the_synthetic_ones(table: pa.Table) -> None:
    subjects = table.column("subject").to_numpy()
    assert subjects.min() >= 0
    assert subjects.max() < SUBJECTS
    assert kolmogorov_smirnov((subjects + 0.5) / SUBJECTS, len(subjects)) < 2.7


def test_the_same_seed_gives_the_same_schedule_and_another_seed_another(
    night: Scenario, table: pa.Table
) -> None:
    assert arrivals.draw(night).equals(table)
    head = night.scenario.model_copy(update={"seed": night.scenario.seed + 1})
    other = arrivals.draw(night.model_copy(update={"scenario": head}))
    assert arrivals.digest(other) != arrivals.digest(table)


def test_the_schedule_is_the_one_that_was_published() -> None:
    """Golden: whoever changes how arrivals are drawn changes every rehearsal, and writes the new one here."""
    assert (
        arrivals.digest(arrivals.draw(scenario()))
        == "d4b0f4e40d5e9f824408fe94eaf495bf1d446be2af014b3d0905d5c3eb516b98"
    )


def test_the_digest_looks_at_values_only(table: pa.Table) -> None:
    chunks = pa.concat_tables([table.slice(0, 100), table.slice(100)])
    assert arrivals.digest(chunks) == arrivals.digest(table)
    assert arrivals.digest(table.slice(1)) != arrivals.digest(table)
    moved = table.set_column(1, ARRIVALS.field("planned"), pa.array(table.column("planned").to_numpy() + 1))
    assert arrivals.digest(moved) != arrivals.digest(table)


@settings(max_examples=15)
@given(st.sampled_from(country.province_codes()), st.floats(0, 5))
def test_another_factor_for_one_province_moves_nobody_elsewhere(province: str, factor: float) -> None:
    plain = scenario(('{ "79" = { factor = 1.5 } }', "{}"))
    changed = scenario(('"79" = { factor = 1.5 }', f'"{province}" = {{ factor = {factor} }}'))
    assert without(province, arrivals.draw(plain)).equals(without(province, arrivals.draw(changed)))


def without(province: str, table: pa.Table) -> pa.Table:
    """The rows of citizens elsewhere, and of all officials; without numbers, which count everybody."""
    rows = [row for row in table.to_pylist() if (row["province"], row["actor"]) != (province, "citizen")]
    return pa.Table.from_pylist(rows, ARRIVALS).drop(["arrival"])


def test_other_journeys_move_nobody_in_time_or_place() -> None:
    plain, changed = (
        arrivals.draw(scenario()),
        arrivals.draw(scenario(("read-procedure = 3", "read-procedure = 30"))),
    )
    for column in ("planned", "province", "actor"):
        assert plain.column(column).equals(changed.column(column))
    assert not plain.column("journey").equals(changed.column("journey"))
