"""Defects of EMC monitoring."""

from __future__ import annotations

from mocks.defects.defect import Defect
from mocks.http import Text

DEFECTS = (
    Defect(
        "forgets-events",
        "emc",
        Text(
            "báo đã nhận một trong 4 sự kiện mà không ghi lại",
            "answers for an event, and in one of 4 cases keeps nothing of it",
        ),
        Text("Mỗi trạng thái là một sự kiện giám sát.", "Each status is one event of monitoring."),
        needs="whole-country",
    ),
)
