"""Were citizens answered rightly? What samples show about the content of answers, not about their speed.

A visitor looks at each answer and names what is wrong with it (``wrong-<what>``, ``http-<status>``). Each
check takes the errors that one promise of the cutover is about; ``answers-right`` takes what is left, so that
no wrong answer stays without a name.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from reports.checks.base import Check, Result, met, missed
from reports.checks.planted import said_by_a_fault
from reports.evidence import Evidence
from reports.text import Text, count, listed

SIGNED_IN = "callback"
"""The step after which a citizen has a session."""
HANDED_IN = frozenset({"track", "payment-order", "checkout", "consent", "pay", "payment-state"})
"""Steps about what was handed in this night: whether that is still there is the ledger's question."""
REFUSED_BY_INTENT = frozenset({"refused-at-closed-portal", "refused-closed-procedure"})
NAMED = frozenset(
    {"wrong-deep-link", "wrong-closed-early", "wrong-refusal-text", "wrong-person", "wrong-owner"}
)
"""Wrong contents that a check of their own speaks of."""


def sessions_kept(evidence: Evidence) -> Result | list[Result]:
    """Whoever has signed in stays signed in: no 401 afterwards, T0 or not."""
    samples = evidence.frames.samples
    signed_in = samples[(samples["step"] == SIGNED_IN) & (samples["outcome"] == "ok")]
    if signed_in.empty:
        return []
    since = signed_in.groupby("arrival")["done"].min()
    refused = samples[samples["error"] == "http-401"]
    forgotten = refused[refused["sent"] >= refused["arrival"].map(since).fillna(np.inf)]
    sessions = len(since)
    if forgotten.empty:
        return met(
            f"{count(sessions)} phiên đăng nhập, không phiên nào bị mất.",
            f"None of {count(sessions)} sessions was lost.",
        )
    lost = forgotten["arrival"].nunique()
    return _missed(
        f"{count(lost)} trên {count(sessions)} phiên đăng nhập bị mất giữa chừng",
        f"{count(lost)} of {count(sessions)} sessions were not known any more",
        forgotten,
    )


def deep_links_kept(evidence: Evidence) -> Result | list[Result]:
    """A closed portal sends everybody to the same page of the national portal, not to its front door."""
    samples = evidence.frames.samples
    sent_on = samples[(samples["step"] == "old-portal") & (samples["status"] > 0)]
    if sent_on.empty:
        return []
    bent = samples[samples["error"] == "wrong-deep-link"]
    if bent.empty:
        return met(
            f"{count(len(sent_on))} lần chuyển hướng đều giữ nguyên đường dẫn.",
            f"All {count(len(sent_on))} redirects kept path and query.",
        )
    return _missed(
        f"{count(len(bent))} lần chuyển hướng làm mất đường dẫn sâu",
        f"{count(len(bent))} redirects lost the page that was asked for",
        bent,
    )


def no_false_not_found(evidence: Evidence) -> Result | list[Result]:
    """Nobody hears "does not exist" of something that does: all that visitors ask for was there before."""
    samples = evidence.frames.samples
    asked = samples[~samples["step"].isin(HANDED_IN | REFUSED_BY_INTENT) & (samples["status"] > 0)]
    if asked.empty:
        return []
    denied = asked[asked["error"] == "http-404"]
    denied = denied[~said_by_a_fault(evidence, denied)]
    if denied.empty:
        return met(
            f"Không ai trong {count(len(asked))} lần hỏi bị trả lời sai là không tồn tại.",
            f"None of {count(len(asked))} requests was told that something does not exist which does.",
        )
    return _missed(
        f"{count(len(denied))} lần bị trả lời là không tồn tại, dù có tồn tại",
        f'{count(len(denied))} requests were answered "does not exist" about something that does',
        denied,
    )


def open_until_t0(evidence: Evidence) -> Result | list[Result]:
    """The provincial portals serve until the cutover minute, not a second less."""
    samples, plan = evidence.frames.samples, evidence.run.plan
    portals = {system.name for system in plan.systems_of("provincial-portal")}
    links = [link.name for link in plan.links if link.callee in portals]
    before = samples[samples["link"].isin(links) & (samples["done"] < 0) & (samples["status"] > 0)]
    if before.empty:
        return []
    early = samples[samples["error"] == "wrong-closed-early"]
    if early.empty:
        return met(
            f"{count(len(before))} yêu cầu trước T0 đều được cổng tỉnh phục vụ.",
            f"All {count(len(before))} requests before T0 were served by the provincial portals.",
        )
    return _missed(
        f"{count(len(early))} yêu cầu bị từ chối trước T0",
        f"{count(len(early))} requests before T0 were turned away as if the portal had closed",
        early,
    )


