"""What a scenario file may say, and what comes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from chaos.catalogue import KINDS
from rehearsal.scenario import json_schema, list_scenarios, load
from rehearsal.scenario.faults import AnyFault, PlacedFault
from rehearsal.scenario.model import Scenario
from rehearsal.scenario.section import Duration, Moment, spell_duration, spell_moment
from rehearsal.topology import links, systems
from tests.rehearsal.bad_scenarios import GOOD, NAME

MOMENT: TypeAdapter[float] = TypeAdapter(Moment)
DURATION: TypeAdapter[float] = TypeAdapter(Duration)
FAULT: TypeAdapter[PlacedFault] = TypeAdapter(AnyFault)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path = tmp_path_factory.mktemp("good") / f"{NAME}.toml"
    path.write_text(GOOD, encoding="utf-8")
    return load(path)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        pytest.param("T0", 0.0, id="the cutover minute"),
        pytest.param("-40s", -40.0, id="before"),
        pytest.param("+1m30s", 90.0, id="minutes and seconds"),
        pytest.param("T0+20s", 20.0, id="with T0 in front"),
        pytest.param("T0-1h", -3600.0, id="hours before"),
        pytest.param("+1.5s", 1.5, id="a fraction"),
    ],
)
def test_a_moment_is_seconds_after_t0(text: str, seconds: float) -> None:
    assert MOMENT.validate_python(text) == seconds


@pytest.mark.parametrize("text", ["40s", "T0 + 20s", "+20", "", "--5s", "T1", 5, True, None, "+5s-1s"])
def test_anything_else_is_no_moment(text: object) -> None:
    with pytest.raises(ValidationError):
        MOMENT.validate_python(text)


@pytest.mark.parametrize("text", ["-20s", "+20s", "20", "", "20 s", "s", 20, True, None, "1s2"])
def test_a_duration_has_a_unit_and_no_sign(text: object) -> None:
    with pytest.raises(ValidationError):
        DURATION.validate_python(text)


@given(st.integers(0, 10**9).map(lambda milliseconds: milliseconds / 1000))
def test_a_duration_that_is_spelled_out_reads_as_the_same(seconds: float) -> None:
    assert DURATION.validate_python(spell_duration(seconds)) == pytest.approx(seconds, abs=1e-9)


@given(st.integers(-(10**9), 10**9).map(lambda milliseconds: milliseconds / 1000))
def test_a_moment_that_is_spelled_out_reads_as_the_same(seconds: float) -> None:
    assert MOMENT.validate_python(spell_moment(seconds)) == pytest.approx(seconds, abs=1e-9)


def test_a_negative_duration_cannot_be_spelled() -> None:
    with pytest.raises(ValueError, match="never negative"):
        spell_duration(-1)


def test_times_are_seconds_and_defaults_are_filled(scenario: Scenario) -> None:
    assert (scenario.clock.start, scenario.clock.end, scenario.clock.drain_limit) == (-10.0, 50.0, 20.0)
    assert scenario.visitors.patience == 10.0
    assert scenario.visitors.retry_after == 1.0
    assert scenario.faults[0].until == 15.0
    assert scenario.scenario.date.isoformat() == "2025-07-01T00:00:00+07:00"


def test_a_date_in_quotes_is_the_same_date(tmp_path: Path) -> None:
    path = tmp_path / f"{NAME}.toml"
    path.write_text(
        GOOD.replace("2025-07-01T00:00:00+07:00", '"2025-07-01T00:00:00+07:00"'), encoding="utf-8"
    )
    assert load(path).scenario.date.isoformat() == "2025-07-01T00:00:00+07:00"


def test_a_scenario_cannot_be_changed(scenario: Scenario) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        scenario.clock.end = 99.0


def test_a_glob_stands_for_every_link_it_matches_and_no_other(scenario: Scenario) -> None:
    every = {link.name for link in links()}
    expanded = scenario.faults[1].expanded()
    assert set(expanded) == {name for name in every if name.startswith("lgsp-1") and "--case-1" in name}
    assert len(expanded) == len(set(expanded)) == 5


def test_a_link_named_twice_is_hurt_once(tmp_path: Path) -> None:
    path = tmp_path / f"{NAME}.toml"
    path.write_text(
        GOOD.replace('["national-portal--vneid"]', '["national-portal--vneid", "n*--vneid"]'),
        encoding="utf-8",
    )
    assert load(path).faults[0].expanded() == ("national-portal--vneid",)


def test_a_fault_of_the_file_can_be_made_a_fault_of_the_catalogue(scenario: Scenario) -> None:
    fault = scenario.faults[0]
    made = KINDS[fault.kind].model_validate(fault.parameters)
    assert made.model_dump() == {"kind": "slow", "latency": 0.8, "jitter": 0.0, "direction": "answers"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_the_catalogue_can_be_placed(kind: str) -> None:
    required = {
        name: "1s"
        for name, field in KINDS[kind].model_fields.items()
        if name != "kind" and field.is_required()
    }
    where = {"links": ["*--vneid"]} if KINDS[kind].place == "link" else {"systems": ["payment"]}
    given = {
        "name": "x",
        "kind": kind,
        **({"provinces": ["15"]} if kind == "partition" else where),
        "at": "T0",
        "for": "5s",
        "recover_within": "5s",
    }
    fault = FAULT.validate_python({**given, **required})
    assert fault.catalogued is KINDS[kind]
    assert fault.expanded(), "it is felt somewhere"


def placed(kind: str, **where: list[str]) -> PlacedFault:
    common = {"name": "x", "kind": kind, "at": "T0", "for": "5s", "recover_within": "5s"}
    made: PlacedFault = FAULT.validate_python(common | where)
    return made


def test_a_partition_is_all_links_across_the_border_of_its_provinces_and_none_within() -> None:
    found = set(placed("partition", provinces=["15", "91"]).expanded())
    # Lào Cai succeeds 10 and 15, An Giang 89 and 91
    for name in (
        "national-portal--lgsp-15",
        "lgsp-91--national-portal",
        "citizens--portal-10",
        "portal-89--vneid",
    ):
        assert name in found
    for name in ("lgsp-15--case-15", "portal-10--case-15", "case-91--lgsp-91", "citizens--vneid"):
        assert name not in found
    groups = {system.name: system.province in ("15", "91") for system in systems()}
    ends = {link.name: groups.get(link.caller, False) + groups.get(link.callee, False) for link in links()}
    assert found == {name for name, inside in ends.items() if inside == 1}


@pytest.mark.parametrize(
    ("kind", "wanted", "befallen", "felt"),
    [
        pytest.param(
            "killed",
            ["vneid"],
            1,
            {"citizens--vneid", "national-portal--vneid", "portal-10--vneid"},
            id="on the links to it",
        ),
        pytest.param(
            "duplicate-delivery",
            ["lgsp-1*", "lgsp-15"],
            5,
            {"lgsp-15--case-15", "lgsp-11--national-portal"},
            id="on the links from it",
        ),
        pytest.param("errors", ["case-system"], 34, {"officials--case-96", "lgsp-01--case-01"}, id="a kind"),
    ],
)
def test_a_fault_of_systems_names_them_by_name_glob_or_kind_and_is_felt(
    kind: str, wanted: list[str], befallen: int, felt: set[str]
) -> None:
    fault = placed(kind, systems=wanted)
    assert len(fault.befallen()) == befallen
    assert felt <= set(fault.expanded())
    end = "caller" if kind == "duplicate-delivery" else "callee"
    found = {getattr(link, end) for link in links() if link.name in fault.expanded()}
    assert found == set(fault.befallen())


def test_faults_of_one_kind_may_overlap_on_one_link(tmp_path: Path) -> None:
    twice = GOOD.replace(
        'kind = "cut"\nlinks = ["lgsp-1*--case-1*"]\nat = "+20s"',
        'kind = "slow"\nlatency = "1s"\nlinks = ["*--vneid"]\nat = "+10s"',
    )
    (tmp_path / f"{NAME}.toml").write_text(twice, encoding="utf-8")
    first, second = load(tmp_path / f"{NAME}.toml").faults
    assert set(first.expanded()) & set(second.expanded())
    assert first.until > second.at


def test_the_list_says_what_a_reader_chooses_by() -> None:
    summaries = {summary.name: summary for summary in list_scenarios()}
    assert list(summaries) == sorted(summaries)
    night = summaries["closing-night"]
    assert (night.expect, night.duration) == ("met", 150.0)
    assert night.title.vi
    assert night.hypothesis.en
    assert night.date.utcoffset() is not None
    assert summaries["closing-night-unprepared"].expect == "missed"


def test_the_json_schema_knows_tables_names_and_kinds_of_fault() -> None:
    schema = json_schema()
    json.dumps(schema)
    whole, based = schema["else"], schema["then"]
    assert set(whole["required"]) == {"scenario", "clock", "arrivals", "slo"}
    assert whole["additionalProperties"] is False
    assert "base" not in whole["properties"]
    mapping = whole["properties"]["faults"]["items"]["discriminator"]["mapping"]
    assert set(mapping) == set(KINDS)
    journeys = schema["$defs"]["Arrivals"]["properties"]["journeys"]
    assert "read-procedure" in journeys["propertyNames"]["enum"]
    assert based["properties"]["base"]["type"] == "string"


def test_the_json_schema_lets_a_file_with_a_base_leave_tables_out_but_not_parts_of_an_entry() -> None:
    schema = json_schema()
    based = schema["then"]["properties"]
    assert "required" not in schema["then"]
    assert "required" not in based["clock"]
    assert "required" not in based["scenario"]["properties"]["title"]
    assert "name" in schema["$defs"]["Slo"]["required"]
