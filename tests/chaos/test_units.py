"""Durations as people write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from chaos.units import Duration, milliseconds, seconds


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("250us", 0.00025, id="microseconds"),
        pytest.param("800ms", 0.8, id="milliseconds"),
        pytest.param("2s", 2.0, id="seconds"),
        pytest.param("1m", 60.0, id="minutes, not milliseconds or metres"),
        pytest.param("1.5h", 5400.0, id="a fraction"),
        pytest.param(" 2 s ", 2.0, id="spaces"),
        pytest.param("-40s", -40.0, id="before the cutover"),
        pytest.param("+10s", 10.0, id="after the cutover"),
        pytest.param(3, 3.0, id="a whole number means seconds"),
        pytest.param(0.25, 0.25, id="a number means seconds"),
        pytest.param(0, 0.0, id="zero"),
    ],
)
def test_a_duration_means(written: object, meant: float) -> None:
    assert seconds(written) == pytest.approx(meant, rel=1e-12)


@pytest.mark.parametrize(
    ("written", "named"),
    [
        pytest.param("800", "'800' has no unit", id="a number in quotes"),
        pytest.param("2 days", "unknown unit 'days'", id="an unknown unit"),
        pytest.param("2S", "did you mean 's'?", id="a unit in capitals"),
        pytest.param("soon", "'soon' is no duration", id="a word"),
        pytest.param("", "'' is no duration", id="nothing"),
        pytest.param("1m30s", "'1m30s' is no duration", id="two units"),
        pytest.param("1e3s", "unknown unit|no duration", id="an exponent"),
        pytest.param("१s", "is no duration", id="digits of another script"),
        pytest.param(True, "True is no duration", id="a truth value"),
        pytest.param(None, "None is no duration", id="none"),
        pytest.param(math.nan, "nan is no duration", id="not a number"),
        pytest.param(math.inf, "inf is no duration", id="infinite"),
    ],
)
def test_an_error_names_the_value_and_what_is_legal(written: object, named: str) -> None:
    with pytest.raises(ValueError, match=named) as error:
        seconds(written)
    assert '"800ms"' in str(error.value)


@given(st.integers(min_value=0, max_value=10_000_000))
def test_whole_milliseconds_survive_the_way_there_and_back(count: int) -> None:
    assert milliseconds(seconds(f"{count}ms")) == count


def test_a_field_of_a_model_reads_both_ways_and_keeps_its_bounds() -> None:
    class Window(BaseModel):
        length: Duration = Field(ge=0, le=60)

    assert Window.model_validate({"length": "1m"}).length == 60
    assert Window.model_validate({"length": 1}).length == 1
    with pytest.raises(ValidationError, match="less than or equal to 60"):
        Window.model_validate({"length": "2m"})


def test_editors_learn_that_a_duration_is_a_number_or_a_text() -> None:
    class Window(BaseModel):
        length: Duration

    shapes = Window.model_json_schema()["properties"]["length"]["anyOf"]
    assert [shape["type"] for shape in shapes] == ["number", "string"]
