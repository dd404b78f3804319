"""The dossiers that a system holds: their content, and the statuses they have taken."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from functools import lru_cache

import msgspec

from fixtures.digests import canonical_digest
from mocks.messages import TEST_MARKER, CaseDossier, DossierView
from mocks.operator import Stored
from mocks.store import Drop, Put, Store

HANOI = timezone(timedelta(hours=7))
FINAL = frozenset({3, 7, 8, 10})
"""Statuses after which a dossier rests: refused, withdrawn, stopped, result returned."""


def stamp(unix: float) -> str:
    """An instant as the synchronisation interfaces write it: yyyyMMddHHmmss in Hanoi's time."""
    return _stamp(int(unix))


@lru_cache(maxsize=2)
def _stamp(unix: int) -> str:
    return datetime.fromtimestamp(unix, HANOI).strftime("%Y%m%d%H%M%S")


class Held(msgspec.Struct):
    """One dossier as a system holds it. ``at`` is when it was stored first (monotonic ns), 0: carried."""

    dossier: CaseDossier
    steps: list[int]
    at: int
    owner: str = ""  # citizen id of whoever submitted it
    receipt: str = ""  # id of the charge that paid for it
    fee: int = 0
    fee_code: str = ""
    stamped: int = 0  # Unix seconds, by the calendar of the system that stored it, of that moment

    @property
    def code(self) -> str:
        """The dossier code."""
        return self.dossier.MaHoSo

    @property
    def status(self) -> int:
        """The status it has now."""
        return self.steps[-1]

    def view(self) -> DossierView:
        """What a citizen is shown."""
        made = self.dossier
        return DossierView(
            code=self.code,
            procedure=made.MaTTHC,
            province=made.MaTinh,
            status=self.status,
            steps=self.steps,
            paid=bool(self.receipt),
        )


class Dossiers:
    """All dossiers of one system: in memory for reading, in its store for good."""

    KIND = "dossier"

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: dict[str, Held] = {}
        self._of_owner: dict[str, list[str]] = {}

    def load(self, carried_over: Iterable[Held] = ()) -> None:
        """Take up the carried-over dossiers and what an earlier life of the process stored."""
        for held in carried_over:
            self.keep(held)
        for _, body in self._store.load(self.KIND):
            self.keep(msgspec.msgpack.decode(body, type=Held))

    def put(self, held: Held) -> Put:
        """The change that makes a dossier durable."""
        return Put(self.KIND, held.code, msgspec.msgpack.encode(held))

    def keep(self, held: Held) -> None:
        """Show a dossier whose :meth:`put` has been committed."""
        if held.code not in self._held and held.owner:
            self._of_owner.setdefault(held.owner, []).append(held.code)
        self._held[held.code] = held

    def forget(self, code: str) -> Drop:
        """Show a dossier no longer; commit what is returned to make that last."""
        held = self._held.pop(code, None)
        if held is not None and held.owner:
            self._of_owner[held.owner].remove(code)
        return Drop(self.KIND, code)

    def purgeable(self, code: str) -> bool:
        """Whether this is not held here, or is a test dossier, and was not here before the night."""
        held = self.find(code)  # what was carried over would be there again after a restart
        return held is None or (held.at > 0 and held.dossier.DauHieu == TEST_MARKER)

    def take_away(self, codes: Iterable[str]) -> list[tuple[str, Drop]]:
        """Show those that are held no longer; by code, what to commit to make that last."""
        return [(code, self.forget(code)) for code in codes if code in self._held]

    def find(self, code: str) -> Held | None:
        """The dossier with this code."""
        return self._held.get(code)

    def of_owner(self, citizen_id: str) -> list[Held]:
        """The dossiers of one citizen, oldest first."""
        return [self._held[code] for code in self._of_owner.get(citizen_id, [])]

    def __iter__(self) -> Iterator[Held]:
        return iter(list(self._held.values()))

    def __len__(self) -> int:
        return len(self._held)

    def stored(self, system: str, page: slice) -> list[Stored]:
        """A page of dossiers, in the order in which they came, as the reconciliation reads them.

        One that no province is to settle is of a kind of its own: no provincial case system holds it.
        """
        return [
            Stored(
                system=system,
                kind="dossier" if held.dossier.MaTinh else "ministry-dossier",
                record=held.code,
                intent=held.dossier.KhoaGuiNhan,
                dossier=held.code,
                province=held.dossier.MaTinh,
                commune=held.dossier.MaXa,
                procedure=held.dossier.MaTTHC,
                status=held.status,
                history=",".join(map(str, held.steps)),
                digest=canonical_digest(held.dossier.NoiDung),
                at=held.at,
                stamped=held.stamped,
                receipt=held.receipt,
                files=len(held.dossier.ThanhPhanHoSo),
            )
            for held in list(self._held.values())[page]
        ]


def new_held(
    dossier: CaseDossier, stamped: float, *, owner: str = "", fee: int = 0, fee_code: str = ""
) -> Held:
    """A dossier that has just arrived, at ``stamped`` by the calendar of the system that holds it."""
    return Held(
        dossier,
        [dossier.TrangThai],
        time.monotonic_ns(),
        owner=owner,
        fee=fee,
        fee_code=fee_code,
        stamped=int(stamped),
    )
