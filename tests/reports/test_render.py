"""Four files from one verdict: each says the outcome, escapes what it is given, and stays within its
bounds."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

import reports
from reports.numerals import lacking, latency, limits
from reports.render import html, junit, markdown
from reports.render.charts import NARROW, WIDE, timeline
from reports.render.environment import MOST_STEPS
from reports.verdict import Verdict
from tests.reports import defects
from tests.reports.factory import Night

Judge = Callable[..., Verdict]
GOLDEN = Path(__file__).parent / "golden"
LIMIT = 1_500_000
NASTY = '<script>alert("1")</script> & | `x` </style>'


@pytest.fixture(params=["no_defect", "unprepared", "late_generator"])
def story(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def told(story: str, run: Night, judge: Judge) -> Verdict:
    getattr(defects, story)(run)
    return judge(run)


@pytest.mark.parametrize(("kind", "suffix"), [("markdown", "md"), ("junit", "xml")])
def test_the_summary_and_the_test_report_are_as_agreed(
    told: Verdict, story: str, kind: str, suffix: str
) -> None:
    """``UPDATE_GOLDEN=1 pytest`` writes the files anew; look at the difference before committing it."""
    written = markdown(told) if kind == "markdown" else junit(told).decode()
    golden = GOLDEN / f"{story}.{suffix}"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(written, encoding="utf-8")
    assert written == golden.read_text(encoding="utf-8")


def test_the_page_is_one_small_offline_file(told: Verdict) -> None:
    page = html(told)
    assert len(page.encode()) < LIMIT
    assert not re.search(r"""(src|href)\s*=\s*["'](?!#)""", page.replace("xlink:href", "href")), (
        "fetches something"
    )
    assert "@import" not in page
    assert "url(http" not in page


def test_the_page_says_its_outcome_in_both_languages_and_that_targets_are_proposals(told: Verdict) -> None:
    page = html(told)
    vi, en = {
        "met": ("ĐẠT", "MET"), "missed": ("KHÔNG ĐẠT", "MISSED"),
        "inconclusive": ("CHƯA THỂ KẾT LUẬN", "INCONCLUSIVE"),
    }[told.outcome]  # fmt: skip
    assert f'<span lang="vi">{vi}</span><span lang="en">{en}</span>' in page
    assert "not law" in page
    assert "không phải quy định pháp luật" in page
    for finding in told.causes:
        assert msgspec.json.encode(finding.name).decode().strip('"') in page


