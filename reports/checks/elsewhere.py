"""Do registers, signatures, post, monitoring, treasury, documents and second site hold what they must?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from reports.checks.base import Check, Result, inconclusive, met
from reports.checks.told import NOT_AT_REST, UNREAD, violated
from reports.evidence import Evidence
from reports.ledger import elsewhere
from reports.ledger.elsewhere import Family
from reports.plan import Plan
from reports.text import Text, count

_RULES = {
    "missing": Text("không có", "are missing"),
    "doubled": Text("có thêm một lần nữa", "are there once more"),
    "differing": Text("khác với điều phải ghi", "differ from what they should say"),
    "uncalled": Text("có mà không ai yêu cầu", "are there and nobody asked for them"),
}


@dataclass(frozen=True)
class Held:
    """The examination of one family, whose records are called ``what``; ``unread``: none at all says nothing.

    ``late``: the rules that may be broken until the run has come to rest. No result where the country has no
    such system, or the run gave no cause for a record.
    """

    what: Text
    reconcile: Callable[[Plan, pd.DataFrame], Family | None]
    unread: bool = False
    late: frozenset[str] = frozenset({"missing"})

    def __call__(self, evidence: Evidence) -> Result | list[Result]:
        """Judge the family."""
        stored = evidence.frames.stored
        if stored is None:
            return inconclusive(*UNREAD)
        family = self.reconcile(evidence.run.plan, stored)
        if family is None or not (family.owed or family.kept):
            return []
        if self.unread and not family.kept:
            return inconclusive(
                f"Phải có {count(family.owed)} {self.what.vi}, nhưng hệ thống không cho đọc bản nào.",
                f"{count(family.owed)} {self.what.en} are owed, and the system let none be read.",
            )
        if family.violations and family.violations.keys() <= self.late and not evidence.at_rest:
            return inconclusive(*NOT_AT_REST)
        if family.violations:
            return violated(
                [
                    Text(
                        f"{count(found.count)} {self.what.vi} {_RULES[rule].vi}",
                        f"{count(found.count)} {self.what.en} {_RULES[rule].en}",
                    )
                    for rule, found in family.violations.items()
                ],
                *family.violations.values(),
                by="systems",
            )
        return met(
            f"Cả {count(family.owed)} {self.what.vi} phải có đều có, đúng và mỗi bản một lần.",
            f"All {count(family.owed)} {self.what.en} that are owed are there, right and once each.",
        )


def _owed_once(family: str) -> Callable[[Plan, pd.DataFrame], Family | None]:
    return lambda plan, stored: elsewhere.owed_once(plan, stored, family)


REGISTRATIONS = Check(
    "registrations",
    "data",
    Text("Đã vào cơ sở dữ liệu chuyên ngành", "Registered in the specialised databases"),
    Held(Text("lượt đăng ký", "registrations"), _owed_once("registrations")),
    ("TTG96-2a-7", "VP0701-4-3", "VP0701-4-4", "VP0701-5-3", "TTG0617-III3-1"),
)
SIGNATURES = Check(
    "results-signed",
    "data",
    Text("Kết quả được ký số một lần", "Results signed once"),
    Held(Text("chữ ký số của kết quả", "signatures of results"), _owed_once("signatures")),
    ("TTG96-2a-9", "VP318-4-2"),
)
RETURNS = Check(
    "results-posted",
    "data",
    Text("Kết quả được trả qua bưu chính một lần", "Results returned by post once"),
    Held(Text("đơn trả kết quả qua bưu chính", "postal returns"), _owed_once("returns")),
    ("TTG96-4-2",),
)
EVENTS = Check(
    "statuses-monitored",
    "data",
    Text("EMC nhận mọi trạng thái", "EMC has every status"),
    Held(Text("sự kiện trạng thái ở EMC", "status events at EMC"), elsewhere.events, unread=True),
    ("TTG96-2a-7", "VP0701-7-2"),
)
SETTLEMENTS = Check(
    "charges-settled",
    "data",
    Text("Kho bạc nhận mọi khoản thu", "The treasury has every charge"),
    Held(Text("khoản thu ở Kho bạc", "settlements at the treasury"), elsewhere.settlements),
    ("TTG96-2a-7", "VP0701-5-3"),
)
DOCUMENTS = Check(
    "documents-delivered",
    "data",
    Text("Văn bản đến đúng một nơi nhận", "Documents reach their recipient once"),
    Held(Text("văn bản điện tử", "electronic documents"), elsewhere.documents),
    ("TTG96-2b-0", "VP0701-5-4", "VP0701-5-5"),
)
FIGURES = Check(
    "figures-true",
    "data",
    Text("IOC và hệ thống báo cáo có số liệu đúng", "Operations centres and reports have the true figures"),
    Held(
        Text("báo cáo số liệu của tỉnh", "provinces' reports"),
        elsewhere.figures,
        unread=True,
        late=frozenset({"missing", "differing"}),
    ),
    ("VP318-3-1",),
)
REPLICAS = Check(
    "second-site-alike",
    "data",
    Text("Trung tâm dự phòng giống Cổng quốc gia", "The second site is as the national portal"),
    Held(
        Text("hồ sơ ở Trung tâm dữ liệu quốc gia", "dossiers at the National Data Centre"), elsewhere.replicas
    ),
    ("VP318-0-1",),
)
