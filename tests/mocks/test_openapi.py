"""The documents of all systems are valid OpenAPI 3.1 and say what the systems do."""

import re
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

import fixtures
from mocks.registry import KINDS
from tests.contract.running import one_of_each
from tests.mocks.country import Country
from tests.mocks.platform import standing

SYSTEMS = {kind: system.name for kind, system in one_of_each().items()}


def test_every_kind_of_system_is_looked_at() -> None:
    assert set(SYSTEMS) == set(KINDS)


@pytest.mark.parametrize("kind", SYSTEMS)
def test_the_document_is_valid(tmp_path: Path, kind: str) -> None:
    with standing(tmp_path, SYSTEMS[kind]) as country:
        document: dict[str, Any] = country.get(SYSTEMS[kind], "/openapi.json").json()
    OpenAPIV31SpecValidator(document).validate()
    declared = KINDS[kind].operations()
    assert len(declared) > 0
    for each in declared:
        described = document["paths"][each.path][each.method.lower()]
        assert described["summary"].endswith(".")
        assert {str(status) for status in each.answers} <= set(described["responses"])
        assert {"400", "500", "503"} <= set(described["responses"])
        assert ("requestBody" in described) == (each.body is not None)


def test_what_a_closed_portal_answers_is_declared_everywhere(country: Country) -> None:
    paths = country.get("portal-10", "/openapi.json").json()["paths"]
    for described in paths.values():
        assert "308" in described.get("get", {"responses": ["308"]})["responses"]
        assert "410" in described.get("post", {"responses": ["410"]})["responses"]
    responses = paths["/auth/login"]["get"]["responses"]
    assert list(responses) == sorted(responses, key=int)


def test_parameters_are_described(country: Country) -> None:
    paths = country.get("national-portal", "/openapi.json").json()["paths"]
    by_name = {each["name"]: each for each in paths["/api/procedures"]["get"]["parameters"]}
    assert by_name["limit"]["schema"] == {"type": "integer", "default": 10}
    assert not by_name["limit"]["required"]
    (code,) = paths["/api/dossiers/{code}"]["get"]["parameters"]
    assert (code["in"], code["required"]) == ("path", True)
    (key,) = paths["/api/dossiers"]["post"]["parameters"]
    assert (key["name"], key["in"], key["required"]) == ("Idempotency-Key", "header", True)
    upload = paths["/api/attachments"]["post"]["requestBody"]["content"]
    assert upload["application/octet-stream"]["schema"]["format"] == "binary"


def test_the_document_says_what_no_schema_says_and_its_people_exist(country: Country) -> None:
    said = country.get("population", "/openapi.json").json()["info"]["description"]
    citizens = re.findall(r"`(\d{12})`", said)
    assert len(citizens) == 3
    for citizen in citizens:
        assert country.get("population", f"/api/citizens/{citizen}").status_code == 200
    assert all(f"{status.code} {status.name_en}" in said for status in fixtures.statuses())
    assert "`dstcode`" in said