def closure_explained(evidence: Evidence) -> Result | list[Result]:
    """Whoever hands in at a closed portal is told in both languages that it was not taken."""
    samples = evidence.frames.samples
    refused = samples[(samples["step"] == "refused-at-closed-portal") & (samples["status"] == 410)]
    if refused.empty:
        return []
    silent = refused[refused["error"] == "wrong-refusal-text"]
    if silent.empty:
        return met(
            f"{count(len(refused))} lần từ chối đều có giải thích bằng hai thứ tiếng.",
            f"All {count(len(refused))} refusals explained themselves in both languages.",
        )
    return _missed(
        f"{count(len(silent))} lần từ chối không có lời giải thích",
        f"{count(len(silent))} of {count(len(refused))} refusals did not explain themselves",
        silent,
    )


def own_data_only(evidence: Evidence) -> Result | list[Result]:
    """A form and a list of dossiers show the data of whoever is signed in, never of somebody else."""
    samples = evidence.frames.samples
    shown = samples[samples["step"].isin(["form", "my-dossiers"]) & (samples["status"] == 200)]
    if shown.empty:
        return []
    foreign = samples[samples["error"].isin(["wrong-person", "wrong-owner"])]
    if foreign.empty:
        return met(
            f"{count(len(shown))} biểu mẫu và danh sách đều đúng người.",
            f"All {count(len(shown))} forms and lists were about the right person.",
        )
    return _missed(
        f"{count(len(foreign))} lần hiển thị dữ liệu của người khác",
        f"{count(len(foreign))} answers showed somebody else's data",
        foreign,
    )


def answers_right(evidence: Evidence) -> Result | list[Result]:
    """No answer has a right status and a wrong content, in any way that no other check names."""
    samples = evidence.frames.samples
    answered = int((samples["status"] > 0).sum())
    if not answered:
        return []
    wrong = samples[_wrong(samples["error"])]
    if wrong.empty:
        return met(
            f"{count(answered)} câu trả lời có nội dung đúng với trạng thái.",
            f"The contents of {count(answered)} answers were what their statuses promised.",
        )
    kinds = listed(f"{error} × {count(n)}" for error, n in _counted(wrong["error"]).items())
    return _missed(
        f"{count(len(wrong))} câu trả lời có nội dung sai: {kinds}",
        f"{count(len(wrong))} answers had a wrong content: {kinds}",
        wrong,
    )


def _wrong(errors: pd.Series) -> pd.Series:
    """By category: errors are few, samples are many."""
    meant = [
        name for name in errors.cat.categories if str(name).startswith("wrong-") and str(name) not in NAMED
    ]
    return errors.isin(meant)


def _missed(vi: str, en: str, samples: pd.DataFrame) -> Result:
    """With the steps and the systems, those with most first."""
    steps = listed(_counted(samples["step"]).index, 4)
    systems = _counted(samples["link"].astype(str).str.rpartition("--")[2])
    where = listed(f"{system} ({count(n)})" for system, n in systems.items())
    return missed(
        f"{vi}. Bước: {steps}. Hệ thống: {where}.",
        f"{en}. Steps: {steps}. Systems: {where}.",
        _first(systems),
    )


def _counted(names: pd.Series) -> pd.Series:
    return names.astype(str).value_counts()


def _first(counted: pd.Series) -> tuple[str, ...]:
    names: Collection[str] = counted.index
    return tuple(names)[:5]


SESSIONS = Check(
    "sessions-kept",
    "service",
    Text("Phiên đăng nhập được giữ", "Sessions kept"),
    sessions_kept,
    ("TTG96-1a-2", "VP318-0-2"),
)
DEEP_LINKS = Check(
    "deep-links-kept",
    "service",
    Text("Đường dẫn cũ vẫn đúng", "Old links lead on"),
    deep_links_kept,
    ("LC-1-6", "LC-2-2", "TTG0617-III2-3"),
)
NOT_FOUND = Check(
    "no-false-not-found",
    "service",
    Text("Không trả lời sai là không tồn tại", "No false “does not exist”"),
    no_false_not_found,
    ("TTG96-2a-4", "TTG0617-III6-1"),
)
UNTIL_T0 = Check(
    "open-until-t0",
    "service",
    Text("Cổng tỉnh mở đến T0", "Portals open until T0"),
    open_until_t0,
    ("TTG96-1a-2", "VP318-0-2", "TTG0617-III7-1"),
)
EXPLAINED = Check(
    "closure-explained",
    "service",
    Text("Đóng cổng có giải thích", "Closure explained"),
    closure_explained,
    ("LC-1-6", "LC-5-5"),
)
OWN_DATA = Check(
    "own-data-only",
    "data",
    Text("Chỉ thấy dữ liệu của mình", "Own data only"),
    own_data_only,
    ("VP318-0-1", "VP318-1-2"),
)
RIGHT = Check(
    "answers-right",
    "service",
    Text("Nội dung trả lời đúng", "Answers right"),
    answers_right,
    ("TTG0617-II2-3", "TTG0617-III6-1"),
)
