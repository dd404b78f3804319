"""While the load lasts, a sample of what citizens were told is held against what the portal knows."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from rehearsal.auditor import AGAIN, AT_ONCE, GRACE, Acknowledgements, Auditor
from tests.rehearsal.fakes import Time

T0 = 1_000_000_000_000
SECOND = 1_000_000_000


def submission(intent: str, system: str = "national-portal", at: int = T0, kind: str = "submission") -> str:
    return json.dumps({"event": "invoke", "intent": intent, "at": at, "kind": kind, "system": system}) + "\n"


def acknowledged(intent: str, code: str) -> str:
    return json.dumps({"event": "ok", "intent": intent, "at": T0 + 1, "status": 201, "record": code}) + "\n"


def write(folder: Path, *lines: str, worker: int = 0) -> None:
    with (folder / f"intents.{worker}.jsonl").open("a") as journal:
        journal.writelines(lines)


class Night:
    """An auditor on a simulated clock, and a portal that knows the codes in ``knows``; None: it is down."""

    def __init__(self, folder: Path) -> None:
        self.time = Time()
        self.knows: set[str] | None = set()
        self.asked: list[str] = []
        self.breaches: list[str] = []
        self.auditor = Auditor(
            Acknowledgements(folder), self._found, T0, self.breaches.append, now=self.time.now
        )

    async def _found(self, code: str) -> bool | None:
        self.asked.append(code)
        return None if self.knows is None else code in self.knows

    async def look(self, after: float = 0.0) -> None:
        self.time.seconds += after
        await self.auditor.look()


async def test_an_acknowledged_dossier_that_is_there_is_no_breach(tmp_path: Path) -> None:
    night = Night(tmp_path)
    night.knows = {"D1"}
    write(tmp_path, submission("i1"), acknowledged("i1", "D1"))
    await night.look()
    assert night.asked == []
    await night.look(GRACE)
    await night.look(AGAIN)
    assert (night.asked, night.breaches) == (["D1"], [])


async def test_one_that_is_twice_not_found_is_a_breach(tmp_path: Path) -> None:
    night = Night(tmp_path)
    write(tmp_path, submission("i1"), acknowledged("i1", "D1"))
    await night.look()
    await night.look(GRACE)
    assert night.breaches == []
    await night.look(AGAIN)
    assert night.breaches == ["dossier D1 was acknowledged, and the national portal does not know it"]


async def test_one_that_appears_in_between_is_none(tmp_path: Path) -> None:
    night = Night(tmp_path)
    write(tmp_path, submission("i1"), acknowledged("i1", "D1"))
    await night.look()
    await night.look(GRACE)
    night.knows = {"D1"}
    await night.look(AGAIN)
    assert (night.asked, night.breaches) == (["D1", "D1"], [])


async def test_a_portal_that_does_not_answer_says_nothing(tmp_path: Path) -> None:
    night = Night(tmp_path)
    night.knows = None
    write(tmp_path, submission("i1"), acknowledged("i1", "D1"))
    await night.look()
    await night.look(GRACE)
    await night.look(AGAIN)
    assert night.breaches == []


async def test_a_closed_portals_yes_is_a_breach_but_not_to_what_was_under_way(tmp_path: Path) -> None:
    night = Night(tmp_path)
    write(tmp_path, submission("i1", "portal-10", T0 + SECOND // 2), acknowledged("i1", "P1"))
    write(tmp_path, submission("i2", "portal-24", T0 + 3 * SECOND), acknowledged("i2", "P2"), worker=1)
    await night.look()
    assert night.breaches == ["portal-24, closed at T0, acknowledged P2 at T0+3.0 s"]


async def test_payments_and_refusals_are_not_asked_for(tmp_path: Path) -> None:
    night = Night(tmp_path)
    refused = acknowledged("i2", "").replace('"ok"', '"failed"')
    write(tmp_path, submission("i1", kind="payment"), acknowledged("i1", "CH-1"), submission("i2"), refused)
    await night.look()
    await night.look(GRACE)
    assert (night.asked, night.breaches) == ([], [])


async def test_a_line_that_is_still_being_written_is_read_at_the_next_look(tmp_path: Path) -> None:
    night = Night(tmp_path)
    line = acknowledged("i1", "D1")
    write(tmp_path, submission("i1"), line[:20])
    await night.look()
    write(tmp_path, line[20:])
    await night.look()
    await night.look(GRACE)
    assert night.asked == ["D1"]


async def test_of_many_no_more_are_asked_for_than_the_portal_would_not_notice(tmp_path: Path) -> None:
    night = Night(tmp_path)
    for n in range(95):
        write(tmp_path, submission(f"i{n}"), acknowledged(f"i{n}", f"D{n}"))
    await night.look()
    await night.look(GRACE)
    assert len(night.asked) == AT_ONCE
    assert night.asked[0] == "D0"
    assert int(night.asked[-1][1:]) >= 90  # spread over all of them


@given(st.binary(max_size=3), st.integers(1, 400))
def test_every_acknowledgement_is_seen_once_however_the_file_grows(junk: bytes, step: int) -> None:
    content = "".join(
        submission(f"i{n}") + acknowledged(f"i{n}", f"D{n}{junk.hex()}") for n in range(7)
    ).encode()
    with tempfile.TemporaryDirectory() as folder:
        seen: list[str] = []
        reader = Acknowledgements(Path(folder))
        for begin in range(0, len(content), step):
            with (Path(folder) / "intents.0.jsonl").open("ab") as journal:
                journal.write(content[begin : begin + step])
            seen += [each.code for each in reader.new()]
    assert seen == [f"D{n}{junk.hex()}" for n in range(7)]
