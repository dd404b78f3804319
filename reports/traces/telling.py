"""From the rows about one dossier to the steps that a reader follows, in the order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from reports.evidence import Evidence, Window
from reports.plan import Plan
from reports.text import Text, count, listed, moment, seconds
from reports.traces import words
from reports.traces.gathering import Gathered, Row
from reports.traces.model import End, Step, Trace

PAYING = frozenset({"pay", "payment-state", "charge", "payment-notice"})
HANDING_IN = frozenset(
    {"submit", "refused-at-closed-portal", "refused-closed-procedure", "track", "NoiHoSo", "DongBoHoSoMC"}
)
REPORTING = frozenset({"CapNhatTienDoHoSoMC"})
LOOKING = frozenset({"track", "payment-state"})
"""Steps that only look: shown where they saw something wrong."""
ABOUT_STATUSES = ("unsynchronised", "statuses")
ONCE = frozenset({"charges-doubled", "duplicated", "unknown-twice"})
"""Violations in which something was kept more than once."""
ABOUT_PAYMENTS = ("charge", "payment", "receipt")
ENDS: dict[str, End] = {"": "done", "http-4": "refused", "http-5": "failed"}


def tell(evidence: Evidence, violation: str, gathered: Gathered) -> Trace:
    """The trace of one example of a violation."""
    plan = evidence.run.plan
    paying = violation.startswith(ABOUT_PAYMENTS)
    relevant = PAYING if paying else HANDING_IN
    if violation.startswith(ABOUT_STATUSES):
        relevant |= REPORTING
    asked = [*_of_citizens(gathered), *_between_systems(gathered)]
    steps = [
        _step(evidence, row, heard)
        for row, heard in asked
        if row["what"] in relevant and not (row["what"] in LOOKING and not row["error"])
    ]
    about = "charge" if paying else "dossier"
    kept = [row for row in gathered.stored if row["kind"] == about]
    again = {id(row) for row in _again(violation, kept)}
    steps += [_kept(plan, row, wrong=id(row) in again) for row in kept if row["at"] > float("-inf")]
    steps.sort(key=lambda step: step.at)
    intent = next(iter(gathered.intents), None)
    return Trace(
        violation=violation,
        title=words.title(violation),
        record=_code(gathered),
        intent=str(intent["intent"]) if intent else "",
        province=str((intent or gathered.stored[0])["province"]),
        steps=list(_shortened(steps)),
        so=_so(plan, violation, kept) + _blame(plan, violation, gathered),
    )


def _of_citizens(gathered: Gathered) -> Iterator[tuple[Row, Row | None]]:
    """Each request of a citizen, and what its callee received of it."""
    heard = {row["parent"]: row for row in gathered.received}
    for row in gathered.samples:
        caller, _, callee = row["link"].partition("--")
        yield (
            {**row, "who": caller, "whom": callee, "what": row["step"], "at": row["sent"]},
            heard.get(row["span"]),
        )


def _between_systems(gathered: Gathered) -> Iterator[tuple[Row, Row | None]]:
    heard = {row["parent"]: row for row in gathered.received}
    for row in gathered.calls:
        yield (
            {**row, "who": row["caller"], "whom": row["callee"], "what": row["operation"]},
            heard.get(row["span"]),
        )


def _step(evidence: Evidence, row: Row, heard: Row | None) -> Step:
    plan, error = evidence.run.plan, str(row["error"])
    who, whom = words.system(plan, row["who"]), words.system(plan, row["whom"])
    lasted = row["done"] - row["at"]
    end = _end(error, heard)
    window = _fault_on(evidence, row)
    return Step(
        at=row["at"],
        lasted=lasted,
        who=who,
        whom=whom,
        link=str(row["link"]),
        what=words.action(row["what"]),
        attempt=int(row["attempt"]),
        end=end,
        told=_told(end, row, heard, who, whom),
        fault=window.fault.name if window else "",
        fault_title=window.fault.title if window else Text(),
    )


def _end(error: str, heard: Row | None) -> End:
    if error.startswith("wrong"):
        return "done"
    return ENDS.get(error[:6]) or ("not-done" if heard is None else "lost-answer")


def _told(end: End, row: Row, heard: Row | None, who: Text, whom: Text) -> Text:
    after, status, error = seconds(row["done"] - row["at"]), row["status"], str(row["error"])
    if end == "done":
        vi, en = f"Trả lời {status} sau {after}.", f"Answered {status} after {after}."
        if error:
            vi, en = f"{vi} Nội dung sai: {error}.", f"{en} Its content was wrong: {error}."
        return Text(vi, en)
    if end in ("refused", "failed"):
        return Text(f"Bị từ chối: {status} sau {after}.", f"Turned down: {status} after {after}.")
    why = words.ERRORS.get(error, Text(error, error))
    if end == "lost-answer" and heard is not None:
        own = heard["status"]
        return Text(
            f"{whom.vi} đã thực hiện (trả lời {own}), nhưng {who.vi} {why.vi} sau {after}: không biết là đã "
            "xong.",
            f"{_capital(whom.en)} did it (its answer was {own}), but {who.en} {why.en} after {after}: it "
            "does not know that it is done.",
        )
    return Text(
        f"{who.vi} {why.vi} sau {after}; yêu cầu không đến nơi.",
        f"{_capital(who.en)} {why.en} after {after}; it never arrived.",
    )


def _again(violation: str, kept: list[Row]) -> list[Row]:
    """The records that came after the first, where there may be only one."""
    if violation not in ONCE:
        return []
    return _repeated(kept)


def _repeated(kept: list[Row]) -> list[Row]:
    """Of the records of each system all but its first."""
    first: dict[str, Row] = {}
    for row in sorted(kept, key=lambda row: float(row["at"])):
        first.setdefault(row["system"], row)
    return [row for row in kept if row is not first[row["system"]]]


def _blame(plan: Plan, violation: str, gathered: Gathered) -> Text:
    """Who has to mend it, where the keys of the tries tell."""
    charges = [row for row in gathered.calls if row["operation"] == "charge"]
    if violation != "charges-doubled" or len(charges) < 2:
        return Text()
    caller, callee = (words.system(plan, charges[0][end]) for end in ("caller", "callee"))
    if len({row["key"] for row in charges}) == 1:
        return Text(
            f"{caller.vi} hỏi lại với cùng một khóa, như phải làm; {callee.vi} phải nhận ra khóa đó và không "
            "thu lần nữa: cần sửa ở đó.",
            f"{_capital(caller.en)} asked again under the same key, as it must; {callee.en} has to know the "
            "key again and take the money once: it is to be mended there.",
        )
    return Text(
        f"{caller.vi} hỏi lại với khóa khác: cần sửa ở đó.",
        f"{_capital(caller.en)} asked again under another key: it is to be mended there.",
    )


def _kept(plan: Plan, row: Row, *, wrong: bool) -> Step:
    """A record that a system made."""
    who = words.system(plan, row["system"])
    if row["kind"] == "charge":
        what = Text(f"ghi khoản thu {row['record']}", f"books the charge {row['record']}")
        told = Text(f"{count(row['amount'])} đồng.", f"{count(row['amount'])} dong.")
    else:
        what = Text(f"lưu hồ sơ {row['record']}", f"keeps the dossier {row['record']}")
        path = str(row["history"]).replace(",", " → ")
        told = Text(f"Trạng thái về sau: {path}.", f"Its statuses in the end: {path}.")
    if wrong:
        told += Text("Lần thứ hai: sai ở đây.", "A second time: here it went wrong.")
    return Step(row["at"], 0.0, who, who, "", what, 1, "kept", told, wrong=wrong)


def _fault_on(evidence: Evidence, row: Row) -> Window | None:
    """The fault that was on the link while the request was under way."""
    return next(
        (
            window
            for window in evidence.windows
            if row["link"] in window.fault.links and row["at"] < window.end and row["done"] > window.start
        ),
        None,
    )


def _shortened(steps: Iterable[Step]) -> Iterator[Step]:
    """Of many tries in a row that ended alike, the first, which says how many followed."""
    alike = groupby(steps, key=lambda step: (step.link or step.told.en, step.what.en, step.end, step.fault))
    for _, group in alike:
        first, *others = group
        if len(others) < 2 or first.end == "kept":
            yield first
            yield from others
            continue
        more, last = count(len(others)), moment(others[-1].at)
        yield msgspec.structs.replace(
            first,
            told=first.told
            + Text(f"Thêm {more} lần nữa như vậy, đến {last}.", f"So did {more} more tries, until {last}."),
        )


def _so(plan: Plan, violation: str, kept: list[Row]) -> Text:
    """Where it is in the end, and what that means."""
    if not kept:
        return Text("Sau khi xử lý hết: không kho nào có.", "After the drain: no store has it.")
    if violation == "charges-doubled":
        total = count(sum(row["amount"] for row in kept))
        n, code = count(len(kept)), kept[0]["dossier"]
        return Text(
            f"{n} khoản thu cho một hồ sơ {code}: người dân trả tổng cộng {total} đồng.",
            f"{n} charges for the one dossier {code}: the citizen has paid {total} dong in all.",
        )
    where = [(words.system(plan, row["system"]), row["record"]) for row in kept]
    vi = listed(f"{name.vi} ({record})" for name, record in where)
    en = listed(f"{name.en} ({record})" for name, record in where)
    return Text(f"Sau khi xử lý hết, có ở: {vi}.", f"After the drain it is at: {en}.")


def _code(gathered: Gathered) -> str:
    """The dossier's code, where it got one."""
    return next((str(row["dossier"]) for row in gathered.stored if row["dossier"]), gathered.id)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
