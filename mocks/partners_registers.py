"""What case systems tell the registers of the country as dossiers move, by the field of the procedure.

=====================  =========================  ==================================================
register               dossiers                   when
=====================  =========================  ==================================================
civil-status           of civil status            received; the results are asked for
birth-death            interconnected             at every status; the list is read and acknowledged
land, tax              of land; changes of it     received
business-households    of business households     received
judicial-records       of judicial records        received
social-insurance       health cards, funerals     received
=====================  =========================  ==================================================

A register that is down, or that refuses the province, makes these messages wait. The dossier goes on.
"""

from __future__ import annotations

from typing import Literal

from mocks.contents import applicant_of, form_of, received
from mocks.dossiers import Held
from mocks.partner import Factory, Partner, Posting
from mocks.partners_civil import BirthDeath, CivilStatus
from mocks.system import System
from mocks.systems.business_households import HouseholdRequest
from mocks.systems.judicial_records import RecordRequest
from mocks.systems.land import PLOTS, SHEETS, ChangeRequest
from mocks.systems.social_insurance import BenefitRequest
from mocks.systems.tax import LandObligation


def _number(text: str, most: int) -> int:
    return max(1, min(most, int(text))) if text.isdecimal() else 1


class LandChanges(Posting):
    """The land database."""

    operation = "change"
    path = "/api/changes"

    def body(self, held: Held) -> ChangeRequest | None:
        """A change of a parcel."""
        if (procedure := received(held, "land")) is None:
            return None
        made, form = held.dossier, form_of(held)
        sheet, plot = _number(form.get("so_to_ban_do", ""), SHEETS), _number(form.get("so_thua", ""), PLOTS)
        return ChangeRequest(
            held.code, procedure.form, made.MaTinh, made.MaXa, applicant_of(held), sheet, plot
        )


class LandObligations(Posting):
    """The tax office, for what is due on a change of land; a security costs no tax."""

    operation = "land-obligation"
    path = "/api/land-obligations"

    def body(self, held: Held) -> LandObligation | None:
        """An obligation to be determined."""
        procedure = received(held, "land")
        if procedure is None or procedure.form != "land":
            return None
        return LandObligation(held.code, held.dossier.MaTinh, held.dossier.MaXa, applicant_of(held))


class Households(Posting):
    """The register of business households; companies go to the enterprise register by the portal."""

    operation = "household"
    path = "/api/households"

    def body(self, held: Held) -> HouseholdRequest | None:
        """A household to be registered."""
        procedure = received(held, "business")
        if procedure is None or procedure.level != "commune":
            return None
        made = held.dossier
        return HouseholdRequest(
            held.code, form_of(held).get("ten", ""), made.MaTinh, made.MaXa, applicant_of(held)
        )


class JudicialRecords(Posting):
    """The judicial records."""

    operation = "judicial-record"
    path = "/api/requests"

    def body(self, held: Held) -> RecordRequest | None:
        """A record of form 1 or 2."""
        procedure = received(held, "judicial-records")
        if procedure is None:
            return None
        form: Literal[1, 2] = 2 if procedure.name_vi.endswith("2") else 1
        return RecordRequest(held.code, form, held.dossier.MaTinh, held.dossier.MaXa, applicant_of(held))


class Benefits(Posting):
    """Social insurance."""

    operation = "benefit"
    path = "/api/benefits"

    def body(self, held: Held) -> BenefitRequest | None:
        """A child's health card, or a funeral allowance."""
        kind: Literal["health-card", "funeral-allowance"]
        if (procedure := received(held, "health")) is not None and procedure.form == "birth":
            kind = "health-card"
        elif (procedure := received(held, "social")) is not None and procedure.form == "death":
            kind = "funeral-allowance"
        else:
            return None
        return BenefitRequest(held.code, kind, held.dossier.MaTinh, held.dossier.MaXa, applicant_of(held))


def _civil_status(system: System) -> Partner | None:
    return CivilStatus(system) if CivilStatus.destination in system.config.peers else None


def _birth_death(system: System) -> Partner | None:
    return BirthDeath(system) if BirthDeath.destination in system.config.peers else None


REGISTERS: tuple[Factory, ...] = (
    _civil_status,
    _birth_death,
    lambda system: LandChanges.of(system, "land"),
    lambda system: LandObligations.of(system, "tax"),
    lambda system: Households.of(system, "business-households"),
    lambda system: JudicialRecords.of(system, "judicial-records"),
    lambda system: Benefits.of(system, "social-insurance"),
)
