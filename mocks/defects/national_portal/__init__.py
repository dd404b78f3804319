"""Defects of the national portal."""

from __future__ import annotations

from mocks.defects.defect import Defect, Needs
from mocks.http import Text


def _defect(name: str, title: Text, breaks: Text, needs: Needs = "") -> Defect:
    return Defect(name, "national-portal", title, breaks, needs)


_NOT_LOST = Text("Hồ sơ đã xác nhận thì không mất.", "A dossier that was acknowledged is not lost.")
_ONCE = Text("Nộp một lần thì có một hồ sơ.", "What was submitted once exists once.")
_UNALTERED = Text("Hồ sơ đến nơi nguyên vẹn.", "A dossier arrives as it was sent.")
_FOUND = Text("Cái đang có thì không bị báo là không có.", "What exists is not said not to exist.")
_ANSWERED = Text("Người dân nhận được câu trả lời đúng.", "A citizen gets a right answer.")
_BOUNDED = Text(
    "Hệ thống không dồn dập gọi lại nơi đang gặp sự cố.", "Nobody is stormed while it is in trouble."
)

DEFECTS = (
    _defect(
        "loses-acknowledged",
        Text("làm mất một trong 25 hồ sơ đã xác nhận", "loses one in 25 dossiers that it has acknowledged"),
        _NOT_LOST,
    ),
    _defect(
        "acknowledges-before-commit",
        Text(
            "xác nhận trước khi ghi xuống đĩa 2 giây", "acknowledges a dossier 2 seconds before it is on disk"
        ),
        _NOT_LOST,
        "restart",
    ),
    _defect(
        "duplicates-on-retry",
        Text("coi lần nộp lại là một hồ sơ mới", "takes a repeated submission for a new dossier"),
        _ONCE,
        "lost-acknowledgement",
    ),
    _defect(
        "forgets-keys-at-restart",
        Text(
            "quên khóa chống trùng khi khởi động lại",
            "forgets at a restart which submissions it has taken, and takes them again",
        ),
        _ONCE,
        "restart",
    ),
    _defect(
        "reuses-numbers-at-restart",
        Text(
            "đánh số hồ sơ lại từ đầu khi khởi động lại, hồ sơ sau đè hồ sơ trước",
            "begins its numbers anew at a restart, so that a later dossier replaces an earlier one",
        ),
        Text("Mỗi mã hồ sơ thuộc về một hồ sơ.", "A dossier code belongs to one dossier."),
        "restart",
    ),
    _defect(
        "drops-queue-at-restart",
        Text(
            "bỏ các hồ sơ đang chờ chuyển về tỉnh khi khởi động lại",
            "drops at a restart what was waiting to go on to the provinces",
        ),
        Text("Hồ sơ đã xác nhận thì đến được tỉnh.", "A dossier that was acknowledged reaches its province."),
        "restart",
    ),
    _defect(
        "loses-diacritics",
        Text("lưu hồ sơ không dấu", "stores Vietnamese text without its diacritics"),
        _UNALTERED,
    ),
    _defect(
        "drops-attachments",
        Text(
            "chuyển một trong 10 hồ sơ về tỉnh mà thiếu tệp đính kèm",
            "forwards one in 10 dossiers without its files",
        ),
        _UNALTERED,
    ),
    _defect(
        "forgets-sessions-at-t0",
        Text(
            "quên ở T0 mọi phiên đăng nhập đã mở trước đó",
            "forgets at T0 every session that was opened before",
        ),
        Text(
            "Ai đã đăng nhập thì vẫn đăng nhập qua thời điểm chuyển đổi.",
            "Whoever is signed in stays signed in across the cutover.",
        ),
    ),
    _defect(
        "accepts-closed-procedure",
        Text("nhận hồ sơ của thủ tục đã bãi bỏ", "takes submissions for procedures that were abolished"),
        Text(
            "Thủ tục đã bãi bỏ thì không nhận hồ sơ.",
            "Nothing is submitted for a procedure that was abolished.",
        ),
    ),
    _defect(
        "routes-to-old-province",
        Text(
            "chuyển hồ sơ của ba tỉnh cũ đến nhầm hệ thống của tỉnh bên cạnh",
            "sends the dossiers of three former provinces to the case system of the province next to theirs",
        ),
        Text("Hồ sơ đến đúng hệ thống của tỉnh.", "A dossier reaches the case system of its province."),
    ),
    _defect(
        "wrong-fee-code",
        Text(
            "gán sai mã phí cho một trong 8 hồ sơ có phí",
            "gives one in 8 dossiers that cost something a wrong fee code",
        ),
        Text("Người dân trả đúng số tiền.", "A citizen pays the right amount."),
    ),
    _defect(
        "ignores-notices",
        Text(
            "không ghi nhận một trong 5 khoản đã nộp",
            "never shows one in 5 payments, whatever the payment platform says",
        ),
        Text("Đã nộp tiền thì hồ sơ hiện là đã nộp.", "A dossier that was paid is shown as paid."),
    ),
    _defect(
        "drops-paid-dossiers",
        Text(
            "làm mất một trong 5 hồ sơ ngay khi đã thu tiền", "drops one in 5 dossiers when its fee is taken"
        ),
        Text("Đã thu tiền thì hồ sơ còn đó.", "Where money was taken there is a dossier."),
    ),
    _defect(
        "stale-reads",
        Text(
            "cứ bốn lượt tra cứu thì một lượt đọc bản sao cũ 3 giây",
            "answers one in 4 look-ups from a copy that is 3 seconds old",
        ),
        Text("Hồ sơ vừa xác nhận thì tra cứu được ngay.", "What was acknowledged can be looked up at once."),
    ),
    _defect(
        "unbounded-retries",
        Text(
            "gọi lại ngay và mãi mãi khi hệ thống khác không trả lời",
            "calls again at once and for ever when another system does not answer",
        ),
        _BOUNDED,
        "cut",
    ),
    _defect(
        "shared-pool",
        Text(
            "dùng chung một hàng đợi cho mọi tỉnh", "has one line for all provinces, so that one holds up all"
        ),
        Text("Sự cố ở một tỉnh không ảnh hưởng tỉnh khác.", "One province's trouble is not another's."),
        "cut",
    ),
    _defect(
        "refuses-but-stores",
        Text("từ chối (503) một trong 20 hồ sơ nhưng vẫn lưu", "refuses one in 20 dossiers and stores it"),
        Text("Báo từ chối thì không lưu.", "What was refused is not stored."),
    ),
    _defect(
        "not-found-on-timeout",
        Text(
            "báo thủ tục không tồn tại khi danh mục trả lời chậm",
            "says that a procedure does not exist when the catalogue is late",
        ),
        _FOUND,
        "slow-catalogue",
    ),
    _defect(
        "mixes-up-people",
        Text(
            "điền sẵn dữ liệu của người khác vào một trong 10 tờ khai",
            "fills one in 10 forms with the data of the citizen who came before",
        ),
        Text("Người dân chỉ thấy dữ liệu của mình.", "Citizens see nobody's data but their own."),
    ),
    _defect(
        "errors-as-200",
        Text(
            "trả trang lỗi với mã 200 cho một trong 20 lượt đọc",
            "answers one in 20 reads with an error page whose status is 200",
        ),
        _ANSWERED,
    ),
    _defect(
        "fails-one-in-twenty",
        Text("báo lỗi 500 cho một trong 20 yêu cầu", "answers one in 20 requests with 500"),
        _ANSWERED,
    ),
    _defect(
        "leaks-memory",
        Text("mỗi yêu cầu chiếm thêm 64 KiB bộ nhớ", "keeps 64 KiB of memory for every request"),
        Text("Hệ thống chạy được lâu dài.", "A system can run on and on."),
    ),
    _defect(
        "retries-without-jitter",
        Text(
            "gọi lại mọi nơi vào cùng một thời điểm mỗi giây",
            "tries everything that failed again at the same instant of each second",
        ),
        _BOUNDED,
        "cut",
    ),
    _defect(
        "swallows-progress",
        Text(
            "nhận tiến độ của một trong 10 hồ sơ mà không ghi lại",
            "answers 200 to the statuses of one in 10 dossiers and keeps none of them",
        ),
        Text("Trạng thái ở cổng khớp với ở tỉnh.", "Portal and province show the same status."),
    ),
)
