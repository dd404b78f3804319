"""The words of the readiness report that are not in its templates."""

from __future__ import annotations

from reports.readiness.model import Ended, Moment
from reports.text import Text

MOMENTS: dict[Moment, Text] = {
    "before": Text("trước T0", "before T0"),
    "after": Text("sau T0", "after T0"),
    "across": Text("trước và sau T0", "before and after T0"),
}

ENDED: dict[Ended, Text] = {
    "running": Text(
        "Lần rà soát chưa chạy hết; chạy lại cùng lệnh để tiếp tục.",
        "The sweep did not come to its end; the same command goes on.",
    ),
    "interrupted": Text(
        "Lần rà soát bị dừng giữa chừng; chạy lại cùng lệnh để tiếp tục.",
        "The sweep was interrupted; the same command goes on.",
    ),
    "completed": Text(),
}

OWN = Text("các hệ thống mô phỏng của cả nước", "the mocks of the whole country")
