"""The words of the readiness report that are not in its templates."""

from __future__ import annotations

from datetime import datetime

from reports.readiness.model import Ended, Moment
from reports.text import Text

MOMENTS: dict[Moment, Text] = {
    "before": Text("trước T0", "before T0"),
    "after": Text("sau T0", "after T0"),
    "across": Text("trước và sau T0", "before and after T0"),
}

ENDED: dict[Ended, Text] = {
    "running": Text("Lần rà soát chưa chạy hết", "The sweep did not come to its end"),
    "interrupted": Text("Lần rà soát bị dừng giữa chừng", "The sweep was interrupted"),
    "completed": Text(),
}
"""How the sentence about a sweep begins that was ended early."""

OWN = Text("các hệ thống mô phỏng của cả nước", "the mocks of the whole country")


def when(started: str) -> Text:
    """An instant (ISO 8601 with an offset) to the minute, as each language writes it."""
    at = datetime.fromisoformat(started)
    offset = f"(UTC{at.isoformat()[-6:]})"
    return Text(f"{at:%H:%M %d/%m/%Y} {offset}", f"{at.day} {at:%B %Y, %H:%M} {offset}")
