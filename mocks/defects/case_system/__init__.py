"""Defects of provincial case systems."""

from __future__ import annotations

from mocks.defects.defect import Defect, Needs
from mocks.http import Text


def _defect(name: str, title: Text, breaks: Text, needs: Needs = "") -> Defect:
    return Defect(name, "case-system", title, breaks, needs)


_IN_ORDER = Text("Trạng thái đi theo đúng trình tự quy định.", "Statuses follow each other as the rules say.")

DEFECTS = (
    _defect(
        "turns-statuses-back",
        Text(
            "đưa một trong 4 hồ sơ đã xong về lại bước tiếp nhận",
            "turns one in 4 dossiers that are finished back to received",
        ),
        _IN_ORDER,
    ),
    _defect(
        "skips-statuses",
        Text(
            "trả kết quả cho một trong 4 hồ sơ khi chưa xử lý xong",
            "returns the result of one in 4 dossiers before it is finished",
        ),
        _IN_ORDER,
    ),
    _defect(
        "old-unit-codes",
        Text("lưu mã xã cũ", "stores communes under the codes of wards that are gone"),
        Text("Mã đơn vị là mã đang có hiệu lực.", "Units are named by the codes in force."),
    ),
    _defect(
        "clock-ahead",
        Text("có đồng hồ chạy nhanh 2 phút", "has a calendar that is 2 minutes ahead"),
        Text("Các hệ thống ghi cùng một giờ.", "All systems write the same time."),
    ),
    _defect(
        "duplicates-deliveries",
        Text("coi lần chuyển lại là một hồ sơ mới", "takes a repeated delivery for a new dossier"),
        Text("Nộp một lần thì có một hồ sơ.", "What was submitted once exists once."),
        "lost-acknowledgement",
    ),
)
