"""Some systems of the whole country in memory, by their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import httpx
import msgspec

from mocks.config import SystemConfig
from mocks.gaps import Gap
from mocks.messages import CaseDossier
from rehearsal import topology
from tests.mocks.country import AT_ONCE, Country, running


def configurations(
    *names: str, defects: Mapping[str, frozenset[str]] = MappingProxyType({})
) -> list[SystemConfig]:
    """These systems, each of which may call those of the others that the topology says."""
    called = topology.callees("whole")
    systems = {each.name: each for each in topology.systems("whole")}
    return [
        SystemConfig(
            name=name,
            kind=systems[name].kind,
            port=0,
            province=systems[name].province,
            old_province=systems[name].old_province,
            capacity=AT_ONCE,
            defects=defects.get(name, frozenset()),
            peers={each: f"http://{name}--{each}" for each in called.get(name, ()) if each in names},
            public={each: f"http://{each}" for each in names},
        )
        for name in names
    ]


@contextmanager
def standing(folder: Path, *names: str, gaps: Iterable[Gap] = ()) -> Iterator[Country]:
    """These systems run in virtual time."""
    folder.mkdir(parents=True, exist_ok=True)
    with running(folder, configurations(*names), gaps) as country:
        yield country


def put(country: Country, name: str, path: str, body: object) -> httpx.Response:
    """PUT with a JSON body, from outside the event loop."""
    return country.time.run(country.ask(name, "PUT", path, content=msgspec.json.encode(body)))


def case_dossier(code: str, *, commune: str = "02671", agency: str = "H38.99.02671") -> CaseDossier:
    """A birth registration of a commune of province 15 that bears this code."""
    return CaseDossier(
        MaHoSo=code,
        MaTTHC="1.001193",
        ChuHoSo="Nguyễn Văn An",
        LoaiDoiTuong=0,
        MaTinh="15",
        MaXa=commune,
        MaDonViTiepNhan=agency,
        NgayNop="20250701000000",
        ThanhPhanHoSo=[],
        NoiDung={"procedure": "1.001193"},
        KhoaGuiNhan=f"key-{code}",
    )
