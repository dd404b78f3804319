"""A running country for every test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mocks.country import Country, running


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    """The national systems, province 15 and the old portal 10 that it succeeds."""
    with running(tmp_path) as made:
        yield made
