"""Defects of provincial portals."""

from __future__ import annotations

from mocks.defects.defect import Defect
from mocks.http import Text


def _defect(name: str, title: Text, breaks: Text) -> Defect:
    return Defect(name, "provincial-portal", title, breaks)


_CLOSED = Text("Cổng đã đóng thì không nhận hồ sơ.", "A portal that is closed takes no dossier.")

DEFECTS = (
    _defect(
        "open-after-t0",
        Text("vẫn mở sau T0", "goes on after T0 as if nothing had happened"),
        _CLOSED,
    ),
    _defect(
        "redirects-without-deep-link",
        Text("dẫn mọi trang về trang chủ", "leads every page to the front page of the national portal"),
        Text("Liên kết cũ dẫn đúng trang mới.", "An old link leads to the same page."),
    ),
    _defect(
        "closes-early",
        Text("đóng sớm 10 giây", "closes 10 seconds before T0"),
        Text("Cổng mở cho đến T0.", "A portal is open until T0."),
    ),
    _defect(
        "closes-without-words",
        Text("từ chối mà không giải thích", "refuses without a word after T0"),
        Text(
            "Người bị từ chối được biết vì sao và đi đâu.", "Whoever is refused is told why and where to go."
        ),
    ),
    _defect(
        "says-yes-after-t0",
        Text(
            "xác nhận hồ sơ sau T0 mà không lưu gì", "acknowledges dossiers after T0 and stores none of them"
        ),
        _CLOSED,
    ),
)
