"""What was found in a folder of runs and left out, and why."""

from __future__ import annotations

from collections.abc import Iterator

from reports.text import Text, listed


class Notes:
    """Messages, and sets of names that keep their order."""

    def __init__(self) -> None:
        self.damaged: list[Text] = []
        self.unjudged: list[Text] = []
        self.unprepared: dict[str, None] = {}
        self.scaled: dict[str, None] = {}
        self.unknown: dict[str, None] = {}
        self.others: dict[str, None] = {}

    def all(self) -> list[Text]:
        """Each kind of them in a line; what cannot be read or was not judged in one each."""
        return [*self.damaged, *self.unjudged, *self._grouped()]

    def _grouped(self) -> Iterator[Text]:
        if self.unprepared:
            names = listed(self.unprepared, 40)
            yield Text(
                f"Không tính các lần chạy trên quốc gia chưa chuẩn bị: {names}. Chúng cho thấy kiểm tra có "
                "thể không đạt, không nói gì về quốc gia thật.",
                f"Left out are runs of countries that are not prepared: {names}. They show that a check can "
                "fail, and say nothing of the country.",
            )
        if self.scaled:
            names = listed(self.scaled, 40)
            yield Text(
                f"Không tính các lần chạy ở mức tải khác với kịch bản: {names}.",
                f"Left out are runs at another load than the scenario's own: {names}.",
            )
        if self.others:
            names = listed((f"“{name}”" for name in self.others), 40)
            yield Text(
                f"Không tính kết quả về hệ thống của bên khác: {names}; xem bằng --subject.",
                f"Left out are results on systems of somebody else: {names}; --subject shows them.",
            )
        if self.unknown:
            names = listed(self.unknown, 40)
            yield Text(
                f"Không tính các thử nghiệm không nêu yêu cầu nào: {names}.",
                f"Left out are trials that speak for no obligation: {names}.",
            )
