"""How charts are drawn: inline SVG by matplotlib, coloured by the page's style sheet.

matplotlib draws in token colours, which become CSS variables, so that one drawing serves light, dark and
print. Labels are drawn in both languages; their groups carry ``lang``, and the page shows one of them.
"""

from __future__ import annotations

import io
from typing import Any
from xml.etree import ElementTree as ET  # it parses only what matplotlib has just drawn

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports.text import Text

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

STYLE: Any = {
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

_PLACES: dict[str, tuple[tuple[float, float], tuple[float, float], dict[str, Any]]] = {
    "title": ((0, 1), (2, 5), {"ha": "left", "va": "bottom", "fontweight": "bold"}),
    "xlabel": ((0.5, 0), (0, -18), {"ha": "center", "va": "top"}),
}
"""Kind of label → where it hangs, its offset in points, and how its text is set."""


def label(axes: Axes, place: str, words: Text) -> None:
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


def inline(figure: Figure, name: Text) -> Markup:
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
