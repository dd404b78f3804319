"""Defects of VNeID."""

from __future__ import annotations

from mocks.defects.defect import Defect
from mocks.http import Text

DEFECTS = (
    Defect(
        "slow-leak",
        "vneid",
        Text("chậm thêm 20 µs sau mỗi yêu cầu", "becomes slower by 20 µs with every request"),
        Text("Hệ thống chạy được lâu dài.", "A system can run on and on."),
    ),
)
