"""Defects of the reporting system."""

from __future__ import annotations

from mocks.defects.defect import Defect
from mocks.http import Text

DEFECTS = (
    Defect(
        "keeps-first-report",
        "reporting",
        Text(
            "giữ báo cáo đầu tiên trong ngày của tỉnh, bỏ các báo cáo sau",
            "keeps a province's first report of the day and drops the later ones",
        ),
        Text("Số liệu mới nhất thay cho số liệu cũ.", "The newest figures take the place of older ones."),
        needs="whole-country",
    ),
)
