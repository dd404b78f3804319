"""What the old systems of a province held on the eve of the cutover: seeded, columnar, of nobody.

Shares of levels, statuses and the like are assumptions. A province draws from a stream of its own, so that
it holds the same whichever others are made.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from itertools import accumulate

import numpy as np
import pyarrow as pa

from fixtures.conversion.hamlets import UNLISTED, hamlets_of
from fixtures.conversion.procedures import district_procedures
from fixtures.conversion.units import OldUnit, district_agency, old_units, ward_agency
from fixtures.reference.agencies import provincial_centre
from fixtures.reference.procedures import fees, procedures
from fixtures.reference.provinces import OldProvince, merged_into, province
from fixtures.reference.statuses import FINISHED, RETURNED, paths_to, statuses
from fixtures.reference.wards import OldWard, old_wards
from fixtures.vocabulary import Sex, words
from rehearsal.conversion.arrays import (
    Ints,
    booleans,
    digests,
    instants,
    integers,
    joined,
    padded,
    take,
    texts,
)
from rehearsal.errors import UsageError
from reports.conversion.schema import SOURCE

CUTOVER = date(2025, 7, 1)
HANOI = timezone(timedelta(hours=7))
DAYS = 60
"""Dossiers were received in so many days before the cutover."""
MOST_A_DAY = 9_999
"""Codes of one unit and day: the provincial form has four digits."""
LEVELS = ("province", "district", "commune")
SHARES = (0.25, 0.45, 0.30)
PAID, VALID = 0.8, 0.85
OFFICE = (27_000, 61_200)
"""Seconds of the day between which dossiers were received: 7:30 and 17:00."""
MOST_FILES, LONGEST_HISTORY, NUMBERS = 3, 6, 1_000_000
ROLES = ("receive,handle,sign", "receive", "handle")
BORN = (1940, 2007)
OF_FEMALES, IMPOSSIBLE = 1, 4
"""The century digit of a citizen's id is odd for women; four more than lawful makes it nobody's
(:mod:`fixtures.identifiers`)."""


def shares(old: list[OldProvince], total: int) -> dict[str, int]:
    """How many of ``total`` dossiers each old province holds: by population, shared by the wards of old."""
    weights = [
        province(each.successor).population
        * len(_wards_of(each.code))
        / sum(len(_wards_of(part.code)) for part in merged_into(each.successor))
        for each in old
    ]
    edges = [round(total * edge / sum(weights)) for edge in accumulate(weights, initial=0.0)]
    return {each.code: end - begin for each, begin, end in zip(old, edges, edges[1:], strict=False)}


def generate(old: OldProvince, count: int, seed: int) -> dict[str, pa.Table]:
    """The six tables of an old province with ``count`` dossiers, in the columns of the source.

    Raises `UsageError` where a unit would need more codes for a day than there are.
    """
    random = np.random.default_rng([seed, int(old.code)])
    made = _Dossiers(old, count, random)
    codes, when = made.codes(), made.dates()
    return {
        "dossiers": _table("dossiers", {"code": codes, **made.columns(), **when}),
        "attachments": _attachments(codes, random),
        "results": _results(old, codes, made, random),
        "units": _units(old),
        "accounts": _accounts(old, random),
        "procedures": _procedures(),
    }


def _table(name: str, columns: Mapping[str, pa.Array]) -> pa.Table:
    schema = SOURCE[name]
    return pa.table([columns[field] for field in schema.names], schema=schema)


class _Dossiers:
    """The drawn numbers behind the dossiers of a province."""

    def __init__(self, old: OldProvince, count: int, random: np.random.Generator) -> None:
        self._old, self._random = old, random
        wards = _wards_of(old.code)
        self._wards = wards
        self.level = random.choice(len(LEVELS), size=count, p=SHARES)
        self.ward = random.integers(len(wards), size=count)
        self._units = [
            provincial_centre(old),
            *dict.fromkeys(map(district_agency, wards)),
            *map(ward_agency, wards),
        ]
        number = {code: place for place, code in enumerate(self._units)}
        district = np.array([number[district_agency(each)] for each in wards])
        commune = np.array([number[ward_agency(each)] for each in wards])
        self.unit = np.select(
            [self.level == 1, self.level == 2], [district[self.ward], commune[self.ward]], 0
        )
        self.ago = random.integers(1, DAYS + 1, size=count)
        self.second = random.integers(*OFFICE, size=count)
        self.owner = _owner_ids(old, count, random)
        self._procedures, self._days, begins = _known_procedures()
        widths = np.diff([*begins, len(self._procedures)])
        self.procedure = np.array(begins)[self.level] + random.integers(widths[self.level])
        self.histories, self.status = _histories()
        self.history = random.integers(len(self.histories), size=count)

    def columns(self) -> dict[str, pa.Array]:
        """All columns but the code and what depends on the day."""
        random, count = self._random, len(self.level)
        ids, sex = self.owner
        amounts = np.array([0, 0, 0, *(each.amount for each in fees())])
        amount = amounts[random.integers(len(amounts), size=count)]
        return {
            "level": take(LEVELS, self.level),
            "unit": take(self._units, self.unit),
            "ward": take([each.code for each in self._wards], self.ward),
            "hamlet": _hamlets(self._wards, self.ward, random),
            "procedure": take(self._procedures, self.procedure),
            "owner_id": ids,
            "owner_name": _names(sex, random),
            "status": integers(np.array(self.status)[self.history], pa.int8()),
            "history": take(self.histories, self.history),
            "amount": integers(amount, pa.int64()),
            "paid": integers(np.where(random.random(count) < PAID, amount, 0), pa.int64()),
        }

    def dates(self) -> dict[str, pa.Array]:
        """When each was received, and when it is due: at 17:00 of a day."""
        midnight = int(datetime.combine(CUTOVER, time(), HANOI).timestamp())
        day = midnight - self.ago * 86_400
        due = day + np.array(self._days)[self.procedure] * 86_400 + OFFICE[1]
        return {"received": instants(day + self.second), "due": instants(due)}

    def codes(self) -> pa.Array:
        """``<unit>-YYMMDD-NNNN``; the number counts the unit's dossiers of the day."""
        group = self.unit * (DAYS + 1) + self.ago
        order = np.argsort(group, kind="stable")
        first = np.flatnonzero(np.diff(group[order], prepend=-1))
        sequence = np.empty(len(group), dtype=np.int64)
        sizes = np.diff(first, append=len(group))
        sequence[order] = np.arange(len(group)) - np.repeat(first, sizes) + 1
        if len(group) and (most := int(sequence.max())) > MOST_A_DAY:
            raise UsageError(
                f"--dossiers: province {self._old.code} would need {most} codes for a unit and day; legal is "
                f"{MOST_A_DAY} at most"
            )
        days = [f"{CUTOVER - timedelta(days=ago):%y%m%d}" for ago in range(DAYS + 1)]
        return joined(take(self._units, self.unit), take(days, self.ago), padded(sequence, 4), by="-")


