"""The directory of officials' accounts of one province: who may do what for which unit.

======================================  ===  ===========================================================
``GET /api/provinces/{code}/accounts``  200  [{account, unit, role, active}]: for the province and each
                                             commune the roles reception, processing and signing, active;
                                             of each old district the role district, no longer active
``GET /api/accounts?unit=``             200  the same, of one unit; of all where none is named
``GET /api/accounts/{account}``         200  one account; 404 unknown
``PUT /api/accounts/{account}``         200  {active}: give the account its right, or take it away
======================================  ===  ===========================================================

Accounts are named ``<unit>.<role>``: ``02671.reception``.

Gaps: ``account-missing`` (commune): it has no accounts. ``district-rights-alive`` (province): the account of
its first old district is active.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

import fixtures
from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.store import Put
from mocks.system import System
from mocks.units import old_districts

ROLES = ("reception", "processing", "signing")
"""What somebody must be able to do in every unit."""
DISTRICT = "district"


class Account(msgspec.Struct, frozen=True):
    """An official's account: the unit it acts for, in which role, and whether it still may."""

    account: str
    unit: str
    role: str
    active: bool


class AccountsQuery(msgspec.Struct, frozen=True):
    """Whose accounts; all where no unit is named."""

    unit: str = ""


class Right(msgspec.Struct, frozen=True):
    """Whether an account may be used."""

    active: bool


class Accounts(System):
    """Directory of officials' accounts and rights of a province (Tài khoản cán bộ, phân quyền)."""

    kind = "accounts"
    title = "Directory of officials' accounts"

    async def start(self) -> None:
        """Lay out the accounts, and take up rights that were given or taken away."""
        self._accounts = {each.account: each for each in self._lay_out()}
        for account, body in self.store.load("right"):
            right = msgspec.json.decode(body, type=Right)
            self._accounts[account] = msgspec.structs.replace(self._accounts[account], active=right.active)

    def _lay_out(self) -> Iterator[Account]:
        province, gaps = self.config.province, self.context.gaps
        for unit in (province, *(each.code for each in fixtures.communes_of(province))):
            if not gaps.has("account-missing", unit):
                yield from (Account(f"{unit}.{role}", unit, role, True) for role in ROLES)
        alive = gaps.has("district-rights-alive", province)
        for place, district in enumerate(old_districts(province)):
            yield Account(f"{district}.{DISTRICT}", district, DISTRICT, alive and place == 0)

    @operation("GET", "/api/provinces/{code}/accounts", answers={200: list[Account], 404: Problem})
    async def of_province(self, call: Call[None]) -> Answer:
        """The accounts of the province."""
        code = call.path["code"]
        if code != self.config.province:
            raise Refusal(
                404,
                "not-here",
                f"Thư mục này không quản lý tài khoản của tỉnh {code}.",
                f"This is the directory of province {self.config.province}, not of {code!r}.",
            )
        return Answer(200, list(self._accounts.values()))

    @operation("GET", "/api/accounts", query=AccountsQuery, answers={200: list[Account]})
    async def of_unit(self, call: Call[None]) -> Answer:
        """The accounts of one unit."""
        unit = call.query.unit
        return Answer(200, [each for each in self._accounts.values() if unit in ("", each.unit)])

    @operation("GET", "/api/accounts/{account}", answers={200: Account, 404: Problem})
    async def account(self, call: Call[None]) -> Answer:
        """One account."""
        return Answer(200, self._found(call.path["account"]))

    @operation("PUT", "/api/accounts/{account}", body=Right, answers={200: Account, 404: Problem})
    async def decide(self, call: Call[Right]) -> Answer:
        """Give an account its right, or take it away."""
        decided = msgspec.structs.replace(self._found(call.path["account"]), active=call.body.active)
        await self.store.write(Put("right", decided.account, msgspec.json.encode(call.body)))
        self._accounts[decided.account] = decided
        return Answer(200, decided)

    def _found(self, account: str) -> Account:
        found = self._accounts.get(account)
        if found is None:
            raise Refusal(
                404, "no-such-account", f"Không có tài khoản {account}.", f"There is no account {account!r}."
            )
        return found