class Tags(HTMLParser):
    """Follows which elements are open."""

    VOID = frozenset({"meta", "br", "img", "input", "link", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002  as HTMLParser calls it
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
        self.open.pop()


def test_every_element_of_the_page_is_closed_where_it_should_be(told: Verdict) -> None:
    tags = Tags()
    tags.feed(html(told))
    assert tags.open == []


def test_what_stands_in_a_plan_stays_text_everywhere(run: Night, judge: Judge) -> None:
    run.plan["scenario"]["title"] = {"vi": NASTY, "en": NASTY}
    run.plan["provinces"][0]["name"] = NASTY
    run.plan["slos"][0]["title"] = {"vi": NASTY, "en": NASTY}
    run.run["reason"] = NASTY
    run.run["ended"] = "interrupted"
    verdict = judge(run)
    page = html(verdict)
    assert "<script>alert" not in page
    assert page.count("</style>") == 1
    assert "<script>" not in markdown(verdict).replace("\\<", "")
    message = [e.get("message") for e in ET.fromstring(junit(verdict)).iter("error")]  # noqa: S314  our own
    assert any(NASTY in (text or "") for text in message)


def test_a_percentile_stands_with_its_interval_or_with_what_it_lacks(run: Night, judge: Judge) -> None:
    verdict = judge(run)
    step = next(row for row in verdict.steps if row.name == "pay")
    assert step.p95 == step.p95_interval.value is not None
    assert step.p99 is None
    page, summary = html(verdict), markdown(verdict)
    assert f"{latency(step.p95)}<small>{limits(step.p95_interval)}</small>" in page
    assert f"{latency(step.p95)} ({limits(step.p95_interval)})" in summary
    assert f'<span lang="en">{lacking(step.p99_interval).en}</span>' in page
    assert f'<span lang="vi">{lacking(step.p99_interval).vi}</span>' in page
    assert f"– ({lacking(step.p99_interval).en})" in summary


def test_an_outcome_that_another_run_could_turn_round_says_so(run: Night, judge: Judge) -> None:
    sure = judge(run)
    unsure = msgspec.structs.replace(
        sure, slos=[msgspec.structs.replace(slo, certain=False) for slo in sure.slos]
    )
    for render, words in (
        (html, "The interval contains the objective"),
        (markdown, "which the interval contains"),
    ):
        assert words not in render(sure)
        assert words in render(unsure)


def test_the_marks_of_moments_that_are_close_stand_below_each_other(run: Night, judge: Judge) -> None:
    for fault, start in zip(run.plan["faults"], (0.5, 1.0, 25.0), strict=True):
        fault["start"], fault["end"] = start, start + 3
    run.events = [event for event in run.events if event["event"] not in ("fault-applied", "fault-healed")]
    verdict = judge(run)
    for size in (WIDE, NARROW):
        drawn = re.findall(r'x="([\d.]+)" y="([\d.]+)"[^>]*>(T0|1|2|3)</text>', str(timeline(verdict, size)))
        assert [words for _, _, words in drawn] == ["T0", "1", "2", "3"]
        places = [(float(x), float(y), words) for x, y, words in drawn]
        for left, top, words in places:
            for other, height, _ in places:
                if other > left and height == top:
                    assert other - left > 6 * len(words), f"{words} runs into the next mark, {size}"


def test_junit_counts_failures_and_errors(run: Night, judge: Judge) -> None:
    """A missed finding is a failure; an inconclusive one, and a breach of validity, is an error."""
    defects.late_generator(run)
    defects.duplicate_charge(run)
    defects.nobody_at_closed_portals(run)
    validity, verdict = ET.fromstring(junit(judge(run))).findall("testsuite")  # noqa: S314  our own
    assert (validity.get("errors"), validity.get("failures")) == ("1", "0")
    assert (verdict.get("errors"), verdict.get("failures")) == ("1", "1")
    assert int(verdict.get("tests", 0)) == len(verdict.findall("testcase"))


def test_the_json_report_holds_what_others_read_from_it(run: Night, tmp_path: Path) -> None:
    folder = run.write(tmp_path / "run")
    paths = reports.write(reports.build(folder), folder)
    assert [path.name for path in paths] == ["report.html", "report.md", "junit.xml", "report.json"]
    report = msgspec.json.decode((folder / "report.json").read_bytes())
    assert report["outcome"] == "met"
    assert report["validity"]["outcome"] == "met"
    assert {"name", "title", "outcome", "explanation", "kind"} <= set(report["findings"][0])
    for finding in (*report["findings"], *report["validity"]["findings"]):
        assert isinstance(finding["explanation"], str)
        assert isinstance(finding["explanation_vi"], str)
    assert report["offered"] == report["planned"] == len(run.arrivals)
    assert set(report["lag"]) == {"p50", "p99"}
    assert report["ledger"]["lost"] == 0
    assert report["toxiproxy_version"] == "2.12.0"
    assert report["arrivals_sha256"] == "ab" * 32
    assert len(report["provinces"]) == 34
    assert {fault["name"] for fault in report["faults"]} == {"lgsp-01-cut", "vneid-slow", "payment-ack-lost"}
    assert sum(report["series"]["ok"]) == len(run.samples)


def test_the_peak_counts_samples_and_calls_but_not_calls_that_a_breaker_kept_back(
    run: Night, judge: Judge
) -> None:
    before = judge(run)
    row = run.calls[0]
    for number in range(500):
        run.calls.append({**row, "at": 5_000_000_000_000 + number, "error": "breaker-open", "status": 0})
    assert judge(run).peak_requests_per_second == before.peak_requests_per_second
    for number in range(500):
        run.calls.append({**row, "at": 5_000_000_000_000 + number})
    after = judge(run)
    assert after.peak_second == 0
    assert after.peak_requests_per_second >= 500


def test_thousands_of_steps_leave_the_tables_readable(run: Night, judge: Judge) -> None:
    """As a journey makes that puts ids into the names of its steps; all of them are in the JSON."""
    verdict = judge(run)
    row = verdict.steps[0]
    many = [msgspec.structs.replace(row, name=f"step-{n:04}", count=5000 - n) for n in range(5000)]
    crowded = msgspec.structs.replace(verdict, steps=many)
    for rendered in (html(crowded), markdown(crowded)):
        assert "step-0000" in rendered
        assert "step-4999" not in rendered
        assert len(rendered) < 500_000
    more = f"{5000 - MOST_STEPS:,}".replace(",", "\u202f")
    assert f"{more} more steps are in report.json" in markdown(crowded)
    assert len(msgspec.json.decode(crowded.to_json())["steps"]) == 5000
