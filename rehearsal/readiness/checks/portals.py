"""The old portals: open until T0, and from then on nothing but a signpost."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import msgspec

import fixtures
from rehearsal.readiness.checks.base import Notes, check, name_of
from rehearsal.readiness.desk import Desk, Unanswered
from reports.readiness.model import Cell
from reports.text import Text

OPEN = check(
    "portal-open-before-t0",
    "Trước T0 cổng tỉnh còn phục vụ",
    "Before T0 the provincial portal still serves",
    "VP318-0-2",
    "TTG96-1a-2",
)
CLOSED = check(
    "portal-closed-after-t0",
    "Sau T0 cổng tỉnh không nhận hồ sơ và chỉ đường sang Cổng quốc gia",
    "After T0 the provincial portal takes nothing and shows the way to the national one",
    "LC-1-6",
    "LC-2-2",
    "LC-5-5",
    "TTG0617-III2-3",
    "VP0701-5-1",
    "TTG96-2a-6",
    "VP318-3-1",
)
BOOKMARK = "/nop-ho-so?MaTTHCDP=1.004227.000.00.00.H99"
GONE, MOVED = 410, (301, 302, 303, 307, 308)


class Message(msgspec.Struct, frozen=True):
    """The words of a refusal."""

    message: Text = Text()


class OldPortals:
    """The portals of the provinces that a province was merged from. Nothing is submitted: whoever still
    takes dossiers answers an empty one that something is missing in it."""

    def __init__(self, *, after_t0: bool) -> None:
        self._after_t0 = after_t0
        self.name = "portals-after-t0" if after_t0 else "portals-before-t0"
        self._check = CLOSED if after_t0 else OPEN
        self.checks = (self._check,)

    def systems(self, province: fixtures.Province) -> tuple[str, ...]:
        """The portals themselves."""
        return tuple(f"portal-{old.code}" for old in fixtures.merged_into(province.code))

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """Two requests for each portal after T0, one before it."""
        notes = Notes(self._check, province)
        for old in fixtures.merged_into(province.code):
            try:
                wrong = await (_left_open if self._after_t0 else _shut)(f"portal-{old.code}", desk)
            except Unanswered as failure:
                if self._after_t0:  # a portal that has gone silent may come back
                    notes.unseen(old.code, failure.why)
                    continue
                wrong = failure.why
            if wrong is None:
                notes.right()
            else:
                notes.lacks(old.code, f"{name_of(old)}: {wrong.vi}", f"{name_of(old)}: {wrong.en}")
        return [notes.cell()]


async def _shut(portal: str, desk: Desk) -> Text | None:
    """What is wrong with a portal that should be open."""
    answer = await desk.send(portal, "GET", "/")
    if answer.is_success:
        return None
    return Text(
        f"cổng đã đóng trước T0 (trả lời {answer.status_code}).",
        f"the portal is closed before T0 (it answered {answer.status_code}).",
    )


async def _left_open(portal: str, desk: Desk) -> Text | None:
    """What is wrong with a portal that should be closed."""
    taken = await desk.send(portal, "POST", "/api/dossiers", body={"content": {}})
    if taken.status_code != GONE:
        return Text(
            f"cổng vẫn nhận yêu cầu nộp hồ sơ (trả lời {taken.status_code}, đúng ra là {GONE}).",
            f"the portal still listens to submissions (it answered {taken.status_code}, not {GONE}).",
        )
    if not _says_why(taken):
        return Text(
            "cổng từ chối mà không nói rõ bằng hai ngôn ngữ.",
            "the portal refuses without words in both languages.",
        )
    page = await desk.send(portal, "GET", BOOKMARK)
    there = urlsplit(page.headers.get("location", ""))
    if page.status_code not in MOVED or f"{there.path}?{there.query}" != BOOKMARK:
        return Text(
            f"trang cũ không dẫn sang Cổng quốc gia (trả lời {page.status_code}).",
            f"an old page does not lead to the national portal (it answered {page.status_code}).",
        )
    return None


def _says_why(answer: httpx.Response) -> bool:
    try:
        said = msgspec.json.decode(answer.content, type=Message).message
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return bool(said.vi and said.en)
