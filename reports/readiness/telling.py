"""What a sweep has shown, in sentences: of one check, of the whole, and what it could not show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from reports.readiness.model import Cell, CheckRow, Judged, Sweep, Unnamed
from reports.readiness.words import ENDED
from reports.text import Text, count, listed


def finding(check: CheckRow, sweep: Sweep, cells: Collection[Cell], ready: int) -> Text:
    """What one check has shown in its cells. ``ready``: in how many provinces it is met."""
    examined = count(sum(cell.examined for cell in cells))
    told = Text(
        f"Đạt tại {ready} trên {len(sweep.provinces)} tỉnh; đã xem {examined} mục.",
        f"Met in {ready} of {len(sweep.provinces)} provinces; {examined} items were looked at.",
    )
    if shortfalls := sum(len(cell.shortfalls) for cell in cells):
        told += Text(f"Còn thiếu {count(shortfalls)}.", f"{count(shortfalls)} are lacking.")
    unseen = [each for cell in cells for each in cell.unseen]
    if unseen:
        told += Text(
            f"{count(len(unseen))} chưa kiểm tra được.", f"{count(len(unseen))} could not be examined."
        )
    missing = _names_missing(sweep, (each for each in sweep.unnamed if check.name in each.checks))
    if unseen and missing == Text():
        first = unseen[0].why
        return told + Text(f"Chẳng hạn: {first.vi}", f"For instance: {first.en}")
    return told + missing


def sentence(sweep: Sweep, judged: Sequence[Judged], ready: int, communes: int) -> Text:
    """The whole of a sweep that came to its end. ``ready``: provinces in which every check is met."""
    provinces, lacking = len(sweep.provinces), count(sum(check.shortfalls for check in judged))
    open_ = sum(check.outcome == "inconclusive" for check in judged)
    told = Text(
        f"{ready} trên {provinces} tỉnh ({count(communes)} đơn vị cấp xã) đạt mọi kiểm tra đã thực hiện "
        f"({len(judged)}); còn thiếu {lacking} mục.",
        f"{ready} of {provinces} provinces ({count(communes)} communes) meet every check that was made "
        f"({len(judged)}); {lacking} items are lacking.",
    )
    if open_:
        told += Text(
            f"{open_} kiểm tra chưa thể kết luận.",
            f"{open_} of the checks came to no conclusion.",
        )
    return told + _names_missing(sweep, sweep.unnamed)


def sentence_so_far(sweep: Sweep, judged: Sequence[Judged], cells: Iterable[Cell]) -> Text:
    """The whole of a sweep that was ended early: how far it came, and what is left."""
    swept = {check.name for check in judged}
    done = Counter(cell.check for cell in cells if cell.whole and cell.check in swept)
    concluded = sum(done[name] == len(sweep.provinces) for name in swept)
    every = len(judged) * len(sweep.provinces)
    left, lacking = count(every - done.total()), count(sum(check.shortfalls for check in judged))
    head = ENDED[sweep.ended]
    told = Text(
        f"{head.vi}: {concluded} trên {len(judged)} kiểm tra đã xong tại mọi tỉnh, còn {left} trên "
        f"{count(every)} ô (kiểm tra × tỉnh); đến nay thiếu {lacking} mục.",
        f"{head.en}: {concluded} of {len(judged)} checks are done in every province, {left} of "
        f"{count(every)} cells (check × province) are left; {lacking} items are lacking so far.",
    )
    return told + _names_missing(sweep, sweep.unnamed)


def notes(sweep: Sweep) -> list[Text]:
    """How a sweep that was ended early goes on, and what the target file would have to name besides."""
    again = sweep.command if sweep.ended != "completed" else ""
    told = [Text(f"Lệnh để tiếp tục: {again}", f"It goes on with: {again}")] if again else []
    return told + not_named(sweep)


def not_named(sweep: Sweep) -> list[Text]:
    """For each kind of systems that the target file does not name: on what nothing can be concluded."""
    told = []
    for each in sweep.unnamed:
        which, checks = _which(sweep, each), ", ".join(each.checks)
        told.append(
            Text(
                f"Tệp mục tiêu không nêu {which.vi}, nên không kết luận được: {checks}.",
                f"The target file does not name {which.en}, so nothing can be concluded on: {checks}.",
            )
        )
    return told


def _names_missing(sweep: Sweep, unnamed: Iterable[Unnamed]) -> Text:
    which = [_which(sweep, each) for each in unnamed]
    if not which:
        return Text()
    return Text(
        f"Tệp mục tiêu không nêu {listed(each.vi for each in which)}.",
        f"The target file does not name {listed(each.en for each in which)}.",
    )


def _which(sweep: Sweep, unnamed: Unnamed) -> Text:
    some, every = len(unnamed.provinces), len(sweep.provinces)
    if some == every:
        return Text(unnamed.system, unnamed.system)
    codes = listed(unnamed.provinces)
    return Text(
        f"{unnamed.system} ({some} trên {every} tỉnh: {codes})",
        f"{unnamed.system} ({some} of {every} provinces: {codes})",
    )
