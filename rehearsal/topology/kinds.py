"""What systems there are, and what each of a prepared country can carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, get_args

import mocks.defects

Extent = Literal["core", "whole"]
"""How much of the country takes part: the way of a dossier alone, or all that the directives name."""
EXTENTS: tuple[Extent, ...] = get_args(Extent)


class Kind(StrEnum):
    """What a system is."""

    NATIONAL_PORTAL = "national-portal"
    VNEID = "vneid"
    POPULATION = "population"
    PROCEDURES = "procedures"
    PAYMENT = "payment"
    LGSP = "lgsp"
    CASE_SYSTEM = "case-system"
    PROVINCIAL_PORTAL = "provincial-portal"
    # -- from here on: in the whole country only
    MINISTRY_PORTAL = "ministry-portal"
    MINISTRY_CASE = "ministry-case"
    CIVIL_STATUS = "civil-status"
    BIRTH_DEATH = "birth-death"
    TAX = "tax"
    TREASURY = "treasury"
    SOCIAL_INSURANCE = "social-insurance"
    JUDICIAL_RECORDS = "judicial-records"
    DRIVER_LICENCES = "driver-licences"
    ENTERPRISES = "enterprises"
    BUSINESS_HOUSEHOLDS = "business-households"
    LAND = "land"
    HEALTH_DATA = "health-data"
    HEALTH_INSURANCE_APPRAISAL = "health-insurance-appraisal"
    INSURANCE_DATA = "insurance-data"
    EMC = "emc"
    DOCUMENT_AXIS = "document-axis"
    REPORTING = "reporting"
    INFORMATION_PORTAL = "information-portal"
    NATIONAL_DATA_CENTRE = "national-data-centre"
    SIGNATURES = "signatures"
    FEEDBACK = "feedback"
    FEE_CATALOGUE = "fee-catalogue"
    UNIT_CATALOGUE = "unit-catalogue"
    AGENCY_CODES = "agency-codes"
    HOTLINE = "hotline"
    POSTAL = "postal"
    SMS_GATEWAY = "sms-gateway"
    DOCUMENTS = "documents"
    SSO = "sso"
    ACCOUNTS = "accounts"
    IOC = "ioc"


CORE = (
    Kind.NATIONAL_PORTAL,
    Kind.VNEID,
    Kind.POPULATION,
    Kind.PROCEDURES,
    Kind.PAYMENT,
    Kind.LGSP,
    Kind.CASE_SYSTEM,
    Kind.PROVINCIAL_PORTAL,
)
"""The kinds on the way of a dossier, which take part in every rehearsal."""
OF_PROVINCES = (Kind.DOCUMENTS, Kind.SSO, Kind.ACCOUNTS, Kind.IOC)
"""Beyond the core: kinds of which each of the 34 provinces has one."""
OF_MINISTRIES = (Kind.MINISTRY_PORTAL, Kind.MINISTRY_CASE)
"""Kinds of which each of :data:`MINISTRIES` has one."""
MINISTRIES = ("agriculture", "industry")
"""The two that hand the most procedures to localities (163 and 119 of 556) stand for all."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """``servers`` requests are served at once, ``queue`` more may wait, the next is refused with 503.

    ``mean`` is the mean service time in seconds; ``sigma`` the standard deviation of its logarithm, which
    only the log-normal distribution uses.
    """

    servers: int
    queue: int
    mean: float
    distribution: Literal["constant", "exponential", "lognormal"] = "lognormal"
    sigma: float = 0.5

    @property
    def per_second(self) -> float:
        """Requests per second that it can serve for ever: servers / mean service time."""
        return self.servers / self.mean


_REGISTER = Capacity(servers=16, queue=256, mean=0.030)
_CATALOGUE = Capacity(servers=16, queue=256, mean=0.005)
_SLOW = Capacity(servers=16, queue=256, mean=0.120)
_OF_ONE_PROVINCE = Capacity(servers=4, queue=128, mean=0.015)
_FEED = Capacity(servers=16, queue=1024, mean=0.005)

PREPARED: Mapping[Kind, Capacity] = MappingProxyType(
    {
        Kind.NATIONAL_PORTAL: Capacity(servers=64, queue=1024, mean=0.010),
        Kind.VNEID: Capacity(servers=32, queue=512, mean=0.030),
        Kind.POPULATION: Capacity(servers=32, queue=512, mean=0.010),
        Kind.PROCEDURES: Capacity(servers=32, queue=512, mean=0.005),
        Kind.PAYMENT: Capacity(servers=16, queue=256, mean=0.050),
        Kind.LGSP: Capacity(servers=8, queue=256, mean=0.005),
        Kind.CASE_SYSTEM: Capacity(servers=8, queue=256, mean=0.015),
        Kind.PROVINCIAL_PORTAL: Capacity(servers=4, queue=64, mean=0.020),
        Kind.MINISTRY_PORTAL: Capacity(servers=4, queue=64, mean=0.020),
        Kind.MINISTRY_CASE: Capacity(servers=8, queue=256, mean=0.015),
        Kind.CIVIL_STATUS: _REGISTER,
        Kind.BIRTH_DEATH: _REGISTER,
        Kind.TAX: _SLOW,
        Kind.TREASURY: _REGISTER,
        Kind.SOCIAL_INSURANCE: _REGISTER,
        Kind.JUDICIAL_RECORDS: _SLOW,
        Kind.DRIVER_LICENCES: _REGISTER,
        Kind.ENTERPRISES: _REGISTER,
        Kind.BUSINESS_HOUSEHOLDS: _REGISTER,
        Kind.LAND: _SLOW,
        Kind.HEALTH_DATA: _REGISTER,
        Kind.HEALTH_INSURANCE_APPRAISAL: _REGISTER,
        Kind.INSURANCE_DATA: _REGISTER,
        Kind.EMC: _FEED,
        Kind.DOCUMENT_AXIS: _FEED,
        Kind.REPORTING: _FEED,
        Kind.INFORMATION_PORTAL: _CATALOGUE,
        Kind.NATIONAL_DATA_CENTRE: Capacity(servers=32, queue=1024, mean=0.008),
        Kind.SIGNATURES: _REGISTER,
        Kind.FEEDBACK: _REGISTER,
        Kind.FEE_CATALOGUE: _CATALOGUE,
        Kind.UNIT_CATALOGUE: _CATALOGUE,
        Kind.AGENCY_CODES: _CATALOGUE,
        Kind.HOTLINE: _REGISTER,
        Kind.POSTAL: _REGISTER,
        Kind.SMS_GATEWAY: _FEED,
        Kind.DOCUMENTS: _OF_ONE_PROVINCE,
        Kind.SSO: _OF_ONE_PROVINCE,
        Kind.ACCOUNTS: _OF_ONE_PROVINCE,
        Kind.IOC: _OF_ONE_PROVINCE,
    }
)
"""Assumed, for nobody publishes them: those of the core carry their part of a fivefold surge about five
times over; of the others, registers answer like registers, and land, tax and judicial records slowly."""

DEFECTS: Mapping[Kind, Mapping[str, str]] = MappingProxyType(
    {
        kind: MappingProxyType(
            {each.name: each.title.en for each in mocks.defects.DEFECTS.values() if each.kind == kind}
        )
        for kind in Kind
    }
)
"""What each defect that a scenario can plant makes a system do, by kind of system."""
