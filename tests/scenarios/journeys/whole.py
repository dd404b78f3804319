"""The whole country in memory, as far as one province sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mocks.config import SystemConfig
from rehearsal import topology
from tests.mocks.country import AT_ONCE, Country, running

PROVINCE, OLD_PROVINCE = "15", "10"


def configuration() -> list[SystemConfig]:
    """Every national system, every ministry's, and those of one province and of one old portal."""
    here = [
        each
        for each in topology.systems("whole")
        if each.province in ("", PROVINCE) and each.old_province in ("", OLD_PROVINCE)
    ]
    names = {each.name for each in here}
    called = topology.callees("whole")
    return [
        SystemConfig(
            name=each.name,
            kind=each.kind,
            port=0,
            province=each.province,
            old_province=each.old_province,
            capacity=AT_ONCE,
            peers={
                callee: f"http://{each.name}--{callee}"
                for callee in called.get(each.name, ())
                if callee in names
            },
            public={name: f"http://{name}" for name in names},
        )
        for each in here
    ]


@contextmanager
def whole_country(folder: Path) -> Iterator[Country]:
    """The whole country running in virtual time."""
    with running(folder, configuration()) as country:
        yield country
