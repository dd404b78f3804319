"""Faults as a plan has them."""

from __future__ import annotations

from chaos import catalogue
from rehearsal.plan.records import Fault, Text

SOME = Text(vi="vi", en="en")
VNEID, PAYMENT = "national-portal--vneid", "national-portal--payment"


def fault(
    name: str,
    start: float,
    end: float,
    *links: str,
    kind: str = "cut",
    systems: tuple[str, ...] = (),
    **parameters: float | str,
) -> Fault:
    """A fault of the catalogue, on the link to VNeID where nothing else is said."""
    return Fault(
        name=name,
        kind=kind,
        place=catalogue.KINDS[kind].place,
        systems=systems,
        title=SOME,
        meaning=SOME,
        colour="#000000",
        links=links or (VNEID,),
        start=start,
        end=end,
        recover_within=1.0,
        executes="no",
        parameters=parameters,
    )
