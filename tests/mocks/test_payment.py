"""Orders, consent and charges: money is taken once, whatever gets lost on the way."""

from pathlib import Path

import httpx
import msgspec
import pytest

from mocks.messages import Authorization, Charge, PaymentOrder
from mocks.tokens import PAYMENT_ORDERS, Signer
from tests.mocks.citizen import FREE, WITH_FEE, Citizen
from tests.mocks.country import SEED, Country, configuration, problem, running

PAYMENT, CHARGES = "payment", "national-portal--payment"


@pytest.fixture
def payer(country: Country) -> Citizen:
    return Citizen(country)


def submitted(payer: Citizen, number: int = 1) -> str:
    code: str = payer.submit(payer.dossier(number, WITH_FEE), key=f"key-{number:08d}").json()["code"]
    return code


def state(payer: Citizen, code: str) -> str:
    found: str = payer.get(f"/api/dossiers/{code}/payment").json()["state"]
    return found


def charge(country: Country, body: Charge, key: str = "pay-00000001") -> httpx.Response:
    return country.post(PAYMENT, "/api/charges", body, {"Idempotency-Key": key})


# -- the payment platform by itself ----------------------------------------------------------------


def checkout(country: Country, order: PaymentOrder) -> httpx.Response:
    token = Signer(PAYMENT_ORDERS, SEED).sign(order)
    return country.post(PAYMENT, "/checkout", {"token": token})


def ordered(payer: Citizen) -> PaymentOrder:
    """The order that the portal signs for a dossier."""
    token = payer.post(f"/api/dossiers/{submitted(payer)}/payment-order").json()["token"]
    order = Signer(PAYMENT_ORDERS, SEED).open(token, PaymentOrder)
    assert order is not None
    return order


def test_an_order_is_placed_once(country: Country, payer: Citizen) -> None:
    order = ordered(payer)
    first, second = checkout(country, order), checkout(country, order)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.json()["amount"] == order.SoTien


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"SoTien": 1}, "wrong-fee", id="amount"),
        pytest.param({"MaPhiLePhi": "no-such-code"}, "wrong-fee", id="fee code"),
        pytest.param({"HoTenNguoiNop": "B"}, "key-reused", id="another order under the same number"),
    ],
)
def test_an_order_that_is_not_right_is_refused(
    country: Country, payer: Citizen, changes: dict[str, object], code: str
) -> None:
    order = ordered(payer)
    checkout(country, order)
    answer = checkout(country, msgspec.structs.replace(order, **changes))
    assert (answer.status_code, problem(answer)) == (422, code)


def test_an_order_that_the_portal_did_not_sign_is_refused(country: Country, payer: Citizen) -> None:
    token = Signer("somebody-else", SEED).sign(ordered(payer))
    answer = country.post(PAYMENT, "/checkout", {"token": token})
    assert (answer.status_code, problem(answer)) == (403, "not-signed")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        pytest.param({"authorization": "x.y"}, 403, "no-consent", id="no consent"),
        pytest.param({"order": "PO-0"}, 404, "no-such-order", id="no such order"),
        pytest.param({"dossier": "other"}, 409, "other-dossier", id="another dossier"),
    ],
)
def test_a_charge_that_is_not_right_takes_no_money(
    country: Country, payer: Citizen, changes: dict[str, str], status: int, code: str
) -> None:
    dossier = submitted(payer)
    consent = payer.consent(dossier)
    asked = msgspec.structs.replace(Charge(consent.order, consent.authorization, dossier), **changes)
    answer = charge(country, asked)
    assert (answer.status_code, problem(answer)) == (status, code)
    assert country.stored(PAYMENT) == []


def test_consent_to_one_order_is_none_to_another(country: Country, payer: Citizen) -> None:
    first, second = (
        submitted(payer),
        payer.submit(payer.dossier(2, WITH_FEE), key="key-00000002").json()["code"],
    )
    one, other = payer.consent(first), payer.consent(second)
    answer = charge(country, Charge(one.order, other.authorization, first))
    assert (answer.status_code, problem(answer)) == (403, "no-consent")


def test_the_same_key_is_the_same_charge_also_after_a_restart(country: Country, payer: Citizen) -> None:
    dossier = submitted(payer)
    consent = payer.consent(dossier)
    asked = Charge(consent.order, consent.authorization, dossier)
    first = charge(country, asked)
    country.restart(PAYMENT)
    second = charge(country, asked)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert len(country.stored(PAYMENT)) == 1


def test_a_key_of_another_order_is_refused(country: Country, payer: Citizen) -> None:
    first, second = (
        submitted(payer),
        payer.submit(payer.dossier(2, WITH_FEE), key="key-00000002").json()["code"],
    )
    one, other = payer.consent(first), payer.consent(second)
    charge(country, Charge(one.order, one.authorization, first))
    answer = charge(country, Charge(other.order, other.authorization, second))
    assert (answer.status_code, problem(answer)) == (422, "key-reused")
    assert [each.dossier for each in country.stored(PAYMENT)] == [first]


