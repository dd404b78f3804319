"""How systems, steps and violations are called in a trace: for a reader who does not know the code."""

from __future__ import annotations

from reports.plan import Plan
from reports.text import Text

SYSTEMS = {
    "citizens": Text("Người dân", "The citizen"),
    "officials": Text("Cán bộ", "An official"),
    "national-portal": Text("Cổng quốc gia", "the national portal"),
    "vneid": Text("VNeID", "VNeID"),
    "payment": Text("Nền tảng thanh toán", "the payment platform"),
    "population": Text("CSDL dân cư", "the population database"),
    "procedures": Text("CSDL thủ tục", "the procedures database"),
}
PLACES = {
    "lgsp": ("Nền tảng tích hợp (LGSP) {}", "the integration platform of {}"),
    "case": ("Hệ thống một cửa {}", "the case system of {}"),
    "portal": ("Cổng cũ {}", "the old portal of {}"),
}

ACTIONS = {
    "submit": Text("nộp hồ sơ", "hand in the dossier"),
    "refused-at-closed-portal": Text("nộp hồ sơ tại cổng đã đóng", "hand in the dossier at a closed portal"),
    "refused-closed-procedure": Text(
        "nộp hồ sơ cho thủ tục đã bãi bỏ", "hand in a dossier for an abolished procedure"
    ),
    "track": Text("hỏi hồ sơ đang ở đâu", "ask where the dossier stands"),
    "pay": Text("trả phí", "pay the fee"),
    "payment-state": Text("hỏi đã trả phí chưa", "ask whether the fee is paid"),
    "charge": Text("thu tiền", "take the money"),
    "payment-notice": Text("báo đã thu tiền", "tell that the money was taken"),
    "NoiHoSo": Text("chuyển hồ sơ", "pass on the dossier"),
    "DongBoHoSoMC": Text("báo hồ sơ lên Cổng quốc gia", "report the dossier to the national portal"),
    "CapNhatTienDoHoSoMC": Text("báo trạng thái hồ sơ", "report the status of the dossier"),
    "TraCuuHoSo": Text("tra cứu hồ sơ", "look the dossier up"),
}

ERRORS = {
    "connect": Text("bị từ chối kết nối", "was refused the connection"),
    "reset": Text("bị ngắt kết nối", "had the connection broken off"),
    "timeout": Text("chờ mà không có trả lời", "waited and got no answer"),
    "protocol": Text("nhận trả lời không trọn vẹn", "got an answer that broke off"),
    "breaker-open": Text(
        "không gửi, vì nhiều lần trước đã hỏng", "did not send it: too many had failed before"
    ),
}

VIOLATIONS = {
    "lost": Text("Hồ sơ đã xác nhận mà mất", "An acknowledged dossier is lost"),
    "undelivered": Text("Hồ sơ chưa đến tỉnh", "A dossier has not reached its province"),
    "unsynchronised": Text(
        "Trạng thái cuối khác nhau", "The portal and the province show different statuses"
    ),
    "duplicated": Text("Hồ sơ bị nhân đôi", "A dossier exists twice"),
    "misrouted": Text("Hồ sơ đến sai tỉnh", "A dossier went to the wrong province"),
    "altered": Text("Nội dung hồ sơ bị đổi", "The content of a dossier was changed"),
    "closed-portal-stored": Text("Cổng đã đóng vẫn lưu hồ sơ", "A closed portal stored a dossier"),
    "failed-but-stored": Text("Báo thất bại nhưng vẫn lưu", "Said to have failed, and stored all the same"),
    "unknown-twice": Text("Không rõ kết quả mà có hiệu lực hai lần", "Never answered, and done twice"),
    "carried-over-missing": Text("Hồ sơ có từ trước bị thiếu", "A dossier from before the night is missing"),
    "charges-doubled": Text("Thu tiền hai lần", "The fee was taken twice"),
    "charges-orphaned": Text("Thu tiền mà không có hồ sơ", "Money was taken for a dossier that nobody has"),
    "charges-unacknowledged": Text(
        "Đã thu mà người dân chưa biết", "Money was taken, the citizen was not told"
    ),
    "charges-uncaptured": Text("Báo đã trả mà chưa thu", "Said to be paid, and no money was taken"),
    "invented": Text("Hồ sơ không ai nộp", "A dossier that nobody handed in"),
    "codes-shared": Text("Hai hồ sơ chung một mã", "Two dossiers share one code"),
    "files-missing": Text("Thiếu tệp đính kèm", "Attached files are missing"),
    "units-altered": Text("Đơn vị tiếp nhận bị đổi", "The unit of a dossier was changed"),
    "statuses-backwards": Text("Trạng thái đi lùi", "The status of a dossier went backwards"),
    "statuses-skipped": Text("Trạng thái bị bỏ bước", "A status of a dossier was skipped"),
    "closed-procedure-stored": Text("Nhận hồ sơ của thủ tục đã bãi bỏ", "Taken for an abolished procedure"),
    "calendars-off": Text("Lịch của hệ thống sai", "The calendar of a system is wrong"),
    "charges-misposted": Text("Thu tiền ghi nhầm hồ sơ", "Money was booked on another dossier"),
    "charges-unsettled": Text("Thanh toán chưa ngã ngũ", "A payment was never settled"),
    "charges-misquoted": Text("Báo sai mức phí", "Another fee was asked for than is due"),
    "charges-hidden": Text("Đã thu mà Cổng không hiển thị", "Money was taken, the portal does not show it"),
    "charges-unfounded": Text("Biên nhận không có khoản thu", "A receipt without a charge"),
    "charges-misstated": Text("Thu sai số tiền", "Another amount was taken than agreed"),
}


def system(plan: Plan, name: str) -> Text:
    """A system by the name that people know it by."""
    if name in SYSTEMS:
        return SYSTEMS[name]
    kind, _, code = name.partition("-")
    if kind not in PLACES:
        return Text(name, name)
    old = {each.code: each.name for each in plan.old_provinces}
    place = (old if kind == "portal" else plan.province_names).get(code, code)
    vi, en = PLACES[kind]
    return Text(vi.format(place), en.format(place))


def action(operation: str) -> Text:
    """What is asked for; an operation that has no words here keeps its name."""
    return ACTIONS.get(operation, Text(operation, operation))


def title(violation: str) -> Text:
    """What was broken."""
    return VIOLATIONS.get(violation, Text(violation, violation))
