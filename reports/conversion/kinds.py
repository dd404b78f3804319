"""Everything that a conversion can get wrong, by name. A kind is one line here, and one answer of a judge."""

from __future__ import annotations

from typing import NamedTuple

from reports.text import Text


class Kind(NamedTuple):
    """What can be wrong in a table."""

    table: str
    title: Text


class Leftovers(NamedTuple):
    """The kinds of what is left over on either side of a table; "" where a table has no such kind.

    Without ``moved`` the keys hold within a province only, and mean nothing in another. ``changed``: the row
    is there under another key; ``misfiled``: and belongs to another dossier; ``shared``: under a key that is
    another row's; ``twin``: it is there under its own key, and once more under another one.
    """

    missing: str
    doubled: str
    invented: str
    moved: str = ""
    changed: str = ""
    shared: str = ""
    kept: str = ""
    misfiled: str = ""
    twin: str = ""


LEFTOVERS: dict[str, Leftovers] = {
    "dossiers": Leftovers(
        "dossier-lost",
        "dossier-doubled",
        "dossier-invented",
        "province-wrong",
        changed="dossier-code-changed",
        shared="dossier-code-shared",
        twin="dossier-under-two-codes",
    ),
    "attachments": Leftovers(
        "attachment-missing",
        "attachment-doubled",
        "attachment-invented",
        "attachment-moved",
        changed="attachment-renamed",
        misfiled="attachment-misfiled",
    ),
    "results": Leftovers(
        "result-missing",
        "result-doubled",
        "result-invented",
        "result-moved",
        changed="result-code-changed",
    ),
    "units": Leftovers("unit-missing", "unit-doubled", "unit-invented", "unit-moved", kept="old-unit-kept"),
    "accounts": Leftovers("account-missing", "account-doubled", "account-invented"),
    "procedures": Leftovers(
        "procedure-missing",
        "procedure-doubled",
        "procedure-invented",
        kept="old-procedure-kept",
    ),
}

