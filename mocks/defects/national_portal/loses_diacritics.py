"""Dossiers are stored in ASCII: ``Nguyễn Thị Đào`` becomes ``Nguyen Thi Dao``."""

from __future__ import annotations

import unicodedata
from typing import Any

import msgspec

from mocks.dossiers import Held
from mocks.systems.national_portal import NationalPortal

_D = str.maketrans("đĐ", "dD")  # letters of their own: they do not decompose


class LosesDiacritics(NationalPortal):
    """Folds every text of a dossier."""

    async def keep(self, held: Held, trace: str) -> None:
        """What is stored and sent on is not what was submitted."""
        made = held.dossier
        folded = msgspec.structs.replace(made, ChuHoSo=fold(made.ChuHoSo), NoiDung=fold(made.NoiDung))
        await super().keep(msgspec.structs.replace(held, dossier=folded), trace)


def fold(value: Any) -> Any:
    """A JSON value with all its texts in ASCII letters."""
    match value:
        case str():
            apart = unicodedata.normalize("NFD", value.translate(_D))
            return "".join(letter for letter in apart if not unicodedata.combining(letter))
        case dict():
            return {name: fold(each) for name, each in value.items()}
        case list():
            return [fold(each) for each in value]
        case _:
            return value
