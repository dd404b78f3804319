"""What case systems tell the registers of the country as dossiers move, by the field of the procedure."""

from __future__ import annotations

from mocks.partner import Factory

REGISTERS: tuple[Factory, ...] = ()
