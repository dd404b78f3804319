"""The words and symbols of the matrix that are not in its templates."""

from __future__ import annotations

from reports.render.words import OUTCOMES, SYMBOLS
from reports.requirements.model import How, State
from reports.text import Text

STATES: dict[State, Text] = {
    "proved": Text("ĐÃ CHỨNG MINH", "PROVED"),
    "failed": Text("KHÔNG ĐẠT", "FAILED"),
    "inconclusive": OUTCOMES["inconclusive"],
    "not_yet_run": Text("CHƯA CHẠY", "NOT YET RUN"),
    "not_rehearsable": Text("CẦN KÝ XÁC NHẬN", "TO BE SIGNED"),
}

STATE_SYMBOLS: dict[State, str] = {
    "proved": SYMBOLS["met"],
    "failed": SYMBOLS["missed"],
    "inconclusive": SYMBOLS["inconclusive"],
    "not_yet_run": "○",
    "not_rehearsable": "✎",
}

BADGES: dict[State, str] = {
    "proved": "met",
    "failed": "missed",
    "inconclusive": "inconclusive",
    "not_yet_run": "open",
    "not_rehearsable": "signed",
}
"""The classes of the style sheet."""

HOWS: dict[How, Text] = {
    "mock": Text("hệ thống mô phỏng", "a mock"),
    "fault": Text("sự cố mô phỏng", "a fault"),
    "capacity": Text("năng lực khai báo", "a declared capacity"),
    "client": Text("người dùng mô phỏng", "a client"),
    "data": Text("dữ liệu", "data"),
    "through": Text("qua hệ thống khác", "through other systems"),
    "not-rehearsable": Text("không diễn tập được", "not rehearsable"),
}

TOPICS: dict[str, Text] = {
    "addresses": Text("Công bố địa chỉ trung tâm", "Addresses of centres are published"),
    "hotlines": Text("Đường dây nóng", "Hotlines"),
    "services": Text("100 % dịch vụ trên Cổng quốc gia", "All services on the national portal"),
    "unit-codes": Text("Mã đơn vị hành chính", "Codes of administrative units"),
    "signatures": Text("Chữ ký số", "Digital signatures"),
    "vendors": Text("Hỗ trợ của doanh nghiệp công nghệ", "Support by vendors"),
    "portals": Text("Đóng cổng cấp tỉnh", "The provincial portals close"),
}
"""On what the directives disagree; a topic that is not here is called by its own name."""
