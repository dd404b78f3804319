"""Defects of the payment platform."""

from __future__ import annotations

from mocks.defects.defect import Defect
from mocks.http import Text

DEFECTS = (
    Defect(
        "no-idempotency",
        "payment",
        Text(
            "thu tiền lần nữa khi yêu cầu lặp lại với cùng một khóa",
            "charges again when a request is repeated under the same key",
        ),
        Text("Nộp một lần thì thu một lần.", "Who pays once is charged once."),
        "lost-acknowledgement",
    ),
    Defect(
        "captures-wrong-amount",
        "payment",
        Text("thu gấp mười lần ở một trong 5 khoản", "takes ten times the amount in one of 5 charges"),
        Text("Người dân trả đúng số tiền.", "A citizen pays the right amount."),
    ),
    Defect(
        "forgets-charges",
        "payment",
        Text(
            "xác nhận một trong 5 khoản thu mà không ghi sổ",
            "confirms one in 5 charges without entering it in its books",
        ),
        Text("Khoản đã xác nhận thì có trong sổ.", "What was confirmed stands in the books."),
    ),
)
