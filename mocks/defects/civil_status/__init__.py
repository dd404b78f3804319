"""Defects of the civil-status system."""

from __future__ import annotations

from mocks.defects.defect import Defect
from mocks.http import Text

DEFECTS = (
    Defect(
        "registers-twice",
        "civil-status",
        Text(
            "ghi hai số cho cùng một việc hộ tịch, ở một trong 4 hồ sơ",
            "enters the same event under two numbers, for one dossier in 4",
        ),
        Text("Mỗi việc hộ tịch chỉ đăng ký một lần.", "An event of life is registered once."),
        needs="whole-country",
    ),
)
