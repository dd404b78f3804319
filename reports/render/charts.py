"""The charts of the page."""

from __future__ import annotations

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from reports.impact import Course
from reports.render.drawing import FAILED, INK, OK, PLAN, STYLE, UNKNOWN, inline, label
from reports.text import Text
from reports.verdict import FaultReport, Verdict

WIDE, NARROW = (9.2, 6.6), (3.5, 7.0)
"""Inches; the page shows the narrow drawing on a phone, so that its text stays as large as the page's."""


_DRAWN, _TOP = 0.85, 0.25
"""Parts of the figure: of its width that axes cover, of its height that the uppermost axes cover; about."""

_LETTER, _LINE = 6, 11
"""Room in points for the words beside a moment: of a letter its width, of a line its height."""


def timeline(verdict: Verdict, size: tuple[float, float]) -> Markup:
    """The run on one clock: requests by outcome, response times, planned and offered arrivals."""
    salt = f"timeline-{size[0]}"
    with mpl.rc_context({**STYLE, "svg.hashsalt": salt}):
        figure = Figure(figsize=size, layout="constrained")
        # room above each panel for its title, which the layout does not see (it is drawn twice)
        engine = figure.get_layout_engine()
        if isinstance(engine, ConstrainedLayoutEngine):
            engine.set(h_pad=0.14, rect=(0, 0, 1, 0.985))
        top, middle, bottom = figure.subplots(3, 1, sharex=True, height_ratios=(3, 3, 2))
        _requests(top, verdict)
        _responses(middle, verdict)
        _arrivals(bottom, verdict)
        for axes in (top, middle, bottom):
            _windows(axes, verdict)
        _marks(top, verdict, size)
        bottom.set_xlim(verdict.series.first, verdict.series.first + len(verdict.series.ok))
        label(bottom, "xlabel", Text("giây so với T0", "seconds relative to T0"))
        return inline(figure, Text("Diễn biến theo thời gian", "The run over time"))


def _requests(axes: Axes, verdict: Verdict) -> None:
    series = verdict.series
    seconds = [series.first + index for index in range(len(series.ok))]
    axes.stackplot(
        seconds,
        series.ok,
        series.unknown,
        series.failed,
        colors=[OK, UNKNOWN, FAILED],
        step="post",
        linewidth=0,
        alpha=0.85,
    )
    label(axes, "title", Text("Yêu cầu mỗi giây theo kết quả", "Requests per second by outcome"))


def _responses(axes: Axes, verdict: Verdict) -> None:
    series = verdict.series
    for values, style, name in (
        (series.p50, "-", "p50"),
        (series.p95, "--", "p95"),
        (series.p99, ":", "p99"),
    ):
        drawn = [value if value else float("nan") for value in values]
        seconds = [series.first + (index + 0.5) * series.window for index in range(len(values))]
        if not any(values):
            continue
        axes.plot(seconds, drawn, style, color=PLAN if name != "p99" else FAILED, linewidth=1.3)
        last = max(index for index, value in enumerate(values) if value)
        axes.annotate(
            name, (seconds[last], drawn[last]), xytext=(3, 0), textcoords="offset points", va="center"
        )
    if any(series.p50):
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_minor_locator(NullLocator())
        axes.yaxis.set_major_formatter(
            lambda value, _: f"{value * 1000:g} ms" if value < 1 else f"{value:g} s"
        )
    title = Text("Thời gian phản hồi", "Response time")
    if series.window > 1:
        title = Text(f"{title.vi} (ô {series.window} giây)", f"{title.en} ({series.window}-second windows)")
    label(axes, "title", title)


def _arrivals(axes: Axes, verdict: Verdict) -> None:
    series = verdict.series
    seconds = [series.first + index for index in range(len(series.planned))]
    axes.step(seconds, series.planned, where="post", color=INK, linewidth=0.8, linestyle="--")
    axes.step(seconds, series.offered, where="post", color=PLAN, linewidth=1.1)
    axes.set_ylim(bottom=0)
    label(
        axes,
        "title",
        Text(
            "Lượt đến mỗi giây: kế hoạch (– –), đã phát (—)",
            "Arrivals per second: planned (– –), offered (—)",
        ),
    )


