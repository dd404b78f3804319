"""Which defects there are, and how they are planted."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from mocks.config import ConfigError
from mocks.defects import DEFECTS
from mocks.registry import KINDS, system_type
from mocks.tokens import Session, Signer
from tests.mocks.citizen import Citizen
from tests.mocks.country import SEED, configuration, running
from tests.mocks.defects import whole_country
from tests.mocks.defects.test_planted import PLANTED_IN
from tests.mocks.platform import configurations

OF_KIND = {
    kind: frozenset(each.name for each in DEFECTS.values() if each.kind == kind) for kind in PLANTED_IN
}


def test_every_defect_is_of_a_kind_that_there_is_and_speaks_both_languages() -> None:
    assert set(PLANTED_IN) == {each.kind for each in DEFECTS.values()} <= set(KINDS)
    for name, defect in DEFECTS.items():
        assert defect.name == name
        for text in (defect.title, defect.breaks):
            assert text.vi != text.en
        assert not defect.title.en.endswith("."), "it goes on a sentence that begins with the system's name"
        assert defect.breaks.en.endswith(".")
        assert defect.breaks.vi.endswith(".")
    assert len({each.title for each in DEFECTS.values()}) == len(DEFECTS)


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_system_differs_from_an_honest_one_in_nothing_that_it_says_of_itself(name: str) -> None:
    kind = DEFECTS[name].kind
    planted, honest = system_type(kind, frozenset({name})), system_type(kind)
    assert planted is not honest
    assert issubclass(planted, honest)
    assert planted.operations() == honest.operations()
    for attribute in ("kind", "title", "__doc__", "__name__", "__module__", "gate_answers"):
        assert getattr(planted, attribute) == getattr(honest, attribute)


def test_every_file_of_a_defect_is_registered() -> None:
    folder = Path(sys.modules["mocks.defects"].__path__[0])
    files = {path.stem.replace("_", "-") for path in folder.glob("*/*.py") if path.stem != "__init__"}
    assert files == set(DEFECTS)


@pytest.mark.parametrize("kind", PLANTED_IN)
def test_all_defects_of_a_kind_can_be_planted_together(tmp_path: Path, kind: str) -> None:
    system = PLANTED_IN[kind]
    assert system_type(kind, OF_KIND[kind]) is system_type(kind, frozenset(sorted(OF_KIND[kind])))
    defects = {system: OF_KIND[kind]}
    beside = configurations(system, defects=defects) if kind in whole_country.KINDS else []
    with running(tmp_path, [*configuration(("01", "15"), defects=defects), *beside]) as country:
        assert country.get(system, "/-/health").json() == {"system": system, "kind": kind, "ready": True}
        citizen = Citizen(country, signed_in=False)
        session = Session(citizen.person.id, citizen.person.name, time.time() + 3600)
        citizen.headers["Cookie"] = f"session={Signer('national-portal', SEED).sign(session)}"
        dossier = citizen.dossier()
        for file in dossier.attachments:
            while citizen.upload(file.content()).status_code != 201:
                pass
        answers = {
            citizen.submit(dossier, key=f"intent-{number:04d}", upload=False).status_code
            for number in range(30)
        }
        assert 201 in answers <= {201, 500, 503}
        country.time.advance(30)
        country.restart(system)
        assert country.get(system, "/-/stored").status_code == 200


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        pytest.param("payment", "no-idempotence", "did you mean 'no-idempotency'", id="misspelt"),
        pytest.param("payment", "slow-leak", "'slow-leak' is no defect of a payment; legal", id="other kind"),
        pytest.param("population", "slow-leak", "it can have none", id="kind without defects"),
        pytest.param("bank", "slow-leak", "'bank' is no kind of system", id="no such kind"),
    ],
)
def test_what_cannot_be_planted_is_refused_by_name(kind: str, name: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        system_type(kind, frozenset({name}))


def test_the_table_of_defects_loads_no_system_and_no_defect() -> None:
    program = (
        "import sys, mocks.defects;"
        "assert not [name for name in sys.modules if name.startswith('mocks.systems')];"
        "assert 'mocks.defects.vneid.slow_leak' not in sys.modules;"
        "assert not {'asyncio', 'fixtures', 'pyarrow'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
