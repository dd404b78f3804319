"""The words and symbols of the matrix: colour is never the only sign."""

from __future__ import annotations

from reports.matrix.expectation import Effect, Level
from reports.matrix.files import Place, Role
from reports.matrix.model import State
from reports.text import Text

STATES: dict[State, Text] = {
    "as-expected": Text("như mong đợi", "as expected"),
    "not-as-expected": Text("không như mong đợi", "not as expected"),
    "censored": Text("chưa nhìn rõ", "censored"),
    "not-run": Text("chưa chạy", "not run"),
}

STATE_SYMBOLS: dict[State, str] = {
    "as-expected": "✓",
    "not-as-expected": "✕",
    "censored": "?",
    "not-run": "–",
}

LEVEL_WORDS: dict[Level, Text] = {
    "full": Text("như thường", "full"),
    "queued": Text("nhận, giao sau", "queued"),
    "degraded": Text("chậm hơn", "slower"),
    "refused": Text("báo bận", "refused"),
    "unanswered": Text("không trả lời", "no answer"),
    "wrong": Text("trả lời sai", "wrong"),
    "doubled": Text("nhân đôi", "doubled"),
    "lost": Text("bị mất", "lost"),
}

LEVEL_MEANINGS: dict[Level, Text] = {
    "full": Text(
        "mọi trả lời đúng, 99 trên 100 trong một giây", "every answer right, 99 of 100 within a second"
    ),
    "queued": Text(
        "như trên; hồ sơ đã nhận được giao cho tỉnh muộn hơn một giây",
        "the same; dossiers were taken and reached their province more than a second later",
    ),
    "degraded": Text("mọi trả lời đúng nhưng chậm", "every answer right, but slow"),
    "refused": Text(
        "có người được báo ngay rằng lúc này chưa được, và thử lại",
        "some were told at once that it cannot be done now, and tried again",
    ),
    "unanswered": Text(
        "có người không nhận được trả lời nào, và thử lại", "some got no answer at all, and tried again"
    ),
    "wrong": Text("có người được trả lời sai sự thật", "some were told what is not so"),
    "doubled": Text("có hồ sơ hay khoản phí bị nhân đôi", "a dossier or a charge exists twice"),
    "lost": Text(
        "có hồ sơ hay khoản phí đã xác nhận mà không đến nơi",
        "something acknowledged is gone, or never arrived",
    ),
}

LEVEL_SYMBOLS: dict[Level, str] = {
    "full": "●", "queued": "◷", "degraded": "◐", "refused": "◔", "unanswered": "○", "wrong": "≠",
    "doubled": "⧉", "lost": "∅",
}  # fmt: skip

ROLES: dict[Role, Text] = {
    "asked": Text("người dân hỏi trực tiếp", "asked by visitors themselves"),
    "waited-for": Text("hệ thống hỏi, người dân chờ", "asked by a system while they wait"),
    "done-without": Text("hệ thống hỏi, thiếu vẫn được", "asked by a system that can do without"),
    "behind": Text("chạy phía sau câu trả lời", "goes on behind the answer"),
    "unused": Text("không dùng đến", "not used"),
}

EFFECT_WORDS: dict[Effect, Text] = {
    "delays": Text("làm chậm", "delays"),
    "silences": Text("làm im lặng", "silences"),
    "refuses": Text("từ chối", "refuses"),
    "repeats": Text("lặp lại", "repeats"),
}

PLACES: dict[Place, Text] = {
    "link": Text("đường truyền", "link"),
    "system": Text("hệ thống", "system"),
    "process": Text("tiến trình", "process"),
}

JOURNEYS: dict[str, Text] = {
    "read-procedure": Text("Tra cứu thủ tục", "Read about a procedure"),
    "look-up-dossier": Text("Tra cứu hồ sơ", "Look up a dossier"),
    "sign-in": Text("Đăng nhập", "Sign in"),
    "submit-dossier": Text("Nộp hồ sơ", "Hand in a dossier"),
    "submit-and-pay": Text("Nộp và trả phí", "Hand in and pay"),
    "collect-result": Text("Nhận kết quả", "Collect a result"),
    "process-dossiers": Text("Cán bộ xử lý", "Officials process"),
}
"""The heads of the columns; a journey that is not here is shown by its name."""
