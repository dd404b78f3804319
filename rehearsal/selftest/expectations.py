"""For every defect: where it is planted, in which scenario, and which checks name it rightly.

A check names a defect rightly when what it says would lead an engineer to it. Others may miss their mark as
well, as a consequence; they do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import MappingProxyType

from reports.text import Text

QUIET, HANGS, LINKS, RESTART = "selftest", "selftest-hangs", "selftest-links", "selftest-restart"
SCENARIOS = (QUIET, HANGS, LINKS, RESTART)
"""No fault; others that hang; faults of the network; the national portal killed and restarted."""
WHOLE = "whole-country"
"""Of the calendar; clean runs of it are those."""

PORTAL, PAYMENT, VNEID = "national-portal", "payment", "vneid"
CASE, PLATFORM, OLD_PORTAL = "case-01", "lgsp-01", "portal-01"
"""Of Hà Nội, to which the scenarios send more visitors than to any other province."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """``system`` gets the ``defect``; in ``scenario`` one of the checks ``named_by`` must be missed.

    ``named_by`` are names of checks, for findings with any subject, or globs of findings (``slo.*``).
    """

    defect: str
    system: str
    scenario: str
    named_by: tuple[str, ...]
    why: Text

    def naming(self, findings: Iterable[str]) -> list[str]:
        """Those of the findings that name the defect."""
        return [name for name in findings if any(_meant(name, each) for each in self.named_by)]


def _meant(finding: str, pattern: str) -> bool:
    return fnmatchcase(finding, pattern) or finding.partition(".")[0] == pattern


def _planted(
    system: str, scenario: str, **defects: tuple[str | tuple[str, ...], str, str]
) -> list[Expectation]:
    """Expectations of one system in one scenario: defect (in snake case) = (checks, why in vi, in en)."""
    return [
        Expectation(
            name.replace("_", "-"), system, scenario, (by,) if isinstance(by, str) else by, Text(vi, en)
        )
        for name, (by, vi, en) in defects.items()
    ]


EXPECTATIONS: Mapping[str, Expectation] = MappingProxyType(
    {
        each.defect: each
        for each in (
            *_planted(
                PORTAL,
                QUIET,
                loses_acknowledged=(
                    "no-dossier-lost",
                    "Hồ sơ đã xác nhận không có ở đâu cả.",
                    "An acknowledged dossier is nowhere.",
                ),
                loses_diacritics=(
                    "content-unaltered",
                    "Nội dung lưu khác nội dung đã nộp.",
                    "What is stored is not what was sent.",
                ),
                drops_attachments=(
                    "content-unaltered",
                    "Hồ sơ đến nơi thiếu tệp đính kèm.",
                    "A dossier arrives without its files.",
                ),
                forgets_sessions_at_t0=(
                    "sessions-kept",
                    "Ai đã đăng nhập trước T0 bị hỏi lại sau T0.",
                    "Who had signed in before T0 is unknown after it.",
                ),
                accepts_closed_procedure=(
                    "closed-procedures",
                    "Hồ sơ của thủ tục đã bãi bỏ nằm trong kho.",
                    "A dossier of an abolished procedure is in store.",
                ),
                routes_to_old_province=(
                    "right-case-system",
                    "Hồ sơ không nằm ở hệ thống của tỉnh mình.",
                    "A dossier is not in the case system of its province.",
                ),
                wrong_fee_code=(
                    "fees-right",
                    "Số tiền thu khác số tiền của thủ tục.",
                    "What was charged is not what the procedure costs.",
                ),
                ignores_notices=(
                    "payments-shown",
                    "Đã thu tiền nhưng Cổng không ghi nhận.",
                    "Money was taken, and the portal does not show it.",
                ),
                drops_paid_dossiers=(
                    "payments-have-dossiers",
                    "Khoản thu không còn hồ sơ nào.",
                    "A charge is left without a dossier.",
                ),
                stale_reads=(
                    "read-after-acknowledgement",
                    "Hồ sơ vừa xác nhận lại không tìm thấy.",
                    "A dossier just acknowledged is not found.",
                ),
                refuses_but_stores=(
                    "refusals-honest",
                    "Bị từ chối nhưng vẫn được lưu.",
                    "It was refused and is in store.",
                ),
                mixes_up_people=(
                    "own-data-only",
                    "Biểu mẫu điền sẵn dữ liệu của người khác.",
                    "A form shows somebody else's data.",
                ),
                errors_as_200=(
                    "answers-right",
                    "Trang lỗi mang mã 200.",
                    "An error page carries status 200.",
                ),
                fails_one_in_twenty=(
                    "slo.*",
                    "Cứ 20 yêu cầu có một lỗi: quá ngân sách lỗi.",
                    "One request in twenty fails: more than the error budget.",
                ),
                leaks_memory=(
                    "memory-steady",
                    "Bộ nhớ tăng đều khi tải không đổi.",
                    "Memory grows while the load does not.",
                ),
                swallows_progress=(
                    "synchronised",
                    "Trạng thái ở tỉnh không lên Cổng quốc gia.",
                    "Statuses of the province never show at the national portal.",
                ),
            ),
            *_planted(
                PORTAL,
                LINKS,
                duplicates_on_retry=(
                    "no-dossier-doubled",
                    "Nộp lại sau khi mất trả lời tạo hồ sơ thứ hai.",
                    "A second try after a lost answer makes a second dossier.",
                ),
                unbounded_retries=(
                    "retries-bounded",
                    "Gọi lại không giới hạn khi tỉnh không trả lời.",
                    "It calls a silent province again without bound.",
                ),
                retries_without_jitter=(
                    "retries-spread",
                    "Mọi lần gọi lại đến cùng một lúc.",
                    "All retries come at the same instant.",
                ),
            ),
            *_planted(
                PORTAL,
                HANGS,
                shared_pool=(
                    "provinces-isolated",
                    "Một tỉnh treo làm các tỉnh khác phải chờ.",
                    "One province that hangs makes the others wait.",
                ),
                not_found_on_timeout=(
                    "no-false-not-found",
                    "Hết giờ chờ bị báo là không tồn tại.",
                    "A time-out is told as “does not exist”.",
                ),
            ),
            *_planted(
                PORTAL,
                RESTART,
                acknowledges_before_commit=(
                    "no-dossier-lost",
                    "Xác nhận trước khi ghi: tắt đột ngột là mất.",
                    "Acknowledged before it was durable: a kill loses it.",
                ),
                forgets_keys_at_restart=(
                    "no-dossier-doubled",
                    "Sau khởi động lại, nộp lại tạo hồ sơ thứ hai.",
                    "After a restart a second try makes a second dossier.",
                ),
                reuses_numbers_at_restart=(
                    "codes-unique",
                    "Sau khởi động lại, mã hồ sơ bị cấp lại.",
                    "After a restart codes are given a second time.",
                ),
                drops_queue_at_restart=(
                    "right-case-system",
                    "Hồ sơ đang chờ chuyển không bao giờ đến tỉnh.",
                    "Dossiers that waited to be forwarded never arrive.",
                ),
            ),
            *_planted(
                CASE,
                QUIET,
                turns_statuses_back=(
                    "statuses-in-order",
                    "Trạng thái đi lùi.",
                    "A status goes back.",
                ),
                skips_statuses=(
                    "statuses-in-order",
                    "Trạng thái bị bỏ qua.",
                    "A status is left out.",
                ),
                old_unit_codes=(
                    "units-current",
                    "Hồ sơ mang mã xã cũ.",
                    "A dossier carries the old code of its commune.",
                ),
                clock_ahead=(
                    "system-calendars",
                    "Lịch của hệ thống chạy trước hai phút.",
                    "The system's calendar is two minutes ahead.",
                ),
            ),
            *_planted(
                CASE,
                LINKS,
                duplicates_deliveries=(
                    "no-dossier-doubled",
                    "Lần chuyển lặp lại thành hồ sơ mới.",
                    "A repeated delivery becomes another dossier.",
                ),
            ),
            *_planted(
                PLATFORM,
                QUIET,
                not_connected=(
                    "provinces-connected",
                    "Không hồ sơ nào đến được tỉnh.",
                    "No dossier reaches the province.",
                ),
                loses_deliveries=(
                    "right-case-system",
                    "Nền tảng báo đã nhận nhưng không chuyển tiếp.",
                    "The platform says yes and passes nothing on.",
                ),
            ),
            *_planted(
                PAYMENT,
                LINKS,
                no_idempotency=(
                    "payments-taken-once",
                    "Gọi lại cùng khóa thu tiền hai lần.",
                    "A repeated call is charged again.",
                ),
            ),
            *_planted(
                PAYMENT,
                QUIET,
                captures_wrong_amount=(
                    "fees-right",
                    "Số tiền thu khác số tiền đã thỏa thuận.",
                    "What was charged is not what was agreed.",
                ),
                forgets_charges=(
                    "payments-taken-once",
                    "Xác nhận đã thu nhưng sổ không có.",
                    "An acknowledged charge is not in the books.",
                ),
            ),
            *_planted(
                OLD_PORTAL,
                QUIET,
                open_after_t0=(
                    "closed-portals",
                    "Cổng vẫn nhận hồ sơ sau T0.",
                    "The portal takes dossiers after T0.",
                ),
                redirects_without_deep_link=(
                    "deep-links-kept",
                    "Dấu trang cũ chỉ dẫn về trang chủ.",
                    "An old bookmark leads to the front page only.",
                ),
                closes_early=(
                    "open-until-t0",
                    "Cổng đóng trước T0.",
                    "The portal is closed before T0.",
                ),
                closes_without_words=(
                    "closure-explained",
                    "Từ chối mà không một lời giải thích.",
                    "It refuses without a word.",
                ),
                says_yes_after_t0=(
                    "closed-portals",
                    "Cổng xác nhận sau T0 nhưng không lưu gì.",
                    "It acknowledges after T0 and stores nothing.",
                ),
            ),
            *_planted(
                VNEID,
                QUIET,
                slow_leak=(
                    "service-steady",
                    "Thời gian phục vụ tăng dần khi tải không đổi.",
                    "Service becomes slower while the load stays.",
                ),
            ),
            *_planted(
                "emc",
                WHOLE,
                forgets_events=(
                    "statuses-monitored",
                    "Trạng thái của hồ sơ không có sự kiện giám sát.",
                    "A status of a dossier has no event of monitoring.",
                ),
            ),
            *_planted(
                "national-data-centre",
                WHOLE,
                skips_changes=(
                    "second-site-alike",
                    "Bản sao ở trung tâm thứ hai khác với Cổng.",
                    "A replica at the second site is not what the portal has.",
                ),
            ),
            *_planted(
                "civil-status",
                WHOLE,
                registers_twice=(
                    "registrations",
                    "Một hồ sơ có hai số đăng ký hộ tịch.",
                    "A dossier has two numbers in the register.",
                ),
            ),
            *_planted(
                "reporting",
                WHOLE,
                keeps_first_report=(
                    "figures-true",
                    "Báo cáo của tỉnh dừng ở số liệu đầu tiên trong ngày.",
                    "A province's report stays with its first figures of the day.",
                ),
            ),
        )
    }
)
