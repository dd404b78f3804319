"""Paths lead to what serves them; names in braces are single segments, percent-decoded."""

import pytest

from mocks.routing import Router


@pytest.fixture
def router() -> Router[str]:
    made: Router[str] = Router()
    for method, path in (
        ("GET", "/"),
        ("GET", "/api/dossiers/{code}"),
        ("GET", "/api/dossiers/mine"),
        ("GET", "/api/dossiers/{code}/result"),
        ("GET", "/api/{unit}/of/{commune}"),
        ("POST", "/api/dossiers"),
        ("GET", "/a.b"),
    ):
        made.add(method, path, f"{method} {path}")
    return made


@pytest.mark.parametrize(
    ("method", "path", "target", "names"),
    [
        pytest.param("GET", "/", "GET /", {}, id="the root"),
        pytest.param("POST", "/api/dossiers", "POST /api/dossiers", {}, id="by method"),
        pytest.param(
            "GET", "/api/dossiers/H15-1", "GET /api/dossiers/{code}", {"code": "H15-1"}, id="a name"
        ),
        pytest.param(
            "GET", "/api/dossiers/mine", "GET /api/dossiers/mine", {}, id="plain paths go before names"
        ),
        pytest.param(
            "GET",
            "/api/dossiers/H15-1/result",
            "GET /api/dossiers/{code}/result",
            {"code": "H15-1"},
            id="a name in the middle",
        ),
        pytest.param(
            "GET",
            "/api/15/of/00001",
            "GET /api/{unit}/of/{commune}",
            {"unit": "15", "commune": "00001"},
            id="two names",
        ),
        pytest.param(
            "GET",
            "/api/dossiers/L%C3%A0o%2FCai",
            "GET /api/dossiers/{code}",
            {"code": "Lào/Cai"},
            id="percent-encoded",
        ),
    ],
)
def test_where_a_path_leads(
    router: Router[str], method: str, path: str, target: str, names: dict[str, str]
) -> None:
    assert router.find(method, path) == (target, names)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("PUT", "/", id="another method"),
        pytest.param("GET", "/api/dossiers/", id="an empty name"),
        pytest.param("GET", "/api/dossiers/a/b", id="a name is one segment"),
        pytest.param("GET", "/api/dossiers/a/result/", id="more than the path"),
        pytest.param("GET", "/aXb", id="a dot is a dot"),
        pytest.param("GET", "", id="nothing"),
    ],
)
def test_where_no_path_leads(router: Router[str], method: str, path: str) -> None:
    assert router.find(method, path) is None
