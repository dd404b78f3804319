"""A catalogue that does not answer in time is taken for an empty one: no procedure exists."""

from __future__ import annotations

import contextlib

from mocks.caller import CallFailed
from mocks.catalogue import Catalogue
from mocks.http import Refusal
from mocks.systems.national_portal import NationalPortal


class EmptiedCatalogue(Catalogue):
    """Shows what the last fetch brought, even where it brought nothing."""

    def failed(self, failure: CallFailed) -> None:
        """The old copy goes."""
        self.take([])
        super().failed(failure)

    async def keep_fresh(self, trace: str) -> None:
        """Never says that it is the catalogue that is missing."""
        with contextlib.suppress(Refusal):
            await super().keep_fresh(trace)


class NotFoundOnTimeout(NationalPortal):
    """Says "does not exist" where it should say "not now"."""

    def open_catalogue(self) -> Catalogue:
        """One that is empty when its source is late."""
        return EmptiedCatalogue(self.config, self.caller)
