"""The documents of all systems are valid OpenAPI 3.1 and say what the systems do."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

import fixtures
from mocks.http import Operation, Problem
from mocks.registry import KINDS
from tests.contract.running import one_of_each
from tests.mocks.country import Country
from tests.mocks.platform import standing


@dataclass(frozen=True)
class Described:
    """A document beside what its system declares, and what guarded operations answer to a stranger."""

    declared: list[Operation]
    document: dict[str, Any]
    unsigned: dict[str, httpx.Response]

    def operations(self) -> list[tuple[Operation, dict[str, Any]]]:
        """Each declaration with what the document says of it."""
        paths = self.document["paths"]
        return [(each, paths[each.path][each.method.lower()]) for each in self.declared]

    def schema_of_body(self, said: dict[str, Any]) -> dict[str, Any]:
        """The schema of the JSON body that an operation takes."""
        name = said["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        schema: dict[str, Any] = self.document["components"]["schemas"][name]
        return schema


SYSTEMS = {kind: system.name for kind, system in one_of_each().items()}


def test_every_kind_of_system_is_looked_at() -> None:
    assert set(SYSTEMS) == set(KINDS)


@pytest.fixture(scope="module", params=SYSTEMS)
def described(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Described:
    """The document of a system of each kind, and what it declares."""
    kind: str = request.param
    with standing(tmp_path_factory.mktemp(kind), SYSTEMS[kind]) as country:
        document = country.get(SYSTEMS[kind], "/openapi.json").json()
        unsigned = {
            each.name: country.get(SYSTEMS[kind], re.sub(r"{\w+}", "1", each.path))
            for each in KINDS[kind].operations()
            if each.credential is not None and each.method == "GET" and each.query is None
        }
    return Described(KINDS[kind].operations(), document, unsigned)


def test_the_document_is_valid(described: Described) -> None:
    OpenAPIV31SpecValidator(described.document).validate()
    assert len(described.declared) > 0
    for each, said in described.operations():
        assert said["summary"].endswith(".")
        assert {str(status) for status in each.answers} <= set(said["responses"])
        assert {"400", "429", "500", "503"} <= set(said["responses"])
        assert ("requestBody" in said) == (each.body is not None)


def test_credentials_are_declared_with_where_they_come_from(described: Described) -> None:
    schemes = described.document["components"]["securitySchemes"]
    for each, said in described.operations():
        assert ("401" in said["responses"]) == (each.credential is not None), each.name
        if each.credential is None:
            assert said["security"] == []
            assert said["description"].endswith("Asks for no credential.")
            continue
        method, path = each.credential.source.split()
        assert method.lower() in described.document["paths"][path]
        assert f"`{each.credential.source}`" in said["description"]
        if each.credential.where == "body":
            assert "session" in described.schema_of_body(said)["required"]
        else:
            assert said["security"] == [{each.credential.where: []}]
            assert each.credential.source in schemes[each.credential.where]["description"]


def test_nobody_gets_by_without_the_credential(described: Described) -> None:
    asked = {each.name: each.credential for each in described.declared if each.credential is not None}
    for name, response in described.unsigned.items():
        assert response.status_code == 401, name
        challenge = response.headers.get("www-authenticate", "")
        assert challenge == ("Bearer" if asked[name].where == "bearer" else ""), name


def test_the_problems_of_all_operations_stand_once_with_their_header_fields(described: Described) -> None:
    responses = described.document["components"]["responses"]
    for name in ("TooManyRequests", "ServiceUnavailable"):
        assert responses[name]["headers"]["Retry-After"]["schema"]["type"] == "integer"
    for said in responses.values():
        content = said["content"]["application/problem+json"]
        assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
        if "example" in content:
            msgspec.convert(content["example"], Problem)
    for _, said in described.operations():
        for status in said["responses"].keys() & {"302", "303", "308"}:
            assert said["responses"][status]["headers"]["Location"]["required"]
    for item in described.document["paths"].values():
        shared = [each["$ref"].rpartition("/")[2] for each in item["parameters"]]
        assert shared == list(described.document["components"]["parameters"]) == ["X-Caller", "traceparent"]


def test_every_example_is_what_its_schema_allows(described: Described) -> None:
    schemas = [
        inner
        for component in described.document["components"]["schemas"].values()
        for inner in component.get("properties", {}).values()
    ]
    schemas += [each["schema"] for _, said in described.operations() for each in said["parameters"]]
    for schema in schemas:
        for example in schema.get("examples", ()):
            OAS31Validator(schema).validate(example)


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
    limit = by_name["limit"]["schema"]
    assert (limit["type"], limit["default"], limit["description"]) == ("integer", 10, "How many at most.")
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


@pytest.mark.parametrize(
    ("kind", "method", "path", "why"),
    [
        ("vneid", "get", "/api/phones/{citizen_id}", "the phone in the citizen's hand"),
        ("national-portal", "post", "/api/payment-notices", "mutual"),
        ("national-data-centre", "post", "/api/replicate", "mutual"),
        ("national-data-centre", "post", "/api/switch-over", "operator"),
    ],
)
def test_what_is_open_by_design_says_why(tmp_path: Path, kind: str, method: str, path: str, why: str) -> None:
    with standing(tmp_path, SYSTEMS[kind]) as country:
        said = country.get(SYSTEMS[kind], "/openapi.json").json()["paths"][path][method]
    assert said["security"] == []
    assert why in said["description"]


def test_a_platform_asks_for_the_destination_and_for_the_whole_envelope(country: Country) -> None:
    document = country.get("lgsp-15", "/openapi.json").json()
    said = document["paths"]["/integration"]["post"]
    by_name = {each["name"]: each for each in said["parameters"]}
    assert by_name["dstcode"]["required"]
    assert not by_name["Idempotency-Key"]["required"]
    assert {"service", "data", "tienDo"} <= set(document["components"]["schemas"]["Envelope"]["properties"])
    assert said["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/Envelope")


def test_pages_and_files_are_declared_as_what_they_are(country: Country) -> None:
    paths = country.get("national-portal", "/openapi.json").json()["paths"]
    for path, media in (("/", "text/html"), ("/api/procedures/{code}/blank-form", "application/pdf")):
        assert list(paths[path]["get"]["responses"]["200"]["content"]) == [media]
    assert "Set-Cookie" in paths["/auth/callback"]["get"]["responses"]["303"]["headers"]