def _windows(axes: Axes, verdict: Verdict) -> None:
    axes.axvline(0, color=INK, linewidth=1)
    for fault in verdict.faults:
        start, end = _window(fault)
        axes.axvspan(start, end, color=fault.colour, alpha=0.18, linewidth=0, zorder=0)
        for edge in (start, end):
            axes.axvline(edge, color=fault.colour, linewidth=0.8)


def _window(fault: FaultReport) -> tuple[float, float]:
    start = fault.planned_start if fault.applied is None else fault.applied
    return start, fault.planned_end if fault.healed is None else fault.healed


def _marks(axes: Axes, verdict: Verdict, size: tuple[float, float]) -> None:
    """T0 and the numbers of the faults at the top of the axes, in rows where none touches another."""
    width, height = size[0] * 72 * _DRAWN, size[1] * 72 * _TOP
    marks = [(_window(fault)[0], str(number)) for number, fault in enumerate(verdict.faults, start=1)]
    ends: list[float] = []  # of the last words in each row, in points
    for at, words in sorted([(0.0, "T0"), *marks]):
        left = (at - verdict.series.first) / len(verdict.series.ok) * width
        row = next((row for row, end in enumerate(ends) if end < left), len(ends))
        ends[row : row + 1] = [left + _LETTER * (len(words) + 1)]
        axes.annotate(
            words,
            (at, 1),
            xycoords=("data", "axes fraction"),
            xytext=(2, -3 - _LINE * row),
            textcoords="offset points",
            va="top",
            ha="left",
            fontweight="bold",
        )
    room = (len(ends) * _LINE + 3) / height
    axes.set_ylim(0, axes.get_ylim()[1] / (1 - min(room, 0.5)))


COURSE = 4.4, 0.7, 0.95
"""Inches of the chart of one fault: its width, which fits a phone as it is, its edges, and each panel."""


def course(fault: FaultReport) -> Markup:
    """A fault second by second: good answers, what waited, second tries. Empty where there was nothing."""
    seen = fault.course
    answers = [_good] if any(share is not None for share in seen.good) else []
    queues = [_waiting] if any(seen.waiting) or any(seen.retries) else []
    panels = [*answers, *queues]
    if not panels:
        return Markup()
    width, edges, height = COURSE
    start, end = _window(fault)
    with mpl.rc_context({**STYLE, "svg.hashsalt": f"course-{fault.name}"}):
        figure = Figure(figsize=(width, edges + height * len(panels)), layout="constrained")
        engine = figure.get_layout_engine()
        if isinstance(engine, ConstrainedLayoutEngine):
            engine.set(h_pad=0.14, rect=(0, 0, 1, 0.965))
        every = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
        for axes, draw in zip(every, panels, strict=True):
            draw(axes, seen)
            axes.axvspan(start, end, color=fault.colour, alpha=0.18, linewidth=0, zorder=0)
            axes.set_xlim(seen.first, seen.first + len(seen.good))
        label(every[-1], "xlabel", Text("giây so với T0", "seconds relative to T0"))
        return inline(figure, Text(f"Diễn biến của {fault.name}", f"The course of {fault.name}"))


def _good(axes: Axes, seen: Course) -> None:
    good = [float("nan") if share is None else 100 * share for share in seen.good]
    axes.step(_seconds(seen), good, where="post", color=OK, linewidth=1.2)
    axes.set_ylim(0, 105)
    label(axes, "title", Text("Trả lời đúng hạn, %", "Good answers, %"))


def _waiting(axes: Axes, seen: Course) -> None:
    axes.fill_between(_seconds(seen), seen.waiting, step="post", color=UNKNOWN, alpha=0.5, linewidth=0)
    axes.step(_seconds(seen), seen.retries, where="post", color=FAILED, linewidth=1)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    label(
        axes,
        "title",
        Text("Đang chờ (mảng), lần thử lại mỗi giây (—)", "Waiting (area), retries per second (—)"),
    )


def _seconds(seen: Course) -> list[float]:
    return [seen.first + index for index in range(len(seen.good))]
