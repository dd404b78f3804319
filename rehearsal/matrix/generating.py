"""The scenario of a series: visitors, journeys and systems of another, a constant rate, and its cells."""

from __future__ import annotations

from pydantic import TypeAdapter

from rehearsal.matrix.layout import WARM_UP, Series
from rehearsal.scenario.faults import AnyFault, PlacedFault
from rehearsal.scenario.model import Arrivals, Scenario, Text
from rehearsal.scenario.section import spell_duration
from rehearsal.scenario.shapes import Constant

DRAIN_LIMIT = 60.0

_FAULT: TypeAdapter[PlacedFault] = TypeAdapter(AnyFault)


def journeys_of(base: Scenario) -> list[str]:
    """The journeys that anybody makes in a scenario, in its order."""
    return list(dict.fromkeys(name for block in base.arrivals for name in block.journeys))


def matrix_name(base: Scenario, *, pairs: bool) -> str:
    """What the scenarios of a matrix are called: ``<base>-matrix``, ``<base>-pairs``."""
    return f"{base.scenario.name}-{'pairs' if pairs else 'matrix'}"


def generated(base: Scenario, series: Series, rate: float, *, pairs: bool = False) -> Scenario:
    """The scenario of a series; ``rate`` is visitors per second.

    Every journey comes equally often, so that every cell has evidence of each.
    """
    title = base.scenario.title
    head = base.scenario.model_copy(
        update={
            "name": matrix_name(base, pairs=pairs),
            "title": Text(vi=f"Ma trận sức chịu đựng: {title.vi}", en=f"Resilience matrix: {title.en}"),
            "hypothesis": Text(
                vi="Dù một phụ thuộc nào gặp sự cố, không hồ sơ nào đã xác nhận bị mất hay bị nhân đôi.",
                en="Whichever dependency fails, no acknowledged dossier is lost or doubled.",
            ),
        }
    )
    clock = base.clock.model_copy(
        update={
            "start": series.start,
            "end": series.end,
            "warm_up": WARM_UP,
            "drain_limit": max(DRAIN_LIMIT, base.clock.drain_limit),
        }
    )
    each = rate / sum(len(block.journeys) for block in base.arrivals)
    return base.model_copy(
        update={
            "scenario": head,
            "clock": clock,
            "arrivals": tuple(_constant(block, each, series.lasts) for block in base.arrivals),
            "faults": faults(series),
        }
    )


def faults(series: Series) -> tuple[PlacedFault, ...]:
    """The faults of a series, as a scenario holds them."""
    return tuple(
        _FAULT.validate_python(choice.written(name, slot.at, slot.end - slot.at, slot.until - slot.end))
        for slot in series.slots
        for name, choice in slot.cell.faults
    )


def _constant(block: Arrivals, each: float, lasts: float) -> Arrivals:
    """The block with ``each`` visitors per second of each of its journeys, in all provinces alike in time."""
    phase = Constant.model_validate(
        {"shape": "constant", "for": spell_duration(lasts), "rate": each * len(block.journeys)}
    )
    own = {code: curve.model_copy(update={"phases": ()}) for code, curve in block.provinces.items()}
    update = {
        "journeys": dict.fromkeys(block.journeys, 1.0),
        "factor": 1.0,
        "phases": (phase,),
        "provinces": own,
    }
    return block.model_copy(update=update)
