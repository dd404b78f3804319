"""Defects of the second site."""

from __future__ import annotations

from mocks.defects.defect import Defect
from mocks.http import Text

DEFECTS = (
    Defect(
        "skips-changes",
        "national-data-centre",
        Text(
            "đánh dấu đã áp dụng mọi thay đổi, nhưng với một trong 4 hồ sơ thì bỏ qua",
            "says that it has applied every change, and skips those of one dossier in 4",
        ),
        Text("Trung tâm thứ hai giữ đúng như Cổng.", "The second site holds what the portal holds."),
        needs="whole-country",
    ),
)
