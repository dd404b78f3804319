"""The national portal by itself: catalogue, forms, submissions and what it refuses."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest

import fixtures
from mocks.capacity import Capacity, ServiceTime
from mocks.messages import CaseDossier, Envelope, Progress
from tests.mocks.citizen import FREE, Citizen
from tests.mocks.country import Country, Json, configuration, problem, running

PORTAL = "national-portal"
ABOLISHED = next(each.code for each in fixtures.procedures() if each.level == "abolished")


# -- reading ---------------------------------------------------------------------------------------


def test_procedures_are_found_in_any_case_and_in_vietnamese(country: Country) -> None:
    wanted = fixtures.procedure(FREE)
    for words in (wanted.name_vi, wanted.name_vi.upper(), wanted.name_vi[3:9]):
        found = country.get(PORTAL, f"/api/procedures?q={quote(words)}&limit=50").json()["procedures"]
        assert wanted.code in [row["MATTHC"] for row in found]
    assert country.get(PORTAL, "/api/procedures?q=qqq").json() == {"procedures": []}


@pytest.mark.parametrize(("limit", "most"), [(3, 3), (0, 0), (-5, 0), (10_000, 50)])
def test_a_search_gives_no_more_than_asked_for(country: Country, limit: int, most: int) -> None:
    found = country.get(PORTAL, f"/api/procedures?limit={limit}").json()["procedures"]
    assert len(found) == min(most, len(fixtures.open_procedures()))


def test_an_old_bookmark_leads_to_the_national_procedure(country: Country) -> None:
    answer = country.get(PORTAL, f"/nop-ho-so?MaTTHCDP={FREE}.000.00.00.H15&MaCoQuanThucHien=H15.1&x=1")
    assert answer.json()["MATTHC"] == FREE


@pytest.mark.parametrize(
    "path",
    [f"/api/procedures/{ABOLISHED}", f"/nop-ho-so?MaTTHCDP={ABOLISHED}.000.00.00.H15", "/api/procedures/9.9"],
)
def test_a_procedure_not_in_force_is_not_found(country: Country, path: str) -> None:
    answer = country.get(PORTAL, path)
    assert (answer.status_code, problem(answer)) == (404, "no-such-procedure")


def test_the_catalogue_is_fetched_once_for_all_and_survives_its_source(country: Country) -> None:
    requests, link = country.network.requests, "national-portal--procedures"
    for _ in range(5):
        country.get(PORTAL, f"/api/procedures/{FREE}")
    assert requests[link] == 1
    country.network.cut.add(link)
    country.time.advance(60)
    assert country.get(PORTAL, f"/api/procedures/{FREE}").status_code == 200
    country.network.cut.clear()
    country.time.advance(60)
    tried = requests[link]
    assert tried < 20, "it was asked for now and then"
    country.get(PORTAL, f"/api/procedures/{FREE}")
    country.get(PORTAL, f"/api/procedures/{FREE}")
    assert requests[link] == tried + 1


def test_without_any_copy_of_the_catalogue_everybody_is_refused_quickly(country: Country) -> None:
    country.network.lose_answers.add("national-portal--procedures")
    before = country.time.seconds
    for _ in range(20):
        answer = country.get(PORTAL, "/api/procedures")
        assert (answer.status_code, problem(answer)) == (503, "catalogue-unavailable")
        assert answer.headers["retry-after"] == "2"
    assert country.time.seconds - before < 3, "one waited for the source, not each in turn"
    country.network.lose_answers.clear()
    country.time.advance(1)
    assert country.get(PORTAL, "/api/procedures").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/api/me/dossiers", f"/api/form?procedure={FREE}&province=15&commune=1", "/api/dossiers/x/result"],
)
@pytest.mark.parametrize("cookie", ["", "session=", "session=e30.00", "other=1; session=x"])
def test_pages_of_ones_own_need_a_session(country: Country, path: str, cookie: str) -> None:
    answer = country.get(PORTAL, path, {"Cookie": cookie})
    assert (answer.status_code, problem(answer)) == (401, "not-signed-in")


def test_a_result_is_for_its_owner_and_only_when_there_is_one(country: Country) -> None:
    citizen, other = Citizen(country), Citizen(country, number=2)
    code = citizen.submit(citizen.dossier()).json()["code"]
    early = citizen.get(f"/api/dossiers/{code}/result")
    assert (early.status_code, problem(early)) == (409, "not-finished")
    theirs = other.get(f"/api/dossiers/{code}/result")
    assert (theirs.status_code, problem(theirs)) == (403, "not-yours")
    none = citizen.get("/api/dossiers/G22.99-20250701-9999999/result")
    assert (none.status_code, problem(none)) == (404, "no-such-dossier")


def test_what_was_carried_over_can_be_looked_up_and_collected(country: Country) -> None:
    finished = next(each for each in fixtures.carried_over(7) if each.province == "15" and each.status == 10)
    assert country.get(PORTAL, f"/api/dossiers/{finished.code}").json()["steps"] == list(finished.history)
    owner = Citizen(country, number=int(finished.owner.id[-6:]))
    assert owner.person.id == finished.owner.id
    assert owner.get(f"/api/dossiers/{finished.code}/result").status_code == 200


# -- forms -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["cut", "lose_answers"])
def test_a_form_without_the_population_database_is_served_empty(country: Country, fault: str) -> None:
    citizen = Citizen(country)
    getattr(country.network, fault).add("national-portal--population")
    waits = []
    for _ in range(8):
        before = country.time.seconds
        form = citizen.get(f"/api/form?procedure={FREE}&province=15&commune=1")
        waits.append(country.time.seconds - before)
        assert (form.status_code, form.json()["prefilled"], form.json()["person"]) == (200, False, None)
    assert max(waits) <= 1.1
    assert max(waits[5:]) < 0.1, "the breaker is open: nobody waits any more"
    getattr(country.network, fault).clear()
    country.time.advance(3)
    assert citizen.get(f"/api/form?procedure={FREE}&province=15&commune=1").json()["prefilled"]


# -- submitting ------------------------------------------------------------------------------------


def test_the_same_key_twice_is_the_same_dossier(country: Country) -> None:
    citizen = Citizen(country)
    first = citizen.submit(citizen.dossier(), key="key-00000001")
    again = citizen.submit(citizen.dossier(), key="key-00000001")
    other = citizen.submit(citizen.dossier(), key="key-00000002")
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 201)
    assert first.json() == again.json()
    assert other.json()["code"] != first.json()["code"]
    assert len(country.stored(PORTAL)) == 2


def test_the_same_key_is_the_same_dossier_also_after_a_restart(country: Country) -> None:
    citizen = Citizen(country)
    first = citizen.submit(citizen.dossier())
    country.restart(PORTAL)
    again = citizen.submit(citizen.dossier())
    assert (again.status_code, again.json()) == (200, first.json())
    assert len(country.stored(PORTAL)) == 1


@pytest.mark.parametrize("portal", [PORTAL, "portal-10"])
@pytest.mark.parametrize("restarted", [False, True])
def test_a_key_that_was_used_for_something_else_is_refused(
    country: Country, portal: str, restarted: bool
) -> None:
    citizen = Citizen(country, portal)
    citizen.submit(citizen.dossier(1))
    if restarted:
        country.restart(portal)
    other_content = citizen.submit(citizen.dossier(2))
    assert (other_content.status_code, problem(other_content)) == (422, "key-reused")
    stranger = Citizen(country, portal, number=2)
    stolen = stranger.post("/api/dossiers", {"content": citizen.dossier(1).content()}, key="key-00000001")
    assert (stolen.status_code, problem(stolen)) == (422, "key-reused")
    assert len(country.stored(portal)) == 1


Spoil = Callable[[Json], object]


@pytest.mark.parametrize(
    ("spoil", "status", "code"),
    [
        pytest.param(lambda c: c.update(procedure=ABOLISHED), 404, "no-such-procedure", id="abolished"),
        pytest.param(lambda c: c.update(procedure=None), 422, "incomplete", id="no procedure"),
        pytest.param(lambda c: c.update(province="99"), 422, "no-such-unit", id="no such province"),
        pytest.param(lambda c: c.update(province="01"), 422, "no-such-unit", id="commune elsewhere"),
        pytest.param(lambda c: c.update(commune=[]), 422, "incomplete", id="no commune"),
        pytest.param(
            lambda c: c["attachments"][0].update(sha256="0" * 64), 422, "file-missing", id="file not uploaded"
        ),
        pytest.param(lambda c: c.update(attachments=["x"]), 422, "incomplete", id="attachments of no form"),
        pytest.param(lambda c: c.update(attachments=5), 422, "incomplete", id="attachments are no list"),
        pytest.param(lambda c: c.clear(), 422, "incomplete", id="nothing at all"),
    ],
)
@pytest.mark.parametrize("portal", [PORTAL, "portal-10"])
def test_what_cannot_be_accepted_leaves_nothing(
    country: Country, portal: str, spoil: Spoil, status: int, code: str
) -> None:
    citizen = Citizen(country, portal)
    dossier = citizen.dossier()
    for file in dossier.attachments:
        citizen.upload(file.content())
    content: Json = msgspec.json.decode(msgspec.json.encode(dossier.content()))
    spoil(content)
    answer = citizen.post("/api/dossiers", {"content": content}, key="key-00000001")
    assert answer.status_code == status, answer.text
    # the provinces' units are known to the case system, which refuses in the old portal's place
    handed_back = portal != PORTAL and code == "no-such-unit"
    assert problem(answer) == ("case-system-refuses" if handed_back else code)
    assert country.stored(portal) == country.stored("case-15") == []


@pytest.mark.parametrize("key", ["", "short", "x" * 129])
def test_a_submission_needs_a_key(country: Country, key: str) -> None:
    citizen = Citizen(country)
    answer = citizen.submit(citizen.dossier(), key=key, upload=False)
    assert (answer.status_code, problem(answer)) == (400, "no-idempotency-key")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"content": 5}', b'{"attachments": []}', b"\xff"])
def test_a_malformed_submission_is_named_so(country: Country, body: bytes) -> None:
    citizen = Citizen(country)
    headers = {**citizen.headers, "Idempotency-Key": "key-00000001"}
    answer = country.time.run(country.ask(PORTAL, "POST", "/api/dossiers", content=body, headers=headers))
    assert (answer.status_code, problem(answer)) == (400, "malformed")


def test_a_query_that_does_not_fit_is_named_so(country: Country) -> None:
    answer = country.get(PORTAL, "/api/procedures?limit=many")
    assert (answer.status_code, problem(answer)) == (400, "malformed")


# -- the provinces' side ---------------------------------------------------------------------------


def step(code: str, status: int, number: int) -> Progress:
    return Progress(code, status, "CB", "CB", "20250701000000", "H15", "", number)


def report(country: Country, *steps: Progress) -> int:
    envelope = Envelope("", "CapNhatTienDoHoSoMC", progress=list(steps))
    return country.post(PORTAL, "/integration", envelope, {"X-Caller": "lgsp-15"}).status_code


def test_each_step_of_progress_is_taken_once_and_in_order(country: Country) -> None:
    citizen = Citizen(country)
    country.network.cut.add("national-portal--lgsp-15")
    code = citizen.submit(citizen.dossier()).json()["code"]

    def steps() -> list[int]:
        return list(citizen.get(f"/api/dossiers/{code}").json()["steps"])

    assert report(country, step(code, 4, 3)) == 409, "a gap"
    assert steps() == [1]
    assert report(country, step(code, 4, 3), step(code, 2, 2)) == 200, "together they are complete"
    assert steps() == [1, 2, 4]
    assert report(country, step(code, 2, 2)) == 200
    assert report(country, step(code, 2, 1), step(code, 4, 3)) == 200
    assert steps() == [1, 2, 4], "what is known already changes nothing"
    assert report(country, step("G22.99-20250701-9999999", 2, 2)) == 404


def test_a_late_first_try_does_not_undo_the_second(country: Country) -> None:
    """Two tries arrive in the same moment, the longer one first: the shorter one must not win."""
    citizen = Citizen(country)
    country.network.cut.add("national-portal--lgsp-15")
    code = citizen.submit(citizen.dossier()).json()["code"]

    async def send(*steps: Progress) -> None:
        body = msgspec.json.encode(Envelope("", "CapNhatTienDoHoSoMC", progress=list(steps)))
        await country.ask(PORTAL, "POST", "/integration", content=body, headers={"X-Caller": "lgsp-15"})

    async def both() -> None:
        await asyncio.gather(send(step(code, 2, 2), step(code, 4, 3)), send(step(code, 2, 2)))

    country.time.run(both())
    assert citizen.get(f"/api/dossiers/{code}").json()["steps"] == [1, 2, 4]


def test_a_dossier_synchronised_twice_is_held_once(country: Country) -> None:
    dossier = CaseDossier(
        "H15.99-250701-0001", FREE, "An", 0, "15", "1", "H15", "20250701000000", [], {"a": 1}, "key-00000009"
    )
    for _ in range(2):
        envelope = Envelope("", "DongBoHoSoMC", dossiers=[dossier])
        assert country.post(PORTAL, "/integration", envelope).status_code == 200
    (held,) = country.stored(PORTAL)
    assert (held.record, held.intent) == ("H15.99-250701-0001", "key-00000009")


@pytest.mark.parametrize("system", [PORTAL, "case-15", "procedures"])
def test_a_service_of_another_system_is_refused(country: Country, system: str) -> None:
    service = "LayThuTuc" if system != "procedures" else "NoiHoSo"
    answer = country.post(system, "/integration", {"session": "", "service": service})
    assert (answer.status_code, problem(answer)) == (422, "not-here")


# -- capacity --------------------------------------------------------------------------------------


def test_beyond_its_declared_capacity_it_answers_503_and_says_when_to_come_back(tmp_path: Path) -> None:
    small = Capacity(servers=1, service=ServiceTime("constant", 1.0), queue=1)
    with running(tmp_path, configuration((), (), capacities={PORTAL: small})) as country:

        async def crowd() -> list[int]:
            answers = await asyncio.gather(*(country.ask(PORTAL, "GET", "/") for _ in range(4)))
            for answer in answers[2:]:
                assert problem(answer) == "at-capacity"
                assert answer.headers["retry-after"] == "2"
            return [answer.status_code for answer in answers]

        before = country.time.seconds
        assert country.time.run(crowd()) == [200, 200, 503, 503]
        assert country.time.seconds - before == pytest.approx(2.0, abs=0.01), "one after the other"
        counters = country.get(PORTAL, "/-/counters").json()
        assert counters == {
            "requests": 4, "served": 2, "refused": 2, "busy_seconds": 2.0, "queue_peak": 1,
        }  # fmt: skip
