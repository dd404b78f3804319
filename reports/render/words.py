"""The words and symbols of outcomes: colour is never the only sign."""

from __future__ import annotations

from reports.finding import Outcome
from reports.text import Text

OUTCOMES: dict[Outcome, Text] = {
    "met": Text("ĐẠT", "MET"),
    "missed": Text("KHÔNG ĐẠT", "MISSED"),
    "inconclusive": Text("CHƯA THỂ KẾT LUẬN", "INCONCLUSIVE"),
}

SYMBOLS: dict[Outcome, str] = {"met": "✓", "missed": "✕", "inconclusive": "?"}

MEANINGS: dict[Outcome, Text] = {
    "met": Text(
        "Lần diễn tập đáng tin và mọi kiểm tra đều đạt.",
        "The rehearsal can be believed, and every check is met.",
    ),
    "missed": Text(
        "Lần diễn tập đáng tin và cho thấy hệ thống chưa sẵn sàng.",
        "The rehearsal can be believed, and it shows that the country is not ready.",
    ),
    "inconclusive": Text(
        "Bằng chứng chưa đủ hoặc lần chạy không đáng tin; không được xem là đạt.",
        "The evidence is too thin, or the run cannot be believed; this is not a pass.",
    ),
}