def _owner_ids(old: OldProvince, count: int, random: np.random.Generator) -> tuple[pa.Array, Ints]:
    """Ids of synthetic citizens, and 1 for each woman."""
    female = random.integers(2, size=count)
    year = random.integers(*BORN, size=count)
    digit = 2 * (year // 100 - 19) + female * OF_FEMALES + IMPOSSIBLE
    head = padded(digit * 100 + year % 100, 3)
    return joined(f"0{old.code}", head, padded(random.integers(NUMBERS, size=count), 6)), female


def _names(female: Ints, random: np.random.Generator) -> pa.Array:
    count = len(female)
    family = np.array(words("family").cumulative)
    drawn = np.searchsorted(family, random.integers(family[-1], size=count), side="right")
    parts = [take(words("family").texts, drawn)]
    sexes: tuple[Sex, Sex] = ("male", "female")
    for kind in ("middle", "given"):
        lists = [words(kind, sex).texts for sex in sexes]
        begin, width = np.array([0, len(lists[0])]), np.array([len(each) for each in lists])
        parts.append(take([*lists[0], *lists[1]], begin[female] + random.integers(width[female])))
    return joined(*parts, by=" ")


@cache
def _known_procedures() -> tuple[list[str], list[int], list[int]]:
    """Codes and days of all procedures, level after level, and where each level begins."""
    by_level = [
        [(each.code, each.processing_days) for each in procedures() if each.level == "province"],
        [(each.code, each.days) for each in district_procedures()],
        [(each.code, each.processing_days) for each in procedures() if each.level == "commune"],
    ]
    begins = [0, len(by_level[0]), len(by_level[0]) + len(by_level[1])]
    every = [each for level in by_level for each in level]
    return [code for code, _ in every], [days for _, days in every], begins


@cache
def _histories() -> tuple[list[str], list[int]]:
    """Every short course that a dossier can have taken, with its last status."""
    paths = [path for each in statuses() for path in paths_to(each.code) if len(path) <= LONGEST_HISTORY]
    return [",".join(map(str, path)) for path in paths], [path[-1] for path in paths]


def _hamlets(wards: list[OldWard], ward: Ints, random: np.random.Generator) -> pa.Array:
    """The hamlet of each address: mostly a listed one where the ward was split, now and then none."""
    names: list[str] = []
    begins, widths = [], []
    for each in wards:
        choices = (
            [*hamlets_of(each.code), "", UNLISTED] if hamlets_of(each.code) else ["", "Thôn 1", "Thôn 2"]
        )
        begins.append(len(names))
        widths.append(len(choices))
        names += choices
    return take(names, np.array(begins)[ward] + random.integers(np.array(widths)[ward]))


def _attachments(codes: pa.Array, random: np.random.Generator) -> pa.Table:
    files = random.integers(1, MOST_FILES + 1, size=len(codes))
    place = np.repeat(np.arange(len(codes)), files)
    first = np.repeat(np.cumsum(files) - files, files)
    names = [f"Giấy tờ {number}.pdf" for number in range(1, MOST_FILES + 1)]
    columns = {
        "dossier": take(codes, place),
        "name": take(names, np.arange(len(place)) - first),
        "sha256": digests(random, len(place)),
    }
    return _table("attachments", columns)


def _results(old: OldProvince, codes: pa.Array, made: _Dossiers, random: np.random.Generator) -> pa.Table:
    status = np.array(made.status)[made.history]
    place = np.flatnonzero(np.isin(status, (FINISHED, RETURNED)))
    when = made.dates()["received"].view(pa.int64()).to_numpy()[place]
    columns = {
        "code": joined(f"KQ.{old.agency_code}", padded(np.arange(1, len(place) + 1), 6), by="."),
        "dossier": take(codes, place),
        "owner_id": take(made.owner[0], place),
        "issued": instants(when + 86_400),
        "valid": booleans(random.random(len(place)) < VALID),
        "sha256": digests(random, len(place)),
    }
    return _table("results", columns)


@cache
def _wards_of(old_province: str) -> list[OldWard]:
    return [each for each in old_wards() if each.province == old_province]


@cache
def _units_of(old_province: str) -> list[OldUnit]:
    return [each for each in old_units().values() if each.province == old_province]


def _units(old: OldProvince) -> pa.Table:
    units = _units_of(old.code)
    columns = {
        "code": texts([each.code for each in units]),
        "name": texts([each.name_vi for each in units]),
        "level": texts([each.level for each in units]),
        "place": texts([each.place for each in units]),
    }
    return _table("units", columns)


def _accounts(old: OldProvince, random: np.random.Generator) -> pa.Table:
    """One to three officials for each unit."""
    units = texts([each.code for each in _units_of(old.code)])
    staff = random.integers(1, len(ROLES) + 1, size=len(units))
    place = np.repeat(np.arange(len(units)), staff)
    number = np.arange(len(place)) - np.repeat(np.cumsum(staff) - staff, staff)
    unit = take(units, place)
    columns = {
        "id": joined("cb", unit, padded(number + 1, 1), by="."),
        "name": _names(random.integers(2, size=len(place)), random),
        "unit": unit,
        "roles": take(ROLES, number),
    }
    return _table("accounts", columns)


def _procedures() -> pa.Table:
    codes, _, begins = _known_procedures()
    level = np.searchsorted(begins, np.arange(len(codes)), side="right") - 1
    columns = {
        "code": texts(codes),
        "level": take(LEVELS, level),
        "open": booleans(np.ones(len(codes), dtype=np.bool_)),
    }
    return _table("procedures", columns)
