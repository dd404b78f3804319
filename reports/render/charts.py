"""Charts as inline SVG: drawn by matplotlib, coloured by the page's style sheet.

matplotlib draws in token colours, which become CSS variables, so that one drawing serves light, dark and
print. Labels are drawn in both languages; their groups carry ``lang``, and the page shows one of them.
"""

from __future__ import annotations

import io
from typing import Any
from xml.etree import ElementTree as ET  # it parses only what matplotlib has just drawn

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import LogLocator, NullLocator

from reports.text import Text
from reports.verdict import FaultReport, Verdict

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"

INK, GRID, OK, FAILED, UNKNOWN, PLAN = "#010101", "#020202", "#030303", "#040404", "#050505", "#060606"
_TOKENS = {
    INK: "currentColor",
    GRID: "var(--line)",
    OK: "var(--ok)",
    FAILED: "var(--bad)",
    UNKNOWN: "var(--open)",
    PLAN: "var(--accent)",
}
_LANG = "lang-"

_STYLE: Any = {
    "svg.fonttype": "none",
    "font.size": 8.5,
    "axes.edgecolor": GRID,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.5,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.5,
    "ytick.major.width": 0.5,
    "lines.solid_joinstyle": "round",
    "path.simplify": True,
    "path.simplify_threshold": 0.3,
}

WIDE, NARROW = (9.2, 6.6), (3.5, 7.0)
"""Inches; the page shows the narrow drawing on a phone, so that its text stays as large as the page's."""


_DRAWN, _TOP = 0.85, 0.25
"""Parts of the figure: of its width that axes cover, of its height that the uppermost axes cover; about."""

_LETTER, _LINE = 6, 11
"""Room in points for the words beside a moment: of a letter its width, of a line its height."""


def timeline(verdict: Verdict, size: tuple[float, float]) -> Markup:
    """The run on one clock: requests by outcome, response times, planned and offered arrivals."""
    salt = f"timeline-{size[0]}"
    with mpl.rc_context({**_STYLE, "svg.hashsalt": salt}):
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
        _label(bottom, "xlabel", Text("giây so với T0", "seconds relative to T0"))
        return _inline(figure, Text("Diễn biến theo thời gian", "The run over time"))


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
    _label(axes, "title", Text("Yêu cầu mỗi giây theo kết quả", "Requests per second by outcome"))


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
    _label(axes, "title", title)


def _arrivals(axes: Axes, verdict: Verdict) -> None:
    series = verdict.series
    seconds = [series.first + index for index in range(len(series.planned))]
    axes.step(seconds, series.planned, where="post", color=INK, linewidth=0.8, linestyle="--")
    axes.step(seconds, series.offered, where="post", color=PLAN, linewidth=1.1)
    axes.set_ylim(bottom=0)
    _label(
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


_PLACES: dict[str, tuple[tuple[float, float], tuple[float, float], dict[str, Any]]] = {
    "title": ((0, 1), (2, 5), {"ha": "left", "va": "bottom", "fontweight": "bold"}),
    "xlabel": ((0.5, 0), (0, -18), {"ha": "center", "va": "top"}),
}
"""Kind of label → where it hangs, its offset in points, and how its text is set."""


def _label(axes: Axes, place: str, words: Text) -> None:
    """The same label twice in the same place, once per language."""
    at, shift, how = _PLACES[place]
    coordinates = ("figure fraction", "axes fraction") if place == "title" else "axes fraction"
    for language in ("vi", "en"):
        drawn = axes.annotate(
            getattr(words, language),
            at,
            xycoords=coordinates,
            xytext=shift,
            textcoords="offset points",
            **how,
        )
        drawn.set_gid(f"{_LANG}{language}")
        drawn.set_in_layout(place == "xlabel")


def _inline(figure: Figure, name: Text) -> Markup:
    """The drawing as an SVG element: sized by the page, coloured by its variables, without stray ids."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    root = ET.fromstring(buffer.getvalue())  # noqa: S314  matplotlib has just drawn it
    for unwanted in ("metadata", "defs"):
        for element in root.findall(f"{{{_SVG}}}{unwanted}"):
            if element.find(f"{{{_SVG}}}clipPath") is None:
                root.remove(element)
    referenced = _references(root)
    for element in root.iter():
        identity = element.get("id", "")
        if identity.startswith(_LANG):
            element.set("lang", identity.removeprefix(_LANG))
        if identity not in referenced:
            element.attrib.pop("id", None)
        if "style" in element.attrib:
            element.set("style", _restyled(element.attrib["style"]))
    root.attrib.pop("width")
    root.attrib.pop("height")
    root.set("role", "img")
    root.set("aria-label", f"{name.vi} / {name.en}")
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704  built by ElementTree, escaped by it


def _references(root: ET.Element) -> set[str]:
    found = set()
    for element in root.iter():
        link = element.get(f"{{{_XLINK}}}href", "")
        if link.startswith("#"):
            found.add(link[1:])
        clip = element.get("clip-path", "")
        if clip.startswith("url(#"):
            found.add(clip[5:-1])
    return found


def _restyled(style: str) -> str:
    """The style without its font family (the page has one), its token colours as CSS variables."""
    kept = []
    for declaration in style.split(";"):
        name, _, value = declaration.strip().partition(":")
        if name == "font-family":
            continue
        kept.append(f"{name}:{_TOKENS.get(value.strip(), value.strip())}")
    return ";".join(kept)
