"""Defects of provincial integration platforms."""

from __future__ import annotations

from mocks.defects.defect import Defect
from mocks.http import Text

_ARRIVES = Text(
    "Hồ sơ đã xác nhận thì đến được tỉnh.", "A dossier that was acknowledged reaches its province."
)

DEFECTS = (
    Defect(
        "not-connected",
        "lgsp",
        Text(
            "chưa từng được nối với hệ thống một cửa của tỉnh",
            "was never connected to the case system of its province",
        ),
        _ARRIVES,
    ),
    Defect(
        "loses-deliveries",
        "lgsp",
        Text(
            "báo đã nhận một trong 4 hồ sơ mà không chuyển đi",
            "says that it has passed a dossier on, and in one of 4 cases has not",
        ),
        _ARRIVES,
    ),
)