# -- together with the portal ----------------------------------------------------------------------


def test_a_lost_answer_leaves_a_payment_pending_and_then_paid_once(country: Country, payer: Citizen) -> None:
    code = submitted(payer)
    consent = payer.consent(code)
    assert state(payer, code) == "none"
    country.network.lose_answers.add(CHARGES)
    country.network.cut.add("payment--national-portal")  # and no notice either
    answer = payer.pay(code, consent)
    assert (answer.status_code, answer.json()["state"]) == (202, "pending")
    assert state(payer, code) == "pending"
    assert payer.pay(code, consent, key="pay-00000002").status_code == 202, "no second charge meanwhile"
    assert msgspec.json.decode(country.get("national-portal", "/-/backlog").content)["open"] == 1
    country.network.lose_answers.clear()
    country.time.advance(10)
    assert state(payer, code) == "paid"
    assert len(country.stored(PAYMENT)) == 1


def test_a_notice_settles_what_no_answer_did(country: Country, payer: Citizen) -> None:
    code = submitted(payer)
    consent = payer.consent(code)
    country.network.lose_answers.add(CHARGES)
    answer = payer.pay(code, consent)
    assert (answer.status_code, answer.json()["state"]) == (200, "paid"), "the notice was quicker"
    assert answer.json()["receipt"] == country.stored(PAYMENT)[0].record
    assert len(country.stored(PAYMENT)) == 1


def test_an_unsettled_payment_survives_a_restart_of_the_portal(country: Country, payer: Citizen) -> None:
    code = submitted(payer)
    consent = payer.consent(code)
    country.network.cut |= {CHARGES, "payment--national-portal"}
    assert payer.pay(code, consent).status_code == 202
    assert country.stored(PAYMENT) == []
    country.restart("national-portal")
    assert state(payer, code) == "pending"
    country.network.cut.clear()
    country.time.advance(10)
    assert state(payer, code) == "paid"
    country.restart("national-portal")
    assert state(payer, code) == "paid"
    assert len(country.stored(PAYMENT)) == 1


def test_a_refused_charge_is_refused_to_the_payer(country: Country, payer: Citizen) -> None:
    code = submitted(payer)
    answer = payer.pay(code, Authorization(payer.consent(code).order, "forged.token"))
    assert (answer.status_code, problem(answer)) == (409, "payment-refused")
    assert state(payer, code) == "none"


def test_a_refusal_in_the_background_ends_the_waiting(country: Country, payer: Citizen) -> None:
    code = submitted(payer)
    country.network.cut.add(CHARGES)
    assert payer.pay(code, Authorization(payer.consent(code).order, "forged.token")).status_code == 202
    country.network.cut.clear()
    country.time.advance(10)
    assert state(payer, code) == "none"
    assert payer.pay(code, payer.consent(code)).json()["state"] == "paid", "and the payer can try again"


def test_nothing_is_to_be_paid_where_there_is_no_fee(country: Country, payer: Citizen) -> None:
    code = payer.submit(payer.dossier(procedure=FREE)).json()["code"]
    answer = payer.post(f"/api/dossiers/{code}/payment-order")
    assert (answer.status_code, problem(answer)) == (409, "no-fee")


def test_a_notice_about_an_unknown_dossier_is_refused(country: Country) -> None:
    notice = {"charge": "CH-1", "order": "PO-1", "dossier": "X", "amount": 1}
    answer = country.post("national-portal", "/api/payment-notices", notice)
    assert (answer.status_code, problem(answer)) == (404, "no-such-dossier")


def test_without_idempotency_a_repeated_request_charges_twice(tmp_path: Path) -> None:
    planted = {PAYMENT: frozenset({"no-idempotency"})}
    with running(tmp_path, configuration(("15",), (), defects=planted)) as country:
        payer = Citizen(country)
        code = submitted(payer)
        consent = payer.consent(code)
        country.network.lose_answers.add(CHARGES)
        payer.pay(code, consent, key="pay-intent-1")
        charges = country.stored(PAYMENT)
        assert len(charges) == 2, "one for each try of the portal"
        assert {(each.intent, each.dossier) for each in charges} == {("pay-intent-1", code)}


def test_a_payment_is_remembered_after_a_restart_of_the_portal(country: Country, payer: Citizen) -> None:
    country.network.cut.add("national-portal--lgsp-15")  # so that no status rewrites the dossier
    code = submitted(payer)
    assert payer.pay(code, payer.consent(code)).json()["state"] == "paid"
    country.restart("national-portal")
    assert state(payer, code) == "paid"
    again = payer.pay(code, payer.consent(code), key="pay-00000002")
    assert (again.status_code, again.json()["state"]) == (200, "paid")
    assert len(country.stored(PAYMENT)) == 1
