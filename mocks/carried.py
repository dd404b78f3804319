"""The dossiers of before the night, which every system that needs them holds from its start."""

from __future__ import annotations

from collections.abc import Iterator

import fixtures
from mocks.dossiers import Held
from mocks.messages import CaseDossier


def carried_over(seed: int, province: str | None = None) -> Iterator[Held]:
    """The carried-over dossiers of one province, or of all."""
    for each in fixtures.carried_over(seed):
        if province not in (None, each.province):
            continue
        dossier = CaseDossier(
            MaHoSo=each.code,
            MaTTHC=each.procedure,
            ChuHoSo=each.owner.name,
            LoaiDoiTuong=0,
            MaTinh=each.province,
            MaXa=each.commune,
            MaDonViTiepNhan=each.dossier.agency,
            NgayNop=f"{each.day:%Y%m%d}080000",
            ThanhPhanHoSo=[],
            NoiDung=each.dossier.content(),
            KhoaGuiNhan="",
        )
        yield Held(dossier, list(each.history), 0, owner=each.owner.id)
