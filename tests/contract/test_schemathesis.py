"""Every mock does what its OpenAPI document says, whatever is sent to it: judged by Schemathesis."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from mocks.registry import KINDS
from tests.contract.credentials import shown
from tests.contract.running import Running, running

with warnings.catch_warnings():  # of its dependencies, about their own future
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis.checks import load_all_checks
    from schemathesis.core.result import Ok
    from schemathesis.specs.openapi.checks import positive_data_acceptance

pytestmark = pytest.mark.e2e

EXAMPLES = 25
LEFT_OUT: list[Any] = [positive_data_acceptance]
"""A schema says what can be read, not what is so: an unknown province, a code that was used, a person who
does not exist are refused with 400 or 422 although they fit it (RFC 6749; RFC 9110, 15.5.21)."""


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One of every kind of system, running."""
    load_all_checks()
    with running(tmp_path_factory.mktemp("contract")) as there:
        yield there


def test_every_kind_of_system_is_here(country: Running) -> None:
    assert set(country.addresses) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_mock_keeps_to_its_document(country: Running, kind: str) -> None:
    schema = schemathesis.openapi.from_url(f"{country.addresses[kind]}/openapi.json")
    found = list(schema.get_all_operations())
    operations = [each.ok() for each in found if isinstance(each, Ok)]
    assert len(operations) == len(found) > 0
    credentials = shown(country, kind)
    broken: dict[str, str] = {}
    for operation in operations:

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(case=operation.as_strategy())
        def keeps(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(excluded_checks=LEFT_OUT, **credentials)

        try:
            keeps()
        except BaseExceptionGroup as failures:
            broken[operation.label] = "\n".join(map(str, failures.exceptions))
    assert not broken, "\n".join(f"{label}: {said}" for label, said in broken.items())