_DOSSIERS = {
    "dossier-lost": ("hồ sơ bị mất", "dossier lost"),
    "dossier-doubled": ("hồ sơ bị nhân đôi", "dossier doubled"),
    "dossier-invented": ("hồ sơ không có ở nguồn", "dossier that no source has"),
    "dossier-code-changed": ("mã hồ sơ bị đổi", "dossier code changed"),
    "dossier-code-shared": ("hai hồ sơ chung một mã", "two dossiers with one code"),
    "dossier-under-two-codes": ("một hồ sơ mang hai mã", "one dossier under two codes"),
    "province-wrong": ("sai tỉnh", "in the wrong province"),
    "commune-wrong": ("sai xã", "in the wrong commune"),
    "commune-undecided": ("xã đã rõ nhưng bị giữ lại", "commune is clear, but left undecided"),
    "split-guessed": ("xã bị chia: đoán thay vì chờ quyết định", "split ward: guessed, not decided"),
    "unit-wrong": ("sai đơn vị xử lý", "with the wrong unit"),
    "district-unit-kept": ("còn ở đơn vị cấp huyện", "still with a district unit"),
    "procedure-not-converted": ("còn mã thủ tục cấp huyện", "still under the district's procedure"),
    "procedure-altered": ("thủ tục bị đổi", "procedure altered"),
    "old-rule-altered": ("sai chế độ giải quyết theo quy định cũ", "wrongly (not) under the old rule"),
    "due-date-altered": ("hạn trả kết quả bị đổi", "due date altered"),
    "received-altered": ("thời điểm tiếp nhận bị đổi", "instant of receipt altered"),
    "time-zone-shifted": ("ngày giờ lệch múi giờ", "dates shifted by a time zone"),
    "time-of-day-lost": ("ngày giờ mất phần giờ", "dates without their time of day"),
    "day-month-swapped": ("ngày và tháng bị đảo", "day and month swapped"),
    "status-reset": ("trạng thái bị đặt lại từ đầu", "status reset to the beginning"),
    "status-altered": ("trạng thái bị đổi", "status altered"),
    "history-truncated": ("lịch sử xử lý bị cắt", "history truncated"),
    "history-altered": ("lịch sử xử lý bị đổi", "history altered"),
    "owner-changed": ("chủ hồ sơ bị đổi", "owner's id changed"),
    "name-altered": ("tên chủ hồ sơ bị đổi", "owner's name altered"),
    "name-truncated": ("tên chủ hồ sơ bị cắt", "owner's name cut off"),
    "leading-zeros-lost": ("mã mất số 0 ở đầu", "code lost its leading zeros"),
    "diacritics-lost": ("tên mất dấu", "diacritics lost"),
    "mojibake": ("tên sai bảng mã", "name in a wrong encoding"),
    "name-decomposed": ("tên không ở dạng NFC", "name not in NFC"),
    "amount-altered": ("số tiền bị đổi", "amount altered"),
    "amount-scaled": ("số tiền sai một nghìn lần", "amount wrong by a factor of a thousand"),
    "payment-lost": ("mất khoản phí đã nộp", "fee paid is lost"),
}
_ATTACHMENTS = {
    "attachment-missing": ("thiếu tệp đính kèm", "attachment missing"),
    "attachment-doubled": ("tệp đính kèm bị nhân đôi", "attachment doubled"),
    "attachment-invented": ("tệp đính kèm không có ở nguồn", "attachment that no source has"),
    "attachment-moved": ("tệp đính kèm ở sai tỉnh", "attachment in the wrong province"),
    "attachment-altered": ("nội dung tệp bị đổi (mã băm)", "attachment altered (hash)"),
    "attachment-renamed": ("tên tệp đính kèm bị đổi", "attachment renamed"),
    "attachment-misfiled": (
        "tệp đính kèm gắn với hồ sơ khác, hoặc với hồ sơ không có",
        "attachment with another dossier, or with none",
    ),
}
_RESULTS = {
    "result-missing": ("thiếu kết quả", "result missing"),
    "result-doubled": ("kết quả bị nhân đôi", "result doubled"),
    "result-invented": ("kết quả không có ở nguồn", "result that no source has"),
    "result-moved": ("kết quả ở sai tỉnh", "result in the wrong province"),
    "result-altered": ("kết quả bị đổi", "result altered"),
    "result-code-changed": ("mã kết quả bị đổi", "result's code changed"),
    "result-not-reusable": ("kết quả còn hiệu lực nhưng không dùng lại được", "valid result not reusable"),
    "result-revived": ("kết quả hết hiệu lực lại dùng được", "invalid result reusable"),
}
_UNITS = {
    "unit-missing": ("thiếu đơn vị", "unit missing"),
    "unit-doubled": ("đơn vị bị nhân đôi", "unit doubled"),
    "unit-invented": ("đơn vị không có trong danh mục", "unit that no catalogue has"),
    "unit-moved": ("đơn vị ở sai tỉnh", "unit in the wrong province"),
    "unit-renamed": ("sai tên đơn vị", "unit's name altered"),
    "unit-altered": ("sai cấp hoặc địa bàn của đơn vị", "unit's level or place altered"),
    "old-unit-kept": ("đơn vị cũ còn hoạt động", "unit of the old order still there"),
}
_ACCOUNTS = {
    "account-missing": ("thiếu tài khoản", "account missing"),
    "account-doubled": ("tài khoản bị nhân đôi", "account doubled"),
    "account-invented": ("tài khoản không có ở nguồn", "account that no source has"),
    "account-district-rights": ("tài khoản cấp huyện còn quyền", "account keeps its district's rights"),
    "account-guessed": ("tài khoản ở xã bị chia: đoán đơn vị", "account of a split ward: unit guessed"),
    "account-rights-lost": ("tài khoản mất quyền", "account lost its rights"),
    "account-unit-wrong": ("tài khoản sai đơn vị", "account with the wrong unit"),
    "account-altered": ("tài khoản bị đổi", "account altered"),
}
_PROCEDURES = {
    "procedure-missing": ("thiếu thủ tục trong danh mục", "procedure missing from the catalogue"),
    "procedure-doubled": ("thủ tục trùng trong danh mục", "procedure twice in the catalogue"),
    "procedure-invented": ("thủ tục không có ở nguồn", "procedure that no source has"),
    "procedure-at-district": ("thủ tục còn ở cấp huyện", "procedure left at the district level"),
    "procedure-level-wrong": ("thủ tục sai cấp", "procedure at the wrong level"),
    "abolished-procedure-open": ("thủ tục đã bãi bỏ còn nhận hồ sơ", "abolished procedure kept open"),
    "procedure-closed": ("thủ tục bị đóng nhầm", "procedure closed that must be open"),
    "old-procedure-kept": ("thủ tục cấp huyện cũ còn trong danh mục", "old procedure still in the catalogue"),
}
_HANDOVER = {"counts-off": ("số liệu bàn giao không khớp", "hand-over counts do not tally")}

KINDS: dict[str, Kind] = {
    name: Kind(table, Text(*title))
    for table, titles in (
        ("dossiers", _DOSSIERS),
        ("attachments", _ATTACHMENTS),
        ("results", _RESULTS),
        ("units", _UNITS),
        ("accounts", _ACCOUNTS),
        ("procedures", _PROCEDURES),
        ("handover", _HANDOVER),
    )
    for name, title in titles.items()
}
