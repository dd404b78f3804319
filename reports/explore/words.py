"""What was found, in sentences: the same on the page, in the summary and on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from reports.explore.model import Bracket, Exploration, Healing
from reports.text import Text, seconds, share


def headline(found: Exploration) -> Text:
    """The one sentence that matters."""
    limits = found.limits
    title = found.trigger.title
    if found.outcome == "none-found":
        load = max(each.point.load for each in found.probes if each.state == "recovered")
        where = rate(found, load)
        return Text(
            f"Không tìm thấy trạng thái sập kéo dài, đến tải {where.vi} và sự cố dài "
            f"{seconds(limits.longest)}.",
            f"None found up to a load of {where.en} and a trigger of {seconds(limits.longest)}.",
        )
    if found.outcome == "found":
        worst = min(
            (each.point for each in found.probes if each.state == "stayed-down" and not each.point.lowered),
            key=lambda point: (-point.load, point.trigger),
        )
        where = rate(found, worst.load)
        return Text(
            f"Ở tải {where.vi}, sự cố “{title.vi}” dài {seconds(worst.trigger)} là đủ: dịch vụ không trở lại "
            "dù nguyên nhân đã hết.",
            f"At a load of {where.en}, a “{title.en}” of {seconds(worst.trigger)} is enough: service does "
            "not come back although the cause is gone.",
        )
    return Text(
        "Chưa thể kết luận: không có lần thử nào đáng tin.",
        "Not known: no probe could be believed.",
    )


def sentences(found: Exploration) -> list[Text]:
    """Everything else that is to be said, the more important first."""
    return list(_sentences(found))


def rate(found: Exploration, load: float) -> Text:
    """A load, as sessions per second and as a share."""
    sessions = f"{found.sessions(load):.3g}"
    return Text(f"{sessions} lượt/giây ({share(load, 0)})", f"{sessions} sessions/s ({share(load, 0)})")


def _sentences(found: Exploration) -> Iterator[Text]:
    limits = found.limits
    within = seconds(limits.recover_within)
    if found.outcome == "none-found":
        yield Text(
            f"Trong mọi lần thử, dịch vụ trở lại trong vòng {within} sau khi hết nguyên nhân.",
            f"In every probe that could be believed service was back within {within} after the cause was "
            "gone.",
        )
    if found.outcome == "found":
        yield from _lowest(found)
        if found.healing is not None:
            yield _heals(found, found.healing)
    if found.capacity is not None:
        where = rate(found, found.capacity.load)
        yield Text(
            f"Hệ thống hẹp nhất là {found.capacity.system}: theo năng lực công bố, chịu được {where.vi}.",
            f"The narrowest system is {found.capacity.system}: by its declared capacity it carries "
            f"{where.en}.",
        )
    unknown = sum(probe.state == "not-known" for probe in found.probes)
    if unknown:
        yield Text(
            f"Không rõ ở {unknown} trong {len(found.probes)} điểm: lần chạy không đáng tin, hoặc dịch vụ lúc "
            "được lúc không.",
            f"Not known at {unknown} of {len(found.probes)} points: the run cannot be believed, or service "
            "was neither up nor down.",
        )
    if found.contradictions:
        yield Text(
            f"Số cặp lần thử trái nhau, sự cố nhẹ hơn làm sập mà nặng hơn thì không: {found.contradictions}.",
            f"Pairs of probes that contradict each other, the milder one down and the harder one up: "
            f"{found.contradictions}.",
        )
    if not found.complete:
        yield Text(
            "Tìm kiếm chưa xong; chạy lại lệnh để tiếp tục.",
            "The search is not complete; the same command goes on with it.",
        )


def _lowest(found: Exploration) -> Iterator[Text]:
    low, longest = found.lowest_load, seconds(found.limits.longest)
    if low.stays_down is None:
        return
    down = rate(found, low.stays_down)
    if low.recovers is None:
        yield Text(
            f"Ngay ở tải thấp nhất đã thử, {down.vi}, sự cố dài nhất cũng làm sập hẳn.",
            f"Even at the lowest load that was tried, {down.en}, the longest trigger keeps it down.",
        )
        return
    up = rate(found, low.recovers)
    yield Text(
        f"Dễ tổn thương từ {down.vi}: ở {up.vi}, dịch vụ trở lại sau mọi sự cố đến {longest}.",
        f"Vulnerable from {down.en}: at {up.en} it comes back from every trigger up to {longest}.",
    )


def _heals(found: Exploration, healing: Healing) -> Text:
    collapsed, loads = rate(found, healing.load), healing.loads
    if loads.recovers is None:
        lowest = rate(found, healing.lowest)
        return Text(
            f"Đã sập ở {collapsed.vi} thì không tự phục hồi, kể cả khi giảm xuống tải thấp nhất đã thử, "
            f"{lowest.vi}: hãy khởi động lại.",
            f"Once down at {collapsed.en}, it does not heal even at the lowest load that was tried, "
            f"{lowest.en}: restart it.",
        )
    heals, still = rate(found, loads.recovers), rate(found, loads.stays_down or healing.load)
    return Text(
        f"Đã sập ở {collapsed.vi} thì chỉ tự phục hồi khi tải giảm xuống {heals.vi}; ở {still.vi} vẫn sập.",
        f"Once down at {collapsed.en}, it heals where the load is lowered to {heals.en}; at {still.en} it "
        "is still down.",
    )


def span(bracket: Bracket, digits: int = 3) -> str:
    """Both ends: ``1.25–1.36``; one where the other is not known: ``≤ 1.25``, ``> 1.36``."""
    match bracket.recovers, bracket.stays_down:
        case None, None:
            return "–"
        case None, high:
            return f"≤ {high:.{digits}g}"
        case low, None:
            return f"> {low:.{digits}g}"
        case low, high:
            return f"{low:.{digits}g}–{high:.{digits}g}"
