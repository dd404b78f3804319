"""The map of probes with the boundary between them, and one collapse over time."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FixedLocator, LogLocator, NullLocator

from reports.explore.model import Exploration, State, Timeline
from reports.render.drawing import FAILED, GRID, INK, OK, PLAN, STYLE, UNKNOWN, inline, label
from reports.text import Text

MAP_WIDE, MAP_NARROW = (9.2, 4.6), (3.5, 3.8)
TIME_WIDE, TIME_NARROW = (9.2, 4.4), (3.5, 4.8)
"""Inches."""

ROOM = 1.35
"""A capacity farther right than the highest load times this is not on the map."""

_MARKS: dict[State, tuple[str, str, str]] = {
    "recovered": ("o", OK, "none"),
    "stayed-down": ("o", FAILED, FAILED),
    "overloaded": ("^", FAILED, "none"),
    "not-known": ("x", UNKNOWN, UNKNOWN),
}
"""State → marker, colour of its edge, of its inside."""


def boundary_map(found: Exploration, size: tuple[float, float]) -> Markup:
    """Load on x, length of the trigger on y; a circle for each probe, filled where service stayed down."""
    with mpl.rc_context({**STYLE, "axes.grid.axis": "both", "svg.hashsalt": f"map-{size[0]}"}):
        figure = _figure(size)
        axes = figure.subplots()
        _boundary(axes, found)
        for state, (marker, edge, face) in _MARKS.items():
            points = [p.point for p in found.probes if p.state == state and p.point.lowered is None]
            if points:
                axes.scatter(
                    [found.sessions(point.load) for point in points],
                    [point.trigger for point in points],
                    marker=marker,
                    s=34,
                    edgecolors=None if marker == "x" else edge,
                    facecolors=edge if marker == "x" else face,
                    linewidths=1.4,
                    zorder=3,
                )
        _scales(axes, found)
        if found.capacity is not None and found.capacity.load <= ROOM * found.limits.most_load:
            axes.axvline(found.sessions(found.capacity.load), color=INK, linewidth=1, linestyle="--")
        label(axes, "title", Text("Độ dài sự cố (giây) theo tải", "Length of the trigger (seconds) by load"))
        label(axes, "xlabel", Text("lượt mỗi giây", "sessions per second"))
        return inline(figure, Text("Bản đồ các lần thử", "Map of the probes"))


def collapse(timeline: Timeline, size: tuple[float, float]) -> Markup:
    """One collapse: who came and who got what they came for; calls between systems and repeated ones."""
    with mpl.rc_context({**STYLE, "svg.hashsalt": f"collapse-{size[0]}"}):
        figure = _figure(size)
        top, bottom = figure.subplots(2, 1, sharex=True)
        _steps(top, timeline, timeline.begun, INK, "--")
        _steps(top, timeline, timeline.finished, OK, "-")
        _steps(bottom, timeline, timeline.calls, PLAN, "--")
        _steps(bottom, timeline, timeline.retries, FAILED, "-")
        for axes in (top, bottom):
            axes.axvspan(
                timeline.trigger_from, timeline.trigger_until, color=FAILED, alpha=0.15, linewidth=0, zorder=0
            )
            axes.set_ylim(bottom=0)
        bottom.set_xlim(timeline.first, timeline.first + len(timeline.begun))
        label(
            top,
            "title",
            Text("Lượt mỗi giây: đến (– –), xong việc (—)", "Visits per second: begun (– –), served (—)"),
        )
        label(
            bottom,
            "title",
            Text(
                "Gọi giữa hệ thống mỗi giây: tất cả (– –), lặp lại (—)",
                "Calls between systems per second: all (– –), repeated (—)",
            ),
        )
        label(bottom, "xlabel", Text("giây so với T0", "seconds relative to T0"))
        return inline(figure, Text("Một lần sập", "One collapse"))


def _figure(size: tuple[float, float]) -> Figure:
    figure = Figure(figsize=size, layout="constrained")
    # room above each panel for its title, which the layout does not see (it is drawn twice)
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.set(h_pad=0.14, rect=(0, 0, 1, 0.97))
    return figure


def _boundary(axes: Axes, found: Exploration) -> None:
    """The line between the two kinds of probes, and how exactly each of its points is known."""
    line = []
    low, top = found.lowest_load, found.lowest_load.estimate
    if top is not None and low.recovers is not None and low.stays_down is not None:
        longest = max(p.point.trigger for p in found.probes if p.state == "stayed-down")
        line.append((found.sessions(top), longest))
        axes.plot(
            [found.sessions(low.recovers), found.sessions(low.stays_down)],
            [longest, longest],
            color=FAILED,
            linewidth=3,
            alpha=0.35,
            solid_capstyle="butt",
        )
    for column in found.boundary:
        middle = column.triggers.estimate
        if middle is None or column.triggers.recovers is None or column.triggers.stays_down is None:
            continue
        x = found.sessions(column.load)
        line.append((x, middle))
        axes.plot(
            [x, x],
            [column.triggers.recovers, column.triggers.stays_down],
            color=FAILED,
            linewidth=3,
            alpha=0.35,
            solid_capstyle="butt",
        )
    if len(line) > 1:
        axes.plot(*zip(*sorted(line), strict=True), color=FAILED, linewidth=1.3, zorder=2)


def _scales(axes: Axes, found: Exploration) -> None:
    limits = found.limits
    axes.set_yscale("log")
    axes.set_ylim(limits.shortest / 1.3, limits.longest * 1.3)
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    right = limits.most_load
    if found.capacity is not None and found.capacity.load <= ROOM * right:
        right = max(right, found.capacity.load)
    axes.set_xlim(0, found.sessions(right) * 1.06)
    axes.tick_params(length=2)
    axes.grid(color=GRID)


def _steps(axes: Axes, timeline: Timeline, values: Sequence[int], colour: str, style: str) -> None:
    seconds = [timeline.first + index for index in range(len(values) + 1)]
    axes.step(seconds, [*values, values[-1]], where="post", color=colour, linewidth=1.3, linestyle=style)
    axes.xaxis.set_major_locator(
        FixedLocator([each for each in seconds if each % max(5, 5 * (len(seconds) // 50)) == 0])
    )
