"""Each kind of fault is known by its mark on the traffic; a fault without its mark has proved nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chaos.catalogue import KINDS
from reports.checks.faults import PROOFS
from reports.traffic import Hits, taken_together
from reports.verdict import Verdict
from tests.reports.conftest import finding, plain
from tests.reports.factory import Night, ns

Judge = Callable[..., Verdict]
Where = tuple[list[str], list[str]]
START, END = 30.0, 34.0


def test_every_kind_of_the_catalogue_has_its_proof() -> None:
    assert set(PROOFS) == set(KINDS)


def plan(run: Night, kind: str, where: Where, parameters: dict[str, object] | None = None) -> None:
    """A fault of these systems, on these links, that was on from T0+30 s to T0+34 s."""
    (systems, links), place = where, KINDS[kind].place
    run.plan["faults"].append(
        {
            "name": "late-one", "kind": kind, "place": place, "systems": systems, "links": links,
            "title": {"vi": "Sự cố", "en": "Fault"}, "start": START, "end": END, "recover_within": 5.0,
            "parameters": parameters or {},
        }
    )  # fmt: skip
    when = next(i for i, row in enumerate(run.events) if row.get("phase") == "heal")
    common = {"fault": "late-one", "links": links}
    run.events[when:when] = [
        {"at": ns(START), "event": "fault-applied", **common},
        {"at": ns(END), "event": "fault-healed", "proved": links, **common},
    ]


def answer(run: Night, status: int, *, always: bool = False) -> None:
    """Every third sign-in while the fault lasts (or ``always``) is answered so."""
    for number, row in enumerate(run.samples):
        mine = row["link"] == "citizens--vneid" and number % 3 == 0
        if mine and (always or ns(START) < row["sent"] < ns(END)):
            row.update(status=status, outcome="failed", error=f"http-{status}")


def send_twice(run: Night, *, always: bool = False) -> None:
    """What the platforms send on to the case systems is sent once more."""
    again = [
        {**row, "span": f"{number:016x}", "at": row["done"] + 1_000_000, "done": row["done"] + 9_000_000}
        for number, row in enumerate(run.calls, 1)
        if row["link"].startswith("lgsp-")
        and "--case-" in row["link"]
        and row["status"] == 201
        and (always or ns(START) < row["at"] < ns(END))
    ]
    assert again
    run.calls += again


VNEID = (["vneid"], ["citizens--vneid", "national-portal--vneid"])
LGSPS = (["lgsp-01", "lgsp-79"], ["lgsp-01--case-01", "lgsp-79--case-79", "lgsp-01--national-portal"])


@pytest.mark.parametrize(
    ("kind", "parameters", "status"),
    [
        pytest.param("errors", {"status": 503, "share": 0.3}, 503, id="errors with their own status"),
        pytest.param("errors", {}, 500, id="errors"),
        pytest.param("errors-after", {"status": 502}, 502, id="errors after"),
        pytest.param("throttled", {"share": 0.3}, 429, id="throttled"),
        pytest.param("says-not-found", {}, 404, id="not found"),
    ],
)
def test_a_faulty_system_is_known_by_its_answers(
    run: Night, judge: Judge, kind: str, parameters: dict[str, object], status: int
) -> None:
    plan(run, kind, VNEID, parameters)
    answer(run, status)
    found = finding(judge(run), "fault-hit.late-one")
    assert found.outcome == "met", found
    assert "were answered, or sent twice, as the fault makes it" in plain(found.explanation.en)


@pytest.mark.parametrize(
    ("status", "always"),
    [
        pytest.param(200, False, id="all is well"),
        pytest.param(418, False, id="another status"),
        pytest.param(500, True, id="no more of it than usual"),
    ],
)
def test_a_faulty_system_whose_answers_are_as_ever_has_proved_nothing(
    run: Night, judge: Judge, status: int, always: bool
) -> None:
    plan(run, "errors", VNEID)
    answer(run, status, always=always)
    found = finding(judge(run), "fault-hit.late-one")
    assert (found.outcome, found.where) == ("missed", ["late-one"])


def test_what_is_delivered_twice_is_known_by_the_second_sending(run: Night, judge: Judge) -> None:
    plan(run, "duplicate-delivery", LGSPS)
    send_twice(run)
    assert finding(judge(run), "fault-hit.late-one").outcome == "met"


@pytest.mark.parametrize("always", [pytest.param(None, id="once"), pytest.param(True, id="always twice")])
def test_what_is_delivered_as_ever_shows_no_fault(run: Night, judge: Judge, always: bool | None) -> None:
    plan(run, "duplicate-delivery", LGSPS)
    if always:
        send_twice(run, always=True)
    assert finding(judge(run), "fault-hit.late-one").outcome == "missed"


def unanswered(run: Night, link: str) -> None:
    """Nobody answers on a link while the fault lasts."""
    for row in (*run.samples, *run.calls):
        at = row["sent"] if "sent" in row else row["at"]
        if row["link"] == link and ns(START) < at < ns(END):
            row.update(status=0, error="reset")


def test_each_process_that_is_killed_is_missed_by_somebody(run: Night, judge: Judge) -> None:
    systems, links = (
        ["vneid", "payment"],
        ["citizens--vneid", "citizens--payment", "national-portal--payment"],
    )
    plan(run, "killed", (systems, links))
    unanswered(run, "citizens--vneid")
    found = finding(judge(run), "fault-hit.late-one")
    assert (found.outcome, found.where) == ("missed", ["payment"])


def test_a_killed_process_needs_no_traffic_on_every_link_to_it(run: Night, judge: Judge) -> None:
    plan(run, "killed", VNEID)
    unanswered(run, "citizens--vneid")
    assert finding(judge(run), "fault-hit.late-one").outcome == "met"


def test_a_partition_is_felt_as_one(run: Night, judge: Judge) -> None:
    links = ["national-portal--lgsp-79", "lgsp-79--national-portal", "citizens--portal-79"]
    plan(run, "partition", ([], links))
    for link in links:
        unanswered(run, link)
    lost = {row["span"] for row in (*run.calls, *run.samples) if row["link"] in links and not row["status"]}
    run.received = [row for row in run.received if row["parent"] not in lost]
    found = finding(judge(run), "fault-hit.late-one")
    assert found.outcome == "met", found


def hit(**values: float) -> Hits:
    """No effect, but for these."""
    nothing = dict.fromkeys(("requests", "failed", "unconnected", "executed", "leaked", "slow"), 0)
    return Hits(**{"link": "a--b", **nothing, "floor": None, **values})  # type: ignore[arg-type]  # as named


@pytest.mark.parametrize(
    ("requests", "marked", "usual", "stands_out"),
    [
        pytest.param(100, 0, 0.0, False, id="none"),
        pytest.param(100, 1, 0.0, True, id="what never happens, once"),
        pytest.param(100, 14, 0.1, False, id="within chance"),
        pytest.param(100, 17, 0.1, True, id="beyond chance"),
        pytest.param(0, 0, 0.0, False, id="nobody asked"),
    ],
)
def test_a_mark_stands_out_from_what_is_usual(
    requests: int, marked: int, usual: float, stands_out: bool
) -> None:
    assert hit(requests=requests, marked=marked, usual=usual).stands_out == stands_out


def test_hits_taken_together_are_sums_and_their_usual_share_is_weighted() -> None:
    both = taken_together(
        "vneid", [hit(requests=30, slow=2, floor=0.2, usual=0.1), hit(requests=10, failed=4)]
    )
    assert (both.link, both.requests, both.slow, both.failed, both.floor) == ("vneid", 40, 2, 4, 0.2)
    assert both.usual == pytest.approx(0.075)
    assert taken_together("vneid", []).usual == 0.0
